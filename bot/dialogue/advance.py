"""Carries the conversation on: what changed, what is still open, the next question or the result."""

from __future__ import annotations

from bot.catalog.scorecards import ScoreCard
from bot.dialogue import cards, phrases
from bot.dialogue.absorb import Absorbed, absorb
from bot.dialogue.ask import ask, question
from bot.dialogue.contact import ask_at_the_end
from bot.dialogue.present import SHOWN, changes, facts_card, facts_line, say_check, say_ranking, value_text
from bot.dialogue.turn import Button, Turn

ENOUGH = 2
"""Facts a firm must have told before a ranking says more than the list of products."""


def take_in(turn: Turn) -> Absorbed:
    """Absorb the facts of this turn, show what was understood, and settle contradictions first."""
    before = list(turn.state.ranking)
    state_shown = bool(turn.state.shown)
    absorbed = absorb(turn)
    rerank(turn)
    shown = [*absorbed.new, *absorbed.changed]
    if absorbed.changed:
        for fact, old in absorbed.changed.items():
            spec = turn.fact(fact)
            now = value_text(spec, turn.state.known[fact], turn.state.bounds.get(fact))
            turn.say(f"已更正：{spec.name}由{spec.title_of(old)}改为{now}。")
        shown = list(absorbed.new)
    if shown:
        card = facts_card(turn, shown)
        turn.say(f"记下了：{facts_line(card)}。", card=card)
    told = changes(turn, before, turn.today)
    if told:
        turn.say(("按新情况重新判断：" if absorbed.changed else "判断有变化：") + "；".join(told) + "。")
    elif absorbed.changed and state_shown:
        turn.say("按新情况重新判断过，各产品的结论不变。")
    for fact, value, reason in absorbed.refused:
        spec = turn.fact(fact)
        turn.say(f"「{spec.name} {spec.title_of(value)}」好像不对：{reason}。请再说一次。")
        turn.state.asking = fact
    turn.state.confirm += absorbed.contradicted
    return absorbed


def rerank(turn: Turn) -> None:
    ranking = turn.match().ranking
    turn.state.ranking = [{"product": one.product, "verdict": one.verdict} for one in ranking]
    turn.state.catalog_version = turn.catalog.version


def follow_catalog(turn: Turn) -> None:
    """Other policy data than at the last turn: judge anew, and say what came out differently."""
    state = turn.state
    if state.catalog_version == turn.catalog.version:
        return
    _forget_what_is_gone(turn)
    before = [one for one in state.ranking if one["product"] in turn.catalog.products]
    state.catalog_version = turn.catalog.version
    if not before:
        return
    rerank(turn)
    told = changes(turn, before, turn.today)
    if told:
        turn.say("政策资料有更新，按新的重新判断：" + "；".join(told) + "。")


def _forget_what_is_gone(turn: Turn) -> None:
    """Products, cards and facts that the policy data no longer have cannot be talked about."""
    state, catalog = turn.state, turn.catalog
    state.facts = {fact: value for fact, value in state.facts.items() if fact in catalog.facts}
    state.more = {fact: value for fact, value in state.more.items() if fact in catalog.facts}
    state.bounds = {fact: bound for fact, bound in state.bounds.items() if fact in catalog.facts}
    state.confirm = [one for one in state.confirm if one.fact in catalog.facts]
    state.shown = [one for one in state.shown if one in catalog.products]
    if state.asking not in catalog.facts:
        state.asking = None
    if state.last_asked not in catalog.facts:
        state.last_asked = None
    if state.topic not in catalog.products:
        state.topic = None
    if state.product not in catalog.products:
        state.product = None
        state.goal = "match" if state.goal == "check" else state.goal
    if state.card not in catalog.scorecards:
        state.card = None
        state.goal = "none" if state.goal == "card" else state.goal


ASKED_AT_MOST = 2
"""After that the earlier value stands and the talk goes on."""


def ask_contradiction(turn: Turn) -> bool:
    """Ask which of two values counts; true if there is such a question. Nobody is asked for ever."""
    if not turn.state.confirm:
        return False
    one = turn.state.confirm[0]
    if one.asked >= ASKED_AT_MOST:
        spec = turn.fact(one.fact)
        turn.state.confirm = turn.state.confirm[1:]
        turn.state.unanswered.append(
            f"{spec.name}前后说法不一：{spec.title_of(one.old)}、{spec.title_of(one.new)}"
        )
        turn.say(f"{spec.name}先按{spec.title_of(one.old)}记，要改随时说。")
        return ask_contradiction(turn)
    one.asked += 1
    spec = turn.fact(one.fact)
    old, new = spec.title_of(one.old), value_text(spec, one.new, one.new_bound)
    buttons = [
        Button(f"以{new}为准", "intent:affirm"),
        Button(f"还是{old}", "intent:deny"),
    ]
    turn.state.asking = None
    turn.say(f"前面说的{spec.name}是{old}，刚才说是{new}，以哪个为准？", buttons)
    return True


def proceed(turn: Turn, *, ranked: bool = False) -> None:
    """The next step: a contradiction, a refused value, the next question, or the result."""
    state = turn.state
    # A check that was asked for comes first; what contradicts itself is asked about after it.
    wanted = turn.intent == "check_eligibility"
    if (not wanted and ask_contradiction(turn)) or _ask_again(turn):
        return
    if state.goal == "none":
        return
    fact = question(turn)
    if (card := cards.current(turn)) is not None:
        _proceed_card(turn, card, fact)
        return
    if state.goal == "check" and state.product:
        if fact is not None and not state.confirm:
            ask(turn, fact)
        else:
            say_result(turn, again=wanted)
            ask_contradiction(turn)
        return
    match = turn.match()
    top = [one.product for one in match.ranking if one.verdict != "ineligible"][:SHOWN]
    enough = len([value for value in state.known.values() if value is not None]) >= ENOUGH
    told = enough and (ranked or top != state.shown)
    if told:
        lead = "目前看，比较合适的是：" if fact is not None else "按您说的情况，比较合适的是："
        if not top:
            lead = "按已公布的条件，现有产品都不满足。"
        say_ranking(turn, list(match.ranking), lead)
        state.shown = top
    if fact is not None:
        ask(turn, fact)
    else:
        state.asking = None
        products = (
            [] if told else [Button(f"预审{turn.catalog.products[one].name}", f"check:{one}") for one in top]
        )
        turn.say(
            "能影响判断的都问完了。点产品名可以看逐条预审；也可以转陪跑专员接着办。",
            [*products, phrases.HUMAN],
        )
        ask_at_the_end(turn)


def _proceed_card(turn: Turn, card: ScoreCard, fact: str | None) -> None:
    """The score card: how far it is, the next question; once it is settled, what follows from it."""
    result = cards.judged(turn, card)
    if fact is not None:
        if not any(reply.text.startswith(f"【{card.name}】") for reply in turn.replies):
            cards.say_progress(turn, card, result)
        ask(turn, fact)
        return
    turn.state.asking = None
    turn.state.goal = "none"
    cards.say_card(turn, card, result)
    cards.say_what_follows(turn, card, result)


def _ask_again(turn: Turn) -> bool:
    """A value that made no sense is asked for again before anything else."""
    asking = turn.state.asking
    if asking is None or not turn.replies or "好像不对" not in turn.replies[-1].text:
        return False
    spec = turn.fact(asking)
    if spec.question:
        ask(turn, asking)
    return True


def resume(turn: Turn) -> None:
    """After a side question: go on where it was."""
    asking = turn.state.asking
    if turn.state.confirm:
        ask_contradiction(turn)
    elif asking is not None:
        ask(turn, asking, "接着刚才的问题：")


def say_result(turn: Turn, *, again: bool = True) -> None:
    """The pre-check of the chosen product; one line where it was shown and nothing of it has changed."""
    state = turn.state
    assert state.product is not None
    state.asking = None
    product = turn.catalog.products[state.product]
    check = turn.decider.check(product.id, state.firm, turn.today)
    seen = "".join({True: "y", False: "n", None: "?"}[clause.holds] for clause in check.clauses)
    if not again and state.checked.get(product.id) == seen:
        turn.say(
            f"「{product.name}」的预审结论不变：{phrases.VERDICT[check.verdict]}。",
            [Button("看逐条预审", f"check:{product.id}"), phrases.HUMAN],
        )
        return
    state.checked[product.id] = seen
    say_check(turn, product, check)
    cards.say_held_back(turn, check)
    state.shown = list(dict.fromkeys([*state.shown, product.id]))
