"""From the first sentence to the officer, at both sizes of the kiosk and on a phone."""

from __future__ import annotations

import re

import pytest
from kiosk_script import Script
from kiosk_stage import SENTENCE, OpenKiosk, Shoot, start
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def type_number(page: Page, digits: str, pad: str = "#pad") -> None:
    for digit in digits:
        page.locator(f"{pad} .key").filter(has_text=re.compile(f"^{re.escape(digit)}$")).click()


@pytest.mark.parametrize("size", ["upright", "wide", "phone"])
def test_from_the_first_sentence_to_the_officer(
    open_kiosk: OpenKiosk, script: Script, shoot: Shoot, size: str
) -> None:
    page = open_kiosk(size)
    expect(page.locator(".door")).to_have_count(4)
    shoot(page, f"{size}-1-welcome")
    start(page)

    expect(page.locator("#facts .fact")).to_have_count(7)
    expect(page.locator("[data-fact=amount_wan]")).to_contain_text("300万元")
    expect(page.locator("[data-fact=has_collateral]")).to_contain_text("没有")
    expect(page.locator("#ranking .ranked")).to_have_count(5)
    expect(page.locator(".offer").first).to_contain_text("企业创新积分贷")
    expect(page.locator(".offer .verdict").nth(2)).to_contain_text("满足已公布条件")

    expect(page.locator("#pad")).to_be_visible()
    expect(page.locator("#pad .pad-unit")).to_have_text("%")
    shoot(page, f"{size}-2-asked")
    type_number(page, "5.5")
    page.get_by_role("button", name="确定").click()
    expect(page.locator("[data-fact=rd_ratio_pct]")).to_contain_text("5.5%")
    expect(page.locator("#pad")).to_be_hidden()

    page.locator(".ranked[data-product=tiered_loan]").click()
    check = page.locator(".card.check")
    expect(check.locator(".clauses").first.locator("li")).to_have_count(5)
    expect(check.locator(".tally-count")).to_have_text(["2", "1", "1", "2"])
    expect(check.locator(".lesser")).to_contain_text("示例来源，gxq.cq.gov.cn")
    for status, word in {
        "holds": "满足",
        "fails": "不满足",
        "open": "待确认",
        "undisclosed": "未公开",
    }.items():
        row = check.locator(f".clauses li[data-status={status}]").first
        expect(row.locator(".clause-status")).to_have_text(word)
        expect(row.locator("svg use")).to_have_attribute("href", re.compile(f"#{status}$"))
    expect(check).to_contain_text("出处：渝高新发〔2024〕13号")
    shoot(page, f"{size}-3-check")
    page.get_by_role("button", name="已入库", exact=True).click()
    expect(page.locator("[data-fact=is_cq_tech_enterprise]")).to_contain_text("是")

    page.locator("#human").click()
    page.get_by_role("button", name="转给专员").click()
    expect(page.locator(".case-number")).to_have_text("KC20261124-0001")
    expect(page.locator("#human")).to_be_disabled()
    shoot(page, f"{size}-4-case")
    assert script.texts == [
        SENTENCE,
        "set:rd_ratio_pct:5.5",
        "check:tiered_loan",
        "set:is_cq_tech_enterprise:true",
        "human",
    ]


@pytest.mark.parametrize(
    ("door", "said"),
    [("funding", "intent:seek_funding"), ("check", "intent:check_eligibility"), ("human", "human")],
)
def test_each_way_in(open_kiosk: OpenKiosk, script: Script, door: str, said: str) -> None:
    page = open_kiosk()
    page.locator(f"[data-door={door}]").click()
    if door == "human":
        page.get_by_role("button", name="转给专员").click()
    expect(page.locator(".turn[data-who=bot] .bubble:not(.typing)").first).to_be_visible()
    assert script.texts == [said]


def test_policy_questions_begin_with_examples(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    page.locator("[data-door=policy]").click()
    page.get_by_role("button", name="创新积分制是什么？").click()
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("听到")
    assert script.texts == ["创新积分制是什么？"]


@pytest.mark.parametrize("size", ["upright", "wide"])
@pytest.mark.parametrize("large", [False, True])
def test_everything_to_touch_is_large_enough(open_kiosk: OpenKiosk, size: str, large: bool) -> None:
    page = open_kiosk(size)
    if large:
        page.locator("#large-type").click()
    small = """() => [...document.querySelectorAll('button, input, textarea')]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 56 || box.width < 56)
        .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    overflow = "() => document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(small) == []
    assert page.evaluate(overflow) <= 0
    start(page)
    expect(page.locator("#pad")).to_be_visible()
    assert page.evaluate(small) == []
    assert page.evaluate(overflow) <= 0
    page.locator("[data-fact=purpose]").click()
    expect(page.locator("#edit-sheet")).to_be_visible()
    assert page.evaluate(small) == []


def test_markup_stays_text(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    hostile = "<img src=x onerror='window.harm=1'><script>window.harm=1</script>"
    start(page, hostile)
    expect(page.locator(".turn[data-who=firm] .bubble")).to_have_text(hostile)
    expect(page.locator(".turn[data-who=bot]").last).to_contain_text("<script>")
    script.officer.append("<b onclick='x'>您好</b>")
    expect(page.locator(".turn[data-who=officer] .bubble")).to_have_text("<b onclick='x'>您好</b>")
    assert page.locator("#log img, #log script, #log b").count() == 0
    assert page.evaluate("window.harm") is None


def test_a_fact_is_corrected(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    page.locator("[data-fact=revenue_wan]").click()
    sheet = page.locator("#edit-sheet")
    expect(sheet).to_contain_text("现在记的是：1500万元")
    type_number(page, "12000", "#edit-pad")
    expect(sheet.locator(".pad-hint")).to_have_text("即 1.2 亿元")
    sheet.get_by_role("button", name="确定").click()
    expect(page.locator("[data-fact=revenue_wan]")).to_contain_text("1.2亿元")
    page.locator("[data-fact=has_collateral]").click()
    sheet.get_by_role("button", name="有", exact=True).click()
    expect(page.locator("[data-fact=has_collateral] .fact-value")).to_have_text("有")
    page.locator("[data-fact=industry]").click()
    sheet.locator("input").fill("生物医药")
    sheet.locator("input").press("Enter")
    expect(page.locator(".turn[data-who=firm]").last).to_contain_text("行业是生物医药")
    assert script.texts[1:] == [
        "set:revenue_wan:12000",
        "set:has_collateral:true",
        "更正一下，行业是生物医药",
    ]


def test_the_pad_refuses_what_cannot_be(open_kiosk: OpenKiosk, script: Script) -> None:
    page = open_kiosk()
    start(page)
    done = page.get_by_role("button", name="确定")
    expect(done).to_be_disabled()
    type_number(page, "300")
    expect(page.locator("#pad .pad-hint")).to_have_text("占比应在0–100%之间")
    expect(done).to_be_disabled()
    page.get_by_role("button", name="删除一位").click()
    expect(done).to_be_enabled()
    page.locator("#pad").get_by_role("button", name="不清楚").click()
    expect(page.locator("[data-fact=rd_ratio_pct]")).to_contain_text("不清楚")
    assert script.texts[1:] == ["skip:rd_ratio_pct"]


def test_large_type_and_high_contrast(open_kiosk: OpenKiosk, shoot: Shoot) -> None:
    page = open_kiosk("upright")
    before = page.locator(".door-note").first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    page.locator("#large-type").click()
    page.locator("#high-contrast").click()
    after = page.locator(".door-note").first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    assert after > before * 1.15
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    shoot(page, "upright-5-large")
