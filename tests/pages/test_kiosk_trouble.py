"""What goes wrong: a lost network, a lost answer, a dead engine, an ended session, nobody there."""

from __future__ import annotations

import pytest
from kiosk_script import Script
from kiosk_stage import SENTENCE, OpenKiosk, Shoot, start
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def write(page: Page, text: str) -> None:
    page.locator("#composer-text").fill(text)
    page.locator("#composer-text").press("Enter")


def bubbles(page: Page, who: str) -> list[str]:
    return page.locator(f".turn[data-who={who}] .bubble:not(.typing)").all_inner_texts()


def test_lines_sent_fast_stay_in_order(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    script.delay_s = 0.15
    start(page, "第一句")
    for text in ("第二句", "第三句", "第四句"):
        write(page, text)
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("第四句")
    expect(page.locator(".typing")).to_have_count(0)
    said = ["第一句", "第二句", "第三句", "第四句"]
    assert script.texts == said
    assert bubbles(page, "firm") == said
    assert bubbles(page, "bot") == [f"听到：{text}" for text in said]
    assert len({message["session"] for message in script.heard}) == 1


def test_a_lost_answer_is_asked_for_again_and_nothing_doubles(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    script.lose_answers = 2
    start(page, "你好")
    expect(page.locator(".sending")).to_contain_text("恢复后自动再发")
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("听到")
    expect(page.locator(".sending")).to_be_hidden()
    assert script.texts == ["你好"]
    assert bubbles(page, "bot") == ["听到：你好"]


def test_the_network_goes_and_comes_back(open_kiosk: OpenKiosk, script: Script, shoot: Shoot) -> None:
    page = open_kiosk()
    start(page, "第一句")
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("第一句")
    page.context.set_offline(True)
    expect(page.locator("#offline-notice")).to_be_visible()
    write(page, "第二句")
    write(page, "第三句")
    expect(page.locator(".sending").last).to_contain_text("还没送达")
    shoot(page, "wide-6-offline")
    assert script.texts == ["第一句"]
    page.context.set_offline(False)
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("第三句")
    expect(page.locator("#offline-notice")).to_be_hidden()
    assert script.texts == ["第一句", "第二句", "第三句"]


def test_a_dead_engine_is_said_and_an_officer_offered(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot
) -> None:
    script.engine = False
    page = open_kiosk()
    expect(page.locator("#engine-notice")).to_be_visible()
    start(page, "你好")
    page.locator("#human").click()
    page.get_by_role("button", name="转给专员").click()
    expect(page.locator(".case-number")).to_have_text("KC20261124-0001")
    shoot(page, "wide-7-engine")
    script.engine = True
    expect(page.locator("#engine-notice")).to_be_hidden()


def test_a_session_that_ended_begins_anew(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    script.known.clear()
    write(page, "还在吗")
    expect(page.locator(".bubble.note")).to_contain_text("重新记录")
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("还在吗")
    expect(page.locator("#facts .fact")).to_have_count(0)
    assert script.texts == [SENTENCE, "还在吗"]


def test_nobody_there_is_asked_then_wiped(open_kiosk: OpenKiosk, script: Script, shoot: Shoot) -> None:
    page = open_kiosk(clock=True)
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    page.locator("#large-type").click()
    page.clock.fast_forward(91_000)
    expect(page.locator("#idle-sheet")).to_be_visible()
    shoot(page, "wide-8-idle")
    page.locator("#idle-stay").click()
    expect(page.locator("#idle-sheet")).to_be_hidden()
    expect(page.locator("#facts .fact")).to_have_count(7)

    page.clock.fast_forward(91_000)
    expect(page.locator("#countdown")).to_have_text("14")
    page.clock.fast_forward(15_000)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#idle-sheet")).to_be_hidden()
    assert bubbles(page, "firm") == []
    assert page.locator("#facts .fact").count() == 0
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    assert page.evaluate("document.documentElement.dataset.type") is None
    assert SENTENCE not in page.content()
    expect(page.locator("#human")).to_be_enabled()
    assert script.ended == [script.session(1)]


def test_nothing_comes_back_by_reload_or_back(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    write(page, "写到一半")
    page.locator("#composer-text").fill("没写完的话")
    page.reload()
    expect(page.locator("#welcome")).to_be_visible()
    assert bubbles(page, "firm") == []
    assert page.locator("#composer-text").input_value() == ""
    page.goto("about:blank")
    page.go_back()
    expect(page.locator("#welcome")).to_be_visible()
    assert bubbles(page, "firm") == []
    assert script.session(1) in script.ended


def test_start_again_asks_first(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    page.locator("#restart").click()
    page.get_by_role("button", name="继续对话").click()
    expect(page.locator("#facts .fact")).to_have_count(7)
    page.locator("#restart").click()
    page.get_by_role("button", name="清除并重新开始").click()
    expect(page.locator("#welcome")).to_be_visible()
    page.locator("#starter-text").fill("新的人")
    page.locator("#starter .send").click()
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("新的人")
    assert bubbles(page, "firm") == ["新的人"]
    assert [message["session"] for message in script.heard] == [script.session(1), script.session(2)]


def test_an_answer_that_comes_after_the_wipe_is_nobodys(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    script.delay_s = 0.6
    start(page, "慢一点")
    page.locator("#restart").click()
    page.get_by_role("button", name="清除并重新开始").click()
    expect(page.locator("#welcome")).to_be_visible()
    with page.expect_request(lambda request: request.method == "DELETE"):
        pass
    assert bubbles(page, "bot") == []
