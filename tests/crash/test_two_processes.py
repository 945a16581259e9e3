"""Two app processes on one PostgreSQL and one Redis: a talk is answered in order and once, whoever asks.

The seed in `PEIPAO_TEST_SEED` decides which process gets which line and at which step one dies.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import crash_ledger
import httpx
import msgspec
import pytest
import redis.asyncio
from app_fakes import FakeEngine
from crash_app import PUSH
from crash_lives import NEVER, Lives
from crash_world import Firm, Platform
from database_templates import KEY, PostgresTemplate

from bot.cases.database import Database
from bot.cases.officers import add_officer
from bot.cases.sealing import Sealer

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
LINES = 6
WITHIN_S = 90.0
# Less than the beat with which an open stream looks by itself: only a bell is quicker.
BELL_WITHIN_S = 12.0


class Pair:
    """Both processes as a proxy in front of them would show them: either may get a request."""

    def __init__(self, lives: list[Lives]) -> None:
        self.lives = lives
        self.clients = {
            one: httpx.AsyncClient(base_url=one.url, trust_env=False, timeout=WITHIN_S) for one in lives
        }

    @property
    def alive(self) -> bool:
        return any(one.alive for one in self.lives)

    async def post(self, address: str, **words: Any) -> httpx.Response:
        chosen = random.choice([one for one in self.lives if one.alive])
        return await self.clients[chosen].post(address, **words)


@pytest.fixture
async def database(postgres_template: PostgresTemplate) -> AsyncIterator[Database]:
    """A database without tables: both processes find that at the same moment."""
    address = await postgres_template.empty()
    opened = Database(address, Sealer([KEY]))
    yield opened
    await opened.close()
    await postgres_template.drop(address)


@pytest.fixture
async def pair(
    database: Database,
    redis_url: str,
    tmp_path: Path,
    engine: FakeEngine,
    platform: tuple[Platform, str],
) -> AsyncIterator[Pair]:
    async with redis.asyncio.from_url(redis_url) as client:
        await client.flushdb()
    lives = [
        Lives(database.url, tmp_path, engine.url, platform[1], PEIPAO_REDIS_URL=redis_url) for _ in range(2)
    ]
    both = Pair(lives)
    yield both
    for one in lives:
        await both.clients[one].aclose()
        await one.kill()


async def begin(pair: Pair, database: Database) -> list[Firm]:
    """Both processes started at once, an officer, and firms that have sessions."""
    assert all(await asyncio.gather(*(one.start(*NEVER) for one in pair.lives)))
    return await people(pair, database)


async def people(pair: Pair, database: Database) -> list[Firm]:
    async with database.write() as session:
        await add_officer(session, "zhuanyuan", "a long enough password")
    firms = [Firm(channel, f"{channel}{number}") for channel in ("web", *PUSH) for number in range(2)]
    for firm in firms:
        await firm.open(pair)
    return firms


async def talk(pair: Pair, firm: Firm) -> None:
    """Every line is sent as soon as the one before has arrived, to either process."""
    for number in range(LINES):
        firm.writes(payload="human" if number == LINES // 2 else None)
        await firm.send(pair, pair)


async def until_quiet(database: Database) -> None:
    while not await crash_ledger.quiet(database):
        await asyncio.sleep(0.05)


async def test_in_order_and_once(
    pair: Pair, database: Database, engine: FakeEngine, platform: tuple[Platform, str]
) -> None:
    firms = await begin(pair, database)
    async with asyncio.timeout(WITHIN_S):
        await asyncio.gather(*(talk(pair, firm) for firm in firms))
        await until_quiet(database)
    ends = await crash_ledger.check(database, firms, platform[0])
    assert not [end for end in ends if not end.endswith("sent")]
    # Nobody computed what the other one was computing.
    heard = Counter(engine.heard)
    for firm in firms:
        said = [text for _, text, payload in firm.lines if not payload]
        assert [heard[text] for text in said] == [1] * len(said)
        if firm.channel in PUSH:
            shown = platform[0].texts[firm.name]
            assert [text for text in shown if text.startswith("收到")] == [f"收到：{text}" for text in said]


@pytest.mark.parametrize(
    "steps",
    [("stored", "read", "computed", "recording", "recorded"), ("taken", "asking", "delivered", "noted")],
    ids=["answering", "sending"],
)
async def test_one_of_two_is_killed(
    pair: Pair, database: Database, platform: tuple[Platform, str], steps: tuple[str, ...]
) -> None:
    """What the dead one held is taken over by the other, which is not started anew."""
    dies, lives_on = pair.lives
    # The first one to be there is the one that sends.
    assert await dies.start(random.choice(steps), 10)
    assert await lives_on.start(*NEVER)
    firms = await people(pair, database)
    async with asyncio.timeout(WITHIN_S):
        await asyncio.gather(*(talk(pair, firm) for firm in firms))
        await until_quiet(database)
    assert lives_on.alive
    assert not dies.alive
    await crash_ledger.check(database, firms, platform[0])


async def test_a_page_at_one_process_learns_what_happens_at_the_other(pair: Pair, database: Database) -> None:
    await begin(pair, database)
    here, there = (pair.clients[one] for one in pair.lives)
    session = (await here.post("/api/v1/chat", json={"session": None, "text": "你好"})).json()["session"]
    headers = {"X-Peipao-Session": session}
    async with here.stream("GET", "/api/v1/chat/events", headers=headers) as stream:
        lines = stream.aiter_lines()
        # The comment with which a stream begins: from here on it listens.
        while not (await anext(lines)).startswith(":"):
            pass
        answer = await there.post("/api/v1/chat", json={"session": session, "payload": "human"})
        number = answer.json()["state"]["case"]["number"]
        async with asyncio.timeout(BELL_WITHIN_S):
            while not (line := await anext(lines)).startswith("data: "):
                pass
    assert msgspec.json.decode(line.removeprefix("data: "))["case"]["number"] == number
