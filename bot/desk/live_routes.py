"""`/desk/api/…/events`: server-sent events for the pages of the desk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import msgspec
from litestar import Request, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage

from bot.cases.case_models import Officer
from bot.cases.models import Event
from bot.cases.officers import officer_of_session
from bot.conversation import events
from bot.desk.access import NO_CASE, who_asks
from bot.desk.live import (
    BadCursor,
    cursor_text,
    ends_of,
    firm_spoke_to,
    follow_all,
    parse_cursor,
    sees,
    streams_of,
)
from bot.web.errors import Refusal
from bot.web.security import DESK_COOKIE
from bot.web.services import Services, Wired

API = "/desk/api"
MAX_LISTENERS = 24
HELLO, GONE, BEAT = '{"kind":"hello"}', '{"kind":"gone"}', '{"kind":"beat"}'
_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


def create_live_router(*, beat_s: float = 15.0) -> Router:
    """The streams of the list (`desk`, the officer's own) and of one case (those and the case's).

    An event's `id` says how far all streams of the connection were read; sent back as `Last-Event-ID` (or
    first as `after`), the page gets exactly what it missed. Its data has the event's `kind` and, as `from`,
    its stream: `desk`, `me` or `case`. The first, `hello`, only carries the place where the connection
    begins; `gone` says that there is nothing more to see, `beat` in silence that the line still stands.
    """

    @get("/events", include_in_schema=False)
    async def list_events(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        after: FromQuery[str] = "",
    ) -> ServerSentEvent:
        return await stream(request, services, officer, None, after)

    @get("/cases/{number:str}/events", include_in_schema=False)
    async def case_events(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        number: FromPath[str],
        after: FromQuery[str] = "",
    ) -> ServerSentEvent:
        async with services.database.read(quick=True) as session:
            if not await sees(session, officer, number):
                raise Refusal(404, NO_CASE)
        return await stream(request, services, officer, number, after)

    async def stream(
        request: Request[Any, Any, Any], services: Services, officer: Officer, number: str | None, after: str
    ) -> ServerSentEvent:
        streams = streams_of(officer, number)
        if services.broker.listeners(events.desk_of(officer.id)) >= MAX_LISTENERS:
            raise Refusal(429, "您打开的页面太多了，请先关掉几个。")
        given = request.headers.get("last-event-id", "").strip() or after
        try:
            place = parse_cursor(given, streams) if given else None
        except BadCursor:
            raise Refusal(400, "Last-Event-ID 不对。") from None
        async with services.database.read(quick=True) as session:
            ends = await ends_of(session, streams)
        # A number beyond the end is another database's: one that a backup has taken the place of.
        place = ends if place is None else {one: min(seq, ends[one]) for one, seq in place.items()}
        token = request.cookies.get(DESK_COOKIE, "")
        return ServerSentEvent(told(services, token, officer, number, place), headers=_HEADERS)

    async def told(
        services: Services, token: str, officer: Officer, number: str | None, place: dict[str, int]
    ) -> AsyncGenerator[ServerSentEventMessage]:
        yield ServerSentEventMessage(id=cursor_text(place), data=HELLO, retry=2000)
        async for event in follow_all(services.database, services.broker, place, beat_s=beat_s):
            # A login may end, and a case may go to another team, while the page is open.
            async with services.database.read(quick=True) as session:
                asks = await officer_of_session(session, token)
                if asks is None or (number is not None and not await sees(session, asks, number)):
                    yield ServerSentEventMessage(data=GONE)
                    return
                data = None if event is None else await shown(session, asks, event)
            if event is None:
                yield ServerSentEventMessage(data=BEAT)
            else:
                words = msgspec.json.encode(data).decode()
                yield ServerSentEventMessage(id=cursor_text(place), data=words)

    async def shown(session: Any, officer: Officer, event: Event) -> dict[str, Any]:
        """The event as `officer` may know it: of other teams' cases only that the lists have changed."""
        if event.stream.startswith("case:"):
            return {**event.data, "kind": event.kind, "from": "case"}
        if event.stream != events.DESK:
            return {**event.data, "kind": event.kind, "from": "me"}
        number, said = event.data.get("number"), {"kind": event.kind, "from": "desk"}
        if number is not None and not await sees(session, officer, number):
            return said
        # Whoever has the talk wants to know at once, on whichever page they are.
        mine = event.kind == "talk" and await firm_spoke_to(session, officer, number)
        return {**event.data, **said, **({"mine": True} if mine else {})}

    return Router(API, route_handlers=[list_events, case_events], dependencies={"officer": Provide(who_asks)})
