"""Button keys: short strings of ours, read back strictly. They never reach the classifier."""

from __future__ import annotations

from typing import Any

from bot.catalog.model import Catalog
from bot.catalog.values import FactValue
from bot.dialogue import firm_keys

ASPECTS = (
    "overview",
    "conditions",
    "amount",
    "rate",
    "fee",
    "term",
    "materials",
    "process",
    "time",
    "contact",
)
INTENTS = (
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "inform",
    "seek_funding",
    "ask_product",
    "compare_products",
    "check_eligibility",
    "ask_why",
    "ask_improve",
    "estimate_points",
    "ask_policy",
    "correct_info",
    "dont_know",
    "request_human",
    "case_status",
    "book_visit",
    "complain",
    "restart",
    "manage_data",
    "ask_bot",
    "out_of_scope",
)
_CONTACT = {"contact:yes": True, "contact:no": False}
_RESUME = "resume"
_PLAIN = {"human": "request_human", "restart": "restart", "why": "ask_why", "improve": "ask_improve"}


WORDS = 30
"""Characters of a text fact that a key may carry."""


class PayloadError(ValueError):
    """The key is none of ours; the message says so in Chinese."""


def parse(key: str, catalog: Catalog) -> dict[str, Any]:
    """What a button means: ``{"intent": …}`` and what goes with it.

    Raises:
        PayloadError: the key is unknown or names an unknown fact, product, aspect or value.
    """
    head, _, rest = key.partition(":")
    if key in _PLAIN:
        return {"intent": _PLAIN[key]}
    if key == _RESUME:
        # A talk that goes on at another door.
        return {"intent": "greet", "resume": True}
    if key in _CONTACT:
        return {"intent": "manage_data", "contact": _CONTACT[key]}
    if head == "set":
        fact, _, text = rest.partition(":")
        return {"intent": "inform", "set": {fact: value_of(fact, text, catalog)}}
    if head == "skip" and rest in catalog.facts:
        return {"intent": "dont_know", "fact": rest}
    if head == "check" and rest in catalog.products:
        return {"intent": "check_eligibility", "product": rest}
    if head == "card" and rest in catalog.scorecards:
        return {"intent": "check_eligibility", "card": rest}
    if head == "ask":
        product, _, aspect = rest.partition(":")
        if product in catalog.products and aspect in ASPECTS:
            return {"intent": "ask_product", "product": product, "aspect": aspect}
    own = firm_keys.meaning(key)
    if own is not None:
        return own
    if head == "intent" and rest in INTENTS:
        return {"intent": rest}
    raise PayloadError(f"不认识的按钮：{key[:60]}")


def value_of(fact: str, text: str, catalog: Catalog) -> FactValue:
    """A fact's value from its text in a key or a form.

    Raises:
        PayloadError: no such fact, or it cannot have this value.
    """
    spec = catalog.facts.get(fact)
    if spec is None:
        raise PayloadError(f"不认识的按钮：没有「{fact[:40]}」这一项")
    if spec.type == "flag" and text in ("true", "false"):
        return text == "true"
    if spec.numeric:
        try:
            value = float(text)
        except ValueError:
            raise PayloadError(f"「{spec.name}」应是一个数") from None
        if value != value or value in (float("inf"), float("-inf")):
            raise PayloadError(f"「{spec.name}」应是一个数")
        if spec.whole and value != int(value):
            raise PayloadError(f"「{spec.name}」应是一个整数")
        return int(value) if value == int(value) else value
    if spec.type == "text" and text.strip() and len(text) <= WORDS and text.isprintable():
        return text.strip()
    if any(choice.value == text for choice in spec.choices):
        return text
    raise PayloadError(f"「{spec.name}」没有这个选项")
