"""Takes the pictures and files that people send from their platforms into the talk's attachments."""

from __future__ import annotations

from pathlib import Path

import msgspec
import structlog
from sqlalchemy import update

from bot.cases import attachments
from bot.cases.database import Database
from bot.cases.firm_models import Attachment
from bot.cases.models import Message
from bot.channels.base import Channel, NotSent, TryLater
from bot.conversation.wire import FileRef

log = structlog.get_logger(__name__)
_TAKEN = "收到{name}，已经存好，陪跑专员跟进时能看到。"
_LATER = "文件暂时取不到，请过一会儿再发一次。"
KEPT = "kept:"
"""Begins the `ref` of a file that a page sent itself: its key among the attachments follows."""


class Files:
    """Fetches what a message names and keeps it, once for each message."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database = database
        self._data_dir = data_dir

    async def take(self, channel: Channel, message: Message) -> str:
        """Keeps the file of `message`, and returns what the person is told.

        The message remembers the attachment, so a turn that is answered anew does not fetch it again.
        """
        body = message.body
        if not body.get("file"):
            return _LATER
        file = msgspec.convert(body["file"], FileRef)
        if "attachment" in body:
            return _TAKEN.format(name=_called(file))
        if file.ref.startswith(KEPT):
            await self._belongs(message, file.ref.removeprefix(KEPT))
            return _TAKEN.format(name=_called(file))
        try:
            fetched = await channel.fetch(message.account, file)
            key = await attachments.store(
                self._database,
                self._data_dir,
                message.conversation_id,
                fetched.name or file.name,
                fetched.media_type,
                fetched.content,
            )
        except TryLater as error:
            log.warning("file_not_fetched", channel=channel.name, reason=str(error))
            return _LATER
        except (NotSent, attachments.Refused) as error:
            return str(error)
        await self._belongs(message, key)
        return _TAKEN.format(name=_called(file))

    async def _belongs(self, message: Message, key: str) -> None:
        """The attachment is the message's, and the message remembers it."""
        async with self._database.write() as session:
            await session.execute(
                update(Attachment)
                .where(Attachment.key == key, Attachment.conversation_id == message.conversation_id)
                .values(message_id=message.id)
            )
            await session.execute(
                update(Message)
                .where(Message.id == message.id)
                .values(body={**message.body, "attachment": key})
            )


def _called(file: FileRef) -> str:
    return f"「{file.name}」" if file.name else "您发来的内容"
