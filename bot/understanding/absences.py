"""What a firm says it has none of: 没有软著, 没融过资, 不欠银行的钱."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.polarity import window
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

_NEVER_RAISED = re.compile(
    r"(?:没有?|从未|从来没有?|还没有?|未|没得)(?:外部)?(?:融过资?|融资过|拿过[^,，]{0,6}(?:投资|"
    r"融资)|(?:股权)?融资$|引入过?(?:任何)?(?:投资|投资人))"
)
_OWES_NOTHING = re.compile(
    r"(?:没有?|没得|从不|不)欠(?:过|着)?(?:银行|外面|外头|别人|任何人|谁|外债)|没有?(?:外债|欠债|负债)|"
    r"(?:从来?|一直|还|都)?没有?(?:[在跟向找从]\w{0,4})?[贷借]过(?:款|钱|银行|一分|任何)|没得?有?(?:任何|银行|一分)+(?:的)?(?:贷款|借款)|"
    r"(?:贷款|欠款|借款)(?:余额)?(?:目前|现在|也|都|是)*(?:为|是)?(?:一分(?:钱)?(?:都|也)?没有?|零(?!\w)|0(?![\d.])|没得|清零)|"
    r"(?:一分钱?|一笔)(?:贷款)?(?:都|也)?没(?:有?贷|有?借|欠)|一分(?:钱)?(?:都|也)?不欠|"
    r"(?:贷款|借款|银行)[^,，]{0,8}(?:全部?|都)(?:结清|还清|还完)(?!.{0,6}(?:剩|还有))|"
    r"(?:一家|哪家|任何)银行(?:都|也)没(?:有)?[贷借]过"
)


def never_raised(a: Analysis) -> list[Finding]:
    """「没融过资」 is nothing raised so far, 「没欠银行的钱」 owes nothing."""
    out = []
    for segment in a.segments:
        match = _OWES_NOTHING.search(segment.text)
        if match and not segment.others and not segment.question:
            out.append(
                Finding("existing_loans_wan", 0, segment.start + match.start(), segment.start + match.end())
            )
    for segment in a.segments:
        match = _NEVER_RAISED.search(segment.text)
        if match and not segment.others and not segment.text.endswith(("吗", "?")):
            out.append(
                Finding("equity_raised_wan", 0, segment.start + match.start(), segment.start + match.end())
            )
    return out


def counted(term: Term, a: Analysis) -> bool:
    """Whether a number stands right behind: 「没房产,发明专利 6 项」 does not deny the patents."""
    return any(
        q.high != 0 and 0 <= q.start - term.end <= 3 and not re.search("[,，、 ]", a.text[term.end : q.start])
        for q in a.quantities
    )


def none_of(term: Term, segment: Segment, a: Analysis) -> list[Finding]:
    """「没有软著」 is zero of them; 「没专利」 is none of either kind; 「没贷款」 owes nothing."""
    left, right = window(term, segment, a)
    if re.search(r"(?:有|了|过|批|到)没有?$", segment.text) and not re.search(r"还?没有?[^,，]{0,3}$", left):
        return []
    if term.key == "existing_loans_wan":
        if (
            not re.search(
                r"目前|现在|名下|手上|没有?(?:任何|其他|其它|银行|别的|未结清|存量)?$|没得$|无$|"
                r"暂无$|余额",
                left,
            )
            or re.search(r"批|下来|办|过|申请|成", left[-2:] + right[:2])
            or re.match(r"(?:能|产品|记录|经验|的?需求|需求|额度|逾期)", right)
        ):
            return []
        return [Finding(term.key, 0, term.start, term.end)]
    keys = ("invention_patents", "utility_patents") if term.key == "patents" else (term.key,)
    return [Finding(key, 0, term.start, term.end) for key in keys]
