"""The officer's page shows that the firm is typing, while a human has the talk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Router, post
from sqlalchemy import select

from bot.cases.case_models import ENDED, Case
from bot.cases.clock import now
from bot.cases.models import Conversation
from bot.conversation import events
from bot.web.chat import PATH, known_door
from bot.web.services import Wired

SHOWN = timedelta(seconds=6)


@post(f"{PATH}/typing", status_code=204, tags=["chat"])
async def typing(request: Request[Any, Any, Any], services: Wired) -> None:
    """Somebody is typing. What is typed stays there; only a human who has the talk is told."""
    door = await known_door(request, services)
    query = (
        select(Case.number)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(
            Conversation.id == door.conversation_id,
            Conversation.mode == "human",
            Case.status.not_in(ENDED),
        )
    )
    async with services.database.read() as session:
        number = await session.scalar(query)
    if number is None:
        return
    stream, until = events.case(number), (now() + SHOWN).isoformat()
    async with services.database.write() as session:
        await events.append(session, stream, "typing", {"number": number, "until": until})
    services.broker.ring(stream)


typing_router = Router("/", route_handlers=[typing])
