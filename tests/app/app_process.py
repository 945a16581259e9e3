"""The app as a process of its own, for tests that kill it. Settings come from the environment."""

from __future__ import annotations

import uvicorn
from app_fakes import FakeDialogue

from bot.cases.sealing import load_sealer
from bot.logs import configure_logs
from bot.settings import load_settings
from bot.web.app import assemble, make_services

if __name__ == "__main__":
    settings = load_settings()
    configure_logs(settings)
    sealer = load_sealer(settings)
    app = assemble(make_services(settings, FakeDialogue(), sealer), sealer, [])
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, proxy_headers=False)
