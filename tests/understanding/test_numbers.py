"""Numbers in every spelling come back as the same number; no text breaks the reader."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.understanding.masks import masked_spans
from bot.understanding.normalise import normalise
from bot.understanding.numerals import parse_numeral
from bot.understanding.quantities import find_quantities

DIGITS = "零一二三四五六七八九"
BANKER = "零壹贰叁肆伍陆柒捌玖"
RELAXED = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def chinese(number: int, digits: str = DIGITS, units: str = "十百千") -> str:
    """A whole number below 10^8 in Chinese words."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        zero = "零" if 0 < rest < 1000 else ""
        return chinese(head, digits, units) + "万" + (zero + chinese(rest, digits, units) if rest else "")
    out, pending = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            out += ("零" if pending and out else "") + digits[digit] + (units[power - 1] if power else "")
            pending = False
        else:
            pending = True
    return out


def only(text: str) -> Any:
    plain = normalise(text).plain
    found = find_quantities(plain, masked_spans(plain))
    assert len(found) == 1, (text, found)
    return found[0]


@RELAXED
@given(st.integers(1, 9_999))
def test_chinese_numerals_round_trip(number: int) -> None:
    for words in (chinese(number), chinese(number, BANKER, "拾佰仟")):
        numeral = parse_numeral(words, 0)
        assert numeral is not None
        assert (numeral.low, numeral.high, numeral.end) == (number, number, len(words))


@RELAXED
@given(st.integers(1, 99_999))
def test_money_is_the_same_in_every_spelling(wan: int) -> None:
    spellings = [
        f"{wan}万",
        f"{wan}w",
        f"{wan}万元",
        f"{wan:,}万元",
        f"{wan * 10_000}元",
        f"{wan / 10_000:.4f}亿",
    ]
    if wan < 10_000:
        spellings += [chinese(wan) + "万", chinese(wan, BANKER, "拾佰仟") + "萬元"]
    for spelling in spellings:
        quantity = only(spelling)
        assert quantity.kind == "money", spelling
        assert quantity.value() == pytest.approx(wan), spelling


@RELAXED
@given(st.integers(1, 99), st.integers(0, 9))
def test_percent_is_the_same_in_every_spelling(whole: int, tenth: int) -> None:
    value = whole + tenth / 10
    words = chinese(whole) + ("点" + DIGITS[tenth] if tenth else "")
    for spelling in (f"{value}%", f"{value}个点", f"百分之{words}", f"{words}个百分点", f"{value}％"):
        quantity = only(spelling)
        assert quantity.kind == "percent", spelling
        assert quantity.value() == pytest.approx(value), spelling


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("两三百万", 200, 300),
        ("五六百万", 500, 600),
        ("三到五百万", 300, 500),
        ("300-500万", 300, 500),
        ("300万到500万", 300, 500),
        ("三、四百万", 300, 400),
        ("半个亿", 5000, 5000),
        ("个把亿", 10000, 10000),
        ("千把万", 1000, 1000),
        ("三百来万", 300, 300),
        ("四千二百万", 4200, 4200),
        ("一亿二", 12000, 12000),
        ("1亿2千万", 12000, 12000),
        ("1千5百万", 1500, 1500),
        ("壹佰伍拾万元", 150, 150),
        ("３００萬", 300, 300),
        ("一个半亿", 15000, 15000),
        ("百八十万", 80, 100),
        ("三百五十万出头", 350, 350),
        ("5kw", 5000, 5000),
        ("两千万块", 2000, 2000),
        ("八千元", 0.8, 0.8),
        ("三五百万", 300, 500),
    ],
)
def test_money_words(text: str, low: float, high: float) -> None:
    quantity = only(text)
    assert quantity.kind == "money"
    assert (quantity.low, quantity.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "low", "high", "low_open", "high_open"),
    [
        ("不到三百万", None, 300, False, True),
        ("三百万以上", 300, None, False, False),
        ("超过三百万", 300, None, True, False),
        ("至少三百万", 300, None, False, False),
        ("不超过三百万", None, 300, False, False),
        ("三百多万", 300, None, True, False),
        ("300万以内", None, 300, False, False),
        ("三百万不到", None, 300, False, True),
        ("上千万", 1000, None, False, False),
        ("过亿", 10000, None, True, False),
        ("近五百万", None, 500, False, True),
        ("一个多亿", 10000, None, True, False),
        ("300万左右", 300, 300, False, False),
        ("大概300万", 300, 300, False, False),
        ("300万出头", 300, 300, False, False),
        ("300万+", 300, None, False, False),
    ],
)
def test_limits(text: str, low: float | None, high: float | None, low_open: bool, high_open: bool) -> None:
    quantity = only(text)
    assert (quantity.low, quantity.high, quantity.low_open, quantity.high_open) == (
        low,
        high,
        low_open,
        high_open,
    )


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "023-68681234",
        "第3条",
        "12345",
        "下午3点",
        "周三",
        "3月12日",
        "5楼",
        "几百万",
        "十四五",
        "A轮",
        "https://a.b/300",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    plain = normalise(text).plain
    assert [q for q in find_quantities(plain, masked_spans(plain)) if q.kind != "other"] == []


@RELAXED
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(said: Any, text: str) -> None:
    reading = said(text)
    for mention in reading.mentions + reading.supposed:
        assert 0 <= mention.start <= mention.end <= len(text)
    for start, end in reading.product_spans:
        assert 0 <= start <= end <= len(text)


PHRASES = (
    "想贷",
    "300万",
    "不是",
    "高企",
    "没得",
    "研发",
    "占比",
    "6项",
    "发明",
    "去年",
    "营收",
    "，",
    "。",
    "吗",
    "如果",
    "还剩",
    "抵押",
    "科创宝",
    "两三百",
    "亿",
    "个",
    "%",
    "在高新区",
    "年",
    "成立",
    "员工",
    "逾期",
    "利率",
    "不到",
    "三",
    "点",
    " ",
    "\n",
    "担保",
    "0",
    "1",
    "-",
    "到",
    "😀",
)


@RELAXED
@given(
    st.lists(st.sampled_from(PHRASES), max_size=30),
    st.sampled_from([None, "revenue_wan", "is_hnte", "established_year", "in_zone"]),
)
def test_no_mixture_of_our_words_breaks_the_reader(said: Any, parts: list[str], asked: str | None) -> None:
    text = "".join(parts)
    reading = said(text, asked)
    for mention in reading.mentions + reading.supposed:
        assert 0 <= mention.start <= mention.end <= len(text)
        assert isinstance(mention.value, (bool, int, float, str))


@RELAXED
@given(
    st.integers(1, 9_000),
    st.sampled_from(
        ["想贷{}", "需要{}周转", "缺{}", "想借{},用一年", "我们要{}扩产", "能贷{}吗", "打算融资{}"]
    ),
)
def test_an_amount_is_never_lost(said: Any, wan: int, frame: str) -> None:
    for spelling in (f"{wan}万", chinese(wan) + "万", f"{wan}万元左右"):
        assert said(frame.format(spelling)).facts.get("amount_wan") == wan, frame.format(spelling)


@RELAXED
@given(st.integers(1, 5_000))
def test_a_bare_answer_fits_the_asked_fact(said: Any, number: int) -> None:
    assert said(str(number), "revenue_wan").facts == {"revenue_wan": number}
    assert said(f"{number}万", "amount_wan").facts == {"amount_wan": number}
    assert said(chinese(number), "employees").facts == {"employees": number}


@pytest.mark.parametrize(
    "piece",
    ["想贷三百万,", "1", "一", "高企", "没有抵押", "知", "1,", "😀", "\0", "<b>", "' OR 1=1 --", "/intent{}"],
)
def test_ten_thousand_characters_are_read(said: Any, piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    for mention in said(text).mentions:
        assert mention.end <= len(text)


@RELAXED
@given(st.text(alphabet="想貸３００萬　元，沒得抵押Ａ１２％ﬁ㍿①\u200b\ud83d ", max_size=40))
def test_offsets_point_back_into_the_original(text: str) -> None:
    normal = normalise(text)
    for index in range(len(normal.plain)):
        start, end = normal.original(index, index + 1)
        assert 0 <= start < end <= len(text)
