"""What a request may carry."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from bot.web.errors import Refusal

# A route that takes something else says so: `opt={TAKES: "multipart/form-data"}`.
TAKES = "takes"
_JSON = "application/json"
# Pages and forms lie elsewhere; webhooks of platforms have their own formats.
_PLACES = ("/api/", "/desk/api/", "/internal/")


def fitting_content(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard: a body that is sent to a JSON route says that it is JSON.

    A page of another origin can send text and forms without asking first, JSON it cannot.

    Raises:
        Refusal: 415.
    """
    if not connection.scope["path"].startswith(_PLACES) or not _has_body(connection):
        return
    wanted = str(handler.opt.get(TAKES, _JSON))
    given = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise Refusal(415, f"请用 {wanted} 发送。")


def _has_body(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    if "transfer-encoding" in connection.headers:
        return True
    return connection.headers.get("content-length", "0") != "0"
