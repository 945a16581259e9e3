"""Whether the project is a green one: 储能, 节能改造, 属于绿色项目."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about
from bot.understanding.segments import Segment

_GREEN = r"(?:绿色|节能|环保|低碳|减排|新能源|清洁能源|光伏|储能)"
_TRADE = (
    r"(?:储能|风电|风力|光伏|新能源|充电桩|充换电|换电站|节能|环保|碳|降碳|低碳|减排|减碳|氢能|污水|废水|"
    r"固废|生物质|垃圾(?:发电|焚烧|处理)|"
    r"清洁能源|绿电|水电|余热|余压|循环利用|回收利用|地热|光热)"
)
_NO = re.compile(
    rf"(?:不是|不属于|没有?|没得|不算|不做|谈不上|算不上|称不上|够不上|扯不上|挨不上|非)(?:什么|啥子?|"
    rf"任何)?{_GREEN}(?:项目|这块|方面|类)?|"
    rf"{_GREEN}[^,，。]{{0,5}}(?:不沾|谈不上|扯不上|挨不[着上]|够不[着上]|没关系|没得关系|不搭|无关|不相干|"
    rf"两码事|没有$|没得$|不是$|不算$)"
)
_YES = re.compile(
    r"(?:屋顶|分布式|集中式)光伏|(?:风电|光伏|储能|节能)[^,，]{0,3}项目|"
    r"绿色(?:低碳|产业|环保项目|能源|制造|工厂|债|建筑|改造|项目(?!证明|清单|目录|标准|名录|材料|是啥|"
    r"(?:的)?认定(?![了过成]|通过|书)))|"
    r"(?:农光|渔光)?光伏(?:发电|电站|板项目|改造|电场)|"
    rf"{_TRADE}(?:处理厂?|发电)?(?:电站|项目|站(?!点)|改造|工程|建设|基地|技改)|碳中和项目|独立储能|"
    rf"(?:属|算是?|评[了成上]?|认定[了成为]*|是|全|都是?){{1,2}}[^,，。不没吗非]{{0,3}}?(?:绿色|节能|低碳|"
    rf"清洁能源|环保)(?:类|类的|的|类项目)?(?=$|[,，。了])"
)
_ASKS = re.compile(r"什么是|哪|算不算|是不是|怎么|属于.*吗|算.*吗")
_ASKED_NO = re.compile(
    r"不(?:沾|搭|算|属|符|是|够)|没得|没有|没关系|无关|扯不上|挨不[着上]|谈不上|算不上|够不[着上]|普通|"
    r"传统|两码事"
)
_ASKED_YES = re.compile(
    rf"{_TRADE}|(?:能|可以|大概|每年|一年|预计)*(?:省|少[烧用排耗]|降)[^,，。钱息]{{0,6}}(?:电|煤|水|气|油|"
    rf"能耗|排放|碳|标煤)|符合|沾边|够得上|算得上|绿色|"
    r"回收|循环"
)


def find_green(a: Analysis) -> list[Finding]:
    """``is_green_project``, from a statement or from a reply to the question."""
    out = [found for s in a.segments if not s.others and (found := _stated(s)) is not None]
    if out or a.asked != "is_green_project":
        return out
    for segment in a.segments:
        if segment.others or asks_about(segment) or _ASKS.search(segment.text):
            continue
        for value, pattern in ((False, _ASKED_NO), (True, _ASKED_YES)):
            match = pattern.search(segment.text)
            if match:
                return [_made(value, segment, match)]
    return []


def _stated(segment: Segment) -> Finding | None:
    negative = _NO.search(segment.text)
    if negative:
        return _made(False, segment, negative)
    match = _YES.search(segment.text)
    if match and not (segment.rule or asks_about(segment) or _ASKS.search(segment.text)):
        return _made(True, segment, match)
    return None


def _made(value: bool, segment: Segment, match: re.Match[str]) -> Finding:
    return Finding("is_green_project", value, segment.start + match.start(), segment.start + match.end())
