"""The clocks of a case: working time, standing still, warnings, the lead; kept over restarts."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from case_stage import DIALOGUE, TUESDAY, Firm, Stage
from sqlalchemy import select

from bot.cases import targets
from bot.cases.case_models import Case, Officer
from bot.cases.clock import SHANGHAI
from bot.cases.database import Database
from bot.cases.desk_models import CaseClock
from bot.cases.office import office_of
from bot.cases.worktime import parse_hours
from bot.conversation import events
from bot.conversation.events import Broker
from bot.conversation.handling import answered, assign, claim, hand_back, move, withdraw, write
from bot.conversation.keeper import Keeper, prepare_office
from bot.settings import Settings

HOUR = 3600


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


async def clocks(stage: Stage, firm: Firm) -> dict[str, CaseClock]:
    async with stage.database.read() as session:
        rows = await session.scalars(
            select(CaseClock).join(Case, Case.id == CaseClock.case_id).where(Case.number == firm.number)
        )
        return {row.target: row for row in rows}


async def look(stage: Stage) -> None:
    """A process that was started just now looks for what is due."""
    fresh = Database(stage.database.url, stage.database.sealer)
    await Keeper(fresh, Broker(), clock=stage.clock).look()
    await fresh.close()


async def warnings(stage: Stage, officer: Officer) -> list[tuple[str, int]]:
    found = await stage.events(events.desk_of(officer.id))
    return [(data["target"], data["percent"]) for kind, data in found if kind == "warning"]


async def claimed(stage: Stage, officer: Officer) -> tuple[Firm, int]:
    """(firm, the conversation's version)"""
    firm = await stage.firm()
    async with stage.database.write() as session:
        return firm, (await claim(session, firm.number, officer)).version


async def moved(stage: Stage, firm: Firm, officer: Officer, *way: str) -> None:
    for status in way:
        version = (await stage.case(firm)).version
        async with stage.database.write() as session:
            await move(session, firm.number, officer, status, version, dialogue=DIALOGUE)


async def test_a_target_holds_until_the_end_of_the_day_that_was_told(stage: Stage) -> None:
    # Tuesday 10:00: six hours of today and all of tomorrow; the opinion has six days more.
    firm = await stage.firm()
    case, found = await stage.case(firm), await clocks(stage, firm)
    assert (case.first_reply_by, case.opinion_by) == (date(2026, 11, 25), date(2026, 12, 3))
    assert found["first_reply"].allowed_s == (5.5 + 7 + 0.5) * HOUR
    hours = parse_hours("09:00-12:00,13:30-17:30")
    assert targets.due_at(found["first_reply"], hours) == at("2026-11-25", "17:30")
    assert targets.due_at(found["opinion"], hours) == at("2026-12-03", "17:30")


async def test_warnings_at_half_and_most_and_then_the_lead(stage: Stage) -> None:
    wang = await stage.officer("wang")
    lead = await stage.officer("lead", "lead")
    other_lead = await stage.officer("other lead", "lead", teams=("investment_manager",))
    firm, _ = await claimed(stage, wang)

    # 13 working hours are allowed: half is over on Tuesday at 18:00, that is on Wednesday morning at 9:30.
    stage.clock.at = at("2026-11-25", "09:29")
    await look(stage)
    assert await warnings(stage, wang) == []
    stage.clock.at = at("2026-11-25", "09:30")
    await look(stage)
    await look(stage)
    assert await warnings(stage, wang) == [("first_reply", 50)]
    assert await warnings(stage, lead) == []

    # 80 %: 10.4 hours, Wednesday 14:54.
    stage.clock.at = at("2026-11-25", "14:53")
    await look(stage)
    assert await warnings(stage, wang) == [("first_reply", 50)]
    stage.clock.at = at("2026-11-25", "14:54")
    await look(stage)
    assert await warnings(stage, wang) == [("first_reply", 50), ("first_reply", 80)]
    assert await warnings(stage, lead) == []

    stage.clock.at = at("2026-11-25", "17:30")
    await look(stage)
    await look(stage)
    assert await warnings(stage, wang) == [("first_reply", 50), ("first_reply", 80), ("first_reply", 100)]
    assert await warnings(stage, lead) == [("first_reply", 100)]
    assert await warnings(stage, other_lead) == []
    told = [(line.kind, line.data) for line in await stage.timeline(firm)]
    assert told[-3:] == [
        ("warned", {"target": "first_reply", "percent": 50}),
        ("warned", {"target": "first_reply", "percent": 80}),
        ("escalated", {"target": "first_reply", "percent": 100}),
    ]


async def test_nothing_is_lost_while_the_service_stands_still(stage: Stage) -> None:
    wang, lead = await stage.officer("wang"), await stage.officer("lead", "lead")
    await claimed(stage, wang)
    stage.clock.at = at("2026-11-30", "09:20")
    await look(stage)
    # The first reply is over; of the opinion, half is not yet (27⅓ of 55 hours).
    assert await warnings(stage, lead) == [("first_reply", 100)]
    assert await warnings(stage, wang) == [("first_reply", 100)]
    stage.clock.at = at("2026-12-31", "10:00")
    await look(stage)
    assert await warnings(stage, wang) == [("first_reply", 100), ("opinion", 100)]


async def test_a_case_without_an_owner_warns_the_team(stage: Stage) -> None:
    wang = await stage.officer("wang", teams=("loan_officer",))
    other = await stage.officer("other", teams=("investment_manager",))
    await stage.firm()
    stage.clock.at = at("2026-11-25", "10:00")
    await look(stage)
    assert await warnings(stage, wang) == [("first_reply", 50)]
    assert await warnings(stage, other) == []


async def test_where_no_lead_is_the_admin_is_told(stage: Stage) -> None:
    admin = await stage.officer("admin", "admin")
    await claimed(stage, await stage.officer("wang"))
    stage.clock.at = at("2026-11-26", "10:00")
    await look(stage)
    assert await warnings(stage, admin) == [("first_reply", 100)]


async def test_it_stands_still_while_the_firm_is_waited_for(stage: Stage) -> None:
    wang = await stage.officer("wang")
    firm, version = await claimed(stage, wang)
    stage.clock.at = at("2026-11-24", "14:30")
    async with stage.database.write() as session:
        await write(session, firm.number, wang, version, "请把审计报告发来")
    await moved(stage, firm, wang, "waiting_firm")
    opinion = (await clocks(stage, firm))["opinion"]
    assert (opinion.status, opinion.used_s, opinion.next_look_at) == ("stopped", 3 * HOUR, None)

    # A week later the firm answers, and that ends the waiting.
    stage.clock.at = at("2026-12-01", "14:30")
    await look(stage)
    await stage.writes(firm, "审计报告在这里")
    async with stage.database.write() as session:
        handled = await answered(session, firm.conversation_id)
    assert handled is not None
    case, opinion = await stage.case(firm), (await clocks(stage, firm))["opinion"]
    assert case.status == "in_review"
    assert (opinion.status, opinion.used_s, opinion.running_since) == ("running", 3 * HOUR, stage.clock())
    # Five working days later than it was (24 November 14:30 to 1 December 14:30).
    assert case.opinion_by == date(2026, 12, 10)
    assert await warnings(stage, wang) == []
    assert (await stage.told(firm))[-1][1].startswith("收到您补充的情况")

    stage.clock.at = at("2026-12-01", "15:30")
    async with stage.database.read() as session:
        hours = (await office_of(session)).hours
    assert targets.used_s(opinion, hours, stage.clock()) == 4 * HOUR
    assert targets.due_at(opinion, hours) == at("2026-12-10", "17:30")


async def test_only_a_human_talk_is_an_answer_to_waiting(stage: Stage) -> None:
    wang = await stage.officer("wang")
    firm, _ = await claimed(stage, wang)
    async with stage.database.write() as session:
        assert await answered(session, firm.conversation_id) is None
    await moved(stage, firm, wang, "waiting_firm")
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "先问助手", dialogue=DIALOGUE)
    async with stage.database.write() as session:
        assert await answered(session, firm.conversation_id) is None
    assert (await stage.case(firm)).status == "waiting_firm"


async def test_the_first_words_meet_the_first_target_and_the_opinion_the_second(stage: Stage) -> None:
    wang = await stage.officer("wang")
    firm, version = await claimed(stage, wang)
    stage.clock.at = at("2026-11-24", "11:00")
    for words in ("您好", "请问"):
        async with stage.database.write() as session:
            await write(session, firm.number, wang, version, words)
        stage.clock.on(minutes=5)
    case, found = await stage.case(firm), await clocks(stage, firm)
    assert case.first_reply_at == at("2026-11-24", "11:00")
    assert (found["first_reply"].status, found["first_reply"].used_s) == ("met", HOUR)
    assert found["opinion"].status == "running"

    stage.clock.at = at("2026-12-04", "09:30")
    await moved(stage, firm, wang, "in_review", "submitted")
    case, found = await stage.case(firm), await clocks(stage, firm)
    assert case.opinion_at == stage.clock()
    # Half an hour too late.
    assert (found["opinion"].status, found["opinion"].ended_at) == ("missed", stage.clock())
    await look(stage)
    assert await warnings(stage, wang) == []


async def test_a_withdrawn_case_is_neither_met_nor_missed(stage: Stage) -> None:
    firm = await stage.firm()
    stage.clock.on(hours=1)
    async with stage.database.write() as session:
        await withdraw(session, firm.number, "firm")
    found = await clocks(stage, firm)
    assert {clock.status for clock in found.values()} == {"stopped"}
    assert all(clock.ended_at == stage.clock() for clock in found.values())
    stage.clock.at = at("2026-12-31", "10:00")
    await look(stage)
    assert [line.kind for line in await stage.timeline(firm)] == ["opened", "moved"]


async def test_other_hours_plan_the_running_clocks_anew(stage: Stage) -> None:
    wang = await stage.officer("wang")
    firm, _ = await claimed(stage, wang)
    before = (await clocks(stage, firm))["first_reply"].next_look_at
    assert before == at("2026-11-25", "09:30")
    settings = Settings(work_hours="09:00-18:00")
    await prepare_office(stage.database, settings)
    after = (await clocks(stage, firm))["first_reply"].next_look_at
    # Half of 13 hours, without a break: 16:30 on the same day.
    assert after == at("2026-11-24", "16:30")


async def test_an_unknown_year_is_said(stage: Stage) -> None:
    stage.clock.at = datetime(2040, 1, 3, 2, 0, tzinfo=UTC)
    wang = await stage.officer("wang")
    firm, _ = await claimed(stage, wang)
    case = await stage.case(firm)
    assert case.clock_note.startswith("2040年的放假安排尚未收录")
    # By weekdays: Tuesday 3 January; the next working day is Wednesday.
    assert case.first_reply_by == date(2040, 1, 4)
    await moved(stage, firm, wang, "waiting_firm")
    stage.clock.on(days=7)
    await moved(stage, firm, wang, "in_review")
    assert (await stage.case(firm)).clock_note.startswith("2040年的放假安排尚未收录")


async def test_two_keepers_warn_once(stage: Stage) -> None:
    wang = await stage.officer("wang")
    for _ in range(5):
        await claimed(stage, wang)
    stage.clock.at = at("2026-11-25", "10:00")
    await asyncio.gather(*(look(stage) for _ in range(3)))
    assert await warnings(stage, wang) == [("first_reply", 50)] * 5


async def test_assigning_to_another_does_not_start_the_clock_anew(stage: Stage) -> None:
    wang, li = await stage.officer("wang"), await stage.officer("li")
    lead = await stage.officer("lead", "lead")
    firm, _ = await claimed(stage, wang)
    before: Any = (await clocks(stage, firm))["first_reply"]
    stage.clock.on(hours=1)
    case = await stage.case(firm)
    async with stage.database.write() as session:
        await assign(session, firm.number, lead, li.id, case.version)
    after = (await clocks(stage, firm))["first_reply"]
    assert (after.running_since, after.used_s) == (before.running_since, before.used_s)
    assert after.running_since == TUESDAY
