"""Titles, grades and the credit record: verdicts behind a list, lost and kept titles, the present grade."""

from __future__ import annotations

from typing import Any

import pytest

from tests.understanding.conftest import Said

READ: list[tuple[str, dict[str, Any]]] = [
    (
        "瞪羚、小巨人、专精特新我们样样都没得",
        {"is_gazelle": False, "is_little_giant": False, "is_srdi": False},
    ),
    ("高企,科小,瞪羚,一概没有", {"is_hnte": False, "is_tech_sme": False, "is_gazelle": False}),
    ("啥子瞪羚小巨人哦,我们都没有", {"is_gazelle": False, "is_little_giant": False}),
    ("瞪羚没有高企有", {"is_gazelle": False, "is_hnte": True}),
    ("科小√ 瞪羚×", {"is_tech_sme": True, "is_gazelle": False}),
    ("是否小巨人：否；是否瞪羚企业：是", {"is_little_giant": False, "is_gazelle": True}),
    ("科小加瞪羚", {"is_tech_sme": True, "is_gazelle": True}),
    ("专精特新冲了三回都没评上", {"is_srdi": False}),
    ("瞪羚前年被摘牌了", {"is_gazelle": False}),
    ("高企到期没有续", {"is_hnte": False}),
    ("高企19年拿的,后来没续,失效了", {"is_hnte": False}),
    ("小巨人复核没通过", {"is_little_giant": False}),
    ("高企证书还没过期", {"is_hnte": True}),
    ("专精特新去年刚续上", {"is_srdi": True}),
    ("高企复审通过了", {"is_hnte": True}),
    ("瞪羚倒还保留着", {"is_gazelle": True}),
    ("我们就差瞪羚", {"is_gazelle": False}),
    ("隔壁公司是瞪羚,我们自己不是", {"is_gazelle": False}),
    ("高启证书我们有", {"is_hnte": True}),
    ("我们是SRDI", {"is_srdi": True}),
    ("国科小入库了", {"is_tech_sme": True}),
    ("税务评级由C调整为B", {"tax_grade": "B"}),
    ("我们纳税信用从A掉到B了", {"tax_grade": "B"}),
    ("税收A级", {"tax_grade": "A"}),
    ("tax rating B", {"tax_grade": "B"}),
    ("知识价值等级:B", {"knowledge_value_grade": "B"}),
    ("知识价值评级前年D,去年C,现在B", {"knowledge_value_grade": "B"}),
    ("纳税和知识价值等级都是A", {"tax_grade": "A", "knowledge_value_grade": "A"}),
    ("贷款从来没有一次逾期", {"has_overdue": False}),
    ("逾期一次都没有", {"has_overdue": False}),
    ("逾期、失信这些我们统统没有", {"has_overdue": False, "has_major_violation": False}),
    ("去年因严重违法被罚过", {"has_major_violation": True}),
    ("有个环保处罚但不构成重大违法", {"has_major_violation": False}),
]
SILENT = [
    "高企怎么申请",
    "高企有什么补贴",
    "小巨人拿到了有啥好处",
    "等我们小巨人批下来再说",
    "瞪羚企业评上没有",
    "朋友公司是小巨人",
    "创新型产品怎么推广",
    "纳税信用C级的企业能贷多少",
    "知识价值A级和B级区别是啥",
    "有没有失信要查吗",
    "我们打算后年报小巨人",
]


@pytest.mark.parametrize(("text", "facts"), READ, ids=[text for text, _ in READ])
def test_reads(text: str, facts: dict[str, Any], said: Said) -> None:
    titles = {
        k: v for k, v in said(text).facts.items() if k.startswith(("is_", "has_")) or k.endswith("grade")
    }
    assert titles == facts


@pytest.mark.parametrize("text", SILENT)
def test_states_nothing(text: str, said: Said) -> None:
    found = {k for k in said(text).facts if k.startswith(("is_", "has_")) or k.endswith("grade")}
    assert not found


def test_a_grade_answers_the_question(said: Said) -> None:
    assert said("B级,连着两年了", "tax_grade").facts == {"tax_grade": "B"}
    assert said("由C升到B了", "knowledge_value_grade").facts == {"knowledge_value_grade": "B"}
    assert said("高企复审没过", "tax_grade").facts == {"is_hnte": False}
