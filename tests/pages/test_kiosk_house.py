"""Kiosks on the real app: the code leads on elsewhere, the call reaches the desk, a wipe ends the talk."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from desk_stage import NAME, PASSWORD, SENTENCE
from kiosk_house import KIOSKS, KioskHouse
from kiosk_stage import Shoot, start
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.channels.consent import VERSION

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskHouse]:
    running = KioskHouse(tmp_path_factory.mktemp("house"), idle_s=90)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    screen = {"width": 1920, "height": 1080}
    made = browser.new_context(viewport=screen, has_touch=True, locale="zh-CN", reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


def talk_to_the_case(context: BrowserContext, house: KioskHouse, kiosk: str, *, clock: bool = False) -> Page:
    page = context.new_page()
    if clock:
        page.clock.install()
    page.goto(f"{house.origin}/kiosk/{kiosk}")
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    page.locator("#human").tap()
    page.locator("#human-yes").tap()
    expect(page.locator(".case-number")).to_be_visible()
    return page


def test_the_code_leads_on_elsewhere_also_after_the_wipe(house: KioskHouse, context: BrowserContext) -> None:
    page = talk_to_the_case(context, house, "a1", clock=True)
    number = page.locator(".case-number").inner_text()
    expect(page.locator(".bubble.note")).to_contain_text(f"{VERSION}版")
    page.locator("#take").tap()
    expect(page.locator("#take-ways b")).to_have_text("口袋")
    code = page.locator("#take-code").inner_text()
    session = page.evaluate("sessionStorage.getItem('peipao.session')")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.clock.fast_forward(91_000)
        expect(page.locator("#idle-sheet")).to_be_visible()
        page.clock.fast_forward(16_000)
    expect(page.locator("#welcome")).to_be_visible()
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    page.reload()
    page.go_back()
    assert SENTENCE not in page.content()

    with httpx.Client(base_url=house.origin, timeout=20) as phone:
        gone = phone.get("/api/v1/chat", headers={"X-Peipao-Session": session})
        assert gone.status_code == 404
        answer = phone.post("/api/v1/chat", json={"session": None, "text": code}).json()
        assert answer["state"]["case"]["number"] == number
        assert "自助机" in answer["replies"][0]["text"]
        again = phone.post("/api/v1/chat", json={"session": None, "text": code}).json()
        assert again["state"]["case"] is None


def test_a_call_is_shown_at_the_desk(house: KioskHouse, context: BrowserContext, shoot: Shoot) -> None:
    kiosk = talk_to_the_case(context, house, "a2")
    number = kiosk.locator(".case-number").inner_text()
    pages = [context.new_page(), context.new_page()]
    pages[0].goto(f"{house.origin}/desk")
    pages[0].get_by_label("登录名").fill(NAME)
    pages[0].get_by_label("口令").fill(PASSWORD)
    pages[0].keyboard.press("Enter")
    expect(pages[0].locator("#live")).to_have_attribute("data-state", "live")
    pages[1].goto(f"{house.origin}/desk/cases/{number}")
    expect(pages[1].locator("#live")).to_have_attribute("data-state", "live")
    expect(pages[1].locator("#case-head")).to_contain_text(f"自助机（{KIOSKS['a2']}）")
    kiosk.bring_to_front()
    kiosk.locator("#staff").tap()
    kiosk.locator("#staff-yes").tap()
    expect(kiosk.locator("#staff-title")).to_have_text("已呼叫工作人员")
    for page in pages:
        expect(page.locator("#alerts [data-kind=call]")).to_have_text(f"{KIOSKS['a2']}有人请工作人员过去")
    pages[0].bring_to_front()
    shoot(pages[0], "desk-20-kiosk-call")
    pages[1].bring_to_front()
    shoot(pages[1], "desk-21-kiosk-case")


def test_consent_is_kept_and_taken_back_at_the_kiosk(house: KioskHouse, context: BrowserContext) -> None:
    page = talk_to_the_case(context, house, "a1")
    page.locator("#privacy").tap()
    page.locator("#privacy-withdraw").tap()
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("已撤回同意")
    page.locator("#composer-text").fill("还想问一句")
    page.locator("#composer-text").press("Enter")
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("没有处理，也没有保存")
    page.locator(".choices button", has_text="同意").last.tap()
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("您已同意")
