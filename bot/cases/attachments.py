"""Files of a talk: sealed outside the web root under random names, for the people of the case alone."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Case, Officer
from bot.cases.clock import now
from bot.cases.columns import sealer_of
from bot.cases.database import Database
from bot.cases.firm_models import Attachment
from bot.cases.media import MAX_BYTES, SHOWN, Refused, fitting_name, media_type_of
from bot.cases.routing import may_see
from bot.cases.sealing import Sealer, SealError

__all__ = ["MAX_BYTES", "SHOWN", "File", "Refused", "for_firm", "for_officer", "remove", "store", "sweep"]

log = structlog.get_logger(__name__)
FOLDER = "attachments"
_KEY = re.compile(r"[A-Za-z0-9_-]{22,40}")
_PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}")
# A file without a row that is older than this was left by a process that died between the two.
_LEFT_AFTER_S = 3600.0


class File(msgspec.Struct, frozen=True):
    """An attachment with its bytes. Whoever hands it out says `nosniff`, and lets a browser draw only what
    is of a type in `SHOWN`."""

    id: int
    name: str
    media_type: str
    content: bytes


async def store(
    database: Database, data_dir: Path, conversation_id: str, name: str, media_type: str, content: bytes
) -> str:
    """Keeps a file of a conversation and returns its key; it belongs to no message yet.

    Args:
        data_dir: the installation's data folder; what is kept lies sealed under it.
        name: what the sender calls it.
        media_type: what the sender says it is. Not believed: the content decides.
        content: at most `MAX_BYTES`.

    Raises:
        Refused: too large or of a kind that is not taken; the words are for the sender.
    """
    kind = media_type_of(content, name)
    key, path = secrets.token_urlsafe(24), _new_path()
    digest = database.sealer.lookup(hashlib.sha256(content).hexdigest(), "attachment.sha256")
    await asyncio.to_thread(_write, data_dir, path, content, database.sealer)
    async with database.write() as session:
        session.add(
            Attachment(
                key=key,
                conversation_id=conversation_id,
                name=fitting_name(name, kind),
                media_type=kind.name,
                size=len(content),
                # Keyed: else a copy of the database would tell whether a firm sent a file one has oneself.
                sha256=digest,
                path=path,
                created_at=now(),
            )
        )
    return key


async def for_officer(session: AsyncSession, data_dir: Path, officer: Officer, key: str) -> File | None:
    """The file, if `officer` may see a case of its talk; noted in the audit log. The session must write.

    Nothing for an unknown key and for a file of other people's cases: the difference would tell.
    """
    row = await _row(session, key)
    if row is None:
        return None
    cases = await session.scalars(select(Case).where(Case.conversation_id == row.conversation_id))
    if not any(may_see(officer, case) for case in cases):
        return None
    await audit.note(session, f"officer:{officer.id}", "read_file", f"attachment:{row.id}")
    return await _open(session, data_dir, row)


async def for_firm(session: AsyncSession, data_dir: Path, conversation_id: str, key: str) -> File | None:
    """The file, if it belongs to the firm's own talk and was sent (or sent by the firm itself)."""
    row = await _row(session, key)
    if row is None or row.conversation_id != conversation_id:
        return None
    return await _open(session, data_dir, row)


def remove(data_dir: Path, paths: Iterable[str]) -> None:
    """Removes stored bytes, after the commit that removed their rows."""
    for path in paths:
        if _PATH.fullmatch(path):
            (data_dir / FOLDER / path).unlink(missing_ok=True)


async def sweep(database: Database, data_dir: Path, *, older_s: float = _LEFT_AFTER_S) -> int:
    """Removes stored bytes that no row knows; returns how many. Done at the start.

    Bytes are written before their row and removed after it, so a process that dies leaves too much, never
    too little.
    """
    root = data_dir / FOLDER
    found = await asyncio.to_thread(_old_files, root, time.time() - older_s)
    if not found:
        return 0
    async with database.read() as session:
        known = set(await session.scalars(select(Attachment.path)))
    left = [path for path in found if path not in known]
    await asyncio.to_thread(remove, data_dir, left)
    if left:
        log.info("attachments_swept", files=len(left))
    return len(left)


async def _row(session: AsyncSession, key: str) -> Attachment | None:
    if not _KEY.fullmatch(key):
        return None
    row: Attachment | None = await session.scalar(select(Attachment).where(Attachment.key == key))
    return row


async def _open(session: AsyncSession, data_dir: Path, row: Attachment) -> File | None:
    sealer = sealer_of(session.get_bind().dialect)
    try:
        content = await asyncio.to_thread(_read, data_dir, row.path, sealer)
    except (OSError, SealError):
        log.warning("attachment_unreadable", attachment=row.id)
        return None
    return File(row.id, row.name, row.media_type, content)


def _new_path() -> str:
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


def _column(path: str) -> str:
    # Bound to its own name: a file that was put in another one's place does not open.
    return f"attachment.content:{path}"


def _write(data_dir: Path, path: str, content: bytes, sealer: Sealer) -> None:
    target = data_dir / FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealer.seal(content, _column(path)))
        file.flush()
        os.fsync(file.fileno())


def _read(data_dir: Path, path: str, sealer: Sealer) -> bytes:
    return sealer.open((data_dir / FOLDER / path).read_bytes(), _column(path))


def _old_files(root: Path, before: float) -> list[str]:
    if not root.is_dir():
        return []
    return [
        path.relative_to(root).as_posix()
        for path in root.glob("*/*")
        if path.is_file() and path.stat().st_mtime < before
    ]
