"""Whether patents are granted or only applied for."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment

PENDING = re.compile(
    r"在审|审查|实审|受理|公开阶段|公示|(?:还没|没有?|未|尚未|待|等)(?:授权|下证|拿证|下来|批|"
    r"到手|授)|申请中|在申请|正申请|已申请|申请了|申请过|刚申请|提交|报了|申报|在路上|在走|"
    r"[交报递]上去|材料才|进入|准备|打算|初审|报上去|排队|递交|(?<!已)申请的?$|^的?(?:都|也)?(?:还|正)?在(?:申请|"
    r"审)"
)
GRANTED = re.compile(
    r"已授权|授权了|(?<!待)(?<!没)(?<!没有)(?<!未)(?<!等)授权|下证|拿证|到手|已经?拿到?|拿到|"
    r"下来了|有效"
)


def pending(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a number of patents is only applied for."""
    left, right = a.left_of(q, segment), a.right_of(q, segment)
    if (
        re.search(r"(?:正在|在)申请[^,，]*[和跟与及、]$", a.text[segment.start : q.start])
        and "授权" not in left
    ):
        return True
    for window in (left[-8:], right):
        granted, pending = GRANTED.search(window), PENDING.search(window)
        if pending:
            return True
        if granted:
            return False
    return False
