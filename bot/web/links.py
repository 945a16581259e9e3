"""Takes a talk along from a page to another channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Router, post

from bot.cases.clock import now
from bot.channels.links import Way, ways
from bot.conversation import doors
from bot.web.chat import PATH, known_door
from bot.web.errors import Refusal
from bot.web.services import Wired


class LinkCode(msgspec.Struct, frozen=True):
    """`code`: to be typed where there is nothing to scan, as one message, within the time it is good for.
    `ways`: the channels that take it by QR code."""

    code: str
    expires_at: datetime
    ways: list[Way]


@post(f"{PATH}/link", status_code=200, tags=["chat"])
async def link(request: Request[Any, Any, Any], services: Wired) -> LinkCode:
    """A one-time code by which this talk goes on in another channel. It says nothing about the firm."""
    door = await known_door(request, services)
    expires_at = now() + doors.LASTS
    try:
        code = await services.conversations.link_code(door)
    except LookupError:
        raise Refusal(404, "会话不存在或已结束，请重新开始。") from None
    lasts_s = int(doors.LASTS.total_seconds())
    found = await ways(services.channels.values(), code, lasts_s)
    return LinkCode("-".join(code[place : place + 4] for place in range(0, len(code), 4)), expires_at, found)


links_router = Router("/", route_handlers=[link])
