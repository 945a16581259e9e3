"""`peipao migrate`: creates the database or brings it to the newest form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.sealing import load_sealer
from bot.cli.failures import plain_failures
from bot.logs import configure_logs
from bot.settings import Settings, load_settings


@asynccontextmanager
async def current_database(settings: Settings) -> AsyncIterator[Database]:
    """The database in its newest form, sealed with the key that it was filled under."""
    database = Database(settings.database, load_sealer(settings))
    try:
        await upgrade(database)
        await database.check_key()
        yield database
    finally:
        await database.close()


@click.command()
def migrate() -> None:
    """Create the database or bring it up to date; does nothing when it is."""
    with plain_failures():
        settings = load_settings()
        configure_logs(settings)
        asyncio.run(_migrate(settings))
    shown = settings.database if not settings.database_url else settings.database.split("@")[-1]
    click.echo(f"数据库已是最新：{shown}")


async def _migrate(settings: Settings) -> None:
    async with current_database(settings):
        pass
