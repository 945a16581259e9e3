"""What the firm is ready for: 出让股权."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding

_EQUITY_NO = re.compile(
    r"(?:不想|不同意|(?<!愿)不愿意?|不打算|不考虑|不接受|不会|不肯|不能|不可以|不准备|不太想|"
    r"不太愿意|没打算|不希望|坚决不|不出|不让|不稀释|不要|不搞|暂不|先不|不需要|舍不得|"
    r"怕|拒绝|不动|别)[^,，。]{0,6}?(?:股权|股份|股|稀释|投资人进|别人入股|入股|"
    r"份额)(?!东会|份公司)|(?:股权|股份|股|原始股)[^,，]{0,4}(?:不想|不愿|不让|不出|"
    r"不卖|不动|不给|不能|免谈|不考虑|不接受|不行)|(?:让|出|卖|给|动)(?:股权|股份|股)[^,，]{0,4}(?:不干|没门|不可能|不答应|不同意)|(?:股份|股权)不让|只(?:要|想|考虑)(?:债权|"
    r"贷款)[,，]?不"
)
_EQUITY_YES = re.compile(
    r"(?:愿意|可以|能|同意|接受|肯|乐意|考虑|不介意|打算|准备|能够|愿|不排斥|没意见|想|"
    r"也行|计划|敢|舍得)[^,，。不没]{0,6}?(?:让|出让|出|稀释|释放|转让|给|拿|接受|卖|"
    r"换)[^,，。不]{0,8}?(?:股权|股份|股|份额|点数|%)|(?:愿意|可以|能|同意|接受|肯|"
    r"考虑|不介意|不排斥|想)[^,，。不没]{0,3}(?:稀释|股权(?:融资|投资|合作|方式)?(?:也|"
    r"都)?(?:可以|行|ok|没问题)?|入股|增资扩股)|"
    r"(?:想|打算|准备|欢迎|希望|愿意)[^,，不]{0,2}(?:引|找|拉|进)[入进]?(?:个|一个|几个|新|点)*(?:股东|投资人|投资方|战投)|"
    r"(?:出让|让出|释放|稀释)(?:个)?[^,，。不没]{0,6}(?:股权|股份|股|%|个点|成)|"
    r"(?:股权|股份|股|稀释|让股|入股|出让股权|出股权|让点股)[^,，。不没]{0,4}(?:可以|"
    r"愿意|也行|欢迎|接受|能谈|可谈|没问题|也可以|都行|好说|好商量|可以谈|能接受|也能接受|可以让|"
    r"行的|也愿意|都可以|可以商量|都能接受|也ok|ok|也能谈)|股权(?:和|、|跟|或者?|还是|"
    r"与)?(?:债权|贷款|债)(?:都|也|两种都)(?:行|可以|接受|考虑|能)"
)
_PRODUCT_SHARE = re.compile(r"先投[((]?研?[))]?后股|先头后股|股权投资基金|拨投结合")
_ASKS = re.compile(
    r"愿不愿|要不要|是不是|是否|会不会|需不需要|用不用|必须|一定要|需要|多少|吗|什么|怎么|"
    r"为什么|要出让|要让|几|能不能不|哪"
)
_SIT = re.compile(r"愿意|我们?(?:可以|能)|不想|不愿|接受|不打算|不考虑|肯|不介意")


def find_stances(a: Analysis) -> list[Finding]:
    """``accepts_equity``."""
    out: list[Finding] = []
    for segment in a.segments:
        if segment.others and not re.search(r"银行|[工农中建交招]行", segment.text):
            continue
        text = _PRODUCT_SHARE.sub("○", segment.text.replace("不超过", "至多到"))
        for value, pattern in ((False, _EQUITY_NO), (True, _EQUITY_YES)):
            match = pattern.search(text)
            if match and not (_ASKS.search(text) and not _SIT.search(text.replace("愿不愿意", ""))):
                out.append(
                    Finding(
                        "accepts_equity", value, segment.start + match.start(), segment.start + match.end()
                    )
                )
                break
    return out
