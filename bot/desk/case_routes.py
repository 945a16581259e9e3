"""The page of one case, its talk piece by piece, and its replies kept ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from bot.cases.case_models import Officer
from bot.cases.clock import local_day, now
from bot.cases.journey import STAGES
from bot.catalog.model import Catalog
from bot.desk import quota
from bot.desk.access import who_asks
from bot.desk.case_file import read_case, read_talk
from bot.desk.frame import shown
from bot.desk.live import cursor_text, ends_of, streams_of
from bot.desk.talk_views import lines_of
from bot.desk.views import case_view
from bot.desk.work_views import work_view
from bot.web.pages import fact_form
from bot.web.render import json_block, page
from bot.web.services import Wired


def create_case_router(catalog: Callable[[], Catalog]) -> Router:
    """`/desk/cases/NUMBER` and what the page fetches of it as HTML."""

    @get("/{number:str}", include_in_schema=False)
    async def case(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        number: FromPath[str],
    ) -> Response[Any]:
        at = now()
        async with services.database.write() as session:
            # Before what is shown is read: what happens in between is told once more, never missed.
            place = await ends_of(session, streams_of(officer, number))
            file = await read_case(session, officer, number, at)
        if file is None:
            return shown(request, officer, "missing", status_code=404)
        way = quota.shown(file.way, services.channels)
        forms = {fact.id: fact_form(fact) for fact in catalog().facts.values()}
        known = dict((file.conversation.state or {}).get("facts") or {})
        return shown(
            request,
            officer,
            "case",
            case=case_view(file, catalog(), local_day(at)),
            work=work_view(file, officer, way, at),
            cursor=cursor_text(place),
            last_seq=max((message.seq for message in file.talk.messages), default=0),
            facts=json_block({"facts": forms, "known": known}),
            stages=list(STAGES.items()),
        )

    @get("/{number:str}/talk", include_in_schema=False)
    async def talk(
        services: Wired,
        officer: NamedDependency[Officer],
        number: FromPath[str],
        after: FromQuery[int] = 0,
    ) -> Response[Any]:
        async with services.database.write() as session:
            found = await read_talk(session, officer, number, max(0, after))
        if found is None:
            return Response("", status_code=404)
        return page("desk/messages.html", messages=lines_of(found, catalog(), local_day(now())))

    return Router("/cases", route_handlers=[case, talk], dependencies={"officer": Provide(who_asks)})
