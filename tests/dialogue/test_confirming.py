"""What is said twice, taken back, supposed, or answered in the words of a button."""

from __future__ import annotations

from talk import STORY, Talk


def contradicted() -> Talk:
    talk = Talk()
    talk.say("inform", "有抵押物，是套厂房")
    talk.say("inform", "没有抵押物")
    assert talk.state["confirm"]
    return talk


def test_a_value_named_again_is_the_answer() -> None:
    talk = contradicted()
    talk.say("deny", "没有")
    assert talk.state["facts"]["has_collateral"] is False
    assert talk.state["confirm"] == []
    talk = contradicted()
    talk.say("affirm", "是的，有抵押物，是套厂房")
    assert talk.state["facts"]["has_collateral"] is True
    assert talk.state["confirm"] == []


def test_a_contradiction_does_not_take_the_talk_over() -> None:
    talk = contradicted()
    text = talk.press("check:kechuangbao")
    assert "预审结果" in text or "放款" in text
    for _ in range(3):
        talk.say("ask_policy", "什么叫容亏")
    assert talk.state["confirm"] == []
    assert talk.state["facts"]["has_collateral"] is True
    assert any("前后说法不一" in one for one in talk.state["unanswered"])


def test_handing_over_ends_it_and_tells_the_officer() -> None:
    talk = contradicted()
    talk.say("request_human", "转人工")
    assert talk.state["confirm"] == []
    assert any("前后说法不一" in one for one in talk.state["unanswered"])


def test_a_product_name_is_no_wish() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    talk.say("compare_products", "知识价值信用贷和创新积分贷哪个好")
    assert talk.state["confirm"] == []
    assert talk.state["facts"]["funding_kind"] == "loan"


def test_a_loan_said_more_exactly_is_no_contradiction() -> None:
    talk = Talk()
    talk.say("seek_funding", "想贷款300万")
    talk.say("inform", "最好是信用贷款")
    assert talk.state["facts"]["funding_kind"] == "credit"
    assert talk.state["confirm"] == []


def test_a_question_about_a_grade_states_none() -> None:
    talk = Talk()
    talk.say("ask_product", "知识价值信用贷款A级能贷多少")
    assert "knowledge_value_grade" not in talk.state["facts"]


def test_a_correction_finds_the_fact_that_held_the_old_value() -> None:
    talk = Talk()
    talk.say("seek_funding", "去年营收8000万，想贷1000万")
    talk.say("correct_info", "不是8000万，是8个亿")
    assert talk.state["facts"]["revenue_wan"] == 80000
    assert talk.state["facts"]["amount_wan"] == 1000


def test_the_title_of_a_button_may_be_typed() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    title = next(
        button["title"] for button in talk.replies[-1]["buttons"] if button["payload"].endswith(":true")
    )
    talk.say("nlu_fallback", title + "。")
    assert talk.state["facts"]["is_cq_tech_enterprise"] is True
    talk = Talk()
    talk.press("check:knowledge_value_loan")
    talk.say("deny", "还没评级")
    assert talk.state["facts"]["knowledge_value_grade"] == "none"


def test_an_answer_can_be_taken_back() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("affirm", "是的")
    talk.say("nlu_fallback", "没入库,刚才点错了")
    assert talk.state["facts"]["is_cq_tech_enterprise"] is False
    assert talk.verdict("tiered_loan") == "ineligible"


def test_an_answer_is_taken_back_while_another_question_is_open() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("affirm", "是的")
    talk.press("check:kechuangbao")
    assert talk.state["asking"] == "bank_will_lend"
    talk.say("correct_info", "刚才说错了，没有入库")
    assert talk.state["facts"]["is_cq_tech_enterprise"] is False
    assert "bank_will_lend" not in talk.state["facts"]


def test_not_knowing_is_not_no() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("dont_know", "不晓得算不算入库了")
    assert talk.state["facts"]["is_cq_tech_enterprise"] is None


def test_what_is_unknown_for_good_is_not_met() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("dont_know", "不清楚")
    text = talk.say("ask_improve", "还差什么")
    assert "都满足" not in text
    assert "入库" in text


def test_an_unchanged_precheck_is_not_printed_again() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("affirm", "是的")
    text = talk.say("inform", "研发人员12个")
    assert "预审结论不变" in text
    assert "未公开" not in text


def test_a_supposed_answer_changes_nothing() -> None:
    talk = Talk()
    talk.press("check:tiered_loan")
    talk.say("deny", "没有")
    text = talk.say("out_of_scope", "如果入库了呢")
    assert "由“不满足”变为“满足已公布条件”" in text
    assert talk.state["facts"]["is_cq_tech_enterprise"] is False


def test_what_cannot_be_is_asked_again() -> None:
    talk = Talk()
    assert "2026年" in talk.say("inform", "我们2030年成立的")
    assert "established_year" not in talk.state["facts"]
    talk = Talk()
    talk.say("inform", "员工5个人")
    assert "不会比职工总数多" in talk.say("inform", "研发人员120人")
    assert "rd_employees" not in talk.state["facts"]


def test_only_what_was_asked_is_compared() -> None:
    text = Talk().say("compare_products", "科创保和科企梯度贷哪个利率低")
    assert "【利率】" in text
    assert "【条件】" not in text
    assert "分不出先后" in text


def test_technical_lines_do_not_open_cases() -> None:
    talk = Talk()
    talk.say("request_human", '/inform{"amount_wan":300}')
    assert talk.effects == []


def test_what_speaks_against_a_product_is_said() -> None:
    talk = Talk()
    talk.say("seek_funding", STORY)
    talk.say("inform", "我们在市科技型企业库里")
    text = talk.say("inform", "去年有过一次逾期") + talk.press("intent:seek_funding")
    assert "可能不利" in text
