"""Purpose, kind of funding, readiness to give shares, stage, kind of organisation, green projects."""

from __future__ import annotations

from typing import Any

import pytest

PURPOSES = [
    ("月底给二十几个工人开工钱,差八十万", None, "working_capital"),
    ("铜价涨得凶,想多囤些铜料", None, "working_capital"),
    ("甲方半年才回款,我们先垫进去三百万", None, "working_capital"),
    ("备春节前那批货", None, "working_capital"),
    ("交厂房下季度的租", "purpose", "working_capital"),
    ("搞条中试线要六百万", None, "rd"),
    ("想开发两款新机型", None, "rd"),
    ("有没有做研发用的钱", None, "rd"),
    ("新工艺试验", "purpose", "rd"),
    ("想在隔壁再修一栋厂房", None, "expansion"),
    ("打算多开两条线,差一千万", None, "expansion"),
    ("现在场地太挤", "purpose", "expansion"),
    ("要买三台贴片机", None, "equipment"),
    ("把手工线换成自动化线", None, "equipment"),
    ("老冲床用了十五年,想全部更新", None, "equipment"),
    ("订台光谱仪", "purpose", "equipment"),
    ("平安那笔利息太高,想换到你们这边", None, "refinance"),
    ("民间借的钱想换成银行的", None, "refinance"),
    ("还农行的", "purpose", "refinance"),
    ("想贷八十万收花椒", None, "working_capital"),
    ("缺收桑叶的钱,借四十万", None, "working_capital"),
    ("要借九十万买鸡饲料", None, "working_capital"),
    ("差三十万给供货商付款", None, "working_capital"),
    ("贷六十万进铜线", None, "working_capital"),
    ("要一百万添灭菌釜", None, "equipment"),
    ("想搞一套新的注塑机", None, "equipment"),
    ("贷一百万用于采购三坐标", None, "equipment"),
    ("想买一架无人机,差二十万", None, "equipment"),
    ("理发店想再开三家,差五十万", None, "expansion"),
    ("想贷三百万扩建冷库", None, "expansion"),
    ("想贷八十万做二版本开发", None, "rd"),
    ("欠建行两百万,想换便宜点的", None, "refinance"),
    ("贷款余额九十万下个月到期,能续不", None, "refinance"),
    ("看上同城一家做模具的公司,想拿下来", None, "ma"),
    ("吃下一家同行", "purpose", "ma"),
]
NO_PURPOSE = [
    "去年买了两台设备",
    "前年建了新厂,现在有80人",
    "我们做自动化产线的",
    "主营注塑机研发生产",
    "厂里有两条产线",
    "上线了一个APP",
    "信用增进要交什么材料",
    "还有招行那笔200万没还",
    "缴社保的有四十来个",
    "分二十四期,每期一个月",
    "能不能接一家公司的单子",
    "我们搞无人机的,想了解下贷款",
    "应收款有三百万收不回来",
    "钱进公司账户要几天",
    "拿专利去银行换贷款是什么意思",
    "去年收了两百吨茶叶",
    "推荐的产品利息高,想换便宜的",
]


@pytest.mark.parametrize(("text", "asked", "purpose"), PURPOSES)
def test_what_the_money_is_for(said: Any, text: str, asked: str | None, purpose: str) -> None:
    assert said(text, asked).facts.get("purpose") == purpose


@pytest.mark.parametrize("text", NO_PURPOSE)
def test_what_was_done_or_is_made_is_no_purpose(said: Any, text: str) -> None:
    assert "purpose" not in said(text).facts


KINDS = [
    ("想要五百万信用", "credit"),
    ("不想拿房子抵押,能贷好多", "credit"),
    ("need an unsecured loan", "credit"),
    ("拿商标和软著去押", "pledge"),
    ("找家担保公司给我们担保", "guarantee"),
    ("想找个机构投我们", "equity"),
    ("打算找天使基金融一笔", "equity"),
    ("天使轮到账了,还想融A轮", "equity"),
    ("A轮去年就完成了,现在想贷款300万", "loan"),
    ("股权免谈,想要纯信用", "credit"),
    ("没房没地咋个贷款嘛", "loan"),
    ("有没有不看抵押的贷款", "credit"),
    ("想找点天使的钱", "equity"),
    ("想放12个点,融九百万", "equity"),
    ("没有投资人", None),
    ("B轮拿了八千万", None),
    ("股份一股都不会卖", None),
    ("担保公司不给做", None),
    ("账上贷款余额还有六十万", None),
    ("建行那边贷款已经结清", None),
    ("公司信用等级是B", None),
    ("贷款没得", None),
    ("银行贷款无", None),
    ("有没得贷款", "loan"),
    ("我们是一家股份有限公司", None),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_the_kind_of_funding_that_is_wished_for(said: Any, text: str, kind: str | None) -> None:
    assert said(text).facts.get("funding_kind") == kind


STANCES = [
    ("拿15%出来给投资方我们愿意让", None, True),
    ("可以稀释十个点", None, True),
    ("不反对稀释", None, True),
    ("让几个点无所谓", None, True),
    ("we are open to dilution", None, True),
    ("最多让8个点", "accepts_equity", True),
    ("我们老板不肯放股份", None, False),
    ("股份一股都不会卖", None, False),
    ("不接受外部投资", None, False),
    ("要保住控股权", "accepts_equity", False),
    ("想都不要想", "accepts_equity", False),
    ("想融点股权", None, None),
    ("准备做股权融资两千万", None, None),
    ("融资要出让多少股份", None, None),
    ("出让股权对我们有啥影响", None, None),
    ("能不能不出让股权", None, None),
    ("不想借钱只想股权", None, None),
    ("不好说", "accepts_equity", None),
    ("会稀释多少?", "accepts_equity", None),
]


@pytest.mark.parametrize(("text", "asked", "ready"), STANCES)
def test_readiness_to_give_shares(said: Any, text: str, asked: str | None, ready: bool | None) -> None:
    assert said(text, asked).facts.get("accepts_equity") is ready


OTHERS: list[tuple[str, str | None, dict[str, Any]]] = [
    ("原先是个体工商户,前年转成公司", None, {}),
    ("我是西南大学副教授,团队四个人", None, {"org_type": "university_lab"}),
    ("我们跟大学课题组合作做的样品", None, {}),
    ("企业性质:有限责任公司", None, {"org_type": "company"}),
    ("课题组出来的,公司已经注册在曾家", None, {"org_type": "company"}),
    ("还没去注册", None, {"stage": "lab"}),
    ("商标还没注册", None, {}),
    ("稳定下来了", "stage", {"stage": "mature"}),
    ("刚开始申请高企", None, {}),
    ("高新企业", None, {}),
    ("行业已经很成熟了", None, {}),
    ("是做风电齿轮箱的", "is_green_project", {"is_green_project": True}),
    ("每年能少排八百吨碳", "is_green_project", {"is_green_project": True}),
    ("传统铸造", "is_green_project", {"is_green_project": False}),
    ("这个够不上绿色", None, {"is_green_project": False}),
    ("绿色项目证明要哪样", None, {}),
    ("卖环保材料的", None, {}),
]


@pytest.mark.parametrize(("text", "asked", "facts"), OTHERS)
def test_organisation_stage_and_green_projects(
    said: Any, text: str, asked: str | None, facts: dict[str, Any]
) -> None:
    read = said(text, asked).facts
    judged = ("stage", "org_type", "is_green_project")
    assert {fact: read[fact] for fact in judged if fact in read} == facts
