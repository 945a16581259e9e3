"""`/desk/api/cases/NUMBER/journey…`: the way of an approved firm, its milestones and next contact."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import msgspec
from litestar import Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import journey
from bot.cases.case_models import Officer
from bot.conversation.casework import Casework, Handled, NotAllowed
from bot.conversation.moving import roles_of
from bot.desk.access import who_asks
from bot.desk.action_routes import API, handled
from bot.web.services import Wired

_LONGEST = 500
# Once a stage is reached, somebody calls on the firm on this day, or after the usual time.
Change = Callable[[Casework], Awaitable[object]]


class Reached(msgspec.Struct, frozen=True):
    stage: str
    text: str = ""
    next_contact_on: date | None = None


class Planned(msgspec.Struct, frozen=True):
    stage: str
    due_on: date
    text: str = ""


class Contact(msgspec.Struct, frozen=True):
    on: date


async def on_the_way(
    session: AsyncSession, number: str, officer: Officer, action: str, change: Change
) -> Handled:
    """`change`s the journey of the case, if it is `officer`'s to change.

    Raises:
        NotAllowed: it is not theirs, or the case is not approved. LookupError.
    """
    work = await Casework.open(session, number, officer)
    if not roles_of(officer, work.case):
        raise NotAllowed("只有办件的专员或组长可以改陪跑进程。")
    try:
        await change(work)
    except journey.NotOnTheWay as error:
        raise NotAllowed(str(error)) from None
    except KeyError:
        raise NotAllowed("没有这个阶段。") from None
    work.audit(officer, action)
    work.status_events()
    return await work.done()


def create_journey_router() -> Router:
    @post("/{number:str}/journey", include_in_schema=False)
    async def reach(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Reached]
    ) -> Response[Any]:
        async def change(work: Casework) -> None:
            await journey.advance(
                work.session,
                work.case,
                officer,
                data.stage,
                data.text.strip()[:_LONGEST],
                work.at,
                next_contact_on=data.next_contact_on,
            )

        return await handled(
            services, officer, lambda session: on_the_way(session, number, officer, "journey", change)
        )

    @post("/{number:str}/plan", include_in_schema=False)
    async def plan(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Planned]
    ) -> Response[Any]:
        async def change(work: Casework) -> None:
            text = data.text.strip()[:_LONGEST]
            await journey.plan(work.session, work.case, officer, data.stage, text, data.due_on, work.at)

        return await handled(
            services, officer, lambda session: on_the_way(session, number, officer, "plan_milestone", change)
        )

    @post("/{number:str}/contact", include_in_schema=False)
    async def contact(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Contact]
    ) -> Response[Any]:
        async def change(work: Casework) -> None:
            await journey.contact_on(work.session, work.case, officer, data.on, work.at)

        return await handled(
            services, officer, lambda session: on_the_way(session, number, officer, "plan_contact", change)
        )

    return Router(API, route_handlers=[reach, plan, contact], dependencies={"officer": Provide(who_asks)})
