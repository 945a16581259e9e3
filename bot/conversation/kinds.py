"""What is said to messages that are neither words nor a button."""

from __future__ import annotations

from bot.channels.base import Channel

#: By the kind of the message; `{name}`: what it is called, where the platform says so.
SAID = {
    "voice": "这条语音我听不了，请打字告诉我，一两句话就行。",
    "location": "收到位置{name}。企业注册在哪个区，请打字告诉我。",
    "other": "这种消息{name}我看不了，请打字告诉我；要交材料，请发图片或文件。",
}
_ABROAD = (
    "这里的服务器在境外，不收图片和文件（包括身份证件、执照）。"
    "请到自助机、网页或公众号提交，或当面交给陪跑专员。"
)
_NO_FILES = "这里暂时收不了图片和文件，请打字告诉我；材料可以之后交给陪跑专员。"


def said(kind: str, name: str) -> str:
    """The line for a message of `kind`.

    >>> said("other", "视频")
    '这种消息（视频）我看不了，请打字告诉我；要交材料，请发图片或文件。'
    """
    return SAID[kind].format(name=f"（{name}）" if name else "")


def no_files(channel: Channel | None) -> str:
    """Why a picture or file is not taken here."""
    return _ABROAD if channel is not None and channel.abilities.abroad else _NO_FILES
