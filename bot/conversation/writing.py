"""What officers write: words for the firm, notes among themselves, corrections of a fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import targets
from bot.cases.case_models import ENDED, Officer
from bot.cases.clock import local_day
from bot.cases.desk_models import Note
from bot.cases.firm_models import Attachment
from bot.conversation import events
from bot.conversation.casework import Casework, Handled, NotAllowed, Stale
from bot.conversation.dialogue import Dialogue, FactError
from bot.conversation.moving import roles_of


async def write(
    session: AsyncSession,
    number: str,
    officer: Officer,
    version: int,
    text: str,
    attachment_keys: Sequence[str] = (),
) -> Handled:
    """Puts an officer's words into the outbox, to leave through the door the firm used last.

    Args:
        version: the conversation's version that the officer's page shows.
        attachment_keys: files of this conversation that were stored before and go along.

    Raises:
        Stale: the conversation has another version or another owner. NotAllowed: there is nothing to send,
            or no way to the firm any more. LookupError.
    """
    work = await Casework.open(session, number, officer)
    case, conversation = work.case, work.conversation
    mine = case.owner_id == conversation.owner_id == officer.id and case.status not in ENDED
    if not mine or conversation.mode != "human" or conversation.version != version:
        raise Stale
    files = await _files(work, attachment_keys)
    if not text.strip() and not files:
        raise NotAllowed("没有要发的内容。")
    shown = [
        {"key": one.key, "name": one.name, "media_type": one.media_type, "size": one.size} for one in files
    ]
    message = await work.tell(text, author="officer", officer=officer, files=shown)
    if message is None:
        raise NotAllowed("企业已经结束了这次对话，没有渠道可以送达。")
    for one in files:
        one.message_id = message.id
    await targets.meet(session, case, targets.FIRST_REPLY, work.at)
    work.audit(officer, "write")
    work.event(events.DESK, "talk", {"number": number, "status": case.status})
    return await work.done()


async def _files(work: Casework, keys: Sequence[str]) -> list[Attachment]:
    """The stored files with these keys, in their order; each can be sent once."""
    if not keys:
        return []
    found = await work.session.scalars(
        select(Attachment).where(
            Attachment.key.in_(keys),
            Attachment.conversation_id == work.conversation.id,
            Attachment.message_id.is_(None),
        )
    )
    by_key = {one.key: one for one in found}
    if set(keys) - set(by_key):
        raise NotAllowed("附件不在了，或者已经发过。")
    return [by_key[key] for key in dict.fromkeys(keys)]


async def note(session: AsyncSession, number: str, officer: Officer, text: str) -> Handled:
    """Keeps words among officers. They are in a table that nothing for firms reads.

    Raises:
        NotAllowed: there is nothing to keep, or the officer may only read. LookupError.
    """
    work = await Casework.open(session, number, officer)
    if officer.role == "auditor":
        raise NotAllowed("您的角色只能查看。")
    if not text.strip():
        raise NotAllowed("没有要记的内容。")
    row = Note(case_id=work.case.id, officer_id=officer.id, text=text.strip(), at=work.at)
    session.add(row)
    await session.flush()
    work.audit(officer, "note")
    work.event(events.case(number), "note", {"number": number, "note": row.id})
    return await work.done()


async def correct_fact(
    session: AsyncSession,
    number: str,
    officer: Officer,
    fact: str,
    value: Any,
    reason: str,
    state_rev: int,
    *,
    dialogue: Dialogue,
) -> Handled:
    """Corrects a fact of the case's firm and judges anew; who, when, old and new stay in the timeline.

    Args:
        value: as JSON, or as text of a form; null makes it «不清楚».
        state_rev: revision of the dialogue state that the officer's page shows.

    Raises:
        Stale: the state has changed since. NotAllowed: no reason, no such fact or value, not theirs, or the
            case has ended. LookupError.
    """
    work = await Casework.open(session, number, officer)
    case, conversation = work.case, work.conversation
    if not roles_of(officer, case):
        raise NotAllowed("只有办件的专员或组长可以更正。")
    if case.status in ENDED:
        raise NotAllowed("这件已经结束。")
    if not reason.strip():
        raise NotAllowed("请写一句更正的原因。")
    if conversation.state_rev != state_rev:
        raise Stale
    today = local_day(work.at)
    try:
        made = dialogue.correct(conversation.state, fact, value, today)
    except FactError as error:
        raise NotAllowed(str(error)) from None
    conversation.state = made.state
    conversation.state_rev += 1
    brief = dialogue.brief(made.state, today)
    version = str(brief.get("catalog_version") or dialogue.catalog_version)
    await work.change(state=made.state, brief=brief, catalog_version=version)
    work.timeline(
        "fact_corrected",
        officer,
        fact=fact,
        name=made.name,
        old=made.old,
        new=made.new,
        old_text=made.old_text,
        new_text=made.new_text,
        changes=made.changes,
        reason=reason.strip()[:200],
    )
    work.audit(officer, "correct_fact")
    plain = {"number": number, "status": case.status}
    work.event(events.case(number), "fact", {**plain, "fact": fact, "case_version": case.version})
    work.event(events.DESK, "case", plain)
    return await work.done()
