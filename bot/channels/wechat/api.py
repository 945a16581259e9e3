"""Calls to the platform's interfaces; 公众号 and 企业微信 answer in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Any

import httpx
import msgspec

from bot.channels.base import Fetched, NotSent, TryLater
from bot.channels.wechat.tokens import TokenHolder

# Our token is not, or no longer, the right one.
TOKEN_REFUSED = frozenset({40001, 40014, 42001})
# Too busy or too often: later it may work. -1 is the platform's own «busy».
BUSY = frozenset({-1, 45009, 45011})
_BUSY_S = {45009: 600.0, 45011: 60.0}
TIMEOUT = httpx.Timeout(8.0, connect=4.0)
REST_S = 10.0
_LARGEST_MEDIA = 12 * 1024 * 1024


class ApiError(Exception):
    """The platform refused a call, with a number that stays when it is asked again."""

    def __init__(self, code: int, said: str = "") -> None:
        super().__init__(f"{code} {said}"[:120])
        self.code = code


class Unclear(Exception):
    """The platform may or may not have done what it was asked."""


class Unreachable(TryLater):
    """No connection: nothing was asked."""


class TooSlow(Unclear):
    """The platform had the request and did not answer in time."""


def make_client(base_url: str) -> httpx.AsyncClient:
    """The one HTTP client of an account. Redirects are not followed: a token stands in the address."""
    return httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT, trust_env=False, follow_redirects=False)


class Api:
    """Calls with the shared token; a refused token is renewed and the call repeated once, never again.

    A platform that cannot be reached is left alone for `REST_S`: one sender serves all channels, and must
    not wait for the same silence once for each message.
    """

    def __init__(
        self, http: httpx.AsyncClient, tokens: TokenHolder, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._clock = clock
        self._rests_until = clock()

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, path: str, body: Any = None, *, method: str = "POST") -> dict[str, Any]:
        """The platform's answer.

        Raises:
            TryLater: certainly not done, and it may work later.
            ApiError: refused. Unclear: not known.
        """
        rests = self._rests_until - self._clock()
        if rests > 0:
            raise TryLater("平台暂时连不上", rests)
        try:
            return await self._call(path, body, method)
        except (Unreachable, TooSlow):
            self._rests_until = self._clock() + REST_S
            raise

    async def _call(self, path: str, body: Any, method: str) -> dict[str, Any]:
        token = await self._tokens.current()
        try:
            return await ask(self._http, method, path, {"access_token": token.value}, body)
        except ApiError as error:
            if error.code not in TOKEN_REFUSED:
                raise
        token = await self._tokens.renewed(token)
        try:
            return await ask(self._http, method, path, {"access_token": token.value}, body)
        except ApiError as error:
            if error.code in TOKEN_REFUSED:
                raise TryLater("接口凭证一再被平台拒绝", 60.0) from None
            raise

    async def media(self, path: str, media_id: str) -> Fetched:
        """A file that a person sent; its name is empty where the platform gives none.

        Raises:
            TryLater, ApiError, NotSent (too large).
        """
        token = await self._tokens.current()
        for attempt in (1, 2):
            try:
                return await self._download(path, {"access_token": token.value, "media_id": media_id})
            except ApiError as error:
                if error.code not in TOKEN_REFUSED or attempt == 2:
                    raise
                token = await self._tokens.renewed(token)
        raise AssertionError("not reached")

    async def _download(self, path: str, params: Mapping[str, str]) -> Fetched:
        content = b""
        try:
            async with self._http.stream("GET", path, params=params) as response:
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > _LARGEST_MEDIA:
                        raise NotSent("文件太大")
        except httpx.HTTPError as error:
            raise TryLater(f"取不到文件（{type(error).__name__}）") from None
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if kind in ("application/json", "text/plain"):
            read_answer(response.status_code, content)
            raise ApiError(0, "no file")
        if response.status_code != 200:
            raise TryLater(f"取不到文件（HTTP {response.status_code}）")
        return Fetched(_name(response.headers.get("content-disposition", "")), kind, content)


async def ask(
    http: httpx.AsyncClient, method: str, path: str, params: Mapping[str, str], body: Any = None
) -> dict[str, Any]:
    """One request and its answer, read. Raises as `Api.call` does."""
    # Written here, not by httpx: the platform takes \\u escapes for six characters each.
    content = None if body is None else msgspec.json.encode(body)
    headers = {} if body is None else {"content-type": "application/json; charset=utf-8"}
    try:
        response = await http.request(method, path, params=params, content=content, headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreachable(f"连不上平台（{type(error).__name__}）") from None
    except httpx.TimeoutException as error:
        raise TooSlow(type(error).__name__) from None
    except httpx.HTTPError as error:
        # Not `from error`: the address that it names carries the token.
        raise Unclear(type(error).__name__) from None
    if response.status_code == 429:
        raise TryLater("平台说请求太多", _seconds(response.headers.get("retry-after")))
    return read_answer(response.status_code, response.content)


def read_answer(status: int, content: bytes) -> dict[str, Any]:
    """The JSON of an answer without error. Raises as `Api.call` does."""
    try:
        answer = msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unclear(f"HTTP {status}") from None
    code = answer.get("errcode", 0)
    if code in BUSY:
        raise TryLater(f"平台忙（{code}）", _BUSY_S.get(code))
    if code:
        raise ApiError(int(code), str(answer.get("errmsg", "")))
    if status != 200:
        raise Unclear(f"HTTP {status}")
    return answer


def _name(disposition: str) -> str:
    header = Message()
    header["content-disposition"] = disposition
    return header.get_filename("")


def _seconds(value: str | None) -> float:
    return float(value) if value is not None and value.isdigit() else 30.0
