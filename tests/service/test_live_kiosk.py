"""A firm at the kiosk and an officer at the desk, in Chromium, on the running service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = [pytest.mark.engine, pytest.mark.browser, pytest.mark.slow]

SHOTS = Path(__file__).parents[2] / "build" / "pages"
SENTENCE = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"
UNDERSTOOD = {
    "industry": "芯片",
    "years_established": "3年",
    "invention_patents": "6项",
    "revenue_wan": "1500万元",
    "has_collateral": "没有",
    "amount_wan": "300万元",
    "purpose": "流动资金",
}
OFFICER, PASSWORD, TITLE = "officer.kiosk", "a long enough pass phrase", "专员甲"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    # Without these Chromium looks for hosts that a closed network refuses.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenPage = Callable[[int, int], Page]


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, service) -> Iterator[OpenPage]:
    """Opens a page in a fresh profile; at the end no page may have thrown or asked anybody else."""
    contexts = []
    faults: list[str] = []

    def note_foreign(url: str) -> None:
        if not url.startswith((service.url, "data:", "about:")):
            faults.append(f"outside: {url}")

    def open_one(width: int, height: int) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        # The answer comes from a real engine, on whatever machine runs the tests.
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
        page.on("request", lambda request: note_foreign(request.url))
        return page

    expect.set_options(timeout=20_000)
    yield open_one
    for context in contexts:
        context.close()
    expect.set_options(timeout=5_000)
    assert faults == []


def keep(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"live-{name}.png")


def test_from_the_welcome_screen_to_the_officers_brief(service, open_page: OpenPage) -> None:
    kiosk = open_page(1920, 1080)
    kiosk.goto(f"{service.url}/kiosk")
    keep(kiosk, "1-welcome")
    kiosk.locator("[data-door=funding]").click()
    expect(kiosk.locator(".turn[data-who=bot] .bubble:not(.typing)").first).to_be_visible()

    kiosk.locator("#composer-text").fill(SENTENCE)
    kiosk.locator("#composer-text").press("Enter")
    for fact, value in UNDERSTOOD.items():
        expect(kiosk.locator(f"#facts [data-fact={fact}] .fact-value")).to_have_text(value)
    expect(kiosk.locator(".turn[data-who=bot] .heard")).to_contain_text("1500万元")
    expect(kiosk.locator(".offer").first.locator(".verdict")).not_to_have_attribute(
        "data-verdict", "ineligible"
    )
    expect(kiosk.locator(".offer .reasons li").first).not_to_be_empty()

    question = kiosk.locator(".turn[data-who=bot]").last
    expect(question.locator(".bubble")).to_have_text(re.compile("？$"))
    answer = question.locator("[class=choice]").first
    expect(answer).to_be_visible()
    keep(kiosk, "2-understood")
    kiosk.locator("#below").click()
    keep(kiosk, "3-question")
    said = answer.inner_text().strip()
    answer.click()
    expect(kiosk.locator(".turn[data-who=firm]").last).to_contain_text(said)
    expect(kiosk.locator(".typing")).to_have_count(0)

    product = kiosk.locator("#ranking .ranked").first.get_attribute("data-product")
    kiosk.locator(f".ranked[data-product={product}]").click()
    check = kiosk.locator(".card.check").last
    expect(check.locator(".clauses li").first).to_be_visible()
    expect(check.locator(".verdict").first).to_be_visible()
    expect(check).to_contain_text("这是预审，不是审批")
    expect(check).to_contain_text("出处：")
    kiosk.wait_for_load_state("networkidle")
    keep(kiosk, "4-check")

    kiosk.locator("#human").click()
    kiosk.locator("#human-yes").click()
    expect(kiosk.locator(".case-number")).to_have_text(re.compile(r"^KC\d{8}-\d{4}$"))
    expect(kiosk.locator("#human")).to_be_disabled()
    expect(kiosk.locator(".turn[data-who=bot]", has_text="我们争取").last).to_be_visible()
    number = kiosk.locator(".case-number").inner_text()
    keep(kiosk, "5-case")

    service.command("officer", "add", OFFICER, "--title", TITLE, text=f"{PASSWORD}\n")
    desk = open_page(1280, 800)
    desk.goto(f"{service.url}/desk")
    expect(desk).to_have_url(f"{service.url}/desk/login")
    desk.get_by_label("登录名").fill(OFFICER)
    desk.get_by_label("口令").fill(PASSWORD)
    desk.keyboard.press("Enter")
    row = desk.locator("tbody tr").filter(has_text=number)
    expect(row).to_contain_text("300万元 · 流动资金")
    expect(row).to_contain_text("等待接手")
    keep(desk, "6-desk-list")

    row.locator(".row-link").click()
    expect(desk).to_have_url(f"{service.url}/desk/cases/{number}")
    brief = desk.locator("#brief")
    expect(brief).to_contain_text(SENTENCE)
    expect(brief.locator(".facts div").filter(has_text="上年营业收入")).to_contain_text("1500万元")
    expect(brief.locator(".facts div").filter(has_text="想融资的金额")).to_contain_text("“300万”")
    expect(brief.locator(".clauses li").first).to_be_visible()
    talk = desk.locator(".messages li")
    expect(talk.filter(has_text=SENTENCE).first).to_have_attribute("data-author", "firm")
    expect(talk.filter(has_text=number).first).to_have_attribute("data-author", "bot")
    keep(desk, "7-desk-case")
