"""Where a talk can be taken along to: each channel's way in for a code, as an address and a QR code."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec
import segno
import structlog

from bot.channels.base import Channel

log = structlog.get_logger(__name__)
# A platform that makes the address itself must not keep the others waiting.
_PATIENCE_S = 4.0


class Way(msgspec.Struct, frozen=True):
    """One channel. `address` is what the QR code holds; `qr` its rows from top to bottom, one `1` for each
    dark field, with the quiet border."""

    channel: str
    title: str
    address: str
    qr: list[str]


def qr_rows(address: str) -> list[str]:
    """The QR code of `address`, of a redundancy (M) that survives a greasy screen.

    >>> len(set(map(len, qr_rows("https://example.org")))), set("".join(qr_rows("x"))) == {"0", "1"}
    (1, True)
    """
    code = segno.make_qr(address, error="m")
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix_iter(scale=1, border=4)]


async def ways(channels: Iterable[Channel], code: str, lasts_s: int) -> list[Way]:
    """The ways in for `code`; a channel that cannot make one now is left out."""
    found = await asyncio.gather(*(_way(channel, code, lasts_s) for channel in channels))
    return [way for way in found if way is not None]


async def _way(channel: Channel, code: str, lasts_s: int) -> Way | None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            address = await channel.link(code, lasts_s)
    except Exception as error:
        log.warning("no_way_in", channel=channel.name, error=type(error).__name__)
        return None
    return None if not address else Way(channel.name, channel.title, address, qr_rows(address))
