"""A case is held out to one officer, then to the team; only a claim makes an owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from case_stage import TUESDAY, Firm, Stage
from sqlalchemy import select

from bot.cases.case_models import Case
from bot.cases.database import Database
from bot.cases.desk_models import Offer
from bot.cases.office import set_office
from bot.conversation import events
from bot.conversation.assignment import nobody_until, pass_on, when_somebody
from bot.conversation.events import Broker
from bot.conversation.handling import CaseTaken, NotAllowed, claim
from bot.conversation.keeper import Keeper


async def offers(stage: Stage, firm: Firm) -> list[tuple[int, str]]:
    async with stage.database.read() as session:
        rows = await session.scalars(
            select(Offer).join(Case, Case.id == Offer.case_id).where(Case.number == firm.number)
        )
        return [(row.officer_id, row.status) for row in rows]


def keeper(stage: Stage, database: Database | None = None) -> Keeper:
    return Keeper(database or stage.database, Broker(), clock=stage.clock)


async def test_for_ten_minutes_it_is_one_officers_to_claim(stage: Stage) -> None:
    wang = await stage.officer("wang", title="王专员")
    li = await stage.officer("li", last_claimed_at=TUESDAY)
    firm = await stage.firm(offered=True)
    assert await offers(stage, firm) == [(wang.id, "open")]
    kind, data = (await stage.events(events.desk_of(wang.id)))[0]
    assert (kind, data["number"]) == ("offer", firm.number)
    assert data["expires_at"] == (TUESDAY + timedelta(minutes=10)).isoformat()
    assert (await stage.case(firm)).owner_id is None

    stage.clock.on(minutes=9, seconds=59)
    with pytest.raises(CaseTaken) as taken:
        async with stage.database.write() as session:
            await claim(session, firm.number, li)
    assert taken.value.owner == "王专员"
    await keeper(stage).look()
    assert await offers(stage, firm) == [(wang.id, "open")]

    stage.clock.on(seconds=1)
    await keeper(stage).look()
    assert await offers(stage, firm) == [(wang.id, "expired")]
    assert (await stage.events(events.desk_of(wang.id)))[-1][0] == "offer_gone"
    assert (await stage.case(firm)).owner_id is None
    async with stage.database.write() as session:
        await claim(session, firm.number, li)
    assert (await stage.case(firm)).owner_id == li.id


async def test_an_offer_that_is_over_holds_nobody_back_before_anybody_looks(stage: Stage) -> None:
    await stage.officer("wang")
    li = await stage.officer("li", last_claimed_at=TUESDAY)
    firm = await stage.firm(offered=True)
    stage.clock.on(minutes=10)
    async with stage.database.write() as session:
        await claim(session, firm.number, li)
    assert [status for _, status in await offers(stage, firm)] == ["withdrawn"]


async def test_the_offered_officer_claims(stage: Stage) -> None:
    wang = await stage.officer("wang")
    firm = await stage.firm(offered=True)
    async with stage.database.write() as session:
        await claim(session, firm.number, wang)
    assert await offers(stage, firm) == [(wang.id, "claimed")]
    stage.clock.on(minutes=11)
    await keeper(stage).look()
    assert await offers(stage, firm) == [(wang.id, "claimed")]
    assert [line.kind for line in await stage.timeline(firm)] == ["opened", "offered", "claimed"]


async def test_who_passes_leaves_it_to_the_team_at_once(stage: Stage) -> None:
    wang = await stage.officer("wang")
    li = await stage.officer("li", last_claimed_at=TUESDAY)
    firm = await stage.firm(offered=True)
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await pass_on(session, firm.number, li)
    async with stage.database.write() as session:
        await pass_on(session, firm.number, wang)
    assert await offers(stage, firm) == [(wang.id, "passed")]
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await pass_on(session, firm.number, wang)
    async with stage.database.write() as session:
        await claim(session, firm.number, li)


async def test_a_lead_need_not_wait(stage: Stage) -> None:
    wang = await stage.officer("wang")
    lead = await stage.officer("lead", "lead", last_claimed_at=TUESDAY)
    firm = await stage.firm(offered=True)
    async with stage.database.write() as session:
        await claim(session, firm.number, lead)
    assert await offers(stage, firm) == [(wang.id, "withdrawn")]
    assert (await stage.events(events.desk_of(wang.id)))[-1][0] == "offer_gone"


async def test_offers_survive_a_restart(stage: Stage, database: Database) -> None:
    wang = await stage.officer("wang")
    firm = await stage.firm(offered=True)
    stage.clock.on(hours=1)
    again = Database(database.url, database.sealer)
    await keeper(stage, again).look()
    await again.close()
    assert await offers(stage, firm) == [(wang.id, "expired")]


async def test_the_time_of_an_offer_is_a_setting(stage: Stage) -> None:
    async with stage.database.write() as session:
        await set_office(session, "09:00-12:00,13:30-17:30", 2)
    wang = await stage.officer("wang")
    firm = await stage.firm(offered=True)
    stage.clock.on(minutes=2)
    await keeper(stage).look()
    assert await offers(stage, firm) == [(wang.id, "expired")]


async def test_what_came_at_night_is_offered_in_the_morning(stage: Stage) -> None:
    wang = await stage.officer("wang")
    # Tuesday 22:00
    stage.clock.on(hours=12)
    first, second = await stage.firm(offered=True), await stage.firm(offered=True)
    await keeper(stage).look()
    assert await offers(stage, first) == []
    # Wednesday 09:00
    stage.clock.on(hours=11)
    await keeper(stage).look()
    await keeper(stage).look()
    assert await offers(stage, first) == [(wang.id, "open")]
    assert await offers(stage, second) == [(wang.id, "open")]


async def test_when_somebody_will_be_there(stage: Stage) -> None:
    async def asked() -> str:
        async with stage.database.read() as session:
            return await when_somebody(session, "loan_officer", stage.clock())

    # Tuesday 10:00, nobody on duty: the next stretch of work begins after lunch.
    await stage.officer("off", on_duty=False)
    await stage.officer("other", teams=("investment_manager",))
    assert "2026年11月24日13:30" in await asked()
    await stage.officer("wang", teams=("loan_officer",))
    assert await asked() == ""
    # Friday 19:00
    stage.clock.on(days=3, hours=9)
    said = await asked()
    assert "2026年11月30日09:00" in said
    assert "排位保留" in said
    assert "留个电话" in said
    # A year that no calendar knows yet is said so.
    stage.clock.at = TUESDAY.replace(year=2040)
    async with stage.database.read() as session:
        opens = await nobody_until(session, "investment_manager", stage.clock.on(hours=12))
    assert opens is not None
    assert "2040年的放假安排尚未收录" in await asked()
