"""Facts that are one of a few values: purpose, kind of funding, stage, kind of organisation, grades;
green; industry."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

_PURPOSE: tuple[tuple[str, re.Pattern[str]], ...] = (
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
_KV_GRADE = re.compile(
    r"知识?价(?:值)?(?:信用)?(?:贷款?|评价|评级|等级|"
    r"信用)*[^,，。?吗怎几多]{0,10}?(?<![a-z])([a-e])(?![a-z+\d])\s*(?:级|档|等|类)?|(?:信用|"
    r"授信|价值)(?:等级|评级|评价)[^,，。?税怎几]{0,6}?(?<![a-z])([a-e])(?![a-z+\d轮])(?:级|档|"
    r"等)?|(?:我们?|公司|咱)[^,，。?税]{0,4}(?:评了|评的是|评到了?|评为|拿了|定为|是)个?([a-e])(?:级|档|等)"
)
_TAX_GRADE = re.compile(
    r"(?:纳税|税务|税收|报税|税)(?:信用|人|的)?(?:等级|评级|信用|评价|级别|评的?|"
    r"那边)*[^,，。?怎几]{0,6}?(?<![a-z])([abcdm])(?![a-z+\d轮])\s*(?:级|类|等|档)?|"
    r"(?<![a-z])([abcdm])级(?:的)?(?:纳税|税务)"
)
_MOVED = re.compile(r"(?:恢复|升|降|变|调|评)(?:到|成|为|回)了?([a-em])(?![a-z轮])")
_GRADE_RULE = re.compile(
    r"需要|要求|必须|才能|才行|至少|以上(?:才|吗)|要(?:达到|是)|哪些|分为|五级|分几|都要|得要|"
    r"得是|a到e|abcde|是不是|对应|怎么评|如何评|区别|不同"
)
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


def _asks_about(segment: Segment) -> bool:
    return segment.question and not re.search(
        (
            r"我|咱|公司|想|要|能贷|可以贷|可以申请|可以办|可不可以|能不能|能申请|能办|能借|"
            r"能不能贷|的能|(?:可以|能)[弄搞]"
        ),
        segment.text,
    )


def find_choices(a: Analysis) -> list[Finding]:
    """Every choice that is said; where several purposes or kinds are named, the first of them."""
    out: list[Finding] = []
    for segment in a.segments:
        if segment.others:
            continue
        text = segment.text
        if not _asks_about(segment):
            _first("purpose", _PURPOSE, segment, out)
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
            or _asks_about(segment)
            or re.search(r"什么是|哪些|算不算|是不是|怎么|属于.*吗|算.*吗", text)
        ):
            out.append(
                Finding("is_green_project", True, segment.start + match.start(), segment.start + match.end())
            )
        _grades(segment, out)
    _loose_purpose(a, out)
    _industry(a, out)
    return out


def _loose_purpose(a: Analysis, out: list[Finding]) -> None:
    wished = len(a.text) <= _BRIEF or _WISH.search(a.text)
    if any(f.fact == "purpose" for f in out) or not wished:
        return
    money = any(q.kind == "money" for q in a.quantities)
    for value, pattern in _LOOSE_PURPOSE:
        for segment in a.segments:
            if segment.others or segment.what_if or (_asks_about(segment) and not money):
                continue
            match = pattern.search(segment.text)
            if match:
                start = segment.start + match.start()
                out.append(Finding("purpose", value, start, segment.start + match.end()))
                return


def _first(
    fact: str, table: tuple[tuple[str, re.Pattern[str]], ...], segment: Segment, out: list[Finding]
) -> None:
    if any(f.fact == fact for f in out):
        return
    if fact == "purpose" and (both := re.search(r"研发(?=[和跟、与及](?!管理|技术))", segment.text)):
        out.append(Finding(fact, "rd", segment.start + both.start(), segment.start + both.end()))
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


def _grades(segment: Segment, out: list[Finding]) -> None:
    text = segment.text
    if re.search(r"是啥|什么意思|啥意思|(?:能不能|怎么|咋)[升提]", text) and not re.search(
        r"我|公司|咱", text
    ):
        return
    if _GRADE_RULE.search(text) and not re.search(r"我们?|公司|评了|评的是", text):
        return
    tax = _TAX_GRADE.search(text)
    if (
        tax
        and re.match(r"[^,，]{0,4}(?:有|是)?(?:啥|什么|哪|怎|咋)", text[tax.end() :])
        and not re.search(r"我|公司|咱", text)
    ):
        return
    if tax and (moved := _MOVED.search(text, tax.start())):
        start = segment.start + moved.start(1)
        out.append(Finding("tax_grade", moved[1].upper(), start, start + 1))
        return
    if tax:
        out.append(
            Finding(
                "tax_grade",
                (tax[1] or tax[2]).upper(),
                segment.start + tax.start(),
                segment.start + tax.end(),
            )
        )
        return
    known = next((f for f in out if f.fact in ("tax_grade", "knowledge_value_grade")), None)
    moved = _MOVED.search(text) if known else None
    if known and moved:
        start = segment.start + moved.start(1)
        out.append(Finding(known.fact, moved[1].upper(), start, start + 1))
        return
    match = _KV_GRADE.search(text)
    if match:
        out.append(
            Finding(
                "knowledge_value_grade",
                (match[1] or match[2] or match[3]).upper(),
                segment.start + match.start(),
                segment.start + match.end(),
            )
        )


def _industry(a: Analysis, out: list[Finding]) -> None:
    """The firm's own words for its trade, in the original spelling."""
    for segment in a.segments:
        if segment.others or _asks_about(segment):
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
