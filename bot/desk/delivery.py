"""A message that did not arrive is sent once more, on the officer's word."""

from __future__ import annotations

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Officer
from bot.cases.models import Message, Outbox
from bot.conversation import events
from bot.conversation.casework import Casework, Handled, NotAllowed

_AGAIN = ("failed", "unknown")


async def retry(session: AsyncSession, number: str, officer: Officer, seq: int) -> Handled:
    """Puts the message `seq` of the talk into the outbox again.

    One whose delivery is unknown may then arrive twice: the officer was told so.

    Raises:
        NotAllowed: the talk is not theirs, or there is nothing to send again. LookupError.
    """
    work = await Casework.open(session, number, officer)
    if work.case.owner_id != officer.id or work.conversation.owner_id != officer.id:
        raise NotAllowed("这段对话现在不在您手里。")
    mine = select(Message.id).where(
        Message.conversation_id == work.conversation.id,
        Message.seq == seq,
        Message.author.in_(("officer", "system")),
    )
    done: CursorResult[object] = await session.execute(  # type: ignore[assignment]
        update(Outbox)
        .where(Outbox.message_id.in_(mine), Outbox.status.in_(_AGAIN))
        .values(status="queued", attempts=0, next_try_at=work.at, error=None)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:
        raise NotAllowed("这条消息不需要重发。")
    work.timeline("retried", officer)
    work.audit(officer, "retry")
    work.event(events.case(number), "delivery", {"number": number, "seq": seq})
    return await work.done()
