"""Two officers and one visitor at the kiosk at once, from the first question to the stars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_people import Visitor, Worker
from desk_stage import NAME, SECOND, SECOND_TITLE, TITLE, DeskStage
from kiosk_stage import Shoot
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
NOTE = "专利质押过，提交前再核一遍"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[DeskStage]:
    running = DeskStage(tmp_path_factory.mktemp("work"), live=True)
    running.start()
    yield running
    running.stop()


class Room:
    """The two officers and the visitor; the officers' screens are of the two sizes that must work."""

    def __init__(self, browser: Browser, desk: DeskStage) -> None:
        self.first = Worker(browser, desk, NAME, TITLE)
        self.second = Worker(browser, desk, SECOND, SECOND_TITLE, (1024, 768))
        self.visitor = Visitor(browser, desk)

    def close(self) -> None:
        people = (self.first, self.second, self.visitor)
        for one in people:
            one.context.close()
        assert [one.faults for one in people] == [[], [], []]


@pytest.fixture
def room(browser: Browser, desk: DeskStage) -> Iterator[Room]:
    opened = Room(browser, desk)
    yield opened
    opened.close()


def race(room: Room, number: str) -> tuple[Worker, Worker]:
    """Both press the button while both still see it; returns who won and who lost."""
    both = [room.first, room.second]
    for one in both:
        one.opens(number)
        # Neither page learns of the other's claim before it has made its own.
        one.page.route(f"**/desk/cases/{number}", lambda route: route.abort())
        expect(one.page.locator("#claim")).to_be_visible()
    for one in both:
        one.page.evaluate("setTimeout(() => document.getElementById('claim').click())")
    lost = [one for one in both if _is_told(one)]
    assert len(lost) == 1
    for one in both:
        one.page.unroute(f"**/desk/cases/{number}")
    loser = lost[0]
    return next(one for one in both if one is not loser), loser


def _is_told(one: Worker) -> bool:
    """Whether the page says that somebody else was quicker; waits until it knows."""
    page = one.page
    page.wait_for_function(
        "() => document.querySelector('#alerts p') || document.querySelector('#messages').innerText"
        f".includes('{one.title}已接手')"
    )
    return page.locator("#alerts p", has_text="已经接手").count() > 0


def test_from_the_first_question_to_the_stars(room: Room, shoot: Shoot, tmp_path: Path) -> None:
    first, second, visitor = room.first, room.second, room.visitor
    number = visitor.asks_for_a_human()

    # The one on duty is asked, and everybody's list has the case, without a reload.
    offer = first.page.locator(".offers li", has_text=number)
    expect(offer.locator(".countdown")).to_have_text(re.compile(r"\d:\d\d|10:00"))
    expect(first.page.locator("#alerts")).to_contain_text(number)
    expect(second.page.locator("#cases")).to_contain_text(number)
    expect(second.page.locator(".offers")).to_have_count(0)
    shoot(first.page, "work-1-offer")
    offer.get_by_role("button", name="让给全队").click()
    expect(first.page.locator(".offers")).to_have_count(0)

    winner, loser = race(room, number)
    winner.opens(number)
    loser.opens(number)
    expect(loser.page.locator(".case-meta")).to_contain_text(winner.title)
    expect(loser.page.locator("#reply")).to_be_hidden()
    visitor.hears(f"{winner.title}已接手")

    # They talk; each sees that the other types, and the officer sees how far every message has got.
    winner.page.locator("#reply").fill("您好，先核对")
    expect(visitor.page.locator(".writes")).to_have_text(f"{winner.title}正在输入…")
    winner.says("您好，专利都在公司名下吗？")
    visitor.hears("专利都在公司名下吗")
    expect(winner.talk().last).to_contain_text("已送出")
    visitor.page.locator("#composer-text").press_sequentially("都在")
    expect(winner.page.locator("#typing")).to_be_visible()
    visitor.says("都在公司名下")
    for one in (winner, loser):
        expect(one.talk().last).to_contain_text("都在公司名下")
        one.has_the_whole_talk(number)

    # A reply kept ready, and a picture.
    winner.page.locator("#reply").fill("/nihao")
    expect(winner.page.locator("#slash li")).to_have_count(1)
    winner.page.keyboard.press("Enter")
    expect(winner.page.locator("#reply")).to_have_value(re.compile(f"我是{winner.title}.*{number}"))
    picture = tmp_path / "清单.png"
    visitor.page.screenshot(path=picture)
    winner.page.locator("#file").set_input_files(picture)
    expect(winner.page.locator("#chips")).to_contain_text("清单.png")
    shoot(winner.page, "work-2-writing")
    winner.page.locator("#send").click()
    for person in (visitor, loser):
        shown = person.page.locator("img[alt='清单.png']").first
        expect(shown).to_be_visible()
        assert shown.evaluate("async (img) => { await img.decode(); return img.naturalWidth }") > 100

    visitor.page.locator("#attach-file").set_input_files(picture)
    for one in (winner, loser):
        expect(one.page.locator(".message-files")).to_have_count(2)
        one.has_the_whole_talk(number)

    # Among officers only.
    winner.page.locator("#note").fill(NOTE)
    winner.page.get_by_role("button", name="记下").click()
    expect(loser.page.locator("#notes")).to_contain_text(NOTE)
    assert NOTE not in visitor.page.content()
    shoot(loser.page, "work-3-watching")
    assert winner.fits()
    assert loser.fits()

    hand_on(room, winner, loser, number, shoot)
    finish(room, loser, number, shoot)


def hand_on(room: Room, winner: Worker, loser: Worker, number: str, shoot: Shoot) -> None:
    """The case goes to the other officer while the first one's tab does not know it yet."""
    stale = winner.page
    stale.route(f"**/desk/cases/{number}", lambda route: route.abort())
    stale.locator("#reply").fill("这条不该发出去")
    winner.page = winner.new_page()
    winner.opens(number)
    winner.does("transfer", to=winner_option(winner, loser.title), note="企业急，今天就要回")
    expect(loser.page.locator("#alerts")).to_contain_text("转给您了")
    expect(loser.page.locator("#notes")).to_contain_text("企业急")
    stale.locator("#send").click()
    expect(stale.locator("#held")).to_contain_text("草稿留在这里")
    expect(stale.locator("#reply")).to_have_value("这条不该发出去")
    shoot(stale, "work-4-stale")
    room.visitor.hears(f"转由{loser.title}继续办理")
    expect(room.visitor.page.locator("#log")).not_to_contain_text("这条不该发出去")
    stale.close()


def winner_option(worker: Worker, title: str) -> str:
    """The value under which the list of people has `title`."""
    option = worker.page.locator("#transfer-to option", has_text=title)
    return option.first.get_attribute("value") or ""


def finish(room: Room, owner: Worker, number: str, shoot: Shoot) -> None:
    """The new owner corrects, tries out, loses the line, gives the talk to the bot and back, and closes."""
    page, visitor = owner.page, room.visitor
    expect(page.locator("#reply")).to_be_enabled()
    page.locator('[data-dialog="fact"][data-fact="amount_wan"]').click()
    sheet = page.locator("#dialog-fact")
    sheet.locator("[data-value] input").fill("200")
    sheet.locator("[name=reason]").fill("电话里说只要两百万")
    sheet.get_by_role("button", name="确定").click()
    expect(page.locator("#timeline")).to_contain_text("300万元 → 200万元")
    expect(page.locator(".corrected")).to_contain_text("电话里说只要两百万")

    page.locator('[data-dialog="what-if"]').click()
    sheet = page.locator("#dialog-what-if")
    sheet.locator("[data-facts]").select_option("is_cq_tech_enterprise")
    sheet.locator("[data-value] select").select_option("true")
    sheet.get_by_role("button", name="试算").click()
    expect(sheet.locator("#what-if-result tr[data-turned]").first).to_be_visible()
    shoot(page, "work-5-what-if")
    sheet.get_by_role("button", name="取消").click()
    expect(page.locator("#brief")).not_to_contain_text("已入库重庆市科技型企业：已入库")

    owner.context.set_offline(True)
    expect(page.locator("#live")).to_have_attribute("data-state", "broken")
    for words in ("在吗", "我把材料发您邮箱了"):
        visitor.says(words)
        visitor.hears(words)
    owner.context.set_offline(False)
    owner.live()
    expect(owner.talk().last).to_contain_text("发您邮箱")
    owner.has_the_whole_talk(number)

    owner.does("move", to="in_review", reason="材料齐了")
    visitor.hears("专员正在研究")
    owner.does("hand-back", reason="只剩政策问题")
    visitor.hears("接下来由我继续帮您")
    expect(page.locator("#reply")).to_be_hidden()
    page.get_by_role("button", name="接回对话").click()
    visitor.hears(f"{owner.title}回到您的办件")
    owner.does("move", to="submitted")
    owner.does("move", to="approved", reason="银行批了")
    expect(page.locator(".stops [aria-current]")).to_be_visible()
    owner.does("plan", stage="growth", text="营收过三千万", due_on="2027-11-01")
    expect(page.locator(".milestones")).to_contain_text("营收过三千万")
    shoot(page, "work-6-journey")
    owner.does("move", to="closed", reason="办完了")
    expect(page.locator("#reply")).to_be_hidden()
    visitor.page.get_by_role("button", name="★★★★★", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("5 星")
    expect(page.locator(".case-meta")).to_contain_text("5 星")
    owner.has_the_whole_talk(number)
    shoot(page, "work-7-closed")
    shoot(visitor.page, "work-8-stars")
