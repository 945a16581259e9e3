"""What fetched messages say."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Kind = Literal["text", "voice", "image", "file", "location", "enter", "unsupported", "nothing"]
# Who wrote it: the person, the platform itself, somebody at 企业微信.
_PERSON, _PLATFORM = 3, 4
_UNSUPPORTED = {
    "video": "视频",
    "link": "链接",
    "business_card": "名片",
    "miniprogram": "小程序",
    "channels": "视频号内容",
    "merged_msg": "聊天记录",
}


class Incoming(msgspec.Struct, frozen=True):
    """One message or event. `sent`: seconds since 1970.

    `text`: the words, a place's name, or what an unsupported kind is called. `media`: a file's id. `pressed`:
    a menu entry's key. `scene`: the parameter of the scanned code. `welcome`: allows one message to somebody
    who only opened the session.
    """

    person: str
    kind: Kind
    key: str
    sent: int
    text: str = ""
    media: str = ""
    pressed: str = ""
    scene: str = ""
    welcome: str = ""


def understand(message: dict[str, Any], open_kfid: str) -> Incoming | None:
    """The message in `message`; nothing for one that is not a person's, not ours, or has no id."""
    key, origin, kind = message.get("msgid"), message.get("origin"), message.get("msgtype")
    if not isinstance(key, str) or not key or not isinstance(kind, str):
        return None
    inner = message.get(kind)
    content: dict[str, Any] = inner if isinstance(inner, dict) else {}
    if origin == _PLATFORM and kind == "event":
        return _event(key, message, content, open_kfid)
    if origin != _PERSON or message.get("open_kfid") != open_kfid:
        return None
    person = message.get("external_userid")
    if not isinstance(person, str) or not person:
        return None
    sent = message.get("send_time", 0)
    made: dict[str, Any] = {"person": person, "key": key, "sent": sent if isinstance(sent, int) else 0}
    if kind == "text":
        return Incoming(
            **made, kind="text", text=_text(content, "content"), pressed=_text(content, "menu_id")
        )
    if kind in ("image", "file"):
        return Incoming(**made, kind=kind, media=_text(content, "media_id"))  # type: ignore[arg-type]
    if kind == "voice":
        # Never with a transcript here.
        return Incoming(**made, kind="voice")
    if kind == "location":
        place = _text(content, "name") or _text(content, "address")
        return Incoming(**made, kind="location", text=place or "一个位置")
    return Incoming(**made, kind="unsupported", text=_UNSUPPORTED.get(kind, ""))


def _event(key: str, message: dict[str, Any], event: dict[str, Any], open_kfid: str) -> Incoming | None:
    person = event.get("external_userid")
    if event.get("open_kfid") != open_kfid or not isinstance(person, str) or not person:
        return None
    sent = message.get("send_time", 0)
    made: dict[str, Any] = {"person": person, "key": key, "sent": sent if isinstance(sent, int) else 0}
    if event.get("event_type") == "enter_session":
        scene, welcome = _text(event, "scene_param"), _text(event, "welcome_code")
        return Incoming(**made, kind="enter", scene=scene, welcome=welcome)
    return Incoming(**made, kind="nothing")


def _text(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""
