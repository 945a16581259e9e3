"""The scripted server in a thread of its own, and the first steps that several tests share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import uvicorn
from kiosk_script import Script, create_app
from playwright.sync_api import Page

OpenKiosk = Callable[..., Page]
Shoot = Callable[[Page, str], None]
SENTENCE = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"


class Stage:
    """The running server; `script` is replaced for each test."""

    def __init__(self) -> None:
        self.script = Script()
        app = create_app(lambda: self.script)
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=0, ws="none", log_level="warning", timeout_graceful_shutdown=1)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + 20
        pause = threading.Event()
        while not self._server.started:
            assert time.monotonic() < deadline, "the scripted server did not start"
            pause.wait(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    @property
    def origin(self) -> str:
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"


def start(page: Page, text: str = SENTENCE) -> None:
    """Says the first sentence on the welcome screen."""
    page.locator("#starter-text").fill(text)
    page.locator("#starter .send").click()
