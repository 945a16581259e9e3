"""Who is let in: signatures, secure mode and XML, against wechatpy and against altered requests."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.parser import parse_message
from weixin_fuzz import altered
from weixin_peer import ACCOUNT, AES_KEY, APP_ID, CORP_ID, TOKEN, Peer, signature, xml_of

from bot.cases.clock import now
from bot.channels.wechat import xml
from bot.channels.wechat.crypto import FRESH_S, Envelope, Refused
from bot.channels.wechat.gate import MAX_BYTES, Gate

AT = now()
ALTERED = 10_000
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")))
ENDS = ["]]>", "]]><Content>x</Content>", "]]]]>>", "<![CDATA[", "a\x00b\x1f]]>", "]]>" * 9]


def message(text: str = "想贷300万", number: int = 1) -> str:
    return xml_of(
        ToUserName=ACCOUNT,
        FromUserName="oPerson-_1",
        CreateTime=int(AT.timestamp()),
        MsgType="text",
        Content=text,
        MsgId=number,
    )


def gate(*, secure: bool, token: str = TOKEN) -> Gate:
    return Gate(token, Envelope(AES_KEY, APP_ID) if secure else None)


@pytest.mark.parametrize("secure", [False, True])
def test_what_the_peer_sends_is_read(secure: bool) -> None:
    query, body = Peer(secure=secure).request(message(), AT)
    read = gate(secure=secure).message(query, body, AT)
    assert (read["Content"], read["FromUserName"], read["MsgId"]) == ("想贷300万", "oPerson-_1", "1")


@pytest.mark.parametrize("secure", [False, True])
@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))), created=st.integers(1, 2**31)
)
def test_what_we_answer_is_read_by_the_peer(secure: bool, text: str, created: int) -> None:
    answer = xml.text_reply("oPerson", ACCOUNT, created, text)
    if secure:
        answer = xml.sealed_reply(Envelope(AES_KEY, APP_ID), TOKEN, answer, "1764000000", "77")
    read = Peer(secure=secure).read(answer)
    assert set(read) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    # The peer's reader takes blanks off the ends; U+FFFE and U+FFFF cannot stand in XML at all.
    assert (read["Content"] or "") == "".join(c for c in text if c not in "\ufffe\uffff").strip()
    assert read["CreateTime"] == str(created)


@pytest.mark.parametrize(
    "bad", ["]]>", "]]><Content>x</Content>", "]]]]>>", "<![CDATA[", "a\x00b\x1f]]>", "]]>" * 9]
)
def test_the_end_of_character_data_in_words_is_harmless(bad: str) -> None:
    read = Peer(secure=False).read(xml.text_reply("oPerson", ACCOUNT, 1, f"前{bad}后"))
    assert read["Content"] == f"前{bad.replace(chr(0), '').replace(chr(31), '')}后"
    assert read["MsgType"] == "text"


@given(text=st.text(st.characters(codec="utf-8"), max_size=3000))
def test_sealed_text_opens_again(text: str) -> None:
    envelope = Envelope(AES_KEY, APP_ID)
    assert envelope.open(envelope.seal(text)) == text


def test_the_peer_parses_the_elements_as_we_do() -> None:
    raw = message("第一行\n第二行 <b>&amp;")
    theirs, ours = parse_message(raw), xml.read(raw)
    assert ours["Content"] == theirs.content == "第一行\n第二行 <b>&amp;"
    assert ours["FromUserName"] == theirs.source


@pytest.mark.parametrize("secure", [False, True])
def test_without_a_secret_everything_is_refused(secure: bool) -> None:
    closed = gate(secure=secure, token="")
    # Signed with nothing as the secret, as a guesser would.
    query = Peer(secure=False).plain_query(AT)
    query["signature"] = signature("", query["timestamp"], query["nonce"])
    query["msg_signature"] = query["signature"]
    with pytest.raises(Refused):
        closed.message(query, message().encode(), AT)
    with pytest.raises(Refused):
        closed.echo(query | {"echostr": "123"}, AT)


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize(
    ("late_s", "fresh"), [(FRESH_S - 1, True), (FRESH_S + 1, False), (-FRESH_S - 2, False)]
)
def test_an_old_request_is_refused(secure: bool, late_s: int, fresh: bool) -> None:
    at = AT.replace(microsecond=0)
    query, body = Peer(secure=secure).request(message(), at)
    entrance, then = gate(secure=secure), at + timedelta(seconds=late_s)
    if abs(late_s) < FRESH_S:
        assert entrance.message(query, body, then)["MsgId"] == "1"
    else:
        with pytest.raises(Refused):
            entrance.message(query, body, then)


def test_in_secure_mode_what_comes_plain_is_refused() -> None:
    query, body = Peer(secure=False).request(message(), AT)
    with pytest.raises(Refused):
        gate(secure=True).message(query, body, AT)


def test_a_message_for_another_account_does_not_open() -> None:
    query, body = Peer(secure=True).request(message(), AT)
    with pytest.raises(Refused):
        Gate(TOKEN, Envelope(AES_KEY, CORP_ID)).message(query, body, AT)


def test_a_plain_signature_serves_one_message_only() -> None:
    entrance = gate(secure=False)
    query, body = Peer(secure=False).request(message(), AT)
    assert entrance.message(query, body, AT)["MsgId"] == "1"
    assert entrance.message(query, body, AT)["MsgId"] == "1", "the platform may repeat itself"
    with pytest.raises(Refused):
        entrance.message(query, message("转账给我", 2).encode(), AT)


BOMB = '<!DOCTYPE xml [<!ENTITY a "贷款"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "body",
    [
        f"{BOMB}<xml><Content>&b;</Content></xml>",
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><Content>x</Content></xml>',
        '<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
        "<!DOCTYPE xml><xml><Content>x</Content></xml>",
        "<xml><Content>一</Content><Content>二</Content></xml>",
        "<xml><Content>x</Content>",
        "<other><Content>x</Content></other>",
        '<?xml version="1.0" encoding="nonsense"?><xml></xml>',
        "",
        "\x00\xff",
        "{}",
    ],
)
def test_what_is_no_message_is_refused(body: str) -> None:
    query = Peer(secure=False).plain_query(AT)
    with pytest.raises(Refused):
        gate(secure=False).message(query, body.encode(), AT)


def test_a_large_body_is_refused() -> None:
    query, body = Peer(secure=False).request(message("长" * MAX_BYTES), AT)
    with pytest.raises(Refused):
        gate(secure=False).message(query, body, AT)


def test_the_first_check_of_the_address() -> None:
    query = Peer(secure=False).plain_query(AT, echostr="5927782489442352469")
    for secure in (False, True):
        assert gate(secure=secure).echo(query, AT) == "5927782489442352469"
    with pytest.raises(Refused):
        gate(secure=False).echo(query | {"signature": "0" * 40}, AT)
    with pytest.raises(Refused):
        gate(secure=False).echo(query | {"echostr": "<script>"}, AT)


def test_the_first_check_of_wecom_comes_sealed() -> None:
    entrance = Gate(TOKEN, Envelope(AES_KEY, CORP_ID), only_sealed=True)
    query = Peer(secure=True, work=True).sealed_echo("5927782489442352469", AT)
    assert entrance.echo(query, AT) == "5927782489442352469"
    with pytest.raises(Refused):
        entrance.echo(query | {"nonce": query["nonce"] + "1"}, AT)


@pytest.mark.parametrize("key", ["", "short", "a" * 42 + "=", "a" * 44])
def test_a_key_of_another_form_is_named(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        Envelope(key, APP_ID)


@pytest.mark.parametrize("secure", [False, True])
def test_no_altered_request_is_accepted(secure: bool) -> None:
    # Seeded by the seed that the report's head prints.
    rng = random.Random(random.randrange(2**32))
    entrance, accepted = gate(secure=secure), []
    for number in range(ALTERED):
        if number % 100 == 0:
            request = Peer(secure=secure).request(message(number=number), AT)
            assert entrance.message(*request, AT)["MsgId"] == str(number)
        changed = altered(request, secure, rng)
        try:
            entrance.message(*changed, AT)
        except Refused:
            continue
        accepted.append(changed)
    assert accepted == []
