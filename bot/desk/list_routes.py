"""The lists of cases: what waits, what is mine, everything; offers, warnings, and the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect
from sqlalchemy import select

from bot.cases import audit
from bot.cases.case_models import Officer
from bot.cases.clock import local_day, now
from bot.cases.routing import TEAMS
from bot.cases.search import TooShort, search
from bot.catalog.model import Catalog
from bot.desk import queries
from bot.desk.access import DESK, OVERSEERS, WORKERS, note_listed, require, who_asks
from bot.desk.frame import shown
from bot.desk.live import cursor_text, ends_of, streams_of
from bot.desk.talk_views import moment
from bot.desk.views import row_view
from bot.desk.words import AUTHORS, STATUSES, TARGETS, duration
from bot.web.services import Wired

TITLES = {"queue": "等待接手", "mine": "我的", "open": "全部", "ended": "已办结"}


class Tab(msgspec.Struct, frozen=True):
    """A list, with how many cases it shows."""

    title: str
    href: str
    count: int
    current: bool


class SearchForm(msgspec.Struct, frozen=True):
    words: str = ""


class DutyForm(msgspec.Struct, frozen=True):
    on: str = ""


def lists_for(officer: Officer) -> list[str]:
    """The lists that `officer` has: only who oversees all teams has one of everything, an auditor no own."""
    lists = list(queries.LISTS)
    if officer.role not in OVERSEERS:
        lists.remove("open")
    if officer.role not in WORKERS:
        lists.remove("mine")
    return lists


def create_list_router(catalog: Callable[[], Catalog]) -> Router:
    """`/desk`, `/desk/search` and `/desk/duty`."""

    @get("/", include_in_schema=False)
    async def cases(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        show: FromQuery[str] = "",
    ) -> Response[Any]:
        at, lists = now(), lists_for(officer)
        async with services.database.write() as session:
            # Before what is shown is read: what happens in between is told once more, never missed.
            place = await ends_of(session, streams_of(officer))
            counts = await queries.counts(session, officer)
            if show not in lists:
                show = next((one for one in lists if counts[one]), "queue")
            found = await queries.list_cases(session, officer, show)
            offered = await queries.offers_to(session, officer, at)
            warned = await queries.warnings_for(session, officer, at)
            seen = [case.id for case, _ in found] + [one.case.id for one in offered]
            await note_listed(session, officer, "list_cases", seen)
        today = local_day(at)
        return shown(
            request,
            officer,
            "cases",
            cursor=cursor_text(place),
            tabs=[Tab(TITLES[one], f"{DESK}?show={one}", counts[one], one == show) for one in lists],
            show=show,
            rows=[row_view(case, owner, catalog(), today) for case, owner in found],
            offers=[
                (row_view(one.case, "", catalog(), today), one.expires_at.isoformat()) for one in offered
            ],
            warnings=[
                {
                    "number": one.number,
                    "owner": one.owner,
                    "target": TARGETS.get(one.target, one.target),
                    "late": one.left_s <= 0,
                    "percent": min(one.percent, 999),
                    "left": duration(abs(one.left_s)),
                }
                for one in warned
            ],
        )

    @post("/search", include_in_schema=False, status_code=200)
    async def find(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        data: URLEncodedBody[SearchForm],
    ) -> Response[Any]:
        words, fault = data.words.strip()[:200], ""
        async with services.database.write() as session:
            titles = {row[0]: row[1] for row in await session.execute(select(Officer.id, Officer.title))}
            try:
                hits = await search(session, officer, words)
            except TooShort as error:
                hits, fault = [], str(error)
        today = local_day(now())
        found = [
            {
                "number": hit.number,
                "status": hit.status,
                "status_text": STATUSES.get(hit.status, hit.status),
                "team": TEAMS.get(hit.team, ""),
                "owner": titles.get(hit.owner_id or 0, ""),
                "opened": moment(hit.created_at, today),
                "lines": [
                    (AUTHORS.get(one.author, ""), moment(one.at, today), one.text) for one in hit.lines
                ],
            }
            for hit in hits
        ]
        return shown(request, officer, "found", words=words, fault=fault, found=found)

    @get("/search", include_in_schema=False)
    async def search_page(
        request: Request[Any, Any, Any], officer: NamedDependency[Officer]
    ) -> Response[Any]:
        return shown(request, officer, "found", words="", fault="", found=[])

    @post("/duty", include_in_schema=False)
    async def duty(
        services: Wired, officer: NamedDependency[Officer], data: URLEncodedBody[DutyForm]
    ) -> Response[Any]:
        require(officer, WORKERS)
        async with services.database.write() as session:
            row = await session.get_one(Officer, officer.id)
            row.on_duty = data.on == "1"
            action = "on_duty" if row.on_duty else "off_duty"
            await audit.note(session, f"officer:{officer.id}", action, f"officer:{officer.id}")
        return Redirect(DESK, status_code=303)

    return Router(
        "/",
        route_handlers=[cases, find, search_page, duty],
        dependencies={"officer": Provide(who_asks)},
    )
