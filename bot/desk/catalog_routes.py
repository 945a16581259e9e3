"""`/desk/catalog`: the policy data as pages; a lead offers, takes into use and brings back versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from bot.cases.case_models import Officer
from bot.cases.clock import local_day, now
from bot.desk.access import LEADS, to_login, who_asks
from bot.desk.auth import NotLoggedIn
from bot.desk.catalog_views import card_page, product_page, product_rows, source_rows
from bot.desk.frame import frame_values
from bot.desk.talk_views import moment
from bot.policy import store
from bot.policy.bundle import MAX_UPLOAD_BYTES, BadUpload, read_upload
from bot.policy.changes import told
from bot.policy.desk import PolicyDesk, Review, Unusable
from bot.web.errors import Refusal
from bot.web.render import page
from bot.web.services import Wired

CATALOG = "/desk/catalog"
TABS = (("", "产品"), ("/cards", "自查表"), ("/sources", "出处"), ("/versions", "版本"))
SHOWN = 400


class Choice(msgspec.Struct, frozen=True):
    """`base`: the version that the page showed as the one in use."""

    base: int


def may_change(officer: Officer) -> bool:
    return officer.role in LEADS


def require_lead(officer: Officer) -> None:
    """Raises a 403 `Refusal` for everybody who only reads the policy data."""
    if not may_change(officer):
        raise Refusal(403, "只有负责人可以更换政策资料。")


def create_catalog_router(policy: PolicyDesk) -> Router:
    """The pages under `/desk/catalog`."""

    def shown(
        request: Request[Any, Any, Any], officer: Officer, template: str, tab: str, **values: Any
    ) -> Response[Any]:
        status_code = values.pop("status_code", 200)
        return page(
            f"desk/{template}.html",
            status_code=status_code,
            **frame_values(request, officer),
            tabs=[(CATALOG + path, title, path == tab) for path, title in TABS],
            version=policy.catalog.version,
            **values,
        )

    @get("/", include_in_schema=False)
    async def products(request: Request[Any, Any, Any], officer: NamedDependency[Officer]) -> Response[Any]:
        return shown(request, officer, "catalog", "", rows=product_rows(policy.catalog))

    @get("/products/{name:str}", include_in_schema=False)
    async def product(
        request: Request[Any, Any, Any], officer: NamedDependency[Officer], name: FromPath[str]
    ) -> Response[Any]:
        catalog = policy.catalog
        if name not in catalog.products:
            raise Refusal(404, "没有这个产品。")
        one = product_page(catalog, catalog.products[name], local_day(now()))
        return shown(request, officer, "catalog_product", "", product=one)

    @get("/cards", include_in_schema=False)
    async def cards(request: Request[Any, Any, Any], officer: NamedDependency[Officer]) -> Response[Any]:
        catalog, day = policy.catalog, local_day(now())
        found = [card_page(catalog, card, day) for card in catalog.scorecards.values()]
        return shown(request, officer, "catalog_cards", "/cards", cards=found)

    @get("/sources", include_in_schema=False)
    async def sources(request: Request[Any, Any, Any], officer: NamedDependency[Officer]) -> Response[Any]:
        return shown(request, officer, "catalog_sources", "/sources", rows=source_rows(policy.catalog))

    async def versions_page(
        request: Request[Any, Any, Any], officer: Officer, services: Wired, **told: Any
    ) -> Response[Any]:
        today = local_day(now())

        def when(at: datetime | None) -> str:
            return moment(at, today) if at else ""

        async with services.database.read() as session:
            current = await store.in_use(session)
            rows = [
                {
                    "id": one.id,
                    "version": one.version,
                    "note": one.note,
                    "by": one.by or "程序",
                    "at": when(one.at),
                    "used": when(one.used_at),
                    "used_by": one.used_by or ("程序" if one.used_at else ""),
                    "current": current is not None and one.id == current.id,
                }
                for one in await store.listed(session)
            ]
        values = {"faults": [], "error": "", "status_code": 200, **told}
        return shown(
            request,
            officer,
            "catalog_versions",
            "/versions",
            rows=rows,
            may_change=may_change(officer),
            **values,
        )

    @get("/versions", include_in_schema=False)
    async def versions(
        request: Request[Any, Any, Any], officer: NamedDependency[Officer], services: Wired
    ) -> Response[Any]:
        return await versions_page(request, officer, services)

    @post("/versions", include_in_schema=False, request_max_body_size=MAX_UPLOAD_BYTES + 64 * 1024)
    async def upload(
        request: Request[Any, Any, Any], officer: NamedDependency[Officer], services: Wired
    ) -> Response[Any]:
        require_lead(officer)
        form = await request.form()
        files = [one for one in form.getall("files", []) if isinstance(one, UploadFile) and one.filename]
        content = [(one.filename, await one.read()) for one in files]
        async with services.database.read() as session:
            base = await store.in_use(session)
            current = await store.files_of(session, base.id) if base else {}
        try:
            texts = read_upload(content, current)
        except BadUpload as error:
            async with services.database.write() as session:
                await store.refused(session, officer.id)
            return await versions_page(request, officer, services, error=str(error), status_code=400)
        checked, kept = await policy.offer(texts, officer.id, str(form.get("note") or ""))
        if kept is None:
            return await versions_page(
                request, officer, services, faults=checked.faults[:SHOWN], status_code=422,
                error=f"有{len(checked.errors)}处错误，没有收下。改好再上传。",
            )  # fmt: skip
        return Redirect(f"{CATALOG}/versions/{kept}", status_code=303)

    @get("/versions/{number:int}", include_in_schema=False)
    async def version(
        request: Request[Any, Any, Any], officer: NamedDependency[Officer], number: FromPath[int]
    ) -> Response[Any]:
        # Firms of other teams are named here.
        require_lead(officer)
        try:
            review = await policy.review(number)
        except LookupError:
            raise Refusal(404, "没有这个版本。") from None
        return shown(request, officer, "catalog_version", "/versions", **await review_values(policy, review))

    @post("/versions/{number:int}/use", include_in_schema=False)
    async def use(
        officer: NamedDependency[Officer], number: FromPath[int], data: URLEncodedBody[Choice]
    ) -> Response[Any]:
        require_lead(officer)
        try:
            await policy.use(number, officer.id, instead_of=data.base)
        except LookupError:
            raise Refusal(404, "没有这个版本。") from None
        except store.NotInUse:
            raise Refusal(
                409, "在您查看期间，政策资料已经换成另一个版本，请重新打开这个版本再决定。"
            ) from None
        except Unusable as error:
            raise Refusal(422, f"这个版本现在读不了：{error}") from None
        return Redirect(f"{CATALOG}/versions", status_code=303)

    return Router(
        CATALOG,
        route_handlers=[products, product, cards, sources, versions, upload, version, use],
        dependencies={"officer": Provide(who_asks)},
        exception_handlers={NotLoggedIn: to_login},
    )


async def review_values(policy: PolicyDesk, review: Review) -> dict[str, Any]:
    """What the page of one version shows."""
    effect, decider = review.effect, review.checked.decider
    changes = []
    if effect is not None and decider is not None:
        old = (await policy.decider(review.base)).catalog
        changes = [(one.name, told(one.change, old, decider.catalog)) for one in effect.changes[:SHOWN]]
    return {
        "offered": review.version,
        "base": review.base,
        "current": review.version.id == review.base.id,
        "faults": review.checked.faults[:SHOWN],
        "errors": len(review.checked.errors),
        "cases": review.checked.cases,
        "differences": effect.differences[:SHOWN] if effect else [],
        "more": max(0, len(effect.differences) - SHOWN) if effect else 0,
        "passages": effect.passages if effect else [],
        "firms": effect.firms if effect else 0,
        "changes": changes,
        "words": bool(effect and effect.words),
    }
