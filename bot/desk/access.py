"""Who may do what at the desk: who is asking, and what their role allows."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Officer
from bot.desk.auth import NotLoggedIn, current_officer
from bot.web.errors import Refusal, refuse
from bot.web.services import Wired

DESK = "/desk"
API = "/desk/api"
LOGIN = "/desk/login"
LEADS = ("lead", "admin")
# Who sees the cases of all teams.
OVERSEERS = ("lead", "auditor", "admin")
# Who works on cases; an auditor reads and changes nothing.
WORKERS = ("officer", "lead", "admin")
NO_CASE = "没有这个编号，或者它不归您的队伍。"


def to_login(request: Request[Any, Any, Any], error: NotLoggedIn) -> Response[Any]:
    """What a page answers to somebody who is not logged in; a program is told so."""
    return refuse(request, error) if request.url.path.startswith(API) else Redirect(LOGIN, status_code=303)


async def who_asks(request: Request[Any, Any, Any], services: Wired) -> Officer:
    """Dependency: the officer who is logged in; raises `NotLoggedIn`."""
    return await current_officer(request, services)


def require(officer: Officer, roles: tuple[str, ...], words: str = "您的角色不能做这件事。") -> None:
    """Raises a 403 `Refusal` for everybody whose role is none of `roles`."""
    if officer.role not in roles:
        raise Refusal(403, words)


async def note_listed(session: AsyncSession, officer: Officer, action: str, ids: list[int]) -> None:
    """Notes in the audit log which cases a list showed to `officer`, in as few lines as they fit."""
    for subject in packed("cases:", ids):
        await audit.note(session, f"officer:{officer.id}", action, subject)


def packed(prefix: str, ids: list[int], longest: int = 80) -> list[str]:
    """`ids` as ranges in texts of at most `longest` characters; none for no ids.

    >>> packed("cases:", [3, 1, 2, 7])
    ['cases:1-3,7']
    """
    ranges: list[list[int]] = []
    for number in sorted(set(ids)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    texts: list[str] = []
    for first, last in ranges:
        part = str(first) if first == last else f"{first}-{last}"
        if texts and len(texts[-1]) + len(part) < longest:
            texts[-1] += f",{part}"
        else:
            texts.append(prefix + part)
    return texts
