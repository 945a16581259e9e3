"""`/desk/reports`: how long firms wait, which targets are kept, what they ask for; for overseers only."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from bot.cases import audit
from bot.cases.case_models import Officer
from bot.cases.clock import local_day, now
from bot.cases.office import office_of
from bot.cases.routing import TEAMS
from bot.cases.worktime import WorkHours
from bot.catalog.model import Catalog
from bot.desk import report_plots
from bot.desk.access import DESK, OVERSEERS, require, to_login, who_asks
from bot.desk.auth import NotLoggedIn
from bot.desk.frame import shown
from bot.desk.report_data import load_report
from bot.desk.reports import Report, Spread, took
from bot.desk.talk_views import moment
from bot.desk.words import REASONS, TARGETS
from bot.web.errors import Refusal
from bot.web.services import Services, Wired

PERIODS = {7: "近7天", 30: "近30天", 90: "近90天", 365: "近一年"}
QUESTION_REASONS = {"silent": "公开资料没有给出", "unknown": "没有找到答案", "out_of_scope": "不在服务范围"}
# A page and its plots are made of the same figures, and these are read once.
_LASTS_S = 60.0
_MOST_QUESTIONS = 50


class _Made(msgspec.Struct, frozen=True):
    report: Report
    hours: WorkHours
    until: float


def create_reports_router(catalog: Callable[[], Catalog]) -> Router:
    """The page and its plots.

    Args:
        catalog: gives the catalog in use, where the names of products come from.
    """
    made: dict[int, _Made] = {}

    async def current(services: Services, days: int, *, fresh: bool = False) -> _Made:
        known = made.get(days)
        if known is None or fresh or known.until < time.monotonic():
            async with services.database.read() as session:
                report = await load_report(session, now() - timedelta(days=days))
                hours = (await office_of(session)).hours
            known = made[days] = _Made(report, hours, time.monotonic() + _LASTS_S)
        return known

    def product_name(product: str) -> str:
        known = catalog().products.get(product)
        return product if known is None else known.name

    @get("/reports", include_in_schema=False)
    async def reports(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        days: FromQuery[int] = 30,
    ) -> Response[Any]:
        require(officer, OVERSEERS)
        days = days if days in PERIODS else 30
        found = await current(services, days, fresh=True)
        async with services.database.write() as session:
            # What nobody could answer is in the words of firms.
            await audit.note(session, f"officer:{officer.id}", "read_reports", f"days:{days}")
        return shown(
            request,
            officer,
            "reports",
            fault="",
            days=days,
            periods=PERIODS,
            **_view(found, product_name),
        )

    @get("/reports/plots/{name:str}", include_in_schema=False)
    async def plot(
        services: Wired, officer: NamedDependency[Officer], name: FromPath[str], days: FromQuery[int] = 30
    ) -> Response[bytes]:
        require(officer, OVERSEERS)
        found = await current(services, days if days in PERIODS else 30)
        draw = _PLOTS.get(name.removesuffix(".svg"))
        if draw is None:
            raise Refusal(404, "没有这张图。")
        return Response(draw(found.report, product_name), media_type="image/svg+xml")

    return Router(
        DESK,
        route_handlers=[reports, plot],
        dependencies={"officer": Provide(who_asks)},
        exception_handlers={NotLoggedIn: to_login},
    )


Draw = Callable[[Report, Callable[[str], str]], bytes]
_PLOTS: dict[str, Draw] = {
    "waiting": lambda report, _: report_plots.spread_plot(report.waiting),
    "handling": lambda report, _: report_plots.spread_plot(report.handling),
    "targets": lambda report, _: report_plots.targets_plot(report, lambda one: TARGETS.get(one, one)),
    "reasons": lambda report, _: report_plots.reasons_plot(report, lambda one: REASONS.get(one, one)),
    "products": report_plots.products_plot,
    "stars": lambda report, _: report_plots.stars_plot(report),
}


def _view(found: _Made, product_name: Callable[[str], str]) -> dict[str, Any]:
    """What the template shows beside the plots: the same figures as words, for who cannot see them."""
    report, hours = found.report, found.hours

    def times(spread: Spread) -> dict[str, Any]:
        return {
            "count": spread.count,
            "median": took(spread.median_s, hours),
            "slow": took(spread.slow_s, hours),
            "buckets": spread.buckets,
        }

    rated = sum(report.stars.values())
    average = sum(stars * count for stars, count in report.stars.items()) / rated if rated else None
    return {
        "cases": report.cases,
        "waiting": times(report.waiting),
        "handling": times(report.handling),
        "kept": [
            (TARGETS.get(target, target), one, _percent(one.percent)) for target, one in report.kept.items()
        ],
        "reasons": [(REASONS.get(reason, reason), count) for reason, count in report.reasons],
        "products": [(product_name(one), asked, got) for one, asked, got in report.products],
        "questions": [
            {
                "words": one.words,
                "reason": QUESTION_REASONS.get(one.reason, one.reason),
                "count": one.count,
                "last": moment(one.last_at, local_day(now())),
            }
            for one in report.questions[:_MOST_QUESTIONS]
        ],
        "more_questions": max(0, len(report.questions) - _MOST_QUESTIONS),
        "stars": report.stars,
        "rated": rated,
        "average": "—" if average is None else f"{average:.1f}",
        "teams": [
            {
                "team": TEAMS.get(line.team, line.team or "未分派"),
                "cases": line.cases,
                "waiting": took(line.waiting_s, hours),
                "handling": took(line.handling_s, hours),
                "kept": _percent(line.kept.percent),
            }
            for line in report.teams
        ],
    }


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}%"
