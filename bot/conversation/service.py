"""The conversation layer as its users see it: open a door, hand in a message, get the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import or_, select, update

from bot.cases.clock import local_day, now
from bot.cases.database import Database
from bot.cases.models import Conversation, Message
from bot.cases.opening import open_case_of
from bot.channels.base import Channel
from bot.conversation import consenting, doors, intake, passive
from bot.conversation.engine_client import EngineClient
from bot.conversation.events import Broker
from bot.conversation.intake import OpenDoor
from bot.conversation.lanes import Lanes
from bot.conversation.order import Order
from bot.conversation.outbox import Sender
from bot.conversation.passive import Taken
from bot.conversation.record import AlreadyAnswered, Overtaken, Recorder
from bot.conversation.settling import Settling
from bot.conversation.turns import Answerer, Turn, read_turn
from bot.conversation.waiters import TurnFailed, Waiters
from bot.conversation.wire import Answer, CaseRef, Inbound, PublicState, Reply, public_state

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 3
# How often a process looks for what another one stored and left, and how old that must be.
SWEEP_S, LEFT_AFTER_S = 5.0, 10.0
_APOLOGY = "这条消息处理时出了问题，内容已经保存。请换个说法再试一次，或者转陪跑专员。"


class Conversations:
    """Takes messages in and sees that each is answered once, in order."""

    def __init__(
        self,
        database: Database,
        engine: EngineClient,
        recorder: Recorder,
        answerer: Answerer,
        broker: Broker,
        sender: Sender,
        *,
        settling: Settling,
        channels: Mapping[str, Channel],
        order: Order | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.database = database
        self.broker = broker
        self._engine = engine
        self._recorder = recorder
        self._answerer = answerer
        self._sender = sender
        self._settling = settling
        self._channels = channels
        self._order = order or Order()
        self._clock = clock
        self._lanes = Lanes(self._drain)
        self._waiters = Waiters()
        # Which request gets a message's answer, where the platform repeats it while we compute.
        self._newest: dict[int, asyncio.Future[Answer]] = {}
        self._recovery: asyncio.Task[None] | None = None

    async def open(self, channel: str, account: str, address: str, *, keep_address: bool = False) -> OpenDoor:
        """The door of `address` in `channel`, with a new conversation where there is none."""
        return await intake.open_door(self.database, channel, account, address, keep_address=keep_address)

    async def find(self, session: str) -> OpenDoor | None:
        """The open door that a browser's session leads to."""
        async with self.database.read(quick=True) as database_session:
            return await intake.find_door(database_session, self.database, session)

    async def _store(self, door: OpenDoor, inbound: Inbound) -> intake.Stored:
        code = inbound.code or (doors.code_in(inbound.text) if inbound.kind == "text" else None)
        if code:
            door, inbound = await self._linked(door, inbound, code)
        channel = self._channels.get(door.channel)
        choosing = channel is not None and not channel.abilities.buttons
        return await intake.store(self.database, door, inbound, choosing=choosing)

    async def _linked(self, door: OpenDoor, inbound: Inbound, code: str) -> tuple[OpenDoor, Inbound]:
        """The door where `code` leads it, and what the message that carried the code now says."""
        try:
            async with self.database.write() as session:
                moved = await doors.take_link_code(
                    session, self.database.sealer, code, door.id, self._clock()
                )
        except doors.BadCode:
            return door, msgspec.structs.replace(inbound, payload=consenting.BAD_LINK)
        payload = consenting.LINKED_WITH + ",".join(moved.channels)
        moved_door = msgspec.structs.replace(door, conversation_id=moved.conversation_id)
        return moved_door, msgspec.structs.replace(inbound, payload=payload)

    async def link_code(self, door: OpenDoor) -> str:
        """A code by which the talk behind `door` goes on at another door, for `doors.LASTS`.

        Raises:
            LookupError: the conversation was ended.
        """
        async with self.database.write() as session:
            return await doors.make_link_code(
                session, self.database.sealer, door.conversation_id, self._clock()
            )

    async def accept(self, door: OpenDoor, inbound: Inbound) -> intake.Stored:
        """Stores a message and sees to it in the background; its answer goes out through the outbox."""
        stored = await self._store(door, inbound)
        self._lanes.kick(stored.conversation_id)
        return stored

    async def receive(self, door: OpenDoor, inbound: Inbound) -> Answer:
        """Stores a message and returns its answer; a repeat gets the first answer.

        Raises:
            intake.ConversationEnded: the conversation was ended.
            waiters.TurnFailed: something broke on our side; the message is kept and will be answered.
        """
        stored = await self._store(door, inbound)
        if not stored.fresh:
            known = await self._known_answer(stored.message_id)
            if known is not None:
                return known
        waiter = self._waiters.add(stored.conversation_id, stored.message_id)
        self._lanes.kick(stored.conversation_id)
        try:
            return await waiter
        finally:
            self._waiters.remove(stored.conversation_id, stored.message_id, waiter)

    async def answer_within(self, door: OpenDoor, inbound: Inbound, seconds: float) -> Taken | None:
        """Stores a message and waits so long for its answer, for a platform that takes it with its request.

        What is returned is out of the outbox and for the caller to deliver, and to settle afterwards. Nothing
        is returned when there is no answer in time (then the outbox delivers it), when there is none at all,
        or when the platform repeated the message meanwhile: its newest request gets the answer. A repeat that
        comes after the answer was given gets it again, because a platform repeats what it got no answer to.

        Raises:
            intake.ConversationEnded: the conversation was ended.
        """
        stored = await self._store(door, inbound)
        if not stored.fresh:
            given = await passive.given(self.database, stored.message_id)
            if given is not None:
                return given
        # A little longer than we wait: who is just taking it out must not meet the sender.
        until = now() + timedelta(seconds=seconds + 1)
        waiter = self._waiters.add(stored.conversation_id, stored.message_id, hold_until=until)
        self._newest[stored.message_id] = waiter
        self._lanes.kick(stored.conversation_id)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except (TimeoutError, TurnFailed):
            return None
        finally:
            self._waiters.remove(stored.conversation_id, stored.message_id, waiter)
            newest = self._newest.get(stored.message_id) is waiter
            if newest:
                del self._newest[stored.message_id]
        return await passive.take(self.database, stored.message_id) if newest else None

    async def end(self, door: OpenDoor) -> None:
        """Ends the conversation; its session is unknown from now on."""
        await intake.end(self.database, door)

    async def show(self, door: OpenDoor) -> tuple[list[Message], PublicState]:
        """Every message so far and the state, for a page that comes back."""
        async with self.database.read() as session:
            conversation = await session.get_one(Conversation, door.conversation_id)
            seen = sorted(await doors.shown_at(session, door.conversation_id, door.id))
            query = select(Message).where(
                Message.conversation_id == door.conversation_id,
                or_(Message.door_id.in_(seen), Message.door_id.is_(None)),
            )
            messages = list(await session.scalars(query.order_by(Message.seq)))
            case = await open_case_of(session, door.conversation_id)
        ref = None if case is None else CaseRef(case.number, case.status)
        return messages, public_state(conversation.mode, conversation.state, ref)

    async def start(self, *, engine_wait_s: float = 60.0) -> None:
        """Takes up what an earlier process stored and did not answer, once the engine can."""
        self._recovery = asyncio.create_task(self._recover(engine_wait_s))

    async def stop(self, timeout_s: float = 5.0) -> None:
        if self._recovery is not None:
            self._recovery.cancel()
            await asyncio.gather(self._recovery, return_exceptions=True)
        await self._lanes.finish(timeout_s)

    async def _recover(self, engine_wait_s: float) -> None:
        left = await self._left_by(now(), failed=True)
        if left:
            log.info("taking_up_unanswered", conversations=len(left))
            await self._engine_ready(engine_wait_s)
            for conversation_id in left:
                self._lanes.kick(conversation_id)
        while self._order.shared:
            # Another process may die and not come back.
            await asyncio.sleep(SWEEP_S)
            try:
                for conversation_id in await self._left_by(now() - timedelta(seconds=LEFT_AFTER_S)):
                    self._lanes.kick(conversation_id)
            except Exception:
                log.exception("sweep_failed")

    async def _left_by(self, moment: datetime, *, failed: bool = False) -> list[str]:
        """Conversations with something that was stored before `moment` and is not answered.

        Args:
            failed: whether what could not be answered once or twice is tried again.
        """
        query = select(Message.conversation_id).where(
            Message.status == "stored", Message.created_at <= moment
        )
        if not failed:
            query = query.where(Message.attempts == 0)
        async with self.database.read() as session:
            return list(await session.scalars(query.distinct()))

    async def _engine_ready(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                while not await self._engine.ready():
                    await asyncio.sleep(0.5)
        except TimeoutError:
            log.warning("engine_not_ready_for_recovery")

    async def _drain(self, conversation_id: str) -> None:
        """Answers everything that is stored in a conversation."""
        try:
            async with self._order.holding(f"talk:{conversation_id}"):
                await self._answer_pending(conversation_id)
            for message_id in self._waiters.unanswered(conversation_id):
                # Another process answered it.
                answer = await self._known_answer(message_id)
                if answer is not None:
                    self._waiters.resolve(conversation_id, message_id, answer)
        except Exception:
            log.exception("turn_failed", conversation=conversation_id)
            # Nobody may wait for ever: the message is tried again with the next one or at a start.
            for message_id in self._waiters.unanswered(conversation_id):
                self._waiters.fail(conversation_id, message_id)

    async def _answer_pending(self, conversation_id: str) -> None:
        while True:
            turn = await self._next_turn(conversation_id)
            if turn is None:
                return
            left = self._still_typing(turn)
            if left > 0:
                await self._lanes.until_kick(conversation_id, left)
                continue
            try:
                if not await self._answer(turn):
                    continue
            except (Overtaken, AlreadyAnswered):
                # Read anew: the state, who answers, or what is left has changed.
                continue
            except Exception:
                if not await self._gave_up(turn):
                    raise
            if not turn.more:
                # What is stored from now on kicks the lane again.
                return

    async def _next_turn(self, conversation_id: str) -> Turn | None:
        self._lanes.looking(conversation_id)
        async with self.database.read(quick=True) as session:
            return await read_turn(session, conversation_id, self._settling)

    def _still_typing(self, turn: Turn) -> float:
        """Seconds for which further lines of this turn are awaited."""
        if turn.mode == "human" or turn.more:
            return 0.0
        return self._settling.open_s(turn.messages, now(), asked=bool(turn.state.get("asking")))

    async def _grew(self, turn: Turn) -> bool:
        """Whether further lines of the same row came while the answer was computed."""
        # Nobody kicks our lane for what another process stored.
        kicked = self._order.shared or self._lanes.kicked(turn.conversation_id)
        if not kicked or not self._settling.may_grow(turn.messages, now()):
            return False
        again = await self._next_turn(turn.conversation_id)
        return again is not None and len(again.messages) > len(turn.messages)

    async def _answer(self, turn: Turn) -> bool:
        """Answers a turn, unless further lines of it have come: then nothing is kept, and it says False."""
        at = self._clock()
        computed = await self._answerer.compute(turn, local_day(at))
        if await self._grew(turn):
            return False
        # The replies belong to the last message of the turn.
        last = turn.messages[-1].id
        waited = self._waiters.waits(turn.conversation_id, last)
        hold_until = self._waiters.hold_until(turn.conversation_id, last)
        recorded = await self._recorder.record(turn, computed, at, handed_over=waited, hold_until=hold_until)
        for stream in recorded.streams:
            self.broker.ring(stream)
        if recorded.queued:
            self._sender.ring()
        for message_id, answer in recorded.answers.items():
            self._waiters.resolve(turn.conversation_id, message_id, answer)
        return True

    async def _gave_up(self, turn: Turn) -> bool:
        """Counts a failure; after the last one the messages are set aside so that later ones get through."""
        ids = [message.id for message in turn.messages]
        final = turn.messages[0].attempts + 1 >= MAX_ATTEMPTS
        answer = Answer([Reply(_APOLOGY)], public_state(turn.mode, turn.state, turn.case))
        values: dict[str, Any] = {"attempts": Message.attempts + 1}
        if final:
            values |= {
                "status": "failed",
                "answer": msgspec.to_builtins(answer),
                "answered_at": self._clock(),
            }
        async with self.database.write() as session:
            await session.execute(
                update(Message).where(Message.id.in_(ids), Message.status == "stored").values(**values)
            )
        if final:
            for message_id in ids:
                self._waiters.resolve(turn.conversation_id, message_id, answer)
        return final

    async def _known_answer(self, message_id: int) -> Answer | None:
        async with self.database.read() as session:
            message = await session.get(Message, message_id)
        if message is None or message.answer is None:
            return None
        return msgspec.convert(message.answer, Answer)
