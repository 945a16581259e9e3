"""The city's register of technology firms where only 入库 is said of it."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding

_REGISTER = re.compile(r"(?P<no>没有?|没得|还没|未|尚未)?(?:已经?|早就?|都|也|是)*[入进]了?(?:那个)?库(?!存)")
_REGISTERS = frozenset(("is_cq_tech_enterprise", "is_tech_sme"))


def speaks_of_register(a: Analysis) -> bool:
    """Whether 入库 is spoken of though something else was asked: then it answers nothing."""
    return a.asked not in _REGISTERS and _REGISTER.search(a.text) is not None


def registered(a: Analysis) -> list[Finding]:
    """「已经入库了」 without a name means the city's register of technology firms, the one we ask for."""
    if a.asked in _REGISTERS or any(t.key in _REGISTERS for t in a.terms):
        return []
    for segment in a.segments:
        match = _REGISTER.search(segment.text)
        if match and not (segment.question or segment.rule or segment.others):
            start = segment.start + match.start()
            held = match["no"] is None
            return [Finding("is_cq_tech_enterprise", held, start, segment.start + match.end())]
    return []
