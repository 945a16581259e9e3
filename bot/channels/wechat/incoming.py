"""What the platform's messages say, read out of their XML."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from bot.channels.wechat.crypto import Refused

Kind = Literal[
    "text",
    "voice",
    "image",
    "location",
    "click",
    "follow",
    "unfollow",
    "scan",
    "unsupported",
    "nothing",
]
# Put by the platform before the parameter of a code when a new follower scanned it.
_SCENE_PREFIX = "qrscene_"
_PERSON = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TIME = re.compile(r"[0-9]{1,12}")
_UNSUPPORTED = {"video": "视频", "shortvideo": "视频", "link": "链接", "file": "文件"}


class Incoming(msgspec.Struct, frozen=True):
    """One message or event.

    `key` is the same in every attempt of the platform to deliver it. `created`: seconds since 1970. `text`:
    the words, a voice's transcript, a place's name, or what an unsupported kind is called. `media`: an
    image's id. `pressed`: a menu entry's key. `scene`: the parameter of a scanned code.
    """

    person: str
    account: str
    kind: Kind
    key: str
    created: int
    text: str = ""
    media: str = ""
    pressed: str = ""
    scene: str = ""


def understand(message: dict[str, str]) -> Incoming:
    """The message that the elements `message` make.

    Raises:
        Refused: sender, time or type is missing, or has another form.
    """
    person, kind = message.get("FromUserName", ""), message.get("MsgType", "")
    if not _PERSON.fullmatch(person) or not kind or not _TIME.fullmatch(message.get("CreateTime", "")):
        raise Refused
    made: dict[str, Any] = {
        "person": person,
        "account": message.get("ToUserName", ""),
        "created": int(message["CreateTime"]),
    }
    if kind == "event":
        return _event(message, made)
    number = message.get("MsgId", "")
    made["key"] = f"message {number}" if number else f"{person} {message['CreateTime']} {kind}"
    if kind == "text":
        return Incoming(**made, kind="text", text=message.get("Content", ""))
    if kind == "voice":
        # Only there when the account has speech recognition switched on.
        return Incoming(**made, kind="voice", text=message.get("Recognition", ""))
    if kind == "image":
        return Incoming(**made, kind="image", media=message.get("MediaId", ""))
    if kind == "location":
        return Incoming(**made, kind="location", text=_place(message))
    return Incoming(**made, kind="unsupported", text=_UNSUPPORTED.get(kind, ""))


def _place(message: dict[str, str]) -> str:
    label = message.get("Label", "").strip()
    if label:
        return label
    return f"纬度{message.get('Location_X', '?')}，经度{message.get('Location_Y', '?')}"


def _event(message: dict[str, str], made: dict[str, Any]) -> Incoming:
    event, key = message.get("Event", ""), message.get("EventKey", "")
    # Events have no number of their own.
    made["key"] = f"event {made['person']} {made['created']} {event} {key}"
    name = event.lower()
    if name == "subscribe":
        scene = key.removeprefix(_SCENE_PREFIX) if key.startswith(_SCENE_PREFIX) else ""
        return Incoming(**made, kind="follow", scene=scene)
    if name == "unsubscribe":
        return Incoming(**made, kind="unfollow")
    if name == "scan":
        return Incoming(**made, kind="scan", scene=key)
    if name == "click":
        return Incoming(**made, kind="click", pressed=key)
    # Opened pages, reported positions, delivered templates: nobody waits for words.
    return Incoming(**made, kind="nothing")
