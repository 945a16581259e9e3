"""Whether the firm can offer collateral: what it owns, what it may pledge, what it has not or has given away.

Patents and other rights are pledged, not mortgaged: they are no collateral.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

FACT = "has_collateral"
_LONGEST = 200
"""Characters of one stretch that are looked at."""

_BUILDING = (
    r"(?:厂房|办公楼|写字楼|综合楼|研发楼|车间|仓库|库房|商铺|铺面|铺子|门面|店面|别墅|公寓|住宅|住房|"
    r"商品房|老房子|新房子|房子|房产|房屋|不动产|物业(?!费)|房(?!贷|租|企|管|间|东|价|补|改)|楼(?!下|上|主|"
    r"里|的))"
)
_GROUND = (
    r"(?:工业用地|土地使用权|自有土地|土地(?!出让|税|增值|局|成本)|地皮|地块|宅基地|块地|亩地|地(?!方|址|"
    r"区|点|铁|税|理|位|推|下))"
)
_ESTATE = f"(?:{_BUILDING}|{_GROUND})"
_MACHINE = (
    r"(?:生产设备|设备|机器|机床|加工中心|生产线|产线|龙门铣|车床|铣床|注塑机|冲床|挖掘机|机台|固定资产|大件|"
    r"货车|车子|车辆|汽车(?=可以|能|拿来)|硬资产|重资产)"
)
_THING = f"(?:{_ESTATE}|{_MACHINE}|厂子|厂)"
_DEED = r"(?:国有土地证|土地使用证|土地证|不动产权?证书?|房产证|房屋产权证|产权证书?|房本|两证|产权)"
_PLEDGE = (
    r"(?:抵[押压](?:物品?|品|资产|担保物|担保|财产)?|押品|担保物|反担保物|collateral|"
    r"(?:可以?|能)?[抵押](?:得出(?:去|来)?|得了|得起|出去|给(?:银行|你们|别人))?的?(?:东西|物件|家当|资产|"
    r"物)|"
    r"(?:可以?|能|够)(?:拿[来去出])?(?:做|用[来于]|作)?[抵押](?:押|得)?的?)"
)
_GIVE = (
    r"(?:抵[押压](?!贷|率|担保贷)|作抵|做抵|(?<![质抵])押(?!金|韵|题|车|运)|抵(?!押|压|扣|税|达|账|消|债|"
    r"制|触|御|免|用券|不|得过|减|挡|抗))"
)
_NOT_FREE = r"(?:出去|给|过(?![^,，]{0,2}的东西)|掉|在(?:银行|别|哪)|登记|出过)"
_EMPTY = (
    r"(?:还?没有?(?!问题|关系|事)|没得|莫得|么得|冇得?|木有|并无|暂无|无(?!论|所|法)|毫无|缺少?|缺乏|零|"
    r"哪[来有](?:的|啥)?|哪[里儿]有|哪得|拿啥子?|拿什么|"
    r"不具备|谈不上)"
)
_GIVES_NONE = (
    r"(?:(?:拿|提供|给|找|凑|搞|弄|整)(?:不出来?|不了|不到|不起)|(?:无法|没法|没办法|不能|没能力)(?:提供|"
    r"拿出))"
)
_SOME = (
    r"(?:什么|啥子?|撒子|任何|够|足额|足够|足值|合适|像样|值钱|多余|自己|自有|其他|其它|别的|传统|实物|好|"
    r"一[点个样套间件]|半[点件个]|"
    r"东西|资产|办法|的|得|可供|拿得出手|能拿得出|正经|不动产|硬|拿[来去]|用[来于]|做|可以?|能|来|去|"
    r"给银行|银行)*"
)
_ADVERB = (
    r"(?:也|都|是|还|真|就|确实|实在|的确|全|一[样概件个点]|统统|目前|现在|暂时|基本|肯定|我们?|咱们?|"
    r"公司|屋头|"
    r"这[块边头样]|那[块边头]|方面|的话|呢|嘛|啊|吧|的|东西|倒|可能|怕是|[,，、? :])*"
)

_NONE = re.compile(
    # 没得抵押, 没啥能押的, 哪来的抵押嘛, 拿不出抵押物
    rf"(?:{_EMPTY}|{_GIVES_NONE}){_SOME}(?:{_ESTATE}|{_MACHINE}|"
    rf"[、和跟与或])*{_SOME}{_PLEDGE}(?!{_NOT_FREE}|率|"
    rf"贷款?(?!不)|的?(?:信用贷|产品|贷|融资))"
    rf"|{_EMPTY}{_SOME}{_THING}{_SOME}(?:可|能|来|去|拿)*{_GIVE}(?!{_NOT_FREE})"
    # 抵押物没有, 抵押的东西一概没有, 抵押?莫得
    rf"|{_PLEDGE}{_ADVERB}(?:没有?得?(?!问题|关系|事|要求|[抵押过到被]|用|毛病|人|限制)|没了|莫得|莫法|"
    rf"无(?=$|[,，。 ])|为?零|为0|"
    rf"{_GIVES_NONE}|不[够足]|不行|谈不上|缺)"
    # 啥都抵不了, 没法押, 不让抵
    rf"|[抵押]不(?:了|成|起|出来?|出去)|(?:没法|没办法|无法|(?<!能)不能|不让|不给)(?:去|来|做)?(?:抵|押)"
)
_NOT_ANY = re.compile(
    r"\b(?:no|without|zero|lack(?:ing|s)?|don'?t have)(?: any)? ?(?:collateral|property|real estate)s?|"
    r"没有?collateral|"
    r"\bno (?:assets?|propert(?:y|ies)) to (?:pledge|mortgage)|asset-?light"
)
_NOTHING = re.compile(
    # 没房没厂, 房子没得厂房也没得, 房子厂房都没有
    rf"(?:{_EMPTY}|既没有?|也没有?){_SOME}(?:{_ESTATE}|{_MACHINE}|厂子|厂|车)[、,， ]?(?:也|又|"
    rf"还)?(?:{_EMPTY}){_SOME}(?:{_ESTATE}|{_MACHINE}|厂子|厂|车)"
    rf"|{_THING}(?:[、和跟与, ]|还有|这些)*{_ADVERB}(?:没有?|没得|莫得)(?:[,，、 ]|"
    rf"也)*{_THING}{_ADVERB}(?:没有?|没得|莫得)"
    rf"|{_ESTATE}(?:[、和跟与, ]|还有|或者?)*{_THING}{_ADVERB}(?:没有?|没得|莫得)(?!租|抵|押)"
    rf"|(?:没有?|没得|莫得|无)(?:自己的|自有的?|任何|什么|啥|一[套间栋])*(?:厂房|房产|房子|不动产|固定资产|"
    rf"自有物业|重资产|产权)(?=$|[,，。、 也和跟])"
    rf"|^(?:我们?|公司|也|自己的?)*(?:厂房|房产|房子|不动产|固定资产){_ADVERB}(?:没有?|没得|莫得)(?:了|的|"
    rf"买)?$"
    # 轻资产, 除了电脑啥都没有
    r"|^(?:我们?|咱们?|公司|企业|是|属于|这种|这类|典型的?|就是|都是|做软件的|纯)*轻资产(?:公司|企业|运营|"
    r"模式|型|的|嘛|啊|哈|呢|类|行业)*$"
    r"|除了[^,，。]{1,10}[,，]?(?:其他|别的|剩下|什么|啥子?|撒子|的)*(?:都|也|一概|一样|统统)(?:没有?|没得|"
    r"莫得)(?:了|的)?$"
    # 厂房是租的
    rf"|(?:厂房|房子|厂子|场地|土地|车间|办公室|办公场地)(?:设备|土地|房子|厂房|[、和跟])*(?:都|全|也|是|"
    rf"全部|还)*租(?:的|来的|起的?|赁的)(?:嘛|哦|了)?$"
)
_GONE = re.compile(
    # 厂房抵给农行了, 都押出去了, 房子已经卖了
    rf"(?:{_ESTATE}|{_MACHINE}|{_DEED}|厂子|东西|资产|(?:能|可以?)[抵押]押?的|有点|一套|两套|一间|抵押物|"
    rf"^)[^,，没不可能想要愿]{{0,6}}"
    r"(?:都|全|全部|也|已经?|早|就|还|刚|去年|前年|之前|统统|被|在)+[^,，没不可能想要愿]{0,6}"
    rf"(?:抵[押压]?|押)(?:出去|完|给\w{{1,8}}|掉|在\w{{1,8}}|光|满|了){{1,2}}了?"
    rf"|(?:{_ESTATE}|{_MACHINE}|厂子)(?:抵[押压]?|押)(?:出去|完|给\w{{1,6}}|掉|在\w{{1,6}}|光)?了(?!能|可以)"
    rf"|{_ESTATE}[^,，没不想要]{{0,6}}(?:卖|处理)(?:掉|出去|光)?了|(?:{_DEED}|{_ESTATE}|"
    rf"{_MACHINE})[^,，没不想要]{{0,3}}在[^,，]{{1,6}}[抵押]着"
    r"|(?:已经?|都|早就?|全|全部)(?:卖|处理|变现|转让|过户)(?:出去|掉|光|给\w{1,6})?了"
)
_FREE = re.compile(
    rf"(?:没有?|未|从没|从未|没得|不曾|尚未)(?:做|办|设|上|被|拿去?)?(?:任何|过)?{_GIVE}{_NOT_FREE}|"
    rf"(?:没有?|未|无)(?:设定|设立|办理?|上|"
    rf"做)过?抵押|未抵押|无抵押登记|没有?按揭|按揭还(?:完|清)"
)
_LEFT = re.compile(
    rf"(?:还[剩有]|另外|剩下|剩余|其余|还可以|可以二押|残值|余值)[^,，没不]{{0,8}}(?:{_THING}|{_GIVE})"
)
_CAN = (
    r"(?:可以?|能够?|愿意?|肯|同意|拿[来去出]|用[来于作]?|作|做|来|随时|够|敢|得行|都行|拿得出来|"
    r"想(?:拿|用)|准备(?:拿|用)|打算(?:拿|用))"
)
_MAY_PLEDGE = re.compile(
    rf"{_THING}[^,，没不未无租]{{0,12}}{_CAN}[^,，没不未无]{{0,5}}{_GIVE}(?!不|率|得)"
    rf"|(?:有|拿|用|以|将|把|提供|{_CAN})[^,，没不未无租]{{0,8}}{_THING}[^,，没不未无]{{0,4}}(?:{_CAN}|为|"
    rf"给[^,，]{{1,4}})*[^,，没不未无]{{0,2}}{_GIVE}(?!不|率|出去了|给\w+了)"
    rf"|(?:可以|能|愿意|拿得出|肯)(?:提供|出|拿出|给|做|办)?(?:一[些点]|部分|足额|足够|足值|足量|充足|"
    rf"银行认可|实物|相应|等值|的)*(?:{_ESTATE}|"
    rf"{_MACHINE})?(?:来|去|做)?抵[押压](?!率)"
    rf"|(?:可以?|能)(?:拿[来去])?(?:用[来于]|做)?(?:抵押?|押)的?(?:东西|资产|物)?(?:就|还|倒|也|只|是)*有|"
    rf"(?:可|能)抵押?的?就?是?(?:一|两|几|我|"
    rf"{_THING})"
    r"|(?:can|could) (?:pledge|mortgage)|(?:have|has|有)(?: some| enough)? ?collateral|as collateral"
)
_SO_OFFERED = re.compile(
    rf"(?:都|也|全|全部|他们?|她|本人|随时|这些|那个)*(?:可以|能|愿意|同意|肯|拿得出来)(?:拿[来去出]|"
    rf"用[来于]|做)?{_GIVE}"
)
"""「(设备评估过,)可以抵」: of property spoken of before."""
_PLENTY = re.compile(
    rf"(?:{_PLEDGE}|抵押这[块方]面?)(?:的?(?:话|呢|嘛|[这那][块边]|[这那]?[个]?方面|[,，]| |资产|"
    rf"东西))*(?:我们?|咱们?|公司|也|都|是|倒|完全|"
    rf"肯定|绝对|还|挺|很|就是说)*"
    r"(?:有(?!没|什么要|啥要|要求|哪|几|多|影响|用|率|问题|风险)|够(?!不|吗)|充足|充裕|足够|足额|足值|"
    r"不(?:缺|愁|少|是问题|成问题)|没(?:得|有)?问题|多得(?:很|"
    r"是)|齐全|好说|管够)"
    rf"|{_GIVE}(?:给(?:银行|你们))?(?:也|都|完全|肯定|是)*没(?:得|有)?问题"
    rf"|(?:我们?|公司|我司|咱们?|手[里上头]|名下|屋头|目前|也|还|,|^)*(?:有|备有|具备|拥有)(?:的是|足额|"
    rf"足够|足值|充足|房产|不动产|厂房|设备|一[些点定]|点|"
    rf"的)*(?:抵[押压]物?品?|押品)(?!率|要求|贷|的?(?:产品|要求))"
)
_OWNER = (
    r"(?:我们?|我司|自己|自家|自个儿?|自有|自|公司|本公司|厂里?|老板|法人|股东|老婆|老公|爱人|家里?|屋头|"
    r"爸妈|父母|个人|实控人|夫妻)"
)
_COUNT = r"(?:\d+[多来]?|[一二两三四五六七八九十几半])[多来]?(?:套|栋|幢|间|层|处|块|亩|座|片|宗)"
_OWNS = re.compile(
    # 厂房是我自己的, 车间是自己盖的, 自己买的厂房
    rf"{_ESTATE}(?:都|全|也|倒|是|系|属于|就|还|用的)*{_OWNER}{{1,2}}(?:们|家)?(?:的|勒|嘞|名下|买|盖|建|"
    rf"修|置|"
    rf"产权|所有|有产权)"
    rf"|{_ESTATE}(?:都|全|也|是|系)*(?:买的|买下来|买断|自有|自建|自购|自持|有证|有(?:独立)?产权|"
    rf"在{_OWNER}{{1,2}}们?名下)"
    rf"|(?:{_OWNER}{{1,2}}们?|前[两几]?年|早年)(?:花钱|全款|出钱)?(?:买|盖|建|修|置|购)(?:了|的|"
    rf"下)+(?:{_COUNT}|"
    rf"新|老|标准)*{_ESTATE}"
    rf"|名下(?:还|也|就|只)*有?(?:{_COUNT}|[\u4e00-\u9fff]{{1,2}}的)?{_ESTATE}|厂子?是{_OWNER}们?的(?:房|"
    rf"地|产)"
    rf"|(?:自有|自建|自购|自持|全款)的?(?:{_ESTATE}|物业)"
    # 有一栋办公楼, 有块工业用地, 有房有厂, 老婆名下有套房, 门面两间, 房产有
    rf"|(?<!没)(?<!租)有(?:自己的|自家的|自有的?|属于自己的|现成的?|{_COUNT}|[块套间栋处点层个片]|些|"
    rf"公司的|大|小|老|新|"
    rf"[\u4e00-\u9fff]{{1,4}}的){{0,3}}(?:{_ESTATE}|房子)(?!屋?租|贷|管局|要|开发|建设|企|产[公企开]|租|面|"
    rf"源)"
    rf"|(?<!没)有(?:房|地)(?:产)?(?:也|又)?有(?:房|厂|地|车|设备)"
    rf"|{_ESTATE}(?:倒|也|是|都|我们?|的话|呢|嘛|就)*有(?:的|{_COUNT}|[两几]|$|[,，。了]|(?:是|的)?有)"
    rf"|^(?:我们?|公司|名下|还有|另有|手里|手上|老|新|[\u4e00-\u9fff]{{1,4}}的){{0,3}}{_ESTATE}(?:有|大概|共|"
    rf"一共)?{_COUNT}(?:在|$)"
    # 产权证都有, 房产证土地证在手
    rf"|{_DEED}(?:[、和跟与]|{_DEED})*(?:也|都|全|早就?|已经?|倒|我们?|公司)*(?:齐|有(?!没|效期|几)|"
    rf"在(?:我|手|公司|屋)|办(?:好|了|下|齐)|"
    rf"拿到|到手|下来|清晰|完整|在)"
)
_RIGHTS = re.compile(
    r"专利|知识产权|知产|商标|软著|著作权|股权|股份|应收|订单|合同|存货|库存|仓单|技术|质押|ip|版权|数据|"
    r"金|保证金|期限"
)
_PLAN = re.compile(
    r"(?:想|准备|打算|计划|需要|缺钱|用于|拟|要|用来|筹备|正在)[^,，]{0,4}(?:买|购|建|盖|修|扩|租|换|搬|造|"
    r"置|拿下|装修)|扩建|新建|[一二三四]期|(?:买|建|盖|"
    r"修|租|装修|扩)(?:新|个|一|间|栋|标准)*(?:厂房|车间|房子|楼|仓库|设备)(?!的?(?:有|都|是|时))|月租|"
    r"租金|房租|看中|面积|搬到|在建"
)
_OFFER = re.compile(
    r"(?:有没有|有没得|有无|哪些|哪种|想要|想找|要(?!抵押我)|求|找|做|办|申请|支持|推荐|介绍|是不是|走|"
    r"来)?[^,，]{0,4}(?:不要|不用|不需要?|无需|无须|免|不看|不|"
    r"免去|无|没有?)(?:任何|提供|实物|房产|要|东西)*抵押(?:物|担保)?的?(?:也能)?(?:信用)?(?:贷|融资|产品|"
    r"方式|方案|的(?:有没有|那种|产品)|有没有|就能|也能|"
    r"可以贷)"
)
_RULED = re.compile(
    r"(?:要不要|需不需要|用不用|有没有|有没得|有无|是不是(?:要|得|必须|需)|是否|必须|一定要|非要|只认|只收|"
    r"要求|需要|"
    r"得有|才能|应该|不要|不用|不需要|不想|无需|免|还要|不愿意?|不肯|不希望|不打算)[^,，]{0,8}(?:抵|押|房|"
    r"厂|设备|不动产|地)"
    r"|要(?:不要)?(?:抵押|房产|押房|拿房|东西抵)(?!我)|怎么抵|咋个?抵|哪(?:些|种|样)[^,，]{0,6}抵"
    r"|什么(?:样的|东西)?(?:可以|能|叫|是|算)?[^,，]{0,4}抵"
)
"""Before what is owned or pledged: whether it is needed, not whether it is there."""
_ASKED_OF = re.compile(
    r"[抵押](?:率|比例)|(?:抵押|房产|设备|厂房|房子|土地)[^,，]{0,4}(?:怎么|咋个?|如何|是什么|包括|哪|几成|"
    r"能不能|可不可以|"
    r"行不行|算不算|认不认|可否|是不是|要不要|能否|需要)|(?:抵押|抵)(?:多少|好多|几)"
)
_TAIL_QUESTION = re.compile(
    r"(?:吗|么|嘛\?|不|没|没有|没得|得不得行|行不行|算不算|可不可以|能不能|可以不)?\?$|(?:吗|么|(?<!要)不)$"
)
_THEN = re.compile(
    r"贷|借|批|额度|多少|好多|利率|利息|条件|产品|怎么|咋|影响|担保|戏|钱|够格|申请|报|行不|得行"
)
_TOPIC = re.compile(
    rf"(?:我们?|公司|那个|嗯|就是说|要说|说到|那|你说|至于|[的话呢嘛]|"
    rf"[\d一二两三四五六七八九十几]+[台套间栋])*(?:{_PLEDGE}|{_THING}|"
    rf"{_DEED})(?:[、和跟与]?{_THING})*(?:的话|呢|嘛|这块|方面|这[个些]|有|吗)*\??"
)


_OURS_AFTER_ALL = re.compile(
    rf"{_OWNER}们?名下|(?:老婆|老公|爱人|父母)(?:的|那|有)|^(?:其[他它]|别的)的?(?:能|可|东西|资产|抵|都|也)"
)
"""Looks like somebody else's affair and is not: 「老婆名下有套房」, 「其他能抵押的东西没有」."""


def _stretches(a: Analysis) -> Iterator[tuple[Segment, int, str]]:
    """Each segment with start and text; one behind a bare topic (「抵押?莫得」) begins with the topic."""
    for segment in a.segments:
        start = segment.start
        before = a.segment_before(segment)
        while before is not None and segment.end - before.start <= 40 and _TOPIC.fullmatch(before.text):
            start = before.start
            before = a.segment_before(before)
        yield segment, start, a.text[start : min(segment.end, start + _LONGEST)]


def find_collateral(a: Analysis) -> list[Finding]:
    """``has_collateral``, at most once. What may be pledged outweighs what is lacking
    (「没房,但设备可以抵」); what is given away counts as lacking, unless something is left."""
    said: dict[str, Finding] = {}
    spoken = False
    if english := _NOT_ANY.search(a.text):
        said["none"] = Finding(FACT, False, *english.span())
    for segment, start, text in _stretches(a):
        if segment.others and not _OURS_AFTER_ALL.search(text):
            continue
        if segment.rule and segment.question:
            continue
        for kind, match in _said_in(text, a, spoken):
            said.setdefault(
                kind, Finding(FACT, kind in ("left", "held"), start + match.start(), start + match.end())
            )
        spoken = spoken or re.search(f"{_THING}|{_DEED}|[抵押]", text) is not None
    for kind in ("left", "gone", "held", "none"):
        if kind in said:
            return [said[kind]]
    return _replied(a) if a.asked == FACT else []


_REPLY_NO = re.compile(
    r"(?:没|莫得|无)[^,，]{0,4}(?:值钱|东西|可以抵|像样)|啥子?都(?:没|莫)|什么都没|(?:拿|提供|给|找|"
    r"凑)不(?:出|了|到)|"
    r"^(?:这[个块]|那[个块]|我们?|公司|目前|现在|还|真|确实|实在|的|是|也|都|暂时)*(?:没有?|没得|"
    r"莫得)(?:哦|啊|呢|的|嘛|了)*(?:$|[,，。 ])|轻资产|"
    r"租的|"
    r"光杆|只有(?:人|技术|专利|脑)|(?:卖|处理)(?:掉|出去)?了"
)
_REPLY_YES = re.compile(
    rf"^(?:这[个块]|我们?|公司|都|也|倒)*(?:有的?(?:是|有)|可以(?:提供|的|拿)|能(?:提供|拿)|拿得出|"
    rf"有[啊哦嘛噻的些点]|不缺|没(?:得|有)?问题)|"
    rf"{_COUNT}{_ESTATE}|^(?:就|只|也就|还)?(?:一|两|几|老|自己的?){_ESTATE}$"
)


def _replied(a: Analysis) -> list[Finding]:
    """A reply to 「有没有可以抵押的房产、土地、设备」 that names none of them."""
    for value, pattern in ((False, _REPLY_NO), (True, _REPLY_YES)):
        match = pattern.search(a.text)
        if match and not re.search(r"吗$|\?$|算不算|行不行|可不可以|能不能|认不认|可以不|要不要", a.text):
            return [Finding(FACT, value, *match.span())]
    return []


def _said_in(text: str, a: Analysis, spoken: bool) -> Iterator[tuple[str, re.Match[str]]]:
    """What one stretch says: ``left``, ``gone``, ``held`` or ``none``.

    Args:
        spoken: whether property was spoken of before.
    """
    if not re.search(f"{_THING}|{_DEED}|[抵押]|collateral|pledge|资产|担保物|没|啥|租|卖", text):
        return
    if _OFFER.search(text) and not re.search(r"我们?没|没得|莫得|拿不出", text):
        return
    asks = _TAIL_QUESTION.search(text) is not None
    if (left := _LEFT.search(text)) and not _RULED.search(text):
        yield "left", left
        return
    free = _FREE.search(text)
    if free and (spoken or a.asked == FACT or re.search(f"{_ESTATE}|{_DEED}|{_MACHINE}", text)):
        yield "held", free
        return
    about = re.search(f"[抵押]|{_ESTATE}", text) is not None or spoken or a.asked == FACT
    gone = _GONE.search(text)
    if gone and about and not asks and not _RIGHTS.search(text):
        yield "gone", gone
        return
    none = _NONE.search(text) or _NOTHING.search(text)
    if none and not re.search(
        r"有没有?|有没得|要不要|需不需要|用不用|是不是|是否|如何|^[抵押]押?(?:物|品)?(?:吗|没有?)\?$", text
    ):
        yield "none", none
        return
    if re.search(r"以后|将来|今后|等(?:我|公司|厂|有)|哪天", text):
        return
    held = _MAY_PLEDGE.search(text) or _PLENTY.search(text)
    if held is None and spoken:
        held = _SO_OFFERED.match(text)
    owns = None if held or _PLAN.search(text) or "租" in text else _OWNS.search(text)
    held = held or owns
    if (
        held is None
        or _RULED.search(text[: held.end()])
        or _ASKED_OF.search(text)
        or (_RIGHTS.search(text) and not re.search(_THING, text))
    ):
        return
    if asks and not (
        _THEN.search(text[held.end() :]) and re.search(r"我|公司|咱|有|自己", text[: held.end()])
    ):
        return
    if re.match(r"[^,，]{0,4}(?:[说写填记搞弄]错|不对)", text[held.end() :]):
        yield "none", held
        return
    yield "held", held
