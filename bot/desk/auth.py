"""Logging in to the desk: who is asking, and how often somebody may guess."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from bot.cases.case_models import Officer
from bot.cases.officers import end_session, find_officer, officer_of_session, password_fits, start_session
from bot.web.errors import Refusal
from bot.web.security import DESK_COOKIE
from bot.web.services import Services, Wired

COOKIE_PATH = "/desk"
# argon2 takes a core and 64 MB for each check.
_CHECKS = asyncio.Semaphore(2)


class NotLoggedIn(Refusal):
    """Nobody is logged in; pages answer with the login form instead."""

    def __init__(self) -> None:
        super().__init__(401, "请先登录。")


async def login(
    services: Services, request: Request[Any, Any, Any], name: str, password: str
) -> tuple[str, datetime]:
    """(token for `login_cookie`, when it ends).

    Raises:
        Refusal: 401 for a wrong name or password (which of them is not said), 429 after too many tries
            with one name from one address, or with many names from it. A name alone is never shut out,
            or a stranger who knows it could keep its officer from work; it is answered more slowly after
            each wrong password.
    """
    address = services.client(request)
    pair = f"{_short(name)} {address}"
    shared = services.shared
    waits = max(await shared.login_limit.take(pair), await shared.address_limit.take(address))
    if waits:
        raise Refusal(429, "尝试次数太多，请几分钟后再试。", {"Retry-After": str(int(waits) + 1)})
    await shared.login_delay.wait(_short(name))
    async with services.database.read() as session:
        officer = await find_officer(session, name)
    async with _CHECKS:
        fits = await asyncio.to_thread(password_fits, officer, password)
    if officer is None or not fits:
        await shared.login_delay.failed(_short(name))
        raise Refusal(401, "登录名或口令不对。")
    await shared.login_limit.forget(pair)
    await shared.login_delay.forget(_short(name))
    async with services.database.write() as session:
        return await start_session(session, officer, services.settings.session_hours)


def login_cookie(services: Services, token: str) -> Cookie:
    """The cookie that carries a login; it ends with the browser, or with the login on our side."""
    return Cookie(
        key=DESK_COOKIE,
        value=token,
        path=COOKIE_PATH,
        httponly=True,
        samesite="strict",
        secure=services.settings.secure_cookies,
    )


async def current_officer(request: Request[Any, Any, Any], services: Wired) -> Officer:
    """Dependency: the officer who is logged in.

    Raises:
        NotLoggedIn: there is no valid login.
    """
    token = request.cookies.get(DESK_COOKIE)
    if not token:
        raise NotLoggedIn
    async with services.database.read() as session:
        officer = await officer_of_session(session, token)
    if officer is None:
        raise NotLoggedIn
    return officer


async def logout(services: Services, request: Request[Any, Any, Any], response: Response[Any]) -> None:
    """Ends the login on our side and takes the cookie back."""
    token = request.cookies.get(DESK_COOKIE)
    if token:
        async with services.database.write() as session:
            await end_session(session, token)
    response.delete_cookie(DESK_COOKIE, path=COOKIE_PATH)


def _short(name: str) -> str:
    """A key of fixed length, whatever was typed."""
    return hashlib.sha256(name.strip().encode()).hexdigest()[:16]
