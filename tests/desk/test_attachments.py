"""Files of a talk: what is taken, how it lies on the disk, and who gets it."""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from case_stage import Stage, make_stage
from sqlalchemy import select

from bot.cases import attachments, media
from bot.cases.case_models import Audit
from bot.cases.database import Database
from bot.cases.firm_models import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + b"picture of a licence" * 20
PDF = b"%PDF-1.7\n" + b"balance sheet" * 20


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return make_stage(database, monkeypatch)


def archive(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for part in parts:
            file.writestr(part, "content")
    return made.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PNG, "执照.jpg", media.PNG),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a", media.JPEG),
        (b"GIF89a" + bytes(20), "", media.GIF),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x.webp", media.WEBP),
        (b"\x00\x00\x00\x18ftypheic" + bytes(20), "IMG_1.HEIC", media.HEIC),
        (PDF, "报表.pdf", media.PDF),
        (DOCX, "计划书.docx", media.DOCX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", media.XLSX),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "路演.pptx", media.PPTX),
        (OLE + "WordDocument".encode("utf-16-le"), "旧.doc", media.DOC),
        (OLE + "Workbook".encode("utf-16-le"), "旧.xls", media.XLS),
        ("年份,营收\n2025,1500\n".encode("gb18030"), "营收.csv", media.TEXT),
        ("研发费用说明".encode(), "说明.txt", media.TEXT),
    ],
)
def test_kinds_are_told_by_the_content(content: bytes, name: str, kind: media.MediaType) -> None:
    assert media.media_type_of(content, name) == kind
    assert media.fitting_name(name, kind).lower().endswith(kind.suffixes)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.png", "空"),
        (PNG + bytes(media.MAX_BYTES), "a.png", "太大"),
        (b"MZ\x90\x00" + bytes(100), "a.pdf", "收不了"),
        (b"<html><script>alert(1)</script>", "a.txt", "收不了"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "收不了"),
        ("说明".encode(), "说明.png", "收不了"),
        (bytes(range(256)), "a.txt", "收不了"),
        (archive("notes.txt"), "a.docx", "收不了"),
        (b"PK\x03\x04broken", "a.docx", "收不了"),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docm", "宏"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le") + "Workbook".encode("utf-16-le"), "a.xls", "宏"),
        (OLE, "a.msi", "收不了"),
    ],
)
def test_what_is_not_taken_is_refused_with_words(content: bytes, name: str, words: str) -> None:
    with pytest.raises(attachments.Refused, match=words):
        media.media_type_of(content, name)


def test_an_archive_that_unpacks_to_gigabytes_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "x")
        file.writestr("word/document.xml", bytes(301 * 1024 * 1024))
    assert len(made.getvalue()) < media.MAX_BYTES
    with pytest.raises(attachments.Refused):
        media.media_type_of(made.getvalue(), "a.docx")


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\资料\\a", "\u202egnp.exe", "", "...", "长" * 300])
def test_names_lose_folders_and_tricks(name: str) -> None:
    made = media.fitting_name(name, media.PNG)
    assert made.endswith(".png")
    assert len(made) <= 110
    assert not set(made) & set("/\\\u202e")
    assert not made.startswith(".")


async def test_bytes_lie_sealed_under_a_random_name_and_come_back_whole(stage: Stage, tmp_path: Path) -> None:
    firm = await stage.firm()
    content = PNG + random.randbytes(5000)
    key = await attachments.store(
        stage.database, tmp_path, firm.conversation_id, "张三的执照.png", "text/html", content
    )
    files = [path for path in (tmp_path / attachments.FOLDER).rglob("*") if path.is_file()]
    assert len(files) == 1
    assert b"licence" not in files[0].read_bytes()
    assert "张三" not in str(files[0])
    assert files[0].stat().st_mode & 0o077 == 0
    async with stage.database.read() as session:
        file = await attachments.for_firm(session, tmp_path, firm.conversation_id, key)
    assert file is not None
    assert (file.name, file.media_type, file.content) == ("张三的执照.png", "image/png", content)


async def test_only_the_people_of_the_case_get_it_and_reading_is_noted(stage: Stage, tmp_path: Path) -> None:
    firm, other = await stage.firm(), await stage.firm()
    key = await attachments.store(stage.database, tmp_path, firm.conversation_id, "a.pdf", "", PDF)
    insider = await stage.officer("in", teams=("loan_officer",))
    outsider = await stage.officer("out", teams=("technology_broker",))
    auditor = await stage.officer("auditor", "auditor", teams=("technology_broker",))
    async with stage.database.write() as session:
        assert (await attachments.for_officer(session, tmp_path, insider, key)) is not None
        assert (await attachments.for_officer(session, tmp_path, auditor, key)) is not None
        assert await attachments.for_officer(session, tmp_path, outsider, key) is None
        assert await attachments.for_firm(session, tmp_path, other.conversation_id, key) is None
        assert await attachments.for_officer(session, tmp_path, insider, "../" + key) is None
    async with stage.database.read() as session:
        lines = await session.execute(select(Audit.actor, Audit.subject).where(Audit.action == "read_file"))
        attachment = await session.scalar(select(Attachment.id))
    assert [tuple(line) for line in lines] == [
        (f"officer:{insider.id}", f"attachment:{attachment}"),
        (f"officer:{auditor.id}", f"attachment:{attachment}"),
    ]


async def test_a_file_in_another_ones_place_does_not_open(stage: Stage, tmp_path: Path) -> None:
    firm = await stage.firm()
    one = await attachments.store(stage.database, tmp_path, firm.conversation_id, "a.png", "", PNG)
    await attachments.store(stage.database, tmp_path, firm.conversation_id, "b.pdf", "", PDF)
    async with stage.database.read() as session:
        rows = {row.key: row.path for row in await session.scalars(select(Attachment))}
    root = tmp_path / attachments.FOLDER
    other = next(path for key, path in rows.items() if key != one)
    (root / rows[one]).write_bytes((root / other).read_bytes())
    async with stage.database.read() as session:
        assert await attachments.for_firm(session, tmp_path, firm.conversation_id, one) is None


async def test_what_a_dead_process_left_is_swept_and_nothing_else(stage: Stage, tmp_path: Path) -> None:
    firm = await stage.firm()
    key = await attachments.store(stage.database, tmp_path, firm.conversation_id, "a.png", "", PNG)
    left = tmp_path / attachments.FOLDER / "ab" / "ab".ljust(40, "0")
    left.parent.mkdir()
    left.write_bytes(b"no row")
    assert await attachments.sweep(stage.database, tmp_path) == 0, "young files may still get their row"
    for path in (tmp_path / attachments.FOLDER).rglob("*"):
        os.utime(path, (1, 1))
    assert await attachments.sweep(stage.database, tmp_path) == 1
    assert not left.exists()
    async with stage.database.read() as session:
        assert await attachments.for_firm(session, tmp_path, firm.conversation_id, key) is not None
