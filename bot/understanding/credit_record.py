"""Overdue loans and violations: said in many ways, so read from the whole segment."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

_NONE = (
    r"(?:从来?没有?|从未有?|从来都?没有?|没得|没有?|莫得|木有|无|未|不存在|没被|没受过|未受过?|未曾|"
    r"不曾|绝无|零|"
    r"查无|并无|哪[有来得]|哪里有|不可能有|没啥|没什么|没出过|没发生过?|未发生过?)"
)
_ALL_GONE = (
    r"(?=(?P<talk>(?:方面|记录|情况|行为|这些|这种|那些|事情?|什么的|啥的|之类的?|[,，的,]|我们?|咱们?|公司|目前|"
    r"现在|从来|从|一直|也好|也|都|统统|"
    r"通通|全部?|倒是|确实|还|就|是|一[次笔回个条]|半[次条点]|一样|皆|均|[、和或跟与])*))(?P=talk)"
    r"(?:没有?|没得|莫得|木有|无|零|为0|是0|0次?|不存在|未发生|未出现)(?:过|发生|出现|有)*(?:的|了|哈|"
    r"噻|嘛|哦|呢|啊)*$"
)
"""``(?=(?P<talk>…*))(?P=talk)`` takes all it can and gives nothing back: a long text costs no time."""
_OVERDUE = r"(?:逾期|欠息|欠贷|断供|违约|拖欠|不良(?:记录|贷款|征信)?)"
_OVERDUE_NO = re.compile(
    r"(?:征信|信用记录|信用(?!等级|评级|贷)|还款)(?:记录|状况|情况|一直|都|也|很|挺|还|是|方面|蛮|相当|"
    r"非常|报告|上|查出来|"
    r"一向|历来)*(?:良好|好得很|干净|干干净净|巴适|没问题|没有问题|没毛病|没得问题|没污点|没有污点|正常|"
    r"清白|清清白白|不错|"
    r"ok|好的|很好|可以的|没花|没瑕疵|无问题|无污点|无瑕疵|无异常|无不良|准时|按时|零逾期|优秀|优良)|"
    + _NONE
    + r"(?:拖欠|断供|违约|逾期?|欠)过|按时还(?:款|贷|的|清|本)|没逾过期|从来都?(?:按时|准时)|"
    + _NONE
    + r"(?:有过|过|有|任何|一[次笔回天]|半[次天点]|银行的?|贷款的?|出现过?|发生过?|存在|什么|啥子?|"
    r"征信|信用卡|哪怕一次|的)*" + _OVERDUE + r"(?!的(?:企业|公司)|就|才)|" + _OVERDUE + _ALL_GONE
)
_OVERDUE_YES = re.compile(
    r"(?<!没)(?<!没有)(?:有|出现|发生|存在|是有|上|曾|曾经|还有|有过|有了|被)(?:过|了|一次|两次|几次|"
    r"一笔|点|"
    r"些|一点|轻微|短暂|短期|小|个|贷款|信用卡|当前|两笔|几笔|几天|三天|\d+[次笔天]|的|一回|回|"
    r"没还的|严重|银行|征信|不良)*逾期|逾着期|算逾期|拖了[^,，没]{1,6}没还|"
    r"(?<!没)(?<!没有)[晚迟拖](?:过|了)[几一两三二\d][^,，]?天(?=$|才?还|算)|"
    r"(?<!没)(?<!次)(?<!没有)逾(?:期)?(?:过|了|[一二两三四五\d几]+[次回笔天个期](?!都|也)|还没|未还|"
    r"没还|中(?!心)|着|记录(?:有|在)|刚还)|"
    r"(?<![没无])(?:一次|两次|几次|\d次|一笔|两笔)[^,，没不]{0,6}逾期|记了逾期|断供过(?!.*没)|^(?:我们?|"
    r"公司)?逾期(?:了|过)"
)
_WRONG = r"(?:违法违规|违法|违规|失信|行政处罚|处罚|重大[^,，]{0,4}事故|黑名单|老赖|罚款?过|案底|被执行)"
_VIOLATION_NO = re.compile(
    _NONE
    + r"[^,，]{0,8}"
    + _WRONG
    + r"|"
    + _WRONG
    + _ALL_GONE
    + r"|守法经营|合法(?:合规|经营)|合规经营|依法经营|遵纪守法|不是(?:失信|老赖)|没上过(?:失信|黑)|"
    r"(?:处罚|罚款?|违规)[^,，]{0,8}(?:不属于|不算|算不上|够不上|谈不上|构不成|不构成|不是)(?:什么|"
    r"啥)?(?:重大|严重)"
)
_VIOLATION_YES = re.compile(
    r"(?:被|有|上了?|进了?|是|列入|曾|受过|存在)[^,，没不]{0,6}(?:失信|黑名单|重大违法|"
    r"严重违法|老赖|违法记录|重大[^,，]{0,4}事故|行政处罚|违法违规)(?:被执行人|名单|记录)?|"
    r"(?:因|因为|由于)?(?:重大|严重)(?:违法|违规)(?:违规|行为)?(?:被|受|吃)[^,，没不]{0,4}(?:处罚|罚)过?"
)
_ASKS = re.compile(
    r"(?:有没有|是不是|要不要|需不需要|需要|必须|一定要|用不用|能不能|可不可以|是否|要(?!是))[^,，]{0,8}"
    r"(?:逾期|失信|违法|征信)"
)
_FAR = 60
"""Characters in which the verdict on a list is looked for."""
_FIRM = re.compile(r"我|咱|公司(?!能|可)|本企业|单位")


def find_credit_record(a: Analysis) -> list[Finding]:
    """Overdue loans and violations. A denial may close a list (逾期也好,失信也好,都没得)."""
    out: list[Finding] = []
    for segment in a.segments:
        if segment.others or (segment.rule and segment.question):
            continue
        text = segment.text
        asks = _ASKS.search(text) is not None and not re.search(r"我们?没|没得", text)
        for fact, no, yes, word in (
            ("has_overdue", _OVERDUE_NO, _OVERDUE_YES, _OVERDUE),
            ("has_major_violation", _VIOLATION_NO, _VIOLATION_YES, _WRONG),
        ):
            found, value = no.search(text), False
            if not found and re.search(word + r"[^,，]{0,3}$", text):
                # The verdict on a list is behind it.
                rest = a.sentence_text(segment)
                rest = rest[max(0, rest.find(text) + len(text) - 12) :][:_FAR]
                if not segment.question and re.match(
                    rf".*?{word}(?:(?!吗|\?|能|可).){{0,14}}?{_ALL_GONE}", rest
                ):
                    found = re.search(word, text)
            if not found:
                found, value = yes.search(text), True
            if found and not asks and not (value and _asked_in_general(segment)):
                out.append(Finding(fact, value, segment.start + found.start(), segment.start + found.end()))
    return out


def _asked_in_general(segment: Segment) -> bool:
    """Whether a stretch with 逾期 or 失信 asks about such firms, not telling of one's own."""
    text = segment.text
    if not segment.question or _FIRM.search(text):
        return False
    if re.search(r"(?:吗|没|么|没有)$", text) and not re.search(r"能|可|贷|影响|行|有戏", text):
        return True
    return re.search(r"谁|怎么|咋|什么|哪", text) is not None
