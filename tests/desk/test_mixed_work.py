"""Officers, firms, the keeper and the bot at the same time: whatever they do, mode, owner and case agree."""

from __future__ import annotations

import asyncio
import random

from app_harness import Running, Start
from case_stage import DIALOGUE
from sqlalchemy import select

from bot.cases.audit import first_broken
from bot.cases.case_models import ENDED, Case, Officer
from bot.cases.database import Database
from bot.cases.desk_models import Offer
from bot.cases.models import Conversation, Event, Message
from bot.cases.moves import STATUSES
from bot.cases.officers import add_officer
from bot.cases.routing import TEAMS
from bot.conversation.assignment import pass_on
from bot.conversation.handling import (
    CaseTaken,
    NotAllowed,
    Stale,
    assign,
    claim,
    hand_back,
    move,
    note,
    transfer,
    withdraw,
    write,
)

FIRMS, STEPS = 5, 30
REFUSALS = (CaseTaken, NotAllowed, Stale, LookupError)


class Work:
    """What one officer may try next."""

    def __init__(self, database: Database, officer: Officer, others: list[Officer]) -> None:
        self.database = database
        self.officer = officer
        self.others = others

    async def step(self) -> None:
        async with self.database.read() as session:
            cases = list(await session.scalars(select(Case)))
            talks = {one.id: one.version for one in await session.scalars(select(Conversation))}
        case = random.choice(cases)
        number, version, me = case.number, case.version, self.officer
        to = random.choice([*(one.id for one in self.others), random.choice(list(TEAMS))])
        kind = random.choice(
            ["claim", "claim", "write", "write", "move", "move", "hand", "transfer", "assign", "note", "pass",
             "withdraw"]
        )  # fmt: skip
        async with self.database.write() as session:
            match kind:
                case "claim":
                    await claim(session, number, me)
                case "write":
                    await write(session, number, me, talks[case.conversation_id], "您好")
                case "move":
                    await move(session, number, me, random.choice(STATUSES), version, dialogue=DIALOGUE)
                case "hand":
                    await hand_back(session, number, me, "助手来", dialogue=DIALOGUE)
                case "transfer":
                    await transfer(session, number, me, to, "转一下", dialogue=DIALOGUE)
                case "assign":
                    await assign(session, number, me, random.choice(self.others).id, version)
                case "note":
                    await note(session, number, me, "记一下")
                case "pass":
                    await pass_on(session, number, me)
                case "withdraw":
                    if random.random() < 0.1:
                        await withdraw(session, number, me, dialogue=DIALOGUE)


async def test_whatever_happens_at_once(start: Start) -> None:
    async with start(work_hours="always", offer_minutes=0.005) as running:
        async with running.database.write() as session:
            officers = [
                await add_officer(session, f"o{n}", "correct horse", title=f"{n}号", role=role)
                for n, role in enumerate(["officer", "officer", "officer", "lead"])
            ]
        sessions = [(await running.client.say(None, "想贷款"))["session"] for _ in range(FIRMS)]
        for one in sessions:
            await running.client.say(one, payload="human")
        done = {"tried": 0, "refused": 0}

        async def works(officer: Officer) -> None:
            mine = Work(running.database, officer, [one for one in officers if one is not officer])
            for _ in range(STEPS):
                done["tried"] += 1
                try:
                    await mine.step()
                except REFUSALS:
                    done["refused"] += 1
                running.services.sender.ring()

        async def talks(session: str) -> None:
            for turn in range(STEPS // 3):
                await running.client.say(session, *(["转人工"] if turn % 5 == 4 else [f"第{turn}句"]))

        async def keeps() -> None:
            for _ in range(STEPS // 2):
                await running.services.keeper.look()

        # Nothing but a refusal may come of it: no deadlock, no broken row.
        await asyncio.gather(*map(works, officers), *map(talks, sessions), keeps())
        assert 0 < done["refused"] < done["tried"]
        await agree(running)


async def agree(running: Running) -> None:
    """Every talk, case, offer and stream is as one person alone would have left it."""
    async with running.database.read() as session:
        talks = {one.id: one for one in await session.scalars(select(Conversation))}
        cases = list(await session.scalars(select(Case)))
        offers = list(await session.scalars(select(Offer).where(Offer.status == "open")))
        for talk in talks.values():
            mine = [one for one in cases if one.conversation_id == talk.id and one.status not in ENDED]
            assert len(mine) <= 1
            case = mine[0] if mine else None
            if talk.mode == "human":
                assert case is not None
                assert case.owner_id == talk.owner_id is not None
            else:
                assert talk.owner_id is None
            if talk.mode == "waiting":
                assert case is not None
            if case is None:
                assert talk.mode == "bot"
            elif case.status == "queued":
                assert case.owner_id is None
                assert talk.mode == "waiting"
            else:
                assert case.owner_id is not None
        queued = {one.id for one in cases if one.status == "queued"}
        assert {one.case_id for one in offers} <= queued
        for stream in set(await session.scalars(select(Event.stream))):
            numbers = list(
                await session.scalars(select(Event.seq).where(Event.stream == stream).order_by(Event.seq))
            )
            assert numbers == list(range(1, len(numbers) + 1))
        assert list(await session.scalars(select(Message).where(Message.status != "done"))) == []
        assert await first_broken(session) is None
