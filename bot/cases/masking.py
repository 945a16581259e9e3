"""Takes identity, telephone and account numbers out of text that is indexed or shown in reports. Pure."""

from __future__ import annotations

import re
import unicodedata

MASK = "***"
_HAN = "零〇一二三四五六七八九幺两"
# Between the digits of a number people write blanks, hyphens and dots.
_GAP = r"[ .\-_·]?"
_PRIVATE = re.compile(
    "|".join(
        (
            # Identity numbers of 18 or 15 signs, and the credit code of a firm (18 signs).
            r"(?<![0-9a-z])(?:\d" + _GAP + r"){17}[\dx](?![0-9a-z])",
            r"(?<![0-9a-z])(?=[a-z]*\d[0-9a-z]*\d{4})[0-9a-hj-npqrtuwxy]{18}(?![0-9a-z])",
            # Mobile and landline numbers, also with the country's.
            r"(?<!\d)(?:\+?86" + _GAP + r")?1[3-9]\d" + _GAP + r"(?:\d" + _GAP + r"){7}\d(?!\d)",
            r"(?<!\d)\(?0\d{2,3}\)?" + _GAP + r"\d{7,8}(?!\d)",
            r"(?<!\d)(?:400|800)" + _GAP + r"\d{3}" + _GAP + r"\d{4}(?!\d)",
            r"(?:电话|座机|手机|传真|号码|微信号?|qq|身份证|护照|账号|卡号)"
            r"[号码是为:： ]{0,3}[a-z]?\d[\d\-]{4,}",
            # Any longer run of digits is an account, a licence or a passport, never an amount of money.
            r"(?<!\d)\d(?:" + _GAP + r"\d){10,}(?!\d)",
            r"(?<![0-9a-z])[a-z]\d{8}(?!\d)",
            # Numbers spelt out (一三八…), and addresses of letters.
            rf"[{_HAN}](?:[ \-]?[{_HAN}]){{10,}}",
            r"[a-z0-9_.+-]+@[a-z0-9-]+\.[a-z0-9.]+",
        )
    ),
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(r"(KC\d{8}-\d{4,})", re.IGNORECASE)


def mask(text: str) -> str:
    """`text` in NFKC with every identity, telephone or account number as `***`; case numbers stay.

    >>> mask("我是李工，电话１３８ 0013 8000，贷1500万，办件KC20261124-0001")
    '我是李工,电话***,贷1500万,办件KC20261124-0001'
    """
    parts = _CASE_NUMBER.split(unicodedata.normalize("NFKC", text))
    return "".join(part if place % 2 else _PRIVATE.sub(MASK, part) for place, part in enumerate(parts))
