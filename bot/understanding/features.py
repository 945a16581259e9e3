"""What the intent model sees of a message: character n-grams of its template, and the cues of its reading."""

from __future__ import annotations

import re
from collections import Counter

from bot.understanding.normalise import normalise
from bot.understanding.reading import Reading

_NUMBER = re.compile(
    r"\d[\d,.]*|(?<![一-龥])[一二两三四五六七八九十百千]{2,}|"
    r"[一二两三四五六七八九十百千]+(?=[万亿年个项件人天])"
)
_KC = re.compile(r"kc\d{6,}-?\d*")
CUES: tuple[str, ...] = (
    "question",
    "want",
    "why",
    "improve",
    "points",
    "eligible",
    "compare",
    "policy",
    "human",
    "status",
    "visit",
    "complain",
    "restart",
    "data",
    "bot",
    "greet",
    "thank",
    "bye",
    "affirm",
    "deny",
    "chat",
    "correction",
    "dont_know",
    "yes",
    "no",
    "hypothetical",
    "facts",
    "amount",
    "profile",
    "product",
    "products",
    "aspect",
    "asked",
    "answers",
    "loan",
    "start",
    "pinyin",
    "digits",
    "we",
    "said",
    "aspect-product",
    "we+eligible",
    "facts+question",
    "said+correction",
    "product+aspect",
    "product+eligible",
    "product+question",
    "products+compare",
    "facts-question",
    "facts+eligible",
    "amount+want",
    "policy+question",
    "policy-facts",
    "no-product+points",
    "short",
    "long",
)
"""Names of the cue features, in the order of the vector; joined ones are made here."""
GRAMS = (1, 4)


def template(reading: Reading) -> str:
    """The message with product names and numbers replaced,
    so that sentences differing only in them look alike."""
    text = reading.text[:400]
    chars = list(text)
    for start, end in sorted(reading.product_spans, reverse=True):
        if end <= len(chars):
            chars[start:end] = "¤"
    plain = normalise("".join(chars)).plain
    return "^" + _NUMBER.sub("0", _KC.sub("№", plain)) + "$"


def grams(text: str) -> Counter[str]:
    """Character n-grams of 1 to 4 characters with their counts."""
    low, high = GRAMS
    return Counter(text[i : i + n] for n in range(low, high + 1) for i in range(len(text) - n + 1))


def cue_values(reading: Reading) -> list[float]:
    """The cue vector, in the order of :data:`CUES`."""
    cues = dict(reading.cues)
    on = {name for name, value in cues.items() if value > 0}
    joined = {
        "product+aspect": {"product", "aspect"} <= on,
        "product+eligible": {"product", "eligible"} <= on,
        "product+question": {"product", "question"} <= on,
        "products+compare": {"products", "compare"} <= on,
        "facts-question": "facts" in on and "question" not in on,
        "facts+eligible": {"facts", "eligible"} <= on,
        "amount+want": {"amount", "want"} <= on,
        "aspect-product": "aspect" in on and "product" not in on,
        "we+eligible": {"we", "eligible"} <= on,
        "facts+question": {"facts", "question"} <= on,
        "said+correction": {"said", "correction"} <= on,
        "policy+question": {"policy", "question"} <= on and "product" not in on,
        "policy-facts": "policy" in on and "facts" not in on,
        "no-product+points": "points" in on and "product" not in on,
        "short": len(reading.text) <= 4,
        "long": len(reading.text) >= 20,
    }
    return [1.0 if joined.get(name) else cues.get(name, 0.0) for name in CUES]
