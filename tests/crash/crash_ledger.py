"""What must be true of the database after any number of kills."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crash_world import Firm, Platform
from sqlalchemy import func, or_, select

from bot.cases.case_models import Case, CaseEvent
from bot.cases.database import Database
from bot.cases.desk_models import CaseClock, Offer
from bot.cases.models import Conversation, Door, Event, Message, Outbox

Timers = dict[tuple[str, int], tuple[Any, ...]]


async def quiet(database: Database) -> bool:
    """Whether nothing is left to be answered or sent."""
    waiting = select(func.count()).select_from(Message).where(Message.status == "stored")
    leaving = (
        select(func.count())
        .select_from(Outbox)
        .where(or_(Outbox.status == "queued", Outbox.status == "sending"))
    )
    async with database.read() as session:
        return not await session.scalar(waiting) and not await session.scalar(leaving)


async def timers(database: Database) -> Timers:
    """Every clock and offer as it stands."""
    async with database.read() as session:
        clocks = await session.scalars(select(CaseClock))
        found: Timers = {
            ("clock", one.id): (one.case_id, one.target, one.status, one.allowed_s, one.running_since)
            for one in clocks
        }
        offers = await session.scalars(select(Offer))
        found |= {("offer", one.id): (one.case_id, one.officer_id, one.expires_at) for one in offers}
    return found


def lost(before: Timers, after: Timers) -> list[Any]:
    """Timers that are gone or changed."""
    return [(key, value, after.get(key)) for key, value in before.items() if after.get(key) != value]


async def check(database: Database, firms: list[Firm], platform: Platform) -> Counter[str]:
    """Asserts every invariant; returns how many rows of the outbox ended how."""
    async with database.read() as session:
        messages = list(await session.scalars(select(Message).order_by(Message.conversation_id, Message.seq)))
        rows = list(await session.scalars(select(Outbox)))
        doors = {door.id: door for door in await session.scalars(select(Door))}
        talks = {talk.id: talk for talk in await session.scalars(select(Conversation))}
        events = list(await session.scalars(select(Event).order_by(Event.stream, Event.seq)))
    _stored_once(messages, firms)
    _answered_in_order(messages, talks, doors, firms)
    _numbers_without_gaps(messages, events)
    _delivered_once(messages, rows, events, platform)
    await _timers_of_every_case(database)
    return Counter(f"{row.channel} {row.status}" for row in rows)


def _stored_once(messages: list[Message], firms: list[Firm]) -> None:
    stored = Counter((message.platform_id or "").rpartition(":")[2] for message in messages)
    for firm in firms:
        assert firm.acknowledged == len(firm.lines)
        for number, _, _ in firm.lines:
            assert stored[number] == 1, f"{number} is stored {stored[number]} times"
    asked = [message for message in messages if message.author == "firm"]
    assert {message.status for message in asked} == {"done"}
    for message in asked:
        texts = [other.body["text"] for other in messages if other.reply_to == message.id]
        assert len(set(texts)) == len(texts), f"{message.platform_id} is answered twice"
        # Besides the answer there may be a notice about privacy, once a talk.
        answer = "编号 " if message.kind == "payload" else f"收到：{message.body['text']}"
        assert len([text for text in texts if text.startswith(answer)]) == 1, message.platform_id


def _answered_in_order(
    messages: list[Message], talks: dict[str, Conversation], doors: dict[int, Door], firms: list[Firm]
) -> None:
    """The dialogue heard every line once and in its order, whatever it was interrupted by."""
    places = {(message.platform_id or "").rpartition(":")[2]: message.conversation_id for message in messages}
    for firm in firms:
        said = [text for _, text, payload in firm.lines if not payload]
        heard = talks[places[firm.lines[0][0]]].state["heard"]
        assert [text for text in heard if text.startswith(firm.name)] == said


def _numbers_without_gaps(messages: list[Message], events: list[Event]) -> None:
    for stream in {event.stream for event in events}:
        numbers = [event.seq for event in events if event.stream == stream]
        assert numbers == list(range(1, len(numbers) + 1)), stream
    for talk in {message.conversation_id for message in messages}:
        numbers = [message.seq for message in messages if message.conversation_id == talk]
        assert len(set(numbers)) == len(numbers)


def _delivered_once(
    messages: list[Message], rows: list[Outbox], events: list[Event], platform: Platform
) -> None:
    """Every reply has one way out, and went it once, or is shown as unknown."""
    ways = Counter(row.message_id for row in rows)
    assert {ways[message.id] for message in messages if message.author != "firm"} == {1}
    by_id = {message.id: message for message in messages}
    for row in rows:
        shown = platform.shown[row.channel, str(row.id)]
        if row.channel == "sure":
            # The platform recognises our key, so we may and do ask until we know.
            assert (row.status, shown) == ("sent", 1)
        elif row.channel == "blind":
            assert (row.status, shown) in {("sent", 1), ("unknown", 0), ("unknown", 1)}
        else:
            assert row.status == "sent"
            told = [
                event
                for event in events
                if event.stream == f"talk:{row.conversation_id}"
                and event.kind == "message"
                and event.data["id"] == by_id[row.message_id].seq
            ]
            assert len(told) <= 1
    assert {key for _, key in platform.shown} <= {str(row.id) for row in rows}


async def _timers_of_every_case(database: Database) -> None:
    """Both clocks run and one officer has it offered, for each case; its timeline begins once."""
    async with database.read() as session:
        cases = list(await session.scalars(select(Case)))
        clocks = list(await session.scalars(select(CaseClock)))
        offers = list(await session.scalars(select(Offer)))
        opened = Counter(await session.scalars(select(CaseEvent.case_id).where(CaseEvent.kind == "opened")))
    assert cases
    for case in cases:
        own = {clock.target: clock for clock in clocks if clock.case_id == case.id}
        assert set(own) == {"first_reply", "opinion"}
        assert all(clock.status == "running" and clock.next_look_at for clock in own.values())
        assert opened[case.id] == 1
        held_out = [offer for offer in offers if offer.case_id == case.id]
        assert len([offer for offer in held_out if offer.status == "open"]) == 1
