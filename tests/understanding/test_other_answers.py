"""A reply that speaks of something else answers no question."""

from __future__ import annotations

from typing import Any

import pytest

ASKED = (
    "bank_will_lend",
    "has_collateral",
    "has_overdue",
    "has_major_violation",
    "accepts_equity",
    "accepts_guarantee",
    "is_green_project",
    "in_zone",
    "is_little_giant",
)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "text",
    ["高企没得", "高企没得 科小刚入的库 专精特新还在申报", "软著没有", "贷款没得", "营收没有", "发明有五项"],
)
def test_what_was_asked_stays_open(trained: Any, text: str, asked: str) -> None:
    assert asked not in trained(text, asked=asked).facts
