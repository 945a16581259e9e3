"""Headers, cookies and form tokens."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.middleware import ASGIMiddleware
from litestar.template.base import csrf_token
from litestar.types import ASGIApp, Message, Receive, Scope, Send

CHAT_COOKIE = "peipao_session"
DESK_COOKIE = "peipao_desk"
SESSION_HEADER = "X-Peipao-Session"

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # What a route does not say otherwise is never kept: answers carry what a firm wrote.
    "cache-control": "no-store",
}


class SecurityHeaders(ASGIMiddleware):
    """Puts the headers on every answer; a route's own value wins."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await next_app(scope, receive, with_headers)


def form_token(request: Request[Any, Any, Any]) -> str:
    """The value of the hidden field `_csrf_token` of every form (or of the header `x-csrf-token`)."""
    return csrf_token({"request": request})


def bearer(request: Request[Any, Any, Any]) -> str:
    """The token of `Authorization: Bearer …`, or an empty text."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
