"""A case moves on: the guarded change, and what it does to clocks, journey, talk and firm."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import journey, offers, targets
from bot.cases.case_models import ENDED, Case, Officer
from bot.cases.moves import may_move
from bot.conversation import notices
from bot.conversation.casework import Casework, Handled, NotAllowed, Stale
from bot.conversation.dialogue import Dialogue
from bot.conversation.returning import give_to_bot

# A bank or fund was asked, has answered, or there is nothing to ask it: that is the service's opinion.
_OPINIONS = ("submitted", "approved", "declined", "closed")


def roles_of(officer: Officer, case: Case) -> set[str]:
    """What `officer` is for this case, as the table of moves names it."""
    roles = {officer.role} & {"lead", "admin"}
    if officer.role != "auditor" and case.owner_id == officer.id:
        roles.add("officer")
    return roles


async def move(
    session: AsyncSession,
    number: str,
    officer: Officer,
    to_status: str,
    case_version: int,
    reason: str = "",
    *,
    dialogue: Dialogue,
) -> Handled:
    """Moves the case to `to_status`; the firm is told in the same transaction.

    Args:
        case_version: the case's version that the officer's page shows.
        reason: for the timeline; the firm does not see it.

    Raises:
        Stale: the case has another version. NotAllowed: the table forbids it. LookupError.
    """
    work = await Casework.open(session, number, officer)
    case = work.case
    if case.version != case_version:
        raise Stale
    if to_status in ("claimed", "queued"):
        raise NotAllowed("请用“接手”或“转交”。")
    if not may_move(case.status, to_status, roles_of(officer, case)):
        raise NotAllowed("办件现在的状态不能这样变更，或者您不是它的专员。")
    work.audit(officer, f"move_{to_status}")
    return await _move(work, to_status, reason, dialogue, officer)


async def withdraw(
    session: AsyncSession,
    number: str,
    by: Officer | str,
    *,
    reason: str = "",
    dialogue: Dialogue | None = None,
) -> Handled:
    """Takes the case back, on the firm's word.

    Args:
        by: an officer, `firm` or `system`.
        dialogue: needed where a human may have the talk.

    Raises:
        NotAllowed: somebody has decided already, or the case has ended. LookupError.
    """
    work = await Casework.open(session, number, None if isinstance(by, str) else by)
    officer = None if isinstance(by, str) else by
    roles = {str(by)} if officer is None else roles_of(officer, work.case)
    if not may_move(work.case.status, "withdrawn", roles):
        raise NotAllowed("这件现在不能撤回。")
    work.audit(by, "withdraw")
    return await _move(work, "withdrawn", reason, dialogue, officer)


async def answered(session: AsyncSession, conversation_id: str) -> Handled | None:
    """The firm wrote while its case waited for it and a human has the talk: the case goes on.

    Nothing where no case waits. The caller's transaction has the conversation locked.
    """
    number = await session.scalar(
        select(Case.number).where(Case.conversation_id == conversation_id, Case.status == "waiting_firm")
    )
    if number is None:
        return None
    work = await Casework.open(session, number)
    if work.conversation.mode != "human" or not may_move("waiting_firm", "in_review", "firm"):
        return None
    return await _move(work, "in_review", "", None, None, words=notices.answered(number))


async def _move(
    work: Casework,
    to: str,
    reason: str,
    dialogue: Dialogue | None,
    officer: Officer | None,
    *,
    words: str = "",
) -> Handled:
    case = work.case
    frm, version = case.status, case.version
    if not await work.change(Case.version == version, Case.status == frm, status=to):
        raise Stale
    work.timeline("moved", officer, **{"from": frm, "status": to, "reason": reason.strip()[:200]})
    await _clocks(work, frm, to)
    told = words or notices.moved(case.number, to)
    if to == "approved":
        await journey.begin(work.session, case, case.owner_id, work.at)
        if case.next_contact_on is not None:
            told += notices.on_the_way(case.next_contact_on)
    await work.tell(told, notices.stars(case.number) if to == "closed" else ())
    if to in ENDED:
        await _end(work, dialogue)
    work.status_events()
    return await work.done()


async def _clocks(work: Casework, frm: str, to: str) -> None:
    session, case, at = work.session, work.case, work.at
    if to == "waiting_firm":
        await targets.stop(session, case, at)
    elif frm == "waiting_firm":
        await targets.start(session, case, at)
    if to in _OPINIONS:
        await targets.meet(session, case, targets.OPINION, at)
    if to in ENDED:
        await targets.end(session, case, at)


async def _end(work: Casework, dialogue: Dialogue | None) -> None:
    work.case.ended_at = work.at
    await offers.settle(work.session, work.case.id, None, work.at)
    if work.conversation.mode == "human" and dialogue is not None:
        await give_to_bot(work, dialogue, "bot")
    else:
        work.talk_to("bot")
