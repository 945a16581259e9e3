"""Hands a firm everything that is kept of it, by a link that works once and for ten minutes."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.params import FromPath

from bot.cases import audit, codes, own_data
from bot.cases.clock import local_day, now
from bot.conversation.firm_side import EXPORT_PATH
from bot.web.errors import Refusal
from bot.web.services import Wired

_LONGEST = 64


@get(f"{EXPORT_PATH}{{code:str}}", tags=["chat"])
async def export(request: Request[Any, Any, Any], services: Wired, code: FromPath[str]) -> Response[bytes]:
    """The JSON file behind a one-time link that the talk gave out; 404 for a used or old one."""
    await services.limit_chat(request)
    at = now()
    async with services.database.write() as session:
        conversation_id = await codes.take(session, codes.EXPORT, code[:_LONGEST], at)
        if conversation_id is None:
            raise Refusal(404, "这个下载链接已经用过或过期了，请在对话里重新点「导出」。")
        await audit.note(session, "firm", "export", f"conversation:{conversation_id}")
        kept = await own_data.collect(session, conversation_id)
    return Response(
        msgspec.json.format(msgspec.json.encode(kept), indent=2),
        media_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="peipao-{local_day(at):%Y%m%d}.json"'},
    )


own_data_router = Router("/", route_handlers=[export])
