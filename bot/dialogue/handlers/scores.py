"""Qualifications: whether a firm meets the rules of one, by its score card; and its size class."""

from __future__ import annotations

import re

import msgspec

from bot.catalog.scorecards import ScoreCard
from bot.decision.formula import Masks
from bot.dialogue import cards, phrases
from bot.dialogue.advance import proceed, resume
from bot.dialogue.ask import ask
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.present import sources
from bot.dialogue.turn import Turn

_SELF = re.compile(
    r"够不够|够得上|够格|够吗|够条件|算不算|算得上|算是|算.{0,12}(?:吗|么|嘛|不)|是不是|符不符合|符合.{0,14}(?:吗|么|不)"
    r"|能不能|能否|可不可以|能.{0,3}(?:评|认定|申报|申请|报|入库|上|过)|评得上|评不评得上|达不达标|达标|达到.{0,6}(?:吗|没)"
    r"|差多少|差几|差什么|还差|自查|自评|测一?下|测测|测算|打多少分|得多少分|多少分|几分"
)
_SIZE = re.compile(r"小微|微型企业|小型企业|中型企业|大型企业|划型|中小微")


def card_asked(turn: Turn) -> ScoreCard | None:
    """The qualification that this message asks about for the firm itself, if it does."""
    if "card" in turn.payload:
        return turn.catalog.scorecards.get(turn.payload["card"])
    if turn.payload or not _SELF.search(turn.text):
        return None
    named = [
        (turn.text.find(alias), -len(alias), card)
        for card in turn.catalog.scorecards.values()
        for alias in card.aliases
        if alias in turn.text and card.qualification and card.in_force(turn.today)
    ]
    return min(named, key=lambda one: (one[1], one[0]))[2] if named else None


def wanted(turn: Turn) -> bool:
    """This message is a question to a score card or to the size classes."""
    return card_asked(turn) is not None or _size_asked(turn)


def _size_asked(turn: Turn) -> bool:
    return (
        not turn.payload
        and turn.decider.space.sizes is not None
        and not turn.reading.products
        and bool(_SELF.search(turn.text) and _SIZE.search(turn.text))
    )


def self_check(turn: Turn) -> None:
    """Where the firm stands with the qualification asked about, and the questions that are left."""
    card = card_asked(turn)
    if card is None and _size_asked(turn):
        size_check(turn)
        return
    card = card or cards.current(turn)
    assert card is not None
    # 「算不算科技型中小企业」 asks about the qualification, it does not claim it.
    asked = [one for one in turn.reading.mentions if one.fact != card.qualification or one.value is False]
    turn.reading = msgspec.structs.replace(turn.reading, mentions=asked)
    keep_facts(turn)
    state = turn.state
    state.goal, state.card, state.asking = "card", card.id, None
    result = cards.judged(turn, card)
    if result.next_question is not None:
        cards.say_card(turn, card, result)
    proceed(turn)


def size_check(turn: Turn) -> None:
    """大中小微: the classes still possible, and the fact that would tell them apart."""
    keep_facts(turn)
    sizes = turn.decider.space.sizes
    assert sizes is not None
    masks: Masks = turn.decider.space.masks(turn.state.firm, turn.today)
    possible = sizes.possible(masks)
    titles = [sizes.rules.titles[one] for one in possible]
    source = sources(turn, sizes.rules.source)
    firm = turn.state.firm
    missing = sizes.missing(
        masks, {fact for fact in turn.catalog.facts if turn.decider.space.askable(fact, firm)}
    )
    industry = sizes.rules.industries.get(str(firm.facts.get(sizes.rules.industry_fact)))
    if len(possible) == 1:
        turn.say(f"按划型标准，您属于{titles[0]}。〔出处：{source}〕")
    elif industry is not None and not industry.classes:
        turn.say(f"{industry.name}的划型界线公开资料没有收录，我不判断。〔出处：{source}〕", [phrases.HUMAN])
    else:
        told = "还不能划型" if len(possible) == len(sizes.rules.titles) else f"可能是{'或'.join(titles)}"
        turn.say(f"{told}：划型看行业、职工人数和上年营业收入。〔出处：{source}〕")
        if missing and turn.state.asking is None:
            ask(turn, missing[0])
            return
    resume(turn)
