"""An open page as a server of events sees it: reads some bytes, is cut off wherever that is, comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import msgspec


class Got(msgspec.Struct, frozen=True):
    """One event as the page read it."""

    kind: str
    data: dict[str, Any]


class Page:
    """Keeps what it read, and the id of the last event that it read whole."""

    def __init__(self, address: str, headers: dict[str, str], last_id: str | None = None) -> None:
        self._address = address
        self._headers = headers
        self.last_id = last_id
        self.got: list[Got] = []

    async def stay(self, client: httpx.AsyncClient, room: int, over: Callable[[], bool]) -> None:
        """Reads `room` bytes and drops the connection there, be it in the middle of an event."""
        headers = self._headers | ({} if self.last_id is None else {"Last-Event-ID": self.last_id})
        unread = b""
        async with client.stream("GET", self._address, headers=headers) as response:
            assert response.status_code == 200
            async for part in response.aiter_raw():
                unread = self._take(unread + part[:room])
                room -= len(part)
                if room <= 0 or over():
                    return

    def _take(self, read: bytes) -> bytes:
        """Takes the whole events out of `read`; returns what is left."""
        *whole, rest = read.replace(b"\r\n", b"\n").split(b"\n\n")
        for block in whole:
            lines = [line for line in block.decode().split("\n") if line and not line.startswith(":")]
            fields = dict(line.split(": ", 1) for line in lines)
            self.last_id = fields.get("id", self.last_id)
            if "data" not in fields:
                continue
            data = msgspec.json.decode(fields["data"])
            # The desk's events carry their kind in the data, so that a page needs one listener.
            kind = fields.get("event") or data.pop("kind")
            if kind not in ("hello", "beat"):
                self.got.append(Got(kind, data))
        return rest

    async def live(self, client: httpx.AsyncClient, cuts: list[int], over: Callable[[], bool]) -> None:
        """Stays as often and as long as `cuts` says, and then to the end."""
        for bytes_ in [*cuts, 1 << 30]:
            if over():
                return
            await self.stay(client, bytes_, over)
