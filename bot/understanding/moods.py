"""Whether a stretch of text asks about something rather than stating it of the firm."""

from __future__ import annotations

import re

from bot.understanding.segments import Segment


def asks_about(segment: Segment) -> bool:
    return segment.question and not re.search(
        (
            r"我|咱|公司|想|要|能贷|可以贷|可以申请|可以办|可不可以|能不能|能申请|能办|能借|"
            r"能不能贷|的能|(?:可以|能)[弄搞]"
        ),
        segment.text,
    )
