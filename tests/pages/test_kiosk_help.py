"""Help at the screen: reading aloud, calling the staff, one's own data, the screen without a server."""

from __future__ import annotations

import pytest
from kiosk_script import Script
from kiosk_stage import OpenKiosk, Shoot, start
from playwright.sync_api import Page, expect

from bot.channels.consent import VERSION, notice

pytestmark = pytest.mark.browser

# A voice where the browser of the tests has none: notes what is spoken and ends when it is told to.
VOICE = """
  window.spoken = []; window.stops = 0; window.queue = [];
  const voice = { lang: 'zh-CN', name: 'x', default: true, localService: true, voiceURI: 'x' };
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [voice],
    addEventListener() {},
    speak(one) { window.spoken.push(one.text); window.queue.push(one); },
    cancel() { window.stops += 1; window.queue = []; },
  } });
  window.finish = () => { const all = window.queue; window.queue = []; all.forEach((one) => one.onend?.()); };
"""
NO_VOICE = "Object.defineProperty(window, 'speechSynthesis', { value: undefined });"


def aloud(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.spoken")
    return found


def test_an_answer_is_read_aloud_on_demand(open_kiosk: OpenKiosk, script: Script, shoot: Shoot) -> None:
    page = open_kiosk("upright", before=VOICE)
    start(page)
    page.locator(".ranked[data-product=tiered_loan]").tap()
    expect(page.locator(".card.check")).to_be_visible()
    assert aloud(page) == []
    question = page.locator(".turn[data-who=bot]").last.locator(".aloud")
    question.tap()
    expect(question).to_have_attribute("aria-pressed", "true")
    shoot(page, "upright-10-aloud")
    assert aloud(page) == ["贵公司入库重庆市科技型企业了吗？"]
    page.evaluate("window.finish()")
    expect(question).to_have_attribute("aria-pressed", "false")

    other = page.locator(".aloud").first
    question.tap()
    other.tap()
    expect(question).to_have_attribute("aria-pressed", "false")
    expect(other).to_have_attribute("aria-pressed", "true")
    before = page.evaluate("window.stops")
    other.tap()
    expect(other).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.stops") == before + 1

    other.tap()
    page.locator("#restart").tap()
    page.locator("#restart-yes").tap()
    expect(page.locator("#welcome")).to_be_visible()
    assert page.evaluate("window.queue.length") == 0


def test_signs_and_sources_are_not_read(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk(before=VOICE)
    text = "【科企梯度贷】预审结果：待确认\\n✓ 满足：在高新区〔1〕\\n？ 待确认：入库〔2〕\\n出处：〔1〕某通知"
    module = page.locator("html").get_attribute("data-static")
    read = page.evaluate(
        f"import('{module}/kiosk/speech.js').then(({{ spoken }}) => spoken('{text}').map((one) => "
        "one.replace(/ +/g, ' ')))"
    )
    assert read == ["科企梯度贷 预审结果：待确认", "满足：在高新区", "待确认：入库"]


def test_without_a_voice_there_is_no_such_button(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk(before=NO_VOICE)
    start(page)
    expect(page.locator(".turn[data-who=bot]").first).to_be_visible()
    assert page.locator(".aloud:visible").count() == 0


@pytest.mark.parametrize("size", ["upright", "wide"])
def test_the_staff_is_called_once(open_kiosk: OpenKiosk, script: Script, shoot: Shoot, size: str) -> None:
    page = open_kiosk(size, kiosk="a1", clock=True)
    page.locator("#staff").tap()
    expect(page.locator("#staff-sheet")).to_be_visible()
    page.locator("#staff-close").tap()
    assert script.called == []
    page.locator("#staff").tap()
    page.locator("#staff-yes").tap()
    expect(page.locator("#staff-title")).to_have_text("已呼叫工作人员")
    shoot(page, f"{size}-11-called")
    page.locator("#staff-close").tap()
    expect(page.locator("#staff")).to_have_text("已呼叫")
    expect(page.locator("#staff")).to_be_disabled()
    assert script.called == ["a1"]
    page.clock.fast_forward(61_000)
    expect(page.locator("#staff")).to_be_enabled()
    expect(page.locator("#staff")).to_have_text("呼叫工作人员")


def test_a_call_that_reaches_nobody_is_said(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    page.context.set_offline(True)
    page.locator("#staff").tap()
    page.locator("#staff-yes").tap()
    expect(page.locator("#staff-words")).to_contain_text("请直接到服务台")
    page.locator("#staff-close").tap()
    expect(page.locator("#staff")).to_be_enabled()


def test_the_notice_comes_with_the_first_answer_and_can_be_taken_back(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot
) -> None:
    script.notice = {"text": notice().text, "card": notice().card}
    page = open_kiosk("upright")
    page.locator("#privacy").tap()
    expect(page.locator("#privacy-text")).to_contain_text(f"{VERSION}版")
    expect(page.locator("#privacy-withdraw")).to_be_hidden()
    page.locator("#privacy-sheet").get_by_role("button", name="知道了").tap()
    start(page, "你好")
    expect(page.locator(".bubble.note")).to_contain_text(f"{VERSION}版")
    start_over = page.locator(".bubble.note").count()
    page.locator("#composer-text").fill("再说一句")
    page.locator("#composer-text").press("Enter")
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("再说一句")
    assert page.locator(".bubble.note").count() == start_over == 1
    page.locator("#privacy").tap()
    shoot(page, "upright-12-privacy")
    page.locator("#privacy-withdraw").tap()
    expect(page.locator("#privacy-sheet")).to_be_hidden()
    expect(page.locator(".turn[data-who=firm]").last).to_contain_text("撤回同意")
    page.locator("#privacy").tap()
    page.locator("#privacy-data").tap()
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("我的信息")
    assert script.texts == ["你好", "再说一句", "consent:withdraw", "intent:manage_data"]


@pytest.mark.parametrize("kiosk", ["a1", ""])
def test_nothing_is_saved_or_opened_at_a_screen_that_many_use(
    open_kiosk: OpenKiosk, script: Script, kiosk: str
) -> None:
    script.files = [{"key": "k", "name": "清单.pdf", "media_type": "application/pdf"}]
    page = open_kiosk(kiosk=kiosk)
    start(page)
    expect(page.locator("#facts .fact")).to_have_count(7)
    script.officer.append("请看清单")
    expect(page.locator(".turn[data-who=officer]")).to_contain_text("清单.pdf")
    page.locator("#privacy").tap()
    page.locator("#privacy-data").tap()
    page.get_by_role("button", name="导出").tap()
    words = "在手机上接着谈" if kiosk else "下载我的记录"
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text(words)
    assert page.locator("#log a").count() == (0 if kiosk else 2)


@pytest.mark.parametrize("size", ["upright", "wide"])
def test_without_a_server_the_welcome_screen_says_so_and_comes_back(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot, size: str
) -> None:
    page = open_kiosk(size)
    expect(page.locator(".door")).to_have_count(4)
    page.locator("[data-door=human]").tap()
    page.context.set_offline(True)
    expect(page.locator("#away")).to_be_visible()
    expect(page.locator("#human-sheet")).to_be_hidden()
    shoot(page, f"{size}-13-away")
    page.context.set_offline(False)
    expect(page.locator("#away")).to_be_hidden()
    start(page, "你好")
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("你好")
    page.context.set_offline(True)
    expect(page.locator("#offline-notice")).to_be_visible()
    expect(page.locator("#away")).to_be_hidden()
    page.locator("#restart").tap()
    page.locator("#restart-yes").tap()
    expect(page.locator("#away")).to_be_visible()
