"""Collateral, banks that will lend, and what a firm has none of — read by the rules alone."""

from __future__ import annotations

import pytest

from tests.understanding.conftest import Said

FACTS = (
    "has_collateral",
    "bank_will_lend",
    "existing_loans_wan",
    "equity_raised_wan",
    "revenue_wan",
    "net_profit_wan",
    "rd_expense_wan",
    "rd_employees",
    "software_copyrights",
    "pct_patents",
)


def stated(said: Said, text: str, asked: str | None = None) -> dict[str, object]:
    return {fact: value for fact, value in said(text, asked).facts.items() if fact in FACTS}


@pytest.mark.parametrize(
    "text",
    [
        "名下有两套商品房可以押给银行",
        "手里有证的土地四十亩",
        "我们自己的办公楼没做过抵押登记",
        "生产线和注塑机都愿意拿去抵",
        "抵押物这方面不愁",
        "能抵的就是几台数控机床",
        "厂区土地证在手,没按揭",
        "资产里有一栋写字楼,还没抵押过",
        "公司名下两间商铺",
        "没房产,不过设备可以抵押",
        "法人名下一套别墅能做抵押",
        "仓库是买断的",
    ],
)
def test_what_can_be_pledged_is_collateral(said: Said, text: str) -> None:
    assert stated(said, text)["has_collateral"] is True


@pytest.mark.parametrize(
    "text",
    [
        "咱们没啥子硬资产能押",
        "要抵押的话我们拿不出来",
        "地是村里租的,楼也是租的,没法抵",
        "设备全抵给租赁公司了",
        "能押的早都押完了",
        "唯一的厂房去年卖掉了",
        "轻资产型公司",
        "除了几台服务器啥都没得",
        "既没厂房也没土地",
        "房产证在银行押着",
        "we have no collateral",
    ],
)
def test_what_is_lacking_rented_or_gone_is_no_collateral(said: Said, text: str) -> None:
    assert stated(said, text)["has_collateral"] is False


@pytest.mark.parametrize(
    "text",
    [
        "你们那个贷款要房子抵押不",
        "机器设备能不能抵",
        "没有抵押的贷款有哪些",
        "想买一栋办公楼",
        "隔壁厂拿地抵押贷了八百万",
        "是不是必须要有抵押物才能贷",
        "以后有房子了再来抵押",
        "有土地出让金要交",
        "专利可以抵押吗",
        "招标保证金被押了",
    ],
)
def test_questions_plans_and_rules_say_nothing_of_collateral(said: Said, text: str) -> None:
    assert "has_collateral" not in said(text).facts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("成都银行已经给我们出了意向函", True),
        ("哈尔滨银行说只缺一个担保公司", True),
        ("重庆农商行过会了", True),
        ("邮储客户经理讲材料没毛病,担保落实了马上放款", True),
        ("中行那边说得行,就等你们担保", True),
        ("有两家银行愿意给我们授信", True),
        ("没得哪家银行敢贷给我们", False),
        ("去问过,银行都不愿意借", False),
        ("现在没有一家银行愿意接我们的单", False),
        ("跑了6家银行都没批下来", None),
        ("去年被农行拒过一次", None),
        ("想找一家愿意放款的银行", None),
        ("要是银行答应了怎么走流程", None),
        ("朋友说建行同意给他放款", None),
        ("目前没有银行借款", None),
    ],
)
def test_what_banks_promise_or_refuse(said: Said, text: str, value: bool | None) -> None:
    assert stated(said, text).get("bank_will_lend") is value


@pytest.mark.parametrize(
    ("text", "value"),
    [("口头答应了", True), ("审批过了", True), ("全都碰了钉子,没人肯", False), ("还在谈呢", False)],
)
def test_replies_about_a_bank(said: Said, text: str, value: bool) -> None:
    assert stated(said, text, "bank_will_lend")["bank_will_lend"] is value


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("目前身上没背一分钱的债", "existing_loans_wan"),
        ("银行那边我们一分不欠", "existing_loans_wan"),
        ("去年就把贷款结清了", "existing_loans_wan"),
        ("没向任何银行借过钱", "existing_loans_wan"),
        ("存量贷款没有,逾期也没有", "existing_loans_wan"),
        ("we have no outstanding loans", "existing_loans_wan"),
        ("公司没有投资机构进来过", "equity_raised_wan"),
        ("外部投资一分钱没有", "equity_raised_wan"),
        ("没人投过我们", "equity_raised_wan"),
        ("天使都还没拿", "equity_raised_wan"),
        ("产品还没上市,没有销售收入", "revenue_wan"),
        ("一分钱收入都没有", "revenue_wan"),
        ("收支平衡,没挣钱也没亏", "net_profit_wan"),
        ("研发投入没有", "rd_expense_wan"),
        ("没有专职研发人员", "rd_employees"),
        ("软著一个都没得", "software_copyrights"),
        ("国际专利没有", "pct_patents"),
    ],
)
def test_none_of_a_thing_is_zero(said: Said, text: str, fact: str) -> None:
    assert stated(said, text)[fact] == 0


@pytest.mark.parametrize(
    "text",
    [
        "有没有不查负债的贷款",
        "没有贷款记录能不能申请",
        "去年没贷到款",
        "贷款有没有",
        "没有收入的项目你们投不投",
        "没有融资计划",
        "预计明年打平",
        "他们没融过资也批了",
        "没有欠薪",
        "欠银行的没还完",
        "我们没有收入证明",
        "利润没有去年高",
    ],
)
def test_no_zero_where_none_is_stated(said: Said, text: str) -> None:
    assert 0 not in [value for value in stated(said, text).values() if value is not False]


def test_a_number_outweighs_none_else(said: Said) -> None:
    assert stated(said, "贷款余额90万,没有其他贷款")["existing_loans_wan"] == 90


def test_a_paid_debt_is_none(said: Said) -> None:
    said_of = stated(said, "原先贷过三百,年初结清了,现在不欠", "existing_loans_wan")
    assert said_of["existing_loans_wan"] == 0


@pytest.mark.parametrize("piece", ["一分钱", "倒是", "真的", "自家的", "都给", "一家", "半点", "的"])
@pytest.mark.parametrize("head", ["抵押", "没有", "贷款", "厂房", "银行", "有"])
def test_repeated_words_do_not_stall_the_reader(said: Said, head: str, piece: str) -> None:
    text = head + piece * 300
    assert said(text).text == text
