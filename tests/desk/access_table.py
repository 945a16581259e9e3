"""Every route of the desk and what each person gets there; the test goes through it row by row.

The people: `nobody` is not logged in; `stranger` is an officer of another team; `officer` has the case;
`lead`, `auditor` and `admin` see all teams.
"""

from __future__ import annotations

import io
from typing import Any, NamedTuple

PEOPLE = ("nobody", "stranger", "officer", "lead", "auditor", "admin")


class Row(NamedTuple):
    """`status` by person, in the order of `PEOPLE`.

    `state`: how the case is when the row is tried (`queued`, `owned` by the officer, `approved`). `read`:
    what the audit log must say of whoever got personal data. `body`: JSON; else a `form` or a `file`.
    """

    method: str
    path: str
    status: tuple[int, ...]
    read: str = ""
    body: Any = None
    form: Any = None
    file: bool = False
    state: str = "owned"


def _page(*status: int) -> tuple[int, ...]:
    """What a page answers; nobody is led to the login."""
    return (303, *status)


ALL = _page(200, 200, 200, 200, 200)
OVERSEERS = _page(403, 403, 200, 200, 200)
CASE = _page(404, 200, 200, 200, 200)
API_CASE = (401, 404, 200, 200, 200, 200)
# What only leads and admins change: done, then back to the page.
LEADS_DO = _page(403, 403, 303, 403, 303)
# They may, but what they ask for is not there or makes no sense.
LEADS_FAIL = _page(403, 403, 400, 403, 400)
# Whoever has the case, or a lead.
WORKED = (401, 404, 200, 200, 403, 200)
API = "/desk/api/cases/{number}"

TABLE = [
    # Login
    Row("GET", "/desk/login", (200, 303, 303, 303, 303, 303)),
    Row("POST", "/desk/login", (401, 401, 401, 401, 401, 401), form={"name": "{unique}", "password": "-"}),
    Row("POST", "/desk/logout", (303, 303, 303, 303, 303, 303), form={}),
    # Lists
    Row("GET", "/desk", ALL, read="list_cases"),
    Row("GET", "/desk/search", ALL),
    Row("POST", "/desk/search", ALL, form={"words": "{number}"}, read="found_case"),
    Row("POST", "/desk/duty", _page(303, 303, 303, 403, 303), form={"on": "0"}),
    # One case
    Row("GET", "/desk/cases/{number}", CASE, read="read_case"),
    Row("GET", "/desk/cases/{number}/talk", CASE, read="read_talk"),
    Row("GET", "/desk/cases/{number}/again", CASE, read="read_case"),
    Row("POST", "/desk/cases/{number}/again", _page(404, 303, 303, 403, 303), form={}),
    Row("GET", "/desk/files/{key}", CASE, read="read_file"),
    Row("GET", API + "/talk", API_CASE, read="read_talk"),
    Row("GET", API + "/canned", API_CASE),
    Row("GET", API + "/events", API_CASE),
    Row("GET", "/desk/api/events", (401, 200, 200, 200, 200, 200)),
    # What is done with it
    Row("POST", API + "/claim", (401, 404, 200, 200, 403, 200), state="queued"),
    Row("POST", API + "/pass", (401, 404, 403, 403, 403, 403), state="queued"),
    Row("POST", API + "/write", (401, 404, 200, 409, 403, 409), body={"version": "{version}", "text": "好"}),
    Row("POST", API + "/move", WORKED, body={"to": "in_review", "case_version": "{case_version}"}),
    Row(
        "POST",
        API + "/assign",
        (401, 404, 403, 200, 403, 200),
        body={"to": "{other}", "case_version": "{case_version}"},
    ),
    Row("POST", API + "/transfer", WORKED, body={"to": "{other}", "note": "请接着办"}),
    Row("POST", API + "/hand-back", WORKED, body={"reason": "企业只问政策"}),
    Row("POST", API + "/note", WORKED, body={"text": "再核一遍"}),
    Row(
        "POST",
        API + "/fact",
        WORKED,
        body={"fact": "amount_wan", "value": 200, "reason": "听错了", "state_rev": "{state_rev}"},
    ),
    Row("POST", API + "/retry", (401, 404, 403, 403, 403, 403), body={"seq": 1}),
    Row("POST", API + "/what-if", API_CASE, body={"facts": {"amount_wan": 100}}, read="what_if"),
    Row("POST", API + "/typing", (401, 404, 204, 403, 403, 403)),
    Row("POST", API + "/files", (401, 404, 201, 403, 403, 403), file=True),
    Row("POST", API + "/journey", WORKED, body={"stage": "pilot", "text": "做了样机"}, state="approved"),
    Row("POST", API + "/plan", WORKED, body={"stage": "pilot", "due_on": "2027-03-01"}, state="approved"),
    Row("POST", API + "/contact", WORKED, body={"on": "2027-01-05"}, state="approved"),
    # Firms that come, and firms that are not content
    Row("GET", "/desk/visits", ALL),
    Row("POST", "/desk/visits/999999/arrival", _page(409, 409, 409, 403, 409), form={"came": "1"}),
    Row("POST", "/desk/visits/places", LEADS_DO, form={"name": "{unique}"}),
    Row("POST", "/desk/visits/places/999999/close", LEADS_FAIL, form={}),
    Row("POST", "/desk/visits/slots", LEADS_FAIL, form={"place": "1"}),
    Row("POST", "/desk/visits/slots/999999/drop", LEADS_FAIL, form={}),
    Row("GET", "/desk/complaints", OVERSEERS, read="read_complaint"),
    Row("POST", "/desk/complaints/999999/handle", LEADS_DO, form={}),
    # What operators keep
    Row("GET", "/desk/routing", OVERSEERS),
    Row("POST", "/desk/routing", LEADS_DO, form={"team": "loan_officer"}),
    Row("POST", "/desk/routing/999999/delete", LEADS_DO, form={}),
    Row("GET", "/desk/canned", ALL),
    Row(
        "POST",
        "/desk/canned",
        LEADS_DO,
        form={"short": "{unique}", "title": "问好", "text": "您好", "active": "1"},
    ),
    Row("POST", "/desk/canned/999999/delete", LEADS_DO, form={}),
    Row("GET", "/desk/officers", OVERSEERS),
    Row("POST", "/desk/officers/{other}", LEADS_DO, form={"max_open": "5", "on_duty": "1"}),
    Row("GET", "/desk/reports", OVERSEERS),
    Row("GET", "/desk/reports/plots/nothing", _page(403, 403, 404, 404, 404)),
    # Policy data
    Row("GET", "/desk/catalog", ALL),
    Row("GET", "/desk/catalog/products/tiered_loan", ALL),
    Row("GET", "/desk/catalog/cards", ALL),
    Row("GET", "/desk/catalog/sources", ALL),
    Row("GET", "/desk/catalog/versions", ALL),
    Row("POST", "/desk/catalog/versions", LEADS_FAIL, file=True),
    Row("GET", "/desk/catalog/versions/999999", _page(403, 403, 404, 403, 404)),
    Row("POST", "/desk/catalog/versions/999999/use", _page(403, 403, 404, 403, 404), form={"base": "1"}),
]


def filled(value: Any, names: dict[str, Any]) -> Any:
    """`value` with each `{name}` replaced; alone in its text, by what it stands for."""
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    if not isinstance(value, str):
        return value
    if value.startswith("{") and value.endswith("}") and value[1:-1] in names:
        return names[value[1:-1]]
    for name, stands_for in names.items():
        value = value.replace(f"{{{name}}}", str(stands_for))
    return value


def picture() -> dict[str, Any]:
    """The smallest PNG, as a form sends it."""
    content = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    return {"file": ("证照.png", io.BytesIO(content), "image/png")}
