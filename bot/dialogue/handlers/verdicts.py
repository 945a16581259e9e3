"""Whether a product fits, why it was judged so, and what would help."""

from __future__ import annotations

from bot.decision.firm import Firm
from bot.dialogue import cards, phrases
from bot.dialogue.advance import proceed, resume
from bot.dialogue.ask import why
from bot.dialogue.handlers import scores
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.handlers.products import whom_to_ask
from bot.dialogue.present import Footnotes, gap_text, sources
from bot.dialogue.turn import Button, Turn


def check_eligibility(turn: Turn) -> None:
    """Whether a product fits: asks what is still needed, else shows the result; without a product, ranks."""
    state = turn.state
    if scores.wanted(turn):
        scores.self_check(turn)
        return
    keep_facts(turn)
    products = turn.products
    if not products and state.topic and not turn.reading.mentions:
        products = [state.topic]
    if not products:
        state.goal = "match"
        state.need = state.need or turn.text
        if not state.known:
            turn.say(phrases.TELL_ME)
        proceed(turn, ranked=True)
        return
    if turn.reading.supposed:
        what_if(turn)
        return
    state.goal, state.product, state.topic = "check", products[0], products[0]
    state.asking = None
    name = turn.catalog.products[products[0]].name
    check = turn.decider.check(products[0], state.firm, turn.today)
    if check.missing and check.next_question:
        turn.say(f"好，先看「{name}」，最多再问{len(check.missing)}项就能判断。")
    proceed(turn)


def what_if(turn: Turn) -> None:
    """「如果我们拿到高企呢?」: judged again with the supposed facts; nothing of it is kept."""
    supposed = {**turn.state.known, **turn.reading.supposed_facts}
    bounds = {
        name: bound for name, bound in turn.state.bounds.items() if name not in turn.reading.supposed_facts
    }
    after = turn.decider.match(Firm(supposed, bounds), turn.today)
    before = {one.product: one for one in turn.match().ranking}
    told = "、".join(
        f"{turn.fact(fact).name}：{turn.fact(fact).title_of(value)}"
        for fact, value in turn.reading.supposed_facts.items()
        if fact in turn.catalog.facts
    )
    lines = []
    for one in after.ranking:
        old = before[one.product]
        if old.verdict != one.verdict:
            name = turn.catalog.products[one.product].name
            lines.append(f"·「{name}」由“{phrases.VERDICT[old.verdict]}”变为“{phrases.VERDICT[one.verdict]}”")
    if not lines:
        risen = [one for one in after.ranking if one.score > before[one.product].score][:3]
        names = "、".join(f"「{turn.catalog.products[one.product].name}」" for one in risen)
        lines.append("各产品的预审结论不变" + (f"，但{names}会更靠前" if names else "") + "。")
    turn.say(f"如果{told or '如您所说'}（只是假设，不改动已记的情况）：\n" + "\n".join(lines))
    resume(turn)


def ask_why(turn: Turn) -> None:
    """Why a question is asked, or why a product was judged so: the smallest set of clauses and facts."""
    state = turn.state
    keep_facts(turn)
    about_question = turn.payload.get("intent") == "ask_why" or "问" in turn.text or not state.shown
    if state.asking is not None and about_question and not turn.products:
        turn.say(why(turn, state.asking))
        resume(turn)
        return
    product = (turn.products or [state.product or state.topic or ""])[0]
    if product not in turn.catalog.products:
        out = [item["product"] for item in state.ranking if item["verdict"] == "ineligible"]
        if not state.known or not state.ranking:
            turn.say("还没有判断过。先说说您的情况，我会逐条说明依据。" + phrases.TELL_ME)
            resume(turn)
            return
        for one in (out or [state.ranking[0]["product"]])[:3]:
            turn.say(_because(turn, one))
    else:
        turn.say(_because(turn, product), [Button("看逐条预审", f"check:{product}"), phrases.HUMAN])
    resume(turn)


def _because(turn: Turn, product_id: str) -> str:
    check = turn.decider.check(product_id, turn.state.firm, turn.today)
    name = turn.catalog.products[product_id].name
    known = turn.state.known
    deciding = {*check.certificate.clauses}
    lines = [f"「{name}」判为“{phrases.VERDICT[check.verdict]}”，依据是："]
    notes = Footnotes()
    for clause in check.clauses:
        wanted = clause.id in deciding or (check.verdict == "unknown" and clause.holds is None)
        if wanted and clause.kind != "expect":
            said = "、".join(
                f"{turn.fact(fact).name}：{turn.fact(fact).title_of(known[fact])}"
                for fact in clause.facts
                if fact in known
            )
            mark = {True: "满足", False: "不满足", None: "还不知道"}[clause.holds]
            lines.append(
                f"· {mark}：{clause.text}"
                + (f"（您说的：{said}）" if said else "")
                + notes.mark(sources(turn, clause.source, clause.article))
            )
    if len(lines) == 1:
        lines.append("· 公开资料没有给出具体条件，最终以办理方为准。")
    return "\n".join([*lines, *notes.lines()])


def ask_improve(turn: Turn) -> None:
    """The cheapest changes that would turn a verdict; what only time brings is told with its day."""
    state = turn.state
    keep_facts(turn)
    if turn.reading.supposed:
        what_if(turn)
        return
    if scores.wanted(turn) or (cards.current(turn) is not None and not turn.products):
        scores.self_check(turn)
        return
    product = (turn.products or [state.product or state.topic or ""])[0]
    if product not in turn.catalog.products:
        out = [item["product"] for item in state.ranking if item["verdict"] == "ineligible"]
        if not state.known:
            turn.say("先说说您的情况，我才知道差在哪里。" + phrases.TELL_ME)
            resume(turn)
            return
        told = [text for one in out if (text := improvement(turn, one))][:3]
        turn.say(
            "\n".join(told) if told else "目前没有因为已公布条件而被排除、又能靠补条件转过来的产品。",
            [phrases.HUMAN],
        )
        resume(turn)
        return
    state.topic = product
    check = turn.decider.check(product, state.firm, turn.today)
    name = turn.catalog.products[product].name
    if check.verdict == "ineligible":
        text = improvement(turn, product) or f"「{name}」不满足的条件不是补材料能改变的，建议看看其他产品。"
        turn.say(text, [phrases.HUMAN, Button("看其他产品", "intent:seek_funding")])
    elif check.missing:
        names = "、".join(turn.fact(fact).name for fact in check.missing)
        turn.say(f"「{name}」还不能说差什么：{names}还不知道。", [Button("接着预审", f"check:{product}")])
    elif check.verdict == "unknown":
        left = "；".join(
            clause.text for clause in check.clauses if clause.holds is None and clause.kind != "expect"
        )
        turn.say(f"「{name}」还没确认的条件：{left}。有了准信再告诉我，或者请专员帮您核实。", [phrases.HUMAN])
    else:
        turn.say(
            f"「{name}」已公布的条件都满足。没公开的还有：{'、'.join(turn.catalog.products[product].undisclosed)}。"
            f"{whom_to_ask(turn.catalog.products[product])}",
            [phrases.HUMAN],
        )
    resume(turn)


def improvement(turn: Turn, product_id: str) -> str:
    """The ways out of «不满足», or empty where there is none."""
    check = turn.decider.check(product_id, turn.state.firm, turn.today)
    if not check.gaps:
        return ""
    name = turn.catalog.products[product_id].name
    first = "，并且".join(gap_text(turn, gap) for gap in check.gaps)
    ways = ["或者" + "，并且".join(gap_text(turn, gap) for gap in way) for way in check.alternatives[:2]]
    return f"「{name}」：{first}" + "".join(f"；{way}" for way in ways) + "，就不再因已公布的条件被排除。"
