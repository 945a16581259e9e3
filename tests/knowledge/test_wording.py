from __future__ import annotations

import pytest

from bot.knowledge.passages import read_base
from bot.knowledge.wording import FACETS, Wording
from bot.settings import ROOT


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(read_base(ROOT / "catalog" / "knowledge").topics)


@pytest.mark.parametrize(
    ("text", "plain", "topics"),
    [
        ("梯渡贷利率好多", "科企梯度贷利率多少", {"tiered_loan"}),
        ("科创宝咋个办", "科创保怎么办", {"kechuangbao"}),
        ("啥子是高企", "什么是高新技术企业", {"hnte"}),
        ("創新積分貸", "创新积分贷", {"innovation_points_loan"}),
        ("先投(研)后股", "先投后股", {"invest_then_equity"}),
        ("HNTE 标准", "高新技术企业 标准", {"hnte"}),
        ("今天天气", "今天天气", set()),
        ("高企能办积分贷吗", "高新技术企业能办创新积分贷吗", {"hnte", "innovation_points_loan"}),
    ],
)
def test_names_are_read_in_full(wording: Wording, text: str, plain: str, topics: set[str]) -> None:
    worded = wording.word(text)
    assert (worded.plain, set(worded.topics)) == (plain, topics)


def test_facets(wording: Wording) -> None:
    names = [name for name, _ in FACETS]
    asked = wording.word("梯度贷利息好多，要什么材料")
    assert {name for name, found in zip(names, asked.facets, strict=True) if found} == {"rate", "materials"}


def test_other_places_are_noticed_but_not_institutions(wording: Wording) -> None:
    assert wording.word("深圳的创新积分贷").places == {"深圳"}
    assert wording.word("上海交通大学重庆人工智能研究院").places == frozenset()


@pytest.mark.parametrize("text", ["", " ", "\0", "𠀀" * 50, "?!…", "123", "\ud800"])
def test_anything_can_be_worded(wording: Wording, text: str) -> None:
    assert len(wording.word(text).facets) == len(FACETS)
