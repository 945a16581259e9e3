"""The app killed with SIGKILL between a message's receipt and its answer's delivery, again and again.

`make test` kills it twenty times on PostgreSQL, `make crash` a hundred times on both databases. The seed that
is printed chooses the steps; `PEIPAO_TEST_SEED` brings it back.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import crash_ledger
import httpx
import pytest
from app_fakes import FakeEngine
from crash_app import PUSH, STEPS
from crash_lives import NEVER, Lives
from crash_world import Firm, Platform
from database_templates import KEY, SqliteTemplate
from sqlalchemy import update

from bot.cases.case_models import Officer
from bot.cases.database import Database
from bot.cases.officers import add_officer
from bot.cases.sealing import Sealer

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("PEIPAO_CRASH_KILLS", "20"))
EVERYWHERE = "PEIPAO_CRASH_KILLS" in os.environ
# After so many kills other firms go on: talks stay short, and each has a case of its own.
ERA = 5
WITHIN_S = 60.0


class Run:
    """One database through all its kills."""

    def __init__(self, lives: Lives, database: Database, platform: Platform, kills: int) -> None:
        self.lives = lives
        self.database = database
        self.platform = platform
        self.kills = kills
        self.eras = [
            [Firm(channel, f"{channel}{era}") for channel in ("web", *PUSH)]
            for era in range(1 + (kills - 1) // ERA)
        ]
        self.steps: Counter[str] = Counter()
        self._timers: crash_ledger.Timers = {}

    async def open(self) -> None:
        async with self.database.write() as session:
            await add_officer(session, "zhuanyuan", "a long enough password")
            # Room for every case: each has an offer that must outlive the kills.
            await session.execute(update(Officer).values(max_open=1000))
        assert await self.lives.start(*NEVER)
        async with self._client() as client:
            for firm in self._firms():
                await firm.open(client)
        await self.lives.kill()

    async def kill(self, number: int) -> None:
        """One life that ends at a step chosen at random, while three firms write."""
        step, nth = random.choice(STEPS), random.randint(1, 2)
        firms = self.eras[number // ERA]
        for firm in firms:
            # In the middle of an era each firm asks for an officer.
            firm.writes(payload="human" if number % ERA == ERA // 2 else None)
        if await self.lives.start(step, nth):
            await self._work(firms)
        self.steps[step if not self.lives.alive else "quiet"] += 1
        await self.lives.kill()
        found = await crash_ledger.timers(self.database)
        assert crash_ledger.lost(self._timers, found) == []
        self._timers = found

    async def finish(self) -> None:
        """A life in which nothing happens: what was left is done."""
        assert await self.lives.start(*NEVER)
        await self._work(self._firms())
        assert self.lives.alive
        await self.lives.kill()

    async def _work(self, firms: list[Firm]) -> None:
        """Until everything is done, or the app dies."""
        async with self._client() as client, asyncio.timeout(WITHIN_S):
            await asyncio.gather(*(firm.send(self.lives, client) for firm in firms))
            while self.lives.alive and not await crash_ledger.quiet(self.database):
                await asyncio.sleep(0.02)

    def _firms(self) -> list[Firm]:
        return [firm for era in self.eras for firm in era]

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.lives.url, trust_env=False, timeout=WITHIN_S)

    async def check(self) -> str:
        """Asserts that nothing was lost or said twice; returns what happened, in a line."""
        firms = self._firms()
        ends = await crash_ledger.check(self.database, firms, self.platform)
        again = sum(times - 1 for (channel, _), times in self.platform.asked.items() if channel == "sure")
        return (
            f"{self.kills} kills at {dict(self.steps)}; {sum(len(firm.lines) for firm in firms)} lines; "
            f"outbox {dict(ends)}; {again} repeats recognised by the platform"
        )


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Writes a line past the capture: the seed, and which steps a run came to."""
    config = request.config
    capture = config.pluginmanager.getplugin("capturemanager")
    name, seed = request.node.name, config.getoption("hypothesis_seed")

    def write(words: str) -> None:
        with capture.global_and_fixture_disabled():
            config.get_terminal_writer().line(f"\n{name} (PEIPAO_TEST_SEED={seed}): {words}")

    return write


async def run(
    address: str,
    tmp_path: Path,
    engine: FakeEngine,
    platform: tuple[Platform, str],
    kills: int,
    say: Callable[[str], None],
) -> None:
    say(f"{kills} kills begin")
    fake, platform_url = platform
    database = Database(address, Sealer([KEY]))
    lives = Lives(address, tmp_path, engine.url, platform_url)
    crashing = Run(lives, database, fake, kills)
    try:
        await crashing.open()
        for number in range(kills):
            await crashing.kill(number)
        await crashing.finish()
        say(await crashing.check())
    finally:
        await lives.kill()
        await database.close()


@pytest.mark.postgres
async def test_killed_on_postgresql(
    postgres_database: str,
    tmp_path: Path,
    engine: FakeEngine,
    platform: tuple[Platform, str],
    say: Callable[[str], None],
) -> None:
    await run(postgres_database, tmp_path, engine, platform, KILLS, say)


async def test_killed_on_sqlite(
    sqlite_template: SqliteTemplate,
    tmp_path: Path,
    engine: FakeEngine,
    platform: tuple[Platform, str],
    say: Callable[[str], None],
) -> None:
    # The quick run has no need of a second hundred: five kills say that the harness works here too.
    kills = KILLS if EVERYWHERE else 5
    await run(sqlite_template.copy(tmp_path), tmp_path, engine, platform, kills, say)
