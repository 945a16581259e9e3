"""What the words around one title, or one thing that a firm may lack, say of it: held, not held, only
spoken of."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis
from bot.understanding.segments import Segment
from bot.understanding.terms import Term
from bot.understanding.title_words import COUNTED_FLAGS

LINK = re.compile(
    r"(?:[、和跟与及或,，/+ 加兼且]|并且?|外加|同时|还有|以及|或者|也|又|都|企业|证书|资质|这些|什么的|啥的|"
    r"称号|认定|证|,也)*"
)
NO_BEFORE = re.compile(
    r"(?:[就只还也]差(?:个|一个)?|(?:落选|丢|失去|被?取消|被?摘)了?|还没有?|并?没有?|没得|还未|尚未|未(?!来)|非|无(?!法)|暂无|不是|并非|还不是|也不是|"
    r"都不是|没能|不属于|够不上|算不上|够不到|谈不上|不算|不在|没进|没入|不具备|未获|未被|"
    r"从没|从未|从来没有?|不存在|不曾|莫得|么得|冇|没啥|没什么|没有什么|没有任何|零|拿不出|"
    r"提供不了|给不出)"
    r"(?:过|有|拿到?|评上?|评到|获得?|获评|认定为?|被认定为?|通过|取得|申请到?|办下来?|办|"
    r"得|入选?|入|进|进入|成为|是|列入|评为|申报|任何|啥子?|什么|啥|一个|一项|一件|半个|个|"
    r"到|发生过?|出现过?|出过|出|受过|被|有过|什么的|国家级?|市级?|省级|银行的?|成|搞到|"
    r"弄到|上|登记|可以|能|可|拿去|用来|多余的|合适的|像样的|值钱的|其他|其它|别的|外部|"
    r"机构|征信|有过什么|有什么|在|列为|重大|严重|欠过?|进过?|报|报过|去|加入|做|的|名下|"
    r"房子|硬|足够的?|良好的|当上|当选|选上|轮上|混上|摘|排上)*$"
)
_NO_AFTER = re.compile(
    r"^(?:的?(?:企业|证书?|资质|称号|认定|记录|情况|名单|名录|系统|这些|那些|这种|贷款|"
    r"融资|什么的|啥的|一类|方面|:|,|，| |我们|公司|目前|暂时|现在|那个|库|东西|登记))*(?:也|"
    r"都|统统|通通|一概|一样|倒是|暂时|还|又|一个|一项|一件|半个|目前|现在|确实|真|就|一点|全|仍|却|个|啥|今年|去年|前年|"
    r"一直|从来|从|榜单上|榜上|名单上|名单里|库里|榜里|牌子)*"
    r"(?:没有?(?!问题|关系)(?:拿到?|评上?|认定|过|申请|办|入库?|下来|到手|通过|弄|报|进|搞|"
    r"做|批|取得|获得|得|参评|参加|申报|我们|咱们?|资格|轮到|达到)?|没得|么得|未(?:认定|通过|取得|入库?|评上|获得)|不是|不算|无(?=$|"
    r"[,，。])|莫得|没拿到|没评上|零|为零|不存在|为0|是0|0(?=$|[项个件]))(?:呢|了|的|嘛|吧|"
    r"啊|哦|哈|噻)*(?=$|[,，。;、!?]|能|可|怎|想|还|行|也|但|呢|过|拿|评)"
)
_LAPSED = re.compile(
    r"^(?:企业|证书?|资质|认定|称号|资格|编号|牌子|申报|评审|评定|复核|复审|答辩|名单)*(?:已经?|都|"
    r"前年|去年|今年|上个月|刚|早就?|也|又|最后|结果|给|的)*(?:过期|失效|到期了?(?:没|还没|没有)|被取消|取消了|"
    r"没续|丢了|没复[审核]|掉了|没通过|没过(?!期)|未通过|不通过|被拒|没了|落选|落榜|没选上|被刷|刷下来|刷掉|淘汰|"
    r"被?撤销|被撤|被?摘牌|摘了|退库|出库了|注销了|作废|黄了|不再有效)"
)
_BUSY_BEFORE = re.compile(
    r"(?:正在|还在|在|已经在|目前在|正|刚|刚刚|去年|今年)(?:申请|申报|办理?|评审?|认定|走|跑|"
    r"准备|弄|报|搞|整|提交)(?:了|着|的)?$|(?:申请|申报|提交|报)了$"
)
_BUSY_AFTER = re.compile(
    r"^(?!(?:企业|证书?|资质|称号|也|都|已经?|去年|今年|早|刚)*(?:认定|评审|公示)(?:了|完|通过|结束))"
    r"(?:企业|证书?|资质|认定|称号|的?材料|也|都)*(?:还|正|都|目前|现在|已经|也|"
    r"刚)*(?:在)?(?:申请|申报|办理|评审|认定|公示|走流程|审核|受理|审批|培育|排队)(?:中|期|"
    r"当中|阶段|着|了|呢|的路上)?(?:$|[,，。、]|还没|,)|^(?:企业|证书?|资质)*(?:正在|还在|"
    r"在)(?:申请|申报|办|评|弄|走|审|公示|跑|搞|报|整|等|认定|准备)"
)
_PLAN_BEFORE = re.compile(
    r"(?:想|准备|打算|计划|希望|争取|冲|筹备|考虑|拟|下一步|明年|力争|目标是?|要(?!是)|以后|"
    r"将来|马上|快要?|准备着手|如何|怎么|怎样|咋个?|去(?!年))[^,，]{0,4}(?:申请|申报|办|评|拿|"
    r"报|认定|搞|弄|冲|成为|进|入|升级?|培育|整|冲刺|创建|做|当|提供|用|上|是|个)?(?:一个|一下|"
    r"个|上|到|成|为|国家级?|市级)*$"
)
_PLAN_AFTER = re.compile(
    r"^(?:企业|证书?|资质|认定)*(?:的?)?(?:准备|打算|想|计划|明年|下半年|争取)(?:要|再|"
    r"去)?(?:申请|报|评|申报|认定|拿|办)"
)
TOPIC_AFTER = re.compile(
    r"^(?:企业|中小企业|证书?|资质|资格|称号|贷款|入库(?=的?(?:条件|标准|要求|流程|"
    r"怎么|要|需)))*(?:的)?(?:怎么|怎样|咋|如何|要什么|要啥|"
    r"需要|条件|标准|要求|申报|申请(?!了|过)|评定|评审|政策|补贴|奖励|优惠|贴息|好处|"
    r"有[什啥撒哪]|有哪些|有好多|是什么|是啥|什么|啥|指|几年|有效期|和|跟|与|认定(?!了|也|都|有(?!什|啥|哪|没)|还|已|上|下|成|早|去年|今年|"
    r"过|"
    r"的企业|企业|,|，|。|$|证)|要求|门槛|流程|材料|有用|多久|多少|好评|好不好|容易|难|"
    r"算不算|是指|属于|名额|评分|分几|由谁|归|谁|在哪|哪里|去哪|定义|意思|含义|办法|"
    r"管理办法|补助|扶持|有没有|可以享受|能享受|享受|能拿|能有|能减|减税|税|必须|研发|"
    r"贷款贴息|最新|变化|评价(?!通过|过|了|入|上|也|都|已|编号|有)|打分|指标|需不需要|要不要|对|培育|到底|贵|值|概念|一般|"
    r"都有[什哪啥]|占|查询|数量|今年(?!刚|才|已|也|又|都|评|入|拿|认|过|通过|新|办|批|续|复|没)|主要|究竟)"
)
HAVE = re.compile(
    r"(?:(?:同时|也|亦|均|即|系|现)为|有效|评了|(?:拿|评|认|批|办)的|亦为|亦系|我司为|我司系|公司为|公司系|系|是|有|拿了|拿到了?|拿过|评上了?|评过|评为|获评|获得了?|获|认定为|被认定为|认定了|"
    r"通过了?|入选了?|入围|属于|进了|入了|在|也是|已是|持有|过了|成了|作为|算|取得了?|办了|"
    r"挂了|手里有|手上有|名下有|办下来了?|搞到了?|弄到了?|列入了?|加入了?|[入进]了?库|[入进]到?了?|去年的?|今年的?|"
    r"申请到了|申请下来了|报上了|下来了?|被?(?:认|评|选|列|纳)(?:定)?(?:成|为|上|进|入)了?|当上了?|选上了?|"
    r"工信部|科技部|经信委|科技局|已经|也|都|还有|刚|已|还是|又|且|并且|同时)(?:个|"
    r"一个|了|的|国家级?|市级?|重庆市?|首批|第[一二三四五]批|省级|区级|本市|家|一家|啥|"
    r"市里面?的?|一张|块|牌子|做|一处|一套|几套|自己的?|自有|咱们?|老牌|老)*$"
)
_HAVE_AFTER = re.compile(
    r"^(?:企业|中小企业|证书?|资质|称号|认定|名单|库|系统|名录|牌子|编号|身份|资格)*(?:也|都|"
    r"已经?|倒是|早就?|去年|今年|前年|刚刚?|我们|就|才|还|上个?月|早|前几年|\d+月份?|[两三\d]块牌子|双料|评价|"
    r"备了案|备案|复[核审]|(?:\(?(?:国家|市)级?\)?))*(?:齐|全(?!国)|双料|有|是|在(?:的|里|库|名|$)|拿|评上|过了|通过|"
    r"入库|入了|批下来|到手|认定了?|下来了?|在库|入选|办了|办好|进了|入过|里|在有效期|有效|"
    r"拿到|还在|也有|续上|复[审核](?!没|未|不|材料)|评过|获评|搞到|认的|评的|认过|认上|备案|备了案|挂牌|"
    r"(?:被)?(?:认|评|选)(?:定)?(?:上|为|成)|双证)"
)
_SELF = re.compile(
    r"^(?:我们?|我司|咱们?|公司|本公司|企业|我公司|我们公司|我们企业|这边|单位|本企业|自己|"
    r"目前|现在|已经|也|又|都|就|还|是|家|一家|这家|重庆|的|高新区|首批|一枚|一个|作为|属于|"
    r"去年|今年|刚|国家级?|本地|老牌|双|市级?|说|那个|也算|算是|新|但|不过|而且|另外|同时|,)*$"
)
_APPLIES = re.compile(
    r"^(?:企业|公司|的|资质|证|了|这种|身份|,|，|我们|行业)*(?:能|可以|能不能|可不可以|可否|"
    r"能否|适合|够|该|有没有资格|还能|也能|是不是能|是不是可以|想|要|去|来|符合|办得了)(?:够|"
    r"不能)?(?:直接)?[^,，]{0,4}(?:贷|申请|申报|办|用|借|融|拿|走|上|参加|批|做|选|担保|搞|"
    r"享受)(?!什么优惠)"
)
ASKED = re.compile(
    r"(?<!但)是不是|有没有|有没得|算不算|是否|要不要|需不需要|用不用|该不该|能不能是|会不会|有无|"
    r"是不是要|非要|必须|一定要|得是|要是|才能|只有(?=.*(?:才|吗|能))|除非|要有|要先|要求|需要(?:有|是)?|得有|"
    r"不用|不需要|不要求|无需|免|不必|无须|不看|不要|非|没必要|一定"
)


_DESCRIBED = re.compile(
    r"(?:我们|咱们?|我|公司|企业|成立|注册|营收|高新区|科学城)[^?]{0,30}的$|(?:过|评|拿|认定|通过|获批)的$"
)


def window(term: Term, segment: Segment, a: Analysis, floor: int = 0) -> tuple[str, str]:
    """Text of the segment before a term, from ``floor`` on, and behind it."""
    return a.text[max(segment.start, floor, term.start - 60) : term.start], a.text[
        term.end : min(a.segment_at(term.end - 1).end, term.end + 60)
    ]


def own_polarity(term: Term, segment: Segment, a: Analysis, floor: int = 0) -> bool | str | None:
    """True/False where the words around say so; "skip" where nothing is stated;
    None where they are silent."""
    left, right = window(term, segment, a, floor)
    if _LAPSED.match(right) or re.search(
        r"(?:曾经|以前|原来|之前|过去)(?:也)?(?:是|有|拿过|评过)(?:过)?$", left
    ):
        return False
    if re.match(r"(?:企业|证书?|资质)*(?:是|我)?(?:说|写|填|搞|弄|记)错", right):
        return False
    if re.match(r"(?:企业|证书?|资质|认定|的)*有效期?(?:还有|到|至|内|还剩)", right):
        return True
    if re.match(r"(?:企业|认定|的|申报)*材料[^,，]{0,4}(?:交|报|递|送)", right):
        return False if term.key not in COUNTED_FLAGS else "skip"
    if _BUSY_AFTER.match(right) or _BUSY_BEFORE.search(left):
        sure = re.search(r"正|还在|在(?!报)|中", left[-6:] + right[:10]) and "材料" not in right[:10]
        return False if sure and term.key not in COUNTED_FLAGS else "skip"
    if NO_BEFORE.search(left) and not re.search(
        r"(?:有没|是不|是不是|有没有|要不|算不|能不)[^,，]{0,3}$", left
    ):
        if re.search(r"(?:不需要|不要求|不用|无需|不看|免)[^,，]{0,4}$", left):
            return "skip"
        return False
    if re.search(r"(?:不需要|不要求|不用|无需|不看|免|不想|不要)[^,，]{0,3}$", left):
        return "skip"
    if _NO_AFTER.match(right) and not (
        segment.question
        and re.search(r"有没有?$|没有?$", segment.text)
        and re.match(r"^(?:企业|证|证书|资质)*(?:批|过|评|有|了|拿到|下来|办)+没有?$", right)
    ):
        return False
    if _PLAN_BEFORE.search(left) or _PLAN_AFTER.match(right):
        return "skip"
    return None


def affirmed(term: Term, a: Analysis, last: Term | None = None) -> bool:
    """Whether a title without negation is stated of the asking firm."""
    segment = a.segment_at(term.start)
    left, right = window(term, segment, a)
    if last is not None:
        right = window(last, a.segment_at(last.start), a)[1]
    if ASKED.search(left) or segment.rule:
        return False
    figures = [q.end for q in a.quantities_in(segment) if q.end <= term.start and q.kind != "other"]
    left = left[max(0, len(left) - (term.start - figures[-1])) if figures else 0 :]
    left = left.rpartition(":")[2]
    if segment.question and re.fullmatch(
        r"(?:企业|证书?|资质|认定|的)*(?:吗|嘛|么|不|没|没有|没得|\?|吧\?)+", right
    ):
        return False
    if TOPIC_AFTER.match(right):
        return False
    if (
        re.match(
            (
                r"(?:能|可以|能不能|可不可以)(?:同时|一起)?(?:申请|申报|办理?|报|评)(?:吗|不|么|"
                r"嘛)?$|能同时|可以同时"
            ),
            right,
        )
        and not left
    ):
        return False  # 「高企能申请吗」 asks about the title itself
    if segment.question:
        if _APPLIES.match(right) and (_SELF.match(left) or HAVE.search(left)):
            return True
        return bool(HAVE.search(left) and re.search(r"我|咱|公司|^是|^有|^作为|^已|^也", left))
    if HAVE.search(left) or _HAVE_AFTER.match(right):
        return True
    if _SELF.match(left):
        return not right or (
            bool(
                LINK.fullmatch(right)
                or re.match(
                    (
                        r"(?:想|要贷|缺|需要|企业|公司|了|啊|呢|哦|哈|吧|呀|嘛|身份|[、和,，跟+加/]|的|一枚|,|"
                        r"而且|并且|还|也|"
                        r",|加|又|且)"
                    ),
                    right,
                )
            )
            and (not segment.sentence_question or bool(left.strip()) or a.segments[-1].end > segment.end)
        )
    if _DESCRIBED.search(left) and re.match(r"(?:中小企业|企业|公司)?(?:$|[,，。;])", right):
        return True  # 「…在高新区的专精特新企业」
    return bool(re.search(r"我们|公司|咱", left)) and not right.startswith("的")
