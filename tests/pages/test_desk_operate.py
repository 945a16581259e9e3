"""Lists by keyboard, alerts, search, what operators keep, and a desk that only reads."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_people import Visitor, Worker
from desk_stage import NAME, SECOND, SECOND_TITLE, TITLE, DeskStage
from kiosk_stage import SENTENCE, Shoot
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
LEAD, AUDITOR, ADMIN = ("zuzhang", "组长丙"), ("shenji", "审计丁"), ("guanli", "管理员戊")
# Stands in for loudspeaker and desktop: notes what the page plays and shows.
SPY = """
window.heard = []; window.noticed = [];
class Param { setValueAtTime() {} exponentialRampToValueAtTime() {} }
class Node2 { frequency = {}; gain = new Param(); connect(next) { return next; }
  start() { window.heard.push(this.frequency.value); } stop() {} }
window.AudioContext = class { state = "running"; currentTime = 0; resume() {}
  createOscillator() { return new Node2(); } createGain() { return new Node2(); } };
window.Notification = class { static permission = "granted";
  constructor(title, { body }) { window.noticed.push(body); } };
Object.defineProperty(document, "hidden", { get: () => true });
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[DeskStage]:
    running = DeskStage(tmp_path_factory.mktemp("operate"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def workers(browser: Browser, desk: DeskStage) -> Iterator[list[Worker]]:
    """Whoever a test puts in here is sent home at its end, and must have met no fault."""
    there: list[Worker] = []
    yield there
    for one in there:
        one.context.close()
    assert [one.faults for one in there] == [[] for _ in there]


@pytest.fixture
def log_in(browser: Browser, desk: DeskStage, workers: list[Worker]):
    def come(name: str, title: str, size: tuple[int, int] = (1280, 800)) -> Worker:
        worker = Worker(browser, desk, name, title, size)
        workers.append(worker)
        return worker

    return come


def test_a_case_is_claimed_by_keyboard(desk: DeskStage, log_in, shoot: Shoot) -> None:
    first, second = desk.hand_over(), desk.hand_over()
    worker = log_in(NAME, TITLE)
    page = worker.page
    expect(page.locator("#cases tbody tr")).to_have_count(2)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    shoot(page, "operate-1-keys")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f'#cases [href$="{second}"]')).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f'#cases [href$="{first}"]')).to_be_focused()
    page.keyboard.press("c")
    expect(page).to_have_url(f"{desk.origin}/desk/cases/{first}")
    worker.live()
    page.keyboard.press("r")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#dialog-move")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{desk.origin}/desk")


def test_a_new_case_sounds_and_shows_on_the_desktop(desk: DeskStage, log_in) -> None:
    worker = log_in(NAME, TITLE)
    worker.page.add_init_script(SPY)
    worker.page.reload()
    worker.live()
    worker.page.keyboard.press("Shift")
    number = desk.hand_over()
    worker.page.wait_for_function("() => window.heard.length && window.noticed.length")
    assert number in worker.page.evaluate("window.noticed.join()")
    worker.page.locator("#sound").click()
    worker.page.evaluate("window.heard.length = 0; window.noticed.length = 0")
    desk.hand_over()
    worker.page.wait_for_function("() => window.noticed.length")
    assert worker.page.evaluate("window.heard") == []


def test_a_word_for_an_officer_finds_them_on_their_list(browser: Browser, desk: DeskStage, log_in) -> None:
    """Whoever has the talk is told on any page; a colleague is not."""
    visitor = Visitor(browser, desk)
    number = visitor.asks_for_a_human()
    owner, colleague = log_in(NAME, TITLE), log_in(SECOND, SECOND_TITLE)
    owner.opens(number)
    owner.page.keyboard.press("c")
    expect(owner.page.locator("#reply")).to_be_enabled()
    owner.page.goto(f"{desk.origin}/desk?show=mine")
    owner.live()
    visitor.says("还在吗")
    expect(owner.page.locator("#alerts")).to_contain_text(f"{number} 的企业来了新消息")
    expect(colleague.page.locator("#alerts")).not_to_contain_text("来了新消息")
    visitor.context.close()


def test_words_are_found_and_stand_in_no_address(desk: DeskStage, log_in, shoot: Shoot) -> None:
    number = desk.hand_over()
    page = log_in(NAME, TITLE).page
    page.keyboard.press("/")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.type("周转")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.origin}/desk/search")
    expect(page.locator(".hits")).to_contain_text(number)
    expect(page.locator(".hits")).to_contain_text(SENTENCE[-6:])
    shoot(page, "operate-2-found")
    page.locator("#search-words").fill("周")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("两个字")


def test_a_message_that_failed_says_why_and_is_sent_again(desk: DeskStage, log_in, shoot: Shoot) -> None:
    number = desk.hand_over()
    worker = log_in(NAME, TITLE)
    worker.opens(number)
    worker.page.keyboard.press("c")
    expect(worker.page.locator("#reply")).to_be_enabled()
    worker.says("请补材料")
    last = worker.talk().last
    expect(last).to_contain_text("请补材料")
    expect(last).to_contain_text("已送出")
    with sqlite3.connect(desk.folder / "peipao.sqlite3", timeout=20) as database:
        database.execute(
            "UPDATE outbox SET status = 'failed', error = '对方已拉黑' "
            "WHERE id = (SELECT max(id) FROM outbox)"
        )
    worker.opens(number)
    expect(last).to_contain_text("没有送达：对方已拉黑")
    shoot(worker.page, "operate-3-failed")
    last.get_by_role("button", name="重发").click()
    expect(last).to_contain_text("已送出")


def test_an_auditor_reads_and_can_change_nothing(desk: DeskStage, log_in, shoot: Shoot) -> None:
    number = desk.hand_over()
    worker = log_in(*AUDITOR)
    page = worker.page
    page.get_by_role("link", name=re.compile("^全部")).first.click()
    worker.opens(number)
    for gone in ("#claim", "#note-form", '[data-dialog="fact"]', '[data-dialog="assign"]', ".duty"):
        expect(page.locator(gone)).to_have_count(0)
    expect(page.locator("#reply")).to_be_hidden()
    expect(page.locator("#messages")).to_contain_text(SENTENCE)
    shoot(page, "operate-4-auditor")
    page.goto(f"{desk.origin}/desk/routing")
    expect(page.locator(".rule-list")).to_contain_text("投资经理人")
    expect(page.locator("form[action^='/desk/routing']")).to_have_count(0)


def test_a_lead_assigns_over_everybodys_head(desk: DeskStage, log_in) -> None:
    number = desk.hand_over()
    officer, lead = log_in(SECOND, SECOND_TITLE), log_in(*LEAD)
    lead.opens(number)
    option = lead.page.locator("#assign-to option", has_text=SECOND_TITLE).get_attribute("value")
    lead.does("assign", to=option or "")
    expect(officer.page.locator("#alerts")).to_contain_text("指派给您了")
    expect(lead.page.locator("#timeline")).to_contain_text(f"{LEAD[1]} 指派：给{SECOND_TITLE}")
    officer.opens(number)
    expect(officer.page.locator("#reply")).to_be_enabled()


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)], ids=["1280", "1024"])
def test_what_operators_keep(desk: DeskStage, log_in, shoot: Shoot, size: tuple[int, int]) -> None:
    worker = log_in(*ADMIN, size)
    page, width = worker.page, size[0]

    page.goto(f"{desk.origin}/desk/routing")
    page.get_by_text("加一条规则").click()
    form = page.locator("form.rule-form").last
    form.get_by_label("财政资助").check()
    form.get_by_label("说明").fill(f"拨款 {width}")
    form.get_by_label("交给").select_option("professional_manager")
    shoot(page, f"operate-5-routing-{width}")
    form.get_by_role("button", name="保存").click()
    expect(page.locator(".rule-list li").last).to_contain_text(f"拨款 {width}")
    assert worker.fits()

    page.goto(f"{desk.origin}/desk/canned")
    page.get_by_text("加一条常用语").click()
    form = page.locator("form.reply-form").last
    form.get_by_label("快捷词").fill(f"fei{width}")
    form.get_by_label("标题").fill("费用")
    form.get_by_label("内容").fill("{{不存在}}的费用")
    form.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("没有变量：不存在")
    page.get_by_text("加一条常用语").click()
    form.get_by_label("快捷词").fill(f"fei{width}")
    form.get_by_label("标题").fill("费用")
    form.get_by_label("内容").fill("{{编号}} 的费用由银行告知")
    form.get_by_role("button", name="保存").click()
    expect(page.locator(".rule-list")).to_contain_text(f"/fei{width}")
    shoot(page, f"operate-6-canned-{width}")
    assert worker.fits()

    page.goto(f"{desk.origin}/desk/visits")
    page.get_by_label("名称").fill(f"创新服务中心 {width}")
    page.get_by_label("地址").fill("高新大道 1 号")
    page.get_by_role("button", name="加地点").click()
    page.locator("[name=place]").select_option(label=f"创新服务中心 {width}")
    page.get_by_label("开始").fill("2099-03-02T09:30")
    page.get_by_label("结束").fill("2099-03-02T09:00")
    page.get_by_role("button", name="加时段").click()
    expect(page.get_by_role("alert")).to_contain_text("结束时间应晚于开始")
    page.locator("[name=place]").select_option(label=f"创新服务中心 {width}")
    page.get_by_label("开始").fill("2099-03-02T09:30")
    page.get_by_label("结束").fill("2099-03-02T10:00")
    page.get_by_role("button", name="加时段").click()
    expect(page.locator(".slot-list").first).to_contain_text("2099年3月2日（周一）09:30–10:00")
    shoot(page, f"operate-7-visits-{width}")
    assert worker.fits()

    page.goto(f"{desk.origin}/desk/officers")
    row = page.locator(".rule-list li", has_text=SECOND_TITLE)
    row.get_by_text("修改").click()
    row.get_by_label("投资经理人").check()
    row.get_by_label("最多同时办").fill(str(width % 100))
    shoot(page, f"operate-8-officers-{width}")
    row.get_by_role("button", name="保存").click()
    expect(row).to_contain_text(f"/ {width % 100}")
    assert worker.fits()
    row.get_by_text("修改").click()
    row.get_by_label("投资经理人").uncheck()
    row.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("所有队伍")
    for place in ("complaints", "search"):
        page.goto(f"{desk.origin}/desk/{place}")
        expect(page.locator("main h1")).to_be_visible()
        assert worker.fits()


def test_a_file_of_a_kind_that_is_not_taken_is_refused(desk: DeskStage, log_in, tmp_path: Path) -> None:
    number = desk.hand_over()
    owner = log_in(NAME, TITLE)
    owner.opens(number)
    owner.page.keyboard.press("c")
    expect(owner.page.locator("#reply")).to_be_enabled()
    bad = tmp_path / "程序.exe"
    bad.write_bytes(b"MZ\x90\x00" + bytes(64))
    owner.page.locator("#file").set_input_files(bad)
    expect(owner.page.locator("#held")).to_contain_text("程序.exe")
    expect(owner.page.locator("#chips li")).to_have_count(0)
