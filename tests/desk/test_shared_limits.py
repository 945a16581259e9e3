"""Limits and slow answers, in the process and in Redis alike; with Redis all processes count together."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from app_harness import Client, Start

from bot.cases.officers import add_officer
from bot.conversation.redis_link import RedisLink
from bot.desk.routes import create_desk_router
from bot.web.limits import Limiter, Slowdown
from bot.web.limits_redis import RedisLimiter, RedisSlowdown


@pytest.fixture
async def link(own_redis: str) -> AsyncIterator[RedisLink]:
    opened = RedisLink(own_redis, "test")
    yield opened
    await opened.close()


@pytest.mark.redis
async def test_two_processes_share_a_bucket(link: RedisLink) -> None:
    # One token an hour: none comes back while the test runs.
    here, there = (RedisLimiter(link, "chat", 1 / 60, 3) for _ in range(2))
    assert [await here.take("a"), await there.take("a"), await here.take("a")] == [0, 0, 0]
    assert 3000 < await there.take("a") <= 3600
    assert await there.take("b") == 0
    assert await RedisLimiter(link, "login", 1 / 60, 3).take("a") == 0
    await here.forget("a")
    assert await there.take("a") == 0


@pytest.mark.redis
async def test_a_shared_bucket_fills_with_the_servers_time(link: RedisLink) -> None:
    limiter = RedisLimiter(link, "chat", 60, 2)
    while not (waits := await limiter.take("a")):
        pass
    assert 0 < waits <= 1
    # As if that had happened a minute earlier.
    key = link.key("limit:chat", "a")
    before = float(await link.client.hget(key, "at"))
    await link.client.hset(key, "at", str(before - 60))
    assert [await limiter.take("a") for _ in range(2)] == [0, 0]
    assert await link.client.pttl(key) <= 3000


@pytest.mark.redis
async def test_nothing_readable_is_kept_in_redis(link: RedisLink) -> None:
    await RedisLimiter(link, "chat", 60, 2).take("203.0.113.9")
    await RedisSlowdown(link).failed("zhuanyuan")
    keys = [key async for key in link.client.scan_iter("*")]
    assert len(keys) == 2
    assert all("203.0.113.9" not in key and "zhuanyuan" not in key for key in keys)


async def test_without_redis_a_process_limits_alone() -> None:
    link = RedisLink("redis://127.0.0.1:1/0", "test")
    limiter = RedisLimiter(link, "chat", 1 / 60, 2)
    assert [await limiter.take("a"), await limiter.take("a")] == [0, 0]
    assert await limiter.take("a") > 0
    slowdown = RedisSlowdown(link)
    await slowdown.failed("a")
    assert await slowdown.failures("a") == 1
    await link.close()


@pytest.mark.redis
async def test_failures_are_counted_for_all_processes(link: RedisLink) -> None:
    here, there = RedisSlowdown(link), RedisSlowdown(link)
    for _ in range(4):
        await here.failed("a")
    assert await there.failures("a") == 4
    await there.failed("a")
    assert await here.failures("a") == 5
    await there.forget("a")
    assert await there.failures("a") == 0


async def test_delays_double_and_end() -> None:
    moment = [0.0]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    slowdown = Slowdown(clock=lambda: moment[0], sleep=sleep, names=2)
    assert [slowdown.delay_s(count) for count in (0, 2, 3, 4, 5, 7, 1000)] == [0, 0, 0.5, 1, 2, 8, 8]
    for _ in range(4):
        await slowdown.wait("a")
        await slowdown.failed("a")
    assert slept == [0.5]
    await slowdown.wait("a")
    assert slept == [0.5, 1.0]
    await slowdown.wait("b")
    assert len(slept) == 2
    moment[0] = slowdown.window_s
    await slowdown.wait("a")
    assert len(slept) == 2


async def test_no_name_is_ever_refused_only_answered_later(start: Start, redis_setting: str) -> None:
    """From however many addresses somebody guesses: the officer waits, and gets in."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with start(
        [create_desk_router(lambda: None)], redis_url=redis_setting, trusted_proxies="127.0.0.1"
    ) as app:
        app.services.shared.login_delay._sleep = sleep
        async with app.database.write() as session:
            await add_officer(session, "zhuanyuan", "a long enough password")
        for number in range(12):
            answer = await log_in(app.client, "zhuanyuan", "guess", f"203.0.113.{number}")
            assert answer == 401
        assert slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0]
        assert await log_in(app.client, "zhuanyuan", "a long enough password", "198.51.100.7") == 303
        assert slept[-1] == 8.0
        # Who has proved to be the officer starts anew; another name was never slow.
        slept.clear()
        assert await log_in(app.client, "zhuanyuan", "a long enough password", "198.51.100.8") == 303
        assert await log_in(app.client, "somebody", "guess", "198.51.100.9") == 401
        assert slept == []


async def log_in(client: Client, name: str, password: str, address: str) -> int:
    client.cookies.clear()
    page = await client.get("/desk/login")
    token = page.text.split('name="_csrf_token" value="')[1].split('"')[0]
    answer = await client.post(
        "/desk/login",
        data={"name": name, "password": password, "_csrf_token": token},
        headers={"X-Forwarded-For": address},
    )
    return answer.status_code


async def test_json_routes_take_json_only(client: Client) -> None:
    body = '{"session": null, "text": "你好"}'.encode()
    for given in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = await client.post("/api/v1/chat", content=body, headers={"Content-Type": given})
        assert answer.status_code == 415
        assert "application/json" in answer.json()["error"]
    answer = await client.post("/api/v1/chat", content=body)
    assert answer.status_code == 415
    for given in ("application/json", "Application/JSON; charset=utf-8"):
        answer = await client.post("/api/v1/chat", content=body, headers={"Content-Type": given})
        assert answer.status_code == 200
    # No body, no type: nothing is claimed about it.
    session = answer.json()["session"]
    ended = await client.request("DELETE", "/api/v1/chat", headers={"X-Peipao-Session": session})
    assert ended.status_code == 204


@pytest.mark.redis
async def test_the_limit_of_the_chat_holds_over_two_processes(start: Start, own_redis: str) -> None:
    settings = {"redis_url": own_redis, "rate_per_minute": 4, "trusted_proxies": "127.0.0.1"}
    address = {"X-Forwarded-For": "203.0.113.9"}
    async with start(**settings) as one, start(**settings) as two:
        assert isinstance(one.services.shared.chat_limit, Limiter)
        codes = [
            (await app.client.post("/api/v1/chat", json={"text": "你好"}, headers=address)).status_code
            for app in (one, two)
        ]
    # Four a minute, one at once: the second process knows of the first one's.
    assert codes == [200, 429]
