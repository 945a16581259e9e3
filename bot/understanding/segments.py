"""A message cut into sentences and segments, each with its mood: question, what-if, rule,
somebody else's affair."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

import msgspec

_BREAK = re.compile(r"[。!?;\n…]+|[，、,]|(?<![a-z]) | (?![a-z0-9¥])|\.(?!\d)")
"""Blanks cut Chinese text, but not an English phrase (「total raised 300w」)."""
_HARD = frozenset("。!?;\n…")
_WHAT_IF = re.compile(
    r"如果|(?<![主需重])要是(?!求)|^(?:我们)?(?:是|有|拿到|评上|有了)[^,，]{1,8}的话|"
    r"^再(?:加|来|申请|招|拿(?!不)|有|补|多)|没有?[^,，]{1,8}的话|"
    r"^(?:我们)?有了[^,，]{2,8}(?:能|可以|会|是不是)|假如|假设|假定|倘若|若是|(?<![\d十百千一二两三四五六七八九])万一|"
    r"比方说?我|哪天|等(?:我们|我|公司|"
    r"以后)?.{0,6}(?:拿到|评上|办下|做到|达到|有了|过了)|(?:以后|后续|将来|"
    r"明年).{0,4}(?:拿到|"
    r"评上|办下来)|(?:拿到|评上|拿了|办下)[^,，。]{1,10}(?:之?后|以后)(?:能|可以|会|"
    r"是不是)"
)
_QUESTION = re.compile(
    r"[?]|[吗么]$|(?:能|可以|得行|行|会|算|够|符合|申请|办)[^,，。\d一二三四五六七八九十百千万]{0,4}嘛$|[吗]|多少|好多(?!了|人)|(?<!十)几(?!百|千|万|十|"
    r"年前)(?=[个天年点块家种样级分折]|月份)|怎么|怎样|咋|啥|什么|哪|"
    r"能不能|可不可以|行不行|(?<!但)是不是|有没有|有没得|要不要|算不算|好不好|会不会|能否|是否|"
    r"可否|多久|多长|为何|凭啥|谁|如何|够不够|呢$|不$|没$|没有$|没得$|何时|符不符合|合不合|"
    r"不行$"
)
_RULE = re.compile(
    r"要求|必须|一定要|非要|非得|得有|得是|要达到|要到|才能|才行|才可以|门槛|标准|规定|认定条件|申报条件|"
    r"至少要(?!\d+万)|需要(?:有|是|满|达到|具备|成立|注册|拥有|先|提供)|要有|要满|要先|"
    r"要成立|应该要|是不是(?:要|得|必须)|要不要|需不需要|用不用|需要多少|要多少|"
    r"一律|凡是|(?:入库|认定|申报|评审)要(?!\d)|是不是就[不没]|要几|(?<!能)得多少|多少才|是指|指的是|才算|算(?:是)?(?:小|中|微|大)型"
)
_OTHERS = re.compile(
    r"^(?:我|我们|咱们?|咱)?(?:有)?(?:一?个|家|的)?(?:朋友|同学|同事|同行|隔壁|旁边|"
    r"亲戚|"
    r"老乡|邻居|别人|人家|别家|他们|她们|他家|对手|竞争对手|"
    r"那家|有家(?!银行|\w行)|有一家(?!银行|\w行)|某|另一?家|其他|其它|别的|兄弟公司|"
    r"友商|老表|表[哥弟姐妹]|堂[哥弟姐妹]|[舅姨姑叔伯]+[子妈爹]?(?:家|的|开)|老婆|老公|前东家|哥们|"
    r"供应商|上游|下游|甲方|客户(?:那边|说|公司|他们|贷|借|融)|母公司|集团(?!公司是我))"
    r"|(?:他|她|人家)们?公司|(?:最大的?|大)?(?:客户|供应商|甲方|股东|母公司)的?(?:公司)?(?:一?年|去年|上年)?的?"
    r"(?:营收|收入|产值|营业额|利润|员工|资产|规模)|(?:朋友|同学|亲戚|同行|老乡|邻居|哥们|兄弟|表哥|老公|老婆|闺蜜)(?:家|开的|公司|"
    r"的公司|的厂|那边|他们|办的|企业)|听说|据说|新闻|报道|案例|网上说|看到有|"
    r"有的(?:企业|公司)|有些(?:企业|公司)|四支队伍|陪跑队伍|科学谷|优霓空|"
    r"北太振寰|看见|文章里|公众号"
)
_OURS = re.compile(r"我们|我司|本公司|我公司|我(?!的?朋友|同学|听)|咱|自己|敝")


class Segment(msgspec.Struct):
    """A stretch between commas. Offsets are into the normal text; ``sentence`` counts from 0."""

    start: int
    end: int
    sentence: int
    text: str
    question: bool = False
    sentence_question: bool = False
    what_if: bool = False
    rule: bool = False
    others: bool = False


def _spans(text: str, whole: list[tuple[int, int]]) -> Iterable[tuple[int, int, bool]]:
    """(start, end, ends a sentence) of each stretch; breaks inside ``whole`` (numbers) do not cut."""
    at = 0
    starts = [start for start, _ in whole]
    for match in _BREAK.finditer(text):
        index = bisect_left(starts, match.end()) - 1
        if index >= 0 and whole[index][1] > match.start():
            continue
        yield at, match.start() + (1 if "?" in match.group() else 0), any(c in _HARD for c in match.group())
        at = match.end()
    yield at, len(text), True


def split(text: str, whole: list[tuple[int, int]]) -> list[Segment]:
    """Segments of normal text, in order, with their moods; at least one."""
    out: list[Segment] = []
    sentence = 0
    near = sorted(whole)
    for start, end, closes in _spans(text, near):
        if end > start:
            out.append(Segment(start, end, sentence, text[start:end]))
        if closes:
            sentence += 1
    out = out or [Segment(0, len(text), 0, text)]
    others = what_if = False
    previous = -1
    for segment in out:
        if segment.sentence != previous:
            others, what_if, previous = False, False, segment.sentence
        segment.question = bool(_QUESTION.search(segment.text))
        segment.rule = bool(_RULE.search(segment.text))
        if _OTHERS.search(segment.text):
            others = True
        elif _OURS.search(segment.text):
            others = False
        segment.others = others
        starts_what_if = bool(_WHAT_IF.search(segment.text))
        if starts_what_if:
            what_if = True
        elif what_if and re.search(r"想|要|需要|打算|我们(?:现在|目前)?(?:是|有)", segment.text):
            what_if = False
        segment.what_if = what_if
    asking = {segment.sentence for segment in out if segment.question}
    for segment in out:
        segment.sentence_question = segment.sentence in asking
    return out
