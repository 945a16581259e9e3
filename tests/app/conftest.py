"""The app on a real port with a real database, and a small engine beside it."""

from __future__ import annotations

import base64
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from app_fakes import SECRET, FakeDialogue, FakeEngine, served
from app_harness import Client, Running, Start
from argon2 import PasswordHasher
from database_templates import KEY, SqliteTemplate

from bot.cases import officers
from bot.cases.database import Database
from bot.cases.migrate import upgrade
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
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        engine_secret=SECRET,
        keys=base64.b64encode(KEY).decode(),
        engine_timeout_s=2.0,
    )


@pytest.fixture
def sealer(settings: Settings) -> Sealer:
    return load_sealer(settings)


@pytest.fixture
async def database(settings: Settings, sealer: Sealer) -> AsyncIterator[Database]:
    """A database of the newest form without an app."""
    opened = Database(settings.database, sealer)
    await upgrade(opened)
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
    """Starts an app; a second one with the same settings finds what the first one left."""

    @asynccontextmanager
    async def run(routers: list[Any] | None = None, **changes: Any) -> AsyncIterator[Running]:
        changed = msgspec.structs.replace(settings, **{"engine_url": engine.url, **changes})
        sealer = load_sealer(changed)
        services = make_services(changed, FakeDialogue(), sealer)
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
