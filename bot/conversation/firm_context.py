"""What the dialogue must know of the firm besides its words: visit, times that are free, its last case."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import ratings, visits
from bot.cases.case_models import ENDED, Case, Officer
from bot.cases.firm_models import Rating
from bot.conversation.notices import day

# What may be about a visit. Free times travel to the engine and back, so not with every message; where a
# sentence about visits has none of these words, the dialogue offers to show them.
_VISIT = re.compile(
    "约|谈|见面|当面|面对面|时间|到店|店里|上门|过来|过去|去你们|来你们|不去|不来|去不了|来不了|现场|拜访|网点|"
    "改期|改到|取消|推迟|提前|哪天|几点|明天|后天|下周|(?:周|星期|礼拜)[一二三四五六日天]|聊聊|坐坐"
)
_MOST_SLOTS = 40
# Buttons that say a fact, ask about a product or pass a question over need nothing of it.
_VISIT_KEYS = ("intent:book_visit",)
_PLAIN_KEYS = ("set:", "skip:", "check:", "card:", "ask:", "contact:", "why", "improve")
# Put together once, because every turn runs it.
_LAST_CASE = (
    select(
        Case.number,
        Case.status,
        Case.first_reply_by,
        Case.first_reply_at,
        Case.opinion_by,
        Case.opinion_at,
        Officer.title,
        Rating.at,
    )
    .outerjoin(Officer, Officer.id == Case.owner_id)
    .outerjoin(Rating, Rating.case_id == Case.id)
    .where(Case.conversation_id == bindparam("talk"))
    .order_by(Case.id.desc())
    .limit(1)
)


async def known_of(
    session: AsyncSession, conversation_id: str, payload: str | None, text: str, at: datetime
) -> dict[str, Any]:
    """`{"case_more", "last_case", "rating", "visit", "slots"}`, as the dialogue's context; empty for a button
    that needs none of it. `visit` and `slots` are there only where the message may be about a visit."""
    if payload is not None and payload.startswith(_PLAIN_KEYS):
        return {}
    if not (
        _VISIT.search(text) if payload is None else payload in _VISIT_KEYS or payload.startswith("visit:")
    ):
        return await _last_case(session, conversation_id)
    visit = await visits.visit_of(session, conversation_id, at)
    return {
        **await _last_case(session, conversation_id),
        "visit": None if visit is None else _slot(visit.slot),
        "slots": [_slot(one) for one in await visits.open_slots(session, at, _MOST_SLOTS)],
    }


def _slot(slot: visits.Slot) -> dict[str, Any]:
    place = {"place_id": slot.place_id, "place": slot.place, "address": slot.address}
    return {"id": slot.id, **place, "when": slot.when}


async def _last_case(session: AsyncSession, conversation_id: str) -> dict[str, Any]:
    for row in await session.execute(_LAST_CASE, {"talk": conversation_id}):
        number, status, reply_by, reply_at, opinion_by, opinion_at, owner, rated_at = row
        if status in ENDED:
            asked = status in ratings.ASKED_AFTER and rated_at is None
            return {"last_case": {"number": number, "status": status}, "rating": number if asked else None}
        more: dict[str, Any] = {"owner": owner}
        if status != "waiting_firm":
            more["first_reply_by"] = day(reply_by) if reply_at is None else None
            more["opinion_by"] = day(opinion_by) if reply_at is not None and opinion_at is None else None
        return {"case_more": more}
    return {}
