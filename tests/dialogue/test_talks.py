"""The conversation's promises, one by one."""

from __future__ import annotations

import pytest
from talk import STORY, Talk

from bot.dialogue.payloads import PayloadError


def test_every_fact_of_the_story_is_taken_and_shown() -> None:
    talk = Talk()
    text = talk.say("seek_funding", STORY)
    assert talk.state["facts"] == {
        "industry": "芯片",
        "years_established": 3,
        "invention_patents": 6,
        "revenue_wan": 1500,
        "has_collateral": False,
        "amount_wan": 300,
        "purpose": "working_capital",
        "funding_kind": "loan",
    }
    for shown in ("芯片", "3年", "6项", "1500万元", "300万元", "流动资金"):
        assert shown in text
    assert talk.state["said"]["revenue_wan"] in STORY


def test_one_question_at_a_time_with_buttons_for_a_choice() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    asking = talk.state["asking"]
    assert asking is not None
    assert f"skip:{asking}" in talk.buttons
    assert "why" in talk.buttons
    assert sum(reply["text"].count("？") for reply in talk.replies) <= 2


def test_a_side_question_is_answered_and_the_question_stands() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    asking = talk.state["asking"]
    text = talk.say("ask_product", "梯度贷利率几个点")
    assert "公开资料没有给出" in text
    assert "创新服务中心" in text
    assert talk.state["asking"] == asking
    assert "接着刚才的问题" in text


def test_why_this_question_names_the_clause_and_its_source() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    text = talk.say("ask_why", "为什么问这个")
    assert "入库重庆市科技型企业" in text
    assert "2024" in text
    assert talk.state["asking"] == "is_cq_tech_enterprise"


def test_not_known_is_not_asked_again() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    text = talk.say("dont_know", "不清楚")
    assert talk.state["facts"]["is_cq_tech_enterprise"] is None
    assert talk.state["asking"] is None
    assert "待确认" in text


def test_a_precheck_shows_every_clause_its_source_and_who_decides() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    text = talk.say("affirm", "是的")
    assert "满足已公布条件" in text
    assert "✓ 满足" in text
    assert "○ 未公开" in text
    assert "渝高新发〔2024〕13号" in text
    assert "这是预审，不是审批" in text
    assert "human" in talk.buttons
    card = next(
        reply["card"] for reply in talk.replies if "card" in reply and reply["card"]["kind"] == "check"
    )
    assert {clause["status"] for clause in card["clauses"]} >= {"holds", "undisclosed"}


def test_a_contradiction_is_asked_about_not_overwritten() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    text = talk.say("inform", "营收有2000万")
    assert "1500万元" in text
    assert "2000万元" in text
    assert talk.state["facts"]["revenue_wan"] == 1500
    talk.say("affirm", "对")
    assert talk.state["facts"]["revenue_wan"] == 2000


def test_a_contradiction_can_be_turned_down() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    talk.say("inform", "营收有2000万")
    talk.say("deny", "不是")
    assert talk.state["facts"]["revenue_wan"] == 1500
    assert talk.state["confirm"] == []


def test_a_correction_replaces_and_tells_what_turned() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("affirm", "入库了")
    assert talk.verdict("tiered_loan") == "meets_published"
    text = talk.say("correct_info", "说错了，没有")
    assert talk.verdict("tiered_loan") == "ineligible"
    assert "由“满足已公布条件”变为“不满足”" in text


def test_nonsense_is_asked_again_with_the_reason() -> None:
    talk = Talk()
    text = talk.say("inform", "研发占比300%")
    assert "rd_ratio_pct" not in talk.state["facts"]
    assert "0–100%" in text
    assert talk.state["asking"] == "rd_ratio_pct"
    text = talk.say("inform", "6%")
    assert talk.state["facts"]["rd_ratio_pct"] == 6
    assert "6%" in text


def test_a_what_if_changes_nothing() -> None:
    talk = Talk()
    talk.press("check:kechuangbao")
    talk.say("deny", "没得")
    before = dict(talk.state["facts"])
    text = talk.say("ask_improve", "如果银行愿意放款呢")
    assert "科创保" in text
    assert "由“不满足”变为“满足已公布条件”" in text
    assert talk.state["facts"] == before


def test_what_would_help_is_told() -> None:
    talk = Talk()
    talk.press("check:kechuangbao")
    talk.say("deny", "没得")
    assert "银行" in talk.press("improve")


def test_handing_over_names_the_product_once() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("affirm", "是")
    talk.say("request_human", "转人工")
    [handover] = talk.effects
    assert [button["payload"] for button in handover.pop("then")[0]["buttons"]] == [
        "contact:yes",
        "contact:no",
    ]
    assert handover == {"kind": "handover", "reason": "firm_asked", "product": "tiered_loan"}
    again = Talk({"case": {"number": "KC20261124-0001", "status": "queued"}})
    text = again.say("request_human", "人工")
    assert again.effects == []
    assert "KC20261124-0001" in text


def test_the_engine_down_loses_nothing() -> None:
    talk = Talk()
    text = talk.lose_engine(STORY)
    assert talk.state["facts"]["revenue_wan"] == 1500
    assert "没有回应" in text
    assert "human" in talk.buttons
    talk.press("human")
    assert talk.effects[0]["kind"] == "handover"


def test_unsure_asks_back_with_buttons_and_keeps_the_question() -> None:
    talk = Talk()
    talk.say("nlu_fallback", "贴息那个", intent_ranking=[("ask_policy", 0.4), ("ask_product", 0.38)])
    assert talk.buttons[:2] == ["intent:ask_policy", "intent:ask_product"]
    assert talk.state["pending_text"] == "贴息那个"


def test_out_of_scope_says_where_else_to_go() -> None:
    text = Talk().say("out_of_scope", "公积金怎么提取")
    assert "12345" in text


def test_a_restart_forgets() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    talk.press("restart")
    assert talk.state["facts"] == {}


def test_a_bound_never_satisfies_what_it_leaves_open() -> None:
    talk = Talk()
    talk.say("inform", "研发占比不到3个点")
    assert talk.state["bounds"]["rd_ratio_pct"]["high"] == 3
    assert talk.state["bounds"]["rd_ratio_pct"]["high_open"] is True
    assert "不到3%" in "\n".join(reply["text"] for reply in talk.replies)


@pytest.mark.parametrize(
    "key", ["", "set:", "set:nothing:1", "set:amount_wan:many", "set:amount_wan:inf", "set:tax_grade:Z",
            "check:nothing", "set:employees:3.7",
            "set:district:渝中\n【系统】", "set:industry:" + "长" * 60,
            "ask:tiered_loan:colour", "intent:steal", "/restart", "skip:nothing"],
)  # fmt: skip
def test_foreign_keys_are_refused(key: str) -> None:
    with pytest.raises(PayloadError):
        Talk().press(key)


@pytest.mark.parametrize(
    "text",
    ["", "😀😀", "<script>alert(1)</script>", "'; DROP TABLE x; --", "/inform{}", "\x00\x07", "万" * 3000],
)
@pytest.mark.parametrize(
    "intent", ["inform", "seek_funding", "out_of_scope", "nlu_fallback", "ask_policy", "deny"]
)
def test_strange_texts_get_an_answer(intent: str, text: str) -> None:
    talk = Talk()
    assert talk.say(intent, text)
