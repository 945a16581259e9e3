"""Questions about products: one of them, or several side by side."""

from __future__ import annotations

from bot.catalog.model import Product, number
from bot.dialogue import phrases
from bot.dialogue.advance import resume
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.present import Footnotes, sources
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
COMPARED = ("conditions", "amount", "rate", "fee", "term", "time")
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
        aspect = turn.aspect or _best_aspect(turn)
        text = (
            aspect_text(turn, product, aspect)
            if aspect
            else _passage(turn) or aspect_text(turn, product, "overview")
        )
        turn.say(text, [Button("我够不够条件", f"check:{one}"), *_others(product, aspect)])
    resume(turn)


def _best_aspect(turn: Turn) -> str | None:
    return None if turn.text and len(turn.text) > 4 else "overview"


def _passage(turn: Turn) -> str | None:
    """A passage that answers the question itself, where no aspect was recognised."""
    hits = turn.services.knowledge.answer(turn.text) if turn.text else []
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
    ranking = [item["product"] for item in turn.state.ranking if item["verdict"] != "ineligible"]
    offered = (ranking or list(turn.catalog.products))[:MOST]
    name = ASPECT.get(aspect or "overview", "情况")
    buttons = [
        Button(turn.catalog.products[one].name, f"ask:{one}:{aspect or 'overview'}") for one in offered
    ]
    turn.say(f"您想问哪个产品的{name}？", buttons)
    resume(turn)


def compare_products(turn: Turn) -> None:
    """Side by side, with the firm's own verdict; 「未公开」 where the record is silent."""
    keep_facts(turn)
    named = list(dict.fromkeys(turn.products))
    if len(named) == 1 and turn.state.topic and turn.state.topic not in named:
        named.append(turn.state.topic)
    if len(named) < 2:
        fitting = [item["product"] for item in turn.state.ranking if item["verdict"] != "ineligible"]
        named = list(dict.fromkeys([*named, *fitting]))[:3] if turn.state.known else named
    if len(named) < 2:
        turn.say("想比较哪几个产品？说两个名字就行，比如「科企梯度贷和科创保」。")
        resume(turn)
        return
    named = named[:MOST]
    columns = [turn.catalog.products[one] for one in named]
    rows = [["", *(product.name for product in columns)]]
    kinds = {"credit": "信用", "guarantee": "担保", "equity": "股权", "debt": "债权", "pledge": "质押"}
    rows.append(["形式", *("+".join(kinds.get(kind, kind) for kind in product.kind) for product in columns)])
    for aspect in COMPARED:
        rows.append([ASPECT[aspect], *(_cell(turn, product, aspect) for product in columns)])
    verdicts = [turn.decider.check(one, turn.state.firm, turn.today).verdict for one in named]
    rows.append(["您的情况", *(phrases.VERDICT[verdict] for verdict in verdicts)])
    lines = ["对比（“未公开”是说公开资料没有给出）："]
    for row in rows[1:]:
        lines.append(f"【{row[0]}】")
        lines += [f"· {name}：{cell}" for name, cell in zip(rows[0][1:], row[1:], strict=True)]
    notes = Footnotes()
    for product in columns:
        for aspect in (*COMPARED, "overview"):
            said = product.aspects.get(aspect)
            notes.mark(sources(turn, said.source) if said else "")
    text = "\n".join([*lines, *notes.lines()])
    buttons = [Button(f"预审{product.name}", f"check:{product.id}") for product in columns]
    turn.say(text, buttons, {"kind": "table", "rows": rows})
    resume(turn)


def _cell(turn: Turn, product: Product, aspect: str) -> str:
    said = product.aspects.get(aspect)
    if said is not None:
        return said.text
    if aspect == "amount" and product.limits:
        return limits_text(turn, product).split("〔")[0].removeprefix("公布的额度：")
    if aspect == "conditions":
        texts = [
            clause.text
            for clause in product.clauses
            if clause.in_force(turn.today) and clause.kind != "expect"
        ]
        return "；".join(texts) or "未公开"
    return "未公开"
