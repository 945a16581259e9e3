"""Reads a turn from the database, and computes the answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import structlog
from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import ENDED, Case
from bot.cases.clock import now
from bot.cases.models import Conversation, Message
from bot.channels import consent
from bot.channels.base import Channel
from bot.channels.consent import Standing
from bot.conversation import consenting, kinds
from bot.conversation.dialogue import Dialogue, PayloadError
from bot.conversation.engine_client import EngineClient, EngineUnavailable
from bot.conversation.files import Files
from bot.conversation.firm_context import known_of
from bot.conversation.settling import Settling
from bot.conversation.wire import Button, CaseRef, Reply, TurnOutput, readable

log = structlog.get_logger(__name__)
HUMAN = Button("转陪跑专员", "human")
CONSENT = ("contact:yes", "contact:no")
# What a firm may do about its own data even while a human has the talk.
OWN_DATA = ("data:", "keep", "intent:manage_data")
# What is stored and not answered, with all that a turn must know. One statement, so that what it finds
# belongs together (a claim between two would go unnoticed), and put together once.
_STORED = (
    select(Message, Conversation, Case.number, Case.status)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .outerjoin(Case, and_(Case.conversation_id == Conversation.id, Case.status.not_in(ENDED)))
    .where(Message.conversation_id == bindparam("its_id"), Message.status == "stored")
    .order_by(Message.seq)
)
# The key on which the dialogue takes up what was being talked about.
RESUME = "resume"


class Turn(msgspec.Struct, frozen=True):
    """One turn as it stood when it was read; `messages` are answered together, in order."""

    conversation_id: str
    mode: str
    version: int
    state: dict[str, Any]
    state_rev: int
    case: CaseRef | None
    messages: list[Message]
    # Whether more is stored behind this turn.
    more: bool
    # How the door it came through stands to the privacy notice.
    standing: Standing = Standing(given=True, noticed=True)
    # Its visit, the times that are free, its last case.
    firm: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """What the firm wrote, line under line, as it can be read."""
        return readable(_said(self.messages)).strip()

    @property
    def payload(self) -> str | None:
        payload: str | None = self.messages[0].body.get("payload")
        return payload


class Computed(msgspec.Struct, frozen=True):
    """`output` is none while a human answers: then nothing is said and the state stays."""

    output: TurnOutput | None
    intent: str | None = None
    engine_up: bool = True
    # The privacy notice, to be shown once with this answer.
    notice: Reply | None = None


async def read_turn(session: AsyncSession, conversation_id: str, settling: Settling) -> Turn | None:
    """The conversation's next turn; nothing when all that is stored is answered."""
    rows = (await session.execute(_STORED, {"its_id": conversation_id})).all()
    if not rows:
        return None
    waiting = [row[0] for row in rows]
    _, conversation, number, status = rows[0]
    row = settling.row(waiting)
    door_id = row[0].door_id
    assert door_id is not None
    return Turn(
        conversation_id=conversation.id,
        mode=conversation.mode,
        version=conversation.version,
        state=conversation.state,
        state_rev=conversation.state_rev,
        case=None if number is None else CaseRef(number, status),
        messages=row,
        more=len(row) < len(waiting),
        standing=await consent.standing(session, conversation.id, door_id),
        firm=await known_of(session, conversation.id, row[0].body.get("payload"), _said(row), now()),
    )


def _said(messages: list[Message]) -> str:
    return "\n".join(message.body.get("text", "") for message in messages)


class Answerer:
    """Decides who answers a turn and computes the bot's answer."""

    def __init__(
        self,
        engine: EngineClient,
        dialogue: Dialogue,
        channels: Mapping[str, Channel],
        files: Files,
        *,
        max_text_chars: int,
    ) -> None:
        self._engine = engine
        self._dialogue = dialogue
        self._channels = channels
        self._files = files
        self._max_text_chars = max_text_chars

    async def compute(self, turn: Turn, today: date) -> Computed:
        """The answer to `turn`. Never raises for what a firm may write or an engine may do."""
        computed = await self._computed(turn, today)
        output, standing = computed.output, turn.standing
        if output is None:
            return computed
        return msgspec.structs.replace(
            computed,
            output=consenting.with_consent(output, standing, turn.state, abroad=self._abroad(turn)),
            notice=None if standing.noticed or turn.mode == "human" else self._notice(turn),
        )

    async def _computed(self, turn: Turn, today: date) -> Computed:
        key = consenting.key_of(turn.text, turn.payload, turn.standing)
        said = consenting.about_consent(key, turn.standing, turn.state, abroad=self._abroad(turn))
        if said is None:
            said = self._about_doors(turn, key, today)
        if said is not None:
            return Computed(said)
        kind = turn.messages[0].kind
        if kind in ("image", "file"):
            return Computed(await self._file(turn))
        if turn.mode == "human":
            return Computed(self._consent(turn, today))
        if kind == "event" and key is None:
            return Computed(None)
        if kind in kinds.SAID and key is None:
            return Computed(_say(turn, kinds.said(kind, turn.text)))
        return await self._words(turn, key, today)

    async def _words(self, turn: Turn, key: str | None, today: date) -> Computed:
        text, payload = turn.text, None
        if key is not None:
            try:
                payload = self._dialogue.parse_payload(key)
            except PayloadError:
                return Computed(_say(turn, "这个按钮已经失效了，请直接用文字告诉我您的需要。"))
        elif not text:
            return Computed(
                _say(turn, "没有看到文字内容。请用一句话说说您的企业和想办的事，比如“想贷300万周转”。")
            )
        elif len(text) > self._max_text_chars:
            return Computed(_say(turn, self._too_long(len(text)), HUMAN))
        return await self._ask(turn, text, key, payload, today)

    def _about_doors(self, turn: Turn, key: str | None, today: date) -> TurnOutput | None:
        output = consenting.about_doors(key, turn.state, self._titles)
        if output is None or turn.mode == "human" or not (key or "").startswith(consenting.LINKED_WITH):
            return output
        # What was being talked about goes on.
        more = self._dialogue.direct(RESUME, turn.state, context_of(turn), today)
        return TurnOutput([*output.replies, *more.replies], more.state, output.effects)

    def _titles(self, names: list[str]) -> list[str]:
        return [self._channels[name].title for name in names if name in self._channels]

    async def _file(self, turn: Turn) -> TurnOutput | None:
        """What is said to a picture or file; it is taken only from somebody who agreed."""
        channel = self._channels.get(turn.messages[0].channel)
        if channel is None or not channel.abilities.files:
            return TurnOutput([Reply(kinds.no_files(channel))], turn.state)
        if not turn.standing.given:
            return consenting.ask_for("您发来的材料", turn.state)
        words = await self._files.take(channel, turn.messages[0])
        return TurnOutput([Reply(words)], turn.state)

    def _abroad(self, turn: Turn) -> bool:
        channel = self._channels.get(turn.messages[0].channel)
        return channel is not None and channel.abilities.abroad

    def _notice(self, turn: Turn) -> Reply:
        channel = self._channels.get(turn.messages[0].channel)
        return consent.notice(channel.title if channel is not None and channel.abilities.abroad else None)

    def _consent(self, turn: Turn, today: date) -> TurnOutput | None:
        """A yes or no to being contacted counts while a human answers too; the bot says nothing to it. What
        is kept of the firm it can see and erase at any time."""
        if (turn.payload or "").startswith(OWN_DATA):
            return self._dialogue.direct(turn.payload or "", turn.state, context_of(turn), today)
        if turn.payload not in CONSENT:
            return None
        output = self._dialogue.direct(turn.payload, turn.state, context_of(turn), today)
        kept = [effect for effect in output.effects if effect.get("kind") == "contact"]
        return TurnOutput([], output.state, kept)

    async def _ask(
        self, turn: Turn, text: str, key: str | None, payload: dict[str, Any] | None, today: date
    ) -> Computed:
        context = context_of(turn)
        try:
            answer = await self._engine.turn(
                text=text,
                payload=payload,
                asked=turn.state.get("asking"),
                state=turn.state,
                context=context,
                today=today,
            )
        except EngineUnavailable as error:
            log.warning("engine_unavailable", reason=str(error), conversation=turn.conversation_id)
            return self._without_engine(turn, text, key, context, today)
        return Computed(answer.output, answer.intent or None)

    def _without_engine(
        self, turn: Turn, text: str, key: str | None, context: dict[str, Any], today: date
    ) -> Computed:
        # A button needs no understanding, so most of the service goes on without the engine.
        if key is not None:
            output = self._dialogue.direct(key, turn.state, context, today)
        else:
            output = self._dialogue.engine_down(turn.state, text, today)
        return Computed(output, engine_up=False)

    def _too_long(self, length: int) -> str:
        return (
            f"您这段话有{length}个字，我一次最多能读{self._max_text_chars}个字。原文已经完整保存，"
            "转给陪跑专员时会一并带上；也可以先用两三句话说说：做什么的、成立几年、营收多少、想融多少钱。"
        )


def context_of(turn: Turn) -> dict[str, Any]:
    """What the dialogue may know besides the firm's words and its own state."""
    known = dict(turn.firm)
    more = known.pop("case_more", {})
    case = None if turn.case is None else {"number": turn.case.number, "status": turn.case.status, **more}
    return {"channel": turn.messages[0].channel, "mode": turn.mode, "case": case, **known}


def _say(turn: Turn, text: str, *buttons: Button) -> TurnOutput:
    return TurnOutput(replies=[Reply(text, list(buttons))], state=turn.state)
