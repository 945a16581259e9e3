"""Money that investors have already put in: which number is equity raised (equity_raised_wan)."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.debts import may_owe, totals
from bot.understanding.findings import finding
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment

_LEFT = 60
"""Characters of the segment before a number that are looked at."""
_ROUND = (
    r"(?:天使轮?|种子轮?|(?:pre-?)?[a-d]\+?轮|pre-?[a-d]|series [a-d]|seed(?: round| money)?|pre-?seed|"
    r"angel(?: round)?)"
)
_EQUITY = (
    rf"(?:{_ROUND}|股权|风投|风险投资|创投|vc|pe|投资人|投资款|投资机构|机构|外部投资|外面投资|外部融资|raised?过|股东会|首轮|[一两三]轮|"
    r"领投|跟投|战投|融资|equity|raised?|funding|投资)"
)
_WORD = re.compile(_EQUITY)
_FILL = (
    r"(?:融资|投资人|投资|资金|金额|总额|总数|累计|合计|一?共|总共|总计|加起来?|的钱|现金|人民币|rmb|of|about|"
    r"[¥￥:=是 ]|有|了|过|到|给|我们?|公司|大概|大约|约|差不多|不到|超过|至少|也|就|都|才|只|个|的|款|"
    r"进来|已经?|到账|到位|去年|前年|今年|年初|年底|那|笔|轮|to date|so far)*"
)
_DONE = re.compile(
    r"(?:[拿融][了过到]+(?:[一两二三四五几]轮)?|raised?过(?:[一两二三]轮)?|投资人给[了过]|已融|投[了过进给]+|投我们|到账|到位|收到|实收|实到|获投|获得|完成了?|引进了?|引入了?|募[了到]|"
    rf"进来[了过]?|给了|打款|closed?|got|raised|received|totaled|close了)(?:{_ROUND})?{_FILL}$"
)
_NOUN = re.compile(
    rf"(?:{_ROUND}|[一两二三四几]轮融资|股权融资|外部(?:股权)?融资|外部投资|融资历史|投资款|风投款?|"
    rf"投资人的钱|equity raised|total raised|raised(?: to date| so far)?|获投){_FILL}$"
)
_RIGHT = re.compile(
    rf"^(?:多|左右|来)?的?(?:是)?(?:{_ROUND}|风投|投资|股权|外部(?:融资|投资)|机构)(?!.{{0,4}}[吗不])"
)
_ARRIVED = re.compile(r"^(?:多|左右|来)?(?:已经?|都|也|刚|全部?)*(?:到账|到位|进来了|投进来|closed?|in hand)")
_THEIRS = re.compile(r"竞品|同行|对手|别人|人家|他们|朋友")
_WISH = re.compile(
    r"说|想(?!象)|要(?!是|求)|准备|打算|拟|正在|在谈|计划|还差|还缺|缺|找|再|需|希望|申请|愿意|答应|承诺|意向|换|估值|"
    r"尚未|没到|未到|没签|原定|约定|raise |能|可以|最多|最少|给不给|贷|借|银行|担保|出让|让出|目标|"
    r"下一轮|奖|补"
)
_SEEKS = re.compile(r"(?:想|准备|打算|拟|计划|正在)(?:再)?(?:引|融|找|拉)")
_OFFERS = re.compile(r"^[,，。 ]?(?:愿意)?(?:出让|释放|让出|稀释)")
_NOT_YET = re.compile(
    r"^(?:多|左右)?(?:还在谈|在谈|尚未|没到|未到|还没|没签|(?:的)?(?:融资)?(?:计划|需求|目标))"
)


def find_raised(a: Analysis) -> list[Finding]:
    """Equity that was raised, told by its own words. Marks the numbers as used."""
    out: list[Finding] = []
    for segment in a.segments:
        for q in a.quantities_in(segment):
            if q.start not in a.used and not segment.others and raised(q, segment, a):
                a.used.add(q.start)
                out.append(finding("equity_raised_wan", q))
    return out + totals("equity_raised_wan", out, a)


def raised(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a number is money that investors have put in."""
    if not may_owe(q, a.text) or segment.question or segment.rule:
        return False
    left = a.left_of(q, segment)[-_LEFT:]
    right = a.text[q.end : q.end + 12]
    sentence = a.sentence_before(segment, q.start)[-24:]
    if _NOT_YET.match(right) or _WISH.search(left) or _THEIRS.search(sentence):
        return False
    if _SEEKS.search(sentence) or _OFFERS.search(a.text[q.end : q.end + 12]):
        return False
    if q.kind == "bare" and not (q.raw >= 20 and (_NOUN.search(left) or _DONE.search(left))):
        return False
    if _NOUN.search(left):
        return not re.search(r"研发|买|做", left)
    around = f"{sentence}#{right}"
    if _DONE.search(left) and _WORD.search(around):
        return not re.search(r"研发|项目|设备|补贴|经费|科技局|奖|政府|订单|贷|借", left + right[:6])
    if _ARRIVED.match(right) and _WORD.search(sentence):
        return True
    return bool(_RIGHT.match(right)) and not re.search(r"贷|借|花|投入", left)
