"""Inline buttons. The platform takes 64 bytes for a button's data, and a payload of ours may be longer: the
data is the number of the outbox row and of the button in it, and the row has the payload."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.cases.models import Message, Outbox
from bot.conversation.wire import Button

MAX_DATA_BYTES = 64
_DATA = re.compile(r"b(\d{1,18})\.(\d{1,3})", re.ASCII)
# Characters that fit into a row of a phone's screen beside each other.
_ROW_CHARS, _ROW_BUTTONS = 14, 3


def data_of(row: str, place: int) -> str:
    """What a pressed button sends back.

    >>> data_of("17", 2)
    'b17.2'
    """
    return f"b{row}.{place}"


def keyboard(row: str, buttons: list[Button]) -> InlineKeyboardMarkup | None:
    """The buttons of the outbox row `row`, short ones beside each other."""
    if not buttons:
        return None
    lines: list[list[InlineKeyboardButton]] = []
    room = 0
    for place, button in enumerate(buttons):
        made = InlineKeyboardButton(button.title, callback_data=data_of(row, place))
        if len(button.title) > room or len(lines[-1]) == _ROW_BUTTONS:
            lines.append([made])
            room = _ROW_CHARS - len(button.title)
        else:
            lines[-1].append(made)
            room -= len(button.title)
    return InlineKeyboardMarkup(lines)


async def pressed(session: AsyncSession, data: str, door_id: int) -> Button | None:
    """The button that `data` means at this door; nothing for data that was not sent to it."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    query = (
        select(Message)
        .join(Outbox, Outbox.message_id == Message.id)
        .where(Outbox.id == int(found[1]), Outbox.door_id == door_id)
    )
    message = await session.scalar(query)
    buttons = [] if message is None else message.body.get("buttons") or []
    place = int(found[2])
    return Button(**buttons[place]) if place < len(buttons) else None
