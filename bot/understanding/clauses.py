"""A stretch of English that blanks cut into segments, read as one clause."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis
from bot.understanding.segments import Segment

_MARK = re.compile(r"[,，。;!?\n、]")
_FAR = 30
"""Characters that are read on."""


def clause(a: Analysis, segment: Segment) -> str:
    """A segment; where it ends amid English words, with what follows it up to the next mark."""
    if not segment.text[-1:].isascii() or not segment.text[-1:].isalpha():
        return segment.text
    rest = _MARK.search(a.text, segment.end)
    return a.text[segment.start : min(rest.start() if rest else len(a.text), segment.end + _FAR)]
