"""Whether a bank is ready to lend: what it or its people are said to have promised or refused.

A refusal that lies behind (被拒, 没批下来) says nothing of what banks will do, unless it answers
the question.
"""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding

FACT = "bank_will_lend"
_LONGEST = 200
"""Characters of one segment that are looked at."""

BANK = (
    r"(?:[工农中建交招邮]行|[\u4e00-\u9fff]{2}农商行?|农商行|重农商|三峡银行|重庆银行|"
    r"[\u4e00-\u9fff]{0,4}银行|邮储|民生|浦发|"
    r"兴业|平安|中信|光大|华夏|恒丰|浙商|渝农|哈行|支行|分行|信用社|行里|行方|资金方|放款方|金融机构|"
    r"(?:客户|信贷|支行|银行|[工农中建交招]行|对公)经理|行长|信贷员|信贷部|审贷会|贷审会|\bbanks?\b)"
)
_OF_BANK = (
    r"(?:那边|那头|那里|方面|的?(?:人|客户经理|经理|行长|信贷员|信贷部|领导|老师|主任)|说|讲|表示|口头|"
    r"意思是|都|也|已经?|早就?|倒是?|主动|刚|这[边次]|对我们|"
    r"给我们|跟我们|跟我|今天|昨天|上周|前天|,|，| )*"
)
_AGREES = (
    r"(?:(?<!不)(?<!没)愿意?(?:放|贷|给|借|做|批|支持|授信|合作|接|$|[,，。])|(?:同意|答应|承诺|"
    r"肯)(?!了?吗|不)(?:了|我们?|给|放|贷|批|借|做|授信|"
    r"支持|$|[,，。下])|点头|松口|"
    r"拍[了]?板|批复|(?:审批|贷审会|审贷会|授信|评审|上会|预审)(?:都|已经?)?(?:通过|过了|下来|批了)|过会了?|"
    r"批(?:了|下来|得下来|得到|给我们)|已批|给批|(?:说|讲|表示)(?:是|就|都)?(?:可以|能|行|得行|要得|"
    r"没(?:得|有)?问题|ok|好说|没意见|愿)|(?:基本)?没(?:得|"
    r"有)?问题(?:$|[,，。了的])|"
    r"(?:额度|授信|预授信|意向(?:书|函)?)(?:都|也|已经?)*(?:给了|批了|出了|下来|有了|签了|发了)|"
    r"给了?[^,，没不]{0,6}(?:额度|授信|意向)|(?:出|发|"
    r"签)(?:具|了)*[^,，没不]{0,3}意向|"
    r"(?:说|谈)(?:好|妥|定|成)|敲定|搞定|对接好|(?:主动|找上门|追着|都想)[^,，没不]{0,8}(?:放款?|贷|借|授信)|"
    r"(?:可以|能|要|准备|马上|会|就)(?:给我们?|给|马上|直接)?(?:放款?|贷给|贷款给|批给|授信)|"
    r"(?:只要|只差|就差|就缺|只缺|差个|差一个|只等|就等|前提是)[^,，]{0,8}(?:担保|增信)|agreed?|approved|"
    r"will(?:ing to)? lend)"
)
_YES = re.compile(
    rf"{BANK}{_OF_BANK}[^,，。不没未拒]{{0,10}}?{_AGREES}"
    rf"|(?<![没现存])有(?:了)?(?:一?家|一?个|两家|几家|好几家|\d家)?{BANK}[^,，。没不]{{0,8}}(?:愿意?|肯|"
    rf"同意|答应|放(?!款吗)|可以|要放|给我|给批|"
    rf"能[放批贷做给]|贷给|意向|兜底|批)"
    rf"|(?<!没)(?:找到|谈好|谈妥|谈定|对接好|敲定|联系好|说好|搞定)(?:了)?(?:一?家|一?个|两家|几家|"
    rf"\d家)?{BANK}"
    rf"|(?<!没)(?:有|找到)(?:了)?(?:一家|家|两家|几家)(?:银行)?(?:愿意?|同意|答应|肯|能)(?:给?我们?|"
    rf"给)*(?:放|贷|批|借|做|$|了)"
)
_ALL = (
    r"(?:嫌[^,，]{1,8}[,，]?)?(?:都|全|统统|没?一家|也|一个|哪家|谁|全部|就是|硬是|死活|还是|一直|根本|"
    r"目前|暂时|现在|"
    r"直接)*"
)
_REFUSES = (
    r"(?:不(?:肯|愿意?|敢|干|放|贷|批|借|给(?:我们?)?(?:放|贷|批|借|做)|同意|答应|接(?:单|我们|待|招|$)|理|"
    r"搭理|鸟|松口|点头|支持|待见|做我们)|"
    r"没有?(?:答应|同意|松口|点头|谈好|谈妥|谈下来)|拒绝[放贷给借])"
)
_NO = re.compile(
    rf"{BANK}{_OF_BANK}{_ALL}{_REFUSES}"
    rf"|(?:没有?|没得|莫得|还没|找不到|没找到|无|哪有)(?:任何|一个|哪个|哪家|什么|啥|有|一?家|"
    rf"个)*(?:意向|合作|谈好的|对接的)?(?:{BANK}|"
    rf"机构)[^,，。]{{0,4}}(?:愿意?|肯|敢|同意|答应|放|给我们?|给贷|接|批|贷给|搭理|理我|看得?上|支持)"
    rf"|没有?(?:意向|合作|谈好的|对接的)银行|(?:没有?|没得|莫得)(?:一家|人|哪家|哪个)+(?:肯|愿意?|敢|答应|"
    rf"同意)[^,，]{{0,4}}(?:放|贷|借|接|批|$)|"
    rf"\bno bank (?:is )?(?:will|agree|would)"
)
_WISH = re.compile(
    r"希望|如果|要是|只要(?!有?担保|有人担保)|想让|想找|想要|需要|最好|前提(?!是)|求|盼|争取|哪|等(?:银行|"
    r"着)|以为|万一|能不能|怎么|咋|听说|朋友|同行|隔壁|别人|人家|"
    r"他们公司|客户说"
)
_ASKS = re.compile(
    r"哪|吗|(?<!什)么$|能不能|可不可以|什么|怎么|咋|是不是|会不会|有没有|有没得|多少|为啥|为什么|好多|\?$|"
    r"肯不肯|愿不愿|愿意不|批不批|放不放|贷不贷|(?:放|贷|批|意|行|"
    r"得)不$"
)
_PAST = re.compile(
    r"(?:前年|大前年|以前|原来|曾经?|之前|过去|上次|20\d\d年?|\d\d年)[^,，]{0,12}(?:批|贷|放|给|借|拿)"
)
_OWED = re.compile(r"还剩|还欠|没还|余额|在还|还清|还完|结清|到期")

_REPLY = 30
"""Characters of a reply at most; a longer one names the bank if it means it."""
_REPLY_NO = re.compile(
    r"不(?:肯|愿|敢|干|放|贷|批|借|给|同意|接|理|行|得行|得干|可能)|没有?(?:人|哪家|一家|答应|同意|批|谈|"
    r"找|跑|问|定|下文|消息|动静|松口|着落|戏|结果|联系|对接|去|"
    r"落实|信|$)|"
    r"碰壁|拒|黄了|悬|还没|看不[上起]|嫌|摇头|吃了?闭门羹|正在谈|在谈|在聊|在走流程|在审|还在|刚开始|没得|"
    r"泡汤|卡(?:住|起|在)"
)
_REPLY_YES = re.compile(
    r"(?:说|谈|讲)(?:好|妥|定|成)|批复|批(?:下来|了|过)|答应|同意|愿意?|肯(?!定不)|没(?:得|有)?(?:问题|"
    r"意见)|点头|松口|要得|(?:说|可)以?得?行|可以|"
    r"能放|就能|ok|搞定|敲定|意向|通过|过会|过了|有(?:一|两|几|好几|\d)?家|落实了"
)


_SAYS = re.compile(
    rf"{BANK}[^,，。不没未拒]{{0,12}}[,， ]?(?:他们?|那边|还|也|都|就|口头)*(?:说|讲|表示|答应|同意|愿意|"
    rf"点头)[^,，。不没未拒]{{0,4}}(?:[^,，。没不]{{0,8}}[,，])?(?:只要|就差|可以|能|行|得行|要得|放|贷|"
    rf"没问题|有人|批|担保|马上)"
)
"""What the bank said comes after a comma: 「经理来看过了,说有担保就能放」."""


def find_lender(a: Analysis) -> list[Finding]:
    """``bank_will_lend``, at most once."""
    for segment in a.segments:
        sentence = a.sentence_text(segment)
        if re.search(BANK, segment.text) is None and not re.search(r"家|银行|机构|bank|人", segment.text):
            continue
        start = segment.start
        window = a.text[start : min(segment.end, start + _LONGEST)]
        asks = _ASKS.search(window) is not None
        if segment.others and not re.match(r"有(?:一)?家", window):
            continue
        no = _NO.search(window)
        if no and not (
            asks and re.search(r"吗$|\?$|是不是|会不会|肯不肯|愿不愿|批不批|放不放|贷不贷", window)
        ):
            return [_found(False, start, no)]
        longer = a.text[start : min(len(a.text), segment.end + 24)].replace("没毛病", "都齐全")
        yes = _YES.search(window) or (None if asks or _ASKS.search(longer) else _SAYS.search(longer))
        if yes is None or asks or segment.rule or _WISH.search(window[: yes.end()]):
            continue
        if _PAST.search(window) or (
            re.search(r"批了|批下来|贷了|放了", yes.group()) and _OWED.search(sentence)
        ):
            continue
        return [_found(True, start, yes)]
    return _replied(a) if a.asked == FACT else []


def _found(value: bool, start: int, match: re.Match[str]) -> Finding:
    return Finding(FACT, value, start + match.start(), start + match.end())


def _of_something_else(a: Analysis) -> bool:
    named = a.names_other(("flag", "cue", "anchor", "product"), FACT, "has_collateral")
    return named or any(q.kind not in ("other", "months") for q in a.quantities)


def _replied(a: Analysis) -> list[Finding]:
    """A reply to 「有没有银行愿意放款」 that names no bank, or says only how far it got."""
    if len(a.text) > _REPLY or _of_something_else(a):
        return []  # 「高企没得」 says nothing of banks
    text = re.sub(r"没(?:得|有)?(?:抵押|担保|利润|房子?|厂房)", "○○", a.text)
    if re.search(r"吗$|\?$|什么|怎么", text):
        return []
    sure = re.search(r"(?:基本|肯定|应该|说|都)?(?:没(?:得|有)?(?:问题|意见)|要得)", text)
    no = None if sure else _REPLY_NO.search(text)
    if no:
        return [_found(False, 0, no)]
    yes = sure or _REPLY_YES.search(text)
    return [_found(True, 0, yes)] if yes else []
