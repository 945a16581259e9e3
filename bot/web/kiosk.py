"""What a kiosk asks of the server beside the talk: calling somebody of the staff."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Router, post
from sqlalchemy import select

from bot.cases.database import Database
from bot.cases.models import Event
from bot.channels.kiosk.places import places_of
from bot.conversation import events
from bot.web.errors import Refusal
from bot.web.services import Wired

PATH = "/api/v1/kiosk/call"
KIOSK_HEADER = "X-Peipao-Kiosk"
CALL = "kiosk_call"
# Pressing again meanwhile rings nobody: the page says that somebody was called.
EVERY = timedelta(minutes=1)


class Called(msgspec.Struct, frozen=True):
    """`at`: when the staff were called; `fresh`: by this request, not by one shortly before; `again_s`:
    seconds from now after which the kiosk may call once more."""

    at: datetime
    fresh: bool
    again_s: int


@post(PATH, status_code=200, tags=["kiosk"])
async def call_staff(request: Request[Any, Any, Any], services: Wired) -> Called:
    """Calls the staff to the kiosk of `X-Peipao-Kiosk`; nothing of what is on its screen goes along.

    Every open page of the desk shows and sounds it. A kiosk rings once a minute, however often somebody
    presses, and through whichever process.
    """
    await services.limit_chat(request)
    kiosk = request.headers.get(KIOSK_HEADER, "")
    places = places_of(services.settings)
    if kiosk and kiosk not in places:
        raise Refusal(404, "没有这台自助机。")
    called = await call(services.database, kiosk, places.get(kiosk, ""))
    if called.fresh:
        services.broker.ring(events.DESK)
    return called


async def call(database: Database, kiosk: str, place: str) -> Called:
    """Adds the event for the desk, unless the kiosk called less than `EVERY` ago; the caller rings."""
    async with database.write() as session:
        # Taking the number first keeps two presses at one moment apart: the second sees the first's event.
        seq = await events.append(session, events.DESK, CALL, {"kiosk": kiosk, "place": place})
        await session.flush()
        at = (await session.get_one(Event, (events.DESK, seq))).at
        lately = await session.scalars(
            select(Event)
            .where(
                Event.stream == events.DESK,
                Event.kind == CALL,
                Event.seq < seq,
                Event.at > at - EVERY,
            )
            .order_by(Event.seq.desc())
        )
        before = next((event.at for event in lately if event.data.get("kiosk") == kiosk), None)
        if before is not None:
            await session.rollback()
    since = before or at
    return Called(since, before is None, max(1, int((since + EVERY - at).total_seconds())))


kiosk_router = Router("/", route_handlers=[call_staff])
