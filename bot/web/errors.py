"""Errors as people and programs get them: a short Chinese reason, never a stack trace."""

from __future__ import annotations

import html
from typing import Any

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException

log = structlog.get_logger(__name__)

_WORDS = {
    400: "请求内容不对",
    401: "请先登录",
    403: "没有权限",
    404: "没有这个地址",
    405: "不支持这种请求方式",
    409: "情况已经变化，请刷新后再试",
    413: "内容太大",
    415: "请用 application/json 发送",
    429: "请求太频繁，请稍后再试",
    503: "服务暂时不可用，请稍后再试",
}
# No style of its own: it must also show when the templates or static files are what is broken.
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>陪跑</title></head>
<body><h1>{words}</h1><p><a href="/kiosk">回到对话页面</a></p></body></html>
"""
_OURS = "服务出了点问题，已经记录下来，请稍后再试"


class Refusal(HTTPException):
    """An error whose words are meant for the person who asked."""

    def __init__(self, status_code: int, words: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail=words, status_code=status_code, headers=headers)
        self.words = words


def _at_fault(error: ValidationException) -> str | None:
    """Which field of a request is wrong, where the framework knows."""
    extra = error.extra if isinstance(error.extra, list) else []
    keys = [str(item["key"]) for item in extra if isinstance(item, dict) and item.get("key")]
    return f"请求内容不对：{'、'.join(keys[:3])}" if keys else None


def refuse(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """`{"error": …}` for every refusal; the framework's own English details stay inside."""
    words = error.words if isinstance(error, Refusal) else _WORDS.get(error.status_code)
    if isinstance(error, ValidationException):
        words = _at_fault(error) or words
    words = words or (_OURS if error.status_code >= 500 else _WORDS[400])
    return _told(request, words, error.status_code, dict(error.headers or {}))


def too_deep(_request: Request[Any, Any, Any], _error: RecursionError) -> Response[dict[str, str]]:
    """A body nested deeper than the decoder goes."""
    return Response({"error": "请求内容嵌套太深"}, status_code=400)


def unreadable(_request: Request[Any, Any, Any], _error: UnicodeDecodeError) -> Response[dict[str, str]]:
    """A body that is not UTF-8: the framework lets the decoder's own error through."""
    return Response({"error": "请求内容不是 UTF-8 编码的 JSON"}, status_code=400)


def fail(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Whatever we did not foresee: logged without what the person wrote, answered without details."""
    log.error(
        "request_failed", method=request.method, path=request.scope.get("path_template"), exc_info=error
    )
    return _told(request, _OURS, 500, {})


def _told(
    request: Request[Any, Any, Any], words: str, status_code: int, headers: dict[str, str]
) -> Response[Any]:
    """The same words as JSON for programs, as a page for somebody who followed a link."""
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/"):
        return Response(
            _PAGE.format(words=html.escape(words)),
            status_code=status_code,
            headers=headers,
            media_type=MediaType.HTML,
        )
    return Response({"error": words}, status_code=status_code, headers=headers, media_type=MediaType.JSON)
