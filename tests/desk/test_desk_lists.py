"""Which cases an officer's lists show, what is held out to them, and what runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from case_stage import Stage

from bot.cases import targets
from bot.cases.case_models import Officer
from bot.cases.routing import Traits
from bot.desk.access import packed
from bot.desk.list_routes import lists_for
from bot.desk.queries import counts, list_cases, offers_to, warnings_for

EQUITY = Traits(None, ("equity",))


async def shown(stage: Stage, officer: Officer, show: str) -> list[str]:
    async with stage.database.read() as session:
        return [case.number for case, _ in await list_cases(session, officer, show)]


async def test_lists_show_ones_teams_and_ones_own(stage: Stage, wang: Officer) -> None:
    loan, equity, taken = await stage.firm(), await stage.firm(traits=EQUITY), await stage.firm()
    zhou = await stage.officer("zhou", teams=("investment_manager",))
    everywhere = await stage.officer("qian")
    auditor = await stage.officer("sun", "auditor", teams=("investment_manager",))
    await stage.take(taken, wang)
    assert await shown(stage, wang, "queue") == [loan.number]
    assert await shown(stage, zhou, "queue") == [equity.number]
    assert await shown(stage, everywhere, "queue") == [loan.number, equity.number]
    assert await shown(stage, auditor, "open") == [loan.number, equity.number, taken.number]
    assert await shown(stage, wang, "mine") == [taken.number]
    assert await shown(stage, zhou, "mine") == []
    # Given to somebody of another team it is theirs to see, and of that team's cases only this one.
    await stage.set_status(loan, "in_review", zhou)
    assert await shown(stage, zhou, "mine") == [loan.number]
    assert loan.number in await shown(stage, zhou, "open")
    async with stage.database.read() as session:
        assert await counts(session, zhou) == {"queue": 1, "mine": 1, "open": 2, "ended": 0}


def test_who_has_which_list() -> None:
    def role(name: str) -> Officer:
        return Officer(name=name, role=name, skills={})

    assert lists_for(role("officer")) == ["queue", "mine", "ended"]
    assert lists_for(role("auditor")) == ["queue", "open", "ended"]
    assert lists_for(role("lead")) == lists_for(role("admin")) == ["queue", "mine", "open", "ended"]


async def test_what_is_held_out_is_shown_until_it_is_over(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm(offered=True)
    li = await stage.officer("li", teams=("loan_officer",))
    async with stage.database.read() as session:
        now = stage.clock()
        held = [one.case.number for one in await offers_to(session, wang, now)]
        others = [one.case.number for one in await offers_to(session, li, now)]
        over = await offers_to(session, wang, now + timedelta(minutes=11))
    assert (held, others, over) == ([firm.number], [], [])


async def test_clocks_that_run_out_are_shown_to_whom_they_concern(stage: Stage, wang: Officer) -> None:
    mine, queued = await stage.firm(), await stage.firm()
    li = await stage.officer("li", teams=("loan_officer",))
    lead = await stage.officer("chen", "lead")
    zhou = await stage.officer("zhou", teams=("investment_manager",))
    await stage.take(mine, wang)
    at = stage.clock.on(days=30)
    async with stage.database.write() as session:
        await targets.look(session, at)
        seen = {
            officer.name: {one.number for one in await warnings_for(session, officer, at)}
            for officer in (wang, li, lead, zhou)
        }
        late = await warnings_for(session, lead, at)
    assert seen == {
        wang.name: {mine.number, queued.number},
        "li": {queued.number},
        "chen": {mine.number, queued.number},
        "zhou": set(),
    }
    assert all(one.left_s < 0 and one.percent > 100 for one in late)
    assert [one.left_s for one in late] == sorted(one.left_s for one in late)


@pytest.mark.parametrize(
    ("ids", "lines"),
    [([], []), ([5], ["cases:5"]), ([3, 1, 2, 7, 7], ["cases:1-3,7"])],
)
def test_ids_of_a_list_are_packed(ids: list[int], lines: list[str]) -> None:
    assert packed("cases:", ids) == lines


def test_packed_ids_fit_the_audit_log() -> None:
    ids = list(range(1000, 1400, 2))
    lines = packed("cases:", ids)
    assert max(map(len, lines)) <= 80
    assert [int(one) for line in lines for one in line.removeprefix("cases:").split(",")] == ids
