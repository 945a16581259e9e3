"""Questions about products: one of them, several, whether it fits, why, and what would help."""

from __future__ import annotations

from bot.catalog.model import Product, number
from bot.decision.firm import Firm
from bot.dialogue import phrases
from bot.dialogue.advance import proceed, resume
from bot.dialogue.ask import why
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.present import gap_text, sources
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
    lines = [
        f"· {row[0]}:" + " | ".join(f"{name} {cell}" for name, cell in zip(rows[0][1:], row[1:], strict=True))
        for row in rows[1:]
    ]
    used = dict.fromkeys(sources(turn, product.summary.source) for product in columns)
    text = "对比（未公开=公开资料没有给出）：\n" + "\n".join(lines) + f"\n〔出处：{'；'.join(used)}〕"
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


def check_eligibility(turn: Turn) -> None:
    """Whether a product fits: asks what is still needed, else shows the result; without a product, ranks."""
    state = turn.state
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
        turn.say(f"好，先看「{name}」。还要问{len(check.missing)}项以内，问到能判断为止。")
    proceed(turn)


def what_if(turn: Turn) -> None:
    """「如果我们拿到高企呢?」: judged again with the supposed facts; nothing of it is kept."""
    supposed = {**turn.state.known, **turn.reading.supposed_facts}
    bounds = {
        name: bound for name, bound in turn.state.bounds.items() if name not in turn.reading.supposed_facts
    }
    after = turn.decider.match(Firm(supposed, bounds), turn.today)
    before = {one.product: one for one in turn.decider.match(turn.state.firm, turn.today).ranking}
    told = "、".join(
        f"{turn.fact(fact).name}{turn.fact(fact).title_of(value)}"
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
    turn.say(f"假设{told or '如您所说'}（不改动已记的情况）：\n" + "\n".join(lines))
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
    for clause in check.clauses:
        wanted = clause.id in deciding or (check.verdict == "unknown" and clause.holds is None)
        if wanted and clause.kind != "expect":
            said = "、".join(
                f"{turn.fact(fact).name}{turn.fact(fact).title_of(known[fact])}"
                for fact in clause.facts
                if fact in known
            )
            mark = {True: "满足", False: "不满足", None: "还不知道"}[clause.holds]
            lines.append(
                f"· {mark}：{clause.text}"
                + (f"（您说的：{said}）" if said else "")
                + f"〔{sources(turn, clause.source, clause.article)}〕"
            )
    if len(lines) == 1:
        lines.append("· 公开资料没有给出具体条件，最终以办理方为准。")
    return "\n".join(lines)


def ask_improve(turn: Turn) -> None:
    """The cheapest changes that would turn a verdict; what only time brings is told with its day."""
    state = turn.state
    keep_facts(turn)
    if turn.reading.supposed:
        what_if(turn)
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
