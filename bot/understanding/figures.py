"""Figures of the firm: which number belongs to 营收, 研发, 员工, 发明 … and which belong to nothing."""

from __future__ import annotations

import re
from bisect import bisect_left

from bot.catalog.values import Bound
from bot.understanding.analysis import Analysis, Finding, has
from bot.understanding.quantities import Kind, Quantity, plain_number
from bot.understanding.segments import Segment
from bot.understanding.terms import Term
from bot.understanding.vocabulary import GROWTH_DOWN

_MEANING: dict[tuple[str, Kind], str] = {
    **{("revenue", kind): "revenue_wan" for kind in ("money", "bare")},  # type: ignore[misc]
    **{("profit", kind): "net_profit_wan" for kind in ("money", "bare")},  # type: ignore[misc]
    **{("loss", kind): "net_profit_wan" for kind in ("money", "bare")},  # type: ignore[misc]
    **{("assets", kind): "total_assets_wan" for kind in ("money", "bare")},  # type: ignore[misc]
    **{("rd_people", kind): "rd_employees" for kind in ("people", "items", "bare")},  # type: ignore[misc]
    **{("people", kind): "employees" for kind in ("people", "items", "bare")},  # type: ignore[misc]
    **{("rd_share", kind): "rd_ratio_pct" for kind in ("percent", "bare", "points")},  # type: ignore[misc]
    **{("rd_people_share", kind): "rd_staff_pct" for kind in ("percent", "bare")},  # type: ignore[misc]
    **{("debt_ratio", kind): "debt_ratio_pct" for kind in ("percent", "bare")},  # type: ignore[misc]
    **{("high_tech", kind): "high_tech_revenue_pct" for kind in ("percent", "bare")},  # type: ignore[misc]
    **{("points", kind): "innovation_points" for kind in ("points", "bare")},  # type: ignore[misc]
    **{("funding_need", kind): "amount_wan" for kind in ("money", "bare")},  # type: ignore[misc]
    **{(p, kind): f for p, f in (("invention", "invention_patents"), ("utility", "utility_patents"),
                                 ("software", "software_copyrights"), ("pct", "pct_patents"))
       for kind in ("items", "bare")},  # type: ignore[misc]
    ("rd", "money"): "rd_expense_wan", ("rd", "percent"): "rd_ratio_pct", ("rd", "people"): "rd_employees",
    ("rd", "items"): "rd_employees", ("rd", "bare"): "?", ("rd_share", "money"): "rd_expense_wan",
    ("rd_people", "percent"): "rd_staff_pct", ("growth", "percent"): "revenue_growth_pct",
    ("growth", "times"): "revenue_growth_pct", ("growth", "money"): "", ("growth", "people"): "", ("growth", "bare"): "",
    ("revenue", "percent"): "%", ("revenue", "times"): "revenue_growth_pct", ("people", "percent"): "%", ("debt_ratio", "money"): "", ("high_tech", "money"): "",
    ("patents", "items"): "", ("patents", "bare"): "", ("profit", "percent"): "", ("assets", "percent"): "",
}  # fmt: skip
"""What a number of that kind means next to the anchor; "" takes the number away, "%" and "?" need a closer look."""

PATENTS = frozenset({"invention", "utility", "software", "pct", "patents"})
_MANY = 200
_NEAR = 12
"""Numbers of one segment, and anchors on either side of a number, that are considered."""
_FILLER = re.compile(
    r"(?:大概|差不多|大约|估计|可能|目前|现在|现有|已经|一共|总共|合计|总计|加起来|去年|上年|今年|是在|不超过|不到|不足|不满|超过|至少|接近|将近|"
    r"测出来|测下来|算下来|算出来|打了|打出来|得了|做到|达到|写的|填的|应该|其实|实际|的话|这块|方面|授权|已授权|拿到|登记|取得|手里|手上|只有|就只|还不到|没到|快到|"
    r"数量|总数|那边|里头|里面|大致|占比|占到|估摸着|整整|可以|差点|不过|才刚|刚好|刚刚|累计|[是有为约也就才只:=共达在占了得的个到快近过呢嘛吧啊要多少能做上有花投交招用用了破约了至\"”“-])*"
)
_RIGHT = re.compile(
    r"(?:的|是|都是|左右|以上|多|个|件|项|已?授权的?|有效的?|全职的?|专职的?|属于|算是|算|来自于?|投入?到?了?|投在|用于|用在|花在|拿来|拿去|放在|砸在|砸进|投进|拿去|给|搞|做|做的|年|正式|在职|左右的|国内|负责|从事|来做|来搞|出头的?|钱|用来|为)*"
)
_PENDING = re.compile(r"在审|审查|实审|受理|公开阶段|公示|(?:还没|没有?|未|尚未|待|等)(?:授权|下证|拿证|下来|批|到手|授)|申请中|在申请|正申请|已申请|申请了|申请过|刚申请|提交|报了|申报|在路上|在走|进入|准备|打算|初审|报上去|排队|递交|(?<!已)申请的?$|^的?(?:都|也)?(?:还|正)?在(?:申请|审)")
_GRANTED = re.compile(r"已授权|授权了|(?<!待)(?<!没)(?<!没有)(?<!未)(?<!等)授权|下证|拿证|到手|已经?拿到?|拿到|下来了|有效")
_VERB = re.compile(r"想(?!象)|贷(?!款余额)|借|融资?|缺(?!陷)|差(?!不多|距|异|点)|申请|需要")
_FORECAST = re.compile(r"预计|目标|计划|争取|力争|有望|预测|预期|明年|后年|未来|将会|打算做到|希望做到|能做到(?=.*[吗不])|冲到|冲刺|预算|指标")
_OLD_YEAR = re.compile(r"大前年|前年|前几年|最早|一开始|刚开始|巅峰|最好的时候|疫情前|以前|原来|往年|当年")
_PART_YEAR = re.compile(r"(?:每|一个|上个|单|这个|平均|本)月|月(?:均|度|营收|收入|流水|销售|营业额)|季度|[上下]半年|每天|一天|一季|日均|周末|这几个月|前\w个月")
_NOT_STAFF = re.compile(r"创始|股东|合伙|客户|招(?!商)|裁|离职|服务(?!业|类)|培训|用户|学生|老师|专家|博士|硕士|残疾|认识|帮|需要|缺|剩(?!下|余)|走了|导师|顾问|本科|大专|学历|党员|高管|院士|教授|管理层|来访|参观|排队|几个人|一起来|去过|实习|外包|兼职|亲戚|朋友|同学|救|辆|打卡")
_POLICY_TOPIC = re.compile(r"高企|高新技术企业|专精特新|小巨人|科技型中小|小微|中小微|微型|小型|中型|划型|瞪羚|创新型中小|再贷款|担保费|积分制|加计扣除")
_SPEAKER = re.compile(r"我|咱|公司|本企业|想|厂|自己|俺|团队有|这边")
_CAN = re.compile(r"(?:能|可以|够)(?:不能|不够)?(?:评|申请|认定|报|过|拿|贷|办|达标|上)|够不够|够吗|够不|行不|能不能")


def concerned(segment: Segment, a: Analysis, money: bool = False) -> bool:
    """Whether the segment speaks of the asking firm and states something, rather than a rule or another firm."""
    if segment.others:
        return False
    if segment.rule and not money:
        return False
    if segment.sentence_question:
        sentence = a.sentence_text(segment)
        if has(_POLICY_TOPIC, sentence) and not has(_SPEAKER, sentence) and not has(_CAN, sentence):
            return False
    return True


def _usable(term: Term, q: Quantity, text: str) -> bool:
    """Whether an anchor and a number of that kind can belong together at all."""
    if term.key == "ignore":
        return True
    if (term.key, q.kind) not in _MEANING:
        return False
    if term.key == "growth" and text[term.end : term.end + 1] in ("到", "至", "成"):
        return False
    if term.key == "high_tech" and q.kind == "bare" and "占" not in text[term.start : term.end]:
        return False
    if term.key == "debt_ratio" and q.kind == "bare" and "率" not in text[term.start : term.end]:
        return False
    return not (q.kind == "bare" and q.raw >= 1e5 and _MEANING[(term.key, q.kind)].endswith("_pct"))


def _pick(q: Quantity, segment: Segment, anchors: list[Term], taken: set[int], a: Analysis) -> Term | None:
    """The anchor of a number: adjacent left, adjacent right, farther left, dangling before the comma, farther right."""
    text = a.text
    inside = [t for t in anchors if segment.start <= t.start < segment.end]
    others = a.quantities_in(segment)
    left = [t for t in inside if t.end <= q.start and t.start not in taken and _usable(t, q, text)]
    right = [t for t in inside if t.start >= q.end and not any(q.end <= o.start < t.start for o in others)]
    right = [t for t in right if _usable(t, q, text)]
    near_left = [t for t in left if _FILLER.fullmatch(text[t.end : q.start])]
    near_left = [t for t in near_left if t.key != "ignore" or not re.search(r"要|缺|差|需", text[t.end : q.start])]
    near_right = [t for t in right if _RIGHT.fullmatch(text[q.end : t.start]) and t.start not in taken]
    if q.kind == "bare":
        near_right = [t for t in near_right if t.start - q.end <= (0 if q.arabic else -1) and t.key in PATENTS]
    of_revenue = re.compile(r"的?(?:营收|营业收入|收入|销售收入|销售额|销售)?" + _RIGHT.pattern)
    share = [t for t in right if of_revenue.fullmatch(text[q.end : t.start]) and q.kind == "percent" and t.key in ("rd", "rd_people", "high_tech", "rd_people_share")]
    if share and (not near_left or near_left[-1].key in ("revenue", "people")):
        return share[0]
    if near_left:
        return near_left[-1]
    if near_right:
        return near_right[0]
    if q.kind == "bare":
        return None if a.left_of(q, segment).strip() else _dangling(q, segment, anchors, taken, a)
    far = [t for t in left if t.key != "ignore" and not (q.kind == "money" and has(_VERB, text[t.end : q.start]))]
    if far:
        return far[-1]
    before = _dangling(q, segment, anchors, taken, a)
    if before:
        return before
    if q.kind in ("people", "items"):
        right = [t for t in right if not re.search(r"里|其中|当中|中|有", text[q.end : t.start])]
    loose = [t for t in right if t.start - q.end <= 6 and t.start not in taken and t.key not in ("ignore", "funding_need")]
    if q.kind == "money":
        loose = [t for t in loose if not has(_VERB, text[q.end : t.start]) and t.key not in ("rd", "rd_people", "rd_share") and not re.search(r"买|做|搞|用|扩|发", text[q.end : t.start])]
    return loose[0] if loose else None


_HANGING = re.compile(r"(?:[写说打填][多少错]了?(?:[一两]个[零0])?|的话|呢|嘛|啊|吧|方面|这块|大概|是|有|也|也就|都|差不多|去年|上年|一共|总共|的|了|数量|总数|这边|那块|来说|合计)*")


def _dangling(q: Quantity, segment: Segment, anchors: list[Term], taken: set[int], a: Analysis) -> Term | None:
    """An anchor that closes the segment before: 「营收的话,1500万」."""
    if not _FILLER.fullmatch(a.text[segment.start : q.start]):
        return None
    before = a.segment_before(segment)
    if before is None:
        return None
    last = [t for t in anchors if before.start <= t.start < before.end and t.start not in taken]
    if not a.quantities_in(before):
        for term in reversed(last):
            if term.key != "ignore" and _usable(term, q, a.text) and _HANGING.fullmatch(a.text[term.end : before.end]):
                return term
    if q.kind == "money" and before.sentence == segment.sentence and _YEAR_WORD.search(a.text[segment.start : q.start]):
        spoken = [t for t in anchors if t.start < segment.start and t.key in ("revenue", "profit", "rd")]
        if spoken and a.segment_at(spoken[-1].start).sentence == segment.sentence:
            return spoken[-1]
    return None


_YEAR_WORD = re.compile(r"去年|上年|今年|前年|20\d\d|[二两]四年|[二两]五年")


def _people_context(a: Analysis, segment: Segment, place: int, found: list[Finding]) -> bool:
    before = a.sentence_before(segment, place)
    if re.search(r"投入|费|营收|收入", a.text[segment.start : place]):
        return False
    if re.search(r"人员|员工|职工|团队|人里|人中|个人|号人|人手|\d人|[一二三四五六七八九十百]人", before):
        return True
    return bool(found and found[-1].fact in ("employees", "rd_employees")) or a.asked in ("employees", "rd_employees")


def _percent_fact(term: Term, q: Quantity, segment: Segment, a: Analysis, found: list[Finding]) -> str:
    """Which share a percentage is, next to 营收, 员工 or 研发."""
    between = a.text[q.end : term.start] if term.start >= q.end else a.text[term.end : q.start]
    before = a.sentence_before(segment, q.start)
    if term.key == "rd":
        if re.search(r"投|用于|花|拿|砸", between):
            return "rd_ratio_pct"
        if re.search(r"是|搞|做|为", between) and term.start >= q.end:
            return "rd_staff_pct"
        return "rd_staff_pct" if _people_context(a, segment, q.start, found) and "营收" not in before[-12:] else "rd_ratio_pct"
    if term.key == "revenue":
        after = a.text[q.end : segment.end]
        if re.search(r"研发|r&d", after) and re.search(r"的|拿|投|用|花|砸|都", a.left_of(q, segment) + after):
            return "rd_ratio_pct"
        if re.search(r"占", between + a.text[max(0, term.start - 4) : term.start]):
            subject = re.findall(r"研发人员|高新技术?产品|高新收入|研发|r&d", before)
            if subject:
                return {"研发": "rd_ratio_pct", "r&d": "rd_ratio_pct", "研发人员": "rd_staff_pct"}.get(subject[-1], "high_tech_revenue_pct")
        return ""
    if re.search(r"占", a.text[max(0, term.start - 6) : q.start]) and re.search(r"研发|技术人员|工程师|科研", before):
        return "rd_staff_pct"
    return "rd_staff_pct" if re.search(r"^.{0,4}(?:研发|技术|工程师)", a.text[q.end : segment.end]) else ""


def _growth_subject(term: Term, a: Analysis, segment: Segment, anchors: list[Term]) -> bool:
    """Whether a growth word speaks of revenue."""
    earlier = [t for t in anchors if t.end <= term.start and t.start >= segment.start and t.key != "growth"]
    if earlier:
        return earlier[-1].key == "revenue"
    before = a.segment_before(segment)
    if before is not None and before.sentence == segment.sentence:
        previous = [t for t in anchors if before.start <= t.start < before.end]
        if previous and previous[-1].key not in ("revenue", "growth", "rd", "people"):
            return False
    return not re.search(r"用户|订单|客户|人数|员工|研发|利润|成本|房价|利率", a.text[segment.start : term.start])


def _pending(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a number of patents is only applied for."""
    left, right = a.left_of(q, segment), a.right_of(q, segment)
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
        None if bound.high is None else -bound.high, None if bound.low is None else -bound.low, bound.high_open, bound.low_open
    )


def _yuan(q: Quantity) -> None:
    """A bare figure of money is in 万元, unless it is so large that it must be 元."""
    if q.kind == "bare" and q.raw >= 1_000_000:
        q.low = None if q.low is None else q.low / 1e4
        q.high = None if q.high is None else q.high / 1e4


def finding(fact: str, q: Quantity, negative: bool = False, upper: bool = False) -> Finding:
    """A finding for a number, with its bound; the sign is turned for losses and falls."""
    if fact.endswith("_wan"):
        _yuan(q)
    value = q.value(upper=upper)
    return Finding(fact, plain_number(-abs(value)) if negative else value, q.start, q.end, _bound(q, negative))


def _not_last_year(fact: str, q: Quantity, segment: Segment, a: Analysis) -> bool:
    if fact not in ("revenue_wan", "net_profit_wan", "rd_expense_wan", "revenue_growth_pct"):
        return False
    text = a.text[segment.start : q.end]
    if has(_FORECAST, text) or has(_PART_YEAR, text):
        return True
    if fact == "revenue_growth_pct":
        return False
    if has(_OLD_YEAR, text) and not re.search(r"去年|上年", text):
        return True
    if re.search(r"从$|从[^,，]{0,4}的?$", a.text[segment.start : q.start]) and re.search(r"到|至", a.text[q.end : q.end + 8]):
        return True
    named = [y.year for y in a.years if segment.start <= y.start < q.start and y.sure]
    return bool(named and named[-1] < a.today.year - 1 and not re.search(r"以来|以后|之后|成立", text))


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
            near = bisect_left(starts, q.start)
            anchors = every[max(0, near - _NEAR) : near + _NEAR]
            term = _pick(q, segment, anchors, taken, a)
            if term is None:
                _without_anchor(q, segment, anchors, a, found)
                continue
            fact = "" if term.key == "ignore" else _MEANING[(term.key, q.kind)]
            if _joint(term, anchors, q, segment, a):
                taken.add(term.start)
                a.used.add(q.start)
                continue
            _settle(fact, term, q, segment, a, found, anchors, taken)
    return found


def _joint(term: Term, anchors: list[Term], q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「发明和实用新型一共20件」: a total of two kinds says neither."""
    if term.key not in PATENTS or term.start >= q.end or "各" in a.text[term.end : q.start]:
        return False
    before = [t for t in anchors if t.key in PATENTS and t.end <= term.start and t.start >= segment.start]
    return bool(before and re.fullmatch(r"专利?(?:和|、|及|与|加|跟|以及)|[和、及与加跟]", a.text[before[-1].end : term.start]))


def _settle(
    fact: str, term: Term, q: Quantity, segment: Segment, a: Analysis, found: list[Finding], anchors: list[Term], taken: set[int]
) -> None:
    if fact == "amount_wan":
        return  # wanted money is judged with its verbs, see funding
    if term.key in PATENTS and fact and _pending(q, segment, a):
        a.used.add(q.start)
        return
    taken.add(term.start)
    a.used.add(q.start)
    if fact == "?":
        fact = "rd_employees" if _people_context(a, segment, q.start, found) else "rd_expense_wan" if q.raw >= 20 else ""
    elif fact == "%" or (term.key == "rd" and q.kind == "percent"):
        fact = _percent_fact(term, q, segment, a, found)
    if fact == "revenue_growth_pct" and not _growth_subject(term, a, segment, anchors):
        fact = ""
    if not fact or not concerned(segment, a) or _not_last_year(fact, q, segment, a):
        if fact in ("revenue_wan", "net_profit_wan", "rd_expense_wan"):
            taken.discard(term.start)
        return
    before = a.text[max(segment.start, q.start - 1) : q.start]
    negative = term.key == "loss" or (fact in ("net_profit_wan", "revenue_growth_pct") and (before in ("-", "负") or "负" in a.text[term.end : q.start]))
    if fact == "revenue_growth_pct" and re.search(GROWTH_DOWN, a.text[term.start : q.start] + a.text[term.start : term.end]):
        negative = True
    found.append(finding(fact, q, negative))


_STAFF = re.compile(r"(?:[号个]多?来?人|多?人|员工|职工)")


def _without_anchor(q: Quantity, segment: Segment, anchors: list[Term], a: Analysis, found: list[Finding]) -> None:
    """People without a word for them are the staff; 「6项已授权」 refers to the patents named before."""
    text = a.left_of(q, segment) + "#" + a.right_of(q, segment)
    if q.kind == "people" and _STAFF.fullmatch(q.unit) and concerned(segment, a):
        alone = q.value() == 1 and not re.search(r"就我?$|只有$|就我", a.left_of(q, segment))
        asked_other = a.asked in ("rd_employees",) and not any(f.fact == a.asked for f in found)
        if not has(_NOT_STAFF, text) and not alone and not asked_other:
            a.used.add(q.start)
            found.append(finding("employees", q))
    elif q.kind == "percent" and found and re.fullmatch(r"(?:大概|大约|差不多|就|已经|也)?占(?:比|了|到|总数的?|全部的?|大概|大约|差不多|的|:)*", a.left_of(q, segment)):
        share = {"rd_employees": "rd_staff_pct", "rd_expense_wan": "rd_ratio_pct"}.get(found[-1].fact)
        if share and a.segment_at(found[-1].start).sentence == segment.sentence and concerned(segment, a):
            a.used.add(q.start)
            found.append(finding(share, q))
    elif q.kind in ("items", "bare") and has(_GRANTED, text) and not has(_PENDING, text):
        before = [t for t in anchors if t.key in PATENTS - {"patents"} and t.end <= q.start]
        if before and concerned(segment, a):
            a.used.add(q.start)
            found.append(finding(_MEANING[(before[-1].key, "items")], q))
