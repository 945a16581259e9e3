"""Visits and complaints: what firms booked and what they were not content with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit, complaints, visits
from bot.cases.case_models import Case, Officer
from bot.cases.clock import SHANGHAI, local_day, now
from bot.cases.firm_models import Visit
from bot.cases.routing import may_see
from bot.desk.access import LEADS, OVERSEERS, WORKERS, note_listed, require, who_asks
from bot.desk.frame import shown
from bot.desk.queries import visible_to
from bot.desk.talk_views import moment
from bot.web.errors import Refusal
from bot.web.services import Services, Wired

VISITS = "/desk/visits"
STATES = {"booked": "已约", "cancelled": "已取消", "came": "来过", "missed": "没来"}
_BACK, _AHEAD = timedelta(days=7), timedelta(days=60)


def create_service_router() -> Router:
    """`/desk/visits` and `/desk/complaints`."""

    async def visit_page(
        request: Request[Any, Any, Any], services: Services, officer: Officer, fault: str = ""
    ) -> Response[Any]:
        at = now()
        async with services.database.write() as session:
            booked = await visits.agenda(session, at - _BACK, at + _AHEAD)
            numbers = {one.number for one in booked if one.number}
            seen = dict(
                row._tuple()
                for row in await session.execute(
                    select(Case.number, Case.id).where(Case.number.in_(numbers), visible_to(officer))
                )
            )
            await note_listed(session, officer, "list_visits", list(seen.values()))
            slots = await visits.all_slots(session, at)
            places = await visits.places(session)
        return shown(
            request,
            officer,
            "visits",
            status_code=400 if fault else 200,
            fault=fault,
            visits=[
                {
                    "id": one.id,
                    "when": one.slot.when,
                    "place": one.slot.place,
                    "state": one.status,
                    "state_text": STATES.get(one.status, one.status),
                    # Of other teams' firms only that somebody comes.
                    "number": one.number if one.number in seen else "",
                    "mine": one.number is None or one.number in seen,
                }
                for one in booked
            ],
            slots=[(slot, taken) for slot, taken in slots],
            sites=places,
            may_receive=officer.role in WORKERS,
            may_change=officer.role in LEADS,
        )

    @get("/visits", include_in_schema=False)
    async def agenda(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        return await visit_page(request, services, officer)

    @post("/visits/{visit_id:int}/arrival", include_in_schema=False)
    async def arrival(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        visit_id: FromPath[int],
    ) -> Response[Any]:
        require(officer, WORKERS)
        form = await request.form()
        async with services.database.write() as session:
            if not await _may_receive(session, officer, visit_id):
                raise Refusal(404, "没有这个预约，或者它不归您的队伍。")
            if not await visits.note_arrival(session, visit_id, now(), came=form.get("came") == "1"):
                raise Refusal(409, "这个预约刚有变化，请刷新后再看。")
            await audit.note(session, f"officer:{officer.id}", "note_arrival", f"visit:{visit_id}")
        return Redirect(VISITS, status_code=303)

    async def set_up(
        request: Request[Any, Any, Any],
        services: Services,
        officer: Officer,
        action: str,
        work: Callable[[AsyncSession], Awaitable[object]],
    ) -> Response[Any]:
        """Does what only leads may, and shows the page with the reason where it makes no sense."""
        require(officer, LEADS)
        try:
            async with services.database.write() as session:
                await work(session)
                await audit.note(session, f"officer:{officer.id}", action, "visits")
        except visits.VisitError as error:
            return await visit_page(request, services, officer, str(error))
        return Redirect(VISITS, status_code=303)

    @post("/visits/places", include_in_schema=False)
    async def add_place(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        form = await request.form()
        name, address = str(form.get("name") or ""), str(form.get("address") or "")
        return await set_up(
            request,
            services,
            officer,
            "add_place",
            lambda session: visits.add_place(session, name, address),
        )

    @post("/visits/places/{place_id:int}/close", include_in_schema=False)
    async def close_place(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        place_id: FromPath[int],
    ) -> Response[Any]:
        return await set_up(
            request,
            services,
            officer,
            "close_place",
            lambda session: visits.close_place(session, place_id),
        )

    @post("/visits/slots", include_in_schema=False)
    async def add_slot(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        form = await request.form()

        async def add(session: AsyncSession) -> object:
            begin, end = _moment(form, "begin"), _moment(form, "end")
            return await visits.add_slot(session, _number(form, "place"), begin, end, _number(form, "room"))

        return await set_up(request, services, officer, "add_slot", add)

    @post("/visits/slots/{slot_id:int}/drop", include_in_schema=False)
    async def drop_slot(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        slot_id: FromPath[int],
    ) -> Response[Any]:
        return await set_up(
            request, services, officer, "drop_slot", lambda session: visits.drop_slot(session, slot_id)
        )

    @get("/complaints", include_in_schema=False)
    async def complained(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        show: FromQuery[str] = "open",
    ) -> Response[Any]:
        require(officer, OVERSEERS)
        async with services.database.write() as session:
            found = await complaints.listed(session, officer, handled=show == "handled")
            titles = {row[0]: row[1] for row in await session.execute(select(Officer.id, Officer.title))}
        today = local_day(now())
        return shown(
            request,
            officer,
            "complaints",
            show="handled" if show == "handled" else "open",
            complaints=[
                {
                    "id": one.id,
                    "at": moment(one.at, today),
                    "words": one.words,
                    "number": number or "",
                    "by": titles.get(one.handled_by or 0, ""),
                    "handled": moment(one.handled_at, today) if one.handled_at else "",
                }
                for one, number in found
            ],
            may_handle=officer.role in LEADS,
        )

    @post("/complaints/{complaint_id:int}/handle", include_in_schema=False)
    async def handle(
        services: Wired, officer: NamedDependency[Officer], complaint_id: FromPath[int]
    ) -> Response[Any]:
        require(officer, LEADS)
        async with services.database.write() as session:
            await complaints.handle(session, complaint_id, officer, now())
        return Redirect("/desk/complaints", status_code=303)

    return Router(
        "/",
        route_handlers=[agenda, arrival, add_place, close_place, add_slot, drop_slot, complained, handle],
        dependencies={"officer": Provide(who_asks)},
    )


async def _may_receive(session: AsyncSession, officer: Officer, visit_id: int) -> bool:
    """Whether the firm that booked has no case yet, or one that `officer` may see."""
    query = (
        select(Case)
        .join(Visit, Visit.conversation_id == Case.conversation_id)
        .where(Visit.id == visit_id)
        .order_by(Case.id.desc())
        .limit(1)
    )
    case = await session.scalar(query)
    return case is None or may_see(officer, case)


def _moment(form: FormMultiDict, name: str) -> datetime:
    """A local time as the browser's own field gives it."""
    try:
        return datetime.fromisoformat(str(form.get(name) or "")).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise visits.VisitError("请填写开始和结束时间。") from None


def _number(form: FormMultiDict, name: str) -> int:
    text = str(form.get(name) or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise visits.VisitError("请选择地点，并填写可接待几家。")
    return int(text)
