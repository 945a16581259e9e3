"""What the money is for: said plainly, to be gathered from a wish, or a bare answer to the question."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about
from bot.understanding.segments import Segment
from bot.understanding.spending import (
    DEBT,
    DEBT_RENEWED,
    DEVELOPED,
    MACHINE_BOUGHT,
    SHOPS_OPENED,
    STOCK_BOUGHT,
)

_Table = tuple[tuple[str, re.Pattern[str]], ...]

_SOME = r"(?:再|个|一|两|[二三四五六七八九几十\d]|多|点|些|新|大|[台套批条座间处栋幢片块])*"
"""How many of a thing: 两台, 一条新, 点."""
_BUYS = r"(?:买|购置?|采购|添[置购]?|换新?|更[新换]|引进|置办|订购?|配)"
_MACHINE = (
    r"(?:设备|机器(?!人|学习|视觉|翻译)|机床|仪器?(?!式)|[车铣磨冲钻镗刨锻]床|加工中心|数控|[三四五]轴|"
    r"流水线|"
    r"机械[臂手]|机台|服务器|显微镜|反应[釜器]|发酵罐|[电高窑]炉|烘箱|模具)"
)
_LINE = r"(?:生产线|产线|流水线|装配线|自动化线|(?<=[条新])线|产能|车间|厂房|厂区|生产基地)"
_DEBT = r"(?:贷款?|债务?|账|借款|欠款|借的|欠的)"
_PAYS_BACK = r"(?<![没未早])还(?![的有没是在想要能差欠剩可算不得需挺比蛮就都会未行好款](?!业))"
"""The verb, not the adverb of 还有 and 还没."""

_BOUGHT: _Table = (
    ("equipment", MACHINE_BOUGHT),
    ("expansion", SHOPS_OPENED),
    ("rd", DEVELOPED),
    ("working_capital", STOCK_BOUGHT),
)
"""What is bought for the money: asked first, and only where a wish is spoken of."""
PURPOSE: _Table = (
    (
        "refinance",
        re.compile(
            r"refinanc|还旧借新|借新(?:的来?)?还旧?|还[^,，。]{0,6}(?:旧|老|原来的?|到期的?|之前的?|"
            r"以前的?|别的|上一笔|前面的?|高息)"
            r"[^,，。]{0,4}(?:贷|债|款)|置换[^,，]{0,6}(?:贷|债|款)|置换(?:成|掉|一下|到)|债务置换|"
            r"那[笔个][^,，]{0,4}还了[^,，]{0,3}(?:重新|再)[借贷]|(?:想|要|再|能)续(?:贷|借|个|上|一|\d|"
            r"[两三四五六七八九])|"
            r"(?:贷款|借款)(?:快|要|马上)?到期[^,，。]{0,8}(?:续|过桥|倒|接|转)|续贷|过桥|倒贷|转贷|"
            r"(?:用来|拿来|要|想)还(?:银行的?)?(?:贷款|债|钱给银行)|"
            # 把那笔高利息的换了, 把它倒过去: a debt is the object, and something is done with it
            r"(?<!经)把[^,，。]{0,12}(?:那[笔个]|高[利息]|利息高|网贷|小贷|贷款?|债|它|旧账|"
            r"老账)[^,，。]{0,8}"
            r"(?:换[了掉成]|还[了掉上清]|倒[过了出]|结清|结[了掉]|平[了掉]|填[了上]|接上|清[了掉]|置换)|"
            r"[借贷](?!款)[^,，。]{0,10}(?:来|去|用来|拿来|好|用于)还(?=$|[,，。旧老上前原掉了清银债贷]|"
            r"[一那]笔|[\u4e00-\u9fff]{0,2}行)|"
            r"(?:换|转)(?:成|个|到|家|一家)[^,，。]{0,6}(?:利息|利率|便宜|低息|低利|成本|银行的?$|你们)"
        ),
    ),
    (
        "ma",
        re.compile(
            r"并购|收购(?!价|商|站|我)|买下(?:一家|另|对方|那家|同行)|兼并|"
            r"(?:[买收]|[吃拿盘收买]下|吃掉|接手)(?:[一两二三]?[家个])[^,，。]{0,8}(?:公司|企业|厂|同行|"
            r"对手|上游|下游)(?![房的])|"
            r"(?:[吃拿盘收]下|吃掉|接手)(?:同行|对手|对方|别人)|"
            r"(?:公司|厂|企业|对手)[^,，]{0,2}(?:并|盘|收)(?:过来|下来|进来)|盘下(?:来|一家)|"
            r"看[中上准好]了?[^,，。]{0,3}(?:[一两]?家|个)[^,，。]{0,10}(?:公司|企业|厂|同行|店)(?!房)"
        ),
    ),
    (
        "equipment",
        re.compile(
            rf"(?:{_BUYS}|升级|上|进|加){_SOME}[^,，。]{{0,6}}{_MACHINE}|"
            rf"{_BUYS}了?{_SOME}[^,，。的]{{0,4}}(?<![手司时])机(?![会构器制密房票关场动遇率型组种])|"
            rf"(?:{_BUYS}|升级|改造?){_SOME}[^,，。]{{0,5}}(?:生产线|产线|装配线|自动化线|线(?=$|[,，。]))|"
            r"(?:上|装|建)[^,，。]{0,4}(?:自动化|智能化?|无人|机器人|机械[手臂])(?:生产|产|装配|"
            r"流水)?线(?!的)|"
            rf"(?:设备|机器(?!人)|机床)(?:款|钱|投入|换新|{_BUYS})|"
            r"[买购添换][^,，]{0,3}台[^,，万]{0,4}(?:[三四五]轴|数控|床|机)|"
            rf"[老旧][^,，。]{{0,6}}(?:{_MACHINE}|线)[^,，。]{{0,8}}(?:换|淘汰|更新|升级|改造)|"
            r"技改|技术改造|new (?:equipment|machines?)|(?:智能化|数字化|自动化|设备|产线|车间|"
            r"生产线)(?:改造|更新|升级|采购|购置)|"
            r"机器换|智改数转|"
            r"买光刻机|以旧换新"
        ),
    ),
    (
        "expansion",
        re.compile(
            rf"\bexpan[ds]|扩(?:产|能|建|厂|线|店|大(?:生产|规模|产能|经营)|充产能|规模|张(?!期))|"
            rf"扩{_SOME}{_LINE}|扩[条个]|"
            rf"(?:[建盖修起]|新[建上起开]|(?<![地房])[加增多](?:加|上|开|建|设)?|上(?!了?年|个月)|开|铺|投|"
            rf"搭){_SOME}{_LINE}|"
            r"(?:建|盖)(?:新)?(?:厂|基地)|新建|开新?(?:分[店厂公]|新?厂|新店)|(?:提升|增加|提高|增)产能|"
            r"量产|增产|新厂|(?<![十一二三四五六七八九分\d])[二三四]期(?!临床|试验|[每贷款还付])|"
            r"[厂场]房?(?:太|都)?(?:小了|不够|装不下|挤)|"
            rf"(?:产能|生产线|产线)[^,，。]{{0,4}}(?:跟不上|不够|翻)|[拿买][^,，。]{{0,3}}地(?:建|盖|扩)"
        ),
    ),
    (
        "rd",
        re.compile(
            r"(?:做|搞|干|整|弄|用于|投入?|拿来|用来|花在|继续|支持|主要|想|砸|投到|拿去|用在|为了|全|"
            r"都)[点个]?"
            r"(?:技术|产品|新品|新产品|新一代|二代|下一代|新药)?(?:的)?"
            r"(?:研发(?!的|费|占|投入占|人员|团队|中心)|研究(?!院|所|生|员)|开发(?!区|票|商)|中试|流片|"
            r"临床|攻关)|"
            r"研发(?:上头|上面|这块|那块|方面|端|这头|投入|经费|资金|费用?)?(?:上)?(?:还|也|都|就)*"
            r"(?:[缺差](?!不多|异|距)|不够|不足|没钱|烧钱|紧张|要(?:钱|花|投)|想[融借贷要找]|需要(?:钱|"
            r"资金|投))|"
            r"研发(?:用|资金|新|投入(?=[,，。]|$)|下一代|用途|上用|项目缺|周转)|流片|中试|打样|新药|试制|"
            r"样机|"
            r"开发(?:[一两几]?[个款代种])?(?:新|下一代|二代)|新(?:机型|品|产品|工艺|材料|款|车型|"
            r"型号)的?(?:开发|研制|试验|试产)|小批量试"
        ),
    ),
    (
        "working_capital",
        re.compile(
            r"流动资金|working capital|payroll|周转|[发开付](?:个|点|下|这个月的?|上个?月的?|员工|工人|"
            r"大家的?|年底的?)*"
            r"(?:工资|薪水?|奖金|工钱)|"
            r"给(?:工人|员工|大家|师傅|兄弟)们?(?:发|开|付|结)|工资[^,，。]{0,4}(?:等着|要|没|"
            r"该)[^,，。]{0,2}[付发结]|"
            r"(?<![增准设])(?:[买进备囤付订购压]|采购)(?:点|些|一?批|下|原|大宗|生产)*(?:材料|原料|辅料|"
            r"料(?!理)|货(?!架|车|运)|钢材|芯片|元器件|配件)|"
            r"原材料(?!占|成本|涨|价)|材料款|采购(?!设备)|垫(?:[资款付钱]|进去|着)|压货|"
            r"(?<![准设])备[^,，。]{0,6}货(?!架|车|运|物)|流贷|日常(?:经营|运营|开支|开销)|"
            r"(?:付|交|结|缴)(?:下|点|清|这?个?季度的?)*(?:房租|租金?|货款|尾款|供应商|材料|水电|电费)|"
            r"[付交结缴][^,，。]{0,8}租(?=$|[,，。])|应个?急|救[急命]|资金链|运营资金|回款慢|接(?:个|"
            r"了)?(?:大)?(?:单|订单)|做订单|账期|"
            r"贷?[点些]?款?维持|运转不"
        ),
    ),
)
"""Said so plainly that no wish need be spoken of."""
_LOOSE: _Table = (
    (
        "refinance",
        re.compile(
            r"还(?:银行|掉|清|上)?(?:那笔|一笔|点|之前的?|原来的?|别的)?(?:贷款?|借款)(?!能力|记录|没|情况|"
            r"压力)|"
            r"过[个一]?桥|(?:到期|老|旧|之前)的?[^,，]{0,6}(?:还了|还掉|换掉|倒一下|续)|接续|"
            rf"还(?:旧|老|点)?(?:账|债)|[旧老]账|倒[^,，]{{0,3}}贷|"
            rf"{_PAYS_BACK}[^,，。了]{{0,5}}(?:那[笔个]|{_DEBT}|高利|利息)|"
            r"(?:高息|利息高|高利息)的?[^,，。]{0,6}[换还]|催[还收款]"
        ),
    ),
    (
        "ma",
        re.compile(r"买(?:下|过)来|拿下(?:一家|同行|对手)|控股(?:一家|对方)|收(?:过来|了它|那家)|整合同行"),
    ),
    (
        "equipment",
        re.compile(
            r"[买换购添](?:几|一|两|点)?[台套]|换(?:一?批|新)|(?:全部?|都|统统|统一|一起)(?:给?换|"
            r"更新)(?:掉|了|一遍|$)"
        ),
    ),
    (
        "expansion",
        re.compile(
            rf"(?:加|上|投|建|扩|增|开|铺|搭)[^,，。]{{0,5}}{_LINE}|"
            rf"{_LINE}[^,，。]{{0,4}}(?:扩|加|增|翻|跟不上|不够)|扩(?!张期)"
        ),
    ),
    (
        "rd",
        re.compile(
            r"(?:给|为|搞|做|投|用|差|缺|下一步|继续|支持|砸|备|[元万亿千百块钱])[^,，。]{0,8}研发"
            r"(?!人员|费用|费|占|团队|强度|支出|中心|机构|部|型|设备|投入|的(?!钱|资金))|攻关|新产品|新品|"
            r"迭代|样机|临床(?!医学)"
        ),
    ),
    (
        "working_capital",
        re.compile(
            r"备料|原料|材料款|囤|补流|垫|货款|工资(?!一个?月|每|成本|占|总|支出)|周转|运转|开支|"
            r"现金流(?!水)|流动资金|(?:日常)?经营用|用于经营|"
            r"[要缺差]材料|料钱|铺底|(?<![快要])过年(?![了前后])|(?:交|缴)(?:税款|社保)(?!的)|撑[过到一几]|"
            r"维持|渡过|熬过|顶一[顶下]|救[急场]"
        ),
    ),
)
"""What money is for where nothing was said of it more plainly, and a wish is spoken of at all."""
_BARE: _Table = (
    (
        "refinance",
        re.compile(rf"{_PAYS_BACK}(?:$|[^,，。]*[行贷债账款笔钱])|那笔|接上|置换|高息|利息[高低]|[倒续]"),
    ),
    ("ma", re.compile(r"买[^,，。]{0,3}公司|收[^,，。]{0,4}(?:公司|厂)|并(?:过来|了)|整合|控股")),
    (
        "equipment",
        re.compile(
            r"设备|机器(?!人)|机床|换(?:一?批|新|几|掉|一?台|一?套)|[买换订][^,，。]{0,8}[机床仪]|自动化|改造"
        ),
    ),
    ("expansion", re.compile(rf"扩|{_LINE}|新店|分店|基地|规模|[厂场]地|产量")),
    ("rd", re.compile(r"研发|研究|开发|技术|新品|产品|样机|试验|实验|测试|专利|小试|工艺")),
    (
        "working_capital",
        re.compile(
            r"[料货租]|税(?!务|信|是|评|级)|材料|工[资钱]|薪|开[销支]|运营|经营|流动|急|过年|年关|工程款|尾款|项目款|发钱|"
            r"电费|社保|日常|维持|撑"
        ),
    ),
)
"""What a bare answer to 「钱用在哪」 names."""
_WISH = re.compile(
    r"想|要(?!求)|缺|差(?!不多|距|异)|贷|借|融|资金|用途|用来|用于|拿来|找钱|打算|准备|需|(?<!设)备(?!案)"
)
_BRIEF = 10
"""A message so short that names what money is for says just that."""
_DONE = re.compile(
    r"(?:买|购|换|上|建|盖|扩|添|开|投产|更新|改造|收购|并购|引进|置办|量产)(?:了|过|完|好了|得)|已经?|"
    r"早就|去年|前年|刚刚?"
)
"""What was bought or built already needs no money."""
_ASKS_FOR_MONEY = re.compile(
    r"有没[有得].{2,}(?:的|用)(?:钱|款|资金|贷款?)|(?:弄|借|贷|搞|整|融|缺|"
    r"差)[个点]?[\d一二两三四五六七八九十几]"
)
_REAL_ANSWER = re.compile(r"^(?!.*(?:[吗?不]$|什么|啥|怎么|多少|哪)).*[嘛么]$")
"""「就是日常周转嘛」 only sounds like a question."""
_DENIED = re.compile(
    r"(?:不是|不用来|不拿来|不想|不打算|没打算|不准备|不搞|不做|不买|不需要|不用|(?<!有)(?:没有|"
    r"没得)(?![钱资现]))[^,，。]{0,4}$"
)
_BOTH = re.compile(r"研发(?=[和跟、与及](?!管理|技术))")
"""「研发和流动资金」: the first that is named."""


def find_purpose(a: Analysis) -> list[Finding]:
    """``purpose``, if one is said; of several, the first."""
    asked = a.asked == "purpose"
    plain = [
        s
        for s in a.segments
        if not s.others and not (_only_asks(s) and not (asked and _REAL_ANSWER.search(s.text)))
    ]
    found = _renewed(a)
    if found is None and _WISH.search(a.text):
        found = _first([s for s in plain if not s.what_if], _BOUGHT, strict=True)
    if found is None:
        found = _first(plain, PURPOSE, strict=not asked)
    if found is None and (asked or len(a.text) <= _BRIEF or _WISH.search(a.text)):
        money = any(q.kind == "money" for q in a.quantities)
        loose = [s for s in a.segments if not (s.others or s.what_if or (_only_asks(s) and not money))]
        found = _any(loose, _LOOSE)
    if found is None and asked:
        found = _first([s for s in plain if not s.question], _BARE, strict=False)
    return [found] if found is not None else []


def _renewed(a: Analysis) -> Finding | None:
    """A debt of the firm's own that is to be replaced."""
    if not DEBT.search(a.text):
        return None
    for segment in a.segments:
        match = DEBT_RENEWED.search(segment.text)
        if match and not (segment.others or segment.rule):
            return _made("refinance", segment, match)
    return None


def _only_asks(segment: Segment) -> bool:
    return asks_about(segment) and not _ASKS_FOR_MONEY.search(segment.text)


def _first(segments: Iterable[Segment], table: _Table, *, strict: bool) -> Finding | None:
    """The first segment that says a purpose; ``strict`` passes over what was done already."""
    for segment in segments:
        both = _BOTH.search(segment.text)
        if both:
            return _made("rd", segment, both)
        for value, pattern in table:
            for match in pattern.finditer(segment.text):
                if _DENIED.search(segment.text[: match.start()]):
                    continue
                if not (strict and value in ("equipment", "expansion", "ma") and _is_done(segment, match)):
                    return _made(value, segment, match)
    return None


def _any(segments: list[Segment], table: _Table) -> Finding | None:
    """The first purpose of the table that any segment says."""
    for value, pattern in table:
        for segment in segments:
            match = pattern.search(segment.text)
            if match and not _DENIED.search(segment.text[: match.start()]):
                return _made(value, segment, match)
    return None


def _is_done(segment: Segment, match: re.Match[str]) -> bool:
    around = segment.text[max(0, match.start() - 4) : match.end() + 1]
    return bool(_DONE.search(around)) and not _WISH.search(segment.text)


def _made(value: str, segment: Segment, match: re.Match[str]) -> Finding:
    return Finding("purpose", value, segment.start + match.start(), segment.start + match.end())
