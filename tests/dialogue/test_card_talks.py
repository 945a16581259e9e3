"""Qualifications in a talk: ranges from partial answers, how to register, what it would open."""

from __future__ import annotations

import pytest
from talk import Talk

ASKED = "我们30个研发,100个员工,6项发明专利,研发占比4.5%,算不算科技型中小企业"


def test_partial_answers_give_a_range_and_what_is_missing() -> None:
    talk = Talk()
    text = talk.say("check_eligibility", ASKED)
    assert "目前 80–100 分（满分100，60分合格），还差 5 项" in text
    assert "研发投入（占销售收入或占成本费用，二选一取高）：30–50分" in text
    assert talk.state["asking"] == "revenue_wan"
    assert "is_tech_sme" not in talk.state["facts"]


def test_meeting_the_rules_is_not_holding_the_number() -> None:
    talk = Talk()
    talk.say("check_eligibility", ASKED)
    talk.say("inform", "去年营收1500万,总资产两千万")
    text = ""
    while (fact := talk.state["asking"]) is not None:
        text = talk.press(f"set:{fact}:{'false' if fact == 'in_restricted_industry' else 'true'}")
    assert "自查满足已公布的标准" in text
    assert "要参加评价、取得入库登记编号才算" in text
    assert "取得这个资格以后" in text
    assert "创新积分贷" in text
    assert "is_tech_sme" not in talk.state["facts"]
    assert talk.verdict("tiered_loan") == "unknown"


def test_a_failed_condition_ends_the_questions() -> None:
    talk = Talk()
    text = talk.say("check_eligibility", "员工800人，够不够科技型中小企业")
    assert "自查还不满足已公布的标准" in text
    assert "职工不超过500人" in text
    assert talk.state["asking"] is None


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("我们能不能评高企", "hnte"),
        ("够不够专精特新", "srdi"),
        ("我们符合小巨人的条件吗", "little_giant_2026"),
        ("算不算创新型中小企业", "innovative_sme"),
    ],
)
def test_each_qualification_has_its_card(text: str, card: str) -> None:
    talk = Talk()
    talk.say("check_eligibility", text)
    assert talk.state["card"] == card


def test_the_definition_of_a_qualification_is_not_a_self_check() -> None:
    talk = Talk()
    talk.say("ask_policy", "什么是科技型中小企业")
    assert talk.state["card"] is None


def test_points_are_asked_for_not_invented() -> None:
    talk = Talk()
    text = talk.say("estimate_points", "帮我测算一下创新积分")
    assert "指标和权重未公开" in text
    assert "“企业创新积分制”服务平台" in text
    assert talk.state["asking"] == "innovation_points"
    assert "human" in talk.buttons
    talk.say("inform", "78分")
    assert talk.state["facts"]["innovation_points"] == 78
    assert talk.verdict("innovation_points_loan") == "meets_published"


def test_why_a_card_asks_names_the_line_and_its_source() -> None:
    talk = Talk()
    talk.say("check_eligibility", ASKED)
    text = talk.press("why")
    assert "年销售收入不超过2亿元" in text
    assert "国科发政〔2017〕115号" in text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("我们是软件企业，8个人，算小微企业吗", "微型企业"),
        ("我们算小微企业吗", "还不能划型"),
    ],
)
def test_the_size_class_is_told_or_asked_for(text: str, answer: str) -> None:
    talk = Talk()
    if "软件" in text:
        talk.press("set:size_industry:software")
    assert answer in talk.say("ask_policy", text)


def test_a_precheck_says_when_a_qualification_is_within_reach() -> None:
    talk = Talk()
    talk.say("check_eligibility", ASKED)
    talk.press("set:revenue_wan:1500")
    talk.press("check:kechuangbao")
    text = talk.press("set:bank_will_lend:true")
    assert "国家科技型中小企业" in text
    assert "card:tech_sme" in talk.buttons
