"""Questions about one product: what the record says, with its source, and where it is silent."""

from __future__ import annotations

from bot.catalog.model import Product, number
from bot.dialogue.advance import resume
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.present import sources
from bot.dialogue.turn import Button, Turn

ASPECT = {
    "overview": "简介",
    "conditions": "条件",
    "amount": "额度",
    "rate": "利率",
    "fee": "费用",
    "term": "期限",
    "materials": "材料",
    "process": "流程",
    "time": "办理时间",
    "contact": "找谁办",
}
NAME_ONLY = 6
"""Characters up to which a message is hardly more than a product's name."""
MOST = 4


def ask_product(turn: Turn) -> None:
    """What the record says of one product, with its source; where it is silent, whom to ask."""
    keep_facts(turn)
    products = turn.products or ([turn.state.topic] if turn.state.topic else [])
    products = products or ([turn.state.product] if turn.state.product else [])
    if not products:
        _which(turn, turn.aspect)
        return
    for one in products[:2]:
        product = turn.catalog.products[one]
        turn.state.topic = one
        aspect = turn.aspect or "overview"
        # Asked for no aspect in particular, a passage that answers the very question says more.
        told = _passage(turn) if aspect == "overview" else None
        if told is None and silent(product, aspect):
            turn.leave_open(turn.text or f"{product.name}·{ASPECT[aspect]}", "silent")
        turn.say(
            told or aspect_text(turn, product, aspect),
            [Button("我够不够条件", f"check:{one}"), *_others(product, aspect)],
        )
        if told:
            break
    resume(turn)


def _passage(turn: Turn) -> str | None:
    hits = turn.services.knowledge.answer(turn.text) if len(turn.text) > NAME_ONLY else []
    return turn.services.knowledge.compose(turn.text, hits) if hits else None


def aspect_text(turn: Turn, product: Product, aspect: str) -> str:
    """One aspect of a product in words."""
    said = product.aspects.get(aspect)
    if said is None and aspect == "overview":
        said = product.summary
    if said is not None:
        text = f"【{product.name}·{ASPECT[aspect]}】{said.text}〔{sources(turn, said.source, said.article)}〕"
        return text + (f"\n{limits_text(turn, product)}" if aspect == "amount" and product.limits else "")
    if aspect == "amount" and product.limits:
        return f"【{product.name}·额度】{limits_text(turn, product)}"
    if aspect == "conditions" and product.clauses:
        lines = [
            f"·{clause.text}〔{sources(turn, clause.source, clause.article)}〕"
            for clause in product.clauses
            if clause.in_force(turn.today) and clause.kind != "expect"
        ]
        return f"【{product.name}·条件】已公布的有：\n" + "\n".join(lines) + "\n其余条件公开资料没有给出。"
    return f"【{product.name}·{ASPECT[aspect]}】公开资料没有给出。{whom_to_ask(product)}"


def silent(product: Product, aspect: str) -> bool:
    """Whether the record has nothing to say of this aspect."""
    if product.aspects.get(aspect) is not None or aspect == "overview":
        return False
    return not (aspect == "amount" and product.limits) and not (aspect == "conditions" and product.clauses)


def limits_text(turn: Turn, product: Product) -> str:
    limits = [limit for limit in product.limits if limit.in_force(turn.today) and limit.limit_wan is not None]
    told = "；".join(limit.text or f"{number(limit.limit_wan or 0)}万元" for limit in limits)
    return f"公布的额度：{told}〔{sources(turn, limits[0].source)}〕" if limits else "额度公开资料没有给出。"


def whom_to_ask(product: Product) -> str:
    """Whom the record, or else the service itself, names for a question."""
    return f"可咨询：{product.contact.text}" if product.contact.text else "可转陪跑专员咨询。"


def _others(product: Product, aspect: str | None) -> list[Button]:
    wanted = [one for one in ("conditions", "amount", "contact") if one != aspect]
    return [Button(ASPECT[one], f"ask:{product.id}:{one}") for one in wanted]


def _which(turn: Turn, aspect: str | None) -> None:
    if aspect in (None, "overview") and "产品" in turn.text:
        lines = [f"· {product.name}：{product.summary.text}" for product in turn.catalog.products.values()]
        turn.say("现有这些产品：\n" + "\n".join(lines) + "\n说说您的情况，我来看哪个合适。")
        resume(turn)
        return
    ranking = [item["product"] for item in turn.state.ranking if item["verdict"] != "ineligible"]
    offered = (ranking or list(turn.catalog.products))[:MOST]
    name = ASPECT.get(aspect or "overview", "情况")
    buttons = [
        Button(turn.catalog.products[one].name, f"ask:{one}:{aspect or 'overview'}") for one in offered
    ]
    turn.say(f"您想问哪个产品的{name}？", buttons)
    resume(turn)
