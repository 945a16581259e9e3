"""The audit log: append-only, ids only, each line chained to the one before by its hash."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Audit
from bot.cases.clock import now
from bot.cases.counters import next_number

_FIRST = "0" * 64


async def note(session: AsyncSession, actor: str, action: str, subject: str) -> None:
    """Adds one line in the caller's transaction.

    Args:
        actor: `officer:3`, `firm`, `system`, `cli`.
        action: `login`, `read_case`, `open_case` …
        subject: `case:KC20261124-0001`, `officer:3` …; ids only, never names or words.
    """
    # The counter's row is locked until the commit, so no second line can chain to the same predecessor.
    seq = await next_number(session, "audit")
    previous = await session.scalar(select(Audit.hash).where(Audit.seq == seq - 1)) or _FIRST
    line = Audit(seq=seq, at=now(), actor=actor, action=action, subject=subject, previous=previous, hash="")
    line.hash = line_hash(line)
    session.add(line)
    await session.flush()


def line_hash(line: Audit) -> str:
    """The hash that a line must carry."""
    at = _stamp(line.at)
    fields = [line.previous, str(line.seq), at, line.actor, line.action, line.subject]
    return hashlib.sha256("\0".join(fields).encode()).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


async def first_broken(session: AsyncSession) -> int | None:
    """Number of the first line that was changed, removed or put in; nothing when the chain holds."""
    previous, expected = _FIRST, 1
    for line in await session.scalars(select(Audit).order_by(Audit.seq)):
        if line.seq != expected or line.previous != previous or line.hash != line_hash(line):
            return expected
        previous, expected = line.hash, expected + 1
    return None
