"""Channels: one folder each. A folder here is a channel; nothing else has to be told of it.

A folder's package has `create(place) -> Installed | None` (none: it is not set up) and, for `peipao doctor`,
`check(settings) -> list[Finding]`. `docs/channels.md` shows how a channel is added.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol, cast

from bot.channels.base import Finding, Installed, Place
from bot.settings import Settings


class ChannelFolder(Protocol):
    """What the package of a channel's folder has."""

    @staticmethod
    def create(place: Place) -> Installed | None: ...

    @staticmethod
    def check(settings: Settings) -> list[Finding]: ...


def folders() -> dict[str, ChannelFolder]:
    """Every channel's package by its folder's name, in that order."""
    found = {}
    for name in sorted(info.name for info in pkgutil.iter_modules(__path__) if info.ispkg):
        package = importlib.import_module(f"{__name__}.{name}")
        if hasattr(package, "create"):
            found[name] = cast(ChannelFolder, package)
    return found


def install(place: Place) -> list[Installed]:
    """The channels that are set up. Raises `SettingsError` where a setting cannot be used."""
    made = (folder.create(place) for folder in folders().values())
    return [one for one in made if one is not None]
