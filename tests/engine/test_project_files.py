"""The Rasa project's files agree with the contract and with each other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
INTENTS = set(
    "greet goodbye thank affirm deny inform seek_funding ask_product compare_products check_eligibility "
    "ask_why ask_improve estimate_points ask_policy correct_info dont_know request_human case_status "
    "book_visit complain restart manage_data ask_bot out_of_scope".split()
)


@pytest.fixture(scope="module")
def domain() -> dict:
    return yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def rules() -> dict[str, str]:
    found = yaml.safe_load((ROOT / "data" / "rules.yml").read_text("utf-8"))["rules"]
    return {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in found}


def test_every_intent_of_the_contract_has_its_action(domain, rules):
    assert {name for entry in domain["intents"] for name in entry} == INTENTS | {"nlu_fallback"}
    assert rules == {**{intent: f"action_{intent}" for intent in INTENTS}, "nlu_fallback": "action_ask_back"}
    assert set(domain["actions"]) == set(rules.values())


def test_every_intent_has_examples_and_none_is_unknown():
    taught = {
        entry["intent"]
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        if "intent" in entry
    }
    assert taught == INTENTS


async def test_every_action_of_the_domain_is_known_to_the_app(domain):
    from actions.executor import UnknownAction, make_executor

    run = make_executor()
    unknown = []
    for action in domain["actions"]:
        try:
            await run(
                {"next_action": action, "sender_id": "t", "tracker": {"sender_id": "t"}, "domain": domain}
            )
        except UnknownAction:
            unknown.append(action)
        except Exception:
            # It was found; that it has nothing to answer from is no matter here.
            continue
    assert unknown == []
    with pytest.raises(UnknownAction):
        await run(
            {"next_action": "action_none", "sender_id": "t", "tracker": {"sender_id": "t"}, "domain": domain}
        )


def test_no_secret_stands_in_the_project():
    for name in ("credentials.yml", "endpoints.yml"):
        assert "${PEIPAO_ENGINE_SECRET}" in (ROOT / name).read_text("utf-8")
