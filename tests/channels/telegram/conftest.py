"""The app with a bot, a small engine, and the Bot API on a real port."""

from __future__ import annotations

import base64
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import structlog

sys.path.append(str(Path(__file__).resolve().parents[2] / "app"))

from app_fakes import SECRET, FakeDialogue, FakeEngine, served
from database_templates import KEY, SqliteTemplate
from fake_bot_api import TOKEN, FakeBotApi
from telegram_person import WEBHOOK_SECRET, Bot, Start

from bot.cases.sealing import load_sealer
from bot.logs import configure_logs
from bot.settings import Settings
from bot.web.app import assemble, make_services


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure_logs(Settings(log_format="json"))
    yield
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """A migrated database without rows: SQLite, or what a test with `both_databases` says."""
    if getattr(request, "param", "sqlite") == "postgres":
        address: str = request.getfixturevalue("postgres_database")
        return address
    return sqlite_template.copy(tmp_path)


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    fake = FakeBotApi()
    async with served(fake) as url:
        fake.url = url
        yield fake


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    fake = FakeEngine()
    async with served(fake) as url:
        fake.url = url
        yield fake
        fake.gate.set()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, api: FakeBotApi, engine: FakeEngine) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        engine_secret=SECRET,
        engine_url=engine.url,
        keys=base64.b64encode(KEY).decode(),
        # Lines are answered one by one; `tests/app/test_settle.py` is about joining them.
        settle_ms={"telegram": 0},
        more={
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api.url,
            "TELEGRAM_SECRET": WEBHOOK_SECRET,
            "TELEGRAM_PUBLIC_URL": "https://peipao.example",
        },
    )


@pytest.fixture
def start(settings: Settings, api: FakeBotApi) -> Start:
    """Starts an app; a second one with the same settings finds what the first one left.

    Args of what is returned: `more` replaces settings of the channel by name (None takes one away).
    """

    @asynccontextmanager
    async def run(more: dict[str, str | None] | None = None) -> AsyncIterator[Bot]:
        own = {name: value for name, value in {**settings.more, **(more or {})}.items() if value is not None}
        changed = msgspec.structs.replace(settings, more=own)
        sealer = load_sealer(changed)
        services = make_services(changed, FakeDialogue(), sealer)
        app = assemble(services, sealer, [])
        async with (
            served(app, lifespan="on") as url,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client,
        ):
            yield Bot(services, client, api)

    return run


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Bot]:
    async with start() as running:
        await running.api.until_asked("setWebhook")
        yield running


@pytest.fixture
def long_answer() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A dialogue that answers with 400 numbered sentences and two buttons."""

    def think(body: dict[str, Any]) -> dict[str, Any]:
        text = "".join(
            f"这是第{number}句话，说明第{number}条公布的条件以及它的出处。" for number in range(400)
        )
        buttons = [{"title": "有", "payload": "set:a:true"}, {"title": "转专员", "payload": "human"}]
        return {"replies": [{"text": text, "buttons": buttons}], "state": body["state"], "effects": []}

    return think
