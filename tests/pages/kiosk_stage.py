"""The scripted server, and the first steps that several tests share."""

from __future__ import annotations

from collections.abc import Callable

from kiosk_script import Script, create_app
from page_server import PageServer
from playwright.sync_api import Page

OpenKiosk = Callable[..., Page]
Shoot = Callable[[Page, str], None]
SENTENCE = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"


class Stage(PageServer):
    """The running server; `script` is replaced for each test."""

    def __init__(self) -> None:
        self.script = Script()
        super().__init__(create_app(lambda: self.script))


def start(page: Page, text: str = SENTENCE) -> None:
    """Says the first sentence on the welcome screen."""
    page.locator("#starter-text").fill(text)
    page.locator("#starter .send").click()
