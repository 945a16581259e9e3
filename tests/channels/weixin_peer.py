"""The platform's side, spoken by wechatpy: it signs, seals and reads as the platform does."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WorkCrypto
from wechatpy.utils import WeChatSigner

TOKEN = "test-token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0123456789abcdef"
CORP_ID = "ww0123456789abcdef"
ACCOUNT = "gh_0123456789ab"


def signature(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def xml_of(**elements: Any) -> str:
    """A message as the platform writes it."""
    return str(xmltodict.unparse({"xml": elements}, full_document=False))


class Peer:
    """Signs and seals requests, opens answers.

    Args:
        secure: whether messages are sealed.
    """

    def __init__(self, *, secure: bool, work: bool = False, token: str = TOKEN) -> None:
        self.secure = secure
        self.token = token
        self._crypto = (WorkCrypto if work else WeChatCrypto)(token, AES_KEY, CORP_ID if work else APP_ID)

    def plain_query(self, at: datetime, **more: str) -> dict[str, str]:
        timestamp, nonce = str(int(at.timestamp())), str(secrets.randbelow(10**9))
        signed = signature(self.token, timestamp, nonce)
        return {"signature": signed, "timestamp": timestamp, "nonce": nonce, **more}

    def request(self, message: str, at: datetime) -> tuple[dict[str, str], bytes]:
        """Query and body that carry `message`."""
        query = self.plain_query(at)
        if not self.secure:
            return query, message.encode()
        sealed = xmltodict.parse(self._crypto.encrypt_message(message, query["nonce"], query["timestamp"]))
        outer = {
            "ToUserName": xmltodict.parse(message)["xml"]["ToUserName"],
            "Encrypt": sealed["xml"]["Encrypt"],
        }
        query |= {"encrypt_type": "aes", "msg_signature": sealed["xml"]["MsgSignature"]}
        return query, xml_of(**outer).encode()

    def sealed_echo(self, word: str, at: datetime) -> dict[str, str]:
        """The first check of 企业微信: its word comes sealed."""
        query = self.plain_query(at)
        sealed = xmltodict.parse(self._crypto.encrypt_message(word, query["nonce"], query["timestamp"]))[
            "xml"
        ]
        return {
            "msg_signature": sealed["MsgSignature"],
            "timestamp": query["timestamp"],
            "nonce": query["nonce"],
            "echostr": sealed["Encrypt"],
        }

    def _seal(self, plain: str, query: dict[str, str]) -> dict[str, str]:
        sealed = self._crypto.encrypt_message(plain, query["nonce"], query["timestamp"])
        return dict(xmltodict.parse(sealed)["xml"])

    def read(self, answer: str) -> dict[str, str]:
        """The elements of an answer to a message; raises when it is not well made, sealed or signed."""
        if self.secure:
            outer = xmltodict.parse(answer)["xml"]
            answer = self._crypto.decrypt_message(
                answer, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
            )
        return dict(xmltodict.parse(answer)["xml"])
