"""Overdue loans and violations: said in many ways, so read from the whole segment."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.polarity import own_polarity

_OVERDUE_NO = re.compile(
    r"(?:征信|信用记录|信用|还款)(?:记录|状况|情况|一直|都|也|很|挺|还|是|方面|蛮|相当|非常|"
    r"一向|历来)*(?:良好|好得很|干净|没问题|没有问题|没毛病|没得问题|没污点|没有污点|正常|清白|不错|"
    r"ok|好的|很好|可以的|没花|没瑕疵|无问题|无污点|无瑕疵|准时|按时)|(?:从没|从来没|从未|"
    r"没有?)(?:拖欠|断供|违约|欠)过|按时还(?:款|贷|的|清)|没逾过期|从来都?(?:按时|准时)"
)
_OVERDUE_YES = re.compile(
    r"(?:有|出现|发生|存在|是有|上|曾|曾经|还有|有过|有了|被)(?:过|了|一次|两次|几次|一笔|点|"
    r"些|一点|轻微|短暂|短期|小|个|贷款|信用卡|当前|两笔|几笔|几天|三天|\d+[次笔天]|的|一回|回|"
    r"没还的|严重|银行|征信|不良)*逾期|逾着期|算逾期|拖了[^,，没]{1,6}没还|(?<!没)(?<!没有)[晚迟拖](?:过|了)[几一两三二\d][^,，]?天(?=$|才?还|算)|逾期(?:过|了|[一二两三四五\d几]+[次回笔天个]|还没|未还|"
    r"没还|中|着|一|记录(?:有|在)|刚还)|(?:一次|两次|几次|\d次|一笔|两笔)[^,，没不]{0,6}逾期|"
    r"^(?:我们?|公司)?逾期(?:了|过)"
)
_VIOLATION_NO = re.compile(
    r"(?:没有?|没得|无|从未|从来没有?|不存在|未|没被|没受过|未受过?)[^,，]{0,8}(?:违法|违规|"
    r"失信|行政处罚|处罚|重大事故|黑名单|老赖|罚过|案底)|(?:违法|违规|失信|处罚|"
    r"重大违法)[^,，]{0,6}(?:都|也)?(?:没有|没得|无$|没$)|守法经营|合法合规|不是(?:失信|老赖)|"
    r"没上过(?:失信|黑)"
)
_VIOLATION_YES = re.compile(
    r"(?:被|有|上了?|进了?|是|列入|曾|受过|存在)[^,，没不]{0,6}(?:失信|黑名单|重大违法|"
    r"严重违法|老赖|违法记录|重大[^,，]{0,4}事故|行政处罚|违法违规)(?:被执行人|名单|记录)?"
)


def find_credit_record(a: Analysis) -> list[Finding]:
    """Overdue loans and violations: said in many ways, so read from the whole segment."""
    out: list[Finding] = []
    for segment in a.segments:
        if segment.others or (segment.rule and segment.question):
            continue
        text = segment.text
        asks = re.search(
            r"(?:有没有|是不是|要不要|需不需要|需要|必须|一定要|用不用|能不能|可不可以|是否|"
            r"要)[^,，]{0,8}(?:抵|逾期|失信|违法|征信)|抵押(?:吗|不|么)$|(?:无|免|不用|不需要|"
            r"不要|无需|没有)抵押(?:的)?(?:信用)?(?:贷款|贷|产品|融资)",
            text,
        )
        for fact, no, yes in (
            ("has_overdue", _OVERDUE_NO, _OVERDUE_YES),
            ("has_major_violation", _VIOLATION_NO, _VIOLATION_YES),
        ):
            found = no.search(text)
            value = False
            plain = [
                t
                for t in a.terms
                if t.group == "flag" and t.key == fact and segment.start <= t.start < segment.end
            ]
            if (
                not found
                and plain
                and own_polarity(plain[0], segment, a) is False
                and not (segment.question and re.search(r"有没有|要不要", text))
            ):
                found = re.compile(re.escape(a.text[plain[0].start : plain[0].end])).search(text)
            if not found:
                found, value = yes.search(text), True
            if not found or (asks and not re.search(r"我们?没|没得|拿不出", text)):
                continue
            if (
                value
                and segment.question
                and re.search(r"(?:吗|没|不|么|没有)$", text)
                and not re.search(r"能|可|贷|影响|行|有戏|我们?有|公司有", text)
            ):
                continue
            if (
                value
                and segment.question
                and re.search(r"谁|怎么|咋|什么|哪", text)
                and not re.search(r"我|公司|咱", text)
            ):
                continue
            out.append(Finding(fact, value, segment.start + found.start(), segment.start + found.end()))
    return out
