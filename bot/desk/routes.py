"""Everything under `/desk` except the policy data: login, and the routers of the other subjects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from bot.catalog.model import Catalog
from bot.desk.access import DESK, LOGIN, to_login
from bot.desk.action_routes import create_action_router
from bot.desk.admin_routes import create_admin_router
from bot.desk.auth import NotLoggedIn, current_officer, login, login_cookie, logout
from bot.desk.case_routes import create_case_router
from bot.desk.file_routes import create_file_router
from bot.desk.journey_routes import create_journey_router
from bot.desk.list_routes import create_list_router
from bot.desk.live_routes import create_live_router
from bot.desk.service_routes import create_service_router
from bot.web.errors import Refusal
from bot.web.render import page
from bot.web.security import form_token
from bot.web.services import Wired


class LoginForm(msgspec.Struct, frozen=True):
    name: str = ""
    password: str = ""


@get("/login", include_in_schema=False)
async def login_page(request: Request[Any, Any, Any], services: Wired) -> Response[Any]:
    try:
        await current_officer(request, services)
    except NotLoggedIn:
        return page("desk/login.html", csrf=form_token(request), error="", name="")
    return Redirect(DESK, status_code=303)


@post("/login", include_in_schema=False)
async def log_in(
    request: Request[Any, Any, Any], services: Wired, data: URLEncodedBody[LoginForm]
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


def create_desk_router(catalog: Callable[[], Catalog]) -> Router:
    """`/desk` and what lies under it.

    Args:
        catalog: gives the catalog in use, where the names of products and facts come from.
    """
    pages = Router(
        DESK,
        route_handlers=[
            login_page,
            log_in,
            log_out,
            create_list_router(catalog),
            create_case_router(catalog),
            create_file_router(),
            create_admin_router(catalog),
            create_service_router(),
        ],
        # A page leads to the login; a program is told 401.
        exception_handlers={NotLoggedIn: to_login},
    )
    programs = [create_action_router(catalog), create_journey_router(), create_live_router()]
    return Router("/", route_handlers=[pages, *programs])
