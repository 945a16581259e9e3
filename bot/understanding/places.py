"""Where the firm is registered: a district by name, and whether that settles 「在高新区」.

Names that stand together (渝北区空港) are one place. Who or what is there is told by the words before it, up
to the place before (不在高新区在铜梁: each has its own 在); whether only its banks, rules or customers are
spoken of is told by the words behind it.
"""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

_AT = re.compile(
    r"(?:在|于|位于|注册地?址?|住所地?|住址|落户|入驻了?|地址|所在(?:地|区|区县)|属于?|归属?|[搬迁转](?:到|进|入|来|回)了?|坐落|"
    r"[开建办落]在|是|为|地点|地|来自|总部|公司|企业|厂|厂子|厂房|我们?|咱们?|俺们?|经营地|办公|执照|登记|一直|人在)"
    r"(?:的|了|于|在|都|就|也|是|为|址|咱|咱们|填|写|那边|的话|这个|我们|区|县|上|:|[^,，]{0,2}园区|的是)*$"
)
_NOT_AT = re.compile(
    r"(?:不在|没在|(?<!是)不是|未在|不属于|没有?落户|没有?注册在|(?<!算)不算|没有在|没注册在|"
    r"注册地不在|没有?入驻|不归|非|(?:没有?|未)(?:[搬迁转](?:到|进|入|来)|落户))[^,，]{0,6}$"
)
_PLANS = re.compile(
    r"(?:想|准备|打算|计划|考虑|要|以后|将来|能不能|可以|是否|愿意|正在|拟|希望|"
    r"马上)[^,，]{0,6}(?:搬|迁|落户|入驻|注册|到|来|去|过)[^,，]{0,4}$"
)
_WANTS = re.compile(r"(?:想|打算|准备|计划|要|拟)[^,，]{0,3}在$|把[^,，]{0,6}[搬迁转](?:到|入|进)$")
_PLANS_MOVE = re.compile(
    r"(?:想|准备|打算|计划|考虑|要(?!求)|以后|将来|愿意|正在|拟|希望|马上|明年)[^,，]{0,20}$"
)
_DONE = re.compile(r"刚|已|去年|前年|今年|年初|年底|上个?月|早就|\d年|后来|了$")
_SUPPOSES = re.compile(
    r"是不是$|有没有|要不要|必须|一定要|非要|不是.*就|只有|只能|才能|需不需要|算不算|(?<!结)算$|"
    r"去$|能去|给$|(?:在不在|是不是在?|在没在|属不属于?)[^,，]{0,4}$|[跟和与同比]$|(?:参考|比如|例如|像|学习)$"
)
_NEAR = re.compile(r"离$|距离?$|附近$|靠近$|挨着$|紧邻$|隔壁$")
_ONCE = re.compile(
    r"原(?=[为是在址]|注册)|以前|原来|原先|原本|从前|之前|曾经?|早年|最早|最初|起初|一开始|过去(?!\d)|先前|当年"
)
_FROM = re.compile(r"(?:从|由|自|打)(?:重庆市?|老家|原来的?)?$")
_MOVED_AWAY = re.compile(
    r"(?:区|县|市|那边|老家)?(?:刚刚?|才|已经?)?(?:给)?(?:整体)?(?:搬|迁|转)(?:过来|到|入|进|来|出)"
)
_MOVE_IN = re.compile(r"[搬迁转](?:到|入|进|来|过来|回)了?[^,，]{0,2}$")
_YOURS = re.compile(r"(?:你们?|你|您|贵|听说|这个|请问|了解|整个|关于|政府|咨询)(?:们)?(?:西部|重庆)?$")
_OFFICE = re.compile(
    r"^(?:的)?(?:管委会|创新服务中心|担保|融资|政策|贷款|产品|金融|基金|有没有|有哪些|有啥|"
    r"有什么|的产品|的基金|政府|速度|便利店|补贴|补助|扶持|贴息|办法|科技金融|支持|创新|对|给|"
    r"哪|是不是|技术企业|管委|规定|范围(?!内)|管理|技术|企业服务|人才|奖励|科创|这些|这几|积分|产业|"
    r"天使|的政策|的贷款|的补贴|的金融|的担保|的积分|的钱|的科技金融|的科技政策|的扶持|的支持|"
    r"的优惠|优惠|投资)"
)
_HERE = r"(?:区|县|市)?(?:这边|那边|那头|这头|这里|那里|那儿|当地|本地|范围内|那一?片|一带)?"
_NOT_THE_FIRM = re.compile(
    rf"^{_HERE}(?:的|也|还|倒是|另外)?(?:有|设|开|租|买|设立|办|投|建)?(?:了|过|着)?(?:好?[几两多一二三\d]?(?:个|家|套|间|处|层|块|栋|些|名)|很多|好多)?"
    r"(?:[^,，的做搞有]{0,4}(?:支行|分行|农商行?|银行|信用社|法院|税务局|科技局|经信委|发改委|工商局|市监局|管委会)|"
    r"(?:子|分|母|总|兄弟|关联)公司|办事处|分店|分厂|分部|门店|连锁店|店铺|仓库|工地|项目|客户|订单|业务|市场|"
    r"(?:住房|(?<!厂)房(?:子|产|屋|源|地产证)?|商铺|门面|车位|土地|地皮|宅基地)(?!.{0,4}(?:公司|企业|厂|软件|系统))|"
    r"大学|学院|学校|医院|机场|车站|火车站|朋友|同学|亲戚|老表|供应商|代理商?|经销商|同行|领导|老师|专家|投资人|投资机构|展会|"
    r"论坛|路演|人(?=$|[,，]|去|来|开)|政府|区政府)"
)
_PASSING = re.compile(
    rf"^{_HERE}(?:参加|参展|参会|开会|出差|考察|读|上学|上班|打工|工作(?!室)|培训|路演|比赛|拿过|拿了|得过|获|认识|碰到|遇到|待过|呆过|干过|"
    r"毕业|实习|卖得|销|谈(?!判)|招(?!商)|出生|过年|旅游|看病|回来|来的?团队)"
)
_SELLS = re.compile(
    rf"^{_HERE}(?:也|都|还|主要)?(?:卖|做(?:生意|市场|销售|推广)|推广|供货|发货|接单|采购|进货|注册商标|申请专利)"
)
_FIRM = re.compile(
    r"^(?:区?内|里|里面|这边|那边|那头|里头|这里|范围内|注册|本地|区内)?(?:的)?(?:企业|公司|厂|园区|初创|"
    r"小企业|科技公司|科技企业|孵化器|注册|[一小大老]家?厂|一家|科技型|刚?租|办公|个体|工厂|车间|小公司|合作社|作坊)"
)
_BODY = re.compile(
    r"^(?:区|市|县|镇|省|高新区|经开区|刚|新|内|那边|这边|这头|这里|那里|的|注册|开|本地|街道|工业园|产业园|园区|人民|"
    r"[^,，的]{0,4}(?:街道|镇|园|路|号))*"
)
_STREET = re.compile(r"\w{0,8}(?:大道|路|街|巷|园|号|楼|栋)")
_ALONE = re.compile(
    r"(?:[区市县镇内的啊呢吧哈哦嘛噻撒 ]|那边|这边|这头|那头|这里|那里|[那这]一?片|一带|高新区|经开区|"
    r"个体(?:工商)?户?|管过来|管的|辖区|范围内|…|\.)*"
)
_WORKS = re.compile(
    rf"{_HERE}(?:的)?(?:一?直|专门|主要|就是|现在|本地|自己)?(?:是)?(?:做|搞|干|整|弄|办厂|开厂|生产|加工|经营|从事|(?:开|办|建)了?(?:一?[个家间])?(?:小|老)?(?:厂|公司|企业|作坊)|成立|设立|登记|落户)"
)
_MAY = re.compile(
    rf"{_HERE}(?:的)?(?:企业|公司|厂)?(?:能|可以|可不可以|得不得行|行不行|行不|得行|够不够|办得)"
)
_TRADE = re.compile(
    r"的?[^我你他她它谁这那哪不没有在和跟与及比给把被让要想去来到从了吗呢吧过得能会可还也都就是说问,，\d]{1,14}"
)
_WORKSHOP = re.compile(
    r"[^我你他她它谁这那哪不没有在和跟与给被要想去来到从了吗呢吧,，\d]{0,12}(?:公司|企业|厂|厂子|作坊|合作社|个体户|店)(?:的|哈|哟|嘛)?"
)
"""A noun behind a district at the head of a message: 「涪陵榨菜机械」, 「九龙坡西彭」."""
_LEAD = re.compile(
    r"^(?:你好|您好|老师好?|哈喽|嗨|hi|hello|在吗|那个|嗯+|哦|呃|就是|主要|其实|目前|现在|本人|我|我们|咱们?|这边|"
    r"重庆市?|我市|(?:19|20)?\d\d年(?:\d+月)?(?:就|才|起)?|一[家个]|西部|…|的| )*$"
)
_MADE_IN = re.compile(r"(?:的|一[家个]|是[家个])$")
_SUBJECT = re.compile(
    r"(?P<other>(?:另外?|别的|其他)[^,，]{0,3}(?:公司|企业|厂|店|[家个])|(?:子|分|母|总|兄弟|关联|控股|参股)公司|分店|分厂|门店|"
    r"(?<!厂)房(?:子|产|屋)?(?!租|地产)|商铺|门面|铺面|土地|地皮|宅基地|别墅|车位|住在|家住|我住|(?<![这那本])家在|老家|户口|户籍|籍贯|押品|抵押物|"
    r"股东|投资人|投资方|投资机构|客户|供应商|经销商|代理商|同学|朋友|同行|亲戚|老公|老婆|爱人|导师|法人代表|"
    r"市场|销售|销往|卖到|产品卖|订单|业务|仓库|工地|展会|会议|论坛|路演|比赛|银行|毕业|读书|供货|收购|合作|有一?家)"
    r"|(?P<firm>我们|我司|本公司|本企业|公司|企业|厂(?!房)|咱|单位|注册|总部|住所)"
)
_THING_BEFORE = re.compile(
    r"(?<!厂)(?:住|商品?|套|间|处|的|有|用|拿)房(?:子|产|屋)?$|(?<!厂)房(?:子|产|屋)(?:一套)?$|[套间处栋](?:[^,，厂]{0,3}房|商铺|门面|写字楼)|"
    r"(?:商铺|门面|土地|地皮|客户|供应商|股东|同学|子公司|分公司|母公司)$"
)
_REGISTERED = re.compile(r"注册|登记|执照|税务关系|住所|设立")
_WORKPLACE = re.compile(r"办公|生产|厂|仓库|车间|分公司|经营地|干活|做事|人在|实验室|办事处")
_WITHIN = r"(?:[区县市镇]{0,2}[的(·-]?)"
_CLAUSE_AFTER = re.compile(
    rf"{_WITHIN}?(?:那边|这边|里|里面|外)?(?:的)?(?:,|，)?(?:而|就|现)?(?:是|在|搬|迁|转|注册|属于|位于|改)"
)
_NOT_NAME = re.compile(r"长寿(?:命|型|期|率|面)|大足(?:够|以)|石柱(?:子|状|形|体)|空港物流设备|大坪效")

Chain = list[Term]
"""Names of places that stand together, the widest mostly first."""


def find_places(a: Analysis) -> list[Finding]:
    """``district`` and ``in_zone``. A district that holds part of the zone settles nothing (contract)."""
    out: list[Finding] = []
    for chain, left, right in _places(a):
        segment = a.segment_at(chain[0].start)
        if segment.others:
            continue
        placed = _placed(chain, left, right, segment, a)
        if placed is None:
            continue
        if placed and _MOVE_IN.search(left):
            out = []  # where the firm was before no longer counts
        out += _findings(chain, placed)
    return _registered(out, a)


def answer_place(a: Analysis, fact: str) -> list[Finding]:
    """A bare place name to 「在哪个区」 or 「在高新区吗」."""
    out: list[Finding] = []
    if re.search(r"哪|什么|怎么|算不算|包不包|属不属", a.text):
        return out
    if fact == "in_zone":
        town = re.match(r"(?:我们|就|是|在)*(?:石板|走马)(?:镇|街道|那边)?(?=$|[,，。的了])", a.text)
        if town:
            return [Finding("in_zone", True, *town.span())]
        came = re.search(r"[搬迁转](?:过来|进来|入|进去|来)", a.text)
        if came and not re.search(r"没|未|不|想|要|准备|打算|计划|正在|明年|以后|还在", a.text):
            return [Finding("in_zone", True, *came.span())]
        side = re.search(
            r"(?:注册|登记|执照)[^,，]{0,3}(?P<out>外面|外头|外边|区外)|(?:注册|登记|执照)[^,，]{0,3}(?:里面|里头|区内)",
            a.text,
        )
        if side:
            return [Finding("in_zone", side["out"] is None, *side.span())]
    for chain, left, _ in _places(a):
        if _past(left, ""):
            continue
        negative = bool(_NOT_AT.search(left))
        out += [f for f in _findings(chain, not negative) if f.fact in (fact, "district") or f.implied]
    return out


def _findings(chain: Chain, placed: bool) -> list[Finding]:
    out: list[Finding] = []
    inside = chain[-1].group == "zone" and not _namesake(chain)
    zone = next((t for t in chain if t.group == "zone"), None) if inside else None
    if zone is not None:
        out.append(Finding("in_zone", placed, zone.start, zone.end))
    if not placed:
        return out
    away = next((t for t in chain if t.group in ("outside", "elsewhere")), None)
    if away is not None and zone is None:
        out.append(Finding("in_zone", False, away.start, away.end, implied=True))
    district = next((t for t in chain if t.group in ("outside", "around")), None)
    if district is not None:
        out.append(Finding("district", district.key, district.start, district.end))
    return out


def _namesake(chain: Chain) -> bool:
    """「璧山高新区」 is another zone than ours."""
    return any(t.group in ("outside", "elsewhere") for t in chain[:-1])


def _places(a: Analysis) -> list[tuple[Chain, str, str]]:
    """Each place with the words of its segment before it and behind it."""
    terms = [t for t in a.terms if t.group in ("zone", "outside", "around", "elsewhere")]
    terms = [
        t
        for t in terms
        if not _NOT_NAME.match(a.text, t.start) and a.text[max(0, t.start - 1) : t.start] != "航"
    ]
    chains: list[Chain] = []
    for term in terms:
        last = chains[-1][-1] if chains else None
        if last is not None and re.fullmatch(_WITHIN, a.text[last.end : term.start]):
            chains[-1].append(term)
        else:
            chains.append([term])
    out: list[tuple[Chain, str, str]] = []
    for number, chain in enumerate(chains):
        last = chains[number - 1][-1] if number else None
        own = last is not None and _CLAUSE_AFTER.match(a.text[last.end : chain[0].start])
        floor = last.end if last is not None and own else 0
        segment = a.segment_at(chain[0].start)
        left = a.text[max(floor, segment.start) : chain[0].start]
        left = re.sub(r"(?:重庆市?|我市|西部|[\s「\"'(-])+$", "", left)
        out.append((chain, left, a.text[chain[-1].end : segment.end]))
    return out


def _past(left: str, right: str) -> bool:
    """Whether the firm was there and left: 「以前在两江新区」, 「刚从北碚迁来」."""
    return bool(_ONCE.search(left) or _FROM.search(left) or _MOVED_AWAY.match(right))


def _placed(chain: Chain, left: str, right: str, segment: Segment, a: Analysis) -> bool | None:
    """True: the firm is there; False: it says it is not; None: the place is only talked about."""
    ours = re.search(r"我|咱|本公司|本企业|本人", segment.text) is not None
    if _NEAR.search(left):
        return None
    if re.match(r"以?之?外", right):
        return False
    if _NOT_AT.search(left) or re.match(
        r"(?:区|里|里面|那边)?(?:的)?(?:不在|不是|没有?注册)(?:的|了|我|$|注册)", right
    ):
        return False
    if _past(left, right) or _SUPPOSES.search(left) or segment.rule:
        return None
    if _PLANS.search(left) or _YOURS.search(left) or _OFFICE.match(right):
        return None
    if _MOVE_IN.search(left) and _PLANS_MOVE.search(a.text[segment.start : chain[0].start]):
        return None
    if not segment.what_if and _WANTS.search(left) and not (_DONE.search(left) or _DONE.search(right)):
        return None
    if re.search(r"哪|怎么|什么", segment.text) and not ours:
        return None
    if _NOT_THE_FIRM.match(right) or _PASSING.match(right) or not _about_firm(left, segment, a):
        return None
    away = chain[0].group == "elsewhere"
    if away and _SELLS.match(right):
        return None
    if chain[-1].group == "zone" and re.search(r"^[^,，]{0,4}在.{0,6}(?:吗|不|么)$", segment.text):
        return None
    if _AT.search(left):
        return True
    lead = left.rsplit(":", 1)[-1]
    if _LEAD.match(lead):
        return True if _introduced(right, segment, a, chain[0].group) else None
    if not away and _MADE_IN.search(left) and _FIRM.match(right):
        return True  # 「做冷链的江北公司」
    return None


def _introduced(right: str, segment: Segment, a: Analysis, group: str) -> bool:
    """Whether a place at the head of a segment is the firm's own."""
    if (
        _ALONE.fullmatch(right)
        or _FIRM.match(_BODY.sub("", right))
        or _FIRM.match(right)
        or _STREET.match(right)
    ):
        return True
    if group != "elsewhere" and not segment.question and (_WORKS.match(right) or _WORKSHOP.fullmatch(right)):
        return True
    if group not in ("outside", "around"):
        return False
    if _MAY.match(right):
        return True
    lists_facts = len(a.segments) > 1 or bool(a.quantities)
    return lists_facts and not segment.question and _TRADE.fullmatch(right) is not None


def _about_firm(left: str, segment: Segment, a: Analysis) -> bool:
    """Whether it is the firm that is there, and not its customers, a house or another firm."""
    subjects = list(_SUBJECT.finditer(left))
    if subjects:
        return subjects[-1]["other"] is None
    before = a.segment_before(segment)
    if (
        before is None
        or before.sentence != segment.sentence
        or not re.match(r"(?:就|都|也)?(?:在|是|位于)", left)
    ):
        return True
    return _THING_BEFORE.search(before.text) is None


def _registered(found: list[Finding], a: Analysis) -> list[Finding]:
    """Where the firm is registered counts, not where it has an office (注册在江津,办公在科学城)."""

    def text(f: Finding) -> str:
        return a.segment_at(f.start).text

    if not any(_REGISTERED.search(text(f)) for f in found):
        return found
    return [
        f
        for f in found
        if _REGISTERED.search(text(f))
        or not _WORKPLACE.search(text(f))
        or (f.fact == "district" and a.text.startswith(str(f.value), f.start))  # it was named all the same
    ]
