"""Hands a stored file to a browser so that it can do nothing there but be looked at or kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response

from bot.cases.attachments import SHOWN, File


def handed_out(file: File) -> Response[Any]:
    """A picture is drawn, everything else is saved; opened by itself it runs and loads nothing."""
    way = "inline" if file.media_type in SHOWN else "attachment"
    return Response(
        file.content,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
