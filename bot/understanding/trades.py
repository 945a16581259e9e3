"""The firm's own words for its trade: 做芯片的, 工业软件公司, 所属行业:…, or alone in a list of facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about
from bot.understanding.segments import Segment
from bot.understanding.trade_words import has_head, names_trade, trade_in

_Spans = Iterator[tuple[int, int]]
_PLACES = frozenset(("outside", "around", "elsewhere", "zone"))
_LONGEST = 18
_FAR = 40
"""Characters before a word that are looked at."""
_MANY = 40
"""Words of one kind in one segment that are looked at."""
_RUN = re.compile(r"[\u4e00-\u9fffa-z\d]+")
_NUMBER_WORD = re.compile(
    r"零[件部配]|三方|三维|二维|三元|三极管|三电|二极管|五金|一[体代]|一卡通|一次性|一站式|四足|[三四五六七]轴|千斤顶|百货|万向|[23456]d|[3456]g"
)
"""Words of trades that begin like a number."""
_VERB = re.compile(
    r"(?:从事|主攻|专攻|主营(?:业务)?|专营|经营|主做|专做|主打|聚焦|深耕|专注[于在]?|致力于|生产|研发|研制|开发|制造|销售|代理|"
    r"[做搞干弄整卖造]|产(?!品|业|能|权|值|量|线|地|出)|写(?=软件|程序|系统|小程序|app))(?:起来的?)?(?:的?是|的就是|为|了|过|点|一些|:)*"
    r"(?:[大半一]+辈子|[好这么多几十]*年)?(?:的|做)?"
)
_NOUNS_TOO = frozenset(("研发", "生产", "制造", "开发", "销售", "研制", "经营"))
"""Verbs that are more often part of a noun: 研发人员, 经营状况."""
_MEANT_FOR = frozenset(("研发", "开发", "研制"))
"""At the head of a message these say what money is for."""
_SUBJECT = re.compile(
    r"(?:^|我们?|我司|公司|企业|咱们?|这边|那边|团队|厂子?|单位|屋头|是|主要|主业|专门|专业|一直|就是|现在|目前|开始|家|个|户|"
    r"老板|平时|年|起|种|在|的|以来|老师|博士|同时|[^a-z\d]了|课题组|于|里)$"
)
_MAINLY = re.compile(r"(?:主要|专门|专业|一直|我们|我司|厂里?)$")
_PLANNED = re.compile(
    r"(?:想|(?<![主需重])要|打算|准备|计划|拟|不|不是|并非|还是|没|没有|别|去|能|可以|会|帮|给|让|请|找|难|先|再|拿来|用来|用于|用|转|转型|"
    r"改|怎么|咋|(?:剩下|一半)[的是]*|来|敢|是否|适合|支持|负责|新|合作|外包|委托|是不是|如何|订单|钱|(?<![丰成首])都)$"
)
"""Before a verb: it is done later, by others or not at all."""
_ANOTHERS = re.compile(
    r"并购|收购|兼并|买|看中|看上|盘下|入股|那家|(?<!我)这家(?!公司)|隔壁|朋友|同行|对手|客户|供应商|亲戚|别人|人家|对面|以前|原来|"
    r"早年|曾|之前|(?<!主要)(?<!专门)(?<!主要是)(?<!我们)(?<!我们是)给|投了|参股|配套|供货|你们|贵司|比如|例如|像那|如果|假如|哪些|什么|老公(?!司)|老婆|孩子|剩下|投资人|股东|前东家|上一家|哪个|哪家|"
    r"对接|下游|上游|面向|来自|(?:想|打算|准备|计划|拟|(?<!主)要)(?:建|办|开|搞|上|投|转|做)|一般|银行|基金|担保公司"
)
_END = re.compile(
    r"的(?!士)|这一?块|这[行类]|行业|领域|赛道|方面|们|现在|目前|去年|今年|前年|已经|成立|注册|员工|职工|营收|年收|收入|公司|企业|"
    r"团队|有(?!机|色|源)|没|也|都|想|好|还是|卖|咯|嘛|哈|吧|呢|啊|了|到现|从(?!动)|办的|开的|用的|搞|做|够不够|能不能|可以|申请"
)
"""Where the object of a verb ends at the latest."""
_BEHIND = re.compile(
    r"(?:的|这一?块|这行|行业|领域|赛道|方面|生意|方向|产业|嘛|哈|吧|哟|啊)*(?:的?(?:公司|企业|厂|团队|单位|初创)|$)"
    r"|的(?!时候|项目|贷款|成果|钱|人|同行)|现在|目前|去年|已经|成立|注册|员工|职工|营收"
)
"""What follows the object where any word is believed."""
_COUNTED = re.compile(r"的有?[\d一二三四五六七八九十两几]")
_COMPARED = re.compile(r"好|难|赚钱|还是|行不行|怎么样")
_OF_FIRMS = re.compile(r"的?(?:小|中小|这种|这类)?(?:公司|企业|团队)")
_OURS = re.compile(r"我|咱|本|自己")
_KIND = re.compile(
    r"企业|[子分]?公司|(?<!加)(?<!施)工厂|厂|单位|团队|工作室|门市|项目|成果|赛道|方向|行业|领域|课题组|(?:供应|服务|制造|生产|集成|运营)商$"
)
_ASKED_OF_A_KIND = re.compile(r"的?(?:[大中小微]型|划分|算|认定|标准|政策|补贴|怎么|能|可以)")
_TRADE_AT_LARGE = frozenset(("行业", "领域", "方向", "赛道"))
"""What also speaks of others: 半导体行业不景气."""
_OF_THE_FIRM = re.compile(r"(?:的|这块|里的)*(?:小|初创)?(?:公司|企业|厂|团队|单位|$)")
_BEFORE_KIND = re.compile(
    r".*(?:的|一?家|个|是|我们?|咱们?|我司|办|开|本|了|年|在|:|[^a-z]于|叫|属|系)(?!家|庭|源|人|体|具|居|电|发|关)"
)
_GREEN = frozenset(("节能", "环保", "能源", "工程", "设计"))
"""Kinds of projects rather than trades."""
_FIELD = re.compile(
    r"(?:(?P<plain>所属行业|行业(?:类别|分类|领域)?|所属领域|主业|主营业务|主营产品|主要产品|主打产品|主要业务|研究方向|技术方向|从事行业|"
    r"经营范围)|主营|业务(?:领域|范围|方向)?|方向|赛道|领域|做的东西|(?P<loose>产品|成果|项目)|"
    r"(?P<belongs>(?:^|公司|企业|我们?|我司|单位)属于?))"
    r"(?P<link>(?:填的是|填写?|写的是|就是|主要是|主要有|包括|包含|有|是|为|系|属于?|:|-)*)"
)
"""Names of fields, and what stands between them and their value."""
_WANTED = re.compile(r"买|购|采|换|置|抵|押|扩|上一|添|进口|租|更新|改造|厂房|房产")
_ALL_OF_THEM = re.compile(r"[,，、 ][^,，、。]{0,8}(?:都|均|齐全|抵|押|涨)")
"""「电池,电机都涨价」 speaks of both."""
_OF_A_FIRM = re.compile(r"[a-z]\+?轮|天使|种子|项目|资质|企业|公司|牌照|专利|认证")
_GREETING = re.compile(
    r"^(?:你好|您好|嗨|hi|hello|老师|喂|属于?|系|行业|就是|主要是?|那个|嗯|我们?(?:公司|厂|这边|这里)?是)+"
)
_SHOP = re.compile(
    r"开(?:了|着|的是|得有)?(?:一?[个家间]|几家|两家)?(?P<name>[\u4e00-\u9fff]{0,8}?(?P<shop>厂|店|馆|铺|超市|门市|作坊|工作室|饭庄|酒楼|诊所|农场|农家乐|民宿|网吧|药房|宾馆|幼儿园))(?!房|区|长)"
)
_NEW_SHOP = re.compile(r"^[新分大小老个家几两一二三]|^这|^那|第|连锁|工厂|开")
_REARING = re.compile(
    r"(?:^|我们?|咱们?|是|专门|主要|一直|搞|里|边|屋头)(?P<name>[种养][\u4e00-\u9fff]{1,5}?)(?:的|$)"
)
_NOT_REARED = re.compile(
    r"^(?:种子|种类|种种|种业|种苗|养殖|养老|养护|种植|养家|养人|养活|养团队|养起|养员工|养成)|补贴|补助|保险|[工人队么]$"
)
_ANSWER_LEAD = re.compile(
    r"^(?:我们?|我司|公司|企业|咱们?|主要|主业|主营|是|就是|属于?|做|搞|干|从事|卖|一家|行业|嗯|哦|那个|算|应该|大概|生产|的)+"
)
_ENGLISH = re.compile(
    r"(?!(?:yes|no|none|help|menu|hello|thanks?|skip|pass|okay|nothing)\b)[a-z][a-z0-9 &/-]{4,30}"
)


def find_trade(a: Analysis, out: list[Finding]) -> None:
    """The firm's own words for its trade, in the original spelling; the plainest statement wins."""
    segments = [s for s in a.segments if not s.others and not asks_about(s) and not _listed_of_others(a, s)]
    for way in (_in_a_form, _after_a_verb, _with_its_kind, _shop_or_farm, _alone):
        for segment in segments:
            for start, end in way(a, segment):
                out.append(Finding("industry", a.text[start:end], start, end))
                return


def _listed_of_others(a: Analysis, segment: Segment) -> bool:
    """「客户有汽车厂、芯片厂」."""
    before = a.segment_before(segment) if a.text[segment.start - 1 : segment.start] == "、" else None
    return before is not None and _ANOTHERS.search(before.text[-_FAR:]) is not None


def answer_trade(a: Analysis) -> Finding | None:
    """The trade as the reply to the question about it."""
    if _ENGLISH.fullmatch(a.text):
        return Finding("industry", a.text, 0, len(a.text))
    for segment in a.segments:
        if (segment.question and not segment.text.endswith("嘛")) or segment.others:
            return None
        lead = _ANSWER_LEAD.match(segment.text)
        start = segment.start + (lead.end() if lead else 0)
        phrase = _run(a, start, segment.end)
        cut = _END.search(phrase, 1)
        for first, end in _trimmed(phrase[: cut.start()] if cut else phrase, start, open_ended=True):
            return Finding("industry", a.text[first:end], first, end)
    return None


def _run(a: Analysis, start: int, stop: int) -> str:
    """The letters from a place on, up to a number or year that is none of a trade's words."""
    match = _RUN.match(a.text, start, min(stop, start + _LONGEST))
    if match is None:
        return ""
    end = match.end()
    for begin, _ in _numbers(a):
        if start <= begin < end and not _NUMBER_WORD.match(a.text, begin):
            end = begin
    return a.text[start:end]


def _trimmed(
    phrase: str, start: int, *, open_ended: bool, introduced: bool = True, said: bool = False
) -> _Spans:
    first, last = trade_in(phrase, said=said)
    if last > first and names_trade(phrase[first:last], introduced=introduced, open_ended=open_ended):
        yield start + first, start + last


def _in_a_form(a: Analysis, segment: Segment) -> _Spans:
    """「所属行业:电气机械和器材制造」: believed almost whatever the words are."""
    if segment.question:
        return
    for match in islice(_FIELD.finditer(segment.text), _MANY):
        if not (match["link"] or match["plain"] or match["belongs"]):
            continue
        start = segment.start + match.end()
        phrase = _run(a, start, segment.end)
        if has_head(phrase) and names_trade(phrase, introduced=True):
            yield start, start + len(phrase)
        cut = _END.search(phrase, 2)
        phrase = phrase[: cut.start()] if cut else phrase
        believed = bool(match["link"]) and not (match["loose"] or match["belongs"])
        yield from _trimmed(phrase, start, open_ended=believed)


def _after_a_verb(a: Analysis, segment: Segment) -> _Spans:
    """「做激光雷达的」, 「一直做齿轮」, 「做了二十年页岩气工具」."""
    text = segment.text
    for match in islice(_VERB.finditer(text), _MANY):
        before, verb = text[max(0, match.start() - _FAR) : match.start()], match.group()
        if _PLANNED.search(before) or _ANOTHERS.search(before):
            continue
        start = segment.start + match.end()
        for q in a.quantities:  # 「搞了13年钣金」
            if q.start == start and q.kind == "months":
                start = q.end
        run = _run(a, start, segment.end)
        cut = _END.search(run, 2)
        phrase = run[: cut.start()] if cut else run
        behind = a.text[start + len(phrase) : segment.end]
        if _COMPARED.match(behind) or (
            segment.question and _OF_FIRMS.match(behind) and not _OURS.search(text)
        ):
            continue  # 「做芯片的企业能申请吗」 asks about firms of that kind
        placed = _SUBJECT.search(before) or _place_ending(a, segment.start + match.start())
        believed = bool(placed and _BEHIND.match(behind)) and not _COUNTED.match(behind)
        if not behind.startswith(("的", "这")) and not _OURS.search(before):
            believed = believed and _states_things(a, segment)  # 「搞卫生」
        if verb[:1] in "造产弄整":
            believed = False
            if not placed:
                continue
        if verb[:2] in _NOUNS_TOO:
            if not placed or (not before and verb[:2] in _MEANT_FOR):
                continue
            believed = believed and _MAINLY.search(before) is not None
        for first, end in _trimmed(phrase, start, open_ended=believed, said=True):
            yield first, _with_what_follows(a, first, end, segment)


def _with_what_follows(a: Analysis, first: int, end: int, segment: Segment) -> int:
    """「新能源汽车的电机控制器」 is one trade."""
    if a.text[end : end + 1] != "的":
        return end
    phrase = _run(a, end + 1, segment.end)
    _, last = trade_in(phrase)
    if last == len(phrase) and end + 1 + last - first <= _LONGEST and has_head(phrase):
        return end + 1 + last if names_trade(phrase, introduced=True) else end
    return end


def _place_ending(a: Analysis, at: int) -> bool:
    return any(t.group in _PLACES and t.end == at for t in a.terms)


def _with_its_kind(a: Analysis, segment: Segment) -> _Spans:
    """「荣昌陶瓷膜企业」, 「高新区的一家传感器厂」."""
    text = segment.text
    if segment.question and not _OURS.search(text):
        return
    for match in islice(_KIND.finditer(text), _MANY):
        stop = segment.start + match.start()
        first = max(segment.start, stop - _FAR)
        for begin, end in _numbers(a) + [(t.start, t.end) for t in a.terms if t.group in _PLACES]:
            if first < end <= stop and not _NUMBER_WORD.match(a.text, begin):
                first = end
        if _ASKED_OF_A_KIND.match(text, match.end()) and not _OURS.search(text):
            continue
        if match.group() in _TRADE_AT_LARGE and not _OF_THE_FIRM.match(text, match.end()):
            continue
        lead = _BEFORE_KIND.match(a.text[first:stop])
        start = first + (lead.end() if lead else 0)
        before = text[max(0, start - segment.start - _FAR) : start - segment.start]
        phrase = a.text[start:stop]
        if _ANOTHERS.search(before) or _PLANNED.search(before) or not _RUN.fullmatch(phrase):
            continue
        if len(phrase) == 1 and match.group() == "厂" and has_head(phrase):
            yield start, stop + 1  # 「鞋厂」
        if not (match.group() == "项目" and phrase in _GREEN):
            yield from _trimmed(phrase, start, open_ended=False)


def _shop_or_farm(a: Analysis, segment: Segment) -> _Spans:
    """「开了个餐馆」, 「养猪的」."""
    if segment.question and not _OURS.search(segment.text):
        return
    for match in islice(_SHOP.finditer(segment.text), _MANY):
        before = segment.text[max(0, match.start() - _FAR) : match.start()]
        name = match["name"]
        if _PLANNED.search(before) or _ANOTHERS.search(before) or _NEW_SHOP.search(name):
            continue
        start = segment.start + match.start("name")
        short = start + len(name) - len(match["shop"])
        end = short if match["shop"] == "厂" or has_head(a.text[start:short]) else start + len(name)
        if end - start > 1 and names_trade(a.text[start:end], introduced=True, open_ended=True):
            yield start, end
    for match in _REARING.finditer(segment.text):
        name = match["name"]
        said = match.group().endswith("的") or _OURS.search(segment.text) or _states_things(a, segment)
        if said and not _NOT_REARED.search(name) and names_trade(name, introduced=True, open_ended=True):
            yield segment.start + match.start("name"), segment.start + match.end("name")


def _alone(a: Analysis, segment: Segment) -> _Spans:
    """「石墨烯散热膜,8年,贷款420万」: in a list of facts the trade may stand by itself."""
    if len(a.segments) < 2 or segment.question or not _states_things(a, segment):
        return
    last = a.segment_before(segment)
    if last is not None and _WANTED.search(last.text):
        return
    if _ALL_OF_THEM.match(a.text, segment.end):
        return
    greeting = _GREETING.match(segment.text)
    start = segment.start + (greeting.end() if greeting else 0)
    for term in a.terms:
        if term.group in _PLACES and term.start == start:
            start = term.end
    phrase = a.text[start : segment.end].split("(")[0]
    if (
        phrase
        and _run(a, start, segment.end) == phrase
        and phrase.removesuffix("项目").removeprefix("是") not in _GREEN
    ):
        yield from _trimmed(phrase, start, open_ended=False, introduced=False)


def _states_things(a: Analysis, segment: Segment) -> bool:
    """Whether something else of the message looks like a fact of a firm."""
    marks = _numbers(a) + [(t.start, t.end) for t in a.terms]
    return any(not segment.start <= begin < segment.end for begin, _ in marks) or any(
        _OF_A_FIRM.search(other.text) for other in a.segments[:_MANY] if other is not segment
    )


def _numbers(a: Analysis) -> list[tuple[int, int]]:
    return [(q.start, q.end) for q in a.quantities] + [(y.start, y.end) for y in a.years]
