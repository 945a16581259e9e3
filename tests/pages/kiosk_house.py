"""The app with its real database, desk and two kiosks, and a channel that a talk can be taken along to."""

from __future__ import annotations

import asyncio
import base64
import threading
from pathlib import Path

import msgspec
from desk_stage import OneDialogue, hire
from kiosk_script import tiny_catalog
from page_server import PageServer

from bot.cases.database import Database
from bot.cases.sealing import load_sealer
from bot.channels.base import Abilities, Installed
from bot.channels.kiosk.places import places_of
from bot.channels.pull import PullChannel
from bot.desk.routes import create_desk_router
from bot.settings import Settings
from bot.web.app import assemble, make_services
from bot.web.pages import create_pages_router

KIOSKS = {"a1": "金融便利店一楼", "a2": "政务服务大厅"}


class Pocket(PullChannel):
    """Where talks are taken along to."""

    async def link(self, code: str, lasts_s: int) -> str | None:
        return f"https://pocket.example/start/{code}"


class KioskHouse(PageServer):
    """A service without an engine that is open day and night; `idle_s` of its kiosks can be waited for."""

    def __init__(self, folder: Path, *, idle_s: int = 3600, countdown_s: int = 15) -> None:
        settings = Settings(
            data_dir=folder,
            engine_secret="secret",
            engine_url="http://127.0.0.1:9",
            keys=base64.b64encode(b"k" * 32).decode(),
            work_hours="always",
            settle_ms={"web": 0, "kiosk": 0},
            kiosks=",".join(f"{kiosk}={place}" for kiosk, place in KIOSKS.items()),
        )
        sealer = load_sealer(settings)
        # In a thread of its own: Playwright's synchronous side occupies this one's event loop.
        hiring = threading.Thread(target=lambda: asyncio.run(hire(Database(settings.database, sealer))))
        hiring.start()
        hiring.join()
        made = make_services(settings, OneDialogue(), sealer)
        pocket = Installed(Pocket("pocket", "口袋", Abilities(buttons=True)))
        services = msgspec.structs.replace(made, installed=[*made.installed, pocket])
        catalog = tiny_catalog()
        kiosk = create_pages_router(
            lambda: catalog, kiosks=places_of(settings), idle_s=idle_s, countdown_s=countdown_s
        )
        super().__init__(assemble(services, sealer, [kiosk, create_desk_router(lambda: catalog)]))
