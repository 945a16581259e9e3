"""What a firm does from its side, through the app and the real dialogue, on both databases."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from app_fakes import FakeEngine
from app_harness import Running, Start
from firm_stage import Firm, make_slots, running_dialogue
from sqlalchemy import select, text, update

from bot.cases import complaints, search
from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.clock import now
from bot.cases.firm_models import Complaint, OneTimeCode, OpenQuestion, Rating, VisitSlot
from bot.cases.models import Conversation, Event
from bot.conversation import handling

CODE = re.compile(r"查询码 ([A-Z]{5}-[A-Z]{5})")


@pytest.fixture
async def app(start: Start) -> AsyncIterator[Running]:
    async with running_dialogue(start) as running:
        yield running


@pytest.fixture
def firm(app: Running, engine: FakeEngine) -> Firm:
    return Firm(app, engine)


@pytest.fixture
def other(app: Running, engine: FakeEngine) -> Firm:
    return Firm(app, engine)


async def officer(app: Running, name: str = "wang", role: str = "officer") -> Officer:
    async with app.database.write() as session:
        made = Officer(
            name=name, title=f"{name}专员", role=role, password_hash="-", skills={}, created_at=now()
        )
        session.add(made)
    return made


async def desk(app: Running, kind: str) -> list[dict[str, object]]:
    """Data of the events of a kind that all desks got."""
    async with app.database.read() as session:
        rows = await session.scalars(
            select(Event).where(Event.stream == "desk", Event.kind == kind).order_by(Event.seq)
        )
        return [row.data for row in rows]


async def close(app: Running, who: Officer, number: str) -> None:
    async with app.database.write() as session:
        await session.execute(update(Case).where(Case.number == number).values(status="in_review"))
        case = (await session.scalars(select(Case).where(Case.number == number))).one()
        case.owner_id = who.id
        await session.flush()
        await handling.move(session, number, who, "closed", case.version, dialogue=app.services.dialogue)


async def test_a_visit_is_offered_confirmed_booked_moved_and_cancelled(app: Running, firm: Firm) -> None:
    first, second = await make_slots(app.database, 1, 1)
    said = await firm.say("想约个时间到店里谈谈", "book_visit")
    assert "科学大道1号" in said
    assert f"visit:slot:{first}" in firm.keys
    assert "对吗" in await firm.press(f"visit:slot:{first}")
    assert "约好了" in await firm.press(f"visit:book:{first}")
    said = await firm.say("我约的什么时候", "book_visit")
    assert "您已约好" in said
    await firm.say("想改个时间", "book_visit")
    assert f"visit:slot:{second}" in firm.keys
    assert f"visit:slot:{first}" not in firm.keys, "their own time is no other time"
    assert "改约" in await firm.press(f"visit:slot:{second}")
    assert "改约好了" in await firm.press(f"visit:book:{second}")
    assert "要取消" in await firm.say("不去了，取消吧", "book_visit")
    assert "已取消" in await firm.press("visit:cancel:yes")
    async with app.database.read() as session:
        assert set(await session.scalars(select(VisitSlot.taken))) == {0}
    assert [one["status"] for one in await desk(app, "visit")] == ["booked", "moved", "cancelled"]


async def test_the_last_time_goes_to_the_quicker_firm_and_the_other_is_told(
    app: Running, firm: Firm, other: Firm
) -> None:
    [slot] = await make_slots(app.database, 1)
    await firm.say("约面谈", "book_visit")
    await other.say("约面谈", "book_visit")
    await firm.press(f"visit:slot:{slot}")
    await other.press(f"visit:slot:{slot}")
    assert "约好了" in await firm.press(f"visit:book:{slot}")
    assert "约满" in await other.press(f"visit:book:{slot}")
    assert "约满" in await other.press(f"visit:slot:{slot}")


async def test_without_times_the_officer_arranges_it(firm: Firm) -> None:
    assert "由陪跑专员和您约定" in await firm.say("约面谈", "book_visit")
    assert firm.keys == ["human"]


async def test_two_places_are_chosen_between(app: Running, firm: Firm) -> None:
    [one] = await make_slots(app.database, 1)
    [two] = await make_slots(app.database, 1, place="西部创投中心")
    await firm.say("约面谈", "book_visit")
    places = [key for key in firm.keys if key.startswith("visit:place:")]
    assert len(places) == 2
    await firm.press(places[1])
    assert f"visit:slot:{two}" in firm.keys
    assert f"visit:slot:{one}" not in firm.keys
    await firm.say("去西部创投中心谈", "book_visit")
    assert f"visit:slot:{two}" in firm.keys


async def test_stars_once_after_closing(app: Running, firm: Firm) -> None:
    who = await officer(app)
    await firm.press("human")
    number = firm.state["case"]["number"]
    assert "还没有办结" in await firm.press(f"rate:{number}:5")
    await close(app, who, number)
    assert "4颗星" in await firm.press(f"rate:{number}:4")
    assert "已经评过" in await firm.press(f"rate:{number}:1")
    async with app.database.read() as session:
        assert list(await session.scalars(select(Rating.stars))) == [4]


async def test_stars_typed_and_skipped(app: Running, firm: Firm, other: Firm) -> None:
    who = await officer(app)
    for one, words, stars in ((firm, "给五星", 5), (other, "不评了", None)):
        await one.press("human")
        await close(app, who, one.state["case"]["number"])
        await one.say(words)
        async with app.database.read() as session:
            assert await session.scalar(select(Rating.stars).order_by(Rating.id.desc())) == stars
    # Nothing is asked any more, so a number is a number.
    await firm.say("5")
    async with app.database.read() as session:
        assert len(list(await session.scalars(select(Rating.id)))) == 2


async def test_another_firms_case_cannot_be_rated(app: Running, firm: Firm, other: Firm) -> None:
    who = await officer(app)
    await firm.press("human")
    number = firm.state["case"]["number"]
    await close(app, who, number)
    await other.say("你好", "greet")
    await other.press(f"rate:{number}:1")
    async with app.database.read() as session:
        assert list(await session.scalars(select(Rating.id))) == []


async def test_a_complaint_is_kept_with_its_words_and_the_lead_is_told(app: Running, firm: Firm) -> None:
    lead, plain = await officer(app, "lead", "lead"), await officer(app, "plain")
    said = await firm.say("等了三天没人理我，太差了", "complain")
    assert "原样记下" in said
    assert "human:complaint" in firm.keys
    [event] = await desk(app, "complaint")
    assert set(event) == {"complaint"}, "no words on the desk's stream"
    async with app.database.write() as session:
        assert await complaints.listed(session, plain) == []
        [(complaint, number)] = await complaints.listed(session, lead)
        assert (complaint.words, number) == ("等了三天没人理我，太差了", None)
        assert not await complaints.handle(session, complaint.id, plain, now())
        assert await complaints.handle(session, complaint.id, lead, now())
        assert not await complaints.handle(session, complaint.id, lead, now())
        assert await complaints.listed(session, lead) == []
    await firm.press("human:complaint")
    async with app.database.read() as session:
        assert await session.scalar(select(Case.reason)) == "complaint"


async def test_a_complaint_by_button_is_asked_for_its_words(app: Running, firm: Firm) -> None:
    assert "一两句话" in await firm.press("intent:complain")
    await firm.say("专员态度不好", "nlu_fallback")
    async with app.database.read() as session:
        [words] = await session.scalars(select(Complaint.words))
    assert words == "专员态度不好"


async def test_a_case_is_asked_for_elsewhere_by_number_and_code(
    app: Running, firm: Firm, other: Firm
) -> None:
    said = await firm.press("human")
    number, found = firm.state["case"]["number"], CODE.search(said)
    assert found is not None
    code = found[1]
    assert "查询码" in await other.say(f"帮我查 {number} 到哪一步了", "case_status")
    said = await other.say(code.replace("-", "").lower())
    assert "等专员接手" in said
    assert number in said
    again = CODE.search(said.replace("新的查询码", "查询码"))
    assert again is not None
    # The first code is used up; the one that was given with the answer works, once.
    assert "对不上" in await other.say(f"{number} {code}")
    assert "等专员接手" in await other.say(f"{number} {again[1]}", "inform")


async def test_wrong_codes_are_counted_and_an_unknown_case_looks_the_same(
    app: Running, firm: Firm, other: Firm
) -> None:
    said = await firm.press("human")
    number = firm.state["case"]["number"]
    code = CODE.search(said)
    assert code is not None
    wrong = await other.say(f"{number} AAAAA-BBBBB")
    assert wrong == await other.say("KC20200101-0001 AAAAA-BBBBB")
    for _ in range(4):
        await other.say(f"{number} AAAAA-BBBBB")
    assert await other.say(f"{number} {code[1]}") == wrong, "five wrong ones end the right one"
    # In its own talk the firm gets another one.
    fresh = CODE.search(await firm.press("code"))
    assert fresh is not None
    assert "等专员接手" in await other.say(f"{number} {fresh[1]}")


async def test_only_hashes_of_codes_are_kept(app: Running, firm: Firm) -> None:
    code = CODE.search(await firm.press("human"))
    assert code is not None
    async with app.database.read() as session:
        [row] = (await session.execute(text("SELECT code_hash FROM one_time_code"))).scalars()
    assert code[1].replace("-", "") not in row
    assert len(row) == 64


async def test_its_own_case_is_told_without_a_code(app: Running, firm: Firm) -> None:
    who = await officer(app)
    await firm.press("human")
    number = firm.state["case"]["number"]
    said = await firm.say("我的办件怎么样了", "case_status")
    assert number in said
    assert "首次回复" in said
    await close(app, who, number)
    said = await firm.say("我的办件怎么样了", "case_status")
    assert number in said
    assert "已办结" in said


async def test_a_number_that_is_left_is_sealed(app: Running, firm: Firm) -> None:
    await firm.press("human")
    said = await firm.press("phone")
    assert "手机或座机" in said
    assert "记下了" in await firm.say("138-0013-8000")
    async with app.database.read() as session:
        assert await session.scalar(select(Conversation.phone)) == "13800138000"
        raw = (await session.execute(text("SELECT phone FROM conversation"))).scalar_one()
        kinds = list(await session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))
    assert b"13800138000" not in bytes(raw)
    assert "phone_left" in kinds


async def test_a_number_needs_consent_first(app: Running, firm: Firm) -> None:
    await firm.press("phone")
    said = await firm.say("13800138000")
    assert "个人信息" in said
    async with app.database.read() as session:
        assert await session.scalar(select(Conversation.phone)) is None
    await firm.press("consent:yes")
    await firm.press("phone")
    assert "记下了" in await firm.say("13800138000")


async def test_questions_left_open_are_kept_without_numbers_of_people(app: Running, firm: Firm) -> None:
    await firm.say("我是李工13800138000，科创保的保费能退吗", "ask_policy")
    await firm.say("今天天气怎么样", "out_of_scope")
    await firm.press("ask:kechuangbao:time")
    async with app.database.read() as session:
        rows = [
            (row.words, row.reason)
            for row in await session.scalars(select(OpenQuestion).order_by(OpenQuestion.id))
        ]
    assert ("今天天气怎么样", "out_of_scope") in rows
    assert not any("138" in words for words, _ in rows)


async def test_what_the_app_stores_is_found_at_once(app: Running, firm: Firm) -> None:
    """Whichever statement stores a message must index it, or nobody finds it."""
    who = await officer(app)
    await firm.say("我们做钙钛矿电池，贷300万", "inform")
    await firm.press("human")
    async with app.database.write() as session:
        hits = await search.search(session, who, "钙钛")
    assert [hit.number for hit in hits] == [firm.state["case"]["number"]]


async def test_codes_end_after_their_time(app: Running, firm: Firm, other: Firm) -> None:
    said = await firm.press("human")
    code = CODE.search(said)
    assert code is not None
    async with app.database.write() as session:
        await session.execute(update(OneTimeCode).values(expires_at=now()))
    assert "对不上" in await other.say(f"{firm.state['case']['number']} {code[1]}")
