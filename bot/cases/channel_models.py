"""The tables that channels share between processes: access tokens, cursors, what may still be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.cases.columns import Moment, SealedText
from bot.cases.models import Base


class ChannelToken(Base):
    """A platform's access token, held once for all processes. `name`: `wechat:APPID`."""

    __tablename__ = "channel_token"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(SealedText("channel_token.value"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    # Grows with each renewal: who got a refusal with an older number takes the new one.
    number: Mapped[int] = mapped_column(default=1)


class ChannelCursor(Base):
    """How far a platform's messages have been fetched and stored. `name`: `wecom:ACCOUNT`."""

    __tablename__ = "channel_cursor"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(SealedText("channel_cursor.value"))
    at: Mapped[datetime] = mapped_column(Moment)


class Quota(Base):
    """How many messages a platform still lets us send to a door: opened by what the person did there."""

    __tablename__ = "quota"
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"), primary_key=True)
    # `message` (a person wrote) or `event` (menu, follow, scan): each has its own allowance.
    opened_by: Mapped[str] = mapped_column(String(10), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    allowed: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
