"""The address that 企业微信 calls: it rings, and the messages are fetched."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, Router, get, post

from bot.cases.clock import now
from bot.channels.wechat.crypto import Refused
from bot.channels.wechat.gate import MAX_BYTES, Gate
from bot.channels.wechat.routes import SUCCESS, query_of, refused
from bot.channels.wecom.pull import Puller

PATH = "/channels/wecom"
_BELL = "kf_msg_or_event"


def router(gate: Gate, puller: Puller, open_kfid: str) -> Router:
    """Answers nobody but the platform."""

    @get(PATH, include_in_schema=False, exclude_from_csrf=True, media_type=MediaType.TEXT)
    async def check(request: Request[Any, Any, Any]) -> Response[str]:
        try:
            return Response(gate.echo(query_of(request), now()), media_type=MediaType.TEXT)
        except Refused:
            return refused()

    @post(
        PATH,
        status_code=200,
        include_in_schema=False,
        exclude_from_csrf=True,
        request_max_body_size=MAX_BYTES,
    )
    async def ring(request: Request[Any, Any, Any]) -> Response[str]:
        try:
            message = gate.message(query_of(request), await request.body(), now())
        except Refused:
            return refused()
        # Other accounts of the same enterprise ring here too.
        if message.get("Event") == _BELL and message.get("OpenKfId") == open_kfid:
            puller.ring(message.get("Token", ""))
        return Response(SUCCESS, media_type=MediaType.TEXT)

    return Router("/", route_handlers=[check, ring])
