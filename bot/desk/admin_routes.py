"""What operators keep: the routing table, replies kept ready, officers with their duty, room and skills."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Officer
from bot.cases.desk_models import CannedReply, RoutingRule
from bot.cases.routing import TEAMS, open_cases
from bot.catalog.model import Catalog
from bot.desk import canned
from bot.desk.access import LEADS, OVERSEERS, require, who_asks
from bot.desk.frame import shown
from bot.desk.words import REASONS, ROLES
from bot.web.errors import Refusal
from bot.web.services import Wired

KINDS = {
    "credit": "信用贷款",
    "guarantee": "担保",
    "pledge": "质押",
    "credit enhancement": "增信",
    "equity": "股权",
    "debt": "债权",
    "grant": "财政资助",
}
MATCHED = ("products", "kinds", "stages", "reasons", "districts")
_MOST_OPEN = 500


def choices_of(catalog: Catalog) -> dict[str, dict[str, str]]:
    """What a routing rule can ask for, in words; districts are typed where the catalog has none."""
    stage, district = catalog.facts.get("stage"), catalog.facts.get("district")
    return {
        "products": {product.id: product.name for product in catalog.products.values()},
        "kinds": KINDS,
        "stages": {one.value: one.title for one in stage.choices or []} if stage else {},
        "reasons": {name: title for name, title in REASONS.items() if name != "firm_asked"},
        "districts": {one.value: one.title for one in district.choices or []} if district else {},
    }


def rule_line(rule: RoutingRule, choices: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A rule as its row shows it."""
    asks = [
        "、".join(choices[what].get(value, value) for value in rule.match.get(what) or [])
        for what in MATCHED
        if rule.match.get(what)
    ]
    return {
        "id": rule.id,
        "position": rule.position,
        "match": rule.match,
        "asks": "；".join(asks) or "所有其他办件",
        "team": rule.team,
        "team_text": TEAMS.get(rule.team, rule.team),
        "note": rule.note,
    }


def create_admin_router(catalog: Callable[[], Catalog]) -> Router:
    """`/desk/routing`, `/desk/canned`, `/desk/officers`: leads and admins change, auditors read."""

    async def routing_page(
        request: Request[Any, Any, Any], services: Wired, officer: Officer, fault: str = ""
    ) -> Response[Any]:
        choices = choices_of(catalog())
        async with services.database.read() as session:
            rows = await session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id))
            rules = [rule_line(row, choices) for row in rows]
        return shown(
            request,
            officer,
            "routing",
            status_code=400 if fault else 200,
            rules=rules,
            choices=choices,
            teams=TEAMS,
            fault=fault,
            may_change=officer.role in LEADS,
        )

    @get("/routing", include_in_schema=False)
    async def rules(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        require(officer, OVERSEERS)
        return await routing_page(request, services, officer)

    @post("/routing", include_in_schema=False)
    async def keep_rule(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        require(officer, LEADS)
        form, choices = await request.form(), choices_of(catalog())
        team, rule_id = str(form.get("team") or ""), _number(form, "id")
        match = {what: [v for v in _texts(form, what) if v in choices[what]] for what in MATCHED}
        if team not in TEAMS:
            return await routing_page(request, services, officer, "请选择队伍。")
        async with services.database.write() as session:
            row = await session.get(RoutingRule, rule_id) if rule_id else None
            if rule_id and row is None:
                raise Refusal(404, "没有这条规则。")
            if row is None:
                last = await session.scalar(select(func.max(RoutingRule.position))) or 0
                row = RoutingRule(position=last + 1)
                session.add(row)
            position = _number(form, "position")
            if position is not None and 0 < position < 10_000:
                row.position = position
            row.match = {what: values for what, values in match.items() if values}
            row.team, row.note = team, str(form.get("note") or "").strip()[:120]
            await session.flush()
            await audit.note(session, f"officer:{officer.id}", "change_routing", f"rule:{row.id}")
        return Redirect("/desk/routing", status_code=303)

    @post("/routing/{rule_id:int}/delete", include_in_schema=False)
    async def drop_rule(
        services: Wired, officer: NamedDependency[Officer], rule_id: FromPath[int]
    ) -> Response[Any]:
        require(officer, LEADS)
        async with services.database.write() as session:
            await session.execute(delete(RoutingRule).where(RoutingRule.id == rule_id))
            await audit.note(session, f"officer:{officer.id}", "drop_routing", f"rule:{rule_id}")
        return Redirect("/desk/routing", status_code=303)

    async def canned_page(
        request: Request[Any, Any, Any], services: Wired, officer: Officer, fault: str = ""
    ) -> Response[Any]:
        async with services.database.write() as session:
            await canned.seed(session)
            replies = await canned.listed(session)
        return shown(
            request,
            officer,
            "canned",
            status_code=400 if fault else 200,
            replies=replies,
            teams=TEAMS,
            variables=canned.VARIABLES,
            fault=fault,
            may_change=officer.role in LEADS,
        )

    @get("/canned", include_in_schema=False)
    async def replies(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        return await canned_page(request, services, officer)

    @post("/canned", include_in_schema=False)
    async def keep_reply(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        require(officer, LEADS)
        form = await request.form()
        try:
            async with services.database.write() as session:
                row = await canned.keep(
                    session,
                    _number(form, "id"),
                    short=str(form.get("short") or ""),
                    title=str(form.get("title") or ""),
                    text=str(form.get("text") or ""),
                    team=str(form.get("team") or ""),
                    active=form.get("active") == "1",
                )
                await audit.note(session, f"officer:{officer.id}", "change_canned", f"canned:{row.id}")
        except canned.CannedError as error:
            return await canned_page(request, services, officer, str(error))
        return Redirect("/desk/canned", status_code=303)

    @post("/canned/{reply_id:int}/delete", include_in_schema=False)
    async def drop_reply(
        services: Wired, officer: NamedDependency[Officer], reply_id: FromPath[int]
    ) -> Response[Any]:
        require(officer, LEADS)
        async with services.database.write() as session:
            await session.execute(delete(CannedReply).where(CannedReply.id == reply_id))
            await audit.note(session, f"officer:{officer.id}", "drop_canned", f"canned:{reply_id}")
        return Redirect("/desk/canned", status_code=303)

    @get("/officers", include_in_schema=False)
    async def officers(
        request: Request[Any, Any, Any], services: Wired, officer: NamedDependency[Officer]
    ) -> Response[Any]:
        require(officer, OVERSEERS)
        choices = choices_of(catalog())
        async with services.database.read() as session:
            carried = await open_cases(session)
            people = list(await session.scalars(select(Officer).order_by(Officer.active.desc(), Officer.id)))
        return shown(
            request,
            officer,
            "officers",
            people=people,
            carried=carried,
            teams=TEAMS,
            choices=choices,
            roles=ROLES,
            may_change=officer.role in LEADS,
        )

    @post("/officers/{officer_id:int}", include_in_schema=False)
    async def keep_officer(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        officer_id: FromPath[int],
    ) -> Response[Any]:
        require(officer, LEADS)
        form, choices = await request.form(), choices_of(catalog())
        async with services.database.write() as session:
            await _keep_officer(session, officer, officer_id, form, choices)
        return Redirect("/desk/officers", status_code=303)

    return Router(
        "/",
        route_handlers=[
            rules,
            keep_rule,
            drop_rule,
            replies,
            keep_reply,
            drop_reply,
            officers,
            keep_officer,
        ],
        dependencies={"officer": Provide(who_asks)},
    )


async def _keep_officer(
    session: AsyncSession,
    by: Officer,
    officer_id: int,
    form: FormMultiDict,
    choices: dict[str, dict[str, str]],
) -> None:
    """Duty, room and skills; name, role and password stay with the command line."""
    row = await session.get(Officer, officer_id)
    if row is None:
        raise Refusal(404, "没有这位专员。")
    if row.role == "admin" and by.role != "admin":
        raise Refusal(403, "管理员的设置只有管理员能改。")
    room = _number(form, "max_open")
    if room is None or not 0 <= room <= _MOST_OPEN:
        raise Refusal(400, f"同时办件数应为 0–{_MOST_OPEN}。")
    row.on_duty, row.max_open = form.get("on_duty") == "1", room
    row.skills = {
        **(row.skills or {}),
        "teams": [one for one in _texts(form, "teams") if one in TEAMS],
        "products": [one for one in _texts(form, "products") if one in choices["products"]],
        "districts": [one for one in _texts(form, "districts") if one in choices["districts"]],
    }
    await audit.note(session, f"officer:{by.id}", "change_officer", f"officer:{officer_id}")


def _texts(form: FormMultiDict, name: str) -> list[str]:
    return [str(value) for value in form.getall(name, [])]


def _number(form: FormMultiDict, name: str) -> int | None:
    text = str(form.get(name) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
