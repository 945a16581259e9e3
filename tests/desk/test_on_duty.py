"""From the firm's words to an officer, through the running app: who is there, who is asked, who is told."""

from __future__ import annotations

import asyncio

from app_harness import Client, Running, Start
from case_stage import Moving, Stage
from sqlalchemy import select

from bot.cases.case_models import Case, Officer
from bot.cases.desk_models import CaseClock, Offer, RoutingRule
from bot.cases.officers import add_officer
from bot.conversation import events
from bot.conversation.handling import claim, move


async def officer(running: Running, name: str = "wang", *, on_duty: bool = True) -> Officer:
    async with running.database.write() as session:
        made = await add_officer(session, name, "correct horse", title=f"{name}专员")
        made.on_duty = on_duty
    return made


async def asks_for_a_human(client: Client) -> tuple[str, str, str]:
    """(session, case number, the last words)"""
    session = (await client.say(None, "做芯片的，想贷300万"))["session"]
    handed = await client.say(session, payload="human")
    return session, handed["state"]["case"]["number"], handed["replies"][-1]["text"]


def seen(running: Running) -> Stage:
    return Stage(running.database, Moving())


async def test_a_new_case_is_routed_timed_and_held_out(start: Start) -> None:
    async with start(work_hours="always") as running:
        wang = await officer(running)
        _, number, words = await asks_for_a_human(running.client)
        assert "没有专员值班" not in words
        offered = await seen(running).events(events.desk_of(wang.id))
        assert [(kind, data["number"]) for kind, data in offered] == [("offer", number)]
        async with running.database.read() as session:
            targets = set(await session.scalars(select(CaseClock.target)))
            rules = list(await session.scalars(select(RoutingRule)))
            case = (await session.scalars(select(Case))).one()
        assert targets == {"first_reply", "opinion"}
        assert rules
        assert case.team == "loan_officer"


async def test_nobody_on_duty_is_said_with_the_time_and_the_place_is_kept(start: Start) -> None:
    async with start(work_hours="always") as running:
        away = await officer(running, on_duty=False)
        session, number, words = await asks_for_a_human(running.client)
        assert "现在没有专员值班" in words
        assert "起有人" in words
        assert "您的排位保留" in words
        # Asking again tells it again and makes no second case.
        again = await running.client.say(session, payload="human")
        assert again["state"]["case"]["number"] == number
        assert "现在没有专员值班" in again["replies"][-1]["text"]
        async with running.database.write() as database_session:
            (await database_session.get_one(Officer, away.id)).on_duty = True
        # Somebody came: the first of the queue is held out.
        await running.services.keeper.look()
        async with running.database.read() as database_session:
            held = (await database_session.scalars(select(Offer))).one()
        assert (held.officer_id, held.status) == (away.id, "open")


async def test_the_keeper_ends_an_offer_by_itself(start: Start) -> None:
    async with start(work_hours="always", offer_minutes=0.01) as running:
        wang = await officer(running)
        stream = events.desk_of(wang.id)
        await asks_for_a_human(running.client)
        found = events.follow(running.database, running.services.broker, stream, 0, beat_s=0.1)
        kinds = []
        async with asyncio.timeout(30):
            async for event in found:
                if event is not None:
                    kinds.append(event.kind)
                if "offer_gone" in kinds:
                    break
        await found.aclose()
        assert kinds == ["offer", "offer_gone"]
        async with running.database.read() as session:
            assert list(await session.scalars(select(Offer.status))) == ["expired"]


async def test_the_page_of_a_case_learns_of_every_message(start: Start) -> None:
    async with start(work_hours="always") as running:
        wang = await officer(running)
        session, number, _ = await asks_for_a_human(running.client)
        async with running.database.write() as database_session:
            await claim(database_session, number, wang)
        await running.client.say(session, "您好，在吗")
        stage = seen(running)
        found = await stage.events(events.case(number))
        numbers = [data["seq"] for kind, data in found if kind == "talk"]
        shown = (await running.client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
        assert numbers == sorted(set(numbers))
        assert numbers[-1] == shown["messages"][-1]["id"]


async def test_a_firms_answer_ends_the_waiting(start: Start) -> None:
    async with start(work_hours="always") as running:
        wang = await officer(running)
        session, number, _ = await asks_for_a_human(running.client)
        async with running.database.write() as database_session:
            await claim(database_session, number, wang)
        for status in ("in_review", "waiting_firm"):
            async with running.database.write() as database_session:
                query = select(Case.version).where(Case.number == number)
                version = (await database_session.scalars(query)).one()
                await move(
                    database_session, number, wang, status, version, dialogue=running.services.dialogue
                )
        answer = await running.client.say(session, "材料补好了")
        assert answer["state"]["case"] == {"number": number, "status": "in_review"}
        async with running.database.read() as database_session:
            statuses = set(await database_session.scalars(select(CaseClock.status)))
        assert statuses == {"running"}
