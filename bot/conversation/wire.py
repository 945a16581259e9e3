"""What travels between the person, this layer and the engine."""

from __future__ import annotations

import unicodedata
from typing import Any, Literal

import msgspec


class Button(msgspec.Struct, frozen=True):
    title: str
    payload: str


class Reply(msgspec.Struct, frozen=True):
    """One bubble. `card` holds the same content for pages that can draw it; `text` is always whole."""

    text: str
    buttons: list[Button] = []
    card: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET


class TurnOutput(msgspec.Struct, frozen=True):
    """What the dialogue makes of one turn: words, its new state, and what the service must do."""

    replies: list[Reply]
    state: dict[str, Any]
    effects: list[dict[str, Any]] = []


class CaseRef(msgspec.Struct, frozen=True):
    number: str
    status: str


class Ranked(msgspec.Struct, frozen=True):
    product: str
    verdict: str


class PublicState(msgspec.Struct, frozen=True):
    """The part of the state that is shown to the firm's side. `engine`: `up`, or `down` for this turn."""

    mode: str
    asking: str | None
    facts: dict[str, Any]
    ranking: list[Ranked]
    case: CaseRef | None
    engine: str = "up"


class Answer(msgspec.Struct, frozen=True):
    """`notice`: the privacy notice, where it has to be shown with this answer."""

    replies: list[Reply]
    state: PublicState
    notice: Reply | None = None


# `payload`: a pressed button. `event`: followed, left, scanned. `other`: a kind that nobody here can read.
Kind = Literal["text", "payload", "voice", "image", "file", "location", "event", "other"]


class FileRef(msgspec.Struct, frozen=True):
    """A picture or file that still lies at the platform: `ref` is what its channel fetches it by."""

    ref: str
    name: str = ""
    media_type: str = ""
    # Bytes; 0 where the platform does not say.
    size: int = 0


class Inbound(msgspec.Struct, frozen=True):
    """A message as a channel hands it over.

    `platform_id` is unique within (channel, account); without one the message can never be recognised again.
    `text` is kept as it was written (a voice's transcript, a picture's caption, a place's name, what an
    unreadable kind is called); `payload` is what a pressed button carries, and what an event stands for; an
    event without one is kept and not answered. `file` comes with `image` and `file`. `code`: a code that
    links this door with a conversation (see `bot.conversation.doors`), where the platform carried one.
    """

    text: str = ""
    payload: str | None = None
    platform_id: str | None = None
    kind: Kind = "text"
    file: FileRef | None = None
    code: str = ""


def readable(text: str) -> str:
    """`text` without control characters and invisible marks, for the engine; the original is kept.

    >>> readable("贷\\x00款\\u200b300万\\r\\n急")
    '贷款300万\\n急'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Cc: control characters; Cf: zero-width and direction marks, which hide one text inside another.
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf"))


def public_state(
    mode: str, state: dict[str, Any], case: CaseRef | None, *, engine_up: bool = True
) -> PublicState:
    """The contract's `state` made from the dialogue's own."""
    return PublicState(
        mode=mode,
        asking=state.get("asking"),
        facts=dict(state.get("facts") or {}),
        ranking=[Ranked(item["product"], item["verdict"]) for item in state.get("ranking") or []],
        case=case,
        engine="up" if engine_up else "down",
    )
