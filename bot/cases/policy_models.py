"""The tables of the policy data: every version that was ever used or offered, and when each was in use."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.cases.columns import Moment
from bot.cases.models import Base


class CatalogVersion(Base):
    """One set of catalog files. Nothing is ever changed in it: a correction is another version.

    `version` is the catalog's own (a hash of what decides), `digest` covers every file, passages included.
    `officer_id` is empty for the files that came with the program.
    """

    __tablename__ = "catalog_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(12), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    # Names and texts as compressed JSON. Public policy, so not sealed.
    files: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class CatalogUse(Base):
    """A version taken into use; the last line is the one in use. `officer_id` is empty for the program."""

    __tablename__ = "catalog_use"
    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("catalog_version.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    at: Mapped[datetime] = mapped_column(Moment)
