"""Puts the next question: one at a time, with buttons where the answer is a choice."""

from __future__ import annotations

from bot.catalog.model import FactSpec
from bot.dialogue import cards
from bot.dialogue.phrases import SKIP_TITLE, WHY_ASK
from bot.dialogue.present import verdict_of
from bot.dialogue.turn import Button, Turn


def question(turn: Turn) -> str | None:
    """The fact to ask next for what the firm is about, or None where nothing asked can change a verdict."""
    state = turn.state
    if state.goal == "check" and state.product:
        fact = turn.decider.check(state.product, state.firm, turn.today).next_question
    elif state.goal == "match":
        fact = turn.match().next_question
    elif (card := cards.current(turn)) is not None:
        fact = cards.judged(turn, card).next_question
    else:
        return None
    return None if fact is None else _easiest(turn, fact)


def _easiest(turn: Turn, fact: str) -> str:
    """Where all parts of a derived fact but one are known, the missing part is what one asks for."""
    firm = turn.state.firm
    parts = turn.decider.space.derivation.parts(fact)
    if fact == "years_established" or not parts or not any(firm.stated(part) for part in parts):
        return fact
    left = [part for part in parts if not firm.stated(part) and turn.fact(part).askable]
    open_left = [part for part in left if part not in firm.facts]
    return open_left[0] if len(left) == 1 and open_left else fact


def ask(turn: Turn, fact: str, lead: str = "") -> None:
    """Ask for one fact."""
    spec = turn.fact(fact)
    turn.state.asking = turn.state.last_asked = fact
    words = turn.state.said.get(fact, "")
    if fact in turn.state.bounds and words:
        text = f"您说的是「{words}」，能再说准一点吗？{spec.question}"
    else:
        text = spec.question
    if spec.help and not spec.choices and spec.type != "flag":
        text += f"（{spec.help.rstrip('。')}）"
    turn.say(lead + text, [*answers(spec), Button(SKIP_TITLE, f"skip:{fact}"), WHY_ASK])


def answers(spec: FactSpec) -> list[Button]:
    """The buttons that answer a choice; none for a number."""
    if spec.type == "flag":
        return [
            Button(spec.title_of(value), f"set:{spec.id}:{str(value).lower()}") for value in (True, False)
        ]
    return [Button(choice.title, f"set:{spec.id}:{choice.value}") for choice in spec.choices]


def why(turn: Turn, fact: str) -> str:
    """Which clauses need a fact, with their sources."""
    state = turn.state
    card = cards.current(turn)
    if card is not None:
        return cards.why_card(turn, card, fact)
    if state.goal == "check" and state.product:
        products = [state.product]
    else:
        products = [one.product for one in turn.match().ranking]
    lines = []
    for product in products:
        check = turn.decider.check(product, state.firm, turn.today)
        for clause in check.clauses:
            needs = {
                part for name in clause.facts for part in (name, *turn.decider.space.derivation.parts(name))
            }
            if clause.holds is None and clause.kind != "expect" and fact in needs:
                lines.append(
                    f"·「{turn.catalog.products[product].name}」{clause.text}（{verdict_of(turn, clause)}）"
                )
    spec = turn.fact(fact)
    if not lines:
        return f"「{spec.name}」会影响推荐的先后，不答也可以。"
    return f"问「{spec.name}」，是因为这些条件要看它：\n" + "\n".join(lines[:4])
