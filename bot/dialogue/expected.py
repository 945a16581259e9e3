"""Messages that answer what was just asked of the firm: a number, a code, stars, the words of a complaint.

They need no classifier: what was asked, and a shape that nothing else has, decide.
"""

from __future__ import annotations

import re
import unicodedata

from bot.dialogue.turn import Turn

PHONE, CODE, COMPLAINT, ERASE = "phone", "code", "complaint", "erase"
_GAP = r"[ \-]?"
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?86{_GAP})?(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})(?!\d)"
    rf"|(?<!\d)(\(?0\d{{2,3}}\)?{_GAP}\d{{7,8}})(?!\d)"
)
_CASE = re.compile(r"KC(\d{8})[- ]?(\d{4,8})(?!\d)", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Z])[A-HJKMNP-Z]{5}[ \-]?[A-HJKMNP-Z]{5}(?![A-Z])")
_STARS = re.compile(r"(?:我?[给打评]?)([1-5一二三四五两])(?:颗)?星(?:好评|评价)?|([1-5])分?")
_STARS_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_SKIP = ("跳过", "不评", "不评价", "不评了", "算了")
_ERASE_YES = ("确认删除", "确认", "确定", "确定删除", "是的删除", "删除吧", "全部删除")
_TAIL = "。！!，,、~～ 　吧呢啊"
# Who is asked for words but wants something else.
_ELSEWHERE = ("request_human", "restart", "deny", "manage_data", "goodbye", "case_status", "book_visit")
_ABOUT_PRODUCTS = ("ask_product", "compare_products", "check_eligibility")


def take_expected(turn: Turn) -> bool:
    """Gives the turn the meaning of an answer, if it is one; what was expected is expected once."""
    expecting, turn.state.expecting = turn.state.expecting, ""
    if turn.payload:
        return False
    text = unicodedata.normalize("NFKC", turn.text).strip().rstrip(_TAIL)
    return (
        _lookup(turn, text, expecting)
        or _number_left(turn, text, expecting)
        or _stars(turn, text)
        or _complaint(turn, expecting)
        or _erase(turn, text, expecting)
    )


def case_in(text: str) -> str | None:
    """The case number that stands in `text`.

    >>> case_in("查一下 kc20261124 0001")
    'KC20261124-0001'
    """
    found = _CASE.search(text)
    return f"KC{found[1]}-{found[2]}" if found else None


def phone_in(text: str) -> str | None:
    """The telephone number that stands in `text`, without blanks and hyphens.

    >>> phone_in("打我 138-0013-8000"), phone_in("贷300万")
    ('13800138000', None)
    """
    found = _PHONE.search(text)
    return re.sub(r"[ \-()]", "", found[1] or found[2]) if found else None


def _mean(turn: Turn, **payload: object) -> bool:
    turn.payload = payload
    turn.intent = str(payload["intent"])
    return True


def _lookup(turn: Turn, text: str, expecting: str) -> bool:
    """A case number, a code, or both; the number may have come with the message before."""
    kind, _, earlier = expecting.partition(":")
    number = case_in(text) or (earlier if kind == CODE else "")
    if not number:
        return False
    code = _CODE.search(_CASE.sub(" ", text).upper())
    if code is not None:
        return _mean(turn, intent="case_status", lookup={"number": number, "code": code[0]})
    # A number without a code, also in the middle of a sentence: its owner is asked for the code.
    asked = bool(case_in(text)) and turn.intent not in ("request_human", "complain", "manage_data")
    return asked and _mean(turn, intent="case_status", number=number)


def _number_left(turn: Turn, text: str, expecting: str) -> bool:
    """A telephone number counts where it was asked for, or where an officer will read it."""
    if expecting != PHONE and not turn.context.get("case"):
        return False
    number = phone_in(text)
    return number is not None and _mean(turn, intent="manage_data", phone=number)


def _stars(turn: Turn, text: str) -> bool:
    case = turn.context.get("rating")
    if not case or turn.state.asking is not None:
        return False
    if text in _SKIP:
        return _mean(turn, intent="case_status", rate={"case": case, "stars": None})
    found = _STARS.fullmatch(text)
    if found is None:
        return False
    said = found[1] or found[2]
    stars = _STARS_HAN[said] if said in _STARS_HAN else int(said)
    return _mean(turn, intent="case_status", rate={"case": case, "stars": stars})


def _complaint(turn: Turn, expecting: str) -> bool:
    if expecting != COMPLAINT or turn.intent in _ELSEWHERE or not turn.text.strip():
        return False
    if turn.intent in _ABOUT_PRODUCTS and turn.reading.products:
        return False
    return _mean(turn, intent="complain", words=turn.text)


def _erase(turn: Turn, text: str, expecting: str) -> bool:
    return expecting == ERASE and text in _ERASE_YES and _mean(turn, intent="manage_data", data="erased")
