"""An app on a real port, in a thread of its own."""

from __future__ import annotations

import threading
import time
from typing import Any

import uvicorn


class PageServer:
    """Serves `app` from `start()` to `stop()`, lifespan included."""

    def __init__(self, app: Any) -> None:
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=0, ws="none", log_level="warning", timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + 30
        pause = threading.Event()
        while not self._server.started:
            assert self._thread.is_alive(), "the server stopped at once"
            assert time.monotonic() < deadline, "the server did not start"
            pause.wait(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    @property
    def origin(self) -> str:
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"
