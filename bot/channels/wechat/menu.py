"""The account's menu: the kiosk's four ways in, and what a firm that is under way needs."""

from __future__ import annotations

from typing import Any

# Three entries of four characters, five below each of eight: more is cut off on people's screens.
_MENU: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "我要融资",
        [
            ("说说我的需要", "intent:seek_funding"),
            ("我够不够条件", "intent:check_eligibility"),
            ("测算创新积分", "intent:estimate_points"),
            ("对比产品", "intent:compare_products"),
        ],
    ),
    ("政策问答", []),
    (
        "陪跑专员",
        [
            ("找陪跑专员", "human"),
            ("办理进度", "intent:case_status"),
            ("预约到店", "intent:book_visit"),
            ("我的信息", "intent:manage_data"),
            ("从头再来", "restart"),
        ],
    ),
]
_DIRECT = {"政策问答": "intent:ask_policy"}


def menu() -> dict[str, Any]:
    """The menu as the platform's interface takes it; its keys are button keys of the dialogue."""
    entries: list[dict[str, Any]] = []
    for name, below in _MENU:
        if below:
            entries.append({"name": name, "sub_button": [_click(*entry) for entry in below]})
        else:
            entries.append(_click(name, _DIRECT[name]))
    return {"button": entries}


def keys() -> list[str]:
    """All button keys of the menu."""
    return [key for _, below in _MENU for _, key in below] + list(_DIRECT.values())


def _click(name: str, key: str) -> dict[str, str]:
    return {"type": "click", "name": name, "key": key}
