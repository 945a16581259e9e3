"""Altered requests: what somebody could try who saw a real one."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

import xmltodict
from weixin_peer import ACCOUNT, xml_of

Request = tuple[dict[str, str], bytes]


def _text(value: str, rng: random.Random) -> str:
    """`value` with one character changed, added, left out or two exchanged; never `value` itself."""
    while True:
        place = rng.randrange(len(value)) if value else 0
        letter = rng.choice(string.ascii_letters + string.digits + "+/=-_ \n中")
        changed = rng.choice(
            [
                value[:place] + letter + value[place + 1 :],
                value[:place] + letter + value[place:],
                value[:place] + value[place + 1 :],
                value[:place],
                value[place:] + value[:place],
                value.swapcase(),
                letter * rng.randrange(80),
            ]
        )
        if changed != value:
            return changed


def _alter_query(request: Request, rng: random.Random, names: list[str]) -> Request:
    query, body = request
    name = rng.choice(names)
    if rng.random() < 0.1:
        return {key: value for key, value in query.items() if key != name}, body
    return query | {name: _text(query[name], rng)}, body


def _shift(request: Request, rng: random.Random) -> Request:
    """Characters move from one signed part to another: the sum over both may stay the same."""
    query, body = request
    sealed = xmltodict.parse(body)["xml"].get("Encrypt", "")
    parts = [query["timestamp"], query["nonce"], sealed]
    giver, taker = rng.sample(range(3 if sealed else 2), 2)
    count = rng.randrange(1, min(70, len(parts[giver]) + 1))
    if rng.random() < 0.5:
        parts[taker] += parts[giver][:count]
        parts[giver] = parts[giver][count:]
    else:
        parts[taker] = parts[giver][-count:] + parts[taker]
        parts[giver] = parts[giver][:-count]
    if sealed:
        body = xml_of(ToUserName=ACCOUNT, Encrypt=parts[2]).encode()
    return query | {"timestamp": parts[0], "nonce": parts[1]}, body


def _alter_sealed(request: Request, rng: random.Random) -> Request:
    query, body = request
    sealed = xmltodict.parse(body)["xml"]["Encrypt"]
    if rng.random() < 0.5:
        return query, xml_of(ToUserName=ACCOUNT, Encrypt=_text(sealed, rng)).encode()
    raw = bytearray(base64.b64decode(sealed))
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return query, xml_of(ToUserName=ACCOUNT, Encrypt=base64.b64encode(raw).decode()).encode()


def _alter_words(request: Request, rng: random.Random) -> Request:
    """Plain mode: other words under a signature that was seen."""
    query, body = request
    return query, _text(body.decode(), rng).encode()


def alterations(secure: bool) -> list[Callable[[Request, random.Random], Request]]:
    signed = ["msg_signature"] if secure else ["signature"]
    names = [*signed, "timestamp", "nonce"]
    return [
        lambda request, rng: _alter_query(request, rng, names),
        lambda request, rng: _alter_query(request, rng, signed),
        _shift,
        _alter_sealed if secure else _alter_words,
    ]


def altered(request: Request, secure: bool, rng: random.Random) -> Request:
    while True:
        changed = rng.choice(alterations(secure))(request, rng)
        if changed != request:
            return changed
