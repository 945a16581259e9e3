"""The desk in a browser: login, the list, one case, and its brief on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SIZES, watch
from desk_stage import HOSTILE, NAME, PASSWORD, TITLE, DeskStage
from kiosk_stage import SENTENCE, Shoot
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[DeskStage]:
    running = DeskStage(tmp_path_factory.mktemp("desk"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def number(desk: DeskStage) -> str:
    return desk.hand_over()


@pytest.fixture
def page(browser: Browser, desk: DeskStage, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the size that the test's parameter names, in a fresh profile."""
    width, height = SIZES[getattr(request, "param", "desk")]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    faults: list[str] = []
    watch(opened, desk.origin, faults)
    yield opened
    context.close()
    assert faults == []


def log_in(page: Page, desk: DeskStage, password: str = PASSWORD) -> None:
    page.goto(f"{desk.origin}/desk")
    page.get_by_label("登录名").fill(NAME)
    page.get_by_label("口令").fill(password)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Enter")


def test_nobody_sees_anything_without_a_login(page: Page, desk: DeskStage, number: str) -> None:
    for path in ("/desk", f"/desk/cases/{number}"):
        page.goto(f"{desk.origin}{path}")
        expect(page).to_have_url(f"{desk.origin}/desk/login")
        assert number not in page.content()


def test_a_wrong_password_is_refused_and_the_name_kept(page: Page, desk: DeskStage, shoot: Shoot) -> None:
    log_in(page, desk, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("不对")
    expect(page.get_by_label("登录名")).to_have_value(NAME)
    expect(page.get_by_label("口令")).to_have_value("")
    shoot(page, "desk-1-login")


def test_from_the_list_to_the_case_and_back_by_keyboard(
    page: Page, desk: DeskStage, number: str, shoot: Shoot
) -> None:
    log_in(page, desk)
    expect(page.locator(".officer")).to_have_text(TITLE)
    row = page.locator("tbody tr").first
    expect(row).to_contain_text(number)
    expect(row).to_contain_text("300万元 · 流动资金")
    expect(row).to_contain_text("科企梯度贷")
    expect(row.locator(".verdict")).to_have_text("待确认")
    expect(row.locator(".state")).to_have_text("等待接手")
    page.wait_for_load_state()
    page.keyboard.press("ArrowDown")
    shoot(page, "desk-2-list")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.origin}/desk/cases/{number}")
    page.wait_for_load_state()
    for key, name in {"1": "brief", "2": "transcript", "3": "side"}.items():
        page.keyboard.press(key)
        expect(page.locator(f"#{name}")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{desk.origin}/desk")


@pytest.mark.parametrize("page", ["desk", "tablet"], indirect=True)
def test_the_case_shows_brief_talk_and_timeline(
    page: Page, desk: DeskStage, number: str, shoot: Shoot, request: pytest.FixtureRequest
) -> None:
    log_in(page, desk)
    page.locator(".row-link").first.click()
    brief = page.locator("#brief")
    expect(brief).to_contain_text(SENTENCE)
    expect(brief.locator(".facts div").filter(has_text="想融资的金额")).to_contain_text("“想贷300万周转”")
    statuses = (
        brief.locator(".clauses")
        .first.locator("li")
        .evaluate_all("rows => rows.map((row) => row.dataset.status)")
    )
    assert statuses == ["fails", "open", "holds", "holds"]
    expect(brief.locator(".clauses li").nth(1)).to_contain_text("渝高新发〔2024〕13号")
    expect(brief.locator(".clauses").nth(1).locator("li")).to_have_count(5)
    link = brief.get_by_role("link", name="原文").first
    expect(link).to_have_attribute("href", "http://gxq.cq.gov.cn/x.html")
    expect(brief.locator(".undisclosed")).to_contain_text("各层级额度、利率、担保费率")
    expect(brief.locator(".points li")).to_have_count(2)
    talk = page.locator(".messages li")
    expect(talk.first).to_contain_text(SENTENCE)
    expect(talk.filter(has_text="转陪跑专员").first).to_have_attribute("data-author", "firm")
    expect(page.locator(".events li").first).to_contain_text("企业要求转专员")
    # What the firm wrote is shown as it was written, and does nothing.
    expect(talk.filter(has_text="<img").first).to_contain_text(HOSTILE)
    assert page.evaluate("window.harm") is None
    assert page.locator("main img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shoot(page, f"desk-3-case-{request.node.callspec.params['page']}")


def test_the_brief_prints_on_one_page(page: Page, desk: DeskStage, number: str, tmp_path: Path) -> None:
    log_in(page, desk)
    expect(page.locator(".row-link")).to_have_count(1)
    page.goto(f"{desk.origin}/desk/cases/{number}")
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print")
    expect(page.locator("#brief")).to_be_visible()
    expect(page.locator("#transcript")).to_be_hidden()
    expect(page.locator("#print")).to_be_hidden()


def test_a_case_that_is_not_there(page: Page, desk: DeskStage) -> None:
    log_in(page, desk)
    expect(page.locator("#cases")).to_be_visible()
    answer = page.goto(f"{desk.origin}/desk/cases/KC20200101-0001")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("main")).to_contain_text("没有这个编号")


def test_logging_out_ends_it(page: Page, desk: DeskStage) -> None:
    log_in(page, desk)
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{desk.origin}/desk/login")
    page.goto(f"{desk.origin}/desk")
    expect(page).to_have_url(f"{desk.origin}/desk/login")
