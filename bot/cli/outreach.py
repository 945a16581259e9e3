"""`peipao outreach`: whom officers may call after a change of policy."""

from __future__ import annotations

import asyncio

import click
import msgspec

from bot.cases import audit
from bot.cli.failures import plain_failures
from bot.cli.migrate import current_database
from bot.clock import today
from bot.logs import configure_logs
from bot.policy.outreach import Call, as_table, call_list
from bot.policy.register import register
from bot.settings import Settings, load_settings


@click.group()
def outreach() -> None:
    """Find firms that agreed to be contacted and for which a change of policy made something better."""


@outreach.command("list")
@click.option("--jsonl", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
def list_(as_json: bool) -> None:
    """List them: case (or talk), product, old and new verdict, and why; only those that agreed."""
    with plain_failures():
        settings = load_settings()
        configure_logs(settings)
        calls = asyncio.run(_calls(settings))
    if as_json:
        for call in calls:
            click.echo(msgspec.json.encode(call).decode())
        return
    if not calls:
        click.echo("没有要联系的企业：同意联系的企业里，没有一家因为政策资料更新而变好。")
        return
    click.echo("\t".join(("办件（或对话）", "产品", "原来 → 现在", "因为", "渠道")))
    for line in as_table(calls):
        click.echo(line)
    click.echo(f"{len({call.conversation for call in calls})}家企业（按现行政策资料 {calls[0].new_version}）")


async def _calls(settings: Settings) -> list[Call]:
    async with current_database(settings) as database:
        await register(database, settings.catalog_dir)
        async with database.write() as session:
            calls = await call_list(session, today())
            # Personal data were read: that is noted, by ids only.
            for number in dict.fromkeys(call.case or call.conversation for call in calls):
                await audit.note(session, "cli", "outreach_list", f"firm:{number}")
            return calls
