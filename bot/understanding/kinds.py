"""The kind of funding that is wished for: credit, guarantee, pledge, equity, or a loan of any kind."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment
from bot.understanding.stances import refuses_equity

_FUND = r"(?:种子|天使|产业|母|引导|创投|股权|投资|成果转化)(?:投资|引导|母)?基金"
KIND: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "equity",
        re.compile(
            r"(?<!控)股权(?!质押|架构|结构|激励|转让协议)|股份(?!公司|有限|制)|(?<!技术)入股|投资人|"
            r"(?<!凤[栖七西起])(?<!风栖)天使(?:轮|投资|融资|人)|风投|风险投资|"
            r"\b(?:vc|pe)\b|equity|融[a-c天种][\+轮使子]?|(?<![a-z])[a-d]\+?轮|种子轮|投资机构|"
            r"[找求拉引要拿](?:进|入|个|点|人|些|笔|一家|战略)*投资(?![者款])|让股(?![份权])|增资扩股|战投|"
            r"出让|换投资|稀释|天使的钱|[想要]放[^,，。]{1,3}个点|"
            r"[引找拉](?:入|进)?(?:个|一个|新)*股东|"
            rf"(?:[想要求打](?:算)?[^,，。不]{{0,2}}?[找拿融引对用走报]|"
            rf"有没[有得][^,，。]{{0,3}}适合[^,，。]{{0,2}}?){{1,2}}[^,，。]{{0,3}}?{_FUND}|"
            r"(?:[找求盼等]|有没[有得]|哪[个家])(?:个|家|人|点|些|基金|机构|资本|大佬|老板|公司|"
            r"国资)*[^,，。贷]{0,2}?(?:来|能|肯|愿意?|给|可以|会)*投"
            r"(?:点|我们?|咱们?|一|资|进来|两|几|\d|[二三四五六七八九百]|钱|$)|有没[有得]愿意?投|"
            r"[找求][^,，。]{0,4}(?:基金|机构|资本)[^,，。]{0,4}投"
        ),
    ),
    ("guarantee", re.compile(r"担保(?!费|物|品|法)|增信|做担|保函")),
    (
        "pledge",
        re.compile(
            r"质押|(?:专利|知识产权|知产|商标|软著|应收账款|应收款|股权|存单|仓单|订单|"
            r"发明)[^,，。没不]{0,4}(?:来|去|能|可以)?"
            r"(?:抵押|作押|押(?!金)|抵(?!扣|税|掉)|质)"
        ),
    ),
    (
        "credit",
        re.compile(
            r"信用贷|纯信用|不看抵押|只看信用|信用(?:方式|类|借款|款|融资|授信)|免抵押|免担保|无抵押(?:贷|的|信用)|^信用的?$|"
            r"不(?:用|要|需要?|想)?(?:拿|用)?"
            r"(?:东西|任何|房子?|厂房|设备)*(?:抵押|作押)|凭信用|信贷(?!员)|(?:万|亿|"
            r"[走要做想搞弄办贷来][点个]?)信用(?![a-z记报良修评等分社卡证中])|"
            r"信用的(?=$|[,，。!?]|就|最|贷|钱|那种|产品|就行)|"
            r"(?:credit|unsecured|collateral-?free)(?= ?(?:bank )?(?:loan|line|funding))|(?:啥|什么|东西|"
            r"房子?)都?不(?:用|要|想)?押"
        ),
    ),
    ("loan", re.compile(r"贷款|贷(?!后)|借款|借(?:个|点|些|钱|\d|[一二三四五六七八九两几])|流贷|\bloans?\b")),
)
_REFUSED = re.compile(
    r"(?:不(?:想|要|愿意?|用|需要|考虑|接受|同意|出|搞|打算|走|找|谈|让)|(?<!有)没(?:有|得|打算|想过?)?|"
    r"\bno(?: bank)?|outstanding|无需?|只贷款|(?<![级特类区分性差])别(?![人家的])|拒绝|坚决不|"
    r"除了)[^,，。只就贷]{0,6}$"
)
_LACKS = re.compile(r"(?<!有)(?:没|无)[^,，。]*(?:抵押|担保|房|质押|押品)")
"""「没抵押怎么贷款」: what is lacking is not the loan."""
_REFUSED_BEHIND = re.compile(
    r"(?:公司|融资|合作|投资|的事|的话|的|贷款?|这块)?(?:坚决|绝对|肯定|死活|我们?|就|也|都|先|暂时|一点|"
    r"一概)*(?:不让|不干|不出|不给|不卖|没门|"
    r"不考虑|不要|不行|免谈|就?算了|不想|不做|不用|没兴趣|不谈|不碰|不接受|不感兴趣|拒绝)"
)
_HELD = re.compile(
    r"(?:融|拿|投|给|收|引进|完成|做|走)(?:到|完|过|了)|(?:钱|款|资金?|轮|资)(?:也|都|已经?)*(?:到(?:了|账|"
    r"位)|进来了|[融投拿]了|完成)|"
    r"到账|到位|已(?:经)?(?:完成|融|拿|引)|累计|raised|closed|领投|跟投|估值"
)
"""Equity that the firm already has."""
_WANTS = re.compile(
    r"再|想|要(?!求)|愿意|继续|准备|计划|打算|需|寻|欢迎|接受|下一轮|新一轮|启动|开放|可以|[在正]融"
)
_OWED = re.compile(
    r"余额|还[剩有欠差没]|outstanding| ?\d+\w* outstanding|没还|(?:都|已经?|全部?|早就?|上个?月|"
    r"去年)*(?:还完|还清|结清|清了)|(?:是|为)?零|(?:都|"
    r"一直)?按时|到期|记录|没(?:有|得)?$|莫得$|无$"
)
_OLD = re.compile(
    r"(?:存量|现有|已有|老|旧|原来的?|原先的?|之前的?|以前的?|欠[^,，。]{0,6}|身上[^,，。]{0,8}|"
    r"手头[^,，。]{0,4}|"
    r"还有(?!机会|可能|没)[^,，。]{0,8}|有[一两几\d][^,，。想要]{0,5}万?的?|(?<!借|"
    r"买)[前去]年[^,，。想要]{0,8}|[一二三四五六七八九十百千万\d]+的)$"
)


def find_kind(a: Analysis) -> list[Finding]:
    """``funding_kind``: the first that is named, where 「贷款」 yields to what says more."""
    known: Finding | None = None
    for segment in a.segments:
        if segment.others:
            continue
        named = _named(segment.text, segment, known)
        if named is not None:
            known = named
        if known is not None and known.value != "loan":
            break
    return [known] if known is not None else []


def _named(text: str, segment: Segment, known: Finding | None) -> Finding | None:
    for value, pattern in KIND:
        if value == "loan" and known is not None:
            continue
        for match in pattern.finditer(text):
            before, behind = text[: match.start()], text[match.end() :]
            refused = _REFUSED.search(before)
            if refused and not (value in ("loan", "credit") and _LACKS.search(before)):
                continue
            if _REFUSED_BEHIND.match(behind):
                continue
            if value == "loan" and (_OLD.search(before) or _OWED.match(behind)):
                continue
            if value == "equity" and (
                refuses_equity(text) or (_HELD.search(text) and not _WANTS.search(text))
            ):
                continue
            return Finding("funding_kind", value, segment.start + match.start(), segment.start + match.end())
    return None
