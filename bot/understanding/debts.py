"""Money that the firm owes: which number is an outstanding loan (existing_loans_wan)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.anchoring import counts_wan
from bot.understanding.banks import BANK_NAMES
from bot.understanding.findings import finding
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment

_LEFT = 60
"""Characters of the segment before a number that are looked at."""
_BANK = r"(?:银行|信用社|[\u4e00-\u9fff]{0,2}行|网商|微众)(?:那?(?:头|边|里头?|方面))?(?:的)?"
_LOAN = (
    r"(?:(?:银行|存量|现有|现存|已有|在贷|在途|未还|未结清|剩余|原有?|旧|老|短期|长期|公司|企业|对公|"
    r"经营性?|抵押|信用|流动资金|项目|小额?|车间|设备)的?)*"
    r"(?:贷款|借款|经营贷|抵押贷|信用贷款?|流贷|短贷|长贷|项目贷|小贷|税贷|银行债|欠款|bank loans?|loans?)"
)
_FILL = (
    r"(?:余额|本金|总额|总数|总的|合计|一共|总共|统共|拢共|加起来?|共|几笔|一笔|笔|还有|还剩下?|剩下?余?|还欠|有|是|为|就|也|"
    r"都|大概|大约|约|差不多|估计|好像|可能|目前|现在|当前|至今|手[上头里]|这块|这边|那边|这一块|来讲|来说|的话|"
    r"背[着起了]|压[着起了]|挂[着起了]|欠[着起了]?|在|个|那|这|呢|嘛|哈|啊|噻|吧|哦|的|了|到|至少|超过|"
    rf"(?:[工农建中交招]|农商|三峡|重庆银|邮储银)行|{BANK_NAMES}|"
    r"不到|不过|只|才|人民币|rmb|[¥￥:=是 ]|银行|outstanding)*"
)
_STANDING = re.compile(
    r"余额|存量|现有|现存|已有|在贷|未还|未结清|还有|还剩|剩|欠|背[着起了]|压[着起了]|挂[着起了]|目前|现在|手[上头里]|"
    r"身上|账上|名下|outstanding|还在|本金|旧|老|原有"
)
_LOAN_LEFT = re.compile(f"(?:{_LOAN}|(?:存量|现有)(?:的)?(?:融资|授信)|(?:贷款|借款)?余额){_FILL}$")
_OWES_LEFT = re.compile(
    rf"(?:欠(?:[着起了]|的)?|还差(?=银行|[\u4e00-\u9fff]{{1,3}}行)|该(?=.{{0,2}}行)|[背挂]了?[着起]?|压[着起])(?:{_BANK})?(?:{_LOAN}|钱|款|账|债)?{_FILL}$|"
    rf"{_BANK}[^,，。想要能可]{{0,3}}(?:欠|余额|还有|还剩|借着|贷着|挂着){_FILL}$|(?:贷|借)着{_FILL}$"
)
_LEFT_OVER = re.compile(r"(?:(?:还|只|就|也|才|光)*(?:剩|欠)|还差)(?:下|余|了|个|着|个尾巴|大概)*$")
_BRIDGED = re.compile(r"(?:多|左右)?(?:过桥|还上|去还|来还)")
_RECEIVABLE = re.compile(r"应收|货款|工程款|账款|率|客户|人家|别人|欠我")
_REPAID = re.compile(r"贷[了过的]|借[了过的]|贷款|借款|还了|还掉|还到|本金|那笔|贷到")
_LOAN_RIGHT = re.compile(
    rf"^(?:多|左右|出头|上下|来)?的?(?:{_BANK})?{_LOAN}(?:余额)?"
    r"(?P<after>没还|未还|没结清|没到期|未到期|还没|还在|在还|在用|在身上|在跑|压|挂|背|到期|余额|"
    r"[^\u4e00-\u9fff]|$|要到|年底|明年|下个?月|在(?=$|[,，。 ]))"
)
_HOLDS = re.compile(
    r"(?:有|背|压|挂|欠|在.{1,6}行|账上|外[面头]|身上|一共|总共|加起来|合计|名下|手[上头里]|就是|负债)[^,，。想要]{0,6}$"
)
_WISH = re.compile(
    r"想(?!象|想)|要(?!是|求)|缺|需要?|能不|可不可以|可以|申请|求|再|打算|准备|希望|计划|拟|够|找|最多|最高|want|need|"
    r"搞|弄|来(?:个|笔|点)|批|放|办|谈"
)
_FOR = re.compile(
    r"^(?:多|左右|以内|出头)*(?:,|，| )?(?:用|周转|买|发|进|够|就行|行不|可以|能不|期限|做|投|扩|搞|好不|期)"
)
_CLEARED = re.compile(r"还清|清了|结清|还完|还掉|已经?还|都还了|还上了|两清")
_FIRM = frozenset(
    "revenue_wan net_profit_wan total_assets_wan employees rd_employees debt_ratio_pct invention_patents "
    "utility_patents software_copyrights established_year years_established rd_expense_wan".split()
)


def find_debts(a: Analysis) -> list[Finding]:
    """Debts that are told by their own words; whether a bare 「贷款300万」 is one, see :func:`owes`."""
    out: list[Finding] = []
    for segment in a.segments:
        for q in a.quantities_in(segment):
            if q.start not in a.used and not segment.others and owes(q, segment, a, ()):
                a.used.add(q.start)
                out.append(finding("existing_loans_wan", q))
    return out + totals("existing_loans_wan", out, a)


_TOTAL = re.compile(
    r"(?:一共|总共|合计|加起来?|总计|累计|统共|拢共|合起来?|共|total|也就是|就是|大概|差不多|是|有|为|"
    r"人民币|rmb|[¥￥: ])+"
)


def totals(fact: str, parts: Sequence[Finding], a: Analysis) -> list[Finding]:
    """「建行两百,农行一百五,加起来三百五」: the sum behind its parts states the fact too."""
    out: list[Finding] = []
    for q in a.quantities:
        if q.start in a.used or not may_owe(q, a.text):
            continue
        segment = a.segment_at(q.start)
        earlier = [
            f for f in parts if f.end <= q.start and a.segment_at(f.start).sentence == segment.sentence
        ]
        words = a.text[segment.start : q.start] if segment.start > (earlier[-1].end if earlier else 0) else ""
        if earlier and _TOTAL.fullmatch(words) and re.search(r"共|合|加|总|累|total", words):
            a.used.add(q.start)
            out.append(finding(fact, q))
    return out


def may_owe(q: Quantity, text: str) -> bool:
    """Whether a number can be money at all: with a unit, or one whose 万 is left out."""
    if q.kind == "money" or (q.kind == "items" and counts_wan(q, text)):
        return True
    return q.kind == "bare" and 5 <= q.raw <= 1e9


def owes(q: Quantity, segment: Segment, a: Analysis, found: Sequence[Finding]) -> bool:
    """Whether a number is what the firm still owes.

    A bare 「贷款300万」 may be a wish: it is a debt only among other figures of the firm.
    """
    if not may_owe(q, a.text) or segment.question:
        return False
    before = a.text[segment.start : q.start]
    left = a.left_of(q, segment)[-_LEFT:]
    right = a.text[q.end : q.end + 14]
    if _CLEARED.search(a.text[q.end : q.end + 12]) and not re.search(r"没|未|不", right[:10]):
        return False
    if _BRIDGED.match(right) or _RECEIVABLE.search(before[-10:]):
        return False
    core = left[: max(0, len(left) - (q.start - q.hedge_start))] if q.hedge_start < q.start else left
    for near in {left, core}:
        noun = _LOAN_LEFT.search(near)
        if noun and not _WISH.search(near[max(0, noun.start() - 12) :]):
            if _STANDING.search(near):
                return True
            if _among_figures(q, segment, a, found) and not _FOR.match(a.text[q.end : q.end + 8]):
                return True
        if (owed := _OWES_LEFT.search(near)) and not _WISH.search(near[: owed.start()]):
            return True
        if _LEFT_OVER.search(near) and _REPAID.search(a.sentence_before(segment, q.start)[-24:]):
            return not _WISH.search(near)
    behind = _LOAN_RIGHT.match(a.text[q.end : q.end + 24])
    if behind and not _WISH.search(left):
        firm = bool(re.search(r"没|未|还|在|压|挂|背|到期|余额", behind["after"]))
        return firm or bool(_HOLDS.search(left) or _STANDING.search(left))
    if behind and not left and _among_figures(q, segment, a, found) and not _WISH.search(a.text[: q.start]):
        return not _FOR.match(a.text[q.end + behind.end("after") - len(behind["after"]) : q.end + 24])
    return _topic_before(q, segment, a)


_CHATTER = re.compile(
    r"(?:嗯|呃|额|哎|呀|那|这|个|怎么|说|我|看|查|翻|算|想|问|一下|一哈|了|让|等下|会计|财务|前头|前面|"
    r"就|是|大概|有|也|才|多|少|忘|记|刚|报表|上|几家|银行|的|哦|啊|嘛|呢|吧|哈|噻|还|小数|现在|实际|只|"
    r"一共|总共|合计|加起来?|拢共|填|错|对|不|[两三\d]家|[两三几\d]笔|一直|都|[,， .…?？;:])*"
)


def _topic_before(q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「贷款余额哈, 我查了一哈, 是两百一十五万」: chatter between the word and its number."""
    start = a.sentence_before(segment, q.hedge_start)[-36:]
    topic = None
    for match in re.finditer(rf"{_LOAN}(?:余额)?(?:一共|总共)?|(?:贷款|借款)余额|欠银行的", start):
        topic = match
    if (
        topic is None
        or re.search(r"有没|哪些|什么|啥", start[: topic.end()])
        or _WISH.search(start[max(0, topic.start() - 6) :])
    ):
        return False
    rest = start[topic.end() :]
    if not _CHATTER.fullmatch(rest) or not re.search(r"[,，。 …?？]", rest):
        return False
    return bool(_STANDING.search(start[max(0, topic.start() - 4) :]) or re.search(r"[嘛呢哈啊?？]|有", rest))


def _among_figures(q: Quantity, segment: Segment, a: Analysis, found: Sequence[Finding]) -> bool:
    return any(f.fact in _FIRM for f in found) and not re.search(
        r"能贷|能不能贷|贷不贷|怎么贷|可以贷", a.text[q.end : q.end + 20]
    )
