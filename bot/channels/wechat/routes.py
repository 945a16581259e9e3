"""The address that the platform calls."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.background_tasks import BackgroundTask

from bot.cases.clock import now
from bot.cases.database import Database
from bot.channels.rendering import pieces
from bot.channels.wechat import xml
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.crypto import Refused
from bot.channels.wechat.gate import MAX_BYTES, Gate
from bot.channels.wechat.inbox import Inbox
from bot.channels.wechat.incoming import Incoming, understand
from bot.conversation import passive

PATH = "/channels/wechat"
# Tells the platform that the message has arrived and that no answer comes with this request.
SUCCESS = "success"


def router(gate: Gate, inbox: Inbox, database: Database) -> Router:
    """Answers nobody but the platform; whoever else calls learns nothing."""

    @get(PATH, include_in_schema=False, exclude_from_csrf=True, media_type=MediaType.TEXT)
    async def check(request: Request[Any, Any, Any]) -> Response[str]:
        try:
            return _said(gate.echo(query_of(request), now()))
        except Refused:
            return refused()

    @post(
        PATH,
        status_code=200,
        include_in_schema=False,
        exclude_from_csrf=True,
        request_max_body_size=MAX_BYTES,
    )
    async def receive(request: Request[Any, Any, Any]) -> Response[str]:
        query = query_of(request)
        try:
            incoming = understand(gate.message(query, await request.body(), now()))
        except Refused:
            return refused()
        taken = await inbox.take(incoming)
        if taken is None:
            return _said(SUCCESS)
        texts = pieces("\n\n".join(taken.texts), WechatChannel.abilities)
        if len(texts) > 1:
            # A request takes one message only: this answer goes out in several.
            await passive.give_back(database, taken)
            return _said(SUCCESS)
        return Response(
            # Words that are none would show people that the account is out of order.
            _reply(gate, incoming, query, texts[0]) if texts else SUCCESS,
            media_type="application/xml",
            background=BackgroundTask(passive.settle, database, taken),
        )

    return Router("/", route_handlers=[check, receive])


def refused() -> Response[str]:
    return Response("", status_code=403, media_type=MediaType.TEXT)


def _said(word: str) -> Response[str]:
    return Response(word, media_type=MediaType.TEXT)


def query_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The parameters of the address; of a repeated one the last."""
    return {name: str(value) for name, value in request.query_params.items()}


def _reply(gate: Gate, incoming: Incoming, query: dict[str, str], text: str) -> str:
    created = int(now().timestamp())
    plain = xml.text_reply(incoming.person, incoming.account, created, text)
    if gate.envelope is None:
        return plain
    return xml.sealed_reply(gate.envelope, gate.token, plain, str(created), query["nonce"])
