"""The privacy notice: its wording, its version, and who agreed to it or took that back."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.firm_models import Consent
from bot.cases.models import Door, Message
from bot.conversation.wire import Button, Reply

#: Of the wording below; another wording is another version, and is shown again.
VERSION = "2026-11"
PRIVACY, ABROAD, SHARE = "privacy", "abroad", "share"
#: `Message.kind` of a notice that was shown.
NOTICE = "notice"

YES = Button("同意", "consent:yes")
NO = Button("不同意", "consent:no")
WITHDRAW = Button("撤回同意", "consent:withdraw")
DATA = Button("查看或删除我的信息", "intent:manage_data")

_PRIVACY = (
    f"【个人信息告知·{VERSION}版】您在这里说的内容只用来预审、答疑和跟进，加密保存。"
    "留电话、交材料要先征得您同意；请陪跑专员跟进，就是同意把这次对话交给专员。"
    "随时发「撤回同意」，我们就停止处理，并可为您删除。"
)
_ABROAD = (
    "另外请知悉：{title}的服务器在境外，您在这里发的内容会离开中国内地。"
    "请不要在这里发身份证件；不愿意出境的，请改用自助机、网页或公众号。"
)


class Standing(msgspec.Struct, frozen=True):
    """How a door stands to the notice.

    `given`: agreed to the version in force. `withdrawn`: agreed once and took it back; nothing is processed
    until it is given again. `noticed`: the version in force was shown. `asked`: the question whether the
    person agrees is the last thing that was said.
    """

    given: bool = False
    withdrawn: bool = False
    noticed: bool = False
    asked: bool = False


# Put together once, because every turn runs them.
_CONSENT, _MESSAGE = map(Message.metadata.tables.__getitem__, ("consent", "message"))
_LAST = (
    select(_CONSENT.c.withdrawn_at, _CONSENT.c.version)
    .where(_CONSENT.c.door_id == bindparam("door"), _CONSENT.c.notice == PRIVACY)
    .order_by(_CONSENT.c.id.desc())
    .limit(1)
)
_SAID = select(_MESSAGE.c.body).where(
    # The conversation is named for the index.
    _MESSAGE.c.conversation_id == bindparam("talk"),
    _MESSAGE.c.door_id == bindparam("door"),
    _MESSAGE.c.author.in_(("bot", "system")),
)
_NOTICES = _SAID.where(_MESSAGE.c.kind == NOTICE)
_SPOKEN = _SAID.where(_MESSAGE.c.kind != NOTICE).order_by(_MESSAGE.c.seq.desc()).limit(1)


async def standing(session: AsyncSession, conversation_id: str, door_id: int) -> Standing:
    """How the door stands now."""
    last = (await session.execute(_LAST, {"door": door_id})).first()
    withdrawn = last is not None and last.withdrawn_at is not None
    if last is not None and not withdrawn and last.version == VERSION:
        return Standing(given=True, noticed=True)
    here = {"talk": conversation_id, "door": door_id}
    notices = await session.scalars(_NOTICES, here)
    noticed = any(version_of(body.get("card")) == VERSION for body in notices)
    spoken = await session.scalar(_SPOKEN, here)
    asked = spoken is not None and any(
        button.get("payload") == YES.payload for button in spoken.get("buttons") or []
    )
    return Standing(withdrawn=withdrawn, noticed=noticed, asked=asked)


def notice(abroad: str | None = None) -> Reply:
    """The notice as it is shown with the first answer.

    Args:
        abroad: what the channel is called, where its servers are outside the country.
    """
    text = _PRIVACY if abroad is None else f"{_PRIVACY}\n{_ABROAD.format(title=abroad)}"
    return Reply(text, card={"kind": NOTICE, "notice": PRIVACY, "version": VERSION})


def kind_of(reply: Reply) -> str:
    """`Message.kind` of what is said: notices are found again by it."""
    return NOTICE if isinstance(reply.card, dict) and reply.card.get("kind") == NOTICE else "text"


def version_of(card: object) -> str | None:
    """The version that a shown notice was of."""
    return str(card.get("version")) if isinstance(card, dict) else None


async def give(session: AsyncSession, door_id: int, notice: str, at: datetime) -> None:
    """The person behind the door agrees to the version in force. To agree again changes nothing."""
    query = select(Consent.id).where(
        Consent.door_id == door_id,
        Consent.notice == notice,
        Consent.version == VERSION,
        Consent.withdrawn_at.is_(None),
    )
    if await session.scalar(query.limit(1)) is None:
        session.add(Consent(door_id=door_id, notice=notice, version=VERSION, given_at=at))
        await session.flush()


async def withdraw(session: AsyncSession, conversation_id: str, door_id: int, at: datetime) -> None:
    """The person takes back everything that was agreed to, at all doors of the conversation: it is one
    person's. Who never agreed and objects is kept as somebody who took it back: nothing is processed."""
    doors = list(await session.scalars(select(Door.id).where(Door.conversation_id == conversation_id)))
    given = update(Consent).where(Consent.door_id.in_(doors), Consent.withdrawn_at.is_(None))
    await session.execute(given.values(withdrawn_at=at))
    await session.execute(update(Door).where(Door.id.in_(doors)).values(shares_talk=False))
    asked = select(Consent.door_id).where(Consent.door_id.in_({*doors, door_id}), Consent.notice == PRIVACY)
    for never in sorted({*doors, door_id} - set(await session.scalars(asked))):
        session.add(Consent(door_id=never, notice=PRIVACY, version=VERSION, given_at=at, withdrawn_at=at))
    await session.flush()
