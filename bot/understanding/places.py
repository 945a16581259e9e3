"""Where the firm is registered: a district by name, and whether that settles 「在高新区」."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

_AT = re.compile(
    r"(?:在|位于|注册地?(?:在|是|于|为|址)?|落户(?:在|于)?|设在|入驻(?:了|在)?|地址(?:在|是|"
    r":)?|属于|搬(?:到|来|进)了?|迁(?:到|入|来)了?|坐落|开在|建在|是|地点|地|来自|地在|公司|"
    r"企业|厂|厂子|厂房|总部|我们|我|咱们?|经营地|办公)(?:的|了|于|在|:|都|就|也|是|咱|咱们|"
    r"重庆|重庆市|市|那边|西部|的话|这个|我们|沙坪坝|九龙坡|区|的是|沙区|九龙|咱们的|"
    r"[^,，]{0,2}园区|万州|西永|高新区|重庆高新区|西部科学城)*$"
)
_NOT_AT = re.compile(
    r"(?:不在|没在|(?<!是)不是|未在|不属于|没有?落户|没有?注册在|(?<!算)不算|没有在|又不在|并不在|没注册在|"
    r"注册地不在|没有入驻|没入驻)[^,，]{0,6}$"
)
_PLANS = re.compile(
    r"(?:想|准备|打算|计划|考虑|要|以后|将来|能不能|可以|是否|愿意|正在|拟|希望|"
    r"马上)[^,，]{0,6}(?:搬|迁|落户|入驻|注册|到|来|去|过)[^,，]{0,4}$"
)
_YOURS = re.compile(r"(?:你们?|你|您|贵|听说|这个|请问|了解|整个|关于|政府|咨询)(?:们)?(?:西部|重庆)?$")
_OFFICE = re.compile(
    r"^(?:的)?(?:管委会|创新服务中心|担保|融资|政策|贷款|产品|金融|基金|有没有|有哪些|有啥|"
    r"有什么|的产品|的基金|政府|速度|便利店|补贴|补助|扶持|贴息|办法|科技金融|支持|创新|对|给|"
    r"哪|是不是|技术企业|管委|规定|范围|管理|技术|企业服务|人才|奖励|科创|这些|这几|积分|产业|"
    r"天使|的政策|的贷款|的补贴|的金融|的担保|的积分|的钱|的科技金融|的科技政策|的扶持|的支持|"
    r"的优惠|优惠|投资)"
)
_FIRM = re.compile(
    r"^(?:区?内|里|里面|这边|那边|那头|里头|这里|范围内|注册|本地|区内)?(?:的)?(?:企业|公司|厂|园区|初创|"
    r"小企业|科技公司|科技企业|孵化器|注册|[一小大老]家?厂|一家|科技型|刚?租|办公|个体|工厂|车间)"
)
_WIDER = re.compile(r"重庆市?|沙坪坝区?|九龙坡区?|沙区|西永|西部")
"""Names of the wider place that may stand before the narrower one."""
_BODY = re.compile(
    r"^(?:区|市|县|镇|省|高新区|经开区|刚|新|内|那边|这边|这头|这里|那里|的|注册|开|本地|街道|工业园|产业园|园区|人民|"
    r"[^,，的]{0,4}(?:街道|镇|园|路|号))*"
)


def _placed(term: Term, segment: Segment, a: Analysis) -> bool | None:
    """True: the firm is there; False: it says it is not; None: the place is only talked about."""
    left, right = a.text[segment.start : term.start], a.text[term.end : segment.end]
    if re.search(r"离$|距离?$|附近$", left):
        return None
    if re.match(r"以?之?外", right):
        return False
    if _NOT_AT.search(left) or re.match(
        r"(?:区|里|里面|那边)?(?:的)?(?:不在|不是|没有?注册)(?:的|了|我|$|注册)", right
    ):
        return False
    if _PLANS.search(left) or _YOURS.search(left) or _OFFICE.match(right):
        return None
    if (
        re.search(
            r"是不是$|有没有|要不要|必须|一定要|非要|不是.*就|只有|只能|才能|需不需要|算不算|算$|"
            r"去$|能去|给$",
            left,
        )
        or segment.rule
    ):
        return None
    if re.search(r"(?:在不在|是不是在?|在没在)[^,，]{0,4}$", left):
        return None
    if not segment.what_if and re.search(
        r"(?:想|打算|准备|计划|要|拟)[^,，]{0,3}在$|把[^,，]{0,4}(?:搬|迁)到$", left
    ):
        return None
    if re.search(r"哪|怎么|什么", segment.text) and not re.search(r"我|咱", segment.text):
        return None
    if _AT.search(left):
        return True
    if not _WIDER.sub("", left).strip() and (
        re.fullmatch(
            r"(?:[区市县镇内的啊呢吧哈哦嘛 ]|那边|这边|这头|那头|这里|那里|[那这]一?片|一带|高新区|经开区|"
            r"个体(?:工商)?户?|管过来|管的|辖区)*",
            right,
        )
        or re.match(r"区?的?(?:西永|含谷|白市驿|曾家|金凤|巴福|石板|走马|虎溪|香炉山|高新区)", right)
        or _FIRM.match(_BODY.sub("", right))
        or _FIRM.match(right)
        or re.match(r"\w{0,8}(?:大道|路|街|巷|园|号|楼|栋)", right)
    ):
        return True
    return None


def find_places(a: Analysis) -> list[Finding]:
    """``district`` and ``in_zone``. A district that holds part of the zone settles nothing (contract)."""
    out: list[Finding] = []
    for term in a.terms:
        if term.group not in ("zone", "outside", "around", "elsewhere"):
            continue
        segment = a.segment_at(term.start)
        if segment.others or _namesake(term, a):
            continue
        placed = _placed(term, segment, a)
        if placed is None:
            continue
        if (
            segment.question
            and term.group == "zone"
            and placed
            and re.search(r"(?:吗|不|没|么)$", segment.text)
            and re.search(r"^[^,，]{0,4}在.{0,6}(?:吗|不|么)$", segment.text)
        ):
            continue
        name = a.text[term.start : term.end]
        if term.group == "zone":
            out.append(Finding("in_zone", placed, term.start, term.end))
        elif placed:
            if term.group == "outside":
                out.append(Finding("in_zone", False, term.start, term.end, implied=True))
            if term.group in ("outside", "around"):
                out.append(Finding("district", name, term.start, term.end))
            elif term.group == "elsewhere":
                out.append(Finding("in_zone", False, term.start, term.end, implied=True))
    return _registered(out, a)


def _namesake(term: Term, a: Analysis) -> bool:
    """「璧山高新区」 is another zone than ours."""
    return term.group == "zone" and any(
        other.group in ("outside", "elsewhere") and re.fullmatch("[区市]?的?", a.text[other.end : term.start])
        for other in a.terms
        if other.end <= term.start <= other.end + 2
    )


def _registered(found: list[Finding], a: Analysis) -> list[Finding]:
    """Where the firm is registered counts, not where it has an office (注册在江津,办公在科学城)."""

    def text(f: Finding) -> str:
        return a.segment_at(f.start).text

    if not any(re.search(r"注册|登记|执照|税务关系", text(f)) for f in found):
        return found
    return [
        f
        for f in found
        if f.fact != "in_zone"
        or re.search(r"注册|登记|执照|税务关系", text(f))
        or not re.search(r"办公|生产|厂|仓库|车间|分公司|经营地|干活|做事|人在|实验室", text(f))
    ]
