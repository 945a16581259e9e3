"""The route that the engine calls to run an action."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from litestar import Request, Response, Router, post

from actions.executor import RejectedAction, RunAction, UnknownAction
from bot.settings import Settings
from bot.web.errors import Refusal
from bot.web.security import bearer

PATH = "/internal/actions/webhook"
# Rasa sends its domain and the tracker with every call.
MAX_BYTES = 4 * 1024 * 1024


def webhook_router(settings: Settings, run: RunAction) -> Router:
    """The action webhook; it answers nobody but the engine."""

    @post(PATH, status_code=200, include_in_schema=False, request_max_body_size=MAX_BYTES)
    async def webhook(request: Request[Any, Any, Any]) -> Response[bytes]:
        secret = settings.engine_secret
        if not secret or not secrets.compare_digest(bearer(request).encode(), secret.encode()):
            raise Refusal(403, "没有权限")
        try:
            call = msgspec.json.decode(await request.body(), type=dict[str, Any])
        except msgspec.DecodeError:
            raise Refusal(400, "动作调用的内容不对") from None
        try:
            answer = await run(call)
        except UnknownAction as error:
            raise Refusal(404, f"没有这个动作：{str(error)[:60]}") from None
        except RejectedAction as error:
            return _json({"error": "rejected", "action_name": error.name}, 400)
        return _json(answer, 200)

    return Router("/", route_handlers=[webhook])


def _json(value: Any, status_code: int) -> Response[bytes]:
    return Response(msgspec.json.encode(value), status_code=status_code, media_type="application/json")
