"""Durations and years: how long the money is wanted, when the firm was founded and how old it is."""

from __future__ import annotations

import re

from bot.catalog.values import Bound
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.figures import concerned
from bot.understanding.quantities import Quantity, plain_number
from bot.understanding.segments import Segment

_FOUNDED = (
    r"(?:成立|注册(?!资本|资金|地|用户|商标|在(?!\d))|创立|创办|创建|设立|组建|建厂|"
    r"开业|开办|办厂|办起来|做起来|开厂|创业|建的|注的册|开的|办的|工商登记|拿(?:到)?(?:的)?(?:营业)?执照|"
    r"立的|起步|开起来|搞起来|开始(?:做|干|搞|经营)|开张|搞的|建成|落户|领的?执照)"
)
_YEAR_THEN = re.compile(
    r"^(?:的时候|才|就|刚刚?|开始|在\w{2,8}?|由\w{2,6}|我们|公司|正式|新|那会儿?|那年|的|,|，|工商)*"
    + "(?:"
    + _FOUNDED
    + r"|的?(?:营业)?执?照$|落地|落户|(?:就|开始)?(?:做|干|开|办)(?:到现在|到今|起))"
)
_THEN_YEAR = re.compile(
    _FOUNDED
    + (
        r"(?:时间|日期|年份|年度|于|的?时间|登记|是在?|在|是|大概|差不多|应该|的|了|:|年限|"
        r"的?日期|上写的|可能|好像|大约|得早|得晚|比较晚|比较早|,|，| )*$"
    )
)
_COMPANY_YEAR = re.compile(r"(?:公司|企业|厂子?|我们)(?:是|就是|大概是|大概)?$")
_AGE_LEFT = re.compile(
    r"(?:"
    + _FOUNDED
    + (
        r"|才开|刚开|开起|存续|公司年龄|企业年龄|经营年限|成立年限|年限|公司存续|运营|经营|公司(?:都|也|已经|搞了?|"
        r"才|快|差不多|开|办|做|干|干了|做了|开了|办了|有|运行|存在)*|企业(?:都|也|已经|才|"
        r"开|办|做)*|开公司|办公司|办企业|开了|办了|厂子?(?:都|也)?(?:开|办)?|创业)"
        r"(?:了|有|已经?|才|刚刚?|快|也|都|差不多|大概|至今|到现在|到今年|满|整整|超过|"
        r"不到|不足|还不到|还没到|没到|未满|不满|约|是|大约|也就|就|将近|接近|得有|时间|将|"
        r"足足|还|只有|至少|正好|刚好|有个|没满|还没满|有将近|了快|了大概|了差不多|:)*$"
    )
)
_AGE_RIGHT = re.compile(
    r"^(?:了|多|左右)?(?:的)?(?:老|新)?(?:企业|公司|厂|初创)|^(?:以?前|之前)(?:就|才|我们|公司|在\w{2})*"
    + _FOUNDED
    + r"|^了?(?:吧)?$"
)
_TERM_LEFT = re.compile(
    r"(?:随借随还|循环|(?<!费)(?<!信)用|使|借|贷|期限|贷期|周期|周转|还款期|用款期?|还款|分|时间|授信期|要|拿|需要|"
    r"占用|融|过桥|垫|长期|短期)(?:个|款|上|期|大概|差不多|是|为|至少|最少|最长|最多|约|资金|"
    r"期限|一下|时间|不超过|不到|到|在|选|选择|按|希望|能|想|:|打算|控制在|计划|改成|"
    r"改为|应该是|他个|它个|的|短期|长期|也就|就|得|搞)*$"
)
_TERM_RIGHT = re.compile(
    r"^(?:多|左右|上下)?(?:的)?(?:期(?!间)|还(?!没|有|是|不|要|能|可)|内还|内归还|归还|"
    r"以?后再?还|之?后再?还|到期|的?期限|周转|还清|还完|就还|就能还|内能?还|就可以还|能还|"
    r"之内还|足够|足矣|分期|内还清|的贷款|的钱|够了|就够|可以还|一还)"
)
_NOT_A_TERM = re.compile(
    r"(?:(?:高企|证|证书|资质|编号)[^,，]{0,3}(?:还有|剩)|近|连续|过去|最近|前|后|研发了?|做了?|干了?|等了?|搞了?|工作了?|账期|质保|"
    r"合同|只够|够|撑|还能撑|现金流|回款|拖了?|亏了?|耗时|磨了?|花了?|投了?|毕业|跑了?|"
    r"谈了?|试用|有效期|逾期|工期|交期|建设期|产品周期|研发周期|回报期|签了?|租期|租了|"
    r"拖欠|保修|专利|剩|还剩)(?:大概|差不多|的|有|是|整整|快|:|"
    r"[0-9一二两三四五六七八九十])*$"
)
_MONEY_BEFORE = re.compile(
    r"^(?:,|，|、|的|左右|借|贷|用|期限|想|要|周转|大概|资金|款|流贷|最好|先|贷款|就|"
    r"打算|准备|能|可以|期|是|个|上下|流动资金|以内|信用|出头|多|吧|嘛|为期|分|做|"
    r"期限是)*$"
)


def _months(q: Quantity, fact: str) -> Finding:
    return Finding(fact, q.value(), q.start, q.end, q.bound)


def years_of(q: Quantity) -> Finding:
    """Years with two decimals: 半年 is 0.5."""
    value = plain_number(round(float(q.value()) / 12, 2))
    bound = q.bound
    if bound is not None:
        low, high = (None if e is None else plain_number(round(e / 12, 2)) for e in (bound.low, bound.high))
        bound = Bound(low, high, bound.low_open, bound.high_open)
    return Finding("years_established", value, q.start, q.end, bound)


def find_durations(a: Analysis) -> list[Finding]:
    """established_year, years_established and term_months; marks the numbers and years that it uses."""
    out: list[Finding] = []
    for year in a.years:
        segment = a.segment_at(year.start)
        if segment.others or segment.rule:
            continue
        left, right = a.text[segment.start : year.start], a.text[year.end : segment.end]
        founded = (
            _YEAR_THEN.match(right)
            or (year.end >= year.start + 5 and re.match(r"的老?(?:公司|企业|厂)(?:$|了)", right))
            or _THEN_YEAR.search(left)
            or (
                not year.said
                and year.end > year.start + 2
                and _COMPANY_YEAR.search(left)
                and re.match(r"的|$|开始|就", right)
            )
        )
        if (
            founded
            and not (
                year.sure is False
                and not _YEAR_THEN.match(right)
                and re.search(_FOUNDED + r"(?:了|有|满|才|快|都|超过|不到|将近)*$", left)
                and not re.search(r"于$|时间|日期|年份|是$|在$|:$", left)
                and a.text[year.start : year.end].endswith("年")
                and year.end - year.start == 3
            )
            and (
                not segment.question
                or re.search(r"我|公司|咱", segment.text)
                or segment.text.endswith(("能贷吗", "能申请吗", "行吗", "可以吗"))
                or not re.search(r"什么|哪|多少|几", segment.text)
            )
        ):
            out.append(Finding("established_year", year.year, year.start, year.end))
            a.used.update(q.start for q in a.quantities if year.start <= q.start < year.end)
    for segment in a.segments:
        for q in a.quantities_in(segment):
            if (
                q.start in a.used
                or q.kind != "months"
                or any(y.start <= q.start < y.end and y.sure for y in a.years)
            ):
                continue
            found = _duration(q, segment, a)
            if found is not None:
                a.used.add(q.start)
                out.append(found)
    return out


def _duration(q: Quantity, segment: Segment, a: Analysis) -> Finding | None:
    left, right = a.text[segment.start : q.start], a.text[q.end : segment.end]
    years = q.unit == "年" or q.low is None or (q.low or 0) < 24 or q.unit in ("个月", "月")
    if not concerned(segment, a, money=True) or re.match(
        (
            r"(?:的)?(?:研发|开发|技术|审计|报表|流水)|(?:左右|以?后|之?内)?(?:才|就)?(?:能|"
            r"可以|会)?(?:上市|量产|盈利|投产|出产品|回本)|才"
        ),
        right,
    ):
        return None
    if _AGE_LEFT.search(left) and not re.search(r"还|期限|用$", left[-2:]) and years and not segment.rule:
        return years_of(q)
    if (
        re.search(r"(?:^|刚|才|快|已经?|早就?)满$|^刚满$", left)
        and re.fullmatch(r"了?整?[吧啊嘛]?", right)
        and not segment.rule
    ):
        return years_of(q)
    match = _AGE_RIGHT.match(right)
    if (
        match
        and match.group().strip("了吧")
        and q.unit in ("年", "个月", "月")
        and not segment.rule
        and not re.search(r"近$|连续$|用$|贷$|借$", left)
    ):
        return years_of(q)
    if (
        q.unit == "年"
        and q.raw >= 2
        and re.fullmatch(r"(?:我们|公司|厂子?|这行|都|已经?|也|一共)*(?:做|干|办|开)了", left)
        and not re.match(r"的?(?:研发|技术|开发|才)", right)
    ):
        return years_of(q)
    if _NOT_A_TERM.search(left) and not re.search(r"想用|贷款?期|期限", left):
        return None
    if re.search(r"月$", q.unit) and re.search(r"每|一个$|这$|上$", left[-2:]):
        return None
    if re.search(r"还是[^,，]{0,4}$|^一?还还是", left) or re.match(r"[^,，]{0,3}还是", right):
        return None  # 「一年一还还是三年」 asks
    if _TERM_RIGHT.match(right):
        return _months(q, "term_months")
    if _TERM_LEFT.search(left) and not re.match(
        r"[前多]?(?:的?(?:流水|营收|审计|报表|数据|时间审|财报|老客户|收入))|前", right
    ):
        return _months(q, "term_months")
    money = [o for o in a.quantities if o.kind == "money" and o.end <= q.start]
    if (
        money
        and _MONEY_BEFORE.match(a.text[money[-1].end : q.start])
        and re.fullmatch(
            (
                r"(?:左右|吧|期|就行|就够|够了|行不|行吗|可以吗|嘛|的|时间|样子|内|以内|之内|上下|"
                r"就可以|即可|能不能.*|有没有.*|买.*|周转.*|怎么.*|哪.*)?"
            ),
            right,
        )
    ):
        before = a.sentence_before(segment, q.start)
        alone = not a.text[: money[-1].start].strip()
        wanted = alone or re.search(r"想|贷|借|融|要|缺|周转|用", before)
        if wanted and not re.search(
            r"营收|收入|利润|产值|资产", a.text[max(0, money[-1].start - 8) : money[-1].start]
        ):
            return _months(q, "term_months")
    return None
