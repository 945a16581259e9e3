"""A Chromium and, for each test, a freshly scripted chat API behind the real page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kiosk_script import Script
from kiosk_stage import OpenKiosk, Shoot, Stage
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SHOTS = Path(__file__).parents[2] / "build" / "pages"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these Chromium looks for hosts that a closed network refuses.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {
    "upright": (1080, 1920),
    "wide": (1920, 1080),
    "phone": (390, 844),
    "desk": (1280, 800),
    "tablet": (820, 1180),
}


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One a module: Playwright's synchronous side must not outlive it beside asynchronous tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    running = Stage()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def script(stage: Stage) -> Script:
    stage.script = Script()
    return stage.script


@pytest.fixture
def open_kiosk(browser: Browser, stage: Stage, script: Script) -> Iterator[OpenKiosk]:
    """Opens `/kiosk` or one kiosk's in a fresh profile; it must have thrown nothing and asked nobody else."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(size: str = "wide", *, clock: bool = False, kiosk: str = "", before: str = "") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=True,
            locale="zh-CN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch(page, stage.origin, faults)
        if clock:
            page.clock.install()
        if before:
            page.add_init_script(before)
        page.goto(f"{stage.origin}/kiosk/{kiosk}" if kiosk else f"{stage.origin}/kiosk")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def watch(page: Page, origin: str, faults: list[str]) -> None:
    """Notes what the page throws, what its security policy refuses, and whom else it asks."""
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)

    def asked(url: str) -> None:
        if not url.startswith((origin, "data:", "about:")):
            faults.append(f"outside: {url}")

    page.on("request", lambda request: asked(request.url))


@pytest.fixture(scope="session")
def shoot() -> Shoot:
    """Keeps a screenshot under `build/pages/`, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=SHOTS / f"{name}.png")

    return keep
