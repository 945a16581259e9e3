"""What a firm does from its side, written with the turn that says so: visits, stars, complaints, its number,
its data, questions left open. What only the database knows is said here, after the dialogue's own words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import codes, complaints, erasure, own_data, ratings, visits
from bot.cases.case_models import Case, CaseEvent
from bot.cases.firm_models import OpenQuestion
from bot.cases.masking import mask
from bot.cases.models import Conversation
from bot.cases.opening import open_case_of
from bot.conversation import doors, events, own_words
from bot.conversation.turns import Turn
from bot.conversation.wire import Reply

_LONGEST_QUESTION = 500
EXPORT_PATH = "/api/v1/chat/export/"
# Pages that can fetch a file by a link; elsewhere what is kept is shown as text.
_BY_LINK = ("web",)

Gathered = tuple[str, str, dict[str, Any]]


class Done(msgspec.Struct):
    """What follows the turn's replies, events to append, and, after an erasure, paths of files to remove."""

    replies: list[Reply] = []
    events: list[Gathered] = []
    erased: erasure.Erased | None = None


_PAST = {"visit_book": "visit_booked", "visit_move": "visit_moved", "visit_cancel": "visit_cancelled"}

#: How many replies an effect may add at most: message numbers are taken before it is known.
TELLING = {
    "case_status": 1,
    "case_code": 1,
    "visit_book": 1,
    "visit_move": 1,
    "visit_cancel": 1,
    "rating": 1,
    "data_show": 1,
    "data_export": 1,
    "data_erase": 1,
}


async def apply(session: AsyncSession, turn: Turn, effects: list[dict[str, Any]], at: datetime) -> Done:
    """Does what the `effects` of a turn ask for, in the recorder's transaction, which has the conversation
    locked. An effect of another kind is not touched."""
    done = Done()
    for effect in effects:
        step = _STEPS.get(str(effect.get("kind")))
        if step is not None:
            await step(session, turn, effect, at, done)
    return done


async def _visit(session: AsyncSession, turn: Turn, effect: dict[str, Any], at: datetime, done: Done) -> None:
    kind = effect["kind"]
    try:
        if kind == "visit_cancel":
            visit = await visits.cancel(session, turn.conversation_id, at)
        elif kind == "visit_move":
            visit = await visits.move(session, turn.conversation_id, int(effect["slot"]), at)
        else:
            visit = await visits.book(session, turn.conversation_id, int(effect["slot"]), at)
    except visits.SlotGone:
        done.replies.append(own_words.slot_gone())
        return
    except visits.NoVisit:
        done.replies.append(own_words.no_visit())
        return
    except visits.AlreadyBooked:
        done.replies.append(own_words.already_booked())
        return
    done.replies.append(own_words.visit(kind, visit.slot))
    past = _PAST[kind]
    await _timeline(session, turn, past, at, when=visit.slot.when, place=visit.slot.place)
    done.events.append((events.DESK, "visit", {"visit": visit.id, "status": past.removeprefix("visit_")}))


async def _rating(
    session: AsyncSession, turn: Turn, effect: dict[str, Any], at: datetime, done: Done
) -> None:
    try:
        await ratings.rate(session, turn.conversation_id, effect["case"], effect["stars"], at)
    except ratings.CannotRate:
        done.replies.append(own_words.cannot_rate())
        return
    done.replies.append(own_words.rated(effect["stars"]))
    # The case has ended: nothing else tells its page.
    done.events.append((events.case(effect["case"]), "rated", {"number": effect["case"]}))
    done.events.append((events.DESK, "rated", {"number": effect["case"]}))


async def _complaint(
    session: AsyncSession, turn: Turn, effect: dict[str, Any], at: datetime, done: Done
) -> None:
    words = str(effect.get("words") or turn.text)
    complaint = await complaints.record(session, turn.conversation_id, words, at)
    done.events.append((events.DESK, "complaint", {"complaint": complaint.id}))


async def _case_status(
    session: AsyncSession, turn: Turn, effect: dict[str, Any], at: datetime, done: Done
) -> None:
    case = await codes.case_by_code(session, str(effect["number"]), str(effect["code"]), at)
    if case is None:
        done.replies.append(own_words.bad_code())
        return
    # The code is used up; whoever showed it may ask again.
    code = await codes.make(session, codes.STATUS, case.conversation_id, at)
    done.replies.append(own_words.status(case, code))


async def _case_code(
    session: AsyncSession, turn: Turn, _effect: dict[str, Any], at: datetime, done: Done
) -> None:
    case = await open_case_of(session, turn.conversation_id)
    if case is not None:
        code = await codes.make(session, codes.STATUS, turn.conversation_id, at)
        done.replies.append(Reply(own_words.code_for(case.number, code)))


async def _phone(session: AsyncSession, turn: Turn, effect: dict[str, Any], at: datetime, done: Done) -> None:
    await session.execute(
        update(Conversation)
        .where(Conversation.id == turn.conversation_id)
        .values(phone=str(effect["number"])[:30])
    )
    number = await _timeline(session, turn, "phone_left", at)
    if number is not None:
        done.events.append((events.case(number), "phone", {"number": number}))


async def _show(session: AsyncSession, turn: Turn, _effect: dict[str, Any], at: datetime, done: Done) -> None:
    hidden = await _hidden(session, turn)
    if hidden is not None:
        done.replies.append(hidden)
        return
    done.replies.append(own_words.kept(await own_data.collect(session, turn.conversation_id)))


async def _export(
    session: AsyncSession, turn: Turn, _effect: dict[str, Any], at: datetime, done: Done
) -> None:
    hidden = await _hidden(session, turn)
    if hidden is not None:
        done.replies.append(hidden)
    elif turn.messages[-1].channel in _BY_LINK:
        code = await codes.make(session, codes.EXPORT, turn.conversation_id, at)
        done.replies.append(own_words.download(EXPORT_PATH + code))
    else:
        done.replies.append(own_words.as_text(await own_data.collect(session, turn.conversation_id)))


async def _hidden(session: AsyncSession, turn: Turn) -> Reply | None:
    """What is said where the talk has, or had, other doors whose words may not be shown at this one."""
    door_id, talk = turn.messages[-1].door_id, turn.conversation_id
    assert door_id is not None
    if not await doors.linked_with(session, talk, door_id):
        return None
    if not await doors.shares(session, door_id):
        return own_words.share_first()
    shown = await doors.shown_at(session, talk, door_id)
    return None if await doors.spoken_at(session, talk) <= shown else own_words.share_there()


async def _erase(
    session: AsyncSession, turn: Turn, _effect: dict[str, Any], at: datetime, done: Done
) -> None:
    last = turn.messages[-1]
    done.erased = await erasure.erase(
        session,
        turn.conversation_id,
        at,
        door_id=last.door_id,
        asking=[message.id for message in turn.messages],
    )
    done.replies.append(own_words.erased(done.erased.cases))
    for number, owner_id in done.erased.cases:
        done.events.append((events.DESK, "case", {"number": number, "status": "erased"}))
        if owner_id is not None:
            done.events.append((events.desk_of(owner_id), "erased", {"number": number}))
    done.events.append((events.talk(turn.conversation_id), "status", {"mode": "bot", "case": None}))


async def _question(
    session: AsyncSession, turn: Turn, effect: dict[str, Any], at: datetime, _done: Done
) -> None:
    session.add(
        OpenQuestion(
            conversation_id=turn.conversation_id,
            words=mask(str(effect["words"]))[:_LONGEST_QUESTION],
            reason=str(effect["reason"])[:20],
            at=at,
        )
    )


async def _timeline(session: AsyncSession, turn: Turn, kind: str, at: datetime, **data: Any) -> str | None:
    """Adds a line to the timeline of the firm's open case; returns its number, nothing without a case."""
    query = select(Case.id, Case.number).where(Case.conversation_id == turn.conversation_id)
    row = (await session.execute(query.order_by(Case.id.desc()).limit(1))).first()
    if row is None:
        return None
    session.add(CaseEvent(case_id=row[0], at=at, kind=kind, data=data))
    return str(row[1])


Step = Callable[[AsyncSession, Turn, dict[str, Any], datetime, Done], Awaitable[None]]
_STEPS: dict[str, Step] = {
    "visit_book": _visit,
    "visit_move": _visit,
    "visit_cancel": _visit,
    "rating": _rating,
    "complaint": _complaint,
    "case_status": _case_status,
    "case_code": _case_code,
    "phone": _phone,
    "data_show": _show,
    "data_export": _export,
    "data_erase": _erase,
    "open_question": _question,
}
