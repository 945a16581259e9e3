"""What guards every route: headers, limits, form tokens, logins, and errors without details."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
from app_fakes import SECRET
from app_harness import Client, Running, Start
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide

from actions.executor import RejectedAction, UnknownAction
from bot.cases.case_models import Officer
from bot.cases.officers import add_officer
from bot.desk.auth import current_officer, login, login_cookie, logout
from bot.web.limits import Limiter
from bot.web.security import DESK_COOKIE, form_token
from bot.web.services import Wired
from bot.web.webhook import webhook_router

PASSWORD = "correct horse"


@get("/desk/login")
async def form(request: Request[Any, Any, Any]) -> str:
    return form_token(request)


@post("/desk/login", status_code=200)
async def log_in(request: Request[Any, Any, Any], services: Wired) -> Response[str]:
    fields = await request.form()
    token, _ = await login(services, request, fields["name"], fields["password"])
    return Response("ok", cookies=[login_cookie(services, token)])


@post("/desk/logout", status_code=200)
async def log_out(request: Request[Any, Any, Any], services: Wired) -> Response[str]:
    response = Response("ok")
    await logout(services, request, response)
    return response


@get("/desk/me", dependencies={"officer": Provide(current_officer)})
async def me(officer: NamedDependency[Officer]) -> str:
    return officer.name


@get("/desk/broken")
async def broken() -> str:
    raise RuntimeError("张三的手机号是13800138000")


DESK = Router("/", route_handlers=[form, log_in, log_out, me, broken])


async def attempt(client: Client, name: str, password: str, token: str | None = None) -> httpx.Response:
    token = token or (await client.get("/desk/login")).text
    fields = {"name": name, "password": password, "_csrf_token": token}
    return await client.post("/desk/login", data=fields)


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/chat", "/desk/login", "/nowhere", "/desk/broken"])
async def test_every_answer_carries_the_security_headers(start: Start, path: str) -> None:
    async with start([DESK]) as app:
        headers = (await app.client.get(path)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "'unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


async def test_an_unforeseen_error_says_nothing_about_itself(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start([DESK]) as app:
        response = await app.client.get("/desk/broken")
    assert response.status_code == 500
    assert response.json() == {"error": "服务出了点问题，已经记录下来，请稍后再试"}
    assert "13800138000" not in capsys.readouterr().err


async def test_an_unknown_address_and_method_are_refused_in_chinese(client: Client) -> None:
    assert (await client.get("/nowhere")).json() == {"error": "没有这个地址"}
    assert (await client.put("/api/v1/chat")).json() == {"error": "不支持这种请求方式"}


async def test_who_follows_a_dead_link_gets_a_page(client: Client) -> None:
    answer = await client.get("/nowhere", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>没有这个地址</h1>" in answer.text


async def test_the_schema_is_served_without_foreign_scripts(client: Client) -> None:
    schema = await client.get("/schema")
    assert "/api/v1/chat" in schema.json()["paths"]
    assert "/internal/actions/webhook" not in schema.json()["paths"]


async def test_an_officer_logs_in_and_out(start: Start) -> None:
    async with start([DESK]) as app:
        async with app.database.write() as session:
            await add_officer(session, "wang", PASSWORD)
        assert (await app.client.get("/desk/me")).status_code == 401
        done = await attempt(app.client, "wang", PASSWORD)
        assert done.status_code == 200
        cookie = next(value for value in done.headers.get_list("set-cookie") if DESK_COOKIE in value)
        assert {"HttpOnly", "SameSite=strict", "Path=/desk"} <= set(cookie.split("; "))
        assert (await app.client.get("/desk/me")).text == "wang"
        token = (await app.client.get("/desk/login")).text
        kept = app.client.cookies[DESK_COOKIE]
        assert (await app.client.post("/desk/logout", headers={"X-CSRF-Token": token})).status_code == 200
        # Not only forgotten by the browser: it is worth nothing any more.
        app.client.cookies.set(DESK_COOKIE, kept, path="/desk")
        assert (await app.client.get("/desk/me")).status_code == 401


async def test_a_form_without_its_token_is_refused(start: Start) -> None:
    async with start([DESK]) as app:
        async with app.database.write() as session:
            await add_officer(session, "wang", PASSWORD)
        right = (await app.client.get("/desk/login")).text
        for token in (None, "x" * 128, right[:-1] + ("0" if right[-1] != "0" else "1")):
            fields = {"name": "wang", "password": PASSWORD} | ({"_csrf_token": token} if token else {})
            assert (await app.client.post("/desk/login", data=fields)).status_code == 403
        app.client.cookies.clear()
        assert (await attempt(app.client, "wang", PASSWORD, token=right)).status_code == 403


async def test_only_the_desk_sets_the_cookie_of_its_forms(start: Start) -> None:
    async with start([DESK]) as app:
        assert "set-cookie" not in (await app.client.get("/healthz")).headers
        assert "peipao_form_" in (await app.client.get("/desk/login")).headers["set-cookie"]


async def test_guessing_a_password_is_slowed_down(start: Start) -> None:
    async with start([DESK]) as app:
        async with app.database.write() as session:
            await add_officer(session, "wang", PASSWORD)
        codes = [(await attempt(app.client, "wang", f"guess {n}")) for n in range(6)]
        assert [code.status_code for code in codes] == [401] * 5 + [429]
        assert codes[0].json() == {"error": "登录名或口令不对。"}
        assert int(codes[-1].headers["retry-after"]) > 0
        # Now even the right one has to wait.
        assert (await attempt(app.client, "wang", PASSWORD)).status_code == 429


async def test_a_stranger_cannot_keep_an_officer_out(start: Start) -> None:
    async with start([DESK], trusted_proxies="127.0.0.1") as app:
        async with app.database.write() as session:
            await add_officer(session, "wang", PASSWORD)
        app.client.headers["X-Forwarded-For"] = "203.0.113.9"
        for n in range(7):
            await attempt(app.client, "wang", f"guess {n}")
        app.client.headers["X-Forwarded-For"] = "203.0.113.10"
        assert (await attempt(app.client, "wang", PASSWORD)).status_code != 429


async def test_a_body_nested_too_deep_is_refused(start: Start) -> None:
    async with start() as app:
        answer = await app.client.post(
            "/api/v1/chat", content="[" * 100_000, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400
        assert answer.json()["error"]


async def test_a_proxy_that_no_setting_names_lifts_no_limit(start: Start) -> None:
    async with start(rate_per_minute=8) as app:
        outside = {"X-Forwarded-For": "203.0.113.9"}
        body = {"session": None, "text": "你好"}
        codes = [(await app.client.post("/api/v1/chat", json=body, headers=outside)) for _ in range(3)]
        assert [code.status_code for code in codes] == [200, 200, 429]


async def test_a_firm_that_writes_too_fast_is_told_to_wait(start: Start) -> None:
    async with start(rate_per_minute=8, trusted_proxies="127.0.0.1") as app:
        outside = {"X-Forwarded-For": "203.0.113.9"}
        body = {"session": None, "text": "你好"}
        codes = [(await app.client.post("/api/v1/chat", json=body, headers=outside)) for _ in range(3)]
        assert [code.status_code for code in codes] == [200, 200, 429]
        assert "retry-after" in codes[-1].headers
        # Somebody else, and this machine itself, go on.
        other = await app.client.post("/api/v1/chat", json=body, headers={"X-Forwarded-For": "203.0.113.10"})
        assert other.status_code == 200
        assert (await app.client.post("/api/v1/chat", json=body)).status_code == 200


async def test_a_forwarded_address_is_believed_from_a_trusted_proxy_only(start: Start) -> None:
    """Another address with every request brings no fresh start."""
    async with start(rate_per_minute=8) as app:
        codes = []
        for n in range(3):
            outside = {"X-Forwarded-For": f"203.0.113.{n}"}
            answer = await app.client.post(
                "/api/v1/chat", json={"session": None, "text": "你好"}, headers=outside
            )
            codes.append(answer.status_code)
        assert codes == [200, 200, 429]


async def test_a_bucket_fills_again_with_time() -> None:
    moment = [0.0]
    limiter = Limiter(60, 2, keys=2, clock=lambda: moment[0])
    assert [await limiter.take("a") for _ in range(3)] == [0, 0, 1.0]
    moment[0] = 1.0
    assert [await limiter.take("a"), await limiter.take("a")] == [0, 1.0]
    await limiter.forget("a")
    assert await limiter.take("a") == 0
    await limiter.take("b")
    await limiter.take("c")
    # "a" was quiet longest and made room: it starts with a full bucket.
    assert [await limiter.take("a"), await limiter.take("a")] == [0, 0]
    assert await Limiter(0, 1).take("a") == 0


async def test_the_action_webhook_answers_the_engine_only(start: Start, running: Running) -> None:
    calls: list[dict[str, Any]] = []

    async def run(call: dict[str, Any]) -> dict[str, Any]:
        calls.append(call)
        if call.get("next_action") == "action_unknown":
            raise UnknownAction("action_unknown")
        if call.get("next_action") == "action_declines":
            raise RejectedAction("action_declines")
        return {"events": [], "responses": [{"custom": {"replies": []}}]}

    address = "/internal/actions/webhook"
    right = {"Authorization": f"Bearer {SECRET}"}
    async with start([webhook_router(running.services.settings, run)]) as app:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": SECRET}):
            refused = await app.client.post(address, json={"next_action": "x"}, headers=headers)
            assert refused.status_code == 403
        assert calls == []
        done = await app.client.post(address, json={"next_action": "action_inform"}, headers=right)
        assert done.json()["responses"] == [{"custom": {"replies": []}}]
        as_json = right | {"Content-Type": "application/json"}
        for body in (b"", b"[]", b"{"):
            assert (await app.client.post(address, content=body, headers=as_json)).status_code == 400
        missing = await app.client.post(address, json={"next_action": "action_unknown"}, headers=right)
        assert missing.status_code == 404
        declined = await app.client.post(address, json={"next_action": "action_declines"}, headers=right)
        assert declined.json()["action_name"] == "action_declines"
        large = await app.client.post(address, json={"domain": "x" * 1_000_000}, headers=right)
        assert large.status_code == 200


async def test_without_a_secret_the_webhook_is_closed(start: Start, running: Running) -> None:
    async def run(call: dict[str, Any]) -> dict[str, Any]:
        return {}

    unset = msgspec.structs.replace(running.services.settings, engine_secret="")
    async with start([webhook_router(unset, run)]) as app:
        answer = await app.client.post(
            "/internal/actions/webhook", json={}, headers={"Authorization": "Bearer"}
        )
        assert answer.status_code == 403
