"""Reports: figures against hand-made cases, plots without scripts, and who may see them."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest
from app_harness import Running, Start
from case_stage import Stage, make_stage
from defusedxml.ElementTree import fromstring

from bot.cases import ratings
from bot.cases.case_models import Officer
from bot.cases.clock import now
from bot.cases.firm_models import OpenQuestion
from bot.cases.officers import start_session
from bot.cases.worktime import parse_hours
from bot.catalog.load import load_catalog
from bot.catalog.model import Catalog
from bot.conversation import handling
from bot.desk import report_plots, reports
from bot.desk.report_data import load_report, talk_row
from bot.desk.report_routes import create_reports_router
from bot.desk.reports import CaseRow, ClockRow, Kept, QuestionRow, TalkRow
from bot.web.security import DESK_COOKIE

HOURS = parse_hours("09:00-12:00,13:30-17:30")
# Tuesday, 10:00 in Chongqing.
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    return load_catalog(ROOT / "catalog")


def case(**changes: object) -> CaseRow:
    row: dict[str, object] = {
        "team": "loan_officer",
        "reason": "firm_asked",
        "product": None,
        "created_at": AT,
    }
    return CaseRow(**{**row, **changes})  # type: ignore[arg-type]


def test_waiting_and_handling_are_working_time() -> None:
    rows = [
        case(claimed_at=AT + timedelta(minutes=20), opinion_at=AT + timedelta(hours=4)),
        # Claimed at noon, an opinion on the next morning: the pause and the night do not count.
        case(claimed_at=AT + timedelta(hours=2), opinion_at=AT + timedelta(hours=24)),
        case(),
    ]
    assert reports.waiting_s(rows, HOURS) == [20 * 60, 2 * 3600]
    assert reports.handling_s(rows, HOURS) == [(100 + 30) * 60, (4 + 1) * 3600]
    # Without an opinion the end counts, without an owner nothing.
    assert reports.handling_s([case(claimed_at=AT, ended_at=AT + timedelta(hours=1))], HOURS) == [3600]
    assert reports.handling_s([case(ended_at=AT + timedelta(hours=1))], HOURS) == []


def test_a_spread_counts_each_once() -> None:
    spread = reports.spread([60, 1800, 1801, 7200, 25200, 25201, 10**7], HOURS)
    assert spread.median_s == 7200
    assert [count for _, count in spread.buckets] == [2, 2, 1, 1, 0, 1]
    nothing = reports.spread([], HOURS)
    assert (nothing.count, nothing.median_s, nothing.slow_s) == (0, None, None)


def test_random_spreads_lose_nothing() -> None:
    seconds = [random.randrange(200_000) for _ in range(random.randint(1, 300))]
    spread = reports.spread(seconds, HOURS)
    assert sum(count for _, count in spread.buckets) == spread.count == len(seconds)
    assert spread.slow_s is not None
    assert sum(one > spread.slow_s for one in seconds) <= len(seconds) * 0.1


def test_targets_are_judged_when_they_are_over() -> None:
    rows = [ClockRow("first_reply", status) for status in ("met", "met", "missed", "running", "stopped")]
    kept = reports.targets_kept(rows)
    assert kept == {"first_reply": Kept(2, 1, 2), "opinion": Kept(0, 0, 0)}
    assert kept["first_reply"].percent == pytest.approx(200 / 3)
    assert kept["opinion"].percent is None


def test_products_asked_for_stand_beside_products_found() -> None:
    talks = [
        TalkRow(frozenset({"a", "b"}), frozenset({"b", "c"})),
        TalkRow(frozenset({"b"}), frozenset()),
        TalkRow(),
    ]
    assert reports.products(talks) == [("b", 2, 1), ("a", 1, 0), ("c", 0, 1)]


def test_what_a_state_says_of_products() -> None:
    state = {
        "product": "tiered_loan",
        "topic": "kechuangbao",
        "checked": {"tiered_loan": "y"},
        "shown": ["tiered_loan", "kechuangbao", "seed_fund", "gone"],
        "ranking": [
            {"product": "tiered_loan", "verdict": "ineligible"},
            {"product": "kechuangbao", "verdict": "unknown"},
            {"product": "seed_fund", "verdict": "meets_published"},
        ],
    }
    assert talk_row(state) == TalkRow(
        frozenset({"tiered_loan", "kechuangbao"}), frozenset({"kechuangbao", "seed_fund"})
    )
    assert talk_row({}) == TalkRow()


def test_the_same_question_counts_once() -> None:
    rows = [
        QuestionRow("保费能退吗？", "unknown", AT),
        QuestionRow("保费能退吗", "unknown", AT + timedelta(hours=1)),
        QuestionRow("保费能退吗", "silent", AT),
    ]
    found = reports.grouped(rows)
    assert [(one.words, one.reason, one.count) for one in found] == [
        ("保费能退吗", "unknown", 2),
        ("保费能退吗", "silent", 1),
    ]
    assert found[0].last_at == AT + timedelta(hours=1)


def test_teams_have_their_own_figures() -> None:
    rows = [case(claimed_at=AT + timedelta(hours=1)), case(team="investment_manager"), case()]
    clocks = [ClockRow("first_reply", "met", "loan_officer"), ClockRow("opinion", "missed", "loan_officer")]
    lines = reports.by_team(rows, clocks, HOURS)
    assert [(line.team, line.cases, line.waiting_s, line.kept.percent) for line in lines] == [
        ("loan_officer", 2, 3600, 50.0),
        ("investment_manager", 1, None, None),
    ]


def full() -> reports.Report:
    return reports.report(
        [
            case(claimed_at=AT + timedelta(minutes=5 * n), opinion_at=AT + timedelta(days=n), stars=n % 5 + 1)
            for n in range(9)
        ],
        [ClockRow("first_reply", "met"), ClockRow("opinion", "missed"), ClockRow("opinion", "running")],
        [TalkRow(frozenset(random.sample(sorted(catalog().products), 4)), frozenset({"tiered_loan"}))] * 7,
        [QuestionRow("<script>alert(1)</script>", "unknown", AT)],
        HOURS,
    )


EMPTY = reports.report([], [], [], [], HOURS)


def plots(report: reports.Report) -> list[bytes]:
    def evil(name: str) -> str:
        return f'{name}<script>&"'

    return [
        report_plots.spread_plot(report.waiting),
        report_plots.targets_plot(report, evil),
        report_plots.reasons_plot(report, evil),
        report_plots.products_plot(report, evil),
        report_plots.stars_plot(report),
    ]


@pytest.mark.parametrize("report", [full(), EMPTY], ids=["full", "empty"])
def test_plots_hold_no_script_and_nothing_from_outside(report: reports.Report) -> None:
    for svg in plots(report):
        root = fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "foreignObject", "image", "use", "iframe", "a"}
        text = svg.decode()
        assert set(re.findall(r"https?://[^\"' <)]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert "@import" not in text
        for element in root.iter():
            assert not [name for name in element.attrib if name.lower().startswith("on")]


def test_an_empty_plot_says_so() -> None:
    assert "还没有数据" in report_plots.stars_plot(EMPTY).decode()


async def test_what_is_in_the_database_comes_out(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    stage: Stage = make_stage(database, monkeypatch)  # type: ignore[arg-type]
    wang = await stage.officer("wang")
    one = await stage.firm(state={"topic": "tiered_loan", "shown": [], "ranking": []}, reason="complaint")
    await stage.firm()
    stage.clock.on(minutes=30)
    async with stage.database.write() as session:
        await handling.claim(session, one.number, wang)
    stage.clock.on(minutes=30)
    version = (await stage.conversation(one)).version
    async with stage.database.write() as session:
        await handling.write(session, one.number, wang, version, "您好")
    await stage.set_status(one, "in_review", wang)
    stage.clock.on(minutes=60)
    async with stage.database.write() as session:
        from case_stage import DIALOGUE

        version = (await stage.case(one)).version
        await handling.move(session, one.number, wang, "closed", version, dialogue=DIALOGUE)
        await ratings.rate(session, one.conversation_id, one.number, 5, stage.clock())
        session.add(OpenQuestion(words="保费能退吗", reason="unknown", at=stage.clock()))
    async with stage.database.read() as session:
        report = await load_report(session, AT - timedelta(days=1))
        later = await load_report(session, AT + timedelta(days=1))
    assert report.cases == 2
    assert report.waiting.median_s == 30 * 60
    assert report.handling.median_s == 90 * 60
    assert report.kept["first_reply"].met == 1
    assert dict(report.reasons) == {"complaint": 1, "firm_asked": 1}
    assert report.products == [("tiered_loan", 1, 0)]
    assert report.stars[5] == 1
    assert [one.words for one in report.questions] == ["保费能退吗"]
    assert later.cases == 0


@pytest.fixture
async def app(start: Start) -> AsyncIterator[Running]:
    async with start(routers=[create_reports_router(catalog)]) as running:
        yield running


async def logged_in(app: Running, role: str) -> dict[str, str]:
    async with app.database.write() as session:
        officer = Officer(
            name=role, title=role, role=role, password_hash="-", skills={}, created_at=now(), active=True
        )
        session.add(officer)
        await session.flush()
        token, _ = await start_session(session, officer, 1)
    return {"Cookie": f"{DESK_COOKIE}={token}"}


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("auditor", 200), ("admin", 200), ("officer", 403)]
)
async def test_leads_and_auditors_see_the_page_and_its_plots(app: Running, role: str, status: int) -> None:
    async with app.database.write() as session:
        session.add(OpenQuestion(words="<b>保费</b>能退吗", reason="unknown", at=now()))
    cookie = await logged_in(app, role)
    page = await app.client.get("/desk/reports?days=7", headers=cookie)
    assert page.status_code == status
    sources = re.findall(r'src="(/desk/reports/plots/[^"]+)"', page.text)
    assert bool(sources) == (status == 200)
    if status == 200:
        assert "&lt;b&gt;保费&lt;/b&gt;能退吗" in page.text
    for source in sources or ["/desk/reports/plots/waiting.svg"]:
        plot = await app.client.get(source, headers=cookie)
        assert plot.status_code == status
        if status == 200:
            assert plot.headers["content-type"].startswith("image/svg+xml")
            assert plot.headers["x-content-type-options"] == "nosniff"
    if status == 200:
        assert (await app.client.get("/desk/reports/plots/none.svg", headers=cookie)).status_code == 404


async def test_nobody_else_gets_in(app: Running) -> None:
    for path in ("/desk/reports", "/desk/reports/plots/waiting.svg"):
        response = await app.client.get(path)
        assert response.status_code == 303
        assert response.headers["location"] == "/desk/login"
