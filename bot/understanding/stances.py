"""Whether the firm is ready to give away shares: 愿意出让, 可以稀释; 一点不让, 股份免谈.

A mere wish for equity funding says nothing of it.
"""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

_SHARE = (
    r"(?:股权(?!质押|架构|结构|激励)|股份(?!公司|有限|制)|原始股|控股权|"
    r"(?<![\da-z个港新ab])股(?![东票价市民本制指改权份])|"
    r"份额|点数|(?<!技术)入股|稀释|\bequity\b|\bshares?\b|\bstakes?\b)"
)
_GIVE = r"(?:出让|让出?|释放|稀释|转让|匀|卖|拿出?|给|放|换|分|动)"
_NEVER = (
    r"(?:不想|不同意|不愿意?|不打算|不考虑|不接受|不会|不肯|不能|不可以|不准备|不太[想愿]意?|不大想|没打算|"
    r"没想过|没考虑|不希望|不得|"
    r"不出|不让|不卖|不给|不放|不动|不稀释|不要|不搞|不需要|不谈|不碰|不干|暂不|先不|舍不得|拒绝|谢绝|别|"
    r"怕|绝不|决不|死也不|never|"
    r"(?:not|n't) (?:going to|want to|willing to)?)"
)
_NO = re.compile(
    rf"{_NEVER}[^,，。只就借贷]{{0,6}}?(?:{_SHARE}|投资人进|别人进来)|"
    rf"{_SHARE}(?:融资|投资|合作|的事|的)?[^,，。]{{0,8}}?(?:{_NEVER}|免谈|没门|没商量|没得谈|不可能|不行|"
    rf"不答应|算了|不松口)|"
    rf"(?:让|出|卖|给|动){_SHARE}[^,，]{{0,4}}(?:不干|没门|不可能|不答应|不同意)|"
    r"(?:一点|一分|一股|半股|半点|一个点|百分之一|1%)[^,，。]{0,2}?[都也]?[^,，。]{0,3}不(?:想|会|肯|"
    r"愿意?)?(?:出让|让|卖|给|放|出|动)|"
    r"不(?:接受|要|需要|考虑|想要|欢迎)(?:任何|外部|外面的?|外来|别人的?|股权|机构|风险)*投资(?![者款])|"
    r"只(?:要|想|考虑)(?:债权|贷款)[,，]?不"
)
_READY = (
    r"(?:愿意?|可以|能够?|同意|接受|肯|乐意|考虑|打算|准备|想|计划|敢|舍得|open to|willing to|"
    r"happy to|ok with|can|would)"
)
_WELCOME = (
    r"(?:可以|愿意|也行|都行|行的|欢迎|接受|能[谈让接给出]|可谈|没问题|没得问题|没意见|好说|好商量|好谈|"
    r"ok|得行|无所谓|不是问题|有得谈)"
)
_YES = re.compile(
    rf"{_READY}(?:再|继续|也|都|多|少|适当|部分)*{_GIVE}[^,，。不]{{0,8}}?(?:{_SHARE}|%|个点)|"
    rf"(?:愿意?|可以|能|同意|接受|肯|open to|willing to|ok with)[^,，。不没]{{0,3}}?"
    rf"(?:dilut\w*|增资扩股|(?:外部|机构|战略|股权)+投资|{_SHARE})|(?:想|考虑)[^,，。不没]{{0,3}}?(?:稀释|"
    rf"增资扩股)|"
    r"愿意?(?:接受|引|让|欢迎)[^,，。不]{0,4}(?:投资|股东|资本)|"
    r"(?:想|打算|准备|欢迎|希望|愿意)[^,，不]{0,2}(?:引|拉|进)[入进]?(?:个|一个|几个|新|点)*"
    r"(?:股东|战投|投资[人方])|"
    r"(?:想|打算|准备|希望)[^,，不]{0,2}找(?:个|一个|几个|新|点)*(?:股东|战投|投资[人方](?:进来|入股|加入|"
    r"占股))|"
    r"(?:愿意?|肯)(?:出?让|让出|稀释|释放)(?:一?点|些)?(?=$|[,，。了的])|可以出让(?=$|[,，。])|"
    r"欢迎[^,，。不]{0,6}(?:入股|参股|投资|占股)|"
    rf"(?:出让|让出|释放|稀释)(?:个)?[^,，。不没]{{0,6}}(?:{_SHARE}|%|个点|成(?!果|立))|"
    rf"{_SHARE}(?:融资|合作|债权|贷款|[和跟与、或还是债权]|投资)*[^,，。不没]{{0,6}}?{_WELCOME}|"
    rf"(?:让|出)(?:{_SHARE}|[^,，。不没]{{0,3}}(?:个点|%|成(?!本|果)))[^,，。不没]{{0,4}}{_WELCOME}|(?:占|"
    rf"让)股[^,，。不没]{{0,6}}{_WELCOME}"
)
_MASK = re.compile(r"先投[((]?研?[))]?后股|先头后股|股权投资基金|拨投结合")
_ACCEPTS = re.compile(
    r"(?:不反对|不排斥|不介意|不抗拒|不拒绝|不在乎|不是不(?:能|行|可以|愿意?|让)|没(?:有)?意见|没有不愿意|"
    r"不怕|无所谓|愿不愿意都)(?!吗|\?)"
)
"""Two negations that make a yes."""
_ASKS = re.compile(
    r"愿不愿|要不要|是不是|是否|会不会|需不需要|用不|必须|一定要|需要|多少|吗|什么|啥|怎么|咋|要出让|要让|"
    r"几|能不能|可不可以|哪|有没[有得]|"
    r"\?|意思|区别|(?<!绝对)(?<!坚决)(?<!肯定)不$"
)
_SIT = re.compile(
    r"(?<!不)愿意|我们?(?:可以|能(?!不能))|不想|不愿|(?<!能)接受|不打算|不考虑|肯|不介意|不接受|没问题"
)
_ASKED_NO = re.compile(
    r"(?:^|[^不])不(?:太|大|怎么|得|会|能|可能)*(?:让|卖|出(?!三|两|意外)|给|放|干|同意|愿意?|想|肯|考虑|"
    r"接受|稀释|松口|行|可以)|绝对不|坚决不|死活不|免谈|[保守]住|丢不得|不能丢|绝对控股|想都(?:别|不要|"
    r"不用)想|"
    r"没门|没商量|没得[谈商]|谢绝|舍不得|拒绝|^算了|想都别想|休想|没这个(?:打算|想法|意愿)|\bno\b|never|"
    r"不可能|一点都?不|反对(?<!不反对)"
)
_ASKED_YES = re.compile(
    r"让就让|(?:可以|愿意?|肯|能|舍得|同意|考虑)(?:适当|再|多|少|先|出)*(?:让|出|给|放|谈|稀释|接受|商量)|"
    r"(?:让|出让?|给|放)[^,，。不]{0,9}"
    r"(?:可以|没得?问题|[都也就]行|得行|能接受|都好|好说)|(?<!不)(?:好商量|好说)|商量着来|无所谓|"
    r"[点成%](?:以内|以下|左右|$)|不反对|不排斥|不介意|没意见|随便|"
    r"愿意|可以谈|能谈|有得谈"
)


def find_stances(a: Analysis) -> list[Finding]:
    """``accepts_equity``, from a statement or from a reply to the question."""
    out: list[Finding] = []
    for segment in a.segments:
        if segment.others:
            continue
        found = _stated(segment.text, segment)
        if found is not None:
            out.append(found)
    if out or a.asked != "accepts_equity":
        return out
    for segment in a.segments:
        if segment.others or _ASKS.search(segment.text.replace("愿不愿意都", "")):
            continue
        for value, pattern in ((False, _ASKED_NO), (True, _ASKED_YES)):
            match = pattern.search(_plain(segment.text))
            if match:
                return [_made(value, segment, match)]
    return out


def refuses_equity(text: str) -> bool:
    """Whether a clause says that no shares are given away."""
    return bool(_NO.search(_plain(text)))


def _plain(text: str) -> str:
    """Of the same length: product names and double negations replaced, so that they mislead nobody."""
    text = _MASK.sub(lambda m: "○" * len(m.group()), text.replace("不超过", "至多到"))
    return _ACCEPTS.sub(lambda m: "愿意".ljust(len(m.group()), "地")[: len(m.group())], text)


def _stated(said: str, segment: Segment) -> Finding | None:
    text = _plain(said)
    if _ASKS.search(text) and not _SIT.search(text.replace("愿不愿意", "").replace("能不能", "")):
        return None
    for value, pattern in ((False, _NO), (True, _YES)):
        match = pattern.search(text)
        if match:
            return _made(value, segment, match)
    return None


def _made(value: bool, segment: Segment, match: re.Match[str]) -> Finding:
    return Finding("accepts_equity", value, segment.start + match.start(), segment.start + match.end())
