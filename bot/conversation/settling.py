"""Which lines that a firm sends in a row are one turn, and how long further ones are awaited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.cases.models import Message

#: Milliseconds by channel where the settings name none; 0 elsewhere.
#:
#: In a messenger people send three short lines where a letter would have one sentence, and nobody watches for
#: an answer within a second: every text waits. On `web` a program or a page may send while an earlier line is
#: unanswered, but somebody looks at the page: only a line that looks unfinished waits, and lines that already
#: came in a row. The kiosk page and the terminal send a line only when the one before is answered, so waiting
#: would be for nothing.
DEFAULT_MS: Mapping[str, int] = {"telegram": 1500, "wechat": 1500, "wecom": 1500, "web": 800}
#: Channels on which only a line that looks unfinished waits.
_WATCHED = frozenset({"web", "kiosk", "terminal"})
#: A person who keeps on typing is answered after this many settle times all the same.
_LONGEST = 4
#: Longer than this is no fragment.
_FRAGMENT_CHARS = 24

_OPEN_END = re.compile(
    r"(?:[,，、;；:：—~～]|\.{2,}|…+|[和跟与及]|还有|另外|然后|以及|并且|而且|但是|不过|因为|所以|就是|比如|例如|包括)\s*$"
)
# What somebody says of the own firm before saying what it wants: 我们做芯片的, 去年营收1500万, 成立三年了.
_STATEMENT = re.compile(
    r"^\s*(?:我们?|咱们?|俺们?|本公司|我司|我公司|公司|企业|厂里|目前|现在|去年|今年|前年|上年|成立|注册|员工|职工|"
    r"团队|营收|年营收|销售|有\d)|的\s*$"
)
_COMPLETE = re.compile(
    r"[?？!！。]|[吗呢吧么]\s*$|什么|多少|好多|怎么|咋|啥|哪|谁|几(?!年|项|个人)|如何|为何|能不能|可不可以|是不是|"
    r"有没有|行不行|想|要(?!求)|贷|融|借|担保|资金|投资|补贴|申请|预审|办理|咨询|人工|专员|谢|你好|您好|不清楚|不知道|说错"
)


def looks_unfinished(text: str, *, asked: bool) -> bool:
    """Whether `text` probably is the beginning of more.

    Args:
        asked: whether the bot has just asked something; a short statement then is the answer to it.

    >>> [looks_unfinished(text, asked=False) for text in ("我们做芯片的", "想贷300万", "去年营收1500万，")]
    [True, False, True]
    >>> looks_unfinished("去年营收1500万", asked=True)
    False
    """
    if _OPEN_END.search(text):
        return True
    if asked or len(text.strip()) > _FRAGMENT_CHARS:
        return False
    return _STATEMENT.search(text) is not None and _COMPLETE.search(text) is None


class Settling:
    """Joins lines to rows and says how long a row stays open.

    Args:
        settle_ms: by channel, instead of the defaults; 0 switches joining off there as well.
        max_chars: a row gets no longer than one message may be.
    """

    def __init__(self, settle_ms: Mapping[str, int], *, max_chars: int) -> None:
        self._off = {channel for channel, milliseconds in settle_ms.items() if not milliseconds}
        self._ms = {**DEFAULT_MS, **settle_ms}
        self._max_chars = max_chars

    def row(self, waiting: Sequence[Message]) -> list[Message]:
        """The first of the `waiting` messages (at least one) and what is answered together with it.

        Texts of one door that are stored already are one turn, also where nothing is waited for: while a turn
        is computed, what comes in is answered once afterwards. A pressed button is always its own turn.
        """
        first = waiting[0]
        row = [first]
        if first.kind != "text" or first.channel in self._off:
            return row
        length = len(first.body.get("text", ""))
        for message in waiting[1:]:
            length += 1 + len(message.body.get("text", ""))
            if message.kind != "text" or message.door_id != first.door_id or length > self._max_chars:
                break
            row.append(message)
        return row

    def open_s(self, row: Sequence[Message], at: datetime, *, asked: bool) -> float:
        """Seconds for which further lines are awaited before `row` is answered; 0 or less: answer now."""
        last = row[-1]
        settle = timedelta(milliseconds=self._ms.get(last.channel, 0))
        if not settle or last.kind != "text":
            return 0.0
        text = last.body.get("text", "")
        if last.channel in _WATCHED and len(row) == 1 and not looks_unfinished(text, asked=asked):
            return 0.0
        until = min(last.created_at + settle, row[0].created_at + _LONGEST * settle)
        return (until - at).total_seconds()

    def may_grow(self, row: Sequence[Message], at: datetime) -> bool:
        """Whether a line that came while `row` was being answered still belongs to it."""
        last = row[-1]
        settle = timedelta(milliseconds=self._ms.get(last.channel, 0))
        return last.kind == "text" and at < row[0].created_at + settle
