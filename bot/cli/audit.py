"""`peipao audit`: whether the log of who did what is whole."""

from __future__ import annotations

import asyncio

import click

from bot.cases.audit import Verified
from bot.cases.audit import verify as verify_log
from bot.cli.failures import plain_failures
from bot.cli.migrate import current_database
from bot.logs import configure_logs
from bot.settings import load_settings


@click.group()
def audit() -> None:
    """Check the log of who did what."""


@audit.command()
def verify() -> None:
    """Check that no line of the audit log was changed, removed or put in; exit code 1 if one was.

    The last line's hash is printed: kept elsewhere, it shows later that the log was not written anew.
    """

    async def run() -> Verified:
        async with current_database(settings) as database, database.read() as session:
            return await verify_log(session)

    with plain_failures():
        settings = load_settings()
        configure_logs(settings)
        found = asyncio.run(run())
    if found.broken is not None:
        raise click.ClickException(
            f"审计日志第 {found.broken} 条起对不上：有记录被改动、删除或插入（之前 {found.lines} 条完好）。"
        )
    click.echo(f"审计日志完好，共 {found.lines} 条。最后一条的哈希：{found.head}")
