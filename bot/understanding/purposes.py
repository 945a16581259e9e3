"""What the money is for: said plainly, or to be gathered from a wish."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about

PURPOSE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "refinance",
        re.compile(
            r"还旧借新|借新还旧|还[^,，。]{0,6}(?:旧|老|原来的?|到期的?|之前的?|以前的?|别的|"
            r"上一笔|前面的?|高息)[^,，。]{0,4}(?:贷|债|款)|置换[^,，]{0,6}(?:贷|债|款)|置换(?:成|掉|一下|到)|那[笔个][^,，]{0,4}还了[^,，]{0,3}(?:重新|再)[借贷]|"
            r"(?:想|要|再|能)续(?:贷|借|个|上|一|\d|[两三四五六七八九])|(?:贷款|"
            r"借款)(?:快|要|马上)?到期[^,，。]{0,8}(?:续|过桥|倒|接|转)|续贷|过桥|倒贷|转贷|"
            r"(?:用来|拿来|要|想)还(?:银行的?)?(?:贷款|债|钱给银行)"
        ),
    ),
    (
        "ma",
        re.compile(
            r"并购|收购(?!价)|买下(?:一家|另|对方|那家|同行)|兼并|(?:买|吃)(?:下|掉)一?家(?:公司|"
            r"企业|厂)|(?:公司|厂|企业|对手)[^,，]{0,2}(?:并|盘|收)(?:过来|下来|进来)|盘下(?:来|一家)"
        ),
    ),
    (
        "equipment",
        re.compile(
            r"(?:买|购|购置|采购|添置?|换|更新|上|进|升级|添购|加|引进|换新|置办|订)(?:几台|一台|"
            r"一批|两台|三台|台|点|些|新|一套|套|几套|一条|条|两条|\d+台|批|进口|生产|检测|实验|"
            r"[^,，。]{0,6})(?:设备|机器(?!人)|机床|产线设备|仪器|生产线|光刻机|加工中心|流水线)|"
            r"设备(?:更新|改造|升级|采购|购置|款|钱|投入)|[买购添换][^,，]{0,3}台[^,，万]{0,4}(?:五轴|三轴|四轴|数控|车床|机)|[买购添换][^,，]{0,3}台五轴|技改|技术改造|设备技改|(?:智能化|数字化|"
            r"自动化)改造|买设备|机器换|产线(?:改造|升级)"
        ),
    ),
    (
        "expansion",
        re.compile(
            r"扩产|扩大(?:生产|规模|产能|经营)|扩(?:条|一条|两条|个|建|张|能|厂|线|店|充产能|规模)|建(?:新)?(?:厂|"
            r"产线|生产线|车间|基地)|新建|(?:加|增加|上|提升|新上)(?:一条|条|两条|新的?|"
            r"点)?(?:产能|产线|生产线)|盖(?:新)?(?:厂|车间)|开(?:新)?(?:分|厂)|量产|增产|新厂|"
            r"建二期|二期"
        ),
    ),
    (
        "rd",
        re.compile(
            r"(?:做|搞|用于|投入?|拿来|用来|花在|继续|支持|主要|想|搞点|砸|投到|拿去|用在|为了|全|"
            r"都)(?:技术|产品|新品|新产品|新一代|二代|下一代|新药)?(?:的)?(?:研发(?!的|费|占|"
            r"投入占|人员)|研究|开发(?!区|票)|中试|流片|临床|攻关)|研发(?:还?[缺差]|用|资金|新|"
            r"投入(?=[,，。]|$)|下一代|用途|上用|项目缺|周转|缺|需要)|流片|中试|打样|新药|试制|"
            r"样机"
        ),
    ),
    (
        "working_capital",
        re.compile(
            r"流动资金|周转|发(?:个|点|下)?工资|进(?:点|一批|些)?货|备货|买(?:点|些|"
            r"一批)?(?:原)?材料|原材料|采购(?!设备)|付货款|垫资|垫款|压货|流贷|日常(?:经营|运营|"
            r"开支|开销)|(?:付|交|结)(?:房租|货款|供应商|材料)|应急|资金链|运营资金|周轉|回款慢|"
            r"垫付|接(?:个|了)?(?:大)?(?:单|订单)|做订单|账期"
        ),
    ),
)
_WISH = re.compile(r"想|要(?!求)|缺|差(?!不多|距|异)|贷|借|融|资金|用途|用来|用于|拿来|找钱|打算|准备|需")
_BRIEF = 10
"""A message so short that names what money is for says just that."""
_LOOSE_PURPOSE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "refinance",
        re.compile(
            r"还(?:银行|掉|清|上)?(?:那笔|一笔|点|之前的?|原来的?|别的)?(?:贷款?|借款)(?!能力|记录|没|情况|压力)|"
            r"过[个一]?桥|(?:到期|老|旧|之前)的?[^,，]{0,6}(?:还了|还掉|换掉|倒一下|续)|接续|"
            r"还(?:旧|老|点)?(?:账|债)|[旧老]账|倒[^,，]{0,3}贷"
        ),
    ),
    ("ma", re.compile(r"买(?:下|过)来|拿下(?:一家|同行|对手)|控股(?:一家|对方)|收(?:过来|了它|那家)")),
    (
        "expansion",
        re.compile(
            r"(?:加|上|投|建|扩|增|开|铺|搭)[^,，。]{0,5}(?:生产线|产线|产能|厂房|车间|基地)|"
            r"(?:生产线|产线|产能|厂房|车间)[^,，。]{0,4}(?:扩|加|增|翻|跟不上|不够)|扩(?!张期)"
        ),
    ),
    (
        "rd",
        re.compile(
            r"(?:给|为|搞|做|投|用|差|缺|下一步|继续|支持|砸)[^,，。]{0,8}研发"
            r"(?!人员|费用|费|占|团队|强度|支出|中心|机构|部|型|设备|的(?!钱|资金))|攻关|新产品|新品|迭代|样机|临床(?!医学)"
        ),
    ),
    (
        "working_capital",
        re.compile(
            r"备料|原料|材料款|囤|补流|垫|货款|工资|周转|运转|开支|现金流(?!水)|流动资金|(?:日常)?经营用|用于经营"
        ),
    ),
)
"""What money is for where nothing was said of it more plainly, and a wish is spoken of at all."""


def loose_purpose(a: Analysis, out: list[Finding]) -> None:
    wished = len(a.text) <= _BRIEF or _WISH.search(a.text)
    if any(f.fact == "purpose" for f in out) or not wished:
        return
    money = any(q.kind == "money" for q in a.quantities)
    for value, pattern in _LOOSE_PURPOSE:
        for segment in a.segments:
            if segment.others or segment.what_if or (asks_about(segment) and not money):
                continue
            match = pattern.search(segment.text)
            if match:
                start = segment.start + match.start()
                out.append(Finding("purpose", value, start, segment.start + match.end()))
                return
