"""What every page of the desk has around it: the bar with its places, the officer, the form token."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from bot.cases.case_models import Officer
from bot.desk.access import OVERSEERS, WORKERS
from bot.desk.words import ROLES
from bot.web.render import page
from bot.web.security import form_token


def places_for(officer: Officer) -> list[tuple[str, str]]:
    """(address, title) of the places in the bar that `officer` may go to."""
    places = [("/desk", "企业"), ("/desk/visits", "到店")]
    if officer.role in OVERSEERS:
        places.append(("/desk/complaints", "意见"))
    places += [("/desk/catalog", "政策资料"), ("/desk/canned", "常用语")]
    if officer.role in OVERSEERS:
        places += [("/desk/routing", "分派"), ("/desk/officers", "人员"), ("/desk/reports", "报表")]
    return places


def shown(
    request: Request[Any, Any, Any], officer: Officer, template: str, *, status_code: int = 200, **values: Any
) -> Response[Any]:
    """The page made from `desk/TEMPLATE.html`."""
    return page(
        f"desk/{template}.html",
        status_code=status_code,
        **frame_values(request, officer),
        **values,
    )


def frame_values(request: Request[Any, Any, Any], officer: Officer) -> dict[str, Any]:
    """What `desk/frame.html` needs."""
    here = request.url.path.rstrip("/") or "/"
    places = [
        (href, title, here == href or (href != "/desk" and here.startswith(f"{href}/")))
        for href, title in places_for(officer)
    ]
    return {
        "csrf": form_token(request),
        "officer": officer,
        "role": ROLES.get(officer.role, officer.role),
        "has_duty": officer.role in WORKERS,
        "places": places,
    }
