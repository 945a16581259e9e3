"""Short answers to the fact that was asked: 八百, 有, 没得, 不到三个点, B, 去年底才成立, 南岸."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.answered import answer_number as answer_number
from bot.understanding.answered import scaled
from bot.understanding.lexicon import FactKind

_PAD = (
    r"(?:我们?|咱们?|公司|企业|这个|那个|嗯|哦|啊|呃|额|哎|唉|目前|现在|暂时|的话|"
    r"应该|肯定|当然|其实|确实|真的|倒是|,|，|、| |。|!|~|-|…|\.)*"
)
_END = r"(?:的|了|呢|嘛|吧|啊|哦|噻|哈|呀|哟|喔|撒|嘞|哒|滴|,|，|。|!|~|…|\.| )*"
_NO = re.compile(
    "^"
    + _PAD
    + (
        r"(?:都|也|一个|一项|一样|全)*(?:还没有?|没有?|没得|莫得|无|暂无|不是|不在|不愿意?|"
        r"不想|不可以|不行|不能|否|no|nope|不要|不接受|不属于|不算|从来没有?|从没|没有过|"
        r"还不是|并没有|木有|冇|不得|不肯|未|还未|不考虑|不会|没评上|没拿到|没入库?|没过|"
        r"没办|没有的|不打算|没打算|n|不存在|不曾|没在|不在里面|不可能|不得行|不干|算了|"
        r"没搞过?|没弄过?|没申请过?|没出现过?|没发生过?|没报过?|没听说过|哪有)(?:任何|一个|"
        r"一项|拿到?|评上?|办|入库?|申请|过|有|得|啥|什么|弄|搞|报|出现|发生)*"
    )
    + _END
    + "(?:$|[,，。、 ;])"
)
_YES = re.compile(
    "^"
    + _PAD
    + (
        r"(?:都|也|早就|已经|早)*(?:有过?[一两几\d][次回笔]|有|是|对|在|愿意|可以|行|要得|"
        r"好|属于|嗯+|恩+|没错|当然|肯定|ok|okay|yes|yep|y|是滴|对头|对的|接受|同意|入了|"
        r"过了|进了|评上了|拿到了|拿了|考虑|能|可以接受|能接受|可|得行|要|没问题|没得问题|"
        r"办了|入库了|通过了|评过|没意见|愿|有过|认定了|算|拿过|在库|在里面|好说)(?:一个|"
        r"一些|一点|几个|编号|证书?|资质|一笔|一次|记录|过|是|有|得|里面|商量|谈|考虑|里头|上|下来)*"
    )
    + _END
    + "(?:$|[,，。、 ;])"
)
_BUSY = re.compile(
    r"正在(?:申请|申报|办|评|走|弄|报)|(?:申请|申报|办理|评审|认定)中|在申请|在申报|"
    r"在办|在走流程|在评|公示|准备(?:申请|报|评)|打算(?:申请|报|评)|明年(?:申请|报|评)|"
    r"还没"
)
_DONT_KNOW = re.compile(
    r"不(?:太|大|是很|怎么|甚)?(?:清楚|知道|晓得|记得|了解|确定|懂|好说|方便|明白)|"
    r"没(?:有)?(?:算过|统计|注意|数|概念|印象|关注|研究过?)|说不(?:好|准|上来|清)|跳过|"
    r"下一(?:个|题)|得问|要问|(?:问问?|问一下)(?:财务|会计|老板|同事|代账)|记不(?:得|"
    r"清|到)|忘了|忘记|不想(?:说|填|讲|答|透露)|保密|搞不(?:清|懂|醒豁)|再说|先不(?:说|"
    r"填)|查一?下再|pass|^过$|略过|回头|晓不得|不晓|没底|拿不准|搞不明白|暂时没数|"
    r"无可奉告|不便"
)
_LETTER = re.compile(r"(?<![a-z])([a-em])(?![a-z])")


_SHORT_NO = re.compile(
    r"^(?:还没有?|没有?|从没|未)(?!问题|关系|事|意见|"
    r"毛病)[\u4e00-\u9fff]{1,2}过?[呢的啊嘛]?$|^不(?:太|大|是很)?(?:想|愿意?|接受|"
    r"考虑)"
)
_THINGS = re.compile(r"^(?!.*(?:没|不|租|吗|\?)).*(?:房|宅|设备|土地|地皮|商铺|门面|车间|写字楼|仓库|机器)")
_SAID_CHOICE: dict[str, tuple[tuple[str, str], ...]] = {
    "funding_kind": (
        ("信用", "credit"),
        ("担保", "guarantee"),
        ("质押", "pledge"),
        ("股权", "equity"),
        ("贷款", "loan"),
    ),
    "org_type": (
        ("研发机构", "new_rd_institution"),
        ("高校", "university_lab"),
        ("个体", "individual"),
        ("公司", "company"),
        ("企业", "company"),
    ),
}
"""Short words for choices, beside the titles of the catalog."""


def says_dont_know(text: str) -> bool:
    """Whether the person cannot or will not say it."""
    return bool(_DONT_KNOW.search(text)) and len(text) <= 40


def says_no(text: str) -> bool:
    return bool(_NO.match(text))


def says_yes(text: str) -> bool:
    return bool(_YES.match(text))


def answer_year(a: Analysis, fact: str) -> Finding | None:
    """「2019」, 「19年」, 「去年底」, 「三年」, 「五年前」 to a question about founding."""
    for year in a.years:
        if a.text[year.end : year.end + 1] not in ("前",):
            return Finding("established_year", year.year, year.start, year.end)
    for q in a.quantities:
        if q.start in a.used:
            continue
        if q.kind == "bare" and 1950 <= q.raw <= a.today.year:
            a.used.add(q.start)
            return Finding("established_year", int(q.raw), q.start, q.end)
        if q.kind == "months" or (fact == "years_established" and q.kind == "bare" and q.raw <= 100):
            a.used.add(q.start)
            return scaled("years_established", FactKind("years"), q, a.text)
        if fact == "established_year" and q.kind == "bare" and q.raw <= a.today.year % 100:
            a.used.add(q.start)
            return Finding("established_year", 2000 + int(q.raw), q.start, q.end)
    return None


def answer_flag(a: Analysis, fact: str) -> Finding | None:
    """有, 没得, 是的, 还没, 正在申请 to a yes/no question."""
    text = a.text
    if says_dont_know(text):
        return None
    whole = (0, len(text))
    if (
        fact not in ("has_collateral", "has_overdue", "has_major_violation")
        and fact.startswith("is_")
        and _BUSY.search(text)
        and len(text) <= 24
    ):
        return Finding(fact, False, *whole)
    if fact.startswith("is_") and re.match(r"^.{0,6}(?:过期|失效|到期了?没|被取消|没续)", text):
        return Finding(fact, False, *whole)
    if fact == "has_collateral" and _THINGS.match(text):
        return Finding(fact, True, *whole)
    if fact == "accepts_equity" and re.search(
        r"(?:都|也|就)(?:行|可以|能接受|好商量|好说|得行)[的了吧嘛]*$", text
    ):
        return Finding(fact, True, *whole)
    if fact == "has_collateral" and re.match(r"(?:都|全|厂房|办公室|房子|地|场地|也|是)*租的", text):
        return Finding(fact, False, *whole)
    if fact == "has_major_violation" and re.match(
        r"(?:很|都|一直|我们)*(?:干干净净|干净|干干净净|清白|守法|合规)", text
    ):
        return Finding(fact, False, *whole)
    if fact == "bank_will_lend" and re.search(
        r"都?不(?:肯|愿|给|同意|接)|没(?:人|哪家|一家)(?:肯|愿|敢)", text
    ):
        return Finding(fact, False, *whole)
    if fact.startswith("is_") and re.match(
        r"(?:还|也)?(?:差得?远|早得很|差一截|不够格|够不上|够不着|没资格)", text
    ):
        return Finding(fact, False, *whole)
    if fact.startswith("is_") and re.match(
        r"(?:只|还只|才)是?(?!有一家)[^,，吗]{2,9}(?:企业|高企|科小)$", text
    ):
        return Finding(fact, False, 0, 1)
    if fact.startswith("is_") and re.match(
        r"(?:第[一二三四五六七八九十\d]+[批届]|首批|(?:已经?|早就?|刚)?(?:评上|拿到|认定|通过|入库|进)了)(?!没|吗|\?)",
        text,
    ):
        return Finding(fact, True, *whole)
    no, yes = _NO.match(text), _YES.match(text)
    if no:
        return Finding(fact, False, *no.span())
    if _SHORT_NO.match(text):
        return Finding(fact, False, *whole)
    if yes and not re.search(r"[?吗]$|多少|什么|怎么|为什么|啥", text):
        return Finding(fact, True, *whole)
    return None


def answer_choice(a: Analysis, fact: str, kind: FactKind) -> Finding | None:
    """A letter for a grade, or the title of one of the choices."""
    text = a.text
    if fact in ("knowledge_value_grade", "tax_grade"):
        letters = "abcde" if fact == "knowledge_value_grade" else "abcdm"
        match = _LETTER.search(text)
        if match and match[1] in letters and not re.search(r"吗|什么|怎么|区别", text):
            return Finding(fact, match[1].upper(), match.start(), match.end())
        return None
    for word, value in _SAID_CHOICE.get(fact, ()):
        if word in text and not re.search(r"不|没|吗|什么", text):
            return Finding(fact, value, text.find(word), text.find(word) + len(word))
    for value, title in kind.choices:
        core = re.sub(r"[((].*|贷款$|企业$|资金$", "", title)
        at = text.find(core) if core else -1
        if at >= 0 and not re.search(r"不是?$|没有?$", text[max(0, at - 2) : at]):
            return Finding(fact, value, at, at + len(core))
    return None
