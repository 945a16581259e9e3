"""The versions of the policy data in the database: which there are, which is in use, since when."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from bot.cases import audit
from bot.cases.case_models import Officer
from bot.cases.clock import now
from bot.cases.policy_models import CatalogUse, CatalogVersion
from bot.policy.files import digest

NOTE_CHARS = 200
SHIPPED = "随程序发布"


class Listed(msgspec.Struct, frozen=True):
    """A version in the list; `used_at` is when it was last taken into use, if ever. Titles may be empty."""

    id: int
    version: str
    note: str
    by: str
    at: datetime
    used_at: datetime | None
    used_by: str


class NotInUse(Exception):
    """Another version is in use than the one that was shown: look again before deciding."""


async def keep(
    session: AsyncSession, texts: Mapping[str, str], version: str, *, officer_id: int | None, note: str
) -> CatalogVersion:
    """Stores a version; the same files are stored once, whoever brings them."""
    made = digest(texts)
    known = await session.scalar(select(CatalogVersion).where(CatalogVersion.digest == made))
    if known is not None:
        return known
    packed = zlib.compress(json.dumps(dict(texts), ensure_ascii=False).encode(), 9)
    kept = CatalogVersion(
        version=version,
        digest=made,
        files=packed,
        note=note.strip()[:NOTE_CHARS],
        officer_id=officer_id,
        created_at=now(),
    )
    session.add(kept)
    await session.flush()
    await audit.note(session, _actor(officer_id), "keep_catalog", f"catalog_version:{kept.id}")
    return kept


async def refused(session: AsyncSession, officer_id: int) -> None:
    """Notes that an upload did not pass the checks; nothing of it is kept."""
    await audit.note(session, _actor(officer_id), "refuse_catalog", f"officer:{officer_id}")


async def use(
    session: AsyncSession, version_id: int, *, officer_id: int | None, instead_of: int | None
) -> None:
    """Takes a version into use in the caller's transaction.

    Args:
        instead_of: the version that the decision replaces.

    Raises:
        NotInUse: another one has been taken into use meanwhile.
    """
    # On PostgreSQL the audit counter's row is the lock that lets one decision through at a time.
    await audit.note(session, _actor(officer_id), "use_catalog", f"catalog_version:{version_id}")
    current = await in_use(session)
    if (current.id if current else None) != instead_of:
        raise NotInUse
    session.add(CatalogUse(version_id=version_id, officer_id=officer_id, at=now()))
    await session.flush()


async def in_use(session: AsyncSession, at: datetime | None = None) -> CatalogVersion | None:
    """The version in use now, or at a moment; nothing before the first."""
    query = select(CatalogVersion).join(CatalogUse, CatalogUse.version_id == CatalogVersion.id)
    if at is not None:
        query = query.where(CatalogUse.at <= at)
    found: CatalogVersion | None = await session.scalar(query.order_by(CatalogUse.id.desc()).limit(1))
    return found


async def last_use(session: AsyncSession) -> CatalogUse | None:
    """When and by whom the version in use was chosen."""
    found: CatalogUse | None = await session.scalar(
        select(CatalogUse).order_by(CatalogUse.id.desc()).limit(1)
    )
    return found


async def find(session: AsyncSession, version_id: int) -> CatalogVersion | None:
    return await session.get(CatalogVersion, version_id)


async def find_by_version(session: AsyncSession, version: str) -> CatalogVersion | None:
    """The newest set of files with this catalog version (they differ in passages only)."""
    query = select(CatalogVersion).where(CatalogVersion.version == version)
    found: CatalogVersion | None = await session.scalar(query.order_by(CatalogVersion.id.desc()).limit(1))
    return found


async def files_of(session: AsyncSession, version_id: int) -> dict[str, str]:
    """The version's files. Raises LookupError where there is no such version."""
    query = select(CatalogVersion).options(undefer(CatalogVersion.files))
    row = await session.scalar(query.where(CatalogVersion.id == version_id))
    if row is None:
        raise LookupError(version_id)
    texts: dict[str, str] = json.loads(zlib.decompress(row.files))
    return texts


async def listed(session: AsyncSession, limit: int = 50) -> list[Listed]:
    """The versions, newest first."""
    rows = await session.execute(
        select(CatalogVersion, Officer.title)
        .outerjoin(Officer, Officer.id == CatalogVersion.officer_id)
        .order_by(CatalogVersion.id.desc())
        .limit(limit)
    )
    uses = await session.execute(
        select(CatalogUse.version_id, CatalogUse.at, Officer.title)
        .outerjoin(Officer, Officer.id == CatalogUse.officer_id)
        .order_by(CatalogUse.id)
    )
    used = {version_id: (at, title or "") for version_id, at, title in uses}
    return [
        Listed(row.id, row.version, row.note, title or "", row.created_at, *used.get(row.id, (None, "")))
        for row, title in rows
    ]


def _actor(officer_id: int | None) -> str:
    return "system" if officer_id is None else f"officer:{officer_id}"
