"""Which word of the text a number belongs to: adjacent left, adjacent right, farther away,
or before the comma."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, has
from bot.understanding.quantities import Kind, Quantity
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

MEANING: dict[tuple[str, Kind], str] = {
    **{("revenue", kind): "revenue_wan" for kind in ("money", "bare")},
    **{("profit", kind): "net_profit_wan" for kind in ("money", "bare")},
    **{("loss", kind): "net_profit_wan" for kind in ("money", "bare")},
    **{("assets", kind): "total_assets_wan" for kind in ("money", "bare")},
    **{("rd_people", kind): "rd_employees" for kind in ("people", "items", "bare")},
    **{("people", kind): "employees" for kind in ("people", "items", "bare")},
    **{("rd_share", kind): "rd_ratio_pct" for kind in ("percent", "bare", "points")},
    **{("rd_people_share", kind): "rd_staff_pct" for kind in ("percent", "bare")},
    **{("debt_ratio", kind): "debt_ratio_pct" for kind in ("percent", "bare")},
    **{("high_tech", kind): "high_tech_revenue_pct" for kind in ("percent", "bare")},
    **{("points", kind): "innovation_points" for kind in ("points", "bare")},
    **{("funding_need", kind): "amount_wan" for kind in ("money", "bare")},
    **{
        (p, kind): f
        for p, f in (
            ("invention", "invention_patents"),
            ("utility", "utility_patents"),
            ("software", "software_copyrights"),
            ("pct", "pct_patents"),
        )
        for kind in ("items", "bare")
    },
    ("rd", "money"): "rd_expense_wan",
    ("rd", "percent"): "rd_ratio_pct",
    ("rd", "people"): "rd_employees",
    ("rd", "items"): "rd_employees",
    ("rd", "bare"): "?",
    ("revenue", "items"): "revenue_wan",
    ("profit", "items"): "net_profit_wan",
    ("loss", "items"): "net_profit_wan",
    ("assets", "items"): "total_assets_wan",
    ("rd_share", "money"): "rd_expense_wan",
    ("rd_people", "percent"): "rd_staff_pct",
    ("growth", "percent"): "revenue_growth_pct",
    ("growth", "times"): "revenue_growth_pct",
    ("growth", "money"): "",
    ("growth", "people"): "",
    ("growth", "bare"): "",
    ("revenue", "percent"): "%",
    ("revenue", "times"): "revenue_growth_pct",
    ("people", "percent"): "%",
    ("debt_ratio", "money"): "",
    ("high_tech", "money"): "",
    ("patents", "items"): "",
    ("patents", "bare"): "",
    ("profit", "percent"): "",
    ("assets", "percent"): "",
}
"""What a number of that kind means next to the anchor; "" takes the number away,
"%" and "?" need a closer look."""

PATENTS = frozenset({"invention", "utility", "software", "pct", "patents"})
_FILLER = re.compile(
    r"(?:拢共|统共|只剩|大概|差不多|大约|估计|可能|目前|现在|现有|已经|一共|总共|合计|总计|加起来|"
    r"去年|"
    r"上年|今年|是在|不超过|不到|不足|不满|超过|至少|接近|将近|"
    r"比例|审计下来|审计|审下来|测出来|测下来|算下来|算出来|打了|打出来|得了|做到|达到|写的|"
    r"填的|应为|应该|其实|实际|的话|"
    r"这块|方面|授权|已授权|拿到|登记|取得|手里|手上|只有|就只|还不到|没到|快到|"
    r"数量|总数|账面上?|账上|那边|里头|里面|大致|占比|占到|估摸着|整整|可以|差点|不过|才刚|刚好|"
    r"刚刚|"
    r"累计|"
    r"[是有为约也就才只:=共达在占了得的个到快近过呢嘛吧啊要多少能做上有花投交招用用了破约了至\"”“ -])*"
)
_RIGHT = re.compile(
    r"(?:的|是|都是|左右|以上|多|个|件|项|已?授权的?|有效的?|全职的?|专职的?|属于|算是|算|"
    r"来自于?|投入?到?了?|投在|用于|用在|花在|拿来|拿去|放在|砸在|砸进|投进|拿去|给|搞|做|"
    r"做的|年|正式|在职|左右的|国内|负责|从事|来做|来搞|出头的?|钱|用来|为)*"
)
_VERB = re.compile(r"想(?!象)|贷(?!款余额)|借|融资?|缺(?!陷)|差(?!不多|距|异|点)|申请|需要")


def counts_wan(q: Quantity, text: str) -> bool:
    """「三百个」, 「八百多个」 with nothing counted behind: 万元 among people who talk money."""
    return (
        q.unit.startswith("个")
        and q.raw >= 10
        and bool(
            re.match(
                r"(?:多|左右|上下|出头|的?样子|以内|以上|吧|嘛|就|够|行|哈|噻)|[^\u4e00-\u9fff]|$",
                text[q.end :],
            )
        )
    )


def _usable(term: Term, q: Quantity, text: str) -> bool:
    """Whether an anchor and a number of that kind can belong together at all."""
    if term.key == "ignore":
        return True
    if (term.key, q.kind) not in MEANING:
        return False
    if q.kind == "items" and MEANING[(term.key, q.kind)].endswith("_wan") and not counts_wan(q, text):
        return False
    if term.key == "growth" and (
        text[term.end : term.end + 1] in ("到", "至", "成")
        or (q.kind == "money" and re.search(r"想|要|再|打算|准备", text[max(0, term.start - 4) : term.start]))
    ):
        return False
    if term.key == "high_tech" and q.kind == "bare" and "占" not in text[term.start : term.end]:
        return False
    if term.key == "debt_ratio" and q.kind == "bare" and "率" not in text[term.start : term.end]:
        return False
    return not (q.kind == "bare" and q.raw >= 1e5 and MEANING[(term.key, q.kind)].endswith("_pct"))


def pick(q: Quantity, segment: Segment, anchors: list[Term], taken: set[int], a: Analysis) -> Term | None:
    """The anchor of a number: adjacent left, adjacent right, farther left, dangling before the comma,
    farther right."""
    text = a.text
    inside = [t for t in anchors if segment.start <= t.start < segment.end]
    others = a.quantities_in(segment)
    left = [t for t in inside if t.end <= q.start and t.start not in taken and _usable(t, q, text)]
    right = [t for t in inside if t.start >= q.end and not any(q.end <= o.start < t.start for o in others)]
    right = [t for t in right if _usable(t, q, text)]
    near_left = [t for t in left if _FILLER.fullmatch(text[t.end : q.start])]
    near_left = [
        t
        for t in near_left
        if t.key != "ignore"
        or not (
            re.search(r"(?<!月)(?<!年)要|缺|差|需", text[t.end : q.start])
            or text[max(0, t.start - 1) : t.start] in ("缺", "差")
        )
    ]
    if len(near_left) > 1 and text[near_left[-1].start : near_left[-1].end] in ("账面", "账上"):
        near_left.pop()  # 「总资产账面上是七千二百万」
    near_right = [t for t in right if _RIGHT.fullmatch(text[q.end : t.start]) and t.start not in taken]
    if q.kind == "bare":
        near_right = [
            t
            for t in near_right
            if t.start - q.end <= (0 if q.arabic or t.key == "people" else -1)
            and t.key in PATENTS | {"people"}
        ]
    of_revenue = re.compile(r"的?(?:营收|营业收入|收入|销售收入|销售额|销售)?" + _RIGHT.pattern)
    share = [
        t
        for t in right
        if of_revenue.fullmatch(text[q.end : t.start])
        and q.kind == "percent"
        and t.key in ("rd", "rd_people", "high_tech", "rd_people_share")
    ]
    if share and (not near_left or near_left[-1].key in ("revenue", "people")):
        return share[0]
    if near_left and near_left[-1].key == "patents" and near_right and near_right[0].key in PATENTS:
        return near_right[0]
    if near_left:
        return near_left[-1]
    if near_right:
        return near_right[0]
    if q.kind == "bare":
        return (
            None if not _FILLER.fullmatch(a.left_of(q, segment)) else _dangling(q, segment, anchors, taken, a)
        )
    far = [
        t for t in left if t.key != "ignore" and not (q.kind == "money" and has(_VERB, text[t.end : q.start]))
    ]
    if far:
        return far[-1]
    before = _dangling(q, segment, anchors, taken, a)
    if before:
        return before
    if q.kind in ("people", "items"):
        right = [t for t in right if not re.search(r"里|其中|当中|中|有", text[q.end : t.start])]
    loose = [
        t
        for t in right
        if t.start - q.end <= 6 and t.start not in taken and t.key not in ("ignore", "funding_need")
    ]
    if q.kind == "money":
        loose = [
            t
            for t in loose
            if not has(_VERB, text[q.end : t.start])
            and t.key not in ("rd", "rd_people", "rd_share")
            and not re.search(r"买|做|搞|用|扩|发", text[q.end : t.start])
        ]
    return loose[0] if loose else None


_CHATTER = re.compile(
    r"(?:嗯|呃|额|哎|呀|对|就是|那个|这个|怎么|说|我|让|等|看|查|翻|算|想|问|一下|一哈|下|了|会计|财务|报表|上个?月|"
    r"去年|大概|你|晓得|莫喊|准|的|哦|啊|嘛|呢|吧|哈|噻|其实|具体|确|实际)+"
)
_OWN_MATTER = re.compile(r"想|要|缺|差(?!不多)|需|贷|借|融|投|同行|人家|别家|对手|没有|没得|占")


def _hangs(term: Term, q: Quantity, before: Segment, a: Analysis) -> bool:
    """Whether a segment ends with an anchor that still waits for its number: 「利润薄得很,才三百八十万」."""
    tail = a.text[term.end : before.end]
    if _HANGING.fullmatch(tail):
        return True
    if not MEANING[(term.key, q.kind)] or len(tail) > _TAIL or _OWN_MATTER.search(tail) or before.question:
        return False
    return not any(term.end <= t.start < before.end for t in a.terms if t.group in ("anchor", "flag"))


_TAIL = 8
_HANGING = re.compile(
    r"(?:[写说打填报][多少错高低大小]了?(?:[一两]个[零0])?|[多少错]报了?|填?写?错了?|"
    r"偏[大小高低多少]|[大小]了|系统里查?|[查测算]过?了?[一下]*|"
    r"的话|呢|嘛|啊|吧|方面|这块|大概|有?点|[有偏比]?[点较]?[高低]|不算?[高低]|是|有|"
    r"也|也就|"
    r"没几个|不多|少得很|都|差不多|去年|上年|一共|总共|的|了|数量|总数|这边|那块|来说|合计)*"
)


def _dangling(
    q: Quantity, segment: Segment, anchors: list[Term], taken: set[int], a: Analysis
) -> Term | None:
    """An anchor that closes the segment before: 「营收的话,1500万」."""
    if not _FILLER.fullmatch(a.text[segment.start : q.start]):
        return None
    before = a.segment_before(segment)
    if before is None:
        return None
    while before.sentence == segment.sentence and _CHATTER.fullmatch(before.text):
        earlier = a.segment_before(before)
        if earlier is None:
            break
        before = earlier
    last = [t for t in anchors if before.start <= t.start < before.end and t.start not in taken]
    wanted = re.search(r"缺|差(?!不多)|想|需要|要(?!求)", before.text)
    if not a.quantities_in(before):
        for term in reversed(last):
            if (
                term.key != "ignore"
                and not (wanted and term.key == "rd")
                and _usable(term, q, a.text)
                and _hangs(term, q, before, a)
            ):
                return term
    if (
        (
            q.kind == "money"
            or (q.kind == "bare" and q.raw >= 100 and "今年" not in a.text[segment.start : q.start])
        )
        and before.sentence == segment.sentence
        and _YEAR_WORD.search(a.text[segment.start : q.start])
    ):
        spoken = [t for t in anchors if t.start < segment.start and t.key in ("revenue", "profit", "rd")]
        if spoken and a.segment_at(spoken[-1].start).sentence == segment.sentence:
            return spoken[-1]
    return None


_YEAR_WORD = re.compile(r"去年|上年|今年|前年|20\d\d|只有|只剩|^(?:达|做|跌|降|掉|涨|升|冲)?到了?$")
