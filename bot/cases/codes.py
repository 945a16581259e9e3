"""One-time codes that a person shows instead of a login: to ask for a case, to fetch one's own data.

Only a keyed hash is kept. Letters without look-alikes: they are read from one screen and typed at another,
and a code with digits would be taken for a figure about the firm.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case
from bot.cases.columns import sealer_of
from bot.cases.firm_models import OneTimeCode

STATUS, EXPORT = "status", "export"
LASTS = {STATUS: timedelta(days=30), EXPORT: timedelta(minutes=10)}
MOST_TRIES = 5
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ"
# 45 bits: with five tries for a case nobody guesses one; an address can be tried more often and needs more.
_LENGTH = {STATUS: 10, EXPORT: 32}
_GAPS = re.compile(r"[\s\-－—]+")


async def make(session: AsyncSession, purpose: str, conversation_id: str, at: datetime) -> str:
    """A new code of `purpose` for the conversation, as it is shown; earlier ones of the purpose end."""
    await session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.purpose == purpose,
            OneTimeCode.conversation_id == conversation_id,
            OneTimeCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH[purpose]))
    session.add(
        OneTimeCode(
            purpose=purpose,
            code_hash=_hash(session, purpose, code),
            conversation_id=conversation_id,
            tries=0,
            created_at=at,
            expires_at=at + LASTS[purpose],
        )
    )
    await session.flush()
    return f"{code[:5]}-{code[5:]}" if purpose == STATUS else code


async def case_by_code(session: AsyncSession, number: str, code: str, at: datetime) -> Case | None:
    """The case with this number, if `code` is its firm's; the code is used up. A wrong code counts against
    the right one, which ends after `MOST_TRIES`.

    Nothing for an unknown number as for a wrong code: the difference would tell that the case exists.
    """
    case: Case | None = await session.scalar(select(Case).where(Case.number == number.strip().upper()))
    if case is None:
        return None
    valid = (
        OneTimeCode.purpose == STATUS,
        OneTimeCode.conversation_id == case.conversation_id,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > at,
        OneTimeCode.tries < MOST_TRIES,
    )
    if await _use(session, _hash(session, STATUS, plain(code)), *valid, at=at) is not None:
        return case
    await session.execute(update(OneTimeCode).where(*valid).values(tries=OneTimeCode.tries + 1))
    return None


async def take(session: AsyncSession, purpose: str, code: str, at: datetime) -> str | None:
    """The conversation that `code` was made for; nothing for an unknown, old or used one."""
    return await _use(
        session,
        _hash(session, purpose, plain(code)),
        OneTimeCode.purpose == purpose,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > at,
        at=at,
    )


def plain(code: str) -> str:
    """A code in whichever width, spacing and case it was typed.

    >>> plain(" ａbcde - fghjk ")
    'ABCDEFGHJK'
    """
    return _GAPS.sub("", unicodedata.normalize("NFKC", code)).upper()


async def _use(session: AsyncSession, code_hash: str, *valid: object, at: datetime) -> str | None:
    done = await session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.code_hash == code_hash, *valid)  # type: ignore[arg-type]
        .values(used_at=at)
        .returning(OneTimeCode.conversation_id)
    )
    found: str | None = done.scalar_one_or_none()
    return found


def _hash(session: AsyncSession, purpose: str, code: str) -> str:
    return sealer_of(session.get_bind().dialect).lookup(code, f"one_time_code.{purpose}")
