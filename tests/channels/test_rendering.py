"""Rich replies as plain text: numbers, what is typed back, and cuts at sentences."""

from __future__ import annotations

import random

import pytest

from bot.channels.rendering import chosen, numbered, split
from bot.conversation.wire import Button, Reply

OFFERED = [
    Reply(
        "有抵押吗？", [Button("有", "set:has_collateral:true"), Button("没有", "set:has_collateral:false")]
    ),
    Reply("也可以：", [Button("转陪跑专员", "human")]),
]


def test_the_numbers_run_through_all_bubbles() -> None:
    texts, choices = numbered(OFFERED, "has_collateral")
    assert texts == ["有抵押吗？\n  1. 有\n  2. 没有", "也可以：\n  3. 转陪跑专员"]
    assert list(choices) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "typed",
    [
        "2",
        "２",
        "2.",
        "2、",
        "（2）",
        "②",
        "第二个",
        "第2个",
        "第二",
        "选2",
        "选第二个",
        "我要第二个",
        "二",
        "2号",
        "没有",
        " 2\n",
    ],
)
def test_a_number_is_understood_in_every_form(typed: str) -> None:
    button = chosen(typed, numbered(OFFERED)[1])
    assert button is not None
    assert button.payload == "set:has_collateral:false"


@pytest.mark.parametrize(
    "typed", ["", "4", "0", "第四个", "2万", "22", "2026年", "没有抵押", "第二个产品怎么样", "-1", "２０"]
)
def test_what_is_no_choice_stays_words(typed: str) -> None:
    assert chosen(typed, numbered(OFFERED)[1]) is None


def test_beside_a_wanted_number_the_buttons_are_lettered() -> None:
    replies = [Reply("去年营收多少万元？", [Button("不清楚", "skip:revenue_wan"), Button("为什么问", "why")])]
    texts, choices = numbered(replies, "revenue_wan")
    assert texts == ["去年营收多少万元？\n  a. 不清楚\n  b. 为什么问"]
    assert chosen("2", choices) is None
    assert chosen("Ｂ", choices) == Button("为什么问", "why")
    assert chosen("第二个", choices) == Button("为什么问", "why")


def test_more_choices_than_letters() -> None:
    replies = [Reply("选", [Button(str(number), f"k{number}") for number in range(30)])]
    _, choices = numbered(replies, "amount_wan")
    assert len(choices) == 30
    assert choices["ab"].payload == "k27"


def test_a_cut_is_where_a_sentence_ends() -> None:
    text = "第一句话。第二句话！第三句“引用。”第四句？\n第五行"
    assert split(text, max_chars=12) == ["第一句话。第二句话！", "第三句“引用。”第四句？", "第五行"]
    assert split(text, max_bytes=36) == ["第一句话。第二句话！", "第三句“引用。”第四句？", "第五行"]


def test_one_endless_sentence_is_cut_at_clauses_and_then_anywhere() -> None:
    assert split("甲乙丙，丁戊己，庚辛壬", max_chars=8) == ["甲乙丙，丁戊己，", "庚辛壬"]
    assert split("甲" * 10, max_chars=4) == ["甲甲甲甲", "甲甲甲甲", "甲甲"]


def test_no_word_is_lost_and_no_limit_passed() -> None:
    signs = "贷款融资企业a1。，！？；：\n “”）😀"
    for _ in range(400):
        text = "".join(random.choice(signs) for _ in range(random.randrange(200)))
        max_chars, max_bytes = (
            random.choice([None, random.randrange(1, 60)]),
            random.choice([None, random.randrange(4, 120)]),
        )
        pieces = split(text, max_bytes=max_bytes, max_chars=max_chars)
        assert "".join("".join(pieces).split()) == "".join(text.split())
        assert all(piece and piece == piece.strip() for piece in pieces)
        assert max_chars is None or all(len(piece) <= max_chars for piece in pieces)
        assert max_bytes is None or all(len(piece.encode()) <= max_bytes for piece in pieces)
