"""Headers, cookies and form tokens."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.template.base import csrf_token
from litestar.types import Message, Scope

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


async def add_security_headers(message: Message, _scope: Scope) -> None:
    """Puts the headers on every answer, errors included; a route's own value wins."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)


def form_token(request: Request[Any, Any, Any]) -> str:
    """The value of the hidden field `_csrf_token` of every form (or of the header `x-csrf-token`)."""
    return csrf_token({"request": request})


def bearer(request: Request[Any, Any, Any]) -> str:
    """The token of `Authorization: Bearer …`, or an empty text."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
