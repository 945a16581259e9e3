"""What an offered version of the policy data would mean: its faults, or what it changes and for whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bot.catalog.difference import differences
from bot.catalog.errors import CatalogError, Fault
from bot.catalog.load import load_texts
from bot.catalog.model import Catalog
from bot.decision.cases import run_cases
from bot.decision.compare import VerdictChange, judged_again
from bot.decision.firm import Firm
from bot.decision.judge import Decider
from bot.decision.lint import lint
from bot.knowledge.passages import read_base
from bot.policy.files import PASSAGES, deciding, write_files
from bot.understanding import lexicon_of


class Checked(msgspec.Struct, frozen=True):
    """A version under check. Without a decider it cannot be used; `faults` says why, and what is doubtful."""

    decider: Decider | None
    faults: list[Fault]
    cases: int = 0

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.level == "error"]

    @property
    def usable(self) -> bool:
        return self.decider is not None and not self.errors


class FirmChange(msgspec.Struct, frozen=True):
    """A firm for which a product comes out differently."""

    name: str
    change: VerdictChange


class Effect(msgspec.Struct, frozen=True):
    """What taking a version into use changes.

    `firms` counts those that were judged. `words`: names or facts changed, which the engine reads at a start.
    """

    differences: list[str]
    passages: list[str]
    firms: int
    changes: list[FirmChange]
    words: bool


def check(texts: Mapping[str, str], day: datetime.date) -> Checked:
    """Loader, lint and the cases shipped with the products. Takes about a second of one core."""
    rules = deciding(texts)
    try:
        catalog = load_texts(rules)
        decider = Decider(catalog)
        faults = lint(rules, catalog, decider, day)
    except CatalogError as error:
        return Checked(None, sorted(error.faults))
    except RecursionError:
        return Checked(None, [Fault("-", 0, "有一条条件写得太深，读不了")])
    faults += _passage_faults(texts, catalog)
    return Checked(decider, sorted(faults), sum(1 for _ in run_cases(decider)))


def _passage_faults(texts: Mapping[str, str], catalog: Catalog) -> Iterator[Fault]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "knowledge").mkdir()
        write_files({file: text for file, text in texts.items() if file.startswith(PASSAGES)}, folder)
        try:
            read_base(folder / "knowledge", catalog.sources, catalog.products)
        except CatalogError as error:
            for fault in error.faults:
                yield msgspec.structs.replace(fault, file=PASSAGES + fault.file)


def effect(
    old: tuple[Decider, Mapping[str, str]],
    new: tuple[Decider, Mapping[str, str]],
    firms: Sequence[tuple[str, Firm]],
    day: datetime.date,
) -> Effect:
    """What the new version changes against the old one, on the given day, for firms given by name."""
    before, after = old[0].catalog, new[0].catalog
    changes = [
        FirmChange(name, change)
        for name, firm in firms
        for change in judged_again(firm, old[0], new[0], day).changes
    ]
    names = sorted({*old[1], *new[1]})
    return Effect(
        differences=[str(one) for one in differences(before, after)],
        passages=[
            name for name in names if name.startswith(PASSAGES) and old[1].get(name) != new[1].get(name)
        ],
        firms=len(firms),
        changes=changes,
        # The engine's own measure of whether its model still fits.
        words=lexicon_of(before) != lexicon_of(after),
    )
