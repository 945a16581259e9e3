"""A case judged again under the policy data in use, beside how it was judged when it was handed over."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import update

from bot.cases import audit
from bot.cases.case_models import ENDED, Case, CaseEvent, Officer
from bot.cases.clock import local_day, now
from bot.conversation import events
from bot.decision.compare import judged_again
from bot.desk.access import LEADS, NO_CASE, to_login, who_asks
from bot.desk.auth import NotLoggedIn
from bot.desk.case_file import find_case
from bot.desk.frame import frame_values
from bot.dialogue.brief import brief
from bot.dialogue.state import load_state
from bot.policy import store
from bot.policy.changes import ChangeLine, told
from bot.policy.desk import PolicyDesk
from bot.web.errors import Refusal
from bot.web.render import page
from bot.web.services import Wired

CASES = "/desk/cases"


class Again(msgspec.Struct, frozen=True):
    """`changes` is none where the version of the first judgement is not kept."""

    number: str
    old_version: str
    old_day: str
    new_version: str
    new_day: str
    changes: list[ChangeLine] | None
    may_adopt: bool


def may_adopt(case: Case, officer: Officer) -> bool:
    """Whether `officer` may replace the brief's judgement: whoever works on the case, or a lead."""
    return case.status not in ENDED and (case.owner_id == officer.id or officer.role in LEADS)


def create_again_router(policy: PolicyDesk) -> Router:
    """`/desk/cases/NUMBER/again`: shows the difference; posted to, the brief takes the new judgement."""

    async def the_case(services: Wired, officer: Officer, number: str) -> Case:
        async with services.database.write() as session:
            case = await find_case(session, officer, number)
            if case is None:
                raise Refusal(404, NO_CASE)
            await audit.note(session, f"officer:{officer.id}", "read_case", f"case:{case.number}")
            return case

    @get("/{number:str}/again", include_in_schema=False)
    async def again(
        request: Request[Any, Any, Any],
        officer: NamedDependency[Officer],
        services: Wired,
        number: FromPath[str],
    ) -> Response[Any]:
        case = await the_case(services, officer, number)
        async with services.database.read() as session:
            kept = await store.find_by_version(session, case.catalog_version)
        new, today = policy.current.services.decider, local_day(now())
        day = date.fromisoformat(case.brief.get("as_of") or local_day(case.updated_at).isoformat())
        changes = None
        if kept is not None:
            old = await policy.decider(kept)
            firm = load_state(case.state).firm
            found = await asyncio.to_thread(judged_again, firm, old, new, day, today)
            changes = [told(one, old.catalog, new.catalog) for one in found.changes]
        shown = Again(
            case.number,
            case.catalog_version,
            day.isoformat(),
            new.catalog.version,
            today.isoformat(),
            changes,
            may_adopt(case, officer),
        )
        return page("desk/again.html", **frame_values(request, officer), again=shown)

    @post("/{number:str}/again", include_in_schema=False)
    async def adopt(
        officer: NamedDependency[Officer], services: Wired, number: FromPath[str]
    ) -> Response[Any]:
        case = await the_case(services, officer, number)
        if not may_adopt(case, officer):
            raise Refusal(403, "只有接手的专员或负责人可以换成新的判断。")
        decider, at = policy.current.services.decider, now()
        made = await asyncio.to_thread(brief, case.state, decider, local_day(at), case.product)
        async with services.database.write() as session:
            # Nothing is replaced that has changed since it was read.
            done = await session.execute(
                update(Case)
                .where(Case.id == case.id, Case.updated_at == case.updated_at)
                .values(brief=made, catalog_version=decider.catalog.version, updated_at=at)
                .returning(Case.id)
            )
            if done.scalar_one_or_none() is None:
                raise Refusal(409, "这份简报刚有变化，请重新打开再决定。")
            versions = {"from": case.catalog_version, "to": decider.catalog.version}
            session.add(
                CaseEvent(case_id=case.id, at=at, kind="rejudged", officer_id=officer.id, data=versions)
            )
            await audit.note(session, f"officer:{officer.id}", "rejudge_case", f"case:{case.number}")
            told_desk = {"number": case.number, "status": case.status}
            await events.append(session, events.DESK, "case", told_desk)
        services.broker.ring(events.DESK)
        return Redirect(f"{CASES}/{case.number}", status_code=303)

    return Router(
        CASES,
        route_handlers=[again, adopt],
        dependencies={"officer": Provide(who_asks)},
        exception_handlers={NotLoggedIn: to_login},
    )
