"""The table of moves: every state, every target, every role, against a table written by hand."""

from __future__ import annotations

import pytest
from case_stage import DIALOGUE, Stage

from bot.cases.case_models import Officer
from bot.cases.moves import MOVES, ROLES, STATUSES, may_move, targets_of
from bot.conversation.handling import NotAllowed, Stale, move, withdraw

# O the owner (for a claim: anybody of the team), L lead, A admin, F the firm, S the service itself.
TABLE = """
              queued claimed in_review waiting_firm submitted approved declined closed withdrawn
queued        -      OLA     -         -            -         -        -        LA     OLAFS
claimed       OLA    -       OLA       OLA          -         -        -        OLA    OLAFS
in_review     OLA    -       -         OLA          OLA       -        -        OLA    OLAFS
waiting_firm  OLA    -       OLAF      -            OLA       -        -        OLA    OLAFS
submitted     -      -       OLA       OLA          -         OLA      OLA      LA     OLAFS
approved      -      -       -         -            -         -        -        OLA    -
declined      -      -       OLA       -            -         -        -        OLA    -
closed        -      -       -         -            -         -        -        -      -
withdrawn     -      -       -         -            -         -        -        -      -
"""
LETTERS = dict(zip("OLAFS", ROLES, strict=True))
EXPECTED = {
    (row.split()[0], to): {LETTERS[letter] for letter in cell if letter != "-"}
    for header in [TABLE.strip().splitlines()[0].split()]
    for row in TABLE.strip().splitlines()[1:]
    for to, cell in zip(header, row.split()[1:], strict=True)
}


@pytest.mark.parametrize("frm", STATUSES)
@pytest.mark.parametrize("to", STATUSES)
def test_who_may_move_a_case(frm: str, to: str) -> None:
    assert {role for role in ROLES if may_move(frm, to, role)} == EXPECTED[frm, to]


def test_the_table_names_no_other_state_or_role() -> None:
    assert len(EXPECTED) == len(STATUSES) ** 2
    assert {status for pair in MOVES for status in pair} == set(STATUSES)
    assert {role for roles in MOVES.values() for role in roles} == set(ROLES)
    assert not may_move("queued", "nowhere", "admin")
    assert not may_move("queued", "closed", "auditor")


def test_an_owner_who_leads_may_do_both() -> None:
    assert may_move("submitted", "closed", {"officer", "lead"})
    assert targets_of("submitted", {"officer"}) == [
        "in_review", "waiting_firm", "approved", "declined", "withdrawn",
    ]  # fmt: skip


async def test_the_desk_keeps_to_the_table(stage: Stage) -> None:
    """Each move tried on a real case by the owner, a colleague, a lead, an admin and an auditor."""
    owner = await stage.officer("owner")
    people = {
        "officer": owner,
        "colleague": await stage.officer("colleague"),
        "lead": await stage.officer("lead", "lead"),
        "admin": await stage.officer("admin", "admin"),
        "auditor": await stage.officer("auditor", "auditor"),
    }
    firm = await stage.firm()
    wrong = []
    for frm in STATUSES:
        for to in STATUSES:
            for role, officer in people.items():
                done = await _tried(stage, firm.number, frm, to, owner, officer)
                # Who has a case is decided by claiming, assigning and transferring.
                may = to not in ("queued", "claimed") and role in EXPECTED[frm, to]
                if done != may:
                    wrong.append((frm, to, role, done))
    assert wrong == []


class _Undone(Exception):
    """Ends a transaction without keeping it."""


async def _tried(stage: Stage, number: str, frm: str, to: str, owner: Officer, by: Officer) -> bool:
    from sqlalchemy import update

    from bot.cases.case_models import Case

    try:
        async with stage.database.write() as session:
            kept = {"status": frm, "owner_id": owner.id, "version": 7}
            await session.execute(update(Case).where(Case.number == number).values(**kept))
            await move(session, number, by, to, 7, dialogue=DIALOGUE)
            raise _Undone
    except _Undone:
        return True
    except NotAllowed:
        return False


async def test_a_page_that_is_behind_moves_nothing(stage: Stage) -> None:
    owner = await stage.officer("owner")
    firm = await stage.firm()
    version = await stage.set_status(firm, "claimed", owner)
    async with stage.database.write() as session:
        await move(session, firm.number, owner, "in_review", version, dialogue=DIALOGUE)
    with pytest.raises(Stale):
        async with stage.database.write() as session:
            await move(session, firm.number, owner, "waiting_firm", version, dialogue=DIALOGUE)
    assert (await stage.case(firm)).status == "in_review"


@pytest.mark.parametrize("by", ["firm", "system"])
@pytest.mark.parametrize("frm", STATUSES)
async def test_a_firm_steps_back_until_somebody_decided(stage: Stage, by: str, frm: str) -> None:
    firm = await stage.firm()
    await stage.set_status(firm, frm, None)
    allowed = by in EXPECTED[frm, "withdrawn"]
    if not allowed:
        with pytest.raises(NotAllowed):
            async with stage.database.write() as session:
                await withdraw(session, firm.number, by)
        return
    async with stage.database.write() as session:
        await withdraw(session, firm.number, by)
    case = await stage.case(firm)
    assert (case.status, case.ended_at) == ("withdrawn", stage.clock())
    assert (await stage.conversation(firm)).mode == "bot"
    assert "已撤回" in (await stage.told(firm))[-1][1]
