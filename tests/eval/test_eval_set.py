"""The held-out set keeps to the contract, is large enough, and shares no sentence with the training data."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

INTENTS = {
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
}
PRODUCTS = {
    "knowledge_value_loan",
    "innovation_points_loan",
    "tiered_loan",
    "kechuangbao",
    "dual_finance_link",
    "ip_pledge_loan",
    "science_city_guarantee",
    "twin_city_credit_enhancement",
    "invest_then_equity",
    "grant_to_equity",
    "seed_fund",
    "fengqi_angel_fund",
    "qihang_fund",
    "industry_fund",
    "tech_relending",
    "green_twin_city_loan",
    "ecny_corporate_loan",
}
ASPECTS = {
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
}
BOUND_KEYS = {"low", "high", "low_open", "high_open"}

# Shorter utterances (谢谢, 你好, 三年) can hardly be said in another way.
SHORTEST_COMPARED = 5
TOO_ALIKE = 0.75


def parsed(path: Path) -> Any:
    """The content of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, Any]]:
    """The JSON objects of ``name``, one a line, in order."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


SENTENCES = rows("understanding.jsonl")
STATEMENTS = rows("statements.jsonl")
QUESTIONS = rows("policy_questions.jsonl")
DECLARED: dict[str, dict[str, Any]] = {
    name: fact
    for name, fact in parsed(ROOT / "catalog" / "facts.yml")["facts"].items()
    if fact["group"] == "contract"
}


def fits(fact: dict[str, Any], value: object) -> bool:
    """Whether ``value`` has the type, range and choices that the catalog declares for ``fact``."""
    if fact["type"] == "flag":
        return isinstance(value, bool)
    if fact["type"] == "choice":
        return value in {choice["value"] for choice in fact["choices"]}
    if fact["type"] == "text":
        return isinstance(value, str) and value != ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    low, high = fact.get("range", [float("-inf"), float("inf")])
    return bool(low <= value <= high)


def normal(text: str) -> str:
    """``text`` in half width and lower case, without punctuation and spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\W_]+", "", folded)


def trigrams(text: str) -> frozenset[str]:
    """The character 3-grams of an already normalised text of three or more characters."""
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))


def strings(node: object) -> Iterator[str]:
    """Every example of a training file, in whichever of the YAML forms it is written."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "examples" and isinstance(value, str):
                yield from (line.strip().lstrip("-").strip() for line in value.splitlines())
            elif key in {"examples", "text"} or isinstance(value, (dict, list)):
                yield from strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)
    elif isinstance(node, str):
        yield node


def training_texts() -> dict[str, str]:
    """Normalised training sentence -> its file; marks such as ``[八百](amount)`` are dropped."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for text in strings(parsed(path)):
            plain = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)
            found.setdefault(normal(plain), path.name)
    for path in sorted((ROOT / "data" / "facts").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            found.setdefault(normal(json.loads(line)["text"]), path.name)
    return found


def near_duplicates(texts: list[str], training: dict[str, str]) -> list[str]:
    """Lines «held-out ~ other (its file)» for the pairs that are equal or nearly so."""
    grams = {text: trigrams(text) for text in training if len(text) >= SHORTEST_COMPARED}
    pairs = []
    for text in texts:
        plain = normal(text)
        if len(plain) < SHORTEST_COMPARED:
            continue
        mine = trigrams(plain)
        for other, theirs in grams.items():
            # Cheap bound first: sets of very different size cannot be that alike.
            if min(len(mine), len(theirs)) <= TOO_ALIKE * max(len(mine), len(theirs)):
                continue
            if plain == other or len(mine & theirs) > TOO_ALIKE * len(mine | theirs):
                pairs.append(f"{text} ~ {other} ({training[other]})")
    return pairs


@pytest.mark.parametrize("row", SENTENCES + STATEMENTS, ids=lambda row: row["text"][:24])
def test_sentence_keeps_to_the_contract(row: dict[str, Any]) -> None:
    assert set(row) - {"asked", "bounds"} == {"text", "intents", "facts", "products", "aspect"}
    assert row["text"].strip()
    assert row["intents"]
    assert set(row["intents"]) <= INTENTS
    assert set(row["products"]) <= PRODUCTS
    assert row["aspect"] is None or row["aspect"] in ASPECTS
    assert row.get("asked") is None or row["asked"] in DECLARED
    for name, value in row["facts"].items():
        assert name in DECLARED, f"{name} is not a fact of the contract"
        assert fits(DECLARED[name], value), f"{name} cannot be {value!r}"
    for name, bound in row.get("bounds", {}).items():
        assert name in row["facts"]
        assert set(bound) == BOUND_KEYS
        assert bound["low"] is not None or bound["high"] is not None
        assert row["facts"][name] in (bound["low"], bound["high"])


def test_sentences_are_many_and_cover_the_contract() -> None:
    assert len(SENTENCES) >= 300
    intents = Counter(intent for row in SENTENCES for intent in row["intents"])
    assert {name: intents[name] for name in INTENTS if intents[name] < 10} == {}
    assert sorted(set(DECLARED) - {name for row in SENTENCES for name in row["facts"]}) == []
    assert sorted(PRODUCTS - {name for row in SENTENCES for name in row["products"]}) == []
    assert sorted(ASPECTS - {row["aspect"] for row in SENTENCES}) == []


def test_no_sentence_stands_twice() -> None:
    seen = Counter((normal(row["text"]) or row["text"], row.get("asked")) for row in SENTENCES + STATEMENTS)
    assert [text for text, times in seen.items() if times > 1] == []
    asked = Counter(normal(row["question"]) for row in QUESTIONS)
    assert [text for text, times in asked.items() if times > 1] == []


def test_questions_are_many_and_half_of_them_out_of_scope() -> None:
    assert len(QUESTIONS) >= 150
    assert sum(row["answer"] == [] for row in QUESTIONS) >= 80
    assert sum(row["answer"] != [] for row in QUESTIONS) >= 70


def test_answers_are_passages_that_contain_what_is_expected() -> None:
    passages = {
        passage["id"]: passage
        for path in sorted((ROOT / "catalog" / "knowledge").glob("*.yml"))
        for passage in parsed(path).get("passages", [])
    }
    for row in QUESTIONS:
        assert set(row) - {"silent"} == {"question", "topic", "expects", "answer"}
        assert (row["topic"] == "out") == (row["answer"] == []), row["question"]
        for name in row["answer"]:
            assert name in passages, f"{row['question']}: there is no passage {name}"
            passage = passages[name]
            # The knowledge base may write ＋ for +, which is the same to a reader.
            said = unicodedata.normalize("NFKC", passage["title"] + passage["text"])
            if row["expects"] is not None:
                assert unicodedata.normalize("NFKC", row["expects"]) in said, (
                    f"{row['question']}: {name} does not say {row['expects']}"
                )
            if row.get("silent"):
                assert passage.get("silent"), f"{row['question']}: {name} is not a silent passage"


@pytest.mark.slow
def test_training_data_repeats_nothing_of_this_set() -> None:
    training = training_texts()
    texts = [row["text"] for row in SENTENCES + STATEMENTS] + [row["question"] for row in QUESTIONS]
    pairs = near_duplicates(texts, training)
    listing = "\n".join(pairs)
    assert not pairs, (
        f"{len(pairs)} training sentences repeat the held-out set. Take them out of data; "
        f"the held-out set stays as it is.\n{listing}"
    )


def test_stored_phrasings_repeat_no_question_of_this_set() -> None:
    phrasings = {
        normal(phrasing): path.name
        for path in sorted((ROOT / "catalog" / "knowledge").glob("*.yml"))
        for passage in parsed(path).get("passages", [])
        for phrasing in passage.get("phrasings", [])
    }
    pairs = near_duplicates([row["question"] for row in QUESTIONS], phrasings)
    listing = "\n".join(pairs)
    assert not pairs, (
        f"{len(pairs)} stored phrasings repeat a held-out question. Take them out of catalog/knowledge; "
        f"the held-out set stays as it is.\n{listing}"
    )


def test_repetition_is_seen_through_spelling_and_marks() -> None:
    training = {normal("我们去年营收三千万,想贷五百万"): "made_up.yml"}
    assert near_duplicates(["我们去年营收三千万 想贷五百万!"], training) != []
    assert near_duplicates(["研发人员有十二个,都是硕士"], training) == []
