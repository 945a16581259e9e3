"""After a yes: the companions' way with a firm, its milestones, and when somebody calls on it next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from case_stage import DIALOGUE, Firm, Stage
from sqlalchemy import select

from bot.cases import journey
from bot.cases.case_models import Case, Officer
from bot.cases.clock import local_day
from bot.conversation.handling import claim, move


async def approved(stage: Stage, officer: Officer, firm_stage: str | None = None) -> Firm:
    firm = await stage.firm(state={"facts": {"stage": firm_stage} if firm_stage else {}})
    async with stage.database.write() as session:
        await claim(session, firm.number, officer)
    for status in ("in_review", "submitted", "approved"):
        version = (await stage.case(firm)).version
        async with stage.database.write() as session:
            await move(session, firm.number, officer, status, version, dialogue=DIALOGUE)
    return firm


async def loaded(session: object, firm: Firm) -> Case:
    return (await session.scalars(select(Case).where(Case.number == firm.number))).one()  # type: ignore[attr-defined]


def test_the_six_stages_in_their_order() -> None:
    assert list(journey.STAGES.values()) == [
        "技术研发", "概念验证", "中试熟化", "孵化", "产业化", "发展壮大",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("firm_stage", "begins"),
    [
        ("lab", "research"),
        ("seed", "proof"),
        ("startup", "incubation"),
        ("growth", "industry"),
        ("mature", "growth"),
        (None, "incubation"),
    ],
)
async def test_a_yes_begins_the_way(stage: Stage, firm_stage: str | None, begins: str) -> None:
    officer = await stage.officer("wang")
    firm = await approved(stage, officer, firm_stage)
    case = await stage.case(firm)
    # 30 days after 24 November is 24 December 2026, a Thursday.
    assert (case.journey, case.next_contact_on) == (begins, date(2026, 12, 24))
    async with stage.database.read() as session:
        made = await journey.milestones(session, case.id)
    assert [(one.stage, one.reached_on) for one in made] == [(begins, date(2026, 11, 24))]
    assert "2026年12月24日前后再联系您" in (await stage.told(firm))[-1][1]


async def test_the_firm_gets_on_and_the_next_contact_with_it(stage: Stage) -> None:
    officer = await stage.officer("wang")
    firm = await approved(stage, officer, "lab")
    stage.clock.on(days=20)
    async with stage.database.write() as session:
        case = await loaded(session, firm)
        await journey.plan(session, case, officer, "pilot", "中试线投产", date(2027, 3, 1), stage.clock())
        await journey.advance(session, case, officer, "proof", "样机通过验证", stage.clock())
    case = await stage.case(firm)
    assert case.journey == "proof"
    assert case.next_contact_on == journey.next_contact(local_day(stage.clock()))
    async with stage.database.read() as session:
        made = await journey.milestones(session, case.id)
    assert [(one.stage, one.body["text"], one.due_on, one.reached_on) for one in made[1:]] == [
        ("pilot", "中试线投产", date(2027, 3, 1), None),
        ("proof", "样机通过验证", None, date(2026, 12, 14)),
    ]
    assert (await stage.timeline(firm))[-1].kind == "journey"


async def test_who_should_be_called_on(stage: Stage) -> None:
    officer = await stage.officer("wang")
    early, late = await approved(stage, officer), await approved(stage, officer)
    async with stage.database.write() as session:
        for firm, day in ((early, date(2026, 12, 1)), (late, date(2026, 12, 2))):
            await journey.contact_on(session, await loaded(session, firm), officer, day, stage.clock())
    async with stage.database.read() as session:
        on_first = await journey.due_contacts(session, date(2026, 12, 1))
        on_second = await journey.due_contacts(session, date(2026, 12, 2))
    assert [case.number for case in on_first] == [early.number]
    assert [case.number for case in on_second] == [early.number, late.number]
    version = (await stage.case(early)).version
    async with stage.database.write() as session:
        await move(session, early.number, officer, "closed", version, dialogue=DIALOGUE)
    async with stage.database.read() as session:
        left = await journey.due_contacts(session, date(2026, 12, 31))
    assert [case.number for case in left] == [late.number]


async def test_only_an_approved_case_is_on_the_way(stage: Stage) -> None:
    officer = await stage.officer("wang")
    firm = await stage.firm()
    async with stage.database.write() as session:
        case = await loaded(session, firm)
        with pytest.raises(journey.NotOnTheWay):
            await journey.advance(session, case, officer, "proof", "", stage.clock())
        with pytest.raises(journey.NotOnTheWay):
            await journey.contact_on(session, case, officer, date(2026, 12, 1), stage.clock())
    firm = await approved(stage, officer)
    async with stage.database.write() as session:
        with pytest.raises(KeyError):
            await journey.advance(session, await loaded(session, firm), officer, "moon", "", stage.clock())


def test_nobody_is_called_on_a_day_off() -> None:
    # 30 days after 2 September 2026 is 2 October, in the National Day holidays: Thursday 8 it is.
    assert journey.next_contact(date(2026, 9, 2)) == date(2026, 10, 8)
    # A make-up Saturday is a working day.
    assert journey.next_contact(date(2026, 10, 10) - timedelta(days=30)) == date(2026, 10, 10)
