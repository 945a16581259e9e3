"""Founding years, ages of the firm and terms of loans, told apart from all other spans."""

from __future__ import annotations

from typing import Any

import pytest

_ABOUT_TIME = ("established_year", "years_established", "term_months")

YEARS: list[tuple[str, int]] = [
    ("我们厂是九六年盖起来的", 1996),
    ("98年我爸把厂办起来的", 1998),
    ("公司一零年就注册好了", 2010),
    ("公司15年注册的,做阀门", 2015),
    ("注册于12年", 2012),
    ("工厂从2011年一直做到现在", 2011),
    ("自2013年起就在西永经营", 2013),
    ("2019年从中科院出来自己单干", 2019),
    ("执照是20年8月发的", 2020),
    ("工商注册2016-03", 2016),
    ("员工45人,2012年,税务A", 2012),
    ("since 2012, 专做模具", 2012),
    ("我2015年毕业,2018年创业", 2018),
    ("我们2016年开业,2020年搬进高新区", 2016),
    ("1998年建厂,2005年改制", 1998),
    ("2003年成立,2015年通过高企认定", 2003),
    ("母公司1995年成立,我们2021年成立", 2021),
    ("融过两轮,贷款还没有 22年开业", 2022),
]

AGES: list[tuple[str, float]] = [
    ("创业有七个年头啦,眼下四十来号人", 7),
    ("今年是公司第五年", 5),
    ("公司迈入第十年", 10),
    ("公司已经走过十二个春秋", 12),
    ("公司刚过三周岁生日", 3),
    ("注册12年了", 12),
    ("创办10年", 10),
    ("公司15年,做阀门,员工50", 15),
    ("做阀门15年了", 15),
    ("做得不大,就五个人,干了两年", 2),
    ("办厂满打满算十三年", 13),
    ("老牌企业了,25年历史", 25),
    ("渝北的,五年,做传感器,20人", 5),
    ("高企,三年,员工30", 3),
    ("成立时间不长,一年零四个月", 1.33),
    ("五年前从学校出来办了这个公司", 5),
    ("从业三十年,公司才开两年", 2),
    ("公司存续期:8年", 8),
    ("成立年限:8", 8),
    ("我们成立不到两年,能申请吗", 2),
]

TERMS: list[tuple[str, str | None, float]] = [
    ("贷100万一年", None, 12),
    ("四百万一年的流贷,能做不", None, 12),
    ("借50万周转45天", None, 1.5),
    ("我要500万,分36期还", None, 36),
    ("贷款500万(3年)", None, 36),
    ("借新还旧,两年", None, 24),
    ("期限灵活点,一到三年", None, 12),
    ("随借随还,一年授信", None, 12),
    ("要300万,五年,做传感器", None, 60),
    ("九十天左右", "term_months", 3),
    ("36期", "term_months", 36),
]

NOTHING = [
    "我干这行15年了",
    "我做销售二十年了",
    "我们老板在行业里摸爬滚打二十年",
    "和长安合作了十年",
    "厂房租了六年,还剩四年租期",
    "这项技术研发了五年",
    "高企有三年了",
    "22年评的高企,25年到期",
    "软著是2022年登记的",
    "2023年搬到金凤",
    "2018年的时候亏过一次",
    "2025年,营收3000万,员工50",
    "成立满一年才能申请吗",
    "成立五年以内的企业能申请吗",
    "高企得成立满一年吧",
    "朋友的公司成立八年了",
    "打算2027年成立新公司",
    "一年下来赚两百万",
    "三年期LPR多少",
    "去年贷了200万,三年期,还剩150万",
    "账期90天",
    "流水要一年的吗",
    "15天内能到账不",
]


def _times(reading: Any) -> dict[str, Any]:
    return {fact: value for fact, value in reading.facts.items() if fact in _ABOUT_TIME}


@pytest.mark.parametrize(("text", "year"), YEARS)
def test_the_year_of_founding(said: Any, text: str, year: int) -> None:
    assert _times(said(text)) == {"established_year": year}


@pytest.mark.parametrize(("text", "years"), AGES)
def test_the_age_of_the_firm(said: Any, text: str, years: float) -> None:
    assert _times(said(text)) == {"years_established": years}


@pytest.mark.parametrize(("text", "asked", "months"), TERMS)
def test_how_long_the_money_is_wanted(said: Any, text: str, asked: str | None, months: float) -> None:
    assert _times(said(text, asked)) == {"term_months": months}


@pytest.mark.parametrize("text", NOTHING)
def test_other_years_and_spans_state_nothing(said: Any, trained: Any, text: str) -> None:
    assert _times(said(text)) == {}
    assert _times(trained(text)) == {}


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("12年", "years_established", {"years_established": 12}),
        ("12年", "established_year", {"established_year": 2012}),
        ("四年了", "is_hnte", {}),
    ],
)
def test_two_digits_answer_what_was_asked(said: Any, text: str, asked: str, expected: Any) -> None:
    assert _times(said(text, asked)) == expected
