"""A chat API that answers from a script, behind the real kiosk page: what the page's tests talk to."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Litestar, Request, Response, delete, get, post
from litestar.response import ServerSentEvent, ServerSentEventMessage

from bot.catalog.model import Catalog, Choice, Contact, FactSpec, Product, Sourced
from bot.channels.links import qr_rows
from bot.web.pages import create_pages_router
from bot.web.security import add_security_headers

PRODUCTS = {
    "knowledge_value_loan": "知识价值信用贷",
    "innovation_points_loan": "企业创新积分贷",
    "kechuangbao": "科创保",
    "tiered_loan": "科企梯度贷",
    "ip_pledge_loan": "知识产权质押融资",
}

FACTS = {
    "amount_wan": FactSpec(type="money", name="想融资的金额", unit="万元", group="contract"),
    "purpose": FactSpec(
        type="choice",
        name="资金用途",
        group="contract",
        choices=[Choice(value="working_capital", title="流动资金"), Choice(value="rd", title="研发")],
    ),
    "has_collateral": FactSpec(type="flag", name="有无抵押物", group="contract", titles=["有", "没有"]),
    "industry": FactSpec(type="text", name="行业", group="contract", askable=False),
    "years_established": FactSpec(type="years", name="成立年数", unit="年", group="contract"),
    "revenue_wan": FactSpec(
        type="money",
        name="上年营业收入",
        unit="万元",
        group="contract",
        range=[0, 10000000],
        range_reason="营业收入不会是负数",
    ),
    "net_profit_wan": FactSpec(
        type="money", name="净利润", unit="万元", group="contract", range=[-1000000, 1000000]
    ),
    "rd_ratio_pct": FactSpec(
        type="percent",
        name="研发费用占营收比",
        unit="%",
        group="contract",
        range=[0, 100],
        range_reason="占比应在0–100%之间",
        help="研发费用 ÷ 营业收入；也可以直接说研发费用和营收各多少万元。",
    ),
    "invention_patents": FactSpec(type="count", name="发明专利", unit="项", group="contract"),
    "established_year": FactSpec(
        type="year", name="成立年份", unit="年", group="contract", range=[1949, 2026], range_reason="年份不对"
    ),
    "is_cq_tech_enterprise": FactSpec(type="flag", name="已入库重庆市科技型企业", group="contract"),
}

SAID = {
    "amount_wan": 300,
    "purpose": "working_capital",
    "has_collateral": False,
    "industry": "芯片",
    "years_established": 3,
    "revenue_wan": 1500,
    "invention_patents": 6,
}

RANKING = [
    ("innovation_points_loan", "unknown", ["可用于流动资金周转", "不需要抵押物", "金额在公开过的范围内"]),
    ("kechuangbao", "unknown", ["银担合作，银行愿意放款时可跟保"]),
    ("tiered_loan", "meets_published", ["流动资金贷款，由担保机构和银行分担风险"]),
    ("knowledge_value_loan", "unknown", ["按知识产权和研发投入评级授信"]),
    ("ip_pledge_loan", "ineligible", ["要有可质押的知识产权，您说暂时不想质押"]),
]

CHECK = {
    "kind": "check",
    "product": "tiered_loan",
    "name": "科企梯度贷",
    "verdict": "unknown",
    "verdict_text": "待确认",
    "clauses": [
        {
            "text": "依法注册并合法存续",
            "status": "holds",
            "kind": "must",
            "source": "政策解读《重庆高新区科企梯度贷管理办法》，重庆高新区管委会，2024-06-27",
        },
        {
            "text": "已入库重庆市科技型企业系统",
            "status": "open",
            "kind": "must",
            "source": "渝高新发〔2024〕13号，重庆高新区管委会，2024-06-18",
        },
        {
            "text": "用于流动资金",
            "status": "holds",
            "kind": "nature",
            "source": "渝高新发〔2024〕13号,第二条",
        },
        {"text": "注册满一年(示例条款)", "status": "fails", "kind": "must", "source": "示例来源"},
        {
            "text": "没有逾期(银行一般会看)",
            "status": "open",
            "kind": "expect",
            "source": "示例来源,http://gxq.cq.gov.cn/zwgk_202/x.html",
        },
        {"text": "合作银行的信贷准入要求", "status": "undisclosed", "kind": "", "source": ""},
        {"text": "利率和担保费率", "status": "undisclosed", "kind": "", "source": ""},
    ],
    "limit_text": "",
    "disclaimer": "这是按公开条件做的预审,不是审批结果;能否办成、额度利率多少,由合作银行决定。",
}


def tiny_catalog() -> Catalog:
    """Just enough of a catalog for the page: names, units, choices."""
    facts = {name: FactSpec(**{**_fields(fact), "id": name}) for name, fact in FACTS.items()}
    products = {
        name: Product(
            id=name,
            name=title,
            kind=["credit"],
            summary=Sourced(text=title, source=""),
            conditions="partial",
            contact=Contact(text="经办机构"),
        )
        for name, title in PRODUCTS.items()
    }
    return Catalog(version="test", sources={}, facts=facts, products=products, services={})


def _fields(fact: FactSpec) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in FactSpec.__struct_fields__}


KIOSKS = {"a1": "金融便利店一楼"}
CODE = "2345-6789-ABCD"


_numbers = itertools.count(1)


class Script:
    """What the fake server saw, and how it behaves."""

    def __init__(self) -> None:
        self._number = next(_numbers)
        self.heard: list[dict[str, Any]] = []
        self.ended: list[str] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.engine = True
        self.lose_answers = 0
        """So many next messages are taken in and then answered by an error, as if the answer was lost."""
        self.delay_s = 0.0
        self.known: set[str] = set()
        self.facts: dict[str, Any] = {}
        self.case: dict[str, str] | None = None
        self.officer: list[str] = []
        self.files: list[dict[str, str]] = []
        """What comes along with each of the officer's words."""
        self.kiosks: list[str] = []
        """Who wrote, by `X-Peipao-Kiosk`."""
        self.called: list[str] = []
        self.ways = {"wechat": "微信公众号", "telegram": "Telegram"}
        self.code_lasts = timedelta(minutes=10)
        self.links: list[str] = []
        self.notice: dict[str, Any] | None = None
        """Shown with the next answer, once."""

    def session(self, number: int) -> str:
        """The key of the test's first, second … talk. No other test has it: the page of the test before may
        end its talk when this one has begun."""
        return f"test{self._number}-s{number}"

    def another_tests(self, session: str) -> bool:
        return session.startswith("test") and not session.startswith(f"test{self._number}-")

    @property
    def texts(self) -> list[str]:
        """What was said, each message once, in order of arrival."""
        return [message.get("payload") or message.get("text") or "" for message in self.heard]

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        text, payload = message.get("text") or "", message.get("payload") or ""
        replies: list[dict[str, Any]] = []
        asking = None
        ranking: list[tuple[str, str, list[str]]] = []
        if payload.startswith("set:"):
            _, fact, value = payload.split(":", 2)
            self.facts[fact] = _value(fact, value)
            replies = [{"text": f"记下了：{FACTS[fact].name}。", "buttons": []}]
            ranking = RANKING
        elif payload.startswith("skip:"):
            self.facts[payload[5:]] = None
            replies = [{"text": "好的，这项先不问了。", "buttons": []}]
        elif payload.startswith("check:"):
            replies = [{"text": "【科企梯度贷】预审结果:待确认\n……", "buttons": [], "card": CHECK}]
            replies.append(
                {
                    "text": "贵公司入库重庆市科技型企业了吗？",
                    "buttons": [
                        {"title": "已入库", "payload": "set:is_cq_tech_enterprise:true"},
                        {"title": "没有入库", "payload": "set:is_cq_tech_enterprise:false"},
                        {"title": "不清楚", "payload": "skip:is_cq_tech_enterprise"},
                    ],
                }
            )
            asking = "is_cq_tech_enterprise"
            ranking = RANKING
        elif payload == "human":
            self.case = {"number": "KC20261124-0001", "status": "queued"}
            replies = [
                {
                    "text": "已为您转陪跑专员,编号 KC20261124-0001。我们争取在2026年11月25日前首次回复。",
                    "buttons": [],
                }
            ]
        elif payload == "intent:manage_data":
            replies = [
                {"text": "听到：我的信息", "buttons": [{"title": "导出", "payload": "data:export"}]},
            ]
        elif payload == "data:export":
            card = {"kind": "link", "href": "/api/v1/chat/export/x", "title": "下载我的记录"}
            replies = [{"text": "已经备好：/api/v1/chat/export/x", "buttons": [], "card": card}]
        elif payload == "intent:seek_funding":
            replies = [
                {
                    "text": "好的。想融多少钱？",
                    "buttons": [{"title": "不清楚", "payload": "skip:amount_wan"}],
                }
            ]
            asking = "amount_wan"
        elif payload == "intent:check_eligibility":
            replies = [
                {
                    "text": "想看哪个产品？",
                    "buttons": [
                        {"title": title, "payload": f"check:{product}"} for product, title in PRODUCTS.items()
                    ],
                }
            ]
        elif "芯片" in text:
            self.facts.update(SAID)
            ranking = RANKING
            replies = [
                {
                    "text": "记下了:想融资的金额:300万元;……",
                    "buttons": [],
                    "card": {
                        "kind": "facts",
                        "items": [
                            {
                                "fact": fact,
                                "name": FACTS[fact].name,
                                "value_text": FACTS[fact].title_of(value),
                            }
                            for fact, value in SAID.items()
                        ],
                    },
                },
                {
                    "text": (
                        "按您说的情况,先看这几个:\n1. 企业创新积分贷(待确认):……\n"
                        "另有1个产品已知不满足条件,想知道为什么可以直接问。"
                    ),
                    "buttons": [{"title": "预审科创保", "payload": "check:kechuangbao"}],
                    "card": {
                        "kind": "ranking",
                        "items": [
                            {
                                "product": product,
                                "name": PRODUCTS[product],
                                "verdict": verdict,
                                "verdict_text": "",
                                "reasons": reasons,
                            }
                            for product, verdict, reasons in RANKING[:3]
                        ],
                    },
                },
                {
                    "text": "去年研发费用大概占营业收入的百分之几？",
                    "buttons": [
                        {"title": "为什么问这个", "payload": "why"},
                        {"title": "不清楚", "payload": "skip:rd_ratio_pct"},
                    ],
                },
            ]
            asking = "rd_ratio_pct"
        else:
            replies = [{"text": f"听到：{text or payload}", "buttons": []}]
        return {
            "session": message["session"],
            "replies": replies,
            "state": {
                "mode": "waiting" if self.case else "bot",
                "asking": asking,
                "facts": dict(self.facts),
                "ranking": [{"product": product, "verdict": verdict} for product, verdict, _ in ranking],
                "case": self.case,
            },
        }


def _value(fact: str, value: str) -> bool | float | str:
    if FACTS[fact].type == "flag":
        return value == "true"
    return float(value) if FACTS[fact].numeric else value


def create_app(script: Callable[[], Script]) -> Litestar:
    """The kiosk page and a chat API whose behaviour `script()` holds."""

    @post("/api/v1/chat", status_code=200)
    async def chat(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        message = await request.json()
        now = script()
        await asyncio.sleep(now.delay_s)
        key = message.get("message_id") or ""
        if message.get("session") and message["session"] not in now.known:
            return Response({"error": "没有这个会话"}, status_code=404)
        if key not in now.answers:
            if not message.get("session"):
                message["session"] = now.session(len(now.known) + 1)
                now.known.add(message["session"])
                now.facts, now.case = {}, None
            now.heard.append(message)
            now.kiosks.append(request.headers.get("X-Peipao-Kiosk", ""))
            now.answers[key] = now.answer(message)
            if now.notice:
                now.answers[key]["notice"], now.notice = now.notice, None
        if now.lose_answers:
            now.lose_answers -= 1
            return Response({"error": "出错了"}, status_code=500)
        return Response(now.answers[key])

    @delete("/api/v1/chat", status_code=204)
    async def end(request: Request[Any, Any, Any]) -> None:
        ended = request.headers.get("X-Peipao-Session", "")
        if not script().another_tests(ended):
            script().ended.append(ended)

    @post("/api/v1/chat/link", status_code=200)
    async def link(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        now = script()
        now.links.append(request.headers.get("X-Peipao-Session", ""))
        ways = [
            {"channel": name, "title": title, "address": "", "qr": qr_rows(f"https://{name}.example/{CODE}")}
            for name, title in now.ways.items()
        ]
        ends = datetime.now(UTC) + now.code_lasts
        return Response({"code": CODE, "expires_at": ends.isoformat(), "ways": ways})

    @post("/api/v1/kiosk/call", status_code=200)
    async def call(request: Request[Any, Any, Any]) -> dict[str, Any]:
        script().called.append(request.headers.get("X-Peipao-Kiosk", ""))
        return {"at": datetime.now(UTC).isoformat(), "fresh": True, "again_s": 60}

    @get("/api/v1/chat/events")
    async def events() -> ServerSentEvent:
        async def words() -> AsyncIterator[ServerSentEventMessage]:
            told = 0
            while True:
                for text in script().officer[told:]:
                    told += 1
                    yield ServerSentEventMessage(
                        event="message",
                        id=str(told),
                        data=json.dumps(
                            {"author": "officer", "name": "专员甲", "text": text, "files": script().files}
                        ),
                    )
                await asyncio.sleep(0.1)

        return ServerSentEvent(words())

    @get("/readyz")
    async def ready() -> Response[dict[str, bool]]:
        return Response({"engine": script().engine}, status_code=200 if script().engine else 503)

    catalog = tiny_catalog()
    routes = [create_pages_router(lambda: catalog, kiosks=KIOSKS), chat, end, events, ready, link, call]
    return Litestar(routes, before_send=[add_security_headers], openapi_config=None)
