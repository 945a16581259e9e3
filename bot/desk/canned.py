"""Replies kept ready: found by what is typed after a slash, their variables filled in for a case."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, Officer
from bot.cases.desk_models import CannedReply
from bot.cases.models import Setting
from bot.cases.routing import TEAMS
from bot.desk.words import STATUSES, chinese_day

_SEEDED = "canned_seeded"
_VARIABLE = re.compile(r"\{\{\s*([^{}]{1,20}?)\s*\}\}")
_SHORT = re.compile(r"[\w-]{1,30}")
LONGEST = 2000
VARIABLES = ("编号", "专员", "队伍", "产品", "状态", "首次回复", "办理意见")

DEFAULTS = (
    ("nihao", "问好", "您好，我是{{专员}}，您的办件 {{编号}} 由我来跟进。先跟您核对几项情况，可以吗？"),
    ("cailiao", "请补材料", "请把上年度审计报告和最近一期财务报表发过来，收到后我们接着办 {{编号}}。"),
    (
        "shixian",
        "说明时限",
        "我们争取在{{办理意见}}前给出办理意见。这是服务自己的目标，不代表银行或基金会批准。",
    ),
    ("tijiao", "已提交", "{{产品}}的材料已经交给办理方，由他们按自己的条件决定，有消息马上告诉您。"),
    ("zaijian", "结束语", "这次先到这里，后面有任何变化随时找我，报编号 {{编号}} 就行。"),
)
"""What an operator finds at the first start: (short, title, text)."""


class CannedError(ValueError):
    """A reply cannot be kept as it is; the message is Chinese."""


class Ready(msgspec.Struct, frozen=True):
    """A reply for one case; `open` names the variables that the case has no value for."""

    short: str
    title: str
    text: str
    open: list[str]


async def seed(session: AsyncSession) -> None:
    """Fills the table the first time it is looked at; emptied by the operator, it stays empty."""
    if await session.get(Setting, _SEEDED) is not None:
        return
    session.add(Setting(name=_SEEDED, value="1"))
    for short, title, text in DEFAULTS:
        if await session.scalar(select(CannedReply.id).where(CannedReply.short == short)) is None:
            session.add(CannedReply(short=short, title=title, text=text, team="", active=True))
    await session.flush()


async def listed(session: AsyncSession, *, active_only: bool = False) -> list[CannedReply]:
    query = select(CannedReply).order_by(CannedReply.active.desc(), CannedReply.short)
    if active_only:
        query = query.where(CannedReply.active.is_(True))
    return list(await session.scalars(query))


async def ready_for(session: AsyncSession, case: Case, officer: Officer, product: str) -> list[Ready]:
    """The replies of the case's team and those for every team, filled in; `product` is its name."""
    values = values_of(case, officer, product)
    found = []
    for reply in await listed(session, active_only=True):
        if reply.team and reply.team != case.team:
            continue
        text, left = fill(reply.text, values)
        found.append(Ready(reply.short, reply.title, text, left))
    return found


def values_of(case: Case, officer: Officer, product: str) -> dict[str, str]:
    return {
        "编号": case.number,
        "专员": officer.title,
        "队伍": TEAMS.get(case.team, ""),
        "产品": product,
        "状态": STATUSES.get(case.status, ""),
        "首次回复": chinese_day(case.first_reply_by),
        "办理意见": chinese_day(case.opinion_by),
    }


def fill(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """`text` with its variables filled in, and the names of those that have no value and stay as they are.

    >>> fill("{{专员}}：{{ 编号 }}，{{别的}}", {"专员": "王专员", "编号": "KC1"})
    ('王专员：KC1，{{别的}}', ['别的'])
    """
    left: list[str] = []

    def value(match: re.Match[str]) -> str:
        found = values.get(match[1], "")
        if not found:
            left.append(match[1])
        return found or match[0]

    return _VARIABLE.sub(value, text), left


async def keep(
    session: AsyncSession, reply_id: int | None, *, short: str, title: str, text: str, team: str, active: bool
) -> CannedReply:
    """A new reply, or a changed one.

    Raises:
        CannedError: something is missing, too long or of an unknown kind, or the short name is in use.
    """
    short, title, text = short.strip().lstrip("/"), title.strip(), text.strip()
    if not _SHORT.fullmatch(short):
        raise CannedError("快捷词用 1–30 个字母、数字或汉字，不带空格。")
    if not 1 <= len(title) <= 60 or not 1 <= len(text) <= LONGEST:
        raise CannedError(f"请写标题（60 字以内）和内容（{LONGEST} 字以内）。")
    if team and team not in TEAMS:
        raise CannedError("没有这支队伍。")
    unknown = [name for name in _VARIABLE.findall(text) if name not in VARIABLES]
    if unknown:
        raise CannedError(f"没有变量：{'、'.join(unknown)}。可以用：{'、'.join(VARIABLES)}。")
    taken = select(CannedReply.id).where(CannedReply.short == short, CannedReply.id != (reply_id or 0))
    if await session.scalar(taken) is not None:
        raise CannedError(f"快捷词“{short}”已经有了。")
    row = await session.get(CannedReply, reply_id) if reply_id is not None else CannedReply()
    if row is None:
        raise CannedError("没有这条常用语。")
    row.short, row.title, row.text, row.team, row.active = short, title, text, team, active
    session.add(row)
    await session.flush()
    return row
