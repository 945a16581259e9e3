"""Taking back a number: 「不是800是80」, 「说成800了」, 「300万改成500万」, 「刚才说错了」."""

from __future__ import annotations

import re

from bot.understanding.quantities import Quantity

_CUE = re.compile(
    r"说错|写错|打错|填错|输错|搞错|弄错|记错|看错|听错|算错|报错|点错|选错|理解错|口误|"
    r"笔误|手误|手滑|更正|纠正|订正|改一?下|改成|改为|换成|修改|修正|更改|说大了|说小了|"
    r"说多了|说少了|报高了|报低了|多写|少写|写多|写少|多打|少打|多说|少说|"
    r"不对[,，。]?|不准确|有误|重新说|重说|才对|搞混|弄混|说反|说岔|讲错|错了|"
    r"不止这(?:么)?|应该是|应为|其实是|其实(?:没|有)|不是.{1,14}[,，]?(?:而)?是|刚才(?:说|"
    r"那|的|讲|填|写)|前面(?:说|那|的)|(?:上|前)一(?:条|句)"
)
_STRONG = re.compile(
    r"说错|写错|打错|填错|输错|搞错|弄错|记错|看错|算错|报错|选错|口误|笔误|手误|手滑|更正|"
    r"纠正|订正|改一?下|改成|改为|修正|说大了|说小了|说多了|说少了|报高了|报低了|多写|少写|"
    r"写多|写少|不是.{1,14}[,，]?(?:而)?是|重新说|才对|讲错|搞混|弄混"
)
_NOT = re.compile(r"(?:而?不是|并不是|不是的?)(?:什么|大概|说|我说的|那个)?$")
_AS = re.compile(
    r"(?:说|写|填|打|输|听|记|当|看|报|算|讲|敲)成了?$|(?:刚才|之前|前面|上面|刚刚|先前|"
    r"一开始)(?:我)?(?:说|写|填|讲|报|输|打)(?:的|了)?(?:是|的是)?(?:大概)?$|不要$|别写$"
)
_WRONG_AFTER = re.compile(
    r"^(?:万|元|人|项|个|年)?(?:那个|这个|的)?(?:,|，| )?(?:是?不对|是?错的?|说错|写错|打错|"
    r"有误|搞错|弄错|记错|改成|改为|换成|调整[为到成]|改到|调到|降到|更正为|应该是|应为|而是|"
    r"的(?:数|金额)?(?:不对|错))"
)
_JOIN = re.compile(
    r"[,，。; ]*(?=(?:而是|应该是|应该|应为|是|改成|改为|其实是|实际是|实际|正确的?是|才是|"
    r"我们是|改到|换成|\d|[一二两三四五六七八九十]))"
)
_FILL = "是"


def correction_cue(text: str) -> float:
    """0 where nothing is corrected, 1 where it clearly is."""
    if _STRONG.search(text):
        return 1.0
    return 0.6 if _CUE.search(text) else 0.0


def retracted(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """The numbers that are taken back."""
    out = []
    for index, q in enumerate(quantities):
        before, after = text[max(0, q.start - 12) : q.start], text[q.end : q.end + 10]
        later = quantities[index + 1 :]
        if _NOT.search(before) and not re.search(r"是不是$", before):
            out.append(q)
        elif _AS.search(before) and (later or any(o.end <= q.start for o in quantities)):
            if re.search(r"(?:不要|别写)$", before) and not later:
                continue
            out.append(q)
        elif _WRONG_AFTER.match(after) and later:
            out.append(q)
    return (
        out
        if len(out) < len(quantities)
        else [q for q in out if _NOT.search(text[max(0, q.start - 12) : q.start])]
    )


def blank(text: str, gone: list[Quantity]) -> str:
    """The text without what was taken back, of the same length, so that the right number meets its anchor."""
    chars = list(text)
    for q in gone:
        start, end = q.start, q.end
        head = re.search(
            r"(?:而?并?不是的?(?:什么|大概|说|我说的|那个)?|(?:把)?(?:说|写|填|打|输|听|记|当|"
            r"看|报|算|讲|敲)成了?|(?:刚才|之前|前面|上面|刚刚|先前|一开始)(?:我)?(?:说|写|填|"
            r"讲|报|输|打)(?:的|了)?(?:是|的是)?(?:大概)?|从|由)$",
            text[:start],
        )
        if head:
            start = head.start()
        tail = re.match(
            r"(?:多|左右|来)?(?:万|元|人|项|个|年|了|那个|这个|的)?(?:[,，。 ]*(?:是?不对|"
            r"是?错的?了?|说错了?|写错了?|打错了?|有误|搞错了?|改成|改为|换成|调整[为到成]|"
            r"改到|调到|降到|更正为|的(?:数|金额)?(?:不对|错)了?))?(?:了)?",
            text[end:],
        )
        if tail:
            end += tail.end()
        join = _JOIN.match(text, end)
        if join:
            end = join.end()
        chars[start:end] = _FILL * (end - start)
    return "".join(chars)
