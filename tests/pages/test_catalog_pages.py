"""The policy data at the desk in a browser: read, checked, offered, taken into use."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SIZES, watch
from kiosk_stage import Shoot
from page_server import PageServer
from playwright.sync_api import Browser, Page, expect

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.officers import add_officer
from bot.cases.sealing import load_sealer
from bot.catalog.load import load_catalog
from bot.conversation.live import LiveDialogue
from bot.decision.judge import Decider
from bot.desk.catalog_routes import create_catalog_router
from bot.desk.routes import create_desk_router
from bot.dialogue.turn import Current, Services
from bot.policy.desk import PolicyDesk
from bot.settings import Settings
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader
from bot.web.app import assemble, make_services
from bot.web.pages import create_pages_router

pytestmark = pytest.mark.browser

CATALOG = Path(__file__).parents[2] / "catalog"
PASSWORD = "a long enough password"
FILE = "tiered_loan.yml"


class Silent:
    """No passages: the pages show none."""

    def answer(self, question: str, k: int = 3) -> list[object]:
        return []

    def compose(self, question: str, hits: object) -> str:
        return ""


async def hire(database: Database) -> None:
    await upgrade(database)
    async with database.write() as session:
        await add_officer(session, "fuzeren", PASSWORD, title="负责人", role="lead")
        await add_officer(session, "zhuanyuan", PASSWORD, title="专员甲")
    await database.close()


class CatalogStage(PageServer):
    """The desk on the real policy data."""

    def __init__(self, folder: Path) -> None:
        keys = base64.b64encode(b"k" * 32).decode()
        settings = Settings(
            data_dir=folder, engine_secret="secret", engine_url="http://127.0.0.1:9", keys=keys
        )
        sealer = load_sealer(settings)
        hiring = threading.Thread(target=lambda: asyncio.run(hire(Database(settings.database, sealer))))
        hiring.start()
        hiring.join()
        reader = trained_reader(lexicon_of(load_catalog(CATALOG)))

        def load(where: Path, *, like: Services | None = None) -> Services:
            return Services(Decider(load_catalog(where)), reader, Silent())

        current = Current(load(CATALOG))
        services = make_services(settings, LiveDialogue(current), sealer)
        policy = PolicyDesk(services.database, current, CATALOG, load)
        routers = [
            create_pages_router(lambda: policy.catalog),
            create_desk_router(lambda: policy.catalog),
            create_catalog_router(policy),
        ]
        super().__init__(assemble(services, sealer, routers, policy))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[CatalogStage]:
    running = CatalogStage(tmp_path_factory.mktemp("catalog"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, stage: CatalogStage, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = SIZES[getattr(request, "param", "desk")]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    faults: list[str] = []
    watch(opened, stage.origin, faults)
    yield opened
    context.close()
    assert faults == []


def log_in(page: Page, stage: CatalogStage, name: str) -> None:
    page.goto(f"{stage.origin}/desk/login")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("口令").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".officer")).to_be_visible()


def fits(page: Page) -> bool:
    """Nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("page", ["desk", "tablet"], indirect=True)
def test_an_officer_reads_products_cards_and_sources(
    page: Page, stage: CatalogStage, shoot: Shoot, request: pytest.FixtureRequest
) -> None:
    size = request.node.callspec.params["page"]
    log_in(page, stage, "zhuanyuan")
    page.get_by_role("link", name="政策资料").click()
    expect(page.locator("tbody tr")).to_have_count(17)
    assert fits(page)
    shoot(page, f"catalog-1-products-{size}")
    page.get_by_role("link", name="科企梯度贷").click()
    expect(page.locator("h1")).to_have_text("科企梯度贷")
    expect(page.locator(".rules").first).to_contain_text("2024-06-18 起")
    assert fits(page)
    shoot(page, f"catalog-2-product-{size}")
    page.get_by_role("link", name="自查表").click()
    page.locator("summary").first.click()
    expect(page.locator("details[open] .rules").first).to_be_visible()
    assert fits(page)
    shoot(page, f"catalog-3-cards-{size}")
    page.get_by_role("link", name="出处").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert fits(page)
    shoot(page, f"catalog-4-sources-{size}")
    page.get_by_role("link", name="版本").click()
    expect(page.locator("#files")).to_have_count(0)


def test_a_lead_offers_a_version_and_takes_it_into_use(
    page: Page, stage: CatalogStage, shoot: Shoot, tmp_path: Path
) -> None:
    log_in(page, stage, "fuzeren")
    page.goto(f"{stage.origin}/desk/catalog/versions")
    text = (CATALOG / "products" / FILE).read_text("utf-8")
    offered = tmp_path / FILE
    offered.write_text(text.replace("kind: must", "kind: perhaps", 1), "utf-8")
    page.get_by_label("文件").set_input_files(offered)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("alert")).to_contain_text("没有收下")
    expect(page.locator(".fault-word").first).to_be_visible()
    shoot(page, "catalog-5-faults")

    offered.write_text(text.replace("aliases: [", "aliases: [科企梯度新贷, ", 1), "utf-8")
    page.get_by_label("文件").set_input_files(offered)
    page.get_by_label("改了什么").fill("梯度贷有了新的叫法")
    page.get_by_role("button", name="检查").click()
    expect(page.locator(".differences")).to_contain_text("科企梯度新贷")
    expect(page.locator(".notice-line")).to_contain_text("重新启动")
    assert fits(page)
    shoot(page, "catalog-6-review")
    page.get_by_role("button", name="确认启用").click()
    current = page.locator("tbody tr").filter(has_text="正在使用")
    expect(current).to_contain_text("梯度贷有了新的叫法")
    expect(current).to_contain_text("负责人")
    assert fits(page)
    shoot(page, "catalog-7-versions")
    page.get_by_role("link", name="查看并恢复").click()
    page.get_by_role("button", name="确认启用").click()
    expect(page.locator("tbody tr").filter(has_text="正在使用")).to_contain_text("随程序发布")
