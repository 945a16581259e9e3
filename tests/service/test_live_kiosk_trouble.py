"""A kiosk on the running service while its engine is killed, the service is gone, and both come back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = [pytest.mark.engine, pytest.mark.browser, pytest.mark.slow]

SHOTS = Path(__file__).parents[2] / "build" / "pages"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# An engine needs some time to load, on whatever machine.
BACK_MS = 120_000


@pytest.fixture
def page(chromium_path: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        screen = {"width": 1080, "height": 1920}
        context = browser.new_context(
            viewport=screen, has_touch=True, locale="zh-CN", reduced_motion="reduce"
        )
        opened = context.new_page()
        opened.set_default_timeout(20_000)
        yield opened
        browser.close()


def keep(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"live-kiosk-{name}.png")


def write(page: Page, text: str) -> None:
    page.locator("#composer-text").fill(text)
    page.locator("#composer-text").press("Enter")


def test_engine_and_service_go_and_come_back(
    own_service, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEIPAO_KIOSKS", "a1=金融便利店一楼")
    own_service.command("migrate")
    own_service.start()
    page.goto(f"{own_service.url}/kiosk/a1")
    expect(page.locator("#place")).to_have_text("金融便利店一楼")
    page.locator("#starter-text").fill("我们是做芯片的，想贷300万周转")
    page.locator("#starter .send").tap()
    expect(page.locator("[data-fact=amount_wan]")).to_contain_text("300万元", timeout=20_000)

    (engine,) = own_service.engine_pids()
    os.kill(engine, signal.SIGKILL)
    write(page, "去年营收1500万")
    expect(page.locator("#engine-notice")).to_be_visible(timeout=30_000)
    keep(page, "1-engine-gone")
    # The facts are read all the same.
    expect(page.locator("[data-fact=revenue_wan]")).to_contain_text("1500万元", timeout=20_000)
    expect(page.locator("#engine-notice")).to_be_hidden(timeout=BACK_MS)
    write(page, "成立三年了")
    expect(page.locator("[data-fact=years_established]")).to_contain_text("3年", timeout=20_000)

    own_service.kill()
    write(page, "有6项发明专利")
    expect(page.locator("#offline-notice")).to_be_visible(timeout=30_000)
    expect(page.locator(".sending").last).to_contain_text("还没送达", timeout=30_000)
    expect(page.locator("#away")).to_be_hidden()
    keep(page, "2-service-gone-in-a-talk")
    own_service.start()
    expect(page.locator("#offline-notice")).to_be_hidden(timeout=BACK_MS)
    expect(page.locator("[data-fact=invention_patents]")).to_contain_text("6项", timeout=30_000)
    assert page.locator(".turn[data-who=firm]").count() == 4

    page.locator("#restart").tap()
    page.locator("#restart-yes").tap()
    expect(page.locator("#welcome")).to_be_visible()
    own_service.kill()
    # The page looks four times a minute.
    expect(page.locator("#away")).to_be_visible(timeout=40_000)
    keep(page, "3-service-gone-on-the-welcome-screen")
    own_service.start()
    expect(page.locator("#away")).to_be_hidden(timeout=BACK_MS)
    expect(page.locator(".door")).to_have_count(4)
