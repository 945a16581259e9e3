"""Figures without a word for them: people, a year's business, patents named before."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding, has
from bot.understanding.anchoring import MEANING, PATENTS
from bot.understanding.concern import FORECAST, asked_about, concerned
from bot.understanding.findings import finding
from bot.understanding.grants import GRANTED, PENDING
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

_NOT_STAFF = re.compile(
    r"跟我说|前后|下午|上午|接待|(?:招|缺|找)(?:个|了|到)?#|创始|股东|合伙|客户|"
    r"招(?!商)|裁|离职|服务(?!业|类)|培训|用户|学生|老师|专家|博士|硕士|"
    r"残疾|认识|帮|需要|缺|剩(?!下|余)|走了|导师|顾问|本科|大专|学历|党员|高管|院士|"
    r"教授|"
    r"管理层|来访|参观|排队|几个人|一起来|去过|实习|外包|兼职|亲戚|朋友|同学|救|辆|"
    r"打卡"
)
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
    return not _OTHER_MONEY.search(near) and not has(FORECAST, near)


_STAFF = re.compile(r"(?:[号个]多?来?人|多?人|员工|职工)")


def unnamed(q: Quantity, segment: Segment, anchors: list[Term], a: Analysis, found: list[Finding]) -> None:
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
    elif q.kind in ("items", "bare") and has(GRANTED, text) and not has(PENDING, text):
        before = [t for t in anchors if t.key in PATENTS - {"patents"} and t.end <= q.start]
        if before and concerned(segment, a):
            a.used.add(q.start)
            found.append(finding(MEANING[(before[-1].key, "items")], q))
