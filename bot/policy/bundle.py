"""Reads what somebody uploads: a zip of the catalog folder, or single YAML files of it.

Nothing is unpacked to disk under a name of theirs: entries become texts in memory, and only names that the
catalog itself uses are let through.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from bot.catalog.errors import CatalogError
from bot.catalog.yaml_lines import parse
from bot.policy.files import NAME

MAX_UPLOAD_BYTES = 2 * 1024 * 1024
MAX_FILE_BYTES = 1024 * 1024
MAX_TOTAL_BYTES = 8 * 1024 * 1024
MAX_FILES = 200
# The catalog nests seven deep; what goes on for ever is meant to exhaust a stack.
MAX_DEPTH = 30

# Made from our types (`peipao catalog schema`), or left by the packer's system.
_LEFT_OUT = re.compile(r"schema/[a-z_]+\.json|(?:.*/)?\.DS_Store|__MACOSX/.*|(?:.*/)?Thumbs\.db")
_SINGLE = re.compile(r"[a-z0-9_]{1,60}\.yml")


class BadUpload(ValueError):
    """What was uploaded is not taken; the message says why, in Chinese."""


def read_upload(files: Sequence[tuple[str, bytes]], current: Mapping[str, str]) -> dict[str, str]:
    """The catalog's files as they would be after this upload.

    Args:
        files: name and content of each uploaded file.
        current: the files in use, which single YAML files replace.

    Raises:
        BadUpload: too big, of another type, or made to do harm.
    """
    if not files:
        raise BadUpload("没有选择文件。")
    if sum(len(content) for _, content in files) > MAX_UPLOAD_BYTES:
        raise BadUpload(f"上传的文件太大，最多{MAX_UPLOAD_BYTES // 1024 // 1024} MB。")
    packed = [name.lower().endswith(".zip") for name, _ in files]
    if any(packed):
        if len(files) > 1:
            raise BadUpload("压缩包请单独上传，不要和其他文件一起选。")
        texts = _unpack(files[0][1])
    else:
        texts = {**current, **_singles(files, current)}
    for name, text in texts.items():
        if current.get(name) != text:
            _refuse_traps(name, text)
    return texts


def _unpack(content: bytes) -> dict[str, str]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadUpload("这不是能打开的 zip 压缩包。") from None
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_FILES:
            raise BadUpload(f"压缩包里有{len(entries)}个文件，最多{MAX_FILES}个。")
        if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
            raise BadUpload(f"压缩包解开后超过{MAX_TOTAL_BYTES // 1024 // 1024} MB。")
        for entry in entries:
            _refuse_entry(entry)
        top = _top([entry.filename for entry in entries])
        texts: dict[str, str] = {}
        total = 0
        for entry in entries:
            if _LEFT_OUT.fullmatch(entry.filename):
                continue
            name = entry.filename.removeprefix(top)
            if _LEFT_OUT.fullmatch(name):
                continue
            if not NAME.fullmatch(name):
                raise BadUpload(f"压缩包里有不属于政策目录的文件：{_shown(entry.filename)}")
            if name in texts:
                raise BadUpload(f"压缩包里有两个「{name}」。")
            raw = _content(archive, entry)
            total += len(raw)
            if total > MAX_TOTAL_BYTES:
                raise BadUpload(f"压缩包解开后超过{MAX_TOTAL_BYTES // 1024 // 1024} MB。")
            texts[name] = _text(name, raw)
    if not texts:
        raise BadUpload("压缩包里没有政策文件。")
    return texts


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name, mode = entry.filename, entry.external_attr >> 16
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise BadUpload(f"压缩包里的路径不对：{_shown(name)}")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise BadUpload(f"压缩包里有链接或特殊文件：{_shown(name)}")
    if entry.flag_bits & 0x1:
        raise BadUpload("压缩包加了密码，打不开。")


def _top(names: Sequence[str]) -> str:
    """The one folder in which the catalog lies inside the archive, with its slash; empty for none."""
    homes = [
        name.removesuffix("sources.yml") for name in names if re.fullmatch(r"(?:.*/)?sources\.yml", name)
    ]
    homes = [home for home in homes if not home.startswith("__MACOSX/")]
    if len(homes) != 1:
        raise BadUpload("压缩包里应有一个政策目录（含 sources.yml、facts.yml 和 products 等）。")
    return homes[0]


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry, read no further than the limit: the size that an archive states may be a lie."""
    try:
        with archive.open(entry) as packed:
            raw = packed.read(MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise BadUpload(f"压缩包里的「{_shown(entry.filename)}」解不开。") from None
    if len(raw) > MAX_FILE_BYTES:
        raise BadUpload(f"「{_shown(entry.filename)}」太大，一个文件最多{MAX_FILE_BYTES // 1024} KB。")
    return raw


def _singles(files: Sequence[tuple[str, bytes]], current: Mapping[str, str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for given, content in files:
        if not _SINGLE.fullmatch(given):
            raise BadUpload(f"只收 zip 或政策目录里的 .yml 文件（小写字母、数字、下划线）：{_shown(given)}")
        if len(content) > MAX_FILE_BYTES:
            raise BadUpload(f"「{given}」太大，一个文件最多{MAX_FILE_BYTES // 1024} KB。")
        text = _text(given, content)
        _refuse_traps(given, text)
        name = _place(given, text, current)
        if name in texts:
            raise BadUpload(f"有两个文件都是「{name}」。")
        texts[name] = text
    return texts


def _place(given: str, text: str, current: Mapping[str, str]) -> str:
    """Where a single file belongs: by its name where that is clear, else by what is in it."""
    if NAME.fullmatch(given):
        return given
    found = [name for name in current if name.endswith(f"/{given}")]
    if len(found) == 1:
        return found[0]
    try:
        data: Any = parse(text, given).data
    except CatalogError as error:
        raise BadUpload(str(error.faults[0])) from None
    keys = set(data) if isinstance(data, dict) else set()
    if keys & {"passages", "topics", "not_ours"}:
        return f"knowledge/{given}"
    if keys & {"clauses", "conditions", "fit"}:
        return f"products/{given}"
    if keys & {"items", "register", "requires"}:
        return f"scorecards/{given}"
    raise BadUpload(f"看不出「{given}」属于产品、自查表还是政策问答，请放进压缩包里上传。")


def _text(name: str, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadUpload(f"「{_shown(name)}」不是 UTF-8 编码的文本。") from None
    if "\0" in text:
        raise BadUpload(f"「{_shown(name)}」不是文本文件。")
    return text


def _refuse_traps(name: str, text: str) -> None:
    """Aliases let a page of YAML stand for gigabytes, and endless nesting exhausts the stack."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.AliasEvent):
                raise BadUpload(f"{_place_of(name, event)}: 政策文件里不用 YAML 的引用（*名字）。")
            depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
            depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
            if depth > MAX_DEPTH:
                raise BadUpload(f"{_place_of(name, event)}: 层次太深。")
    except yaml.YAMLError:
        # The loader tells where and why.
        return


def _place_of(name: str, event: yaml.Event) -> str:
    return f"{name}:{event.start_mark.line + 1 if event.start_mark else 0}"


def _shown(name: str) -> str:
    return re.sub(r"[^\w./\\ -]", "?", name)[:60]
