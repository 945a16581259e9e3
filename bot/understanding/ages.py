"""How old the firm is: 成立五年, 搞了八年, 满三周岁, 第9个年头, and a bare 「八年」 among its figures."""

from __future__ import annotations

import re

from bot.catalog.values import Bound
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.dates import FOUNDING
from bot.understanding.quantities import Quantity, plain_number
from bot.understanding.segments import Segment

_FILL = (
    r"(?:了|有|已经?|才|刚刚?|刚好|正好|恰好|快|也|都|差不多|大概|至今|迄今|到现在|到今年|到今天|今年|今天|满打满算|满|整整|超过|"
    r"不到|不足|还不到|还没到|没到|没满|还没满|未满|不满|约|是|为|大约|就|将近|接近|得有|时间|将|"
    r"足足|还|只有|至少|个|算来|算下来|算起来|进入|[迈步踏][入进]|来到|到了?|第|早|嘛|呢|啊|噻|哈|嘞|,|:)*"
)
_SINCE = re.compile(
    "(?:"
    + FOUNDING
    + r"|才开|刚开|存续期?|公司年龄|企业年龄|[企厂店]龄|经营年限|成立年限|注册年限|年限|公司存续|运营|经营|"
    r"公司(?:都|也|已经|搞了?|才|快|差不多|开|办|做|干|干了|做了|开了|办了|有|运行|存在)*|"
    r"(?<!技术)(?<!科技型)(?<!中小)(?<!型)(?<!瞪羚)企业(?:都|也|已经|才|开|办|做)*|办企业|开了|办了|厂子?(?:都|也)?(?:开|办)?)"
    + _FILL
    + "$"
)
_BUSY = re.compile(
    r"(?:走过|走到|做|干|办|开|搞|滚|弄|整|经营|运营|运行|撑|熬|闯|混|摸爬滚打|坚持|打拼|深耕)了?"
    + _FILL
    + "$"
)
_SUBJECT = re.compile(r"(?:公司|企业|厂子?|一直)[^,，]*$")
_TRADE = re.compile(
    r"(?:我们|我们?公司|公司|厂里?|一直|专门|专注|主要|就是|都|是)*(?:做|搞|干|经营|生产|专做|从事)(?!技术|会计|财务|外贸员|管理|老师|律师)"
    r"[^,，\d]{1,8}?(?:已经|有|快|差不多|也|都|整整)*"
)
_NOT_THE_FIRM = re.compile(
    r"研发(?!的|公司)|项目|专利|样机|新?产品线?|课题|车间|设备|机床|数控|产线|生产线|工程师|师傅|员工|工人|老板|法人|"
    r"我(?!们|的|司|这|家|自己的)|他|她|[这那]一?行|行业|合作|合同|租|贷款|厂房|账期|这批|高企|资质|牌子|工龄|试"
)
_TITLE_SPAN = re.compile(
    r"(?:认定|评上|评为|评了|获评|入库|复审|高企|高新技术企业|专精特新|小巨人|瞪羚|资质|证书|拿证|合作|质保|租)[^,，]{0,10}$"
)
_NOT_WORK = re.compile(
    r"的?(?:研发|技术|开发|实验|测试|验证|工程师|老师|会计|销售|审计)|才|这一?行|这个?行业|"
    r"(?:了)?还?没(?:搞|做|弄|研|成功|出来|回本)|[多]?才|的(?!老|公司|企业|厂|了)"
)
_NAMED = re.compile(
    r"^(?:了|多|左右)?(?:的)?(?:老|新)?(?:企业|公司|厂|初创|店|品牌|字号)|^的?历史|^(?:以?前|之前)(?:就|才|我们?|公司|在[^,，]{2,8}?|从[^,，]{1,8}?)*"
    + FOUNDING
)
_FULL = re.compile(
    r"(?:^|刚刚?|才|快|已经?|早就?|今年|到今年|到现在|正好|刚好|也|公司|企业|厂子?|成立)(?:满|(?<=刚)过)$"
)
_END = re.compile(r"了?整?(?:了|吧|啊|嘛|咯|啦|哈|的|整|出头|左右|生日)?")
_PER_YEAR = re.compile(
    r"^(?:的|就|也|大概|差不多|才|都|能|可以|要|得|就是|也就|最多|不到|超过?|将近|纯|净|总|下来|光)*"
    r"(?:[\d一二两三四五六七八九几百千上]|销|营|收(?!费)|产|卖|做(?!起)|赚|挣|流水|开票|出|交|缴|付|利|多少|好多|花)"
)
_POLICY = re.compile(
    r"只(?:投|贷|给|支持|要|收|认|看)|(?:还)?算不算|算(?:是)?(?:初创|老企业|满)|以[内上下]的?(?:企业|公司|厂|才|能|可以)|"
    r"须|不得|不能超|限于|面向|要求|像那种|那种|比如说?"
)
_NEEDED = re.compile(r"(?<!想)[要得须](?:先|已经|是|有)?(?:成立|注册|经营|登记|开办|设立|存续|满)[^,，]*$")
_US = re.compile(r"我们|我司|我[这的家公]|咱|俺|本公司|本企业|敝")

_ALONE = re.compile(
    r"^(?:其实|实际上?|现在|今年|算下来|到现在|至今|这|哎|嗯|都|快|已经|差不多|大概|大约|约|有|得有|满打满算|满|整|整整|刚|刚好|正好|才|"
    r"也就|也|就算?|开了|办了|前后|经营|老厂|老企业|成熟企业|年头|将近|接近|足足|不到|超过|:)*$"
)
_ALONE_AFTER = re.compile(
    r"^(?P<now>多?了)?(?:多|的?老(?:厂|企业|公司|店)|出头|左右|吧|嘛|啦|咯|喽|哈|噻|哟|有余|以上|不到|整|的|年头|光景|样子|的?历史|一点)*$"
)
_LOAN_NEXT = re.compile(
    r"^(?:还|随借|分期|等额|利率|利息|年化|期限|到期|按[月季]|先息|提前|够|周转|行不|可以不|就还)"
)
_OTHER_BEFORE = re.compile(
    r"期限?(?:是|为|:)?$|周期|账期|期$|认定|评上|评的|拿[到了]|授权|欠|逾期|合作|合同|租|质保|保修|工龄|从业|这行|行业|研发了|"
    r"毕业|用款|周转|设备|厂房|我(?:做|搞|干|学|在)|拖|没涨"
)
_WISH = re.compile(r"想|贷(?!款余)|借|要|缺|融(?!过)|差|周转")


def years_of(q: Quantity) -> Finding:
    """``years_established`` with two decimals: 半年 is 0.5."""
    value = plain_number(round(float(q.value()) / 12, 2))
    bound = q.bound
    if bound is not None:
        low, high = (None if e is None else plain_number(round(e / 12, 2)) for e in (bound.low, bound.high))
        bound = Bound(low, high, bound.low_open, bound.high_open)
    return Finding("years_established", value, q.start, q.end, bound)


def per_year(q: Quantity, text: str) -> bool:
    """Whether 「一年」 means «in every year»: 一年五千万, 一年光利息."""
    return q.unit == "年" and q.raw == 1 and bool(_PER_YEAR.match(text[q.end : q.end + 12]))


def cannot_be_age(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a duration is somebody else's, part of a rule, or a rate per year."""
    return segment.rule or per_year(q, a.text) or _foreign(a.text[segment.start : q.start], segment)


def age(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether words around a duration make it the age of the firm."""
    left, right = a.text[segment.start : q.start], a.text[q.end : segment.end]
    long_enough = q.unit == "年" or q.low is None or q.low < 24 or q.unit in ("个月", "月")
    if cannot_be_age(q, segment, a):
        return False
    since = _SINCE.search(left)
    if since and long_enough and not re.search(r"还(?!不|没|差)|期限|用$", left[-2:]):
        return not (_TITLE_SPAN.search(left) and not re.search(FOUNDING, left))
    if _FULL.search(left) and _END.fullmatch(right):
        return True
    named = _NAMED.match(right)
    if named and q.unit in ("年", "个月", "月") and not re.search(r"近$|连续$|用$|贷$|借$", left):
        return True
    return q.unit == "年" and q.raw >= 2 and _at_work(left, right)


def _at_work(left: str, right: str) -> bool:
    """「搞了八年」, 「公司一直做了八年」, 「做阀门十五年了」: the firm is at work for so long."""
    if _NOT_THE_FIRM.search(left) or _NOT_WORK.match(right):
        return False
    busy = _BUSY.search(left)
    if busy and (re.search(r"[了过到]", busy.group()) or _SUBJECT.search(left[: busy.start()])):
        return True
    return bool(_TRADE.fullmatch(left) and re.match(r"多?了", right))


def _foreign(left: str, segment: Segment) -> bool:
    """Whether the span belongs to a rule or a question about rules."""
    if segment.others or _NEEDED.search(left):
        return True
    return bool(_POLICY.search(segment.text)) and not _US.search(segment.text)


def lone_age(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a duration stands for itself in the list of a firm's figures: 「九龙坡 十三年 一千七百万」."""
    left, right = a.text[segment.start : q.start], a.text[q.end : segment.end]
    after = _ALONE_AFTER.match(right)
    if not after or not _ALONE.match(left):
        return False
    if segment.rule or segment.others or a.asked not in (None, "established_year", "years_established"):
        return False
    if a.asked == "years_established" and q.unit == "年":
        return True
    index = a.segments.index(segment)
    before = a.segments[index - 1] if index else None
    following = a.segments[index + 1].text if index + 1 < len(a.segments) else ""
    if _LOAN_NEXT.match(following):
        return False
    if before is not None:
        money = any(o.kind == "money" for o in a.quantities_in(before))
        product = any(t.group == "product" and before.start <= t.start < before.end for t in a.terms)
        if product or _OTHER_BEFORE.search(before.text) or (money and _WISH.search(before.text)):
            return False
    if q.unit != "年" or not 1 <= q.raw <= 80:
        # 「开的时间不长,一年零四个月」
        return bool(before and not a.quantities_in(before) and re.search(FOUNDING, before.text))
    if after["now"] and before is not None:
        return True
    others = [
        o for o in a.quantities if o.start != q.start and o.kind in ("people", "items", "percent", "points")
    ]
    known = any(t.group in ("flag", "anchor", "zone", "outside", "around", "elsewhere") for t in a.terms)
    return bool(others or known or re.search(r"公司|企业|厂", a.text))
