"""The pages of the desk: login, the list of cases, one case with its brief."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from bot.cases.case_models import Officer
from bot.cases.clock import local_day, now
from bot.catalog.model import Catalog
from bot.desk.auth import NotLoggedIn, current_officer, login, login_cookie, logout
from bot.desk.queries import list_cases, read_case
from bot.desk.views import case_view, row_view
from bot.web.errors import Refusal
from bot.web.render import page
from bot.web.security import form_token
from bot.web.services import Wired

DESK = "/desk"
LOGIN = "/desk/login"


class LoginForm(msgspec.Struct, frozen=True):
    name: str = ""
    password: str = ""


class Tab(msgspec.Struct, frozen=True):
    """A filter of the list, with how many cases it shows."""

    title: str
    href: str
    count: int
    current: bool


def to_login(_request: Request[Any, Any, Any], _error: NotLoggedIn) -> Response[Any]:
    return Redirect(LOGIN, status_code=303)


async def who_asks(request: Request[Any, Any, Any], services: Wired) -> Officer:
    """Dependency: the officer who is logged in; raises `NotLoggedIn`."""
    return await current_officer(request, services)


def create_desk_router(catalog: Callable[[], Catalog]) -> Router:
    """`/desk` and what lies under it.

    Args:
        catalog: gives the catalog in use, where the names of products and facts come from.
    """

    @get("/login", include_in_schema=False)
    async def login_page(request: Request[Any, Any, Any], services: Wired) -> Response[Any]:
        try:
            await current_officer(request, services)
        except NotLoggedIn:
            return page("desk/login.html", csrf=form_token(request), error="", name="")
        return Redirect(DESK, status_code=303)

    @post("/login", include_in_schema=False)
    async def log_in(
        request: Request[Any, Any, Any],
        services: Wired,
        data: URLEncodedBody[LoginForm],
    ) -> Response[Any]:
        try:
            token, _ends = await login(services, request, data.name[:60], data.password[:200])
        except Refusal as refusal:
            answer = page(
                "desk/login.html",
                status_code=refusal.status_code,
                csrf=form_token(request),
                error=refusal.words,
                name=data.name[:60],
            )
            answer.headers.update(refusal.headers or {})
            return answer
        response = Redirect(DESK, status_code=303)
        response.set_cookie(login_cookie(services, token))
        return response

    @post("/logout", include_in_schema=False)
    async def log_out(request: Request[Any, Any, Any], services: Wired) -> Response[Any]:
        response = Redirect(LOGIN, status_code=303)
        await logout(services, request, response)
        return response

    @get("/", include_in_schema=False)
    async def cases(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        show: FromQuery[str] = "open",
    ) -> Response[Any]:
        async with services.database.read() as session:
            running = await list_cases(session, officer)
            ended = await list_cases(session, officer, ended=True)
        waiting = [(case, owner) for case, owner in running if case.status == "queued"]
        lists = {"open": ("进行中", running), "queued": ("等待接手", waiting), "ended": ("已办结", ended)}
        show = show if show in lists else "open"
        today = local_day(now())
        return page(
            "desk/cases.html",
            csrf=form_token(request),
            officer=officer,
            tabs=[
                Tab(title, DESK if name == "open" else f"{DESK}?show={name}", len(found), name == show)
                for name, (title, found) in lists.items()
            ],
            rows=[row_view(case, owner, catalog(), today) for case, owner in lists[show][1]],
        )

    @get("/cases/{number:str}", include_in_schema=False)
    async def case(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        number: FromPath[str],
    ) -> Response[Any]:
        async with services.database.write() as session:
            file = await read_case(session, officer, number)
        if file is None:
            return page("desk/missing.html", status_code=404, csrf=form_token(request), officer=officer)
        return page(
            "desk/case.html",
            csrf=form_token(request),
            officer=officer,
            case=case_view(file, catalog(), local_day(now())),
        )

    pages = Router("/", route_handlers=[cases, case], dependencies={"officer": Provide(who_asks)})
    return Router(
        DESK,
        route_handlers=[login_page, log_in, log_out, pages],
        exception_handlers={NotLoggedIn: to_login},
    )
