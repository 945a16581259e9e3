"""No reply holds a number of its own making: the firm gave it, a named count is it, or the record has it."""

from __future__ import annotations

import random
import re
from functools import lru_cache

import pytest
from talk import ROOT, STORY, Talk, services
from told_numbers import unexplained_numbers

from bot.dialogue.payloads import ASPECTS
from bot.dialogue.respond import HANDLERS

COUNTED = re.compile(
    r"另有\d+个产品|满足\d+条|\d+条(?:条件)?(?:还没|待|已)?|最多再问\d+项|〔\d+〕|还差\s?\d+\s?项|\d+项(?:待|还)|记下的\d+项"
    r"|目前 [\d.]+(?:–[\d.]+)? 分"
)
"""Counts of products, clauses, open facts and footnotes, and points added up by a score card."""
SAID = [
    STORY,
    "研发占比6.5%，研发人员23人，员工一百零八个",
    "总资产一个多亿，负债率六成五",
    "去年亏了180万，融过一轮500万",
    "积分78，知识价值B级",
    "愿意让出15%的股份，刚起步",
    "营收不到3000万，发明专利超过十项",
]


@lru_cache(maxsize=1)
def record() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "catalog").rglob("*.yml")))


def made_up(reply: str, said: list[str]) -> list[str]:
    return unexplained_numbers(COUNTED.sub(" ", reply), [record(), *said])


@pytest.mark.parametrize("product", sorted(services().catalog.products))
def test_every_aspect_and_precheck_of_a_product(product: str) -> None:
    talk = Talk()
    talk.say("inform", STORY)
    for aspect in ASPECTS:
        assert made_up(talk.press(f"ask:{product}:{aspect}"), [STORY]) == []
    assert made_up(talk.press(f"check:{product}"), [STORY]) == []
    assert made_up(talk.press("why"), [STORY]) == []
    assert made_up(talk.press("improve"), [STORY]) == []


@pytest.mark.parametrize("place", range(12))
def test_talks_at_random(place: int) -> None:
    rng = random.Random(f"{random.random()}-{place}")
    talk = Talk()
    said: list[str] = []
    for _ in range(12):
        intent = rng.choice(sorted(HANDLERS))
        text = rng.choice(SAID)
        said.append(text)
        reply = talk.say(intent, text, intent_ranking=[("inform", 0.4), ("ask_policy", 0.3)])
        assert made_up(reply, said) == [], (intent, text, reply)


def test_a_made_up_number_would_be_noticed() -> None:
    assert made_up("您大概能贷777万元，利率3.21%", [STORY]) == ["777", "3.21"]
