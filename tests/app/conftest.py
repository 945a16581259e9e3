"""The app on a real port with a real database, and a small engine beside it."""

from __future__ import annotations

import asyncio
import base64
import logging
import shutil
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
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.cases import officers
from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.sealing import Sealer, load_sealer
from bot.logs import configure_logs
from bot.settings import Settings, async_address
from bot.web.app import assemble, make_services

KEY = b"k" * 32


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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database of the newest form without any rows, to be copied."""
    file = tmp_path_factory.mktemp("template") / "peipao.sqlite3"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}", Sealer([KEY]))
        await upgrade(database)
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """A database of each kind without any rows."""
    if request.param == "sqlite":
        copy = shutil.copy(migrated_file, tmp_path / "peipao.sqlite3")
        return f"sqlite+aiosqlite:///{copy}"
    url = async_address(request.getfixturevalue("postgres_url"))
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
    return url


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
