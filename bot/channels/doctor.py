"""Checks the settings of every channel: each folder's own check, and what belongs to no channel."""

from __future__ import annotations

import difflib

import msgspec

from bot.channels import folders
from bot.channels.base import Finding
from bot.settings import PREFIX, Settings

# Read by set-up, tests or the shell, not by the service.
_ELSEWHERE = ("PYTHON", "TEST_")


def examine(settings: Settings) -> dict[str, list[Finding]]:
    """The findings by channel, and under an empty name those about variables that nobody reads."""
    found = {name: folder.check(settings) for name, folder in folders().items()}
    found[""] = _unread(settings)
    return found


async def ask(settings: Settings) -> dict[str, list[Finding]]:
    """What the platforms themselves say, by channel; only of channels that can be asked and are set up."""
    found = {}
    for name, folder in folders().items():
        asking = getattr(folder, "ask", None)
        if asking is not None:
            found[name] = await asking(settings)
    return found


def _unread(settings: Settings) -> list[Finding]:
    """A variable with our prefix that neither the service nor a channel has a name for: mostly misspelt."""
    channels = [name.upper() + "_" for name in folders()]
    known = [field.name.upper() for field in msgspec.structs.fields(Settings)]
    findings = []
    for name in sorted(settings.more):
        if name.startswith((*channels, *_ELSEWHERE)):
            continue
        near = difflib.get_close_matches(name.partition("_")[0] + "_", channels, n=1, cutoff=0.7)
        guesses = [near[0] + name.partition("_")[2]] if near else difflib.get_close_matches(name, known, n=1)
        hint = f"，是不是 {PREFIX}{guesses[0]}？" if guesses else ""
        findings.append(Finding("warning", f"{PREFIX}{name}：没有谁读这个变量{hint}"))
    return findings
