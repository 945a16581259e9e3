"""Orders the products for a firm: the verdict first, then how well the product fits what it wants."""

from __future__ import annotations

from bot.catalog.model import Product, Verdict, number
from bot.decision.firm import Firm
from bot.decision.formula import Masks, truth
from bot.decision.program import Program

BY_VERDICT: dict[Verdict, float] = {
    "eligible": 5.5,
    "meets_published": 4.6,
    "unknown": 4.0,
    "ineligible": -6.0,
}
FUNDING = {"credit": "信用贷款", "guarantee": "担保", "pledge": "质押", "equity": "股权", "loan": "贷款"}
PURPOSE = {
    "working_capital": "流动资金", "rd": "研发", "expansion": "扩产", "equipment": "设备技改",
    "refinance": "还旧借新", "ma": "并购",
}  # fmt: skip
STAGE = {
    "lab": "实验室成果阶段", "seed": "起步阶段", "startup": "初创期", "growth": "成长期", "mature": "成熟期",
}  # fmt: skip


def fit(product: Product, firm: Firm) -> tuple[float, list[str]]:
    """How well the product serves the stated need, and why (Chinese). Unstated needs count for nothing."""
    score, reasons = 0.0, []
    serves = product.fit
    wanted = firm.facts.get("funding_kind")
    if isinstance(wanted, str) and serves.funding:
        if wanted in serves.funding:
            score += 2.0 if wanted != "loan" else 1.0
            reasons.append(f"是您要的{FUNDING.get(wanted, wanted)}")
        else:
            score -= 2.0
            reasons.append(f"不是{FUNDING.get(wanted, wanted)}")
    elif firm.facts.get("accepts_equity") is False and set(serves.funding) == {"equity"}:
        score -= 2.0
    if firm.facts.get("has_collateral") is False and "credit" in serves.funding:
        score += 0.6
        reasons.append("不要求抵押物" if "credit" in product.kind else "没有抵押物也可以了解")
    purpose = firm.facts.get("purpose")
    if isinstance(purpose, str) and serves.purposes:
        hit = purpose in serves.purposes
        score += 0.8 if hit else -0.8
        if hit:
            reasons.append(f"可用于{PURPOSE.get(purpose, purpose)}")
    stage = firm.facts.get("stage")
    if isinstance(stage, str) and serves.stages:
        hit = stage in serves.stages
        score += 1.0 if hit else -1.0
        reasons.append(f"{'适合' if hit else '一般不针对'}{STAGE.get(stage, stage)}")
    org_type = firm.facts.get("org_type")
    if isinstance(org_type, str) and serves.org_types:
        score += 1.0 if org_type in serves.org_types else -1.0
    amount = firm.facts.get("amount_wan")
    if (
        isinstance(amount, (int, float))
        and serves.amount_wan is not None
        and serves.amount_wan.max is not None
    ):
        ceiling = serves.amount_wan.max
        within = amount <= ceiling
        score += 0.8 if within else -1.5
        said = f"公布的最高额度{number(ceiling)}万元"
        reasons.append(f"{number(amount)}万元在{said}以内" if within else f"{number(amount)}万元超过{said}")
    return score, reasons


def soft(program: Program, masks: Masks) -> tuple[float, list[str]]:
    """What the less certain expectations add or take, and which they are."""
    score, reasons = 0.0, []
    for rule in program.soft:
        held = truth(rule.formula, masks)
        if held is None:
            continue
        score += (0.5 if held else -0.5) * rule.clause.weight
        reasons.append(f"{'对您有利' if held else '可能不利(以办理方为准)'}：{rule.clause.text}")
    return score, reasons
