"""Which kinds of files are taken, told by their content: what a sender calls a file proves nothing. Pure."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import msgspec

MAX_BYTES = 10 * 1024 * 1024
_NAME_CHARS = 100
# An archive whose parts are larger than this when unpacked is no office document but a bomb.
_MOST_PARTS, _MOST_UNPACKED = 5000, 300 * 1024 * 1024


class Refused(Exception):
    """The file is not taken; the message says why in Chinese, to the person who sent it."""


class MediaType(msgspec.Struct, frozen=True):
    """`suffixes`: how such a file's name ends, the usual one first. `shown`: a browser may draw it."""

    name: str
    suffixes: tuple[str, ...]
    shown: bool = False


PNG = MediaType("image/png", (".png",), shown=True)
JPEG = MediaType("image/jpeg", (".jpg", ".jpeg"), shown=True)
GIF = MediaType("image/gif", (".gif",), shown=True)
WEBP = MediaType("image/webp", (".webp",), shown=True)
HEIC = MediaType("image/heic", (".heic", ".heif"))
PDF = MediaType("application/pdf", (".pdf",))
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = MediaType(f"{_OFFICE}wordprocessingml.document", (".docx",))
XLSX = MediaType(f"{_OFFICE}spreadsheetml.sheet", (".xlsx",))
PPTX = MediaType(f"{_OFFICE}presentationml.presentation", (".pptx",))
DOC = MediaType("application/msword", (".doc", ".wps"))
XLS = MediaType("application/vnd.ms-excel", (".xls", ".et"))
PPT = MediaType("application/vnd.ms-powerpoint", (".ppt", ".dps"))
TEXT = MediaType("text/plain", (".txt", ".csv"))
TAKEN = (PNG, JPEG, GIF, WEBP, HEIC, PDF, DOCX, XLSX, PPTX, DOC, XLS, PPT, TEXT)
SHOWN = frozenset(one.name for one in TAKEN if one.shown)
"""Media types that a page may draw; everything else is only handed out for saving."""

_LISTED = "可以发图片（PNG、JPG、GIF、WEBP、HEIC）、PDF、Word、Excel、PPT 和纯文本"
_EMPTY = "这个文件是空的，请重新发一次。"
_TOO_LARGE = f"文件太大了，一次最多{MAX_BYTES // 1024 // 1024}MB。请压缩后再发，或分几次发。"
_UNKNOWN = f"这种文件收不了。{_LISTED}。"
_MACROS = "带宏的文件收不了，请另存为不带宏的格式再发。"
# What a compound file of the older office programs contains, as UTF-16 names of its streams.
_OLD_OFFICE = ((DOC, "WordDocument"), (XLS, "Workbook"), (XLS, "Book"), (PPT, "PowerPoint Document"))
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")


def media_type_of(content: bytes, name: str) -> MediaType:
    """What `content` is.

    Args:
        name: decides only where a content fits several kinds: plain text must be called so.

    Raises:
        Refused: empty, larger than `MAX_BYTES`, with macros, or of a kind that is not taken.
    """
    if not content:
        raise Refused(_EMPTY)
    if len(content) > MAX_BYTES:
        raise Refused(_TOO_LARGE)
    found = _picture(content) or _document(content)
    if found is None and name.lower().endswith(TEXT.suffixes) and _is_text(content):
        found = TEXT
    if found is None:
        raise Refused(_UNKNOWN)
    return found


def fitting_name(name: str, kind: MediaType) -> str:
    """`name` without folders and control characters, with an ending that tells the truth.

    >>> fitting_name("C:\\\\资料\\\\执照.exe", PNG)
    '执照.exe.png'
    """
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in bare if unicodedata.category(char)[0] != "C")
    kept = "".join("_" if char in '<>:"|?*' else char for char in kept).strip(" .")
    stem, suffix = kept, next((end for end in kind.suffixes if kept.lower().endswith(end)), "")
    if suffix:
        stem = kept[: -len(suffix)]
    return (stem[:_NAME_CHARS] or "文件") + (suffix or kind.suffixes[0])


def _picture(content: bytes) -> MediaType | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return GIF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return None


def _document(content: bytes) -> MediaType | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _new_office(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise Refused(_MACROS)
        for kind, stream in _OLD_OFFICE:
            if stream.encode("utf-16-le") in content:
                return kind
    return None


def _new_office(content: bytes) -> MediaType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        return None
    names = {part.filename for part in parts}
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        raise Refused(_MACROS)
    if "[Content_Types].xml" not in names:
        return None
    main = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
    return next((kind for part, kind in main.items() if part in names), None)


def _is_text(content: bytes) -> bool:
    """Whether it reads as Chinese or other text, and as no markup that a browser would run."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return False
    if text.lstrip().startswith("<"):
        return False
    return all(char in "\r\n\t" or unicodedata.category(char) != "Cc" for char in text)
