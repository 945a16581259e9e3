"""What the routes work with; made once for each application."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request
from litestar.di import NamedDependency

from bot.cases.database import Database
from bot.channels.base import Channel, Installed
from bot.conversation.dialogue import Dialogue
from bot.conversation.engine_client import EngineClient
from bot.conversation.events import Broker
from bot.conversation.keeper import Keeper
from bot.conversation.order import Order
from bot.conversation.outbox import Sender
from bot.conversation.service import Conversations
from bot.settings import Settings
from bot.web.errors import Refusal
from bot.web.limits import client_address, is_local
from bot.web.shared import Shared


class Services(msgspec.Struct, frozen=True):
    settings: Settings
    database: Database
    engine: EngineClient
    conversations: Conversations
    dialogue: Dialogue
    keeper: Keeper
    shared: Shared
    sender: Sender
    # The channels that are set up.
    installed: list[Installed]

    @property
    def broker(self) -> Broker:
        return self.shared.broker

    @property
    def order(self) -> Order:
        return self.shared.order

    @property
    def channels(self) -> dict[str, Channel]:
        return {one.channel.name: one.channel for one in self.installed}

    def client(self, request: Request[Any, Any, Any]) -> str:
        """The address that asks."""
        trusted = frozenset(part.strip() for part in self.settings.trusted_proxies.split(",") if part.strip())
        return client_address(request, trusted)

    async def limit_chat(self, request: Request[Any, Any, Any]) -> None:
        """Raises a 429 `Refusal` for an address that writes faster than people do."""
        address = self.client(request)
        # What a proxy on this machine passes on is not local, whether or not the setting names the proxy.
        if is_local(address) and "x-forwarded-for" not in request.headers:
            return
        waits = await self.shared.chat_limit.take(address)
        if waits:
            raise Refusal(429, "发送得太快了，请稍等片刻再发。", {"Retry-After": str(int(waits) + 1)})


# How a route asks for them: `services: Wired`.
Wired = NamedDependency[Services]
