"""Keys of the buttons by which a firm looks after its own: visits, stars, complaints, number, data."""

from __future__ import annotations

import re
from typing import Any

_CASE = re.compile(r"KC\d{8}-\d{4,8}")
_ID = re.compile(r"[1-9]\d{0,8}")
_PLAIN: dict[str, dict[str, Any]] = {
    "visit:list": {"intent": "book_visit", "visit": "list"},
    "visit:cancel": {"intent": "book_visit", "visit": "cancel"},
    "visit:cancel:yes": {"intent": "book_visit", "visit": "cancelled"},
    "data:show": {"intent": "manage_data", "data": "show"},
    "data:export": {"intent": "manage_data", "data": "export"},
    "data:erase": {"intent": "manage_data", "data": "erase"},
    "data:erase:yes": {"intent": "manage_data", "data": "erased"},
    "phone": {"intent": "manage_data", "phone": "ask"},
    "code": {"intent": "case_status", "code": True},
    # The answer to «do you want it changed?»; a plain no could answer an open question about the firm.
    "keep": {"intent": "manage_data", "kept": True},
    "human:complaint": {"intent": "request_human", "reason": "complaint"},
}


def meaning(key: str) -> dict[str, Any] | None:
    """`{"intent": …}` and what goes with it; nothing for a key of another kind.

    >>> meaning("rate:KC20261124-0001:5")
    {'intent': 'case_status', 'rate': {'case': 'KC20261124-0001', 'stars': 5}}
    """
    if key in _PLAIN:
        return dict(_PLAIN[key])
    head, _, rest = key.partition(":")
    if head == "visit":
        step, _, number = rest.partition(":")
        if step in ("place", "slot", "book") and _ID.fullmatch(number):
            return {"intent": "book_visit", "visit": step, "id": int(number)}
    if head == "rate":
        case, _, stars = rest.partition(":")
        if _CASE.fullmatch(case) and stars in ("1", "2", "3", "4", "5", "skip"):
            given = None if stars == "skip" else int(stars)
            return {"intent": "case_status", "rate": {"case": case, "stars": given}}
    return None
