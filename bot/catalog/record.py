"""What every record of the catalog has in common."""

from __future__ import annotations

import datetime

import msgspec

SourceIds = str | list[str]
"""One source id of ``sources.yml``, or several."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything read from the catalog: unknown keys are faults, not silence."""


class Dated(Record, frozen=True, kw_only=True):
    """In force from ``starts`` (inclusive) to ``ends`` (exclusive); ``None`` is open."""

    starts: datetime.date | None = msgspec.field(name="from", default=None)
    ends: datetime.date | None = msgspec.field(name="to", default=None)

    def in_force(self, day: datetime.date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day < self.ends)

    def overlaps(self, other: Dated) -> bool:
        """Some day lies in both."""
        starts = max(self.starts or datetime.date.min, other.starts or datetime.date.min)
        return starts < min(self.ends or datetime.date.max, other.ends or datetime.date.max)
