"""What the desk's tests stand on: a migrated database of each kind, and the app on a real port."""

from __future__ import annotations

import base64
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis.asyncio
import structlog
from argon2 import PasswordHasher

# The small engine and the client that speak to the app are the app's tests' own.
sys.path.append(str(Path(__file__).resolve().parents[1] / "app"))

from app_fakes import SECRET, FakeDialogue, FakeEngine, served
from app_harness import Client, Running, Start
from case_stage import Stage, make_stage
from database_templates import KEY, SqliteTemplate

from bot.cases import officers
from bot.cases.case_models import Officer
from bot.cases.database import Database
from bot.cases.sealing import Sealer, load_sealer
from bot.logs import configure_logs
from bot.settings import Settings
from bot.web.app import assemble, make_services


@pytest.fixture(autouse=True)
def _quick_and_quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed at a hundredth of the real cost; logs are short lines, as in production."""
    monkeypatch.setattr(officers, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure_logs(Settings(log_format="json"))
    yield
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """The address of a migrated database without rows: the test runs once on each kind."""
    if request.param == "sqlite":
        return sqlite_template.copy(tmp_path)
    address: str = request.getfixturevalue("postgres_database")
    return address


@pytest.fixture
async def own_redis(redis_url: str) -> AsyncIterator[str]:
    """The address of a Redis server without keys."""
    async with redis.asyncio.from_url(redis_url) as client:
        await client.flushdb()
        yield redis_url
        await client.flushdb()


@pytest.fixture(params=["in-process", pytest.param("redis", marks=pytest.mark.redis)])
def redis_setting(request: pytest.FixtureRequest) -> str:
    """For `start(redis_url=…)`: the test runs once with what lives in the process, once with Redis."""
    return "" if request.param == "in-process" else str(request.getfixturevalue("own_redis"))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        engine_secret=SECRET,
        keys=base64.b64encode(KEY).decode(),
        engine_timeout_s=2.0,
        # Lines of one test follow each other closely and are turns of their own.
        settle_ms={"web": 0},
    )


@pytest.fixture
def sealer(settings: Settings) -> Sealer:
    return load_sealer(settings)


@pytest.fixture
async def database(settings: Settings, sealer: Sealer) -> AsyncIterator[Database]:
    """A migrated database without an app, on SQLite and on PostgreSQL."""
    opened = Database(settings.database, sealer)
    yield opened
    await opened.close()


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    fake = FakeEngine()
    async with served(fake) as url:
        fake.url = url
        yield fake
        fake.gate.set()


@pytest.fixture
def start(settings: Settings, engine: FakeEngine) -> Start:
    """Starts an app; a second one with the same settings shares the first one's database.

    `routers`: routes besides the chat's, such as the desk's. `dialogue`: instead of the fake one. Whatever
    else is given replaces a setting.
    """

    @asynccontextmanager
    async def run(
        routers: list[Any] | None = None, dialogue: Any = None, **changes: Any
    ) -> AsyncIterator[Running]:
        changed = msgspec.structs.replace(settings, **{"engine_url": engine.url, **changes})
        sealer = load_sealer(changed)
        services = make_services(changed, dialogue or FakeDialogue(), sealer)
        app = assemble(services, sealer, routers or [])
        async with served(app, lifespan="on") as url, Client(base_url=url, trust_env=False) as client:
            yield Running(services, client)

    return run


@pytest.fixture
async def running(start: Start) -> AsyncIterator[Running]:
    async with start() as app:
        yield app


@pytest.fixture
def client(running: Running) -> Client:
    return running.client


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Officers, firms and cases without an app; its clock dates what officers do."""
    return make_stage(database, monkeypatch)


@pytest.fixture
async def wang(stage: Stage) -> Officer:
    return await stage.officer("wang", title="王专员", teams=("loan_officer",))


@pytest.fixture
async def li(stage: Stage) -> Officer:
    return await stage.officer("li", title="李专员", teams=("loan_officer",))


@pytest.fixture
async def lead(stage: Stage) -> Officer:
    return await stage.officer("lead", "lead", title="组长")
