"""Who has a case: claim, assign, transfer, hand back. Each change is one UPDATE guarded by what was there."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import offers
from bot.cases.case_models import ENDED, Case, Officer
from bot.cases.desk_models import Note, Offer
from bot.cases.routing import CLAIMERS, TEAMS
from bot.conversation import events, notices
from bot.conversation.casework import CaseTaken, Casework, Handled, NotAllowed, Stale, title_of
from bot.conversation.dialogue import Dialogue
from bot.conversation.returning import give_to_bot, human_begins

_LEADS = ("lead", "admin")
# A case on its way to or from a bank goes from person to person, never back into the queue.
_TO_TEAM = ("claimed", "in_review", "waiting_firm")


async def claim(session: AsyncSession, number: str, officer: Officer) -> Handled:
    """Makes `officer` the owner of a queued case. From the commit on the bot is silent.

    While the case is held out to somebody else, it is theirs to claim (leads may nevertheless). An owner who
    claims their own case takes its talk back from the bot.

    Raises:
        CaseTaken: the case has an owner already, or is held out to another. NotAllowed. LookupError.
    """
    work = await Casework.open(session, number, officer)
    if officer.role not in CLAIMERS:
        raise NotAllowed("您的角色只能查看，不能接办件。")
    case = work.case
    if case.owner_id == officer.id and case.status not in ENDED:
        return await _resume(work, officer)
    guard = [Case.status == "queued", Case.owner_id.is_(None)]
    if officer.role not in _LEADS:
        held = select(Offer.id).where(
            Offer.case_id == Case.id,
            Offer.status == "open",
            Offer.expires_at > work.at,
            Offer.officer_id != officer.id,
        )
        guard.append(~held.exists())
    if not await work.change(*guard, status="claimed", owner_id=officer.id):
        raise await _lost(work)
    return await _owned(work, officer, "claimed", officer)


async def assign(
    session: AsyncSession, number: str, lead: Officer, to_officer_id: int, case_version: int
) -> Handled:
    """A lead makes somebody the owner, of a queued case or of one that has an owner already.

    Raises:
        CaseTaken: it was queued and somebody was quicker. Stale, NotAllowed, LookupError.
    """
    work = await Casework.open(session, number, lead)
    if lead.role not in _LEADS:
        raise NotAllowed("只有组长可以指派。")
    to = await _receiver(session, to_officer_id)
    case, queued = work.case, work.case.status == "queued"
    _still_open(case)
    values = {"owner_id": to.id} | ({"status": "claimed"} if queued else {})
    if not await work.change(Case.version == case_version, Case.status == case.status, **values):
        if case.owner_id is not None and case.owner_id != to.id:
            raise CaseTaken(await title_of(session, case.owner_id))
        raise Stale
    return await _owned(work, to, "assigned", lead)


async def transfer(
    session: AsyncSession,
    number: str,
    officer: Officer,
    to: int | str,
    note: str,
    *,
    dialogue: Dialogue,
) -> Handled:
    """The owner (or a lead) hands the case to a person (an officer's id) or back to a team (its id).

    `note` stays among officers. To a team it is queued again and offered anew; the bot helps meanwhile.

    Raises:
        NotAllowed: it is not theirs, or goes to nobody who can take it. Stale, LookupError.
    """
    work = await Casework.open(session, number, officer)
    case = work.case
    _still_open(case)
    if case.owner_id is None or not _may_hand_on(officer, case):
        raise NotAllowed("只有办件的专员或组长可以转交。")
    guard = (Case.version == case.version, Case.owner_id == case.owner_id)
    if isinstance(to, int):
        receiver = await _receiver(session, to)
        if receiver.id == case.owner_id:
            raise NotAllowed("这件已经在他那里。")
        if not await work.change(*guard, owner_id=receiver.id):
            raise Stale
        _note(work, officer, note)
        return await _owned(work, receiver, "transferred", officer)
    if to not in TEAMS:
        raise NotAllowed("没有这支队伍。")
    if case.status not in _TO_TEAM:
        raise NotAllowed("这个阶段的办件请转给具体的专员。")
    if not await work.change(*guard, owner_id=None, status="queued", team=to):
        raise Stale
    _note(work, officer, note)
    await give_to_bot(work, dialogue, "waiting")
    work.timeline("transferred", officer, team=to, status="queued")
    work.audit(officer, "transfer")
    await work.tell(notices.to_team(number, to))
    await _offer_anew(work)
    work.status_events()
    return await work.done()


async def hand_back(
    session: AsyncSession, number: str, officer: Officer, reason: str, *, dialogue: Dialogue
) -> Handled:
    """The bot goes on with the talk, knowing what was said; the case stays with its owner.

    Raises:
        NotAllowed: the talk is not with a human, or not theirs; or no reason is given. LookupError.
    """
    work = await Casework.open(session, number, officer)
    if not reason.strip():
        raise NotAllowed("请写一句交回的原因。")
    _still_open(work.case)
    if work.conversation.mode != "human" or not _may_hand_on(officer, work.case):
        raise NotAllowed("这段对话现在不在您手里。")
    owner = await title_of(session, work.case.owner_id)
    await work.change()
    await give_to_bot(work, dialogue, "bot", notices.handed_back(number, owner))
    work.timeline("handed_back", officer, reason=reason.strip()[:200])
    work.audit(officer, "hand_back")
    work.status_events()
    return await work.done()


async def _resume(work: Casework, officer: Officer) -> Handled:
    """The owner takes the talk back from the bot."""
    if work.conversation.mode == "human":
        return await work.done()
    began = await human_begins(work)
    await work.change()
    work.talk_to("human", officer.id)
    await work.silence_bot()
    work.timeline("resumed", officer, **began)
    work.audit(officer, "resume")
    await work.tell(notices.resumed(work.case.number, officer.title))
    work.status_events()
    return await work.done()


async def _owned(work: Casework, owner: Officer, kind: str, by: Officer) -> Handled:
    """What follows when a case gets an owner: the talk is theirs, the firm is told, the offer is settled."""
    case, session = work.case, work.session
    began = {} if work.conversation.mode == "human" else await human_begins(work)
    new = kind == "claimed" or (case.status == "claimed" and kind == "assigned" and bool(began))
    if began:
        await work.silence_bot()
    work.talk_to("human", owner.id)
    offered_to = await offers.settle(session, case.id, owner.id, work.at)
    await session.execute(
        update(Officer)
        .where(Officer.id == owner.id)
        .values(last_claimed_at=work.at)
        .execution_options(synchronize_session=False)
    )
    work.timeline(kind, by, **({"to": owner.id} if by.id != owner.id else {}), **began)
    work.audit(by, {"claimed": "claim", "assigned": "assign"}.get(kind, "transfer"))
    words = notices.claimed if new else notices.passed_on
    await work.tell(words(case.number, owner.title))
    plain = {"number": case.number, "status": case.status}
    if by.id != owner.id:
        work.event(events.desk_of(owner.id), kind, plain)
    if offered_to is not None and offered_to != owner.id:
        work.event(events.desk_of(offered_to), "offer_gone", plain)
    work.status_events()
    return await work.done()


async def _lost(work: Casework) -> Exception:
    """Why a claim failed."""
    case = work.case
    if case.owner_id is not None:
        return CaseTaken(await title_of(work.session, case.owner_id))
    held = await offers.open_offer(work.session, case.id)
    if case.status == "queued" and held is not None:
        return CaseTaken(await title_of(work.session, held.officer_id))
    return NotAllowed("这件已经结束。")


async def _receiver(session: AsyncSession, officer_id: int) -> Officer:
    """Who gets a case: somebody who works on cases and is there."""
    officer = await session.get(Officer, officer_id)
    if officer is None or not officer.active or officer.role not in CLAIMERS:
        raise NotAllowed("没有可以接办件的这位专员。")
    return officer


def _still_open(case: Case) -> None:
    """An ended case keeps its owner, but the talk may be about another one by now."""
    if case.status in ENDED:
        raise NotAllowed("这件已经结束。")


def _may_hand_on(officer: Officer, case: Case) -> bool:
    return officer.role in _LEADS or (officer.role in CLAIMERS and case.owner_id == officer.id)


def _note(work: Casework, officer: Officer, text: str) -> None:
    if text.strip():
        work.session.add(Note(case_id=work.case.id, officer_id=officer.id, text=text.strip(), at=work.at))


async def _offer_anew(work: Casework) -> None:
    """A case that came back is held out to the best of its new team, like a new one."""
    held = await offers.offer(work.session, work.case, work.at, again=True)
    if held is not None:
        data = {"number": held.number, "offer": held.offer_id, "expires_at": held.expires_at.isoformat()}
        work.event(events.desk_of(held.officer_id), "offer", data)
