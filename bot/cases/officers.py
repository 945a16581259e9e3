"""Officers: who they are, their passwords and their logins."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Officer, OfficerSession
from bot.cases.clock import now

ROLES = ("officer", "lead", "auditor", "admin")
MIN_PASSWORD = 8
_hasher = PasswordHasher()
# Checked when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class OfficerError(Exception):
    """An officer cannot be added or changed as asked; the message is Chinese, for the operator."""


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_password_rule(password: str) -> None:
    """Raises `OfficerError` for a password that is too short to keep anybody out."""
    if len(password) < MIN_PASSWORD:
        raise OfficerError(f"口令至少 {MIN_PASSWORD} 个字符。")


async def add_officer(
    session: AsyncSession, name: str, password: str, *, title: str = "", role: str = "officer"
) -> Officer:
    """A new officer.

    Raises:
        OfficerError: the name is taken or empty, the role unknown, or the password too short.
    """
    name = name.strip()
    if not name or len(name) > 60:
        raise OfficerError("登录名应为 1–60 个字符。")
    if role not in ROLES:
        raise OfficerError(f"角色只能是：{'、'.join(ROLES)}。")
    check_password_rule(password)
    if await session.scalar(select(Officer.id).where(Officer.name == name)):
        raise OfficerError(f"已经有叫“{name}”的专员。")
    officer = Officer(
        name=name,
        title=title or name,
        role=role,
        password_hash=_hasher.hash(password),
        skills={},
        active=True,
        created_at=now(),
    )
    session.add(officer)
    await session.flush()
    await audit.note(session, "cli", "add_officer", f"officer:{officer.id}")
    return officer


async def set_password(session: AsyncSession, name: str, password: str) -> None:
    """A new password; every open login of the officer ends."""
    check_password_rule(password)
    officer = await _named(session, name)
    officer.password_hash = _hasher.hash(password)
    await session.execute(delete(OfficerSession).where(OfficerSession.officer_id == officer.id))
    await audit.note(session, "cli", "set_password", f"officer:{officer.id}")


async def set_active(session: AsyncSession, name: str, active: bool) -> None:
    """Lets an officer in or keeps them out; what they did stays."""
    officer = await _named(session, name)
    officer.active = active
    await session.execute(delete(OfficerSession).where(OfficerSession.officer_id == officer.id))
    await audit.note(session, "cli", "activate" if active else "deactivate", f"officer:{officer.id}")


async def _named(session: AsyncSession, name: str) -> Officer:
    officer = await session.scalar(select(Officer).where(Officer.name == name.strip()))
    if officer is None:
        raise OfficerError(f"没有叫“{name}”的专员。")
    return officer


async def find_officer(session: AsyncSession, name: str) -> Officer | None:
    """The active officer with the login `name`."""
    query = select(Officer).where(Officer.name == name.strip(), Officer.active.is_(True))
    return (await session.scalars(query)).one_or_none()


def password_fits(officer: Officer | None, password: str) -> bool:
    """Whether `password` is the officer's. Takes about 50 ms of one core: call it in a thread."""
    try:
        _hasher.verify(officer.password_hash if officer else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return officer is not None


async def start_session(session: AsyncSession, officer: Officer, hours: int) -> tuple[str, datetime]:
    """(token for the cookie, when it ends)."""
    token = secrets.token_urlsafe(32)
    ends = now() + timedelta(hours=hours)
    session.add(
        OfficerSession(
            token_hash=_token_hash(token), officer_id=officer.id, created_at=now(), expires_at=ends
        )
    )
    await session.execute(delete(OfficerSession).where(OfficerSession.expires_at < now()))
    await audit.note(session, f"officer:{officer.id}", "login", f"officer:{officer.id}")
    return token, ends


async def officer_of_session(session: AsyncSession, token: str) -> Officer | None:
    """The officer whose login `token` is, while it lasts and the officer is active."""
    query = (
        select(Officer)
        .join(OfficerSession, OfficerSession.officer_id == Officer.id)
        .where(
            OfficerSession.token_hash == _token_hash(token),
            OfficerSession.expires_at > now(),
            Officer.active.is_(True),
        )
    )
    return (await session.scalars(query)).one_or_none()


async def end_session(session: AsyncSession, token: str) -> None:
    await session.execute(delete(OfficerSession).where(OfficerSession.token_hash == _token_hash(token)))
