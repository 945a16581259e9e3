"""The firm's own words for its trade: 做芯片的, 工业软件公司, or at the head of a list of facts."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.moods import asks_about

_INDUSTRY = re.compile(
    r"(?:^|行业(?=是)|我们?|我司|公司|企业|咱们?|这边|那边|开始|团队|厂子|是|主要|主营|专门|一直|就是|现在|家|目前|在|厂|单位|"
    r"[,，])(?:是)?(?:搞|做|干|从事|主营(?:业务)?(?:是|为)?|行业[是为]|写(?=软件|代码|程序|系统|app|小程序)|弄|生产|经营|专做|整|研发|主做|"
    r"主打|卖|开发|属于)(?:的是|的|是|了|点|"
    r"一些)?(?P<a>[\u4e00-\u9fffa-z0-9+]{2,12}?)(?:这块|这一块|这行|行业|领域|这方面|方面|"
    r"生意|产业|方向|研发|生产|加工|产品)?(?:的(?!时候|项目|贷款|成果)|$|"
    r"(?=[,，。;!]))(?:公司|企业|厂|团队|小公司|科技公司)?"
    r"|(?:^|是|我们|咱们|家|我们是|我们公司是|属于|一家|个)(?:一?[家个]|家|我们)?(?:做|"
    r"搞)?(?P<b>[\u4e00-\u9fffa-z]{2,8}?)(?:行业|领域|赛道|产业)(?:的)?(?:$|[,，。]|公司|"
    r"企业|这|,)"
    r"|(?:^|是|我们|家|一家|个|公司)(?P<c>芯片|半导体|集成电路|生物医药|医疗器械|新材料|"
    r"软件|人工智能|机器人|工业机器人|新能源|装备制造|智能制造|物联网|大数据|云计算|"
    r"新能源汽车|汽车电子|传感器|无人机|检测|ai|生物科技|航空航天|光电|电子信息|工业软件|"
    r"自动驾驶|智能网联|激光|医药|节能环保|汽车零部件)(?:的)?(?:公司|企业|厂|团队|初创|类|"
    r"项目)"
)
_NOT_INDUSTRY = re.compile(
    r"贷|融资|担保|什么|啥|生意|公司|企业|我|你|咨询|好|大|小|事|研发$|(?<!机器)人$|高新|申请|"
    r"实验|老师|哪|怎么|流动|周转|设备$|扩产|订单|万|项目|技术的?$|钱|销售|财务|股|质押|发明|"
    r"专利|软著|抵押|得|完|这个|那个|不|没|了$|[一二三四五六七八九十两\d](?:年|个|项)|科研|"
    r"^\d+$|成果|检查|投资|规划|准备|测算|评估|积分|技改|改造|产品$|转化"
)


def find_trade(a: Analysis, out: list[Finding]) -> None:
    """The firm's own words for its trade, in the original spelling."""
    for segment in a.segments:
        if segment.others or asks_about(segment):
            continue
        for match in _INDUSTRY.finditer(segment.text):
            name = match["a"] or match["b"] or match["c"]
            if name and not _NOT_INDUSTRY.search(name):
                at = segment.start + match.start(match.lastgroup or 0)
                out.append(Finding("industry", name, at, at + len(name)))
                return
    _trade_first(a, out)


_TRADE = re.compile(
    r"(?:(?:你好|您好|嗨|hi|老师|本公司|我司|我们|公司)*(?:属于?|系|行业(?:类别)?(?:是|填的是|为|:)?|主业(?:是|系|为))?)?"
    r"(?P<name>[\u4e00-\u9fffa-z()]{2,14}?)(?:行业|公司|企业|厂|平台|方向|运营商|研发|制造|生产|服务)?"
)
_NO_TRADE = re.compile(
    r"^[^\u4e00-\u9fffa-z]*$|[我你他急用缺想要有没得是在贷借融万亿元年月个人项件吗呢吧了的不能可多少几]|注册|高新区|科学城|公司$|成立|"
    r"员工|营收|收入|利润|专利|软著|抵押|资产|负债|税|积分|高企|股|金|老厂|情况"
)


def _trade_first(a: Analysis, out: list[Finding]) -> None:
    """「石墨烯散热膜,8年,贷款420万」: a list of facts often begins with the trade alone."""
    if len(a.segments) < 2 or not a.quantities or a.segments[0].question:
        return
    for segment in a.segments[:2]:
        match = _TRADE.fullmatch(segment.text)
        known = any(segment.start <= t.start < segment.end for t in a.terms)
        if match and not known and not _NO_TRADE.search(match["name"]):
            at = segment.start + match.start("name")
            out.append(Finding("industry", match["name"], at, at + len(match["name"])))
            return
