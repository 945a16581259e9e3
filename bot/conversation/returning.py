"""The talk goes back to the bot: it learns what was said while a human had it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from bot.cases.case_models import ENDED, CaseEvent
from bot.cases.clock import local_day
from bot.cases.models import Message
from bot.conversation.casework import Casework
from bot.conversation.dialogue import Dialogue, Said

_CORRECTED = "fact_corrected"


async def human_begins(work: Casework) -> dict[str, int]:
    """For the timeline: the last message that the bot has read, where a human takes the talk over."""
    mine = Message.conversation_id == work.conversation.id
    unread = await work.session.scalar(select(func.min(Message.seq)).where(mine, Message.status == "stored"))
    await work.session.refresh(work.conversation, ["last_seq"])
    return {"after_seq": work.conversation.last_seq if unread is None else unread - 1}


async def give_to_bot(work: Casework, dialogue: Dialogue, mode: str, first_words: str = "") -> None:
    """Changes who answers to `mode` (`bot` or `waiting`); state and brief know what was said meanwhile.

    Args:
        first_words: what the bot says first when it goes on at once; empty: it stays silent until asked.
    """
    conversation, case = work.conversation, work.case
    if conversation.mode == "human":
        today = local_day(work.at)
        output = dialogue.after_human(conversation.state, await _said(work), today, goes_on=bool(first_words))
        conversation.state = output.state
        conversation.state_rev += 1
        replies = output.replies
        if case.status not in ENDED:
            case.state, case.brief = output.state, dialogue.brief(output.state, today)
            case.catalog_version = str(case.brief.get("catalog_version") or dialogue.catalog_version)
    else:
        replies = []
    work.talk_to(mode)
    if first_words:
        await work.tell(first_words, author="bot")
        for reply in replies:
            await work.tell(reply.text, reply.buttons, author="bot", card=reply.card)


async def _said(work: Casework) -> list[Said]:
    """What was written since the human began, in order, as far as nobody has read it."""
    timeline = await work.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == work.case.id).order_by(CaseEvent.id.desc())
    )
    after, corrected = 0, list[tuple[datetime, str]]()
    for line in timeline:
        if line.kind == _CORRECTED:
            corrected.append((line.at, str(line.data.get("fact", ""))))
        if "after_seq" in line.data:
            after = int(line.data["after_seq"])
            break
    messages = await work.session.scalars(
        select(Message)
        .where(
            Message.conversation_id == work.conversation.id,
            Message.seq > after,
            Message.author.in_(("firm", "officer")),
            # What is still stored is answered by the bot as a turn of its own.
            Message.status == "done",
        )
        .order_by(Message.seq)
    )
    return [
        Said(
            author=message.author,
            text=str(message.body.get("text") or ""),
            payload=message.body.get("payload"),
            # An officer who corrected a fact knew of the words before.
            settled=tuple(fact for at, fact in corrected if at >= message.created_at),
        )
        for message in messages
    ]
