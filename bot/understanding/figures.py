"""Figures of the firm: which number belongs to 营收, 研发, 员工, 发明 … and which belong to nothing."""

from __future__ import annotations

import re
from bisect import bisect_left

from bot.catalog.values import Bound
from bot.understanding.analysis import Analysis, Finding, has
from bot.understanding.anchoring import MEANING, PATENTS, pick
from bot.understanding.quantities import Quantity, plain_number
from bot.understanding.segments import Segment
from bot.understanding.shares import growth_subject, high_tech_throughout, people_context, percent_fact
from bot.understanding.terms import Term
from bot.understanding.vocabulary import GROWTH_DOWN

_MANY = 200
_NEAR = 12
"""Numbers of one segment, and anchors on either side of a number, that are considered."""
_PENDING = re.compile(
    r"在审|审查|实审|受理|公开阶段|公示|(?:还没|没有?|未|尚未|待|等)(?:授权|下证|拿证|下来|批|"
    r"到手|授)|申请中|在申请|正申请|已申请|申请了|申请过|刚申请|提交|报了|申报|在路上|在走|"
    r"[交报递]上去|材料才|进入|准备|打算|初审|报上去|排队|递交|(?<!已)申请的?$|^的?(?:都|也)?(?:还|正)?在(?:申请|"
    r"审)"
)
_GRANTED = re.compile(
    r"已授权|授权了|(?<!待)(?<!没)(?<!没有)(?<!未)(?<!等)授权|下证|拿证|到手|已经?拿到?|拿到|"
    r"下来了|有效"
)
_FORECAST = re.compile(
    r"预计|目标|计划|争取|力争|有望|预测|预期|明年|后年|未来|将会|打算做到|希望做到|"
    r"能做到(?=.*[吗不])|冲到|冲刺|预算|指标"
)
_OLD_YEAR = re.compile(r"大前年|前年|前几年|最早|一开始|刚开始|巅峰|最好的时候|疫情前|以前|原来|往年|当年")
_PART_YEAR = re.compile(
    r"(?:每|一个|上个|单|这个|平均|本)月|月(?:均|度|营收|收入|流水|销售|营业额)|季度|"
    r"[上下]半年|每天|一天|一季|日均|周末|这几个月|前\w个月"
)
_NOT_STAFF = re.compile(
    r"跟我说|前后|下午|上午|接待|(?:招|缺|找)(?:个|了|到)?#|创始|股东|合伙|客户|"
    r"招(?!商)|裁|离职|服务(?!业|类)|培训|用户|学生|老师|专家|博士|硕士|"
    r"残疾|认识|帮|需要|缺|剩(?!下|余)|走了|导师|顾问|本科|大专|学历|党员|高管|院士|"
    r"教授|"
    r"管理层|来访|参观|排队|几个人|一起来|去过|实习|外包|兼职|亲戚|朋友|同学|救|辆|"
    r"打卡"
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
_TARGET = r"(?:做到|提高到|提到|弄到|加到|补到|涨到|升到|过得了|过不过得了|上得了|到得了|能到|能上|能过)$"
_WHY = re.compile(r"为什么|为啥|凭什么|凭啥|咋个?只|怎么只")
_ASKING_FIRM = re.compile(r"我|咱|公司是|本企业|想(?!象)|自己|俺|需要|打算|缺|差(?!别|距|异)|准备|急")
_TERMS = re.compile(
    r"多久|好久|利息|利率|几天|几个点|是不是(?:必须|一定|都)|需要.{1,6}[吗不]$|第[一二三四]档"
)
_LENDS = re.compile(r"贷|借|融|放款|批")


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


def _pending(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a number of patents is only applied for."""
    left, right = a.left_of(q, segment), a.right_of(q, segment)
    if (
        re.search(r"(?:正在|在)申请[^,，]*[和跟与及、]$", a.text[segment.start : q.start])
        and "授权" not in left
    ):
        return True
    for window in (left[-8:], right):
        granted, pending = _GRANTED.search(window), _PENDING.search(window)
        if pending:
            return True
        if granted:
            return False
    return False


def _bound(q: Quantity, negative: bool) -> Bound | None:
    bound = q.bound
    if bound is None or not negative:
        return bound
    return Bound(
        None if bound.high is None else -bound.high,
        None if bound.low is None else -bound.low,
        bound.high_open,
        bound.low_open,
    )


def _yuan(q: Quantity) -> None:
    """A bare figure of money is in 万元, unless it is so large that it must be 元."""
    if q.kind == "bare" and q.raw >= 1_000_000:
        q.low = None if q.low is None else q.low / 1e4
        q.high = None if q.high is None else q.high / 1e4


_WRITTEN_BELOW_ONE = frozenset(("debt_ratio_pct", "high_tech_revenue_pct", "rd_staff_pct"))
"""Shares that are never below one percent: 「负债率0.58」 is 58 %."""


def _percent(q: Quantity) -> None:
    if q.kind == "bare" and 0 < q.raw < 1:
        q.kind, q.raw = "percent", q.raw * 100
        q.low = None if q.low is None else q.low * 100
        q.high = None if q.high is None else q.high * 100


def finding(fact: str, q: Quantity, negative: bool = False, upper: bool = False) -> Finding:
    """A finding for a number, with its bound; the sign is turned for losses and falls."""
    if fact.endswith("_wan"):
        _yuan(q)
    elif fact in _WRITTEN_BELOW_ONE:
        _percent(q)
    value = q.value(upper=upper or negative)  # the lower end of a loss is its larger figure
    return Finding(
        fact, plain_number(-abs(value)) if negative else value, q.start, q.end, _bound(q, negative)
    )


def _not_last_year(fact: str, q: Quantity, segment: Segment, a: Analysis) -> bool:
    if fact not in ("revenue_wan", "net_profit_wan", "rd_expense_wan", "revenue_growth_pct"):
        return False
    text = a.text[segment.start : q.end]
    if has(_FORECAST, text) or has(_PART_YEAR, text):
        return True
    if fact == "revenue_wan" and "其中" in text:
        return True
    if fact == "revenue_growth_pct":
        return False
    if has(_OLD_YEAR, text) and not re.search(r"去年|上年", text):
        return True
    if re.search(r"从$|从[^,，]{0,4}的?$", a.text[segment.start : q.start]) and re.search(
        r"到|至", a.text[q.end : q.end + 8]
    ):
        return True
    named = [y.year for y in a.years if segment.start <= y.start < q.start and y.sure]
    return bool(named and named[-1] < a.today.year - 1 and not re.search(r"以来|以后|之后|成立", text))


_LEVEL = re.compile(
    r"(?:营收|收入|业绩|销售额?|营业额)[^,，。不]{0,8}(?:持平|没涨没跌|没(?:有)?变化|没(?:有)?增长)"
)


_SHARED_OUT = re.compile(r"^(?:用来|用于|拿来|拿去|买|发|还|周转)")
"""「一半用来研发」 says how money is to be spent."""


def _shared_out(q: Quantity, segment: Segment, a: Analysis) -> bool:
    before = a.text[max(segment.start, q.start - 8) : q.start]
    return has(_SHARED_OUT, a.text[q.end : q.end + 3]) and not re.search(r"收入|营收|营业|销售", before)


def find_figures(a: Analysis) -> list[Finding]:
    """All figures with an anchor, and people without one. Marks every number that it settles as used."""
    found: list[Finding] = []
    every = [t for t in a.terms if t.group == "anchor"]
    starts = [t.start for t in every]
    taken: set[int] = set()
    for segment in a.segments:
        for q in a.quantities_in(segment)[:_MANY]:
            if q.start in a.used or q.kind in ("months", "other"):
                continue
            if q.kind == "percent" and _shared_out(q, segment, a):
                a.used.add(q.start)
                continue
            near = bisect_left(starts, q.start)
            anchors = every[max(0, near - _NEAR) : near + _NEAR]
            term = pick(q, segment, anchors, taken, a)
            if term is None:
                _without_anchor(q, segment, anchors, a, found)
                continue
            fact = "" if term.key == "ignore" else MEANING[(term.key, q.kind)]
            if (term.key, q.kind, q.raw) == ("growth", "bare", 0):
                fact = "revenue_growth_pct"
            if _joint(term, anchors, q, segment, a):
                taken.add(term.start)
                a.used.add(q.start)
                continue
            _settle(fact, term, q, segment, a, found, anchors, taken)
        throughout = high_tech_throughout(segment)
        if throughout is not None and concerned(segment, a):
            found.append(Finding("high_tech_revenue_pct", 100, throughout, segment.end))
        level = _LEVEL.search(segment.text)
        if level and concerned(segment, a) and not segment.question:
            start = segment.start + level.start()
            found.append(Finding("revenue_growth_pct", 0, start, segment.start + level.end()))
    return found


def _joint(term: Term, anchors: list[Term], q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「发明和实用新型一共20件」: a total of two kinds says neither."""
    if term.key not in PATENTS or term.start >= q.end or "各" in a.text[term.end : q.start]:
        return False
    before = [t for t in anchors if t.key in PATENTS and t.end <= term.start and t.start >= segment.start]
    return bool(
        before
        and re.fullmatch(
            r"专利?(?:和|、|及|与|加|跟|以及)|[和、及与加跟]", a.text[before[-1].end : term.start]
        )
    )


def _settle(
    fact: str,
    term: Term,
    q: Quantity,
    segment: Segment,
    a: Analysis,
    found: list[Finding],
    anchors: list[Term],
    taken: set[int],
) -> None:
    if fact == "amount_wan":
        return  # wanted money is judged with its verbs, see funding
    if term.key in PATENTS and fact and _pending(q, segment, a):
        a.used.add(q.start)
        return
    taken.add(term.start)
    a.used.add(q.start)
    if fact == "?":
        fact = (
            "rd_employees"
            if people_context(a, segment, q.start, found)
            else "rd_expense_wan"
            if q.raw >= 20
            else ""
        )
    elif fact == "%" or (term.key == "rd" and q.kind == "percent"):
        fact = percent_fact(term, q, segment, a, found)
    if fact == "revenue_growth_pct" and not growth_subject(term, a, segment, anchors):
        fact = ""
    if fact == "employees" and q.value() == 1 and not re.search(r"就|只有", a.left_of(q, segment)):
        return
    if segment.question and not segment.what_if and re.search(_TARGET, a.text[segment.start : q.start]):
        return
    if fact == "innovation_points" and re.search(r"想|弄到|提到|冲|争取", a.text[segment.start : q.start]):
        return
    if (
        not fact
        or not concerned(segment, a)
        or asked_about(q, segment, a)
        or _not_last_year(fact, q, segment, a)
    ):
        if fact in ("revenue_wan", "net_profit_wan", "rd_expense_wan"):
            taken.discard(term.start)
        return
    before = a.text[max(segment.start, q.start - 1) : q.start]
    ahead = a.segment_before(segment)
    said_negative = ahead is not None and bool(re.search(r"(?:负的?|为负|亏的?|倒亏)$", ahead.text))
    negative = term.key == "loss" or (
        fact in ("net_profit_wan", "revenue_growth_pct")
        and (
            before in ("-", "负")
            or "负" in a.text[term.end : q.start]
            or (said_negative and term.end <= segment.start)
        )
    )
    if fact == "revenue_growth_pct" and re.search(
        GROWTH_DOWN, a.text[term.start : q.start] + a.text[term.start : term.end]
    ):
        negative = True
    found.append(finding(fact, q, negative))


_YEAR_ONLY = re.compile(
    r"(?:我们?|咱们?|现在|厂[里头]|公司|手上|其实|实际|不过|但是?|,|，| )*(?:去年|上年|一年|每年|全年|年)"
    r"(?:大概|大约|差不多|也|就|才|只|有|嘛|呢|哈|啊|勉强|将将|刚好|实际|实打实|是|的话|全年|到头|下来|收|入|不到|"
    r"超过|至少|接近|快|反倒|涨到|掉到|降到|升到|做到)*"
)
_YEAR_TAIL = re.compile(
    r"(?:多|左右|上下|出头|的?样子|吧|嘛|哈|噻|不到|的?(?:生意|收入|营收|销售|产值|流水))*"
    r"(?:$|[,，。;；!?、 ]|(?=比前年|同比|增|涨))"
)
_OTHER_MONEY = re.compile(
    r"贷|借|融|投|研发|亏|赚|利润|补|奖|租|工资|税|资产|还了|预算|费|成本|订单|合同|用电|电费"
)


def _a_year_of_business(q: Quantity, segment: Segment, a: Analysis, found: list[Finding]) -> bool:
    """「去年3450万」, 「一年七八百万」: what a firm did in a year, without a word for it, is its revenue."""
    if not (q.kind == "money" or (q.kind == "bare" and q.raw >= 100 and found)):
        return False
    if segment.question or not concerned(segment, a, money=True) or a.asked not in (None, "revenue_wan"):
        return False
    if any(f.fact == "revenue_wan" for f in found):
        return False
    left = a.text[segment.start : q.start]
    if not _YEAR_ONLY.fullmatch(left) or not _YEAR_TAIL.match(a.text[q.end : q.end + 12]):
        return False
    before = a.segment_before(segment)
    near = before.text if before is not None and before.sentence == segment.sentence else ""
    return not _OTHER_MONEY.search(near) and not has(_FORECAST, near)


_STAFF = re.compile(r"(?:[号个]多?来?人|多?人|员工|职工)")


def _without_anchor(
    q: Quantity, segment: Segment, anchors: list[Term], a: Analysis, found: list[Finding]
) -> None:
    """People without a word for them are the staff; 「6项已授权」 refers to the patents named before."""
    text = a.left_of(q, segment) + "#" + a.right_of(q, segment)
    if (
        q.kind == "people"
        and _STAFF.fullmatch(q.unit)
        and concerned(segment, a)
        and not asked_about(q, segment, a)
    ):
        alone = q.value() == 1 and not re.search(r"就我?$|只有$|就我", a.left_of(q, segment))
        asked_other = a.asked in ("rd_employees",) and not any(f.fact == a.asked for f in found)
        if not has(_NOT_STAFF, text) and not alone and not asked_other:
            a.used.add(q.start)
            found.append(finding("employees", q))
    elif (
        q.kind == "percent"
        and found
        and re.fullmatch(
            r"(?:大概|大约|差不多|就|已经|也)?占(?:比|了|到|总数的?|全部的?|大概|大约|差不多|的|"
            r":)*",
            a.left_of(q, segment),
        )
    ):
        share = {"rd_employees": "rd_staff_pct", "rd_expense_wan": "rd_ratio_pct"}.get(found[-1].fact)
        if share and a.segment_at(found[-1].start).sentence == segment.sentence and concerned(segment, a):
            a.used.add(q.start)
            found.append(finding(share, q))
    elif _a_year_of_business(q, segment, a, found):
        a.used.add(q.start)
        found.append(finding("revenue_wan", q))
    elif q.kind in ("items", "bare") and has(_GRANTED, text) and not has(_PENDING, text):
        before = [t for t in anchors if t.key in PATENTS - {"patents"} and t.end <= q.start]
        if before and concerned(segment, a):
            a.used.add(q.start)
            found.append(finding(MEANING[(before[-1].key, "items")], q))
