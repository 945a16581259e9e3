"""The result taken along: by a code for another channel, and on paper."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from kiosk_script import CODE, KIOSKS, Script
from kiosk_stage import OpenKiosk, Shoot, start
from playwright.sync_api import Page, expect

from bot.channels.links import qr_rows

pytestmark = pytest.mark.browser

MM = 72 / 25.4
# What the QR code on the page shows, field by field.
QR_FIELDS = """(svg) => {
  const size = svg.viewBox.baseVal.width, path = svg.querySelector('path'), rows = [];
  for (let y = 0; y < size; y++) {
    let row = '';
    for (let x = 0; x < size; x++) row += path.isPointInFill(new DOMPoint(x + .5, y + .5)) ? '1' : '0';
    rows.push(row);
  }
  return rows;
}"""


def check(page: Page) -> None:
    start(page)
    page.locator(".ranked[data-product=tiered_loan]").tap()
    expect(page.locator(".card.check")).to_be_visible()


@pytest.mark.parametrize("size", ["upright", "wide"])
def test_the_codes_are_shown_once_there_is_a_result(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot, size: str
) -> None:
    page = open_kiosk(size, kiosk="a1")
    expect(page.locator("#take")).to_be_hidden()
    expect(page.locator("#place")).to_have_text(KIOSKS["a1"])
    check(page)
    assert script.kiosks == ["a1", "a1"]
    page.locator("#take").tap()
    expect(page.locator("#take-code")).to_have_text(CODE)
    expect(page.locator("#take-left")).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    expect(page.locator(".qr")).to_have_count(2)
    assert page.locator(".qr").first.evaluate(QR_FIELDS) == qr_rows(f"https://wechat.example/{CODE}")
    assert script.links == [script.session(1)]
    shoot(page, f"{size}-9-take")
    page.locator("#take-sheet").get_by_role("button", name="好了").tap()
    expect(page.locator("#take-sheet")).to_be_hidden()
    expect(page.locator("#take-code")).to_have_text("")
    assert CODE not in page.content()
    page.locator(".card-take button").tap()
    expect(page.locator("#take-code")).to_have_text(CODE)
    assert script.links == [script.session(1)] * 2


@pytest.mark.parametrize("size", ["upright", "wide"])
def test_all_of_it_is_in_sight_in_large_type_too(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot, size: str
) -> None:
    page = open_kiosk(size, kiosk="a1")
    page.locator("#large-type").tap()
    check(page)
    for name in ("#large-type", "#staff", "#take", "#human"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    shoot(page, f"{size}-14-large-talk")
    page.locator("#take").tap()
    expect(page.locator("#take-code")).to_have_text(CODE)
    shoot(page, f"{size}-14-large-take")
    for name in (".qr >> nth=1", "#take-code", "#take-print", "#take-sheet .strong"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    small = page.locator("#take-sheet button:visible").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).filter((box) => box.height < 56)"
    )
    assert small == []


def test_a_code_that_is_over_is_said_and_another_one_made(open_kiosk: OpenKiosk, script: Script) -> None:
    script.code_lasts = timedelta(seconds=4)
    page = open_kiosk()
    check(page)
    page.locator("#take").tap()
    expect(page.locator("#take-wait")).to_have_text("接续码已经过期。")
    expect(page.locator(".qr")).to_have_count(0)
    script.code_lasts = timedelta(minutes=10)
    page.locator("#take-again").tap()
    expect(page.locator("#take-code")).to_have_text(CODE)


def test_without_another_channel_or_network_the_slip_is_left(open_kiosk: OpenKiosk, script: Script) -> None:
    script.ways = {}
    page = open_kiosk()
    check(page)
    page.locator("#take").tap()
    expect(page.locator("#take-wait")).to_contain_text("请打印小票带走")
    expect(page.locator("#take-code-part")).to_be_hidden()
    page.locator("#take-sheet").get_by_role("button", name="好了").tap()
    page.context.set_offline(True)
    page.locator("#take").tap()
    expect(page.locator("#take-wait")).to_contain_text("现在取不到接续码")
    expect(page.locator("#take-print")).to_be_enabled()


def printed(page: Page) -> None:
    """Presses the button; the dialog that `window.print` would open is not there in tests."""
    page.evaluate("window.print = () => { window.prints = (window.prints ?? 0) + 1; }")
    page.locator("#take-print").tap()
    page.wait_for_function("window.prints > 0")


def test_the_slip_is_one_piece_of_80_mm_paper(open_kiosk: OpenKiosk, script: Script, shoot: Shoot) -> None:
    page = open_kiosk("upright", kiosk="a1")
    check(page)
    page.locator("#human").tap()
    page.locator("#human-yes").tap()
    expect(page.locator(".case-number")).to_be_visible()
    page.locator("#take").tap()
    printed(page)
    slip = page.locator("#slip").text_content() or ""
    for words in (
        "金融便利店一楼",
        "编号 KC20261124-0001",
        "科企梯度贷",
        "预审结果：待确认",
        "✗不满足 注册满一年（示例条款）",
        "？待确认 已入库重庆市科技型企业系统",
        "还缺什么·已入库重庆市科技型企业系统",
        "合作银行的信贷准入要求、利率和担保费率",
        "渝高新发〔2024〕13号，重庆高新区管委会，2024-06-18",
        "这是按公开条件做的预审，不是审批结果",
    ):
        assert words in slip
    assert re.search(r"20\d\d年\d+月\d+日 \d\d:\d\d", slip)
    # What the firm wrote stays off the paper that may be left lying.
    assert "300" not in slip
    assert "芯片" not in slip

    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert len(boxes) == 1, "one piece"
    width, height = (float(side) / MM for side in boxes[0])
    assert abs(width - 80) < 0.5
    assert 100 < height < 400

    page.locator("#take-sheet").get_by_role("button", name="好了").tap()
    page.set_viewport_size({"width": 302, "height": round(height / 25.4 * 96)})
    page.emulate_media(media="print")
    shoot(page, "slip-80mm")
    seen = page.locator("body > :visible").evaluate_all("(all) => all.map((one) => one.id)")
    assert seen == ["slip"]


def test_a_check_that_is_older_than_what_was_said_is_called_so(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot
) -> None:
    page = open_kiosk()
    check(page)
    page.locator("#take").tap()
    expect(page.locator("#take-code")).to_have_text(CODE)
    expect(page.locator("#take-stale")).to_be_hidden()
    page.locator("#take-sheet").get_by_role("button", name="好了").tap()
    page.get_by_role("button", name="已入库", exact=True).tap()
    expect(page.locator("[data-fact=is_cq_tech_enterprise]")).to_contain_text("是")
    page.locator("#take").tap()
    expect(page.locator("#take-stale")).to_be_visible()
    expect(page.locator("#take-code")).to_have_text(CODE)
    shoot(page, "wide-15-take-stale")
    printed(page)
    assert "补充情况之前的对照" in (page.locator("#slip").text_content() or "")
    page.locator("#take-recheck").tap()
    expect(page.locator(".card.check")).to_have_count(2)
    page.locator("#take").tap()
    expect(page.locator("#take-stale")).to_be_hidden()
    printed(page)
    assert "补充情况之前的对照" not in (page.locator("#slip").text_content() or "")
    assert script.texts[-1] == "check:tiered_loan"


def test_without_a_check_the_slip_lists_the_products(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    page.locator("#take").tap()
    printed(page)
    slip = page.locator("#slip").text_content() or ""
    assert "3.科企梯度贷：满足已公布条件" in slip
    assert "预审不等于审批" in slip


def test_a_wipe_leaves_nothing_to_take(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk(clock=True)
    check(page)
    page.locator("#take").tap()
    expect(page.locator("#take-code")).to_have_text(CODE)
    printed(page)
    page.clock.fast_forward(91_000)
    expect(page.locator("#idle-sheet")).to_be_visible()
    page.clock.fast_forward(16_000)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#take-sheet")).to_be_hidden()
    expect(page.locator("#take")).to_be_hidden()
    assert page.locator("#slip").text_content() == ""
    assert CODE not in page.content()
    assert script.ended == [script.session(1)]
