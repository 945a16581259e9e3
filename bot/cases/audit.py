"""The audit log: append-only, ids only, each line chained to the one before by its hash."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Audit
from bot.cases.clock import now
from bot.cases.counters import next_number
from bot.cases.models import Counter

_FIRST = "0" * 64
_COUNTER = "audit"


class Verified(msgspec.Struct, frozen=True):
    """`lines` hold; `broken` is the number of the first that does not, or of the first that is missing.

    `head` is the hash of the last line that holds. Kept elsewhere, it proves later that nobody wrote the
    whole log anew, which a chain alone cannot.
    """

    lines: int
    broken: int | None
    head: str


async def note(session: AsyncSession, actor: str, action: str, subject: str) -> None:
    """Adds one line in the caller's transaction.

    Args:
        actor: `officer:3`, `firm`, `system`, `cli`.
        action: `login`, `read_case`, `open_case` …
        subject: `case:KC20261124-0001`, `officer:3` …; ids only, never names or words.
    """
    # The counter's row is locked until the commit, so no second line can chain to the same predecessor.
    seq = await next_number(session, _COUNTER)
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
    return (await verify(session)).broken


async def verify(session: AsyncSession) -> Verified:
    """Goes through the whole log, line by line, and compares its length with the numbers handed out: lines
    taken off its end leave a chain that holds."""
    previous, expected = _FIRST, 1
    lines = await session.stream_scalars(select(Audit).order_by(Audit.seq).execution_options(yield_per=1000))
    async for line in lines:
        if line.seq != expected or line.previous != previous or line.hash != line_hash(line):
            return Verified(expected - 1, expected, previous)
        previous, expected = line.hash, expected + 1
    handed_out = await session.scalar(select(Counter.value).where(Counter.name == _COUNTER)) or 0
    return Verified(expected - 1, None if handed_out == expected - 1 else expected, previous)
