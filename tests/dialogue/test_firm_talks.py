"""What a firm does from its side, in the pure dialogue: what it says, and what it asks the app to do."""

from __future__ import annotations

import random
from typing import Any

import pytest
from talk import ROOT, STORY, Talk, services
from told_numbers import unexplained_numbers

from bot.dialogue.expected import case_in, phone_in
from bot.dialogue.payloads import PayloadError, parse

SLOTS = [
    {
        "id": number,
        "place_id": 1 + number % 2,
        "place": ("金融便利店", "西部创投中心")[number % 2],
        "address": "科学大道88号",
        "when": f"2026年11月{24 + number}日（周三）09:30–10:30",
    }
    for number in range(1, 5)
]
CASE = {"number": "KC20261124-0001", "status": "queued", "first_reply_by": "2026年11月25日"}
KEYS = [
    "visit:list",
    "visit:place:1",
    "visit:slot:2",
    "visit:book:2",
    "visit:cancel",
    "visit:cancel:yes",
    "data:show",
    "data:export",
    "data:erase",
    "data:erase:yes",
    "keep",
    "phone",
    "code",
    "rate:KC20261124-0001:5",
    "rate:KC20261124-0001:skip",
    "human:complaint",
    "intent:complain",
    "intent:manage_data",
    "intent:book_visit",
    "intent:case_status",
]


@pytest.mark.parametrize("key", KEYS)
def test_every_key_gets_an_answer_or_asks_the_app_for_one(key: str) -> None:
    for context in ({}, {"case": CASE, "slots": SLOTS, "visit": SLOTS[0], "rating": "KC20261124-0001"}):
        talk = Talk(context)
        talk.say("inform", STORY)
        said = talk.press(key)
        assert said or talk.effects


@pytest.mark.parametrize(
    "key",
    [
        "visit:slot:0",
        "visit:slot:x",
        "visit:book:-1",
        "rate:KC1:5",
        "rate:KC20261124-0001:6",
        "data:all",
        "visit:",
    ],
)
def test_keys_that_are_none_are_refused(key: str) -> None:
    with pytest.raises(PayloadError):
        parse(key, services().catalog)


def test_keys_fit_where_keys_are_short() -> None:
    # Telegram takes 64 bytes.
    assert max(len(key.encode()) for key in [*KEYS, "visit:place:999999999"]) <= 64


def test_a_visit_is_confirmed_before_it_is_booked() -> None:
    talk = Talk({"slots": SLOTS[:1]})
    talk.say("book_visit", "约个时间面谈")
    assert "visit:slot:1" in talk.buttons
    assert talk.effects == []
    talk.press("visit:slot:1")
    assert talk.effects == []
    talk.press("visit:book:1")
    assert talk.effects == [{"kind": "visit_book", "slot": 1}]
    talk.context["visit"] = SLOTS[0]
    talk.press("visit:book:3")
    assert talk.effects == [{"kind": "visit_move", "slot": 3}]


def test_times_that_were_not_looked_up_are_offered_to_be_shown() -> None:
    talk = Talk()
    talk.say("book_visit", "行程安排一下")
    assert "visit:list" in talk.buttons
    talk.context["slots"] = []
    assert "由陪跑专员和您约定" in talk.press("visit:list")


def test_a_slot_that_is_gone_is_said() -> None:
    talk = Talk({"slots": SLOTS[:1]})
    assert "约满" in talk.press("visit:slot:9")
    assert "visit:slot:1" in talk.buttons


def test_not_to_change_a_visit_answers_no_open_question() -> None:
    talk = Talk({"slots": SLOTS, "visit": SLOTS[0]})
    talk.say("seek_funding", STORY)
    asking, facts = talk.state["asking"], dict(talk.state["facts"])
    assert asking
    talk.press("visit:cancel")
    talk.press("keep")
    assert (talk.state["asking"], talk.state["facts"]) == (asking, facts)


def test_a_complaint_keeps_its_words_and_facts_in_passing_do_not_make_one() -> None:
    talk = Talk()
    talk.say("complain", "等了三天没人理")
    assert {"kind": "complaint", "words": "等了三天没人理"} in talk.effects
    talk.say("complain", "我们去年营收1500万", intent_ranking=[("complain", 0.4), ("inform", 0.3)])
    assert "complaint" not in {effect["kind"] for effect in talk.effects}
    talk.say("complain", "你们太差了，我1500万营收都不理", intent_ranking=[("complain", 0.95)])
    assert "complaint" in {effect["kind"] for effect in talk.effects}


def test_what_was_asked_for_is_expected_once() -> None:
    talk = Talk()
    talk.press("intent:complain")
    talk.say("ask_policy", "凭什么等三天没人理")
    assert talk.effects[0]["words"] == "凭什么等三天没人理"
    talk.say("nlu_fallback", "还有一句")
    assert talk.effects == []
    talk.press("intent:complain")
    talk.say("ask_product", "科企梯度贷是什么")
    assert "complaint" not in {effect["kind"] for effect in talk.effects}


def test_a_number_counts_where_somebody_will_read_it() -> None:
    talk = Talk()
    talk.say("inform", "我电话13800138000，贷300万")
    assert talk.effects == []
    talk.context["case"] = CASE
    talk.say("inform", "我电话138 0013 8000，贷300万")
    assert talk.effects == [{"kind": "phone", "number": "13800138000"}]
    assert talk.state["facts"]["amount_wan"] == 300


def test_stars_only_where_they_were_asked_for() -> None:
    talk = Talk({"rating": "KC20261124-0001"})
    talk.say("nlu_fallback", "四星")
    assert talk.effects == [{"kind": "rating", "case": "KC20261124-0001", "stars": 4}]
    talk = Talk()
    talk.say("nlu_fallback", "四星")
    assert talk.effects == []


def test_a_case_of_another_talk_needs_its_code() -> None:
    talk = Talk()
    assert "查询码" in talk.say("case_status", "帮我看下KC20261124 0007")
    talk.say("nlu_fallback", "ABCDE fghjk")
    assert talk.effects == [{"kind": "case_status", "number": "KC20261124-0007", "code": "ABCDE FGHJK"}]
    talk.say("request_human", "KC20261124-0007 这件我要转人工")
    assert talk.effects[0]["kind"] == "handover"


def test_erasing_forgets_the_state_only_after_a_yes() -> None:
    talk = Talk()
    talk.say("inform", STORY)
    talk.say("manage_data", "删除我的信息")
    assert talk.effects == []
    assert talk.state["facts"]
    talk.say("affirm", "确认删除")
    assert talk.effects == [{"kind": "data_erase"}]
    assert talk.state["facts"] == {}


def test_phones_and_case_numbers_are_read_and_nothing_else_is() -> None:
    assert phone_in("打023-68686868") == "02368686868"
    assert phone_in("座机(023)68686868") == "02368686868"
    for text in ("营收15000000元", "2026-11-24", "KC20261124-0001", "身份证500107199003071234"):
        assert phone_in(text) is None, text
    assert case_in("kc20261124-0012的进度") == "KC20261124-0012"
    assert case_in("KC2026") is None


@pytest.mark.parametrize("place", range(6))
def test_no_number_is_made_up(place: int) -> None:
    rng = random.Random(f"{random.random()}-{place}")
    context: dict[str, Any] = {}
    talk = Talk(context)
    said = [STORY, "电话13800138000"]
    record = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "catalog").rglob("*.yml")))
    told = [record, *(slot["address"] for slot in SLOTS)]
    talk.say("inform", STORY)
    for _ in range(15):
        context["slots"] = rng.sample(SLOTS, rng.randint(0, 4))
        context["visit"] = rng.choice([None, SLOTS[0]])
        context["case"] = rng.choice([None, CASE])
        reply = talk.press(rng.choice(KEYS)) if rng.random() < 0.7 else talk.say("book_visit", said[1])
        assert unexplained_numbers(reply.replace("记下的8项", ""), [*told, *said]) == [], reply
