"""The messages of a talk as the desk shows them. Pure: no database, no clock."""

from __future__ import annotations

import re
from datetime import date, datetime

import msgspec

from bot.cases.attachments import SHOWN
from bot.cases.clock import SHANGHAI
from bot.cases.firm_models import Attachment
from bot.cases.models import Message
from bot.catalog.model import Catalog
from bot.desk.case_file import Delivery, Talk
from bot.desk.words import AUTHORS, DELIVERIES, message_text, size_text

_SECRET = re.compile(r"(查询码\s?|/api/v1/chat/export/)[\w-]{6,}")


class FileLine(msgspec.Struct, frozen=True):
    """A file of a message; `picture`: the page may draw it."""

    key: str
    name: str
    size: str
    picture: bool


class Line(msgspec.Struct, frozen=True):
    """A message of the talk.

    `delivery` is the outbox's status of one on its way out, empty for what the firm wrote; `again`: it can be
    sent once more, `twice`: and might then arrive twice.
    """

    seq: int
    author: str
    who: str
    at: str
    iso: str
    text: str
    delivery: str = ""
    delivery_text: str = ""
    again: bool = False
    twice: bool = False
    files: list[FileLine] = []


def lines_of(talk: Talk, catalog: Catalog, today: date) -> list[Line]:
    return [_line(message, talk, catalog, today) for message in talk.messages]


def _line(message: Message, talk: Talk, catalog: Catalog, today: date) -> Line:
    sent = talk.delivery.get(message.id, Delivery(""))
    again = sent.status in ("failed", "unknown") and message.author in ("officer", "system")
    return Line(
        seq=message.seq,
        author=message.author,
        who=talk.officers.get(message.officer_id or 0) or AUTHORS.get(message.author, message.author),
        at=moment(message.created_at, today),
        iso=message.created_at.isoformat(),
        text=without_secrets(message_text(message.body, catalog)),
        delivery=sent.status,
        delivery_text=_delivery_text(message, sent),
        again=again,
        twice=again and sent.status == "unknown",
        files=[_file(one) for one in talk.files.get(message.id, [])],
    )


def without_secrets(text: str) -> str:
    """`text` without what lets its holder in: codes and one-time links are the firm's alone.

    >>> without_secrets("查询码 ABCDE-FGHJK：查进度用")
    '查询码 *****：查进度用'
    """
    return _SECRET.sub(r"\1*****", text)


def _delivery_text(message: Message, sent: Delivery) -> str:
    """How far it has got, in words; that a bot's words arrived needs no saying."""
    if not sent.status or (sent.status == "sent" and message.author == "bot"):
        return ""
    words = DELIVERIES.get(sent.status, sent.status)
    return f"{words}：{sent.error}" if sent.error and sent.status != "sent" else words


def _file(row: Attachment) -> FileLine:
    return FileLine(row.key, row.name, size_text(row.size), row.media_type in SHOWN)


def moment(at: datetime, today: date) -> str:
    """A time as it is said on the day `today`: no more of the date than is needed."""
    local = at.astimezone(SHANGHAI)
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"今天 {clock}"
    day = f"{local.month}月{local.day}日"
    return f"{day} {clock}" if local.year == today.year else f"{local.year}年{day} {clock}"
