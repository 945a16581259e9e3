"""The vocabulary that depends on the catalog: product names and the types of facts."""

from __future__ import annotations

from typing import Any

import msgspec


class FactKind(msgspec.Struct, frozen=True):
    """How a fact is read: its catalog ``type``, its choices as (value, title), the titles of yes and no,
    its name."""

    type: str
    name: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    titles: tuple[str, ...] = ()
    more: bool = False


_MONEY = (
    "amount_wan revenue_wan rd_expense_wan net_profit_wan total_assets_wan "
    "equity_raised_wan existing_loans_wan"
)
_PERCENT = "rd_staff_pct revenue_growth_pct high_tech_revenue_pct rd_ratio_pct debt_ratio_pct"
_COUNT = "employees rd_employees invention_patents utility_patents software_copyrights pct_patents"
_FLAG = (
    "has_collateral accepts_equity in_zone is_cq_tech_enterprise is_tech_sme is_hnte is_srdi is_little_giant "
    "is_innovative_sme is_gazelle has_overdue has_major_violation is_green_project bank_will_lend"
)
_CHOICE = "purpose funding_kind stage org_type knowledge_value_grade tax_grade"

CONTRACT_FACTS: dict[str, FactKind] = {
    **{fact: FactKind("money") for fact in _MONEY.split()},
    **{fact: FactKind("percent") for fact in _PERCENT.split()},
    **{fact: FactKind("count") for fact in _COUNT.split()},
    **{fact: FactKind("flag") for fact in _FLAG.split()},
    **{fact: FactKind("choice") for fact in _CHOICE.split()},
    "term_months": FactKind("months"),
    "established_year": FactKind("year"),
    "years_established": FactKind("years"),
    "innovation_points": FactKind("number"),
    "district": FactKind("text"),
    "industry": FactKind("text"),
}
"""The facts of the contract, so that understanding works without a catalog."""

PRODUCT_NAMES: dict[str, tuple[str, ...]] = {
    "knowledge_value_loan": (
        "知识价值信用贷款",
        "知识价值信用贷",
        "知识价值贷款",
        "知识价值贷",
        "知识信用贷",
        "知识价值信贷",
        "知识价值融资",
        "价值信用贷",
        "知价贷",
        "知价信用贷",
        "知识贷",
        "知识价值信用",
        "知识价直贷",
    ),
    "innovation_points_loan": (
        "企业创新积分制",
        "创新积分贷款",
        "创新积分贷",
        "创新积分制",
        "积分贷款",
        "积分贷",
        "创新积分的贷款",
        "创新贷",
        "积分制",
        "积分信用贷",
        "火炬贷",
    ),
    "tiered_loan": (
        "科企梯度贷款",
        "科企梯度贷",
        "科技梯度贷",
        "梯度贷款",
        "梯度贷",
        "科企贷",
        "科企梯度",
        "企业梯度贷",
    ),
    "kechuangbao": ("科创保", "科创担保", "科创宝"),
    "dual_finance_link": ("双融领创通", "双融领创", "领创通", "双融通", "双融", "双融贷"),
    "ip_pledge_loan": (
        "知识产权质押融资",
        "知识产权质押贷款",
        "知识产权质押贷",
        "知识产权质押",
        "专利质押贷款",
        "专利质押融资",
        "专利质押贷",
        "专利质押",
        "专利权质押",
        "知产质押",
        "ip质押",
        "知识产权抵押贷款",
        "知识产权抵押",
        "专利抵押贷款",
        "商标质押",
        "软著质押",
        "质押融资",
        "知产质押贷",
        "知识产权质押的贷款",
        "专利抵押",
    ),
    "science_city_guarantee": (
        "科学城融资担保",
        "科学城担保",
        "科学城融资担保公司",
        "科学城融资担保有限公司",
        "重庆科学城融资担保有限公司",
        "科学城担保公司",
        "高新区担保公司",
        "科学城的担保",
        "融资担保公司",
        "科学城融担",
    ),
    "twin_city_credit_enhancement": (
        "双城信用增进",
        "双城增信",
        "双城(重庆)信用增进",
        "双城信用增进公司",
        "双城(重庆)信用增进公司",
        "双城重庆信用增进",
        "信用增进公司",
        "信用增进",
        "双城增信公司",
        "增信公司",
        "双城信增",
        "双城增进",
    ),
    "invest_then_equity": (
        "先投(研)后股",
        "先投后股",
        "先投研后股",
        "先投入后转股",
        "先研后股",
        "先投再转股",
        "先投后转股",
    ),
    "grant_to_equity": ("拨投结合", "拨投", "拨改投", "拨转股"),
    "seed_fund": ("种子基金",),
    "fengqi_angel_fund": ("凤栖天使基金", "凤栖天使", "凤栖基金", "天使基金", "凤栖"),
    "qihang_fund": ("启航基金", "启航"),
    "industry_fund": ("产业母基金", "产业基金", "母基金", "产业投资母基金", "产投母基金"),
    "tech_relending": (
        "科技创新专项再贷款支持的贷款",
        "科技创新和技术改造再贷款",
        "科技创新专项再贷款",
        "科技创新再贷款",
        "科创再贷款",
        "专项再贷款",
        "再贷款",
        "技术改造再贷款",
        "技改再贷款",
    ),
    "green_twin_city_loan": (
        "绿色“双城贷”",
        '绿色"双城贷"',
        "绿色双城贷",
        "双城贷",
        "绿色双城贷款",
        "双城贷款",
        "绿色贷",
    ),
    "ecny_corporate_loan": (
        "数字人民币对公贷款",
        "数字人民币贷款",
        "数字人民币对公贷",
        "数字人民币贷",
        "数字人民币",
        "数币贷款",
        "数币贷",
        "数币对公贷款",
        "e-cny",
        "ecny",
        "数币",
        "数字货币贷款",
    ),
}
"""Names that people use; those of the catalog are added to them."""


ALSO_FACTS = frozenset(
    {"创新积分", "企业创新积分", "积分", "知识价值", "知识价值信用等级", "专利", "担保", "种子", "天使"}
)
"""Words that a catalog may list as names but that mostly mean a fact: 「创新积分82分」 names no product."""


class Lexicon(msgspec.Struct, frozen=True):
    """What the reader must know beforehand: names of each product, kinds of each fact."""

    products: dict[str, tuple[str, ...]]
    facts: dict[str, FactKind]


def default_lexicon() -> Lexicon:
    """The contract's products and facts under the names that people use, without any catalog."""
    return Lexicon(products=dict(PRODUCT_NAMES), facts=dict(CONTRACT_FACTS))


def lexicon_of(catalog: Any) -> Lexicon:
    """The lexicon of a catalog (``.products`` and ``.facts`` by id; see :mod:`bot.catalog.model`)."""
    products: dict[str, tuple[str, ...]] = {}
    for key, product in catalog.products.items():
        names = (product.name, *product.aliases, *PRODUCT_NAMES.get(key, ()))
        products[key] = tuple(dict.fromkeys(name for name in names if name and name not in ALSO_FACTS))
    facts: dict[str, FactKind] = dict(CONTRACT_FACTS)
    for key, spec in catalog.facts.items():
        facts[key] = FactKind(
            type=spec.type,
            name=spec.name,
            choices=tuple((choice.value, choice.title) for choice in spec.choices),
            titles=tuple(spec.titles),
            more=spec.group == "more",
        )
    return Lexicon(products=products, facts=facts)
