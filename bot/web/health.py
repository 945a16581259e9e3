"""Whether the process is up, and whether it can serve."""

from __future__ import annotations

import asyncio

import msgspec
import structlog
from litestar import Response, Router, get
from sqlalchemy import text

from bot.web.services import Services, Wired

log = structlog.get_logger(__name__)


class Alive(msgspec.Struct, frozen=True):
    status: str = "ok"


class Ready(msgspec.Struct, frozen=True):
    engine: bool
    database: bool


@get("/healthz", tags=["health"])
async def healthz() -> Alive:
    """The process is up."""
    return Alive()


@get("/readyz", tags=["health"])
async def readyz(services: Wired) -> Response[Ready]:
    """200 when the engine answers a parse and the database is reachable; 503 says which is not."""
    engine, database = await asyncio.gather(services.engine.ready(), _database_answers(services))
    return Response(Ready(engine, database), status_code=200 if engine and database else 503)


async def _database_answers(services: Services) -> bool:
    try:
        async with asyncio.timeout(services.settings.engine_timeout_s), services.database.read() as session:
            await session.execute(text("SELECT 1"))
    except Exception:
        log.exception("database_unreachable")
        return False
    return True


health_router = Router("/", route_handlers=[healthz, readyz])
