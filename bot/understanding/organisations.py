"""What sort of organisation the firm is, and how far it has come."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about
from bot.understanding.segments import Segment

_Table = tuple[tuple[str, re.Pattern[str]], ...]

_NOT_YET = r"(?:还|都|也|暂时?|目前|现在|尚)*(?:没有?|没得|未|没去)(?:正式|去|来得及)?"
_FOUNDS = r"(?:注册|成立|开|办|设立|搞|拿|register\w*|incorporat\w*)"
STAGE: _Table = (
    (
        "lab",
        re.compile(
            rf"(?:公司|企业|主体|执照|工商){_NOT_YET}(?:有)?{_FOUNDS}|{_NOT_YET}{_FOUNDS}(?:个|"
            rf"自己的)?(?:公司|企业|主体)|"
            rf"^(?:我们|公司)?{_NOT_YET}(?:注册|成立|register\w*)(?:呢|嘛|哦|好|下来)?$|"
            r"(?:还)?没(?:有|得)?(?:公司|注册公司|企业主体)(?!.{0,3}抵押)|还在实验室|"
            r"实验室(?:阶段|里的?|里头|成果|出来|研究|样品|样机)|没出实验室|lab[- ]?stage|"
            r"(?:成果|技术|专利)(?:想|要|准备|还没|未|待|如何|怎么|能不能)?(?:转化|产业化|落地)(?!了|率|"
            r"资金|基金)|在实验室|"
            r"没成立公司|概念验证|只有(?:个)?(?:成果|技术|样机|想法)|公司(?:都)?还没(?:得|有|影|着落|$)"
        ),
    ),
    (
        "seed",
        re.compile(
            r"刚刚?(?:起步|成立|创业|创办|注册|开(?:张|业|公司|起来)|搞起来|做起来)|刚刚?开始(?=做|干|搞|"
            r"创|经营|运营|起步|$|[,，。的])|"
            r"才起步|才刚(?=起步|开|成立|注册|做|创|搞|$)|起步阶段|起步期|种子(?:期|阶段)|算种子|"
            r"(?:pre-?)?seed[- ]stage|"
            r"(?:还)?(?:没有?|没得|无|零|没啥|没什么|暂无|还未有|没产生|没形成|没做出)(?:任何|什么|啥|产生|"
            r"形成)?"
            r"(?:营收|收入|营业收入|销售(?!人|团队|部)|流水|订单收入)|"
            r"(?:营收|收入)(?:还|也|都|目前)*(?:没有|没得|为零|是零|为0|是0|零)|没开张|pre-?revenue"
        ),
    ),
    (
        "startup",
        re.compile(
            r"初创|(?<!过了)(?<!过)创业(?:公司|企业|初期|阶段|团队|期)|早期(?:项目|企业|阶段|公司)|小微初|"
            r"(?<![高创])新(?:公司|企业)(?!所得)|新成立|start-?up|early[- ]stage"
        ),
    ),
    (
        "growth",
        re.compile(
            r"成长(?:期|型|阶段|中)|快速(?:成长|发展|增长)|发展(?:期|阶段|很快)|高速(?:成长|增长|发展)|"
            r"上升(?:期|阶段)|扩张(?:期|阶段)|"
            r"(?:正在|在)(?:快速)?(?:成长|放量|扩张)|爬坡|growth[- ]stage"
        ),
    ),
    (
        "mature",
        re.compile(
            r"成熟(?:期|企业|阶段|型)|稳定期|(?:已经|比较|很|都|发展|算|挺|早就?|"
            r"现在)(?:比较)?成熟(?!的?技术|度)|"
            r"准备(?:上市|ipo)|拟上市|老牌|行业龙头|稳定经营|很稳了?$|^稳得很|matured? (?:stage|company)"
        ),
    ),
)
_BARE_STAGE: _Table = (
    ("lab", re.compile(r"实验室|小试|样机|论文|没(?:得|有)?公司|成果|想法|图纸")),
    (
        "seed",
        re.compile(r"种子|起步|刚(?:开始|成立|注册|做|搞|办)|天使|没(?:有|得)?(?:营收|收入)|没出来|没上市"),
    ),
    ("startup", re.compile(r"初创|创业|早期|初期|前期")),
    ("growth", re.compile(r"成长|发展|上升|扩张|快速|增长|放量|上量|爬坡|高速")),
    ("mature", re.compile(r"成熟|稳定|平稳|老(?:企业|公司|厂)|定型|很稳|稳当")),
)
"""What a bare answer to 「处于什么阶段」 names."""
_ANOTHER = re.compile(r"(?:技术|工艺|产品|市场|方案|行业|模式|团队|客户|赛道)[^,，。]{0,4}$")
"""Whose growth or maturity is spoken of, if not the firm's."""

_SCHOLAR = r"(?:老师|教授|团队|实验室|课题组|教师|研究员|博士生|科研人员|成果|lab\b)"
_ORG: _Table = (
    (
        "new_rd_institution",
        re.compile(
            r"新型研发机构|新研机构|new r ?& ?d institut|"
            r"(?:我们|咱们?|我)(?:是|这|单位是|属于)?[^,，。你]{0,8}研究院(?!的?老师|教授)|"
            r"产业(?:技术)?研究院"
        ),
    ),
    (
        "university_lab",
        re.compile(
            r"(?:大学|高校|学院|重大(?!项目|违|专项|科技|失)|西大|科研院所|研究所|中科院|理工|学校|重邮|"
            r"重医|university)"
            rf"[^,，。]{{0,6}}{_SCHOLAR}|(?:高校|大学|院所|学校)(?:的)?(?:科研)?团队|"
            r"我(?:是|在)[^,，。]{0,6}(?:教授|老师|课题组|博导|大学教|高校教)|(?:我们|我|"
            r"咱)(?:的)?(?:课题组|实验室)|"
            r"教授团队|教授(?:带|的)|大学老师|课题组|高校院所|团队是高校|university lab|research group"
        ),
    ),
    (
        "individual",
        re.compile(
            r"个体(?:工商)?户|个体(?:经营|工商|执照)|个体(?!化)|我(?:是|就)(?:个)?个人(?!信息|所得)|"
            r"自然人|夫妻店|开(?:个|家|了家)?(?:小店|小餐馆|饭馆|便利店|理发店)"
        ),
    ),
    (
        "company",
        re.compile(
            r"(?:我们|我|咱|是|这)(?:们)?(?:家|是|的|一家|个|就是)*(?:有限)?(?:公司|企业)|"
            r"有限(?:责任)?公司|股份(?:有限)?公司|责任公司|"
            r"本公司|我司|公司(?=是|做|搞|在|成立|有|刚|20)|股份制|民营企业|民企|国企|合伙企业|工厂"
        ),
    ),
)
_TOPIC = re.compile(r"(?:的)?(?:认定|条件|是什么|政策|怎么|有哪些|要求|标准)|(?:合作|共建|联合|孵化|授权)")
_WITH = re.compile(
    r"不是(?:一个|什么|个)?$|合作|联合|依托|聘请?|请了?$|委托|跟$|和$|与$|给$|面向$|针对$|支持$|对$|毕业|"
    r"来自|供应|客户|服务"
)
"""What stands before somebody else's institution."""
_WAS = re.compile(r"(?:原来|以前|之前|当初|当时|最早|早先|起初|开始|原先|前几年)[^,，。]{0,8}$")
_BECAME = re.compile(r"^[^,，。]{0,2}(?:升|转|变|改)(?:级|为|成|制|企|型|公司)")
_FIRM_STANDS = re.compile(
    r"公司(?:已经?|早就?|刚刚?|去年|今年|前年|也|都|\d+年)*(?:(?:注册|成立|登记|设立)(?=[在于了过满\d]|$)|"
    r"开起来|办下来|落地)|"
    r"(?:注册|成立|开|办)了(?:个|家|一家)?公司"
)
"""「学校里搞了个实验室,公司注册在高新区」: the firm itself is a company."""


def find_organisation(a: Analysis) -> list[Finding]:
    """``stage`` and ``org_type``."""
    segments = [s for s in a.segments if not s.others and not asks_about(s)]
    stage, form = _stage(a, segments), _form(segments)
    if form is not None and form.value == "university_lab" and (stage is None or stage.value != "lab"):
        stands = _FIRM_STANDS.search(a.text)
        if stands:
            form = Finding("org_type", "company", *stands.span())
    return [found for found in (stage, form) if found is not None]


def _stage(a: Analysis, segments: list[Segment]) -> Finding | None:
    for table in (STAGE, _BARE_STAGE) if a.asked == "stage" else (STAGE,):
        for segment in segments:
            for value, pattern in table:
                match = pattern.search(segment.text)
                if match is None:
                    continue
                before = segment.text[: match.start()]
                firm = value not in ("growth", "mature") or not _ANOTHER.search(before)
                denied = re.search(r"(?:不|没|未)(?:算|是|到|够|太|很)*$", before)
                if firm and not denied:
                    return Finding("stage", value, segment.start + match.start(), segment.start + match.end())
    return None


def _form(segments: list[Segment]) -> Finding | None:
    for segment in segments:
        for value, pattern in _ORG:
            match = pattern.search(segment.text)
            if match is None:
                continue
            before, behind = segment.text[: match.start()], segment.text[match.end() :]
            if _TOPIC.match(behind) or (value != "company" and _WITH.search(before[-5:])):
                continue
            if value == "individual" and (_WAS.search(before) or _BECAME.match(behind)):
                continue
            return Finding("org_type", value, segment.start + match.start(), segment.start + match.end())
    return None
