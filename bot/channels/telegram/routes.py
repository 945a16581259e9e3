"""The address that the platform calls."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, Router, post
from telegram import Update

from bot.channels.telegram.client import Client
from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.running import PATH

HEADER = "x-telegram-bot-api-secret-token"
# The platform's largest updates are messages of 4096 characters with their entities.
MAX_BYTES = 256 * 1024


def router(secret: str, client: Client, inbox: Inbox) -> Router:
    """Answers nobody but the platform, and without a secret nobody at all."""

    @post(
        PATH,
        status_code=200,
        include_in_schema=False,
        exclude_from_csrf=True,
        request_max_body_size=MAX_BYTES,
    )
    async def receive(request: Request[Any, Any, Any]) -> Response[str]:
        given = request.headers.get(HEADER, "")
        if not secret or not secrets.compare_digest(given.encode(), secret.encode()):
            return _empty(403)
        update = read(await request.body(), client)
        if update is None:
            return _empty(400)
        # What is raised becomes a 500, and the platform sends the update again.
        await inbox.take(update)
        return _empty(200)

    return Router("/", route_handlers=[receive])


def _empty(status_code: int) -> Response[str]:
    return Response("", status_code=status_code, media_type=MediaType.TEXT)


def read(body: bytes, client: Client) -> Update | None:
    """The update in `body`; nothing if there is none."""
    try:
        data = msgspec.json.decode(body, type=dict[str, Any])
        number = data["update_id"]
        if not isinstance(number, int) or isinstance(number, bool):
            return None
        return Update.de_json(data, client)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None
