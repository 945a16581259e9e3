"""What a firm says it has none of: 没有软著, 没融过资, 不欠银行的钱, 还没营收, 去年打平.

One grammar for all: a lack before the thing (没有任何贷款), behind it (贷款一分没有), or a deed never done
(没贷过款). What somebody has none «else» of (没有其他贷款) yields to the number that is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.polarity import window
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

LACK = r"(?:(?:还|并|也|都|又|倒|暂时|目前|现在|至今|一直|从来)*(?:没有?|没得|莫得|么得|冇得?|木有|暂无|尚无|并无|亦无|均无|无|尚未有|未有|零|no|zero|without)(?!有?(?:问题|关系|办法|人)))"
_SMALL = (
    r"(?:半|一|1)(?:分钱?|毛钱?|块钱|角钱|厘|笔|点|家|件|项|个|篇|份|种)(?:钱|的)?(?:专职的?|外部的?|外面的?)?"
)
_ANY = rf"(?:{_SMALL}|任何|啥子?|什么|半点|过|到|的|其他|其它|别的|多余|现存|存量|未结清|未还|未到期|在途|在贷|在还|对外|外部|外面|外头|银行|民间|过桥|什么样|欠|背|有|正式|真正|独立|产生|形成|实现|取得|公司|我们|一直|a |any |bank |(?<=[a-z]) )*"
_BACK = (
    rf"(?:{_SMALL}|余额|金额|总额|方面|这[块边头]|那[块边头]|呢|的话|嘛|我们?|咱们?|公司|目前|现在|暂时|至今|到现在|去年|今年|上年|全年|[也都还就仍均是为倒=:]|倒是|一直|确实|真的?|累计|合计|[,，] ?(?=[零0无]|没[有得]$)| )*"
)
_LACKS = r"(?:没有?(?!问题|关系|还|批|下|到|少|多|人|要|那么)|没得(?!问题)|莫得|么得|冇|木有|暂无|尚无|无(?=$|[,，。;、 ])|零(?![\w])|(?<![\d.])0(?![\d.])万?元?|没了|清零|归零|none|zero|nil)(?=$|[^\w]|[的了呢嘛啊哈噻哦哟撒啦也但能想可怎我全就]|,| ?granted)"
_OVER = r"(?=$|[^\w]|的$|了|呢|嘛|啊|哈|噻|哦|哟|哎|撒|啦|和|跟|也|但|就|都|全|只|靠|想|还|行|要(?!求)|研发|[0-9a-z]|在身|负担|压力|余额|可|能|怎|咋|我|公司)"


class Absence(msgspec.Struct, frozen=True):
    """How the lack of one thing is said: its names, and sentences that say so as a whole."""

    fact: str
    thing: str
    whole: str
    unless: str


_LOAN = r"(?:(?:银行|对外|外部|存量|商业|经营性?|信用)*(?:存量融资|贷款|借款|欠款|借贷|欠账|外债|负债|债务|外账|债|bank loans?|loans?|debts?|outstanding loans?)(?:余额|记录(?=为零))?)"
_LENDER = r"(?:银行|[工农中建交招]行|外面|外头|外边|别人|人家|任何人|任何(?:一家)?(?:银行|机构)|哪个|哪家(?:银行)?|谁|机构|亲戚|信用社|小贷|网贷)"
_NEVER = r"(?:没有?|没得|从没有?|从未|从来(?:都|也)?没有?|还没有?|还未|未|未曾|不曾|也没有?|都没有?|一直没有?|尚未)"
_PAID = r"(?:还清|还完|还光|还干净|结清|结完|清掉|清完|清偿|付清|全还|还掉)"
_NO_DEBT = (
    # 没贷过款, 没借银行一分钱, 没申请过任何贷款, 没找银行借过
    rf"{_NEVER}(?:[在跟向找从问]{_LENDER}[^,，]{{0,3}})?(?:去|办|申请|做|使?用|背|拿|搞|有|借|贷)?过?(?:任何|什么|啥|银行的?)*(?:贷|借)过(?!桥|渡)|"
    rf"{_NEVER}(?:申请|办理?|做|背|用|搞)过?(?:任何|什么|啥子?|银行的?|外部)*(?:贷款|借款)(?!成|下)|"
    rf"{_NEVER}(?:[贷借])(?:过|着)?{_LENDER}(?:的|一分钱?|钱)*(?=$|[,，。 ])|{_NEVER}(?:跟|向|找|在){_LENDER}[贷借](?!到|成|下|上)|"
    # 没欠钱, 不欠银行, 哪家都不欠, 一分不欠
    rf"(?:没有?|没得|从不|不|未)欠(?:过|着|起|到)?(?:{_LENDER}|银行的?|的?(?:钱|账|债|款)|一分钱?|任何|外债|$|[,，。 的])(?!税|薪|息|费|工资)|"
    rf"(?:{_LENDER}|银行的?(?:钱|账)?|{_SMALL})(?:那[边头]|我们?|公司|倒是?|也|都|是|现在|的|钱)*(?:不|没有?|没得)欠(?!税|薪|息|费|工资)|"
    rf"{_SMALL}(?:银行的?|外头的?)?(?:贷款|钱)?(?:都|也)?(?:没|不)有?(?:[贷借欠])(?!到|下|成)|"
    rf"(?:一家|哪家|任何)(?:一家)?银行(?:都|也)没(?:有)?[贷借]过|"
    r"无债(?:一身轻|经营)?|无外债|没外债|零(?:负债|贷款|借款|欠款|外债)|身上没(?:有)?债|"
    # 贷款早还清了
    rf"(?:贷款|借款|欠款|外债)(?:余额)?{_PAID}了?(?=$|[,，。 ])|(?:贷款|借款|欠款|外债|债务?|银行[^,，]{{0,6}}|[贷借]过?的)(?:钱|款)?[^,，没未快剩要得能想\d一二两三四五六七八九]{{0,10}}(?:都|全|早|已|也|上|去年|前年|就|被)[^,，没未快剩要得能想]{{0,6}}(?<!没){_PAID}(?!的?(?:话|时候|后|之后|以后|才))"
)
_EQUITY = r"(?:(?:外部|股权|机构|天使|风险|外面的?|外头的?|对外|外来|社会|任何|其他)*(?:融资款?|投资(?:款|人|方|机构|者)?|风投|创投|资方|机构投资|天使投资|天使轮?|天使资金|equity(?: financing| funding| raised)?|(?:external |outside )?(?:funding|investors?|investment)|vc(?: money)?)(?:额|金额)?)"
_NEVER_RAISED = (
    rf"{_NEVER}(?:对外|去|在外面|在外头|正式|跟外面)?(?:融过|融资过|融(?:到)?资(?=$|[,，。 没也])|引入?进?过?(?:任何)?(?:外部)?(?:投资|战投|股东|资本)|"
    r"(?:拿|进行|做|接受|获得?|得到?|收|接|启动|开展|搞|要|谈|吸收|引进|引入)(?:到|了)?过?(?:任何|外面|外头|外部|别[人个]|人家|机构|一分钱?|什么|啥子?|天使|的|过)*(?:股权|风险|机构|天使)*(?:融资|投资|风投|资本|天使轮?))(?!额度|计划)|"
    rf"(?:投资|融资|外部资金|外面的?钱|外头的?钱|机构的?钱|投资人的?钱|外部)(?:的?(?:钱|款))?{_SMALL}(?:都|也|还)?(?:没有?|没得|未)(?:拿|融|进|要|得|有|收|用|到)*|"
    rf"{_SMALL}(?:的)?(?:外部)?(?:投资|融资|外部资金|风投)(?:的?钱)?(?:都|也|还)?(?:没有?|没得|未)|{_SMALL}(?:都|也|还)?(?:没有?|没得|未)(?:融|拿过?(?:外面|别人|投资|机构))|"
    rf"(?:没有?|没得|还没有?|从没)(?:任何|一家|哪家|哪个|什么)*(?:投资)?(?:人|机构|基金|投资方|vc)(?:来|进来)?(?:投|进)过?(?:资)?(?:过|我们?|公司|$|[,，。])|"
    r"bootstrap(?:ped|ping)?|self-?funded|零融资"
)
_SALES = r"(?:(?:主营|营业|销售|产品|业务|经营|任何|实际|对外)*(?:营收|收入|营业额|销售额|销售|流水|进账|入账|产值|业绩|revenues?|sales|income)(?!来源))"
_NO_SALES = (
    rf"{_SMALL}(?:营业|销售)?(?:营收|收入|进账|流水)?(?:都|也|还)*(?:没有?|没得)(?:卖出去|赚到|收到|进账|营收|收入)|pre-?revenue|(?:还|尚)未(?:产生|形成|实现|有)(?:任何)?(?:营业|销售)?(?:营收|收入)|"
    r"(?:还|都|产品)没(?:有)?(?:卖过|卖出去过)"
)
_EVEN = (
    r"(?<![没未快要能到])(?<!即将)(?<!争取)(?<!预计)(?<!希望)(?:刚好|基本|勉强|差不多|刚刚|将将|正好|算是|就是|就|只|也就)*(?:打平|保本|盈亏平衡|盈亏持平|盈亏相抵|收支平衡|收支相抵|不亏不赚|不赚不亏|不赚不赔|不亏不盈|不盈不亏|没赚没亏|没亏没赚|没赚没赔|没亏也没赚|没赚也没亏|不赚也不亏|不亏也不赚|零利润|break ?-?even)|"
    r"(?:利润|净利|盈利)润?(?:基本|就|刚好|差不多|也|都|去年)*(?:为|是|等于|算|打平|=|:)*(?:零(?!\w)|0(?![\d.]))"
)

_ABSENCES: tuple[Absence, ...] = (
    Absence(
        "existing_loans_wan",
        _LOAN,
        _NO_DEBT,
        r"(?:贷款|借款|欠款|债)(?:的?(?:需求|需要|要求|记录|经验|打算|计划|想法|资格|额度|产品|成功|渠道|企业|公司|条件|话|情况|逾期|历史|批|下来|到|过?桥|卡|率|人|途径|方面的?经验)|能力)",
    ),
    Absence(
        "equity_raised_wan",
        _EQUITY,
        _NEVER_RAISED,
        r"存量融资|(?:投资|融资|投资人)(?:的?(?:需求|需要|要求|经验|打算|计划|想法|渠道|能力|项目|价值|意向|意愿|企业|公司|话|条件|门槛|进来|认识|资源|方向|担保|租赁|额度))",
    ),
    Absence(
        "revenue_wan",
        _SALES,
        _NO_SALES,
        r"(?:其[他它]|别的|啥子?|什么|利息|研发|高新|海外|国外|补贴|固定|稳定|多少|大|租金|政府)(?:的|产品|类)*(?:营收|收入|流水|进账|业绩|销售)|(?:营收|收入|流水|业绩|销售)(?:的?(?:要求|门槛|限制|企业|公司|项目|条件|增长|下降|变化|团队|人员|渠道|证明|压力|经验|部|问题|数据|合同|前|阶段|话|初创|怎么|记录|占比))",
    ),
    Absence("pct_patents", r"(?:pct|(?:国际|国外|海外|境外)(?:的|专利|发明)+)", r"(?!x)x", r"没有?pct要求|要求|阶段"),
    Absence(
        "invention_patents",
        r"(?:发明(?:专利)?(?:[和跟与、]+(?:实用)?新型(?:专利)?)?|inventions?(?: patents?)?)",
        r"授权的?(?:发明|专利)?(?:一?[件个项])?(?:都|也|还)*(?:没有|没得)|一[件个项](?:都|也)?还?没有?(?:授权|下证|批下来)",
        r"要求|没啥|没什么|就|只有",
    ),
    Absence("utility_patents", r"(?:实用新型(?:专利)?|新型|utility(?: models?)?(?: patents?)?)", r"utility没做", r"要求|没啥|就|只有"),
    Absence("software_copyrights", r"(?:软著|软件著作权|software copyrights?)", r"(?!x)x", r"要求|没啥|就|只有"),
    Absence("net_profit_wan", r"(?!x)x", _EVEN, r"(?:跟|和|与|同)[^,，]{0,6}(?:打平|持平)|什么时候|多久|几年|如何|怎么|预计|明年|争取|还没|打平手|负债|利率"),
    Absence("rd_expense_wan", r"(?:研发(?:费用?|投入|支出|经费|开支)|r&d(?: expenses?| spending)?)", r"(?!x)x", r"要求|占比|门槛|归集|加计|台账|口径"),
    Absence(
        "rd_employees",
        r"(?:(?:专门|专职|全职|专业)的?(?:做|搞)?研发(?:人员|团队|人手|部门?|的人?)?|(?:做|搞)研发的(?:人)?|研发(?:人员|团队|人手|工程师|岗|部门?))",
        r"(?!x)x",
        r"要求|占比|门槛|比例|限制|流动|离职|变动",
    ),
)
_PATTERNS = tuple(
    (
        absence,
        re.compile(rf"{LACK}{_ANY}(?:专门的?|专职的?)?{absence.thing}{_OVER}|(?:{_SMALL})?{absence.thing}{_BACK}{_LACKS}(?!有?(?:吗|\?))|{absence.whole}"),
        re.compile(absence.unless),
    )
    for absence in _ABSENCES
)
_ASKS = re.compile(
    r"有没有|有没得|有无|是不是|要不要|需不需要|是否|能不能没|多少|好多|哪(?!家|个|里都)|谁(?!都|也)|必须|要求|门槛|限制"
    r"|(?:(?<![没所])有(?!限公司)|(?<!只)要|批|放|下来|了|过|(?<!直)到(?!现|目|今)|用|收(?!入)|给|拿|办)[^,，没一]{0,8}(?:没有?|没得)\??$|(?:没有?|没得|欠|过)(?:吗|么|\?)$|(?:的|能|可以)[^,，]{0,8}(?:吗|不|么)$"
)
_STATES = re.compile(r"我们?(?:公司)?(?:还|也|都|目前|现在)?(?:没|无)|我司(?:还|也)?(?:没|无)|^(?:还|暂时|目前|现在)?(?:没|无)")
_WRONG = re.compile(r"(?:[说写填记搞弄]错|不对|是假的|才怪)")
_CLASS = re.compile(r"的(?:企业|公司|项目|团队|初创|能|可|可以|是不是|也能|怎么|咋|情况下|话|那种|小微|人|要)")


def _stretches(a: Analysis) -> Iterator[tuple[Segment, int, str]]:
    """Segments with start and text; English words that blanks cut apart (「no bank loan」) are put together."""
    start = 0
    for number, segment in enumerate(a.segments):
        if not number or not _ENGLISH.fullmatch(a.text, a.segments[number - 1].end - 1, segment.start + 1):
            start = segment.start
        yield segment, start, a.text[start : segment.end]


_ENGLISH = re.compile(r"[a-z] [a-z0]|[a-z0] [a-z]")


def find_absences(a: Analysis) -> list[Finding]:
    """Zeros of loans, equity, revenue, profit and research; each fact at most once."""
    out: dict[str, Finding] = {}
    for segment, start, text in _stretches(a):
        if segment.others and not re.match(r"其[他它]|别的|客户欠", segment.text):
            continue
        for absence, pattern, unless in _PATTERNS:
            if absence.fact in out or _means_another(absence.fact, a, segment):
                continue
            match = pattern.search(text)
            if match is None or unless.search(text) or _asks(segment, text, match):
                continue
            if re.search(_PAID, match.group()) and re.search(r"[那这]笔|其中|一部分|旧|还剩|还有", a.sentence_text(segment)):
                continue
            out[absence.fact] = Finding(absence.fact, 0, start + match.start(), start + match.end())
    if a.asked in _REPLIES and a.asked not in out:
        match = _REPLIES[a.asked].search(a.text)
        if match and not re.search(r"吗$|\?$|有没有|多少", a.text):
            out[a.asked] = Finding(a.asked, 0, *match.span())
    return list(out.values())


def _means_another(fact: str, a: Analysis, segment: Segment) -> bool:
    """「没得负债」 to the question about the debt ratio, 「没营收」 to the one about the stage."""
    if fact == "existing_loans_wan":
        return a.asked == "debt_ratio_pct" or "负债率" in segment.text
    if fact == "net_profit_wan":
        return a.asked == "revenue_growth_pct"
    if fact == "invention_patents":
        return re.search("发明|invention", a.sentence_text(segment)) is None
    return fact == "revenue_wan" and a.asked == "stage"


def _asks(segment: Segment, text: str, match: re.Match[str]) -> bool:
    behind = text[match.end() :]
    if _WRONG.search(behind[:6]) or _CLASS.match(behind) or segment.rule:
        return True
    return bool(_ASKS.search(text)) and not _STATES.search(text)


_NO_PATENT = re.compile(
    rf"^没[有得]?(?:的|哦)?(?=[,，。 ]|$)|一[件个项](?:都|也)?(?:还)?(?:没|莫)|没授权|还没有?(?:授权|下来|批)|(?:没|没有)[搞整做弄报申]\w{{0,3}}过|全[都部]?在审"
)
_REPLIES: dict[str, re.Pattern[str]] = {
    "invention_patents": _NO_PATENT,
    "utility_patents": _NO_PATENT,
    "software_copyrights": _NO_PATENT,
    "pct_patents": _NO_PATENT,
    "existing_loans_wan": re.compile(rf"^没[有得]?(?:没得|欠的|借的|贷的|外债|在贷的)|{_PAID}(?!.*[剩欠一二两三四五六七八九\d])|(?:现在|目前)(?:无|没[有得]?了?)$|归零|清零|两清|不欠"),
    "equity_raised_wan": re.compile(
        rf"{_SMALL}(?:都|也|还)?(?:没有?|没得|未)|^(?:全|都)?[是靠]?(?:自己的?(?:钱|资金|掏)|自有资金|股东自己|自筹)|(?:没有?|没得|没)(?:人|机构|谁)(?:来)?投"
    ),
    "revenue_wan": re.compile(rf"^(?:去年|今年|还|目前|上年|一直|暂时)*(?:没得|没有?|无|零|为零)(?:啥)?(?:收入|营收|进账|开张|卖|赚|产生)|{_SMALL}(?:都|也|还)?(?:没有?|没得)"),
    "net_profit_wan": re.compile(r"打平|保本|持平|不赚|没赚没|没亏没|刚够|收支相抵|平的"),
    "rd_expense_wan": re.compile(rf"^(?:没得|没有?|无|基本没|还没)(?:专门)?(?:的)?(?:研发|投|花|搞|做)|{_SMALL}(?:都|也)?(?:没有?|没得)|没(?:投|花|搞)过?"),
    "rd_employees": re.compile(rf"^(?:没得|没有?|无)(?:专门|专职|全职|独立|什么|啥)?的?(?:搞|做)?(?:研发|技术|团队|人|部门|专)|{_SMALL}(?:专职的?|都|也|还)*(?:没有?|没得)"),
}


def settled(findings: Sequence[Finding], a: Analysis) -> list[Finding]:
    """The findings without zeros that a number contradicts (「就一百七,没别的贷款」), and without the number
    of a debt that is paid by now (「贷过两百,上个月结清了」) or of a lack (「一件PCT都没有」)."""
    dropped: set[int] = set()
    for absence in _ABSENCES:
        inside = {
            id(f)
            for f in findings
            for z in findings
            if f.fact == z.fact == absence.fact and f.value and not z.value and z.start <= f.start < z.end
        }
        dropped |= inside
        mine = [f for f in findings if f.fact == absence.fact and id(f) not in inside]
        numbers = [f for f in mine if f.value]
        zeros = [f for f in mine if not f.value]
        if not numbers or not zeros:
            continue
        paid = absence.fact == "existing_loans_wan" and any(
            re.search(f"{_PAID}|现在|目前|不欠|无债|归零|清零", a.text[z.start : z.end]) and z.start > numbers[-1].start
            for z in zeros
        )
        dropped |= {id(f) for f in (numbers if paid else zeros)}
    return [f for f in findings if id(f) not in dropped]


def counted(term: Term, a: Analysis) -> bool:
    """Whether a number stands right behind: 「没房产,发明专利 6 项」 does not deny the patents."""
    return any(
        q.high != 0 and 0 <= q.start - term.end <= 3 and not re.search("[,，、 ]", a.text[term.end : q.start])
        for q in a.quantities
    )


def none_of(term: Term, segment: Segment, a: Analysis) -> list[Finding]:
    """「没有软著」 is zero of them; 「没专利」 is none of either kind."""
    if term.key in ("existing_loans_wan", "equity_raised_wan"):
        return []
    left, _ = window(term, segment, a)
    if re.search(r"(?:有|了|过|批|到)没有?$", segment.text) and not re.search(r"还?没有?[^,，]{0,3}$", left):
        return []
    keys = ("invention_patents", "utility_patents") if term.key == "patents" else (term.key,)
    return [Finding(key, 0, term.start, term.end) for key in keys]
