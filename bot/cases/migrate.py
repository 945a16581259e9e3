"""Brings a database to the newest form (Alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.cases.database import WRITES, Database, wait_to_be_alone

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(url: str, connection: Connection | None = None) -> Config:
    """Alembic's settings without a file of their own: the database is known from ours."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # A percent sign in a password would be read as a placeholder.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


async def upgrade(database: Database) -> None:
    """Runs the migrations that are missing; does nothing when there are none."""

    def run(connection: Connection) -> None:
        # Processes that start at the same moment: the later one finds everything done.
        wait_to_be_alone(connection)
        command.upgrade(alembic_config(database.url, connection), "head")

    async with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        await connection.run_sync(run)
