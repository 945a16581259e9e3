"""What an officer did to a talk, on the real catalog: facts corrected, and the talk given back."""

from __future__ import annotations

from typing import Any

import pytest
from talk import STORY, TODAY, Talk, services

from bot.dialogue.desk import FactError, Words, after_human, correct


def given_back(talk: Talk, *said: Words, goes_on: bool = True) -> str:
    """The talk after a human had it; returns what the bot says."""
    return talk._keep(after_human(services(), state=talk.state, said=said, today=TODAY, goes_on=goes_on))


def firm(text: str, **more: Any) -> Words:
    return Words("firm", text, **more)


def officer(text: str) -> Words:
    return Words("officer", text)


def told() -> Talk:
    talk = Talk()
    talk.say("seek_funding", STORY)
    return talk


def test_facts_stated_to_the_officer_are_known_and_the_talk_goes_on() -> None:
    talk = told()
    assert talk.verdict("tiered_loan") == "unknown"
    text = given_back(
        talk,
        officer("您入库重庆市科技型企业了吗？"),
        firm("已经入库重庆市科技型企业系统了"),
        firm("职工60人，研发人员20人"),
    )
    facts = talk.state["facts"]
    assert (facts["is_cq_tech_enterprise"], facts["employees"], facts["rd_employees"]) == (True, 60, 20)
    assert talk.verdict("tiered_loan") == "meets_published"
    assert "刚才谈话里的情况我也记下了" in text
    assert "职工" in text
    assert "科企梯度贷" in text
    # It asks for what is still open, and not for what the officer was told.
    assert talk.state["asking"] not in (None, "is_cq_tech_enterprise", "employees")


def test_an_officers_words_state_nothing_about_the_firm_but_what_is_talked_about() -> None:
    talk = told()
    given_back(talk, officer("您是有30项发明专利的高新技术企业吗？我们看看科创保"))
    assert talk.state["facts"]["invention_patents"] == 6
    assert "is_hnte" not in talk.state["facts"]
    assert talk.state["topic"] == "kechuangbao"


def test_a_question_to_the_officer_states_nothing() -> None:
    talk = told()
    given_back(talk, firm("知识价值A级能贷多少？"))
    assert "knowledge_value_grade" not in talk.state["facts"]


def test_another_value_than_before_is_asked_about() -> None:
    talk = told()
    text = given_back(talk, firm("去年营收2300万"))
    assert talk.state["facts"]["revenue_wan"] == 1500
    assert "以哪个为准" in text
    talk.press("intent:affirm")
    assert talk.state["facts"]["revenue_wan"] == 2300


def test_what_the_officer_corrected_stands_against_words_said_before() -> None:
    talk = told()
    talk.state = correct(services(), state=talk.state, fact="revenue_wan", value="1800", today=TODAY)["state"]
    text = given_back(talk, firm("去年营收2300万", settled=frozenset({"revenue_wan"})))
    assert talk.state["facts"]["revenue_wan"] == 1800
    assert "以哪个为准" not in text
    assert "2300" not in text


def test_a_pressed_button_counts_and_an_unknown_one_does_not() -> None:
    talk = told()
    given_back(
        talk,
        firm("", payload="set:is_hnte:true"),
        firm("", payload="set:no_such_fact:true"),
        firm("", payload="human"),
    )
    assert talk.state["facts"]["is_hnte"] is True


def test_silently_the_state_knows_as_much() -> None:
    talk = told()
    assert given_back(talk, firm("职工60人"), goes_on=False) == ""
    assert talk.state["facts"]["employees"] == 60


def test_given_back_without_a_word_it_goes_on_where_it_was() -> None:
    talk = told()
    asking = talk.state["asking"]
    assert asking is not None
    given_back(talk)
    assert talk.state["asking"] == asking


@pytest.mark.parametrize(
    ("fact", "value", "new", "text"),
    [
        ("revenue_wan", 800, 800, "800万元"),
        ("revenue_wan", "800", 800, "800万元"),
        ("is_cq_tech_enterprise", True, True, "已入库"),
        ("is_cq_tech_enterprise", "false", False, "没入库"),
        ("has_collateral", None, None, "不清楚"),
        ("purpose", "rd", "rd", "研发"),
        ("industry", "生物医药", "生物医药", "生物医药"),
    ],
)
def test_an_officer_corrects_a_fact(fact: str, value: object, new: object, text: str) -> None:
    talk = told()
    before = talk.state["facts"].get(fact)
    made = correct(services(), state=talk.state, fact=fact, value=value, today=TODAY)
    assert made["state"]["facts"][fact] == new
    assert (made["old"], made["new"], made["new_text"]) == (before, new, text)
    if before is None:
        assert made["old_text"] == "还没有记"


def test_a_correction_judges_anew_and_says_what_changed() -> None:
    talk = told()
    made = correct(services(), state=talk.state, fact="is_cq_tech_enterprise", value=True, today=TODAY)
    ranking = {one["product"]: one["verdict"] for one in made["state"]["ranking"]}
    assert ranking["tiered_loan"] == "meets_published"
    assert any("科企梯度贷" in one for one in made["changes"])
    assert made["state"]["asking"] != "is_cq_tech_enterprise"
    # A bound that was said before does not survive the exact value.
    talk.say("inform", "研发占比不到3%")
    made = correct(services(), state=talk.state, fact="rd_ratio_pct", value=4, today=TODAY)
    assert "rd_ratio_pct" not in made["state"]["bounds"]
    assert made["old_text"] == "不到3%"


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("no_such_fact", 1),
        ("revenue_wan", "很多"),
        ("revenue_wan", True),
        ("employees", 1.5),
        ("rd_ratio_pct", 300),
        ("purpose", "holiday"),
        ("is_hnte", "maybe"),
        ("knowledge_value_grade", "Z"),
        ("revenue_wan", float("nan")),
        ("revenue_wan", ""),
    ],
)
def test_a_value_that_cannot_be_is_refused(fact: str, value: object) -> None:
    with pytest.raises(FactError):
        correct(services(), state=told().state, fact=fact, value=value, today=TODAY)
