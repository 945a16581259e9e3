"""The app with its real database, login and desk, around a dialogue that says one thing; and its people."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from kiosk_script import CHECK, FACTS, PRODUCTS, RANKING, SAID, tiny_catalog
from kiosk_stage import SENTENCE
from litestar import Litestar
from page_server import PageServer

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.officers import add_officer
from bot.cases.routing import Traits
from bot.cases.sealing import load_sealer
from bot.catalog.load import load_catalog
from bot.catalog.model import Catalog
from bot.conversation.dialogue import Correction, FactError, PayloadError, Said
from bot.conversation.live import LiveDialogue
from bot.conversation.wire import Reply, TurnOutput
from bot.decision.judge import Decider
from bot.desk.routes import create_desk_router
from bot.dialogue.turn import Current, Services
from bot.settings import Settings
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader
from bot.web.app import assemble, make_services
from bot.web.pages import create_pages_router

CATALOG = Path(__file__).parents[2] / "catalog"
NAME, PASSWORD, TITLE = "zhuanyuan", "a long enough password", "专员甲"
SECOND, SECOND_TITLE = "erhao", "专员乙"
# Login, title and role of everybody who works here.
STAFF = (
    (NAME, TITLE, "officer"),
    (SECOND, SECOND_TITLE, "officer"),
    ("zuzhang", "组长丙", "lead"),
    ("shenji", "审计丁", "auditor"),
    ("guanli", "管理员戊", "admin"),
)
HOSTILE = "<img src=x onerror='window.harm=1'>你们有哪几家合作银行"
WORDS = {
    "amount_wan": "想贷300万周转",
    "has_collateral": "没抵押",
    "revenue_wan": "去年营收1500万",
    "industry": HOSTILE,
}
EXPECTED = [
    {
        "id": f"expected.{place}",
        "kind": "expect",
        "text": "没有重大违法或严重失信记录(合作银行的信贷准入一般会看)",
        "status": "open",
        "source": "《重庆高新区科企梯度贷管理办法》(渝高新发〔2024〕13号),2024-06-18,http://gxq.cq.gov.cn/x.html",
    }
    for place in range(5)
]
BRIEF = {
    "need": SENTENCE,
    "facts": [
        {
            "fact": name,
            "name": FACTS[name].name,
            "value_text": FACTS[name].title_of(value),
            "said": WORDS.get(name, ""),
        }
        for name, value in SAID.items()
    ],
    "product": "tiered_loan",
    "check": {
        "product": "tiered_loan",
        "name": PRODUCTS["tiered_loan"],
        "verdict": "unknown",
        "limit_wan": None,
        "clauses": [{**clause, "id": clause["text"]} for clause in CHECK["clauses"][:4]] + EXPECTED,
        "undisclosed": ["各层级额度", "利率", "担保费率", "合作银行的准入要求"],
        "gaps": [],
    },
    "ranking": [
        {"product": product, "name": PRODUCTS[product], "verdict": verdict, "reasons": reasons}
        for product, verdict, reasons in RANKING
    ],
    "open_points": ["待确认:已入库重庆市科技型企业", "未公开:各层级额度", f"没答上来的问题:{HOSTILE}"],
    "catalog_version": "test",
    "as_of": "2026-11-24",
}


class OneDialogue:
    """Answers everything alike; `human` hands over."""

    catalog_version = "test"

    def parse_payload(self, payload: str) -> dict[str, Any]:
        if payload != "human":
            raise PayloadError(payload)
        return {"intent": "request_human"}

    def engine_down(self, state: dict[str, Any], text: str, today: date) -> TurnOutput:
        return TurnOutput([Reply("理解服务这会儿没有回应,您写的已经记下。")], {"facts": SAID})

    def direct(self, key: str, state: dict[str, Any], context: dict[str, Any], today: date) -> TurnOutput:
        handover = {"kind": "handover", "reason": "firm_asked", "product": "tiered_loan"}
        return TurnOutput([], state, [handover])

    def brief(self, state: dict[str, Any], today: date) -> dict[str, Any]:
        return BRIEF

    def case_created(self, number: str, first_reply_by: date, opinion_by: date, note: str) -> str:
        return f"已为您转陪跑专员,编号 {number}。"

    def traits(self, product: str | None, state: dict[str, Any]) -> Traits:
        return Traits(product)

    def correct(self, state: dict[str, Any], fact: str, value: Any, today: date) -> Correction:
        if value == "nonsense":
            raise FactError("没有这个值。")
        facts = dict(state.get("facts") or {})
        old = facts.get(fact)
        facts[fact] = value
        return Correction({**state, "facts": facts}, fact, old, value, str(old), str(value))

    def after_human(
        self, state: dict[str, Any], said: Sequence[Said], today: date, *, goes_on: bool
    ) -> TurnOutput:
        heard = [one.text for one in said if one.author == "firm"]
        replies = [Reply(f"听到了：{'；'.join(heard)}")] if goes_on else []
        return TurnOutput(replies, {**state, "heard": [*state.get("heard", []), *heard]})


class Silent:
    """No passages: nothing is asked here that needs them."""

    def answer(self, question: str, k: int = 3) -> list[object]:
        return []

    def compose(self, question: str, hits: object) -> str:
        return ""


def live_dialogue() -> tuple[LiveDialogue, Catalog]:
    decider = Decider(load_catalog(CATALOG))
    reader = trained_reader(lexicon_of(decider.catalog))
    return LiveDialogue(Current(Services(decider, reader, Silent()))), decider.catalog


async def hire(database: Database) -> None:
    """Everybody; only the first officer is on duty, so that it is known whom a case is offered to."""
    await upgrade(database)
    async with database.write() as session:
        for name, title, role in STAFF:
            officer = await add_officer(session, name, PASSWORD, title=title, role=role)
            officer.on_duty = name == NAME
    await database.close()


class DeskStage(PageServer):
    """A service without an engine that is open day and night."""

    def __init__(self, folder: Path, *, live: bool = False) -> None:
        """With `live`, the real dialogue on the real policy data answers; what needs the engine is down."""
        self.folder = folder
        settings = Settings(
            data_dir=folder,
            engine_secret="secret",
            engine_url="http://127.0.0.1:9",
            keys=base64.b64encode(b"k" * 32).decode(),
            work_hours="always",
            settle_ms={"web": 0, "kiosk": 0},
        )
        sealer = load_sealer(settings)
        # In a thread of its own: Playwright's synchronous side occupies this one's event loop.
        hiring = threading.Thread(target=lambda: asyncio.run(hire(Database(settings.database, sealer))))
        hiring.start()
        hiring.join()
        dialogue, catalog = live_dialogue() if live else (OneDialogue(), tiny_catalog())
        services = make_services(settings, dialogue, sealer)
        pages = [create_pages_router(lambda: catalog, idle_s=3600), create_desk_router(lambda: catalog)]
        self.app: Litestar = assemble(services, sealer, pages)
        super().__init__(self.app)

    def hand_over(self) -> str:
        """A firm writes and asks for an officer; returns the number of its case."""
        with httpx.Client(base_url=self.origin, timeout=20) as client:
            session = None
            for message in ({"text": SENTENCE}, {"text": HOSTILE}, {"payload": "human"}):
                answer = client.post("/api/v1/chat", json={"session": session, **message})
                answer.raise_for_status()
                session = answer.json()["session"]
        number: str = answer.json()["state"]["case"]["number"]
        return number
