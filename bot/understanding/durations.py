"""Durations: how long the money is wanted; together with the founding year and the age of the firm."""

from __future__ import annotations

import re

import msgspec

from bot.understanding.ages import age, lone_age, per_year, years_of
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.concern import concerned
from bot.understanding.founding import find_founding
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment

_TERM_LEFT = re.compile(
    r"(?:随借随还|循环|(?<!费)(?<!信)用|使|借|贷|期限|贷期|周期|周转|还款期|用款期?|还款|分|时间|授信期?|银承|承兑|流贷|(?<!发)放|要还|要|拿|需要|"
    r"占用|融|过桥|垫|长期|短期)(?:个|款|上|期|大概|差不多|是|为|至少|最少|最长|最多|约|资金|"
    r"期限|一下|时间|不超过|不到|到|在|选|选择|按|希望|能|想|:|打算|控制在|计划|改成|"
    r"改为|应该是|他个|它个|的|短期|长期|也就|就|得|搞)*$"
)
_TERM_RIGHT = re.compile(
    r"^(?:多|左右|上下|以内|之内)?(?:的)?(?:期(?!间)|还(?!没|有|是|不|要|能|可)|内还|内归还|归还|"
    r"以?后再?还|之?后再?还|到期|的?期限|周转|还清|还完|就还|就能还|内能?还|就可以还|能还|"
    r"之内还|足够|足矣|分期|内还清|授信|的(?:贷款|借款|[流短信抵][^,，]{0,3}贷|经营贷|资金|授信|过桥|钱)|够了|就够|可以还|一还)"
)
_NOT_A_TERM = re.compile(
    r"(?:(?:高企|证|证书|资质|编号)[^,，]{0,3}(?:还有|剩)|近|连续|过去|最近|前|后|研发了?|(?<![想要能以])做了?|干了?|等了?|搞了?|工作了?|账期|质保|"
    r"合同|只够|够|撑|还能撑|现金流|回款|拖了?|亏了?|耗时|磨了?|花了?|投了?|毕业|跑了?|流水|报表|审计|社保|台账|"
    r"谈了?|试用|有效期|逾期|工期|交期|建设期|产品周期|研发周期|回报期|签了?|租期|租了|"
    r"拖欠|保修|专利|剩|还剩)(?:大概|差不多|的|有|是|整整|快|要|得|:|"
    r"[0-9一二两三四五六七八九十])*$"
)
_MONEY_BEFORE = re.compile(
    r"^(?:,|，|、|/|\(|按|的|左右|借|贷|用|期限|想|要|周转|大概|资金|款|流贷|最好|先|贷款|就|"
    r"打算|准备|能|可以|期|是|个|上下|流动资金|以内|信用|出头|多|吧|嘛|为期|分|做|"
    r"期限是)*$"
)
_UNWANTED_SPAN = re.compile(
    r"才|(?:的)?(?:研发|开发|技术|审计|报表|流水)|(?:左右|以?后|之?内)?(?:才|就)?(?:能|可以|会)?(?:上市|量产|盈利|投产|"
    r"出产品|回本|放款|到账|下款|批[下完]|办[下完好]|下证|认定)|(?:期)?(?:满了|到期(?:以后|之后|后)(?!再?还|归还))|一(?:续|签|审|评|次|复审)|"
    r"期?[^,，]{0,2}(?:拨|付清|支付|付款|到位)"
)
_PAST_LOAN = re.compile(
    r"还剩|还欠|剩余|有笔|有一笔|欠着|在还|贷过|借过|已经贷|已经借|现有|名下|存量|(?:去年|前年|上次|之前|以前|原来|早先|当时)[^,，]{0,6}[贷借]|拨付|拨款|经费|补贴|补助"
)
_PROCESS = re.compile(r"流程|审批|放款|办理|办下|走完|等着|等(?!额)|说(?:是)?(?:要|得)|那阵|走")
_RATE = re.compile(r"lpr|利率|利息|年化")
_ASKS_PRODUCT = re.compile(
    r"(?:利率|利息|额度|条件|材料|流程)$|[?吗嘛么不]$|多少|好多|几|怎么|咋|什么|啥|能不能|可不可以|行不|是不是|还是|最[长久多]"
)
_MONEY_WISH = re.compile(r"我|咱|想|打算|准备|需要|缺")
_INSTALMENTS = frozenset((3, 6, 9, 10, 12, 18, 24, 30, 36, 48, 60, 84, 96, 120))
_TITLE = re.compile(r"高企|高新技术企业|专精特新|小巨人|科小|科技型|瞪羚|中小企业|小微")
_AGE_LABEL = re.compile(r"(?:成立|经营|注册|存续|公司|企业)(?:年限|年数|年龄|年纪)[:为是]*$")
_TERM_WORD = re.compile(
    r"(?<!账)(?<!有效)(?<!收)(?:期限|贷期)|用多久|借多久|用款(?:时间|期)|还款期|借新还旧|用到|(?:流|短|长|信|信用|抵押|经营|设备)贷款?$"
)
_LOAN = re.compile(r"贷|借|融|还款|期限|分期|等额|月供|万")


def find_durations(a: Analysis) -> list[Finding]:
    """established_year, years_established and term_months; marks the numbers and years that it uses."""
    out = find_founding(a)
    for segment in a.segments:
        for q in a.quantities_in(segment):
            if q.start in a.used or any(y.start <= q.start < y.end and y.sure for y in a.years):
                continue
            if a.asked == "established_year" and any(y.start <= q.start < y.end for y in a.years):
                continue  # 「19年的」 answers with a year
            span = _in_months(q, segment, a)
            left = a.text[segment.start : q.start]
            found = _labelled_age(q, left) if span is None else _duration(span, segment, a)
            if found is not None:
                a.used.add(q.start)
                out.append(found)
    return out


def _labelled_age(q: Quantity, left: str) -> Finding | None:
    """「成立年限:8」."""
    if q.kind != "bare" or q.raw > 100 or not _AGE_LABEL.search(left):
        return None
    return Finding("years_established", q.value(), q.start, q.end, q.bound)


def _in_months(q: Quantity, segment: Segment, a: Analysis) -> Quantity | None:
    """A span of time in months; days and instalments (24期) only where they can be the term of a loan."""
    if q.kind == "months":
        return q
    right = a.text[q.end : segment.end]
    if q.unit == "天" and 5 <= q.raw <= 1000:
        divisor = 30.0
    elif (
        q.unit == "期"
        and q.raw in _INSTALMENTS
        and re.match(r"$|还|等额|每期|分|的|[,，]|吧|就|行|够", right)
        and (a.asked == "term_months" or _LOAN.search(a.sentence_before(segment, q.start)))
    ):
        divisor = 1.0
    else:
        return None
    low, high = (None if end is None else round(end / divisor, 2) for end in (q.low, q.high))
    return msgspec.structs.replace(q, kind="months", low=low, high=high)


def _duration(q: Quantity, segment: Segment, a: Analysis) -> Finding | None:
    right = a.text[q.end : segment.end]
    # In the list of a firm's figures an age is stated even where the sentence ends with a question.
    stated = concerned(segment, a, money=True) or not (
        segment.question or segment.others or _TITLE.search(segment.text)
    )
    if not stated or _UNWANTED_SPAN.match(right):
        return None
    counts_years = q.unit not in ("天", "期")
    if counts_years and age(q, segment, a):
        return years_of(q)
    if _is_term(q, segment, a):
        return Finding("term_months", q.value(), q.start, q.end, q.bound)
    return years_of(q) if counts_years and lone_age(q, segment, a) else None


def _is_term(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """Whether a duration is how long the money is wanted."""
    left, right = a.text[segment.start : q.start], a.text[q.end : segment.end]
    if _NOT_A_TERM.search(left) and not re.search(r"想用|贷款?期|期限", left):
        return False
    if re.search(r"月$", q.unit) and re.search(r"每|一个$|这$|上$", left[-2:]):
        return False
    if re.search(r"还是[^,，]{0,4}$|^一?还还是", left) or re.match(r"[^,，]{0,3}还是", right):
        return False  # 「一年一还还是三年」 asks
    if _PROCESS.search(left) or _PAST_LOAN.search(a.sentence_before(segment, q.start)):
        return False
    if _about_product(segment, a):
        return False
    if q.unit == "期" or (q.unit == "天" and a.asked == "term_months"):
        return True
    if _TERM_RIGHT.match(right):
        return True
    if per_year(q, a.text):
        return False
    if _TERM_LEFT.search(left) and not re.match(
        r"[前多]?(?:的?(?:流水|营收|审计|报表|数据|时间审|财报|老客户|收入))|前", right
    ):
        return True
    return _after_money(q, segment, a, right) or _term_named_before(q, segment, a)


def _about_product(segment: Segment, a: Analysis) -> bool:
    """「绿色双城贷三年期利率多少」 asks about a product and wants nothing yet."""
    named = any(t.group == "product" and segment.start <= t.start < segment.end for t in a.terms)
    return (
        (named or bool(_RATE.search(segment.text)))
        and bool(_ASKS_PRODUCT.search(segment.text))
        and not _MONEY_WISH.search(segment.text)
    )


def _term_named_before(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「期限灵活点,一到三年」."""
    before = a.segment_before(segment)
    if before is None or segment.text.strip("大概差不多约是就左右吧嘛的都可以行") != a.text[q.start : q.end]:
        return False
    return not a.quantities_in(before) and bool(_TERM_WORD.search(before.text))


def _after_money(q: Quantity, segment: Segment, a: Analysis, right: str) -> bool:
    """「借五百万,一年」: a duration straight after the money that is wanted."""
    money = [o for o in a.quantities if o.kind == "money" and o.end <= q.start]
    if not money or not _MONEY_BEFORE.match(a.text[money[-1].end : q.start]):
        return False
    if not re.fullmatch(
        r"(?:左右|\)|算|吧|期|就行|就够|够了|行不|行吗|可以吗|嘛|的|时间|样子|内|以内|之内|上下|"
        r"就可以|即可|能不能.*|有没有.*|买.*|周转.*|怎么.*|哪.*)?",
        right,
    ):
        return False
    alone = not a.text[: money[-1].start].strip()
    wanted = alone or re.search(
        r"想|贷|借|融|要|缺|周转|用|额度|金额|需求", a.sentence_before(segment, q.start)
    )
    owner = a.text[max(0, money[-1].start - 8) : money[-1].start]
    return bool(wanted) and not re.search(r"营收|收入|利润|产值|资产", owner)
