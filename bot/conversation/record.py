"""Writes a turn's outcome: answer, state, case, outbox and events in one transaction, or nothing at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import CursorResult, Integer, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import attachments, codes
from bot.cases.case_models import ENDED, Case
from bot.cases.clock import local_day
from bot.cases.database import Database
from bot.cases.models import Base, Conversation
from bot.cases.opening import Targets, open_case, open_case_of
from bot.cases.routing import route
from bot.channels.consent import kind_of
from bot.conversation import agreements, events, firm_side, notices, own_words
from bot.conversation.assignment import hold_out, when_somebody
from bot.conversation.casework import Gathered, title_of, write_events
from bot.conversation.dialogue import Dialogue
from bot.conversation.moving import answered
from bot.conversation.turns import Computed, Turn
from bot.conversation.wire import Answer, CaseRef, Reply, TurnOutput, public_state

# Every turn runs these: they are put together once, on the tables themselves, which is twice as quick.
_CONVERSATION, _MESSAGE, _OUTBOX = map(
    Base.metadata.tables.__getitem__, ("conversation", "message", "outbox")
)
_LOCK = (
    update(_CONVERSATION)
    .where(
        _CONVERSATION.c.id == bindparam("its_id"),
        _CONVERSATION.c.version == bindparam("read_version"),
        _CONVERSATION.c.state_rev == bindparam("read_rev"),
    )
    .values(version=_CONVERSATION.c.version)
    .returning(_CONVERSATION.c.last_seq)
)
_KEEP = _LOCK.values(
    state=bindparam("new_state"),
    state_rev=_CONVERSATION.c.state_rev + 1,
    last_seq=_CONVERSATION.c.last_seq + bindparam("room", type_=Integer),
)
_SAY = insert(_MESSAGE).returning(_MESSAGE.c.id, sort_by_parameter_order=True)
_SEND = insert(_OUTBOX)
_DONE = (
    update(_MESSAGE)
    .where(_MESSAGE.c.id == bindparam("its_id"), _MESSAGE.c.status == "stored")
    .values(status="done", answered_at=bindparam("at"), answer=bindparam("given"), intent=bindparam("meant"))
)


class Overtaken(Exception):
    """The conversation changed while the answer was computed: read it again and answer anew."""


class AlreadyAnswered(Exception):
    """Another process was quicker; its answer stands."""


class Recorded(msgspec.Struct):
    """Answers by message, and the streams whose listeners must be woken after the commit."""

    answers: dict[int, Answer]
    streams: set[str]
    queued: bool


class Recorder:
    """Args:
    data_dir: where attachments lie, which go with what a firm wants erased.
    """

    def __init__(self, database: Database, dialogue: Dialogue, targets: Targets, data_dir: Path) -> None:
        self._database = database
        self._dialogue = dialogue
        self._targets = targets
        self._data_dir = data_dir

    async def record(
        self,
        turn: Turn,
        computed: Computed,
        at: datetime,
        *,
        handed_over: bool,
        hold_until: datetime | None = None,
    ) -> Recorded:
        """Keeps the outcome of `turn`.

        Args:
            at: the moment of the answer.
            handed_over: whether somebody is waiting for the answer and gets it with the return value, so
                that nothing has to be sent.
            hold_until: when the outbox may begin to send; at once unless given.

        Raises:
            Overtaken, AlreadyAnswered: nothing was written.
        """
        # Not inside the transaction: on SQLite it holds the one write lock.
        brief = self._brief(turn, computed, at)
        gone: list[str] = []
        async with self._database.write() as session:
            written = _Writing(session, turn, at)
            await written.guard(computed)
            replies: list[Reply] = []
            mode, case = turn.mode, turn.case
            if computed.output is not None:
                replies = list(computed.output.replies)
                handover = next((e for e in computed.output.effects if e.get("kind") == "handover"), None)
                if handover is not None:
                    opened, words = await self._hand_over(written, handover, computed.output.state, brief)
                    case, mode = CaseRef(opened.number, opened.status), "waiting"
                    replies.append(words)
                    replies += _then(handover)
                elif brief is not None:
                    await written.refresh_case(computed.output.state, brief)
                await written.consent(computed.output.effects)
                replies += await agreements.apply(session, turn, computed.output.effects, at)
                done = await firm_side.apply(session, turn, computed.output.effects, at)
                replies += done.replies
                written.gathered += done.events
                if done.erased is not None:
                    mode, case, gone = "bot", None, done.erased.paths
            notice = computed.notice if replies else None
            shown_now = replies if notice is None else [*replies, notice]
            await written.replies(shown_now, live=handed_over, send_at=hold_until or at)
            if mode == "human":
                case = await written.answered() or case
            state = turn.state if computed.output is None else computed.output.state
            shown = public_state(mode, state, case, engine_up=computed.engine_up)
            answers = await written.answers(Answer(replies, shown, notice), computed.intent)
            written.tell_desk(case)
            written.streams |= await write_events(session, written.gathered)
        attachments.remove(self._data_dir, gone)
        return Recorded(answers, written.streams, queued=bool(replies) and not handed_over)

    def _brief(self, turn: Turn, computed: Computed, at: datetime) -> dict[str, Any] | None:
        """The officer's brief where a case is about to be opened or the bot has the talk of an open one."""
        output = computed.output
        if output is None:
            return None
        hands_over = any(effect.get("kind") == "handover" for effect in output.effects)
        if hands_over or turn.case is not None:
            return self._dialogue.brief(output.state, local_day(at))
        return None

    async def _hand_over(
        self, written: _Writing, effect: dict[str, Any], state: dict[str, Any], brief: dict[str, Any] | None
    ) -> tuple[Case, Reply]:
        """The conversation's case, and what the firm is told of it."""
        session = written.session
        case = await open_case_of(session, written.turn.conversation_id)
        new = case is None
        if case is None:
            product, reason = effect.get("product"), str(effect.get("reason") or "request_human")
            case = await open_case(
                written.session,
                conversation_id=written.turn.conversation_id,
                at=written.at,
                reason=reason,
                product=product,
                team=await route(session, self._dialogue.traits(product, state), reason),
                state=state,
                brief=brief or {},
                # The version that judged: another one may have taken over since.
                catalog_version=(brief or {}).get("catalog_version") or self._dialogue.catalog_version,
                targets=self._targets,
            )
        else:
            await written.refresh_case(state, brief or {})
        if written.turn.mode == "bot":
            await written.wait_for_human(case)
        if new:
            written.gathered += await hold_out(session, case, written.at)
        return case, await self._said(written, case, new)

    async def _said(self, written: _Writing, case: Case, new: bool) -> Reply:
        if not new and case.owner_id is not None:
            words = notices.wanted(case.number, await title_of(written.session, case.owner_id))
        else:
            words = self._dialogue.case_created(
                case.number, case.first_reply_by, case.opinion_by, case.clock_note
            )
        nobody = await when_somebody(written.session, case.team, written.at)
        words += nobody
        if new:
            code = await codes.make(written.session, codes.STATUS, case.conversation_id, written.at)
            words += f"\n{own_words.code_for(case.number, code)}"
        return Reply(words, [notices.LEAVE_NUMBER] if nobody else [])


def _then(handover: dict[str, Any]) -> list[Reply]:
    """What is said after the sentence about the case."""
    return msgspec.convert(handover.get("then") or [], list[Reply])


def _room(output: TurnOutput) -> int:
    """How many messages a turn can make: the replies, the sentence about the case, what follows it, the
    notice, and what only the database knows."""
    further = sum(len(effect.get("then") or []) for effect in output.effects)
    telling = sum(effect.get("kind") in agreements.TELLING for effect in output.effects)
    telling += sum(firm_side.TELLING.get(str(effect.get("kind")), 0) for effect in output.effects)
    return len(output.replies) + 2 + further + telling


class _Writing:
    """The statements of one transaction."""

    def __init__(self, session: AsyncSession, turn: Turn, at: datetime) -> None:
        self.session = session
        self.turn = turn
        self.at = at
        self.streams: set[str] = set()
        # Written last: their counters are locked until the commit, and always in the same order.
        self.gathered: list[Gathered] = []
        self._seq = 0

    async def guard(self, computed: Computed) -> None:
        """Locks the conversation if it is as it was read, and keeps the new state."""
        turn, output = self.turn, computed.output
        room = 0 if output is None else _room(output)
        found: dict[str, Any] = {
            "its_id": turn.conversation_id,
            "read_version": turn.version,
            "read_rev": turn.state_rev,
        }
        if output is not None:
            found |= {"new_state": output.state, "room": room}
        last = await self.session.scalar(_LOCK if output is None else _KEEP, found)
        if last is None:
            raise Overtaken
        self._seq = last - room

    async def replies(self, replies: list[Reply], *, live: bool, send_at: datetime) -> None:
        """The bot's messages and their way out."""
        source = self.turn.messages[-1]
        assert source.door_id is not None
        if not replies:
            return
        # All rows in one statement; the outbox needs their numbers.
        numbers = await self.session.scalars(
            _SAY,
            [
                {
                    "conversation_id": self.turn.conversation_id,
                    "seq": self._seq + number,
                    "door_id": source.door_id,
                    "author": "bot",
                    "kind": kind_of(reply),
                    "channel": source.channel,
                    "account": source.account,
                    "body": msgspec.to_builtins(reply),
                    "status": "done",
                    "attempts": 0,
                    "created_at": self.at,
                    "reply_to": source.id,
                }
                for number, reply in enumerate(replies, start=1)
            ],
        )
        await self.session.execute(
            _SEND,
            [
                {
                    "conversation_id": self.turn.conversation_id,
                    "message_id": number,
                    "door_id": source.door_id,
                    "channel": source.channel,
                    "route_version": self.turn.version,
                    "status": "sent" if live else "queued",
                    "attempts": 0,
                    "next_try_at": send_at,
                    "sent_at": self.at if live else None,
                }
                for number in numbers
            ],
        )

    async def answers(self, answer: Answer, intent: str | None) -> dict[int, Answer]:
        """Marks the messages done, each with its answer: the last one's is whole, the others' is empty."""
        found: dict[int, Answer] = {}
        for message in self.turn.messages:
            last = message is self.turn.messages[-1]
            found[message.id] = answer if last else Answer([], answer.state)
            kept = {
                "its_id": message.id,
                "at": self.at,
                "given": msgspec.to_builtins(found[message.id]),
                "meant": intent,
            }
            done: CursorResult[Any] = await self.session.execute(_DONE, kept)  # type: ignore[assignment]
            if not done.rowcount:
                raise AlreadyAnswered
        return found

    async def wait_for_human(self, case: Case) -> None:
        """From now on the conversation waits for an officer (the owner, if any); the bot goes on helping."""
        await self.session.execute(
            update(Conversation)
            .where(Conversation.id == self.turn.conversation_id)
            .values(mode="waiting", version=Conversation.version + 1)
        )
        status = {"mode": "waiting", "case": {"number": case.number, "status": case.status}}
        self.event(events.talk(self.turn.conversation_id), "status", status)
        if case.owner_id is not None:
            plain = {"number": case.number, "status": case.status}
            self.event(events.desk_of(case.owner_id), "wanted", plain)

    async def answered(self) -> CaseRef | None:
        """A case that waited for the firm goes on, because the firm wrote."""
        handled = await answered(self.session, self.turn.conversation_id)
        if handled is None:
            return None
        self.streams |= handled.streams
        case = await open_case_of(self.session, self.turn.conversation_id)
        return None if case is None else CaseRef(case.number, case.status)

    async def refresh_case(self, state: dict[str, Any], brief: dict[str, Any]) -> None:
        """What the firm adds while the bot has the talk belongs to its case."""
        values: dict[str, Any] = {"state": state, "brief": brief, "updated_at": self.at}
        if brief.get("catalog_version"):
            values["catalog_version"] = brief["catalog_version"]
        await self.session.execute(
            update(Case)
            .where(Case.conversation_id == self.turn.conversation_id, Case.status.not_in(ENDED))
            .values(**values)
        )

    async def consent(self, effects: list[dict[str, Any]]) -> None:
        """Whether the firm may be contacted. Who starts anew may be another firm: then nothing was agreed."""
        values: dict[str, Any] = {}
        for effect in effects:
            if effect.get("kind") == "contact":
                values = {"may_contact": bool(effect.get("agreed")), "may_contact_at": self.at}
            elif effect.get("kind") == "restart":
                values = {"may_contact": None, "may_contact_at": None}
        if values:
            await self.session.execute(
                update(Conversation).where(Conversation.id == self.turn.conversation_id).values(**values)
            )

    def tell_desk(self, case: CaseRef | None) -> None:
        if case is not None:
            plain = {"number": case.number, "status": case.status}
            seq = self.turn.messages[-1].seq
            self.event(events.case(case.number), "talk", {"number": case.number, "seq": seq})
            self.event(events.DESK, "talk", plain)

    def event(self, stream: str, kind: str, data: dict[str, Any]) -> None:
        self.gathered.append((stream, kind, data))
