"""Money that is wanted, owed, already raised, or only remembered: amount_wan, existing_loans_wan,
equity_raised_wan."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding, has
from bot.understanding.anchoring import counts_wan
from bot.understanding.banks import BANK_NAMES
from bot.understanding.concern import asked_about, concerned
from bot.understanding.debts import owes
from bot.understanding.findings import finding
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment

_WANT = re.compile(
    r"want|need|loan|想(?!象)|要(?!求|是)|需(?!求方)|打算|准备|希望|计划|申请|缺(?!陷)|差(?!不多|距|异|"
    r"点)|借|贷|融|搞|弄|整|凑|筹|拿|批|求|找|来(?:个|点|笔|一笔)|额度|资金|"
    r"授信|放款|用款|金额|预算|放|周转|够了|就够|够用|支持|垫|补(?!贴|助)|急用|申报|"
    r"报(?!销|告|表)|解决|投(?!诉|入|了|过)|对接|落实|出(?!让|口|租|头)|使|用"
)
_WANT_RIGHT = re.compile(
    r"^(?:左右|上下|出头|以内|以上|不到)?(?:的)?(?:贷款|借款|融资|额度|授信|资金|流动资金|流贷|"
    r"信用贷|担保|周转|就够|够了|就行|够用|就可以|就好|才够|就成|行不|行吗|可以吗|可以不|"
    r"能不能|能贷|能批|能放|用来|用(?=半|一|两|三|\d)|买|做|扩|发|搞|还|垫|备|的缺口|缺口|资金缺口|能不|有戏|有没得|"
    r"可不可以|的话)"
)
_OWED_LEFT = re.compile(
    r"(?:还|尚|仍|总共|一共|目前|现在|外面|在外)?(?:剩下?|欠|没还完?|未还|没结清|余额|"
    r"未结清|存量|在途贷款|在贷|余(?!下时间))(?:了|着|有|是|大概|差不多|银行|为|约|大约|:|还有|的|"
    r"贷款|款|信用社|\w{0,3}行)*$|"
    r"(?:现有|已有|目前有|现在有|手上有|手头有|身上有|名下有|背着|背了|挂着|还有|已经有|"
    r"有一?笔(?:贷款|借款)|有一笔|有笔|账上有)(?:银行|一笔|大概|差不多|约|笔)*$|(?:现有|已有|存量|目前的?|"
    r"现在的?|手[上头里]的?|在手|在保|在还的?|已经的?|名下的?|银行|原有|未结清)(?:银行)?(?:贷款|借款|负债)(?:余额|"
    r"还有|有|是|大概|大约|差不多|为|约|共|一共|合计|:|总共|加起来|在|还|剩)*$|"
    r"(?:贷|借)着(?:大概|差不多)?$|^(?:还有|有|目前有)(?:大概)?$"
)
_OWED_RIGHT = re.compile(
    r"^(?:左右|多)?(?:的)?(?:银行|存量|经营|信用|抵押|房)?(?:贷款|借款|贷|款|流贷|"
    r"债)?(?:余额)?(?:还|都|是)?(?:没还|未还|没结清|没到期|未到期|未结清|要还|待还|还没(?=还|$|结|到期)|"
    r"在还|没有还|在身上|挂着|余额|在贷|存量|尚未(?=还|结|到期)|快到期|(?:下个?月|马上|明年|年底|今年|"
    r"后年|\d+月|就|快|要|初|中|底|份|[一二三四五六七八九十]+月)*到期)"
)
_LOAN_NOUN = re.compile(
    r"^(?:左右|多)?的?(?:银行|存量|经营性?|信用|抵押|流动资金)?(?:贷款|借款|负债|"
    r"流贷)(?!的?额度|能|可以|用)"
)
_DONE = re.compile(
    r"(?:已经|已|之前|目前|现在|去年|前年|上半年|年初|今年|年前|刚|上个?月|在\w{1,4}行|"
    r"从\w{1,4}行|跟\w{1,4}行|\w{2}银行|\w行)?[^,，]{0,8}(?:贷了|借了|批了|放了|贷到了?|"
    r"借到了?|批下来|贷出来了?|已贷|已借|有贷)(?:大概|差不多|一笔|笔|个|我们|[两三几\d]+家|银行|一?共|总共)*$"
)
_PAST = re.compile(
    r"(?:补贴?了|奖励?了|返了|退了|申请了|申报了|报了|[垫花付交用砸出赔](?:了|掉了?|过)|投入了?|支出了?|损失了?|"
    r"垫付了?|贷过|借过|批过|放过|"
    r"用过|贷款过|还了|还掉了?|还清了?|已还|结清了?|归还了?|被?拒过?|申请过|做过|给过|"
    r"拿过|"
    r"还过|办过|曾经?贷了?|以前贷了?)(?:大概|一笔|笔|个|我们|银行|款|民间的?|亲戚的?|朋友的?|\w{2}行的?)*$"
)
_CLEARED = re.compile(r"还清|两清|清了|清掉|结清|还完|还掉|已经?还|还上了|都还了")
_REMAINS = re.compile(
    r"还剩|剩(?:下|余)?\D{0,4}(?:没还|未还|\d|[一二三四五六七八九两])|还欠|尚欠|没还完|余额|"
    r"没还"
)
_EQUITY_DONE = re.compile(
    r"(?:融了|融到了?|融过|已融|已经融|融资了|融资过|投了|投过|投给|到账|引入了?|引进了?|"
    r"募了|募到|募集了|完成了?|获得?了?|收到|拿了|拿到了?|拿过|已获|累计融|累计|进了|"
    r"进来了?|已经有|有过|股权融资(?:已|已经|累计|总额|一?共|有了|到账)|前期融|之前融|"
    r"吸收了?|注入了?|投进来了?)[^,，]{0,8}$"
)
_EQUITY_WORD = re.compile(
    r"投资|天使|轮|股权|风投|vc|pe机构|投资人|投了|种子|融了|融到|融过|已融|创投|基金|跟投|"
    r"领投|机构|融资|募"
)
_EQUITY_RIGHT = re.compile(
    r"^(?:左右|多)?的?(?:(?:天使|种子|股权|风险|机构|战略|外部)(?:轮|投资|融资)?|"
    r"(?:pre-?)?[a-d]\+?轮|风投|投资款?)"
)
_EQUITY_AHEAD = re.compile(
    r"(?:(?:天使|种子|(?:pre-?)?[a-d]\+?)轮|^天使|^种子)(?:融资|投资)?(?:是|有|了|大概|融|共|:|就)*$"
)
_WISH = re.compile(
    r"想(?!象)|要(?!求|是)|需要|打算|准备|计划|希望|拟|正在|目标|还差|还缺|能不能|能否|"
    r"可不可以|找(?!了)|拉(?!了|到)|请|求|缺|差(?!不多)|预计|争取"
)
_NOT_WANTED = re.compile(
    r"最高(?:可|能|贷|给|额|是|也就)?|最多(?:可以|能|贷|给|可|是)|上限|封顶|不超过|"
    r"起贷|"
    r"额度(?:是|为|有|从)?(?=$)|单户|补偿|规模|"
    r"价值|要价|标价|报价|总投|股东借款|往来款|补贴|奖励|奖|贴息|补助|罚|利息|费用?|工资|房租|每个?月|月供|"
    r"还款|一年还|手续费|担保费|到账|税"
)
_BACK = re.compile(r"(?:还|归还|偿还|还款)(?:了|掉|个|大概|给?银行|贷款)*$")
_BANK = re.compile(
    rf"{BANK_NAMES}|[\u4e00-\u9fff]{{0,3}}行(?!业|动|政|不行|吗|情|程)|银行|信贷员|客户经理|信用社"
)


def _is_owed(left: str, right: str, sentence: str) -> bool:
    if has(_OWED_RIGHT, right):
        return True
    if re.match(r"想|要|准备|打算|靠|就想|希望", right):
        return False
    match = _OWED_LEFT.search(left)
    if not match or re.search(r"有没有?$|想|额度$", left):
        return False
    if re.search(r"(?:有|背着|背了|挂着|账上有|有一笔|有笔)(?:银行|一笔|大概|差不多|约|笔)*$", match.group()):
        return has(_LOAN_NOUN, right) or bool(re.search(r"贷款$|借款$|负债$", left))
    return not ("剩" in match.group() and not re.search(r"贷|借|款|欠|还", sentence))


def _kind(q: Quantity, segment: Segment, a: Analysis) -> str:
    """``amount_wan``, ``existing_loans_wan``, ``equity_raised_wan``, or "" for money that is none of them."""
    left, right = a.left_of(q, segment), a.right_of(q, segment)
    sentence = a.sentence_text(segment)
    later = a.text[q.end :]
    core = left[: max(0, len(left) - (q.start - q.hedge_start))]
    if re.match(r"(?:多|左右)?的?(?:项目|科研|研发)?(?:经费|补助|补贴|奖)", right):
        return ""
    if re.search(r"(?:贷|借)(?:个|款|到|大概)*$", left) and re.match(
        r"(?:去|来)?(?:还掉|还|换掉?)(?:原来|旧|以前|那|老)", right
    ):
        return "amount_wan"
    if re.search(r"账上|账面|卡里|现金", left) or re.search(
        r"(?:房租|租金|工资|[水电]费|开销|月供|社保|成本)[^,，]*(?:[个每]月|一年|每年)[^,，贷借]*$",
        a.text[segment.start : q.start],
    ):
        return ""
    if (
        re.search(r"(?:还|另外|另)?有一?笔$", core)
        and re.search(r"贷|借", a.sentence_before(segment, segment.start))
        and not has(_WISH, core)
    ):
        return "existing_loans_wan"
    if _is_owed(left, right, sentence) or _is_owed(core, right, sentence):
        return "existing_loans_wan"
    before = a.segment_before(segment)
    if (
        before is not None
        and before.sentence == segment.sentence
        and re.search(r"(?:银行|现有|目前|存量|未还|已有)的?(?:贷款|借款)[^,，想要]{0,6}$", before.text)
        and re.fullmatch(r"(?:一共|总共|合计|加起来|大概|有|是|还有|余额|差不多|共)*", core)
    ):
        return "existing_loans_wan"
    if (
        re.search(r"(?:借|贷)(?:的|了|过|来的)[^,，]{0,6}$", left)
        and has(_CLEARED, later[:20])
        and not has(_REMAINS, later[:20])
        and not re.search(r"想|要", left)
    ):
        return ""
    if re.match(r"(?:已经?|都|刚|全部?)*到账", right) and has(_EQUITY_WORD, sentence):
        return "equity_raised_wan"
    if (
        before is not None
        and re.search(
            r"(?:拿[过了到]|融[过了到]|完成了?|刚)[^,，想]{0,6}(?:轮|pre-?[a-d]|投资|融资|天使|种子)$",
            before.text,
        )
        and re.fullmatch(r"(?:一共|总共|大概|有|是)*", core)
    ):
        return "equity_raised_wan"
    if (
        before is not None
        and re.fullmatch(r"(?:已|外部)?(?:股权)?融资(?:了|有|是)?", core)
        and re.search(r"贷款余额|营收|收入|总?资产|负债|员工|利润", before.text)
        and not segment.sentence_question
    ):
        return "equity_raised_wan"
    if (
        re.fullmatch(r"额度(?:是|为|要|大概)*|(?:最多|最高|大概)*", core)
        and (
            re.search(r"担保|信用|贷|借|融|批", a.text[max(0, segment.start - 60) : segment.start])
            or ("额度" in core and any(other.kind == "months" for other in a.quantities))
        )
        and not segment.sentence_question
        and not any(t.group == "product" for t in a.terms)
    ):
        return "amount_wan"
    if has(_PAST, left):
        return "equity_raised_wan" if re.search(r"融过", left) else ""
    earlier = a.sentence_before(segment, segment.start)
    wish = (
        has(_WISH, left)
        or bool(
            re.search(r"(?:想找|想融|准备融|正在融|打算融|想拉|想引)", earlier)
            and not re.search(r"已|了|过", left)
        )
        or bool(re.search(r"答应|承诺|意向|愿意", left))
    )
    if re.search(r"(?:投资人|机构|资本|基金)[^,，]{0,4}(?:答应|承诺|意向|愿意)", left):
        return ""
    if not wish and not segment.question:
        if has(_EQUITY_DONE, left) and has(_EQUITY_WORD, sentence) and not re.search(r"贷|借|批", left):
            return "equity_raised_wan"
        if (has(_EQUITY_RIGHT, right) and not re.search(r"融$|找|投资.{0,6}吗", left)) or has(
            _EQUITY_AHEAD, left
        ):
            return "equity_raised_wan"
        if re.search(r"投资人|机构|基金|资本|创投|红杉|风投|天使|股东", left) and re.search(
            r"投(?:了|过|给|进)?(?:我们|咱们?|我)?(?:大概)?$|给了$", left
        ):
            return "equity_raised_wan"
    if has(_BANK, left) and re.search(r"批了|批下来", left) and re.search(r"担保|增信|抵押", later):
        return "amount_wan"  # the bank has agreed, the guarantee is still missing
    if wish and (has(_EQUITY_RIGHT, right) or has(_EQUITY_AHEAD, left)):
        return "amount_wan"
    if has(_DONE, left) and not wish:
        if has(_CLEARED, right) or has(_CLEARED, later):
            return ""
        if has(_REMAINS, later):
            return ""
        if re.search(r"融", left):
            return "equity_raised_wan"
        return "existing_loans_wan"
    if has(_BACK, left) and not re.search(r"想|够", left):
        return ""
    if has(_BANK, left) and re.search(r"愿意|答应|同意|批了额度|肯|可以|承诺", left):
        return "amount_wan"
    if (
        has(_NOT_WANTED, left)
        and not (wish and not re.search(r"补贴|奖|贴息|补助", left))
        and not re.search(r"我们?最多|我们?最高|最多(?:借|要|用)", left)
    ):
        return ""
    if (
        segment.question
        and re.search(r"(?:是不是|是|对应|能给|可以给|给到|有|就是|为)$", left)
        and not re.search(r"我|咱|想", segment.text)
    ):
        return ""
    if has(_WANT, left) or has(_WANT_RIGHT, right):
        return "amount_wan"
    if re.search(r"目标|计划|拟", left) and re.search(r"融|贷|借|轮", sentence):
        return "amount_wan"
    if re.search(r"个?(?:小目标)", left):
        return ""
    return "?"


def find_funding(a: Analysis, found: list[Finding]) -> list[Finding]:
    """Findings for money that no figure of the firm claimed; a lone amount is the one that is sought."""
    out: list[Finding] = []
    undecided: list[tuple[Quantity, Segment]] = []
    for segment in a.segments:
        for q in a.quantities_in(segment):
            owed = owes(q, segment, a, found) or _bare_owed(q, segment, a)
            if q.start in a.used or not (q.kind == "money" or owed or _bare_amount(q, segment, a)):
                continue
            if owed and concerned(segment, a, money=True) and not segment.question:
                a.used.add(q.start)
                out.append(finding("existing_loans_wan", q))
                continue
            if not concerned(segment, a, money=True) or asked_about(q, segment, a, money=True):
                a.used.add(q.start)
                continue
            kind = _kind(q, segment, a)
            if kind == "?":
                undecided.append((q, segment))
                continue
            a.used.add(q.start)
            if kind:
                out.append(finding(kind, q, upper=kind == "amount_wan"))
    has_amount = any(f.fact == "amount_wan" for f in out)
    for q, segment in undecided:
        if not has_amount and q.kind == "money" and _lone(q, segment, a, found + out):
            a.used.add(q.start)
            out.append(finding("amount_wan", q, upper=True))
            has_amount = True
    return out


def _bare_owed(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「贷款还欠着一百二」, 「还有四百二没还」: a debt whose 万 is left out."""
    if q.kind != "bare" or not 5 <= q.raw <= 1_000_000:
        return False
    left, right = a.left_of(q, segment), a.right_of(q, segment)
    if re.match(r"(?:多|来|左右)?(?:都|还)?(?:没还|未还|没结清|未结清|没到期)", right):
        return True
    return bool(
        re.search(
            r"(?:(?:贷款|借款|银行)[^,，想要能够]{0,3}(?:还|欠|剩|有|余)+|(?:贷|欠|借)着)(?:着|有|大概|差不多|银行)*$",
            left,
        )
        and re.fullmatch(r"(?:多|来|左右|上下|的?样子|了|吧|嘛)*", right)
    )


def _bare_amount(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「贷个300」, 「200就够了」, 「金额改成500」: a figure without 万 where only money can be meant."""
    wan = q.kind == "items" and counts_wan(q, a.text)
    if not (q.kind == "bare" or wan) or not 5 <= q.raw <= 100_000_000:
        return False
    left, right = a.left_of(q, segment), a.right_of(q, segment)
    if (
        q.kind == "bare"
        and q.raw >= 100
        and not right
        and re.search(r"(?:设备|项目|一共|总共|资金)(?:大概|差不多)?要个?$", left)
    ):
        return True
    if wan and re.search(r"(?:要|想|缺|差|需要|搞|拿|批)(?:个|到|大概|差不多|点)*$", left):
        return True
    if re.search(
        r"(?:想加|再加|再借|再贷|拿|大概要|想要|预算|打算用)(?:个|到|大概|差不多)*$", left
    ) and re.search(r"贷|信用|担保|融|抵|银行", a.text):
        return not re.match(r"[人项件个%]", right)
    if re.search(
        r"(?:贷|借|融|金额|额度|资金|缺口?|差(?!不多))(?:款|资)?(?:个|到|上|了|是|改成|改为|"
        r"应该是|为|要|写成|换成|:|大概|只要|只需要|就|填|调到|降到|加到|提到|还|银行|我们)*$",
        left,
    ):
        return (
            not right
            or not re.match(r"[\u4e00-\u9fff]", right)
            or bool(
                re.match(
                    r"左右|吧|就|行|可以|够|以内|以下|以上|能|多|出头|的|好|即可|才|来|周转|买|用|发|"
                    r"还|做|嘛|哈|噻|嘞|撒|哦|呢|啊",
                    right,
                )
            )
        )
    return (
        bool(re.match(r"就够|够了|就行|就可以了?|左右就|就够用", right))
        and "人" not in a.text[segment.start : segment.end]
    )


_SOUGHT = re.compile(r"想|贷|借|融|缺|要|资金|担保|信用|能给|want|need|loan")
_ABOUT_THE_NEED = frozenset(
    {"has_collateral", "term_months", "purpose", "funding_kind", "industry", "org_type", "stage"}
)


def _lone(q: Quantity, segment: Segment, a: Analysis, found: list[Finding]) -> bool:
    """Whether money without a verb is the amount sought: the whole message, or beside other wishes."""
    rest = a.text[segment.start : q.hedge_start] + a.text[q.hedge_end : segment.end]
    rest = re.sub(r"/?(?:\d+|[一二两三四五六半])(?:年半?|个月)期?", "", rest)
    if re.fullmatch(
        r"(?:大概|差不多|合计|总共|拢共|加起来|之间|左右|吧|嘛|哈|就|也就|那就|先|最多|一共|总共|改成|改为|应该是|其实是|"
        r"都行|都可以|就好|就行|是|要|个|的|了|而是|就是|样子|得|有|啊|呢|万?元|上下|才对|对|大约|可能|估计|大致)*",
        rest,
    ):
        if all(f.fact in _ABOUT_THE_NEED for f in found):
            return True
        return has(_SOUGHT, a.sentence_text(segment))
    return bool(
        re.search(r"^.{0,6}(?:能贷|能批|能借|贷|可以贷|能放|搞得到|批得下来)", a.text[q.end : segment.end])
    ) or (
        has(_BANK, a.text[segment.start : q.start])
        and bool(re.search(r"放|批|给", a.text[segment.start : q.start]))
    )
