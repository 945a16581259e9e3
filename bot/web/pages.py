"""The kiosk page and the static files of every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.static_files import create_static_files_router
from markupsafe import Markup

from bot.catalog.model import Catalog, FactSpec
from bot.channels import consent
from bot.web.errors import Refusal
from bot.web.render import STATIC, STATIC_PATH, json_block, page

IDLE_S = 90
COUNTDOWN_S = 15


def fact_form(fact: FactSpec) -> dict[str, Any]:
    """What the page needs to show and correct a fact: its type, name, unit, choices and range.

    A flag's choices are `true` and `false` under the fact's own titles, in that order.
    """
    form: dict[str, Any] = {"type": fact.type, "name": fact.name, "unit": fact.unit}
    if fact.question:
        form["question"] = fact.question
    if fact.help:
        form["help"] = fact.help
    if fact.type == "flag":
        form["choices"] = [
            {"value": value, "title": fact.title_of(value == "true")} for value in ("true", "false")
        ]
    elif fact.choices:
        form["choices"] = [{"value": choice.value, "title": choice.title} for choice in fact.choices]
    if fact.range:
        form["range"] = fact.range
        form["range_reason"] = fact.range_reason
    return form


def page_data(catalog: Catalog) -> dict[str, Any]:
    """The part of the catalog that the page's script works with (facts in their order, product names)."""
    return {
        "facts": {fact.id: fact_form(fact) for fact in catalog.facts.values()},
        "products": {product.id: product.name for product in catalog.products.values()},
    }


def create_pages_router(
    catalog: Callable[[], Catalog],
    *,
    kiosks: Mapping[str, str] | None = None,
    idle_s: int = IDLE_S,
    countdown_s: int = COUNTDOWN_S,
) -> Router:
    """`/kiosk`, `/kiosk/ID` and `/static/…`.

    Args:
        catalog: gives the catalog in use, where the names, units and choices on the page come from.
        kiosks: where the kiosks stand, by id; only these have an address of their own.
        idle_s: seconds without a touch after which the kiosk asks whether anybody is there.
        countdown_s: seconds from that question until the conversation is wiped.
    """

    @lru_cache(maxsize=1)
    def data(_version: str) -> Markup:
        return json_block(page_data(catalog()))

    def shown(kiosk: str, place: str) -> Response[str]:
        return page(
            "kiosk.html",
            page_data=data(catalog().version),
            kiosk=kiosk,
            place=place,
            notice=consent.notice().text,
            idle_s=idle_s,
            countdown_s=countdown_s,
        )

    @get("/kiosk", include_in_schema=False)
    async def kiosk() -> Response[str]:
        return shown("", "")

    @get("/kiosk/{kiosk_id:str}", include_in_schema=False)
    async def one_kiosk(kiosk_id: FromPath[str]) -> Response[str]:
        place = (kiosks or {}).get(kiosk_id)
        if place is None:
            raise Refusal(404, "没有这台自助机：请核对地址里的编号。")
        return shown(kiosk_id, place)

    static = create_static_files_router(
        path=STATIC_PATH,
        directories=[STATIC],
        include_in_schema=False,
        # Safe because the address holds a hash of the contents.
        cache_control=None,
        after_request=_keep_for_ever,
    )
    # No forms here; and a file that any cache may keep must not set the desk's form cookie.
    return Router(path="/", route_handlers=[kiosk, one_kiosk, static], opt={"exclude_from_csrf": True})


def _keep_for_ever(response: Response[Any]) -> Response[Any]:
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
