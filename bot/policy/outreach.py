"""Whom officers may call after a change of policy: firms that agreed and for which something got better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case
from bot.cases.models import Conversation, Door
from bot.catalog.load import load_texts
from bot.decision.compare import improved
from bot.decision.judge import Decider
from bot.dialogue.state import load_state
from bot.policy import store
from bot.policy.changes import ChangeLine, told
from bot.policy.files import deciding


class Call(msgspec.Struct, frozen=True):
    """One product that came nearer to one firm. `case` is its newest case; `open`: its talk can go on."""

    case: str | None
    conversation: str
    channels: list[str]
    open: bool
    agreed_at: datetime
    old_version: str
    new_version: str
    change: ChangeLine


class NoVersion(Exception):
    """No version of the policy data has been in use yet: nothing can have changed."""


async def call_list(session: AsyncSession, day: date) -> list[Call]:
    """Firms in the order in which they agreed. A firm that was told by the bot already is left out.

    What a firm was told is what its talk was last judged under; what counts is only what the newer version
    changes, on `day`, not what time alone brought.

    Raises:
        NoVersion: see there.
    """
    newest = await store.in_use(session)
    if newest is None:
        raise NoVersion
    deciders: dict[str, Decider | None] = {}

    async def decider(version: str) -> Decider | None:
        if version not in deciders:
            kept = await store.find_by_version(session, version)
            texts = await store.files_of(session, kept.id) if kept else None
            deciders[version] = Decider(load_texts(deciding(texts))) if texts else None
        return deciders[version]

    new = await decider(newest.version)
    assert new is not None
    calls: list[Call] = []
    query = (
        select(Conversation).where(Conversation.may_contact.is_(True)).order_by(Conversation.may_contact_at)
    )
    for talk in await session.scalars(query):
        case = await session.scalar(
            select(Case).where(Case.conversation_id == talk.id).order_by(Case.id.desc()).limit(1)
        )
        state = load_state(talk.state)
        version = state.catalog_version or (case.catalog_version if case else "")
        old = await decider(version)
        if old is None or talk.may_contact_at is None or version == newest.version:
            continue
        doors = await session.scalars(select(Door).where(Door.conversation_id == talk.id).order_by(Door.id))
        channels = list(dict.fromkeys(door.channel for door in doors))
        calls += [
            Call(
                case=case.number if case else None,
                conversation=talk.id,
                channels=channels,
                open=talk.ended_at is None,
                agreed_at=talk.may_contact_at,
                old_version=version,
                new_version=newest.version,
                change=told(change, old.catalog, new.catalog),
            )
            for change in improved(state.firm, old, new, day)
        ]
    return calls


def as_table(calls: Sequence[Call]) -> list[str]:
    """Lines for people: one a product, the firm by its case, or by its talk where it has none."""
    lines = []
    for call in calls:
        change = call.change
        better = f"{change.before_text} → {change.after_text}" + (
            f"，{change.limits}" if change.limits else ""
        )
        via = "、".join(call.channels) + ("" if call.open else "（对话已结束）")
        lines.append(
            "\t".join((call.case or call.conversation, change.name, better, change.why or "新产品", via))
        )
    return lines
