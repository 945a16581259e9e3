"""People at their screens: officers with a page of the desk, and somebody at the kiosk."""

from __future__ import annotations

from typing import Any

from conftest import watch
from desk_stage import PASSWORD, DeskStage
from kiosk_stage import SENTENCE, start
from playwright.sync_api import Browser, BrowserContext, Page, expect


class Person:
    """One browser profile with one page; `faults` gathers what went wrong in it."""

    def __init__(self, browser: Browser, desk: DeskStage, size: tuple[int, int]) -> None:
        self.desk = desk
        self.faults: list[str] = []
        width, height = size
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
        )
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        watch(page, self.desk.origin, self.faults)
        return page

    def fits(self) -> bool:
        """Nothing sticks out sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


class Worker(Person):
    """Somebody who is logged in to the desk."""

    def __init__(
        self, browser: Browser, desk: DeskStage, name: str, title: str, size: tuple[int, int] = (1280, 800)
    ) -> None:
        super().__init__(browser, desk, size)
        self.title = title
        self.page.goto(f"{desk.origin}/desk")
        self.page.get_by_label("登录名").fill(name)
        self.page.get_by_label("口令").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".officer")).to_have_text(title)
        self.live()

    def live(self) -> None:
        expect(self.page.locator("#live")).to_have_attribute("data-state", "live")

    def opens(self, number: str) -> None:
        self.page.goto(f"{self.desk.origin}/desk/cases/{number}")
        self.live()

    def says(self, text: str) -> None:
        self.page.locator("#reply").fill(text)
        self.page.keyboard.press("Control+Enter")

    def does(self, sheet: str, **fields: str) -> None:
        """Opens a dialog, fills it in and confirms; it must close."""
        if "to" in fields:
            # What may be chosen follows what was done before, once the page has learnt of it.
            offered = f'#dialog-{sheet} [name="to"][value="{fields["to"]}"], option[value="{fields["to"]}"]'
            expect(self.page.locator(offered)).not_to_have_count(0)
        self.page.locator(f'[data-dialog="{sheet}"]').first.click()
        dialog = self.page.locator(f"#dialog-{sheet}")
        for name, value in fields.items():
            field = dialog.locator(f'[name="{name}"]')
            if field.first.get_attribute("type") == "radio":
                dialog.locator(f'[name="{name}"][value="{value}"]').check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        dialog.get_by_role("button", name="确定").click()
        expect(dialog).to_be_hidden()

    def talk(self) -> Any:
        return self.page.locator("#messages li[data-seq]")

    def has_the_whole_talk(self, number: str) -> None:
        """The page shows each message of the server's list once and in its order, with its words."""
        answer = self.page.request.get(f"{self.desk.origin}/desk/api/cases/{number}/talk")
        server = [(str(one["seq"]), one["author"]) for one in answer.json()]
        expect(self.talk()).to_have_count(len(server))
        shown = self.talk().evaluate_all("rows => rows.map((row) => [row.dataset.seq, row.dataset.author])")
        assert [tuple(row) for row in shown] == server


class Visitor(Person):
    """Somebody at the kiosk."""

    def __init__(self, browser: Browser, desk: DeskStage, size: tuple[int, int] = (1280, 800)) -> None:
        super().__init__(browser, desk, size)
        self.page.goto(f"{desk.origin}/kiosk")

    def asks_for_a_human(self) -> str:
        """Says what it is about and asks for an officer; returns the number of the case."""
        start(self.page, SENTENCE)
        expect(self.page.locator('.turn[data-who="bot"]').first).to_be_visible()
        self.page.locator("#human").click()
        self.page.locator("#human-yes").click()
        expect(self.page.locator("#human span")).to_have_text("已转陪跑专员")
        words = self.page.locator("#log").inner_text()
        return words[words.index("KC") :][:15]

    def says(self, text: str) -> None:
        self.page.locator("#composer-text").fill(text)
        self.page.keyboard.press("Enter")

    def hears(self, text: str) -> None:
        expect(self.page.locator("#log")).to_contain_text(text)
