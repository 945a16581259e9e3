"""The platform's XML: one level of elements under `<xml>`."""

from __future__ import annotations

import re
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels.wechat.crypto import Envelope, Refused, sign

# What XML 1.0 cannot hold at all, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(body: bytes | str) -> dict[str, str]:
    """The elements under the root: name → text. Of elements within elements only the outer one is kept.

    Raises:
        Refused: no XML, or XML with a DTD or entities, which no message of the platform has.
    """
    try:
        root = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Refused from None
    if root.tag != "xml":
        raise Refused
    found: dict[str, str] = {}
    for child in root:
        if child.tag in found:
            # Two readings of one message are one too many.
            raise Refused
        found[child.tag] = child.text or ""
    return found


def cdata(text: str) -> str:
    """`text` as character data that ends where it should, whatever stands in it.

    >>> cdata("a]]>b")
    '<![CDATA[a]]]]><![CDATA[>b]]>'
    """
    clean = _FORBIDDEN.sub("", text)
    return "<![CDATA[" + clean.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def text_reply(to: str, account: str, created: int, text: str) -> str:
    """A passive answer in words. `created`: seconds since 1970."""
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(account)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{cdata(text)}</Content></xml>"
    )


def sealed_reply(envelope: Envelope, token: str, plain: str, timestamp: str, nonce: str) -> str:
    """`plain` (XML) for secure mode, signed."""
    sealed = envelope.seal(plain)
    return (
        f"<xml><Encrypt>{cdata(sealed)}</Encrypt>"
        f"<MsgSignature>{cdata(sign(token, timestamp, nonce, sealed))}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    )
