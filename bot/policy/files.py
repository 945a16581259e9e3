"""The files of a catalog as texts by name: which decide, what identifies them, and back to a folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from bot.catalog.load import SIZES

NAME = re.compile(
    r"(?:sources|facts|services|sme_size)\.yml|(?:products|scorecards|knowledge)/[a-z0-9_]{1,60}\.yml"
)
PASSAGES = "knowledge/"


def read_folder(folder: Path) -> dict[str, str]:
    """All catalog files of a folder by their name inside it, passages included."""
    return {
        name: path.read_text("utf-8")
        for path in sorted(folder.rglob("*.yml"))
        if NAME.fullmatch(name := path.relative_to(folder).as_posix())
    }


def write_files(texts: Mapping[str, str], folder: Path) -> None:
    """Lays the files out as a catalog folder.

    Raises:
        ValueError: a name is none of the catalog's.
    """
    for name, text in texts.items():
        if not NAME.fullmatch(name):
            raise ValueError(name)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def deciding(texts: Mapping[str, str]) -> dict[str, str]:
    """The files from which verdicts are made, in the order in which a folder is read."""
    order = {"sources.yml": 0, "facts.yml": 1, "services.yml": 2, SIZES: 5}
    names = [name for name in texts if not name.startswith(PASSAGES)]
    names.sort(key=lambda name: (order.get(name, 3 if name.startswith("products/") else 4), name))
    return {name: texts[name] for name in names}


def digest(texts: Mapping[str, str]) -> str:
    """Identifies a set of files, passages included."""
    made = hashlib.sha256()
    for name in sorted(texts):
        made.update(name.encode() + b"\0" + texts[name].encode() + b"\0")
    return made.hexdigest()
