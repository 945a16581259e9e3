"""Everything that is kept of a firm, as one JSON value for itself.

Officers' notes among themselves, what they were offered and what the audit log says are not the firm's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, CaseEvent
from bot.cases.clock import SHANGHAI
from bot.cases.firm_models import (
    Attachment,
    Complaint,
    Consent,
    OpenQuestion,
    Rating,
    Visit,
    VisitPlace,
    VisitSlot,
)
from bot.cases.models import Conversation, Door, Message
from bot.cases.visits import when

# What of a case's timeline is the firm's: how it went, not how officers divide their work.
_TIMELINE = ("opened", "claimed", "moved", "fact_corrected", "handed_back", "resumed", "rated", "journey")


async def collect(session: AsyncSession, conversation_id: str) -> dict[str, Any]:
    """What is kept of the conversation, readable: facts, talk, cases, files (without their bytes), visits,
    stars, complaints, consents, the number left, questions left open."""
    conversation = await session.get_one(Conversation, conversation_id)
    state = conversation.state or {}
    return {
        "since": _time(conversation.created_at),
        "facts": {**(state.get("facts") or {}), **(state.get("more") or {})},
        "bounds": state.get("bounds") or {},
        "said": state.get("said") or {},
        "need": state.get("need") or "",
        "phone": conversation.phone,
        "may_contact": conversation.may_contact,
        "channels": await _doors(session, conversation_id),
        "consents": await _consents(session, conversation_id),
        "messages": await _messages(session, conversation_id),
        "cases": await _cases(session, conversation_id),
        "files": await _files(session, conversation_id),
        "visits": await _visits(session, conversation_id),
        "complaints": [
            {"at": _time(one.at), "words": one.words}
            for one in await session.scalars(
                select(Complaint).where(Complaint.conversation_id == conversation_id).order_by(Complaint.id)
            )
        ],
        "open_questions": [
            {"at": _time(one.at), "words": one.words, "reason": one.reason}
            for one in await session.scalars(
                select(OpenQuestion)
                .where(OpenQuestion.conversation_id == conversation_id)
                .order_by(OpenQuestion.id)
            )
        ],
    }


async def _doors(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    rows = await session.scalars(select(Door).where(Door.conversation_id == conversation_id))
    return [
        {"channel": door.channel, "since": _time(door.created_at), "address_kept": door.address is not None}
        for door in rows
    ]


async def _consents(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(Consent)
        .join(Door, Door.id == Consent.door_id)
        .where(Door.conversation_id == conversation_id)
        .order_by(Consent.id)
    )
    return [
        {
            "notice": one.notice,
            "version": one.version,
            "given_at": _time(one.given_at),
            "withdrawn_at": _time(one.withdrawn_at),
        }
        for one in rows
    ]


async def _messages(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
    )
    return [
        {
            "at": _time(one.created_at),
            "author": one.author,
            "channel": one.channel,
            "text": (one.body or {}).get("text") or "",
            **({"button": one.body["payload"]} if (one.body or {}).get("payload") else {}),
        }
        for one in rows
    ]


async def _cases(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(Case, Rating.stars, Rating.at)
        .outerjoin(Rating, Rating.case_id == Case.id)
        .where(Case.conversation_id == conversation_id)
        .order_by(Case.id)
    )
    found = []
    for case, stars, rated_at in rows.all():
        timeline = await session.scalars(
            select(CaseEvent)
            .where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(_TIMELINE))
            .order_by(CaseEvent.id)
        )
        found.append(
            {
                "number": case.number,
                "status": case.status,
                "product": case.product,
                "opened_at": _time(case.created_at),
                "ended_at": _time(case.ended_at),
                "first_reply_by": case.first_reply_by.isoformat(),
                "opinion_by": case.opinion_by.isoformat(),
                "brief": case.brief,
                "stars": stars,
                "rated_at": _time(rated_at),
                "timeline": [{"at": _time(line.at), "kind": line.kind} for line in timeline],
            }
        )
    return found


async def _files(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(Attachment).where(Attachment.conversation_id == conversation_id).order_by(Attachment.id)
    )
    return [
        {"at": _time(one.created_at), "name": one.name, "media_type": one.media_type, "size": one.size}
        for one in rows
    ]


async def _visits(session: AsyncSession, conversation_id: str) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(Visit.status, VisitPlace.name, VisitSlot.starts_at, VisitSlot.ends_at)
        .join(VisitSlot, VisitSlot.id == Visit.slot_id)
        .join(VisitPlace, VisitPlace.id == VisitSlot.place_id)
        .where(Visit.conversation_id == conversation_id)
        .order_by(Visit.id)
    )
    return [{"status": row[0], "place": row[1], "when": when(row[2], row[3])} for row in rows]


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
