"""Whether a stretch of text speaks of the asking firm and states something, rather than a rule, a question or
another firm."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, has
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment

FORECAST = re.compile(
    r"预计|目标|计划|争取|力争|有望|预测|预期|明年|后年|未来|将会|打算做到|希望做到|"
    r"能做到(?=.*[吗不])|冲到|冲刺|预算|指标"
)
_POLICY_TOPIC = re.compile(
    r"高企|高新技术企业|专精特新|小巨人|科技型中小|小微|中小微|微型|小型|中型|划型|瞪羚|"
    r"创新型中小|再贷款|担保费|积分制|加计扣除"
)
_SPEAKER = re.compile(r"我|咱|公司|本企业|想|厂|自己|俺|团队有|这边")
_CAN = re.compile(
    r"(?:能|可以|够)(?:不能|不够)?(?:评|申请|认定|报|过|拿|贷|办|达标|上)|够不够|够吗|够不|"
    r"行不|能不能"
)
_TAG = re.compile(
    r"对吧|是吧|对吗|是吗|对不对|对不|是真的|真的假的|是不是真|得\d+分|不是说|算不算|"
    r"行吧$|是不是$"
)
_WH = re.compile(r"怎么|什么|为啥|哪|多少|好多|咋|是啥|啥意思|如何|怎样|谁|(?:完了|够)吗")
_WHY = re.compile(r"为什么|为啥|凭什么|凭啥|咋个?只|怎么只")
_ASKING_FIRM = re.compile(r"我|咱|公司是|本企业|想(?!象)|自己|俺|需要|打算|缺|差(?!别|距|异)|准备|急")
_TERMS = re.compile(
    r"多久|好久|利息|利率|几天|几个点|是不是(?:必须|一定|都)|需要.{1,6}[吗不]$|第[一二三四]档"
)
_LENDS = re.compile(r"贷|借|融|放款|批")
_BESIDE_A_QUESTION = 2


def listed(segment: Segment, a: Analysis) -> bool:
    """Whether the segment is one of several that give figures, with a question behind or before:
    「高企,营收1.02亿,高新收入占61%,复审过得了不」 states its figures."""
    if segment.question or segment.rule or has(_TAG, segment.text):
        return False
    beside = [
        s
        for s in a.segments
        if s.sentence == segment.sentence and not s.question and not s.rule and a.states(s)
    ]
    return len(beside) >= _BESIDE_A_QUESTION


def asked_about(q: Quantity, segment: Segment, a: Analysis, money: bool = False) -> bool:
    """Whether a number is part of a question about rules or products (知识价值贷80万到500万怎么分级)."""
    if not segment.sentence_question and not has(_TAG, segment.text):
        return False
    if listed(segment, a) and q.bound is None:
        return False
    if money and segment.question and not has(_ASKING_FIRM, segment.text) and has(_TERMS, segment.text):
        return True
    sentence = a.sentence_text(segment)
    if has(_ASKING_FIRM, sentence):
        return bool(money and has(_WHY, segment.text))
    if has(_TAG, segment.text) or has(_WHY, segment.text):
        return True
    if q.bound is not None and has(_POLICY_TOPIC, sentence):
        return True
    if not has(_WH, segment.text):
        return False
    if re.search(
        (
            r"(?:多少|好多|几分|什么条件|怎么样|咋个?|如何|怎么|啥条件)[^,，]{0,6}(?:可以|才能|"
            r"能|才)[^,，]{0,2}$"
        ),
        a.text[segment.start : q.start],
    ):
        return True
    if not money:
        return q.bound is not None
    named = any(t.group == "product" and segment.start <= t.start < segment.end for t in a.terms)
    around = (
        a.text[max(segment.start, q.hedge_start - 3) : q.start] + a.text[q.end : min(segment.end, q.end + 5)]
    )
    return named or not has(_LENDS, around)


def concerned(segment: Segment, a: Analysis, money: bool = False) -> bool:
    """Whether the segment speaks of the asking firm and states something,
    rather than a rule or another firm."""
    if segment.others:
        return False
    if segment.rule and not money:
        return False
    if segment.sentence_question and not listed(segment, a):
        sentence = a.sentence_text(segment)
        if has(_POLICY_TOPIC, sentence) and not has(_SPEAKER, sentence) and not has(_CAN, sentence):
            return False
    return True
