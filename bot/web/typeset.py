"""Chinese punctuation for pages; `static/kiosk/typeset.js` does the same in the browser."""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff《》「」〔〕（）“”、。%％"
_WIDE = str.maketrans(",;:?!", "，；：？！")
_MARK = re.compile(rf"(?<=[{_HAN}])[,;:?!]|[,;:?!](?=[{_HAN}])")
_BRACKETS = re.compile(rf"(?<=[{_HAN}])\(([^()\n]*)\)|\(([^()\n]*[{_HAN}][^()\n]*)\)")


def typeset(text: str) -> str:
    """`text` with full-width marks where Chinese stands beside them.

    Numbers, times and addresses stay as they are. The policy data and the phrases are typed with half-width
    marks, which look like gaps in large Chinese type.

    >>> typeset("成立3年,营收1,500万(去年)")
    '成立3年，营收1,500万（去年）'
    """
    text = _BRACKETS.sub(lambda match: f"（{match[1] if match[1] is not None else match[2]}）", text)
    return _MARK.sub(lambda match: match[0].translate(_WIDE), text)
