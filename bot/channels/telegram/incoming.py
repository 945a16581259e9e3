"""What the platform's updates say, as messages of ours."""

from __future__ import annotations

import re

from telegram import Message, Update
from telegram.constants import ChatType

from bot.conversation.wire import FileRef, Inbound

# Shown by the platform in the bot's menu: command, title, key of the button that it stands for.
COMMANDS = (
    ("human", "找陪跑专员", "human"),
    ("status", "办理进度", "intent:case_status"),
    ("data", "查看或删除我的信息", "intent:manage_data"),
    ("unlink", "解除关联", "unlink"),
    ("withdraw", "撤回同意", "consent:withdraw"),
    ("restart", "从头再来", "restart"),
    ("help", "能做什么", "intent:ask_bot"),
)
_KEYS = {command: key for command, _, key in COMMANDS} | {"start": "intent:greet"}
_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(\S{1,64}))?\s*", re.ASCII)
_OTHER = (
    ("sticker", "表情贴纸"),
    ("animation", "动图"),
    ("video", "视频"),
    ("contact", "联系人名片"),
    ("poll", "投票"),
    ("dice", "骰子"),
    ("game", "游戏"),
    ("story", "动态"),
)


def key_of(update: Update) -> str:
    """Under which an update is stored once, in whichever way and however often it comes."""
    return str(update.update_id)


def person_of(update: Update) -> str | None:
    """The private chat of an update; none for groups and channels, where others would read along."""
    chat = update.effective_chat
    return str(chat.id) if chat is not None and chat.type == ChatType.PRIVATE else None


def understand(message: Message, key: str) -> Inbound | None:
    """A message of ours; none for the platform's own announcements (pinned, joined)."""
    if message.text is not None:
        return _words(message.text, key)
    caption = message.caption or ""
    if message.photo:
        largest = message.photo[-1]
        picture = FileRef(largest.file_id, media_type="image/jpeg", size=largest.file_size or 0)
        return Inbound(text=caption, platform_id=key, kind="image", file=picture)
    if message.animation is None and message.document is not None:
        sent = message.document
        file = FileRef(sent.file_id, sent.file_name or "", sent.mime_type or "", sent.file_size or 0)
        return Inbound(text=caption, platform_id=key, kind="file", file=file)
    if message.voice or message.audio or message.video_note:
        # The platform gives no transcript to bots.
        return Inbound(platform_id=key, kind="voice")
    if message.location is not None:
        name = "" if message.venue is None else message.venue.title
        return Inbound(text=name, platform_id=key, kind="location")
    name = next((title for field, title in _OTHER if getattr(message, field, None)), "")
    return Inbound(text=name, platform_id=key, kind="other") if name else None


def _words(text: str, key: str) -> Inbound:
    found = _COMMAND.fullmatch(text)
    if found is None or found[1] not in _KEYS:
        return Inbound(text=text, platform_id=key)
    code = found[2] if found[1] == "start" and found[2] else ""
    return Inbound(text=text, payload=_KEYS[found[1]], platform_id=key, code=code)
