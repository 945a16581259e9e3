"""Products side by side, with the firm's own verdict; 「未公开」 where the record is silent."""

from __future__ import annotations

from bot.catalog.model import Product
from bot.dialogue import phrases
from bot.dialogue.advance import resume
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.handlers.products import ASPECT, limits_text
from bot.dialogue.present import Footnotes, sources
from bot.dialogue.turn import Button, Turn

COMPARED = ("conditions", "amount", "rate", "fee", "term", "time")
MOST = 4
ASKED = (
    ("time", ("快", "几天", "多久", "时间")),
    ("rate", ("利率", "利息", "便宜", "成本", "划算")),
    ("fee", ("费", "便宜", "成本", "划算")),
    ("amount", ("额度", "贷得多", "钱多", "最高")),
    ("term", ("期限", "多长")),
    ("conditions", ("条件", "门槛", "好办", "容易", "要求")),
)
"""The dimension a comparison is about, by the words for it; none of them means all."""
KIND = {
    "credit": "信用",
    "guarantee": "担保",
    "equity": "股权",
    "debt": "债权",
    "pledge": "质押",
    "grant": "资助",
    "credit enhancement": "增信",
}


def compare_products(turn: Turn) -> None:
    """A table over what was asked about, each cell with its source."""
    keep_facts(turn)
    named = _named(turn)
    if len(named) < 2:
        turn.say("想比较哪几个产品？说两个名字就行，比如「科企梯度贷和科创保」。")
        resume(turn)
        return
    columns = [turn.catalog.products[one] for one in named]
    wanted = [aspect for aspect, words in ASKED if any(word in turn.text for word in words)]
    notes = Footnotes()
    rows = [["", *(product.name for product in columns)]]
    rows.append(["形式", *("+".join(KIND.get(kind, kind) for kind in product.kind) for product in columns)])
    for aspect in wanted or COMPARED:
        rows.append([ASPECT[aspect], *(_cell(turn, product, aspect, notes) for product in columns)])
    verdicts = [turn.decider.check(one, turn.state.firm, turn.today).verdict for one in named]
    rows.append(["您的情况", *(phrases.VERDICT[verdict] for verdict in verdicts)])
    lines = ["对比（“未公开”是说公开资料没有给出）："]
    for row in rows[1:]:
        lines.append(f"【{row[0]}】")
        lines += [f"· {name}：{cell}" for name, cell in zip(rows[0][1:], row[1:], strict=True)]
    if wanted and all(cell == "未公开" for row in rows[2:-1] for cell in row[1:]):
        lines.append("这一项都没有公开，分不出先后；可以转陪跑专员替您问清楚。")
    buttons = [Button(f"预审{product.name}", f"check:{product.id}") for product in columns]
    turn.say("\n".join([*lines, *notes.lines()]), buttons, {"kind": "table", "rows": rows})
    resume(turn)


def _named(turn: Turn) -> list[str]:
    """The products to compare: those named, else with the topic, else the best fitting."""
    named = list(dict.fromkeys(turn.products))
    if len(named) == 1 and turn.state.topic and turn.state.topic not in named:
        named.append(turn.state.topic)
    if len(named) < 2 and turn.state.known:
        fitting = [item["product"] for item in turn.state.ranking if item["verdict"] != "ineligible"]
        named = list(dict.fromkeys([*named, *fitting]))[:3]
    return named[:MOST]


def _cell(turn: Turn, product: Product, aspect: str, notes: Footnotes) -> str:
    said = product.aspects.get(aspect)
    if said is not None:
        return f"{said.text}{notes.mark(sources(turn, said.source, said.article))}"
    if aspect == "amount" and product.limits:
        text, _, cited = limits_text(turn, product).partition("〔")
        return f"{text.removeprefix('公布的额度：')}{notes.mark(cited.rstrip('〕'))}"
    if aspect == "conditions":
        clauses = [one for one in product.clauses if one.in_force(turn.today) and one.kind != "expect"]
        told = [f"{one.text}{notes.mark(sources(turn, one.source, one.article))}" for one in clauses]
        return "；".join(told) or "未公开"
    return "未公开"
