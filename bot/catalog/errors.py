"""Faults of the policy data, each with the place where it is."""

from __future__ import annotations

import msgspec


class Fault(msgspec.Struct, frozen=True, order=True):
    """One fault: file (in the catalog folder), line (from 1; 0 = the whole file), reason in Chinese."""

    file: str
    line: int
    reason: str
    level: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class CatalogError(ValueError):
    """The catalog cannot be used; ``faults`` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
