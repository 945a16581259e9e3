"""`peipao doctor`: are the channels set up as they have to be?"""

from __future__ import annotations

import asyncio

import click

from bot.channels.doctor import ask, examine
from bot.cli.failures import plain_failures
from bot.settings import load_settings

_MARKS = {"ok": "✓", "off": "○", "warning": "！", "fault": "✗"}


@click.command()
@click.option("--ask", "asking", is_flag=True, help="Also ask the platforms whether they know us.")
def doctor(asking: bool) -> None:
    """Check each channel's settings and say what is wrong. Nothing is sent to people and nothing started.

    Ends with 1 if a channel that is switched on cannot work.
    """
    with plain_failures():
        settings = load_settings()
        found = list(examine(settings).items())
        if asking:
            found += asyncio.run(ask(settings)).items()
    faults = 0
    for channel, findings in found:
        for finding in findings:
            faults += finding.level == "fault"
            click.echo(f"{_MARKS[finding.level]} {channel or '设置'}：{finding.words}")
    if faults:
        raise click.ClickException(f"{faults} 处需要改")
