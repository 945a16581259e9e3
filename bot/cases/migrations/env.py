"""Alembic's entry: runs the migrations on the connection that `bot.cases.migrate` hands over."""

from __future__ import annotations

from alembic import context

from bot.cases.database import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter a column: batch mode copies the table instead.
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite"
)
with context.begin_transaction():
    context.run_migrations()
