"""Every route × role: the table, tried whole on a running app; and what was read is in the audit log."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import msgspec
import pytest
from access_table import PEOPLE, TABLE, Row, filled, picture
from app_fakes import served
from case_stage import Moving, Stage
from litestar import Litestar, Router
from litestar.routes import HTTPRoute
from policy_stage import CATALOG, load
from sqlalchemy import select

from bot.cases import attachments
from bot.cases.case_models import Audit, Case, Officer
from bot.cases.complaints import record
from bot.cases.database import Database
from bot.cases.firm_models import Visit, VisitPlace, VisitSlot
from bot.cases.models import Conversation
from bot.cases.officers import start_session
from bot.cases.routing import Traits
from bot.cases.sealing import load_sealer
from bot.catalog.model import Catalog
from bot.conversation import events
from bot.conversation.live import LiveDialogue
from bot.desk.again_routes import create_again_router
from bot.desk.catalog_routes import create_catalog_router
from bot.desk.report_routes import create_reports_router
from bot.desk.routes import create_desk_router
from bot.dialogue.turn import Current
from bot.policy.desk import PolicyDesk
from bot.settings import Settings
from bot.web.app import assemble, make_services
from bot.web.security import DESK_COOKIE
from bot.web.services import Services

TEAM, OTHER_TEAM = "loan_officer", "investment_manager"


class Place(msgspec.Struct):
    """A running desk with its people, and a client with its form token for each of them."""

    app: Litestar
    services: Services
    stage: Stage
    officers: dict[str, Officer]
    clients: dict[str, httpx.AsyncClient]
    tokens: dict[str, str]

    @property
    def database(self) -> Database:
        return self.services.database


@pytest.fixture
async def place(settings: Settings) -> AsyncIterator[Place]:
    sealer, current = load_sealer(settings), Current(load(CATALOG))
    services = make_services(settings, LiveDialogue(current), sealer)
    policy = PolicyDesk(services.database, current, CATALOG, load)
    app = assemble(services, sealer, desk_routers(policy), policy)
    async with AsyncExitStack() as opened:
        url = await opened.enter_async_context(served(app, lifespan="on"))
        stage = Stage(services.database, Moving())
        # Nobody is on duty: nothing is held out to anybody, whatever the hour.
        officers = {
            name: await stage.officer(name, role, teams=teams, on_duty=False)
            for name, role, teams in (
                ("stranger", "officer", (OTHER_TEAM,)),
                ("officer", "officer", (TEAM,)),
                ("other", "officer", (TEAM,)),
                ("lead", "lead", (TEAM,)),
                ("auditor", "auditor", ()),
                ("admin", "admin", ()),
            )
        }
        clients, tokens = {}, {}
        for person in PEOPLE:
            client = httpx.AsyncClient(base_url=url, timeout=20, trust_env=False)
            clients[person] = await opened.enter_async_context(client)
            page = await client.get("/desk/login")
            found = re.search(r'name="csrf" content="([^"]+)"', page.text)
            assert found
            tokens[person] = found[1]
        yield Place(app, services, stage, officers, clients, tokens)


async def log_in(place: Place, person: str) -> None:
    if person == "nobody":
        return
    async with place.database.write() as session:
        token, _ends = await start_session(session, place.officers[person], 1)
    place.clients[person].cookies.set(DESK_COOKIE, token, path="/desk")


async def a_case(place: Place, state: str) -> dict[str, Any]:
    """A firm of the officer's team with a file and a complaint; and what its rows have to fill in."""
    stage, database = place.stage, place.database
    firm = await stage.firm(traits=Traits(None, ("credit",)), state={"facts": {"amount_wan": 300}})
    if state != "queued":
        status = {"owned": "claimed", "approved": "approved"}[state]
        await stage.set_status(firm, status, place.officers["officer"])
    settings = place.services.settings
    key = await attachments.store(
        database, settings.data_dir, firm.conversation_id, "a.png", "image/png", picture()["file"][1].read()
    )
    async with database.write() as session:
        case = (await session.scalars(select(Case).where(Case.number == firm.number))).one()
        assert case.team == TEAM
        await record(session, firm.conversation_id, "等得太久", stage.clock())
        conversation = await session.get_one(Conversation, firm.conversation_id)
        return {
            "number": firm.number,
            "key": key,
            "version": conversation.version,
            "state_rev": conversation.state_rev,
            "case_version": case.version,
            "other": place.officers["other"].id,
            "unique": secrets.token_hex(6),
        }


async def ask(place: Place, person: str, row: Row, names: dict[str, Any]) -> int:
    """The status of the answer; a stream is left as soon as it begins."""
    given: dict[str, Any] = {"headers": {"x-csrf-token": place.tokens[person]}}
    if row.body is not None:
        given["json"] = filled(row.body, names)
    elif row.file:
        given["files"] = picture()
    elif row.form is not None:
        given["data"] = {name: str(value) for name, value in filled(row.form, names).items()}
    client = place.clients[person]
    async with client.stream(row.method, filled(row.path, names), **given) as answer:
        return answer.status_code


async def audited(place: Place, person: str, since: int) -> set[str]:
    if person == "nobody":
        return set()
    actor = f"officer:{place.officers[person].id}"
    async with place.database.read() as session:
        return set(await session.scalars(select(Audit.action).where(Audit.actor == actor, Audit.seq > since)))


async def last_line(place: Place) -> int:
    async with place.database.read() as session:
        return await session.scalar(select(Audit.seq).order_by(Audit.seq.desc()).limit(1)) or 0


def desk_routers(policy: PolicyDesk) -> list[Router]:
    def catalog() -> Catalog:
        return policy.catalog

    return [
        create_desk_router(catalog),
        create_reports_router(catalog),
        create_catalog_router(policy),
        create_again_router(policy),
    ]


def shape(path: str) -> str:
    """A path of the table or of the app, with every part that varies as `*`."""
    known = re.sub(r"\{[^}]+\}|999999|(?<=products/)\w+|(?<=plots/)\w+", "*", path)
    return known.rstrip("/") or "/"


@pytest.mark.slow
async def test_every_route_for_every_role(place: Place) -> None:
    """One app for the whole table: what is wrong is gathered and told at once."""
    wrong = []
    for row in TABLE:
        for person, expected in zip(PEOPLE, row.status, strict=True):
            await log_in(place, person)
            names = await a_case(place, row.state)
            since = await last_line(place)
            status = await ask(place, person, row, names)
            if status != expected:
                wrong.append(f"{row.method} {row.path}: {person} got {status}, not {expected}")
            # Who is shown nothing has read nothing; of lists, a stranger is shown no case of this team.
            reads = bool(row.read) and status == 200 and person != "stranger"
            if row.read and (row.read in await audited(place, person, since)) != reads:
                wrong.append(f"{row.method} {row.path}: {person}, {row.read} in the audit log: {not reads}")
    assert wrong == []


async def test_the_table_is_whole(place: Place) -> None:
    """A route that nobody decided about fails here."""
    served_routes = {
        (method, shape(route.path_format))
        for route in place.app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/desk")
        for method in route.methods
        if method not in ("OPTIONS", "HEAD")
    }
    assert served_routes == {(row.method, shape(row.path)) for row in TABLE}


@pytest.mark.parametrize("person", ["officer", "lead"])
async def test_a_form_of_another_page_is_refused(place: Place, person: str) -> None:
    """Without the token of a page of ours nothing is changed, whoever is logged in."""
    await log_in(place, person)
    names = await a_case(place, "queued")
    claim = f"/desk/api/cases/{names['number']}/claim"
    for path, given in (
        (claim, {"json": {}}),
        ("/desk/duty", {"data": {"on": "1"}}),
        ("/desk/routing", {"data": {"team": TEAM}}),
    ):
        answer = await place.clients[person].post(path, **given)
        assert answer.status_code == 403, path
    async with place.database.read() as session:
        case = (await session.scalars(select(Case).where(Case.number == names["number"]))).one()
    assert (case.status, case.owner_id) == ("queued", None)


async def test_who_came_is_noted_by_the_firms_own_team(place: Place) -> None:
    """A visit's number is easily guessed: of another team's firm nothing is changed."""
    names = await a_case(place, "owned")
    at = place.stage.clock()
    async with place.database.write() as session:
        case = (await session.scalars(select(Case).where(Case.number == names["number"]))).one()
        site = VisitPlace(name="金融便利店", address="")
        session.add(site)
        await session.flush()
        slot = VisitSlot(place_id=site.id, starts_at=at, ends_at=at, room=1, taken=1)
        session.add(slot)
        await session.flush()
        visit = Visit(slot_id=slot.id, conversation_id=case.conversation_id, created_at=at, changed_at=at)
        session.add(visit)
    row = Row("POST", f"/desk/visits/{visit.id}/arrival", (), form={"came": "0"})
    for person, expected in (("stranger", 404), ("officer", 303)):
        await log_in(place, person)
        assert await ask(place, person, row, {}) == expected


async def test_a_login_that_ends_ends_its_streams_too(place: Place) -> None:
    """An open page of somebody who may no longer see the case learns nothing more."""
    await log_in(place, "officer")
    names = await a_case(place, "owned")
    path = f"/desk/api/cases/{names['number']}/events"
    async with place.clients["officer"].stream("GET", path) as answer:
        lines = answer.aiter_lines()
        assert "hello" in await next_data(lines)
        async with place.database.write() as session:
            officer = await session.get_one(Officer, place.officers["officer"].id)
            officer.active = False
            stream = events.case(names["number"])
            await events.append(session, stream, "talk", {"number": names["number"], "seq": 7})
        place.services.broker.ring(stream)
        assert "gone" in await next_data(lines)


async def next_data(lines: AsyncIterator[str]) -> str:
    async for line in lines:
        if line.startswith("data:"):
            return line
    return ""
