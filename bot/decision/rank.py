"""Orders the products for a firm as an experienced officer would: what can be had, in the form wanted.

The verdict comes first, then the form of funding, purpose, stage and amount, then the less certain
expectations. While a verdict is open its weight is how likely it is to come out well. Scores order,
they promise nothing.
"""

from __future__ import annotations

from bot.catalog.model import Product, Verdict, number
from bot.decision.firm import Firm
from bot.decision.formula import Masks, Weights, probability, truth
from bot.decision.program import Program

BY_VERDICT: dict[Verdict, float] = {
    "eligible": 5.5,
    "meets_published": 5.0,
    "unknown": 2.0,
    "ineligible": -20.0,
}
HOPE = 2.5
"""What an open verdict gains on top, times the chance that it turns out well."""
UNASKED = -3.0
"""A product made for a wish that the firm has not voiced (``fit.on_request``)."""
WANTED, OTHER_LOAN, OTHER_WORLD = 2.0, -1.0, -2.5
"""The form that is wanted; another kind of borrowing; equity instead of borrowing or the reverse."""
IMPLIED = 0.75
"""How much a form counts that follows from the purpose only."""
LOAN_FORMS = (("credit", 1.5), ("guarantee", 1.0), ("debt", 0.3), ("pledge", 0.0))
"""Who only says «loan» is served first without collateral, then with a guarantee, last by a pledge: it has to
be valued and registered first."""
UNASKED_PLEDGE = -1.0
HELD, NOT_HELD = 0.25, -0.5
"""An expectation that is met says less for a product than one that is not says against it."""

FUNDING = {"credit": "信用贷款", "guarantee": "担保", "pledge": "质押", "equity": "股权", "loan": "贷款"}
KIND = {
    "credit": "信用贷款", "guarantee": "担保", "pledge": "质押", "equity": "股权投资", "debt": "债权",
    "grant": "财政资助", "credit enhancement": "增信",
}  # fmt: skip
PURPOSE = {
    "working_capital": "流动资金", "rd": "研发", "expansion": "扩产", "equipment": "设备技改",
    "refinance": "还旧借新", "ma": "并购",
}  # fmt: skip
STAGE = {
    "lab": "实验室成果阶段", "seed": "起步阶段", "startup": "初创期", "growth": "成长期", "mature": "成熟期",
}  # fmt: skip

Rated = tuple[float, list[str]]
"""Points, and the reasons for them in Chinese."""


def standing(program: Program, verdict: Verdict, masks: Masks, weights: Weights) -> Rated:
    """What the verdict is worth, and which conditions fail or are open."""
    held = [(rule, truth(rule.formula, masks)) for rule in program.hard]
    score = BY_VERDICT[verdict]
    if verdict == "ineligible":
        return score, [f"不满足：{rule.clause.text}" for rule, holds in held if holds is False]
    if verdict != "unknown":
        return score, [f"已公布的条件满足：{rule.clause.text}" for rule, _ in held[:1]]
    score += HOPE * probability(program.whole(masks), masks, weights)
    score += UNASKED if program.product.fit.on_request else 0.0
    # Of several open conditions the one most likely to fail is told.
    doubtful = sorted(
        (probability(rule.formula, masks, weights), rule.clause.text) for rule, holds in held if holds is None
    )
    return score, [f"还要确认：{text}" for _, text in doubtful[:1]]


def fit(product: Product, firm: Firm) -> Rated:
    """How well the product serves the stated need. What is not stated counts for nothing."""
    score, reasons = 0.0, []
    for points, reason in (
        _form(product, firm), _collateral(product, firm), _purpose(product, firm), _amount(product, firm),
        _stage(product, firm),
    ):  # fmt: skip
        score += points
        reasons += reason
    org_type = firm.facts.get("org_type")
    if isinstance(org_type, str) and product.fit.org_types:
        score += 2.0 if org_type in product.fit.org_types else -1.0
    return score, reasons


def _form(product: Product, firm: Firm) -> Rated:
    wanted, forms = firm.facts.get("funding_kind"), product.fit.funding
    if not isinstance(wanted, str):
        # Money to run on, or for a time, is borrowed; who would give shares may well want investors.
        if firm.stated("term_months") or firm.facts.get("purpose") in ("working_capital", "refinance"):
            return (_as_loan(product) if "loan" in forms else OTHER_WORLD) * IMPLIED, []
        if "pledge" in product.kind:
            return UNASKED_PLEDGE, []
        return (1.0 if firm.facts.get("accepts_equity") is True and "equity" in forms else 0.0), []
    if wanted in forms:
        score = _as_loan(product) if wanted == "loan" else WANTED
        return score, [f"是您要的{FUNDING.get(wanted, wanted)}"]
    borrowed = wanted != "equity" and "loan" in forms
    kinds = "加".join(KIND.get(kind, kind) for kind in product.kind)
    return OTHER_LOAN if borrowed else OTHER_WORLD, [f"您想要{FUNDING.get(wanted, wanted)}，这是{kinds}"]


def _as_loan(product: Product) -> float:
    return next((points for kind, points in LOAN_FORMS if kind in product.kind), 0.0)


def _collateral(product: Product, firm: Firm) -> Rated:
    if firm.facts.get("has_collateral") is not False or "loan" not in product.fit.funding:
        return 0.0, []
    if "credit" in product.fit.funding:
        return 0.6, ["信用方式，一般不用抵押物"]
    return (0.2 if "guarantee" in product.kind else 0.0), []


def _purpose(product: Product, firm: Firm) -> Rated:
    purpose, served = firm.facts.get("purpose"), product.fit.purposes
    if not isinstance(purpose, str) or not served:
        return 0.0, []
    if purpose in served:
        return 0.8, [f"可用于{PURPOSE.get(purpose, purpose)}"]
    return -0.8, []


def _stage(product: Product, firm: Firm) -> Rated:
    stage, served = firm.facts.get("stage"), product.fit.stages
    if not isinstance(stage, str) and firm.facts.get("org_type") == "university_lab":
        stage = "lab"
    if not isinstance(stage, str) or not served:
        return 0.0, []
    if stage in served:
        return 1.0, [f"适合{STAGE.get(stage, stage)}"]
    return -1.0, [f"一般不针对{STAGE.get(stage, stage)}"]


def _amount(product: Product, firm: Firm) -> Rated:
    amount, served = firm.facts.get("amount_wan"), product.fit.amount_wan
    if not isinstance(amount, (int, float)) or served is None or served.max is None:
        return 0.0, []
    told = f"公布的最高额度{number(served.max)}万元"
    if amount <= served.max:
        return 0.8, [f"{number(amount)}万元在{told}以内"]
    return -1.5, [f"{number(amount)}万元超过{told}"]


def soft(program: Program, masks: Masks) -> Rated:
    """What the less certain expectations add or take, the weightiest first, and which they are."""
    score, told = 0.0, []
    for rule in program.soft:
        held = truth(rule.formula, masks)
        if held is None:
            continue
        score += (HELD if held else NOT_HELD) * rule.clause.weight
        label = "对您有利" if held else "可能不利（以办理方为准）"
        told.append((held, -rule.clause.weight, f"{label}：{rule.clause.text}"))
    return score, [text for _, _, text in sorted(told, key=lambda one: one[:2])]
