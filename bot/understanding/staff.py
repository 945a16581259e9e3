"""「人44个」, 「人不多,就九个」: the lone word 人 as a word for the staff."""

from __future__ import annotations

import re

from bot.understanding.terms import Term

_NUMBER = r"(?:\d|[一二两三四五六七八九十百几])"
_LONE = re.compile(
    r"(?:(?<![\u4e00-\u9fff\da-z])|(?<=我们)|(?<=[厂公]里)|(?<=厂头)|(?<=公司)|(?<=现在)|(?<=一共))人"
    r"(?=(?:嘛|呢|的话|有|就|从|由|是|也|都|才|只|不多|不算多|少|大概|大约|差不多|一共|总共|拢共|[,， ]){0,5}"
    rf"{_NUMBER})"
)


def lone_people(text: str) -> list[Term]:
    """The places in normal text where 人 alone means the staff."""
    return [Term("anchor", "people", match.start(), match.end()) for match in _LONE.finditer(text)]
