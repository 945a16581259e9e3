"""Where the firm is: districts, the places inside them, moves, and places that are somebody else's."""

from __future__ import annotations

from typing import Any

import pytest

from bot.understanding import default_lexicon
from bot.understanding.place_names import PLACES
from bot.understanding.terms import expand

AWAY: list[tuple[str, str]] = [
    ("彭水苗绣加工,十二个人,想借八十万", "彭水"),
    ("黔江那头搞蚕丝的,三十几个人", "黔江"),
    ("忠县柑橘深加工企业,去年五百万", "忠县"),
    ("綦江齿轮箱,95年办的厂", "綦江"),
    ("两路口开了家设计公司,九个人", "渝中"),
    ("厂子在珞璜,做水泥制品", "江津"),
    ("我们鱼洞的,做轴承", "巴南"),
    ("公司设立于重庆市合川区", "合川"),
    ("住址:大渡口跳磴", "大渡口"),
    ("登记住所为北碚区蔡家岗街道", "北碚"),
    ("長壽區的廠,做樹脂,職工九十人", "长寿"),
    ("观音桥那边的软件公司", "江北"),
    ("奉节那边的可以申请科创保吗", "奉节"),
    ("弹子石能不能办", "南岸"),
    ("铜梁高新区的厂,做铝箔", "铜梁"),
    ("不在科学城在荣昌", "荣昌"),
    ("咱不是高新区的,是大足的", "大足"),
    ("早先在南川,去年搬到了武隆", "武隆"),
    ("打算从璧山搬到科学城", "璧山"),
    ("登记在垫江但是在科学城办公", "垫江"),
    ("税务关系在秀山,人在金凤", "秀山"),
    ("分公司在上海,我们自己在云阳", "云阳"),
]
AROUND: list[tuple[str, str]] = [
    ("锻件加工,九龙坡铜罐驿,十一年", "九龙坡"),
    ("石桥铺的公司,卖软件的", "九龙坡"),
    ("沙坪坝歌乐山的实验仪器厂", "沙坪坝"),
    ("注册地在青木关", "沙坪坝"),
]
INSIDE = [
    "公司住所:科学城高新区",
    "2021年設立於科學城",
    "只讲几点:高新区、五年、没贷款",
    "本公司住所为重庆高新区含谷镇",
    "西永搞封测的,四十个人",
    "公司刚由大渡口迁址到白市驿",
    "2016年在江北成立,2023年搬进科学城",
    "原注册地涪陵,已变更到高新区",
    "老板还有别的公司在长寿,这家登记在高新区",
    "家在江北,厂在金凤",
    "曾在渝中办公,现在公司在曾家镇",
]
OUTSIDE_ONLY = ["公司还没迁到高新区", "咱公司在无锡", "打算把公司从成都搬到重庆高新区"]
NOTHING = [
    "子公司在西安有三十个人,我们自己十来个",
    "我有个大学室友在杭州拿过风投",
    "我们客户都是綦江的",
    "客户有几家整车厂,都在两江新区",
    "给长寿的化工厂供货",
    "抵押的房子在大渡口",
    "手上有套房,在南岸,估了两百万",
    "江津有块地可以押",
    "大学城那套房能抵押不",
    "渝北建行批了三百万",
    "开户行在江北",
    "上周在悦来参展",
    "我是合川人",
    "股东在深圳",
    "在昆明设了个办事处",
    "实控人在永川还有一家公司",
    "北碚区科技局叫我们来问的",
    "巴南有没有这种贷款",
    "搬到高新区有什么好处",
    "想把公司迁到科学城",
    "是不是非要在高新区",
    "西永是高新区吗",
    "离科学城很近",
    "长寿命电池,做了六年",
    "水土保持方案编制,八个人",
    "八颗螺丝一个价",
    "法人和股东都是一个人",
]
REPLIES: list[tuple[str, str, dict[str, Any]]] = [
    ("花溪工业园那边", "district", {"district": "巴南", "in_zone": False}),
    ("沙区的嘛", "district", {"district": "沙坪坝"}),
    ("石桥铺", "in_zone", {"district": "九龙坡"}),
    ("没有,在双福", "in_zone", {"district": "江津", "in_zone": False}),
    ("前年从大足迁过来的", "in_zone", {"in_zone": True}),
    ("明年才搬进来", "in_zone", {"in_zone": False}),
    ("执照在外头,车间在里头", "in_zone", {"in_zone": False}),
    ("含谷算不算", "in_zone", {}),
]


def where(said: Any, text: str, asked: str | None = None) -> dict[str, Any]:
    facts = said(text, asked).facts
    return {fact: facts[fact] for fact in ("in_zone", "district") if fact in facts}


@pytest.mark.parametrize(("text", "district"), AWAY)
def test_a_district_outside_the_zone(said: Any, text: str, district: str) -> None:
    assert where(said, text) == {"in_zone": False, "district": district}


@pytest.mark.parametrize(("text", "district"), AROUND)
def test_a_district_around_the_zone_settles_nothing(said: Any, text: str, district: str) -> None:
    assert where(said, text) == {"district": district}


@pytest.mark.parametrize("text", INSIDE)
def test_in_the_zone(said: Any, text: str) -> None:
    assert where(said, text) == {"in_zone": True}


@pytest.mark.parametrize("text", OUTSIDE_ONLY)
def test_not_in_the_zone(said: Any, text: str) -> None:
    assert where(said, text) == {"in_zone": False}


@pytest.mark.parametrize("text", NOTHING)
def test_a_place_that_is_not_the_firms(said: Any, text: str) -> None:
    assert where(said, text) == {}


@pytest.mark.parametrize(("text", "asked", "facts"), REPLIES)
def test_a_short_reply(said: Any, text: str, asked: str, facts: dict[str, Any]) -> None:
    assert where(said, text, asked) == facts


def test_every_name_belongs_to_one_place() -> None:
    owner: dict[str, str] = {}
    for places in PLACES.values():
        for place, patterns in places.items():
            for name in {spelling for pattern in patterns for spelling in expand(pattern)}:
                assert owner.setdefault(name, place) == place, name


@pytest.mark.parametrize("district", [name for group in ("outside", "around") for name in PLACES[group]])
def test_every_district_is_known(said: Any, district: str) -> None:
    assert "district" in default_lexicon().facts
    assert where(said, f"公司注册在{district}").get("district") == district
