"""Facts that are one of a few values: purpose, kind of funding, stage, kind of organisation;
green; industry."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about
from bot.understanding.purposes import find_purpose
from bot.understanding.segments import Segment
from bot.understanding.trades import find_trade

_KIND: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "equity",
        re.compile(
            r"股权(?!质押|架构|结构)|股份|入股|投资人|天使(?:轮|投资|人)|风投|风险投资|vc|"
            r"融[a-c天种][\+轮使子]?|[a-d]\+?轮|种子轮|投资机构|找(?:个|点|人|些)?投资|拉(?:点|个|"
            r"笔)?投资|引(?:进|入)?(?:战略)?投资|拿(?:点|笔)?投资|让股(?![份权])|增资扩股|战投|出让|换投资|"
            r"稀释|[引找拉](?:入|进)?(?:个|一个|新)*股东"
        ),
    ),
    ("guarantee", re.compile(r"担保(?!费|物|品)|增信|做担|担保公司|保函")),
    ("pledge", re.compile(r"质押")),
    (
        "credit",
        re.compile(
            r"信用贷|纯信用|信用方式|信用类|免抵押|无抵押(?:贷|的|信用)|^信用的?$|不(?:用|要|需要|想)?(?:东西|"
            r"任何)?抵押|信用借款|凭信用|信贷(?!员)"
        ),
    ),
    ("loan", re.compile(r"贷款|贷(?!后)|借款|借(?:个|点|钱|\d|[一二三四五六七八九两几])|流贷")),
)
_KIND_NO = re.compile(r"(?:不(?:想|要|愿意?|用|需要|考虑|接受|出|搞|打算)|没有?|无需?|只贷款)[^,，。]{0,6}$")
_STAGE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "lab",
        re.compile(
            r"(?:公司|企业|主体|执照)(?:都|也|还)*(?:没|未|没有|尚未|暂未)(?:有)?(?:开|成立|注册|"
            r"办|设立|搞|拿)|(?:还没|没有?|未|尚未|暂未|还未)(?:成立|注册|开|办|设立|搞)(?:个|"
            r"自己的)?(?:公司|企业|主体)|(?:还)?没(?:有)?(?:公司|注册公司|企业主体)(?!.{0,3}抵押)|"
            r"还在实验室|实验室(?:阶段|里的?|成果|出来|研究|样品)|(?:成果|技术|专利)(?:想|要|准备|"
            r"还没|未|没有?|待|如何|怎么|能不能)?(?:转化|产业化|落地)(?!了|率|资金|基金)|在实验室|"
            r"没成立公司|概念验证|只有(?:个)?(?:成果|技术|样机|想法)|公司(?:都)?还没"
        ),
    ),
    (
        "seed",
        re.compile(
            r"刚起步|刚(?:刚)?(?:开始|成立|创业|创办|注册|开(?:张|业|公司|起来)|搞起来|做起来)|"
            r"才起步|才刚|起步阶段|起步期|种子期|(?:还)?(?:没有?|没得|无|零|没啥|没什么|暂无|"
            r"还未有|没产生|没形成|没做出)(?:任何|什么|啥|产生|形成)?(?:营收|收入|营业收入|"
            r"销售(?!人|团队|部)|流水|订单收入)|(?:营收|收入)(?:还|也|都|目前)*(?:没有|没得|为零|"
            r"是零|为0|是0|零)|没开张|pre-?revenue"
        ),
    ),
    (
        "startup",
        re.compile(
            r"初创|(?<!过了)(?<!过)创业(?:公司|企业|初期|阶段|团队|期)|早期(?:项目|企业|阶段|公司)|小微初|新公司|"
            r"新企业|新成立"
        ),
    ),
    (
        "growth",
        re.compile(
            r"成长(?:期|型|阶段|中)|快速(?:成长|发展|增长)|发展(?:期|阶段|很快)|高速(?:成长|增长|"
            r"发展)|上升期|扩张期|(?:正在|在)(?:快速)?(?:成长|放量|扩张)|爬坡"
        ),
    ),
    (
        "mature",
        re.compile(
            r"成熟(?:期|企业|阶段|型)|稳定期|(?:已经|比较|很|都|发展|算|挺|早就?|现在)(?:比较)?成熟(?!的?技术|度)|"
            r"准备(?:上市|ipo)|拟上市|老牌|行业龙头|稳定经营|很稳了?$|^稳得很"
        ),
    ),
)
_ORG: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "new_rd_institution",
        re.compile(
            r"新型研发机构|新研机构|(?:我们|咱们?|我)(?:是|这|单位是|属于)?[^,，。你]{0,8}研究院(?!的老师|"
            r"老师|教授)|产业(?:技术)?研究院"
        ),
    ),
    (
        "university_lab",
        re.compile(
            r"(?:大学|高校|学院|重大|西大|科研院所|研究所|中科院|理工|学校|重邮|西南大学|重庆大学|"
            r"陆军军医大|重医)[^,，。]{0,6}(?:老师|教授|团队|实验室|课题组|教师|研究员|博士生|"
            r"科研人员|成果)|(?:高校|大学|院所|科研院所|学校)(?:的)?(?:科研)?团队|我(?:是|"
            r"在)[^,，。]{0,6}(?:教授|老师|课题组|博导|大学教|高校教)|(?:我们|我|"
            r"咱)(?:的)?(?:课题组|实验室)|教授团队|教授(?:带|的)|大学老师|课题组|高校院所"
        ),
    ),
    (
        "individual",
        re.compile(
            r"个体(?:工商)?户|个体(?:经营|工商)|个体(?!化)|我(?:是|就)(?:个)?个人(?!信息|所得)|"
            r"自然人|夫妻店|开(?:个|家|了家)?(?:小店|小餐馆|饭馆|便利店|理发店)"
        ),
    ),
    (
        "company",
        re.compile(
            r"(?:我们|我|咱|是|这)(?:们)?(?:家|是|的|一家|个|就是)*(?:有限)?(?:公司|企业)|有限公司|"
            r"本公司|我司|公司(?=是|做|搞|在|成立|有|刚|20)|股份公司|民营企业|工厂"
        ),
    ),
)
_GREEN = re.compile(
    r"(?:屋顶|分布式|集中式)光伏|(?:风电|光伏|储能|节能)[^,，]{0,3}项目|绿色(?:项目|低碳|产业|环保项目|能源|制造|工厂|债|建筑|改造)|(?:分布式|集中式|屋顶|"
    r"农光|渔光)?光伏(?:发电|电站|项目|板项目|改造|电场)|(?:储能|风电|风力|新能源|充电桩|"
    r"节能|节能环保|环保|碳|氢能|污水处理厂?|生物质|垃圾发电|清洁能源|水电|余热|循环利用|"
    r"充换电|固废|废水|低碳|减排|减碳|碳减排|垃圾焚烧|地热|光热)(?:发电)?(?:电站|项目|"
    r"站(?!点)|改造|工程|建设|基地|技改)|(?:节能|减排|降碳|低碳)(?:改造|项目)|分布式光伏|"
    r"碳中和项目|独立储能"
)
_GREEN_NO = re.compile(
    r"(?:不是|不属于|没有|不算|不做)(?:什么|啥)?(?:绿色|节能|环保|新能源|光伏|储能)(?:项目|"
    r"类)?|绿色[^,，]{0,3}(?:不沾边|没关系|不搭界|无关)"
)


def find_choices(a: Analysis) -> list[Finding]:
    """Every choice that is said; where several purposes or kinds are named, the first of them."""
    out: list[Finding] = []
    for segment in a.segments:
        if segment.others:
            continue
        text = segment.text
        if not asks_about(segment):
            _first("stage", _STAGE, segment, out)
            _first("org_type", _ORG, segment, out)
        _kind(segment, out)
        negative, match = _GREEN_NO.search(text), _GREEN.search(text)
        if negative:
            out.append(
                Finding(
                    "is_green_project",
                    False,
                    segment.start + negative.start(),
                    segment.start + negative.end(),
                )
            )
        elif match and not (
            segment.rule
            or asks_about(segment)
            or re.search(r"什么是|哪些|算不算|是不是|怎么|属于.*吗|算.*吗", text)
        ):
            out.append(
                Finding("is_green_project", True, segment.start + match.start(), segment.start + match.end())
            )
    find_purpose(a, out)
    find_trade(a, out)
    return out


def _first(
    fact: str, table: tuple[tuple[str, re.Pattern[str]], ...], segment: Segment, out: list[Finding]
) -> None:
    if any(f.fact == fact for f in out):
        return
    for value, pattern in table:
        match = pattern.search(segment.text)
        if match:
            if fact == "org_type" and re.match(
                r"(?:的)?(?:认定|条件|是什么|政策|怎么|有哪些|要求|标准)", segment.text[match.end() :]
            ):
                continue
            if (
                fact == "org_type"
                and value != "company"
                and re.search(
                    r"不是(?:一个|什么|个)?$|合作|跟$|和$|与$|给$|面向$|针对$|支持$|对$|毕业|来自|供应|客户",
                    segment.text[max(0, match.start() - 5) : match.start()],
                )
            ):
                continue
            out.append(Finding(fact, value, segment.start + match.start(), segment.start + match.end()))
            return


def _kind(segment: Segment, out: list[Finding]) -> None:
    known = next((f for f in out if f.fact == "funding_kind"), None)
    if known is not None and known.value != "loan":
        return
    for value, pattern in _KIND:
        for match in pattern.finditer(segment.text):
            if _KIND_NO.search(segment.text[: match.start()]) or (known is not None and value == "loan"):
                continue
            if re.match(
                r"(?:融资|合作)?(?:坚决|绝对|肯定|死活|我们?|就|也|都)*(?:不让|不干|不出|不给|不卖|没门|不考虑|不要|不行|免谈|就?算了|不想|不做|没兴趣)",
                segment.text[match.end() :],
            ):
                continue
            if known is not None:
                out.remove(known)
            out.append(
                Finding("funding_kind", value, segment.start + match.start(), segment.start + match.end())
            )
            return
