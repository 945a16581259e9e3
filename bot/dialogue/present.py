"""Puts verdicts, rankings and facts into words, each with its source."""

from __future__ import annotations

import datetime
from typing import Any

from bot.catalog.cite import cite
from bot.catalog.model import FactSpec, Product, SourceIds, number
from bot.catalog.values import Bound, FactValue
from bot.decision.gaps import Gap
from bot.decision.judge import Check, ClauseResult, Ranked
from bot.dialogue import phrases
from bot.dialogue.turn import Button, Turn

MARK = {True: "✓ 满足", False: "✗ 不满足", None: "？ 待确认"}
STATUS = {True: "holds", False: "fails", None: "open"}
SHOWN = 3


class Footnotes:
    """Numbers the sources of a text, each named once at its end."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, source: str) -> str:
        """``〔2〕`` for a source, or nothing for none."""
        if not source:
            return ""
        return f"〔{self._numbers.setdefault(source, len(self._numbers) + 1)}〕"

    def lines(self) -> list[str]:
        return (
            ["出处：", *(f"〔{place}〕{source}" for source, place in self._numbers.items())]
            if self._numbers
            else []
        )


def sources(turn: Turn, ids: SourceIds, article: str = "") -> str:
    """The sources of a sentence, as people read them."""
    cited = "；".join(cite(source) for source in turn.catalog.sources_of(ids))
    return f"{cited}，{article}" if article and cited else cited


def verdict_of(turn: Turn, clause: ClauseResult) -> str:
    return f"出处：{sources(turn, clause.source, clause.article)}"


def value_text(spec: FactSpec, value: FactValue, bound: Bound | None = None) -> str:
    """A fact's value as people say it, bounds included."""
    if bound is None or not spec.numeric:
        return spec.title_of(value)
    unit = spec.unit
    if bound.low is not None and bound.high is not None:
        return f"{number(bound.low)}–{number(bound.high)}{unit}"
    if bound.high is not None:
        return f"{'不到' if bound.high_open else '不超过'}{number(bound.high)}{unit}"
    if bound.low is not None:
        return f"{'超过' if bound.low_open else '至少'}{number(bound.low)}{unit}"
    return spec.title_of(value)


def facts_card(turn: Turn, names: list[str]) -> dict[str, Any]:
    known = turn.state.known
    items = [
        {
            "fact": name,
            "name": turn.fact(name).name,
            "value_text": value_text(turn.fact(name), known[name], turn.state.bounds.get(name)),
        }
        for name in names
        if name in known
    ]
    return {"kind": "facts", "items": items}


def facts_line(card: dict[str, Any]) -> str:
    return "；".join(f"{item['name']}：{item['value_text']}" for item in card["items"])


def say_ranking(turn: Turn, ranking: list[Ranked], lead: str) -> None:
    """The first three that are not ruled out, with reasons; and how many are."""
    shown = [one for one in ranking if one.verdict != "ineligible"][:SHOWN]
    out = [one for one in ranking if one.verdict == "ineligible"]
    lines = [lead]
    items = []
    for place, one in enumerate(shown, 1):
        product = turn.catalog.products[one.product]
        # What speaks against it is never cut off.
        reasons = sorted(one.reasons, key=lambda reason: not reason.startswith("可能不利"))[:3]
        because = "；".join(reasons) or product.summary.text
        lines.append(f"{place}. {product.name}（{phrases.VERDICT[one.verdict]}）：{because}")
        items.append(
            {
                "product": one.product,
                "name": product.name,
                "verdict": one.verdict,
                "verdict_text": phrases.VERDICT[one.verdict],
                "reasons": reasons or [product.summary.text],
            }
        )
    if out:
        lines.append(f"另有{len(out)}个产品已知不满足条件，想知道为什么可以直接问。")
    buttons = [Button(f"预审{item['name']}", f"check:{item['product']}") for item in items]
    turn.say("\n".join(lines), buttons, {"kind": "ranking", "items": items})


def say_check(turn: Turn, product: Product, check: Check) -> None:
    """The pre-check, clause by clause; what is not public; what is missing; that the lender decides."""
    lines = [f"【{product.name}】预审结果：{phrases.VERDICT[check.verdict]}"]
    notes = Footnotes()
    clauses: list[dict[str, str]] = []
    for clause in check.clauses:
        source = sources(turn, clause.source, clause.article)
        soft = "（参考，不作否定依据）" if clause.kind == "expect" else ""
        lines.append(f"{MARK[clause.holds]}{soft}：{clause.text}{notes.mark(source)}")
        clauses.append(
            {"text": clause.text, "status": STATUS[clause.holds], "kind": clause.kind, "source": source}
        )
    if check.undisclosed:
        lines.append(f"○ 未公开：{'、'.join(check.undisclosed)}")
    for text in check.undisclosed:
        clauses.append({"text": text, "status": "undisclosed", "kind": "", "source": ""})
    limit_text = ""
    if check.limit_wan is not None:
        limit_text = f"公布的对应额度：{number(check.limit_wan)}万元"
        lines.append(f"{limit_text}{notes.mark(sources(turn, check.limit_source))}")
    missing = [turn.fact(fact).name for fact in check.missing]
    if missing:
        lines.append(f"还缺：{'、'.join(missing)}")
    lines.append(disclaimer(product))
    lines += notes.lines()
    buttons = [phrases.HUMAN, Button("为什么这样判", "why")]
    if check.verdict == "ineligible":
        buttons.append(Button("怎样才能符合", "improve"))
    buttons.append(Button("看其他产品", "intent:seek_funding"))
    card = {
        "kind": "check",
        "product": product.id,
        "name": product.name,
        "verdict": check.verdict,
        "verdict_text": phrases.VERDICT[check.verdict],
        "clauses": clauses,
        "limit_text": limit_text,
        "disclaimer": disclaimer(product),
    }
    turn.say("\n".join(lines), buttons, card)


def disclaimer(product: Product) -> str:
    """That a pre-check is no approval, and who decides."""
    return phrases.DISCLAIMER.format(lender=product.lender.rstrip("。") or "以办理机构的决定为准")


def gap_text(turn: Turn, gap: Gap) -> str:
    """One change in words; what only time brings is said with the day, not as advice."""
    spec = turn.fact(gap.fact)
    if gap.when is not None:
        return f"{spec.name}要到{spec.title_of(gap.need)}，最迟{phrases.day(gap.when)}达到"
    if isinstance(gap.need, bool):
        note = spec.change.note if spec.change else ""
        return f"{spec.name}：{spec.title_of(gap.have)}→{spec.title_of(gap.need)}" + (
            f"（{note}）" if note else ""
        )
    have, need = gap.have, gap.need
    if isinstance(have, (int, float)) and isinstance(need, (int, float)):
        if spec.whole and need > have:
            return f"{spec.name}再多{number(need - have)}{spec.unit}（达到{spec.title_of(need)}）"
        return f"{spec.name}从{spec.title_of(have)}{'提高' if need > have else '降低'}到{spec.title_of(need)}"
    if isinstance(need, str) and spec.change is not None and spec.change.note:
        return spec.change.note
    return f"{spec.name}达到{spec.title_of(need)}"


def changes(turn: Turn, before: list[dict[str, str]], day: datetime.date) -> list[str]:
    """Which verdicts turned in this turn, for the products shown before or chosen."""
    old = {item["product"]: item["verdict"] for item in before}
    watched = {*turn.state.shown, *([turn.state.product] if turn.state.product else [])}
    told = []
    for item in turn.state.ranking:
        product, verdict = item["product"], item["verdict"]
        if product in watched and product in old and old[product] != verdict:
            name = turn.catalog.products[product].name
            told.append(f"「{name}」由“{phrases.VERDICT[old[product]]}”变为“{phrases.VERDICT[verdict]}”")
    return told
