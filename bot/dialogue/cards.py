"""Score cards in words: where a firm stands, what is missing, how to register, what it would open."""

from __future__ import annotations

from bot.catalog.model import number
from bot.catalog.scorecards import ScoreCard
from bot.decision.firm import Firm
from bot.decision.judge import Check, Ranked
from bot.decision.scores import CardResult, ItemResult
from bot.dialogue import phrases
from bot.dialogue.present import MARK, Footnotes, sources
from bot.dialogue.turn import Button, Turn

ORDER = ("ineligible", "unknown", "meets_published", "eligible")
LISTED = 3


def current(turn: Turn) -> ScoreCard | None:
    """The card the conversation is about."""
    return turn.catalog.scorecards.get(turn.state.card or "") if turn.state.goal == "card" else None


def judged(turn: Turn, card: ScoreCard) -> CardResult:
    return turn.decider.scorer.result(card.id, turn.state.firm, turn.today)


def standing(result: CardResult) -> str:
    """Where the firm stands, in one line: 「目前 58–71 分，还差 3 项」."""
    parts = []
    if result.low is not None and result.high is not None:
        span = number(round(result.low, 1))
        if round(result.high, 1) != round(result.low, 1):
            span += f"–{number(round(result.high, 1))}"
        line = [f"满分{number(result.full)}"] if result.full is not None else []
        line += [f"{number(result.passing)}分合格"] if result.passing is not None else []
        parts.append(f"目前 {span} 分" + (f"（{'，'.join(line)}）" if line else ""))
    elif result.requires:
        held = [one.holds for one in result.requires]
        told = [f"满足{held.count(True)}条"] if True in held else []
        told += [f"不满足{held.count(False)}条"] if False in held else []
        told += [f"待确认{held.count(None)}条"] if None in held else []
        parts.append(f"{len(held)}个条件里" + "、".join(told))
    if result.missing:
        parts.append(f"还差 {len(result.missing)} 项")
    return "，".join(parts)


def say_progress(turn: Turn, card: ScoreCard, result: CardResult) -> None:
    """After an answer: the range has narrowed."""
    turn.say(f"{card.name}：{standing(result)}。")


def say_card(turn: Turn, card: ScoreCard, result: CardResult) -> None:
    """The whole card line by line, with sources; once it is settled, what follows from it."""
    notes = Footnotes()
    mark = notes.mark(sources(turn, card.source))
    lines = [f"【{card.name}】{verdict_text(result)}{mark}", f"{standing(result)}。"]
    rows = [["", "情况"]]
    direct = next((one for one in result.direct if one.holds), None)
    for one in result.requires:
        lines.append(f"{MARK[one.holds]}：{one.text}{notes.mark(sources(turn, one.source))}")
        rows.append([one.text, MARK[one.holds]])
    if direct is not None:
        lines.append(f"✓ 免评分的情形：{direct.text}{notes.mark(sources(turn, direct.source))}")
        rows.append([f"免评分：{direct.text}", MARK[True]])
    for item in result.items:
        lines.append(f"· {item.name}：{points_text(item)}{notes.mark(sources(turn, item.source))}")
        rows.append([item.name, points_text(item)])
    if card.passing is not None:
        lines.append(f"合格线：{card.passing.text}{notes.mark(sources(turn, card.passing.source))}")
    if card.undisclosed:
        lines.append(f"○ 未公开：{'、'.join(card.undisclosed)}")
    if card.warning and result.missing:
        lines.append(f"提醒：{card.warning}")
    if card.sample:
        lines.append("这是示例表，分数不作数。")
    lines += notes.lines()
    turn.say("\n".join(lines), card={"kind": "table", "rows": rows})


def verdict_text(result: CardResult) -> str:
    return {
        "meets": "自查满足已公布的标准",
        "fails": "自查还不满足已公布的标准",
        "open": "还不能下结论",
    }[result.verdict]


def points_text(item: ItemResult) -> str:
    """Points of one item, or that its scale is not public."""
    if item.low is None or item.high is None:
        return "未公开"
    if item.low == item.high:
        return f"{number(item.low)}分（满分{number(item.full or 0)}）"
    open_ended = "" if item.banded else "，分档未公开"
    return f"{number(item.low)}–{number(item.high)}分（满分{number(item.full or 0)}{open_ended}）"


def say_what_follows(turn: Turn, card: ScoreCard, result: CardResult) -> None:
    """Meeting the rules is not holding the qualification: how to take it out, and what it would open."""
    buttons = [phrases.HUMAN, Button("看合适的产品", "intent:seek_funding")]
    lines = []
    holds = turn.state.known.get(card.qualification) is True
    if holds:
        lines.append(f"您说已经是{turn.fact(card.qualification).name}，自查只供参考，以证书或编号为准。")
    elif result.verdict != "fails" and card.register.text:
        source = sources(turn, card.register.source)
        lines.append(card.register.text + (f"〔出处：{source}〕" if source else ""))
        if card.window is not None:
            lines.append(f"{card.window.text}〔出处：{sources(turn, card.window.source)}〕")
    if result.verdict == "fails":
        failed = [one.text for one in result.requires if one.holds is False]
        lines.append("不满足的是：" + ("；".join(failed) or "分数到不了合格线") + "。")
    if card.qualification and not holds:
        told = openings(turn, card)
        lines.append(f"{'如果取得' if result.verdict == 'fails' else '取得'}这个资格以后：{told}。")
    if lines:
        turn.say("\n".join(lines), buttons)


def openings(turn: Turn, card: ScoreCard) -> str:
    """Which products holding the qualification would open, or rank higher."""
    better, higher = effect_of(turn, card.qualification)
    names = turn.catalog.products
    told = [f"「{names[one].name}」变为“{phrases.VERDICT[after.verdict]}”" for one, after in better[:LISTED]]
    if higher:
        listed = "、".join(f"「{names[one].name}」" for one, _ in higher[:LISTED])
        told.append(f"{listed}会更合适")
    return "；".join(told) or "各融资产品的预审结论不变"


def effect_of(turn: Turn, qualification: str) -> tuple[list[tuple[str, Ranked]], list[tuple[str, Ranked]]]:
    """Products whose verdict improves by holding the qualification, and those that only rise."""
    firm = turn.state.firm

    def ranked(value: bool) -> dict[str, Ranked]:
        supposed = Firm({**firm.facts, qualification: value}, firm.bounds)
        return {one.product: one for one in turn.decider.match(supposed, turn.today).ranking}

    without, having = ranked(False), ranked(True)
    better, higher = [], []
    for product, after in having.items():
        before = without[product]
        if ORDER.index(after.verdict) > ORDER.index(before.verdict):
            better.append((product, after))
        elif after.verdict != "ineligible" and after.score > before.score:
            higher.append((product, after))
    return better, higher


def why_card(turn: Turn, card: ScoreCard, fact: str) -> str:
    """Which lines of the card hang on a fact."""
    program = turn.decider.scorer.programs[card.id]
    lines = [
        f"·{text}（出处：{sources(turn, source)}）"
        for text, source, facts in program.uses()
        if fact in {part for name in facts for part in (name, *turn.decider.space.derivation.parts(name))}
    ]
    name = turn.fact(fact).name
    return f"问「{name}」，是因为{card.name}要看它：\n" + "\n".join(lines[:LISTED])


def held_back(turn: Turn, check: Check) -> list[tuple[ScoreCard, CardResult]]:
    """Qualifications that a product's open or failing clauses name and whose rules the firm may meet."""
    found = []
    for name in dict.fromkeys(fact for clause in check.clauses if not clause.holds for fact in clause.facts):
        card = turn.decider.scorer.for_qualification(name, turn.today)
        if card is None or turn.state.known.get(name) is True:
            continue
        result = judged(turn, card)
        enough = result.low is not None and result.passing is not None and result.low >= result.passing
        if result.verdict == "meets" or (result.verdict == "open" and enough):
            found.append((card, result))
    return found


def say_held_back(turn: Turn, check: Check) -> None:
    """In the pre-check of a product: a qualification it asks for that the firm may well take out."""
    for card, result in held_back(turn, check)[:2]:
        name = turn.fact(card.qualification).name
        sure = "都满足" if result.verdict == "meets" else "分数已经够了，还有几项待确认"
        turn.say(
            f"这里要看的「{name}」，按{card.name}自查{sure}（{standing(result)}）。{card.register.text}",
            [
                Button(f"自查{card.aliases[0] if card.aliases else name}"[:20], f"card:{card.id}"),
                phrases.HUMAN,
            ],
        )
