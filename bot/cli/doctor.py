"""`peipao doctor`: are the channels set up as they have to be?"""

from __future__ import annotations

import click

from bot.channels.doctor import examine
from bot.cli.failures import plain_failures
from bot.settings import load_settings

_MARKS = {"ok": "✓", "off": "○", "warning": "！", "fault": "✗"}


@click.command()
def doctor() -> None:
    """Check each channel's settings and say what is wrong. Nothing is sent and nothing started.

    Ends with 1 if a channel that is switched on cannot work.
    """
    with plain_failures():
        found = examine(load_settings())
    faults = 0
    for channel, findings in found.items():
        for finding in findings:
            faults += finding.level == "fault"
            click.echo(f"{_MARKS[finding.level]} {channel or '设置'}：{finding.words}")
    if faults:
        raise click.ClickException(f"{faults} 处需要改")
