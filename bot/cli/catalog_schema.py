"""`peipao catalog schema`: JSON Schemas of the policy files and of the knowledge base, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from bot.catalog.schema import FOLDER, schemas, written
from bot.knowledge.passages import Passage, Topic
from bot.settings import load_settings


class Passages(msgspec.Struct, forbid_unknown_fields=True):
    """Passages that answer policy questions."""

    passages: list[Passage]


class Topics(msgspec.Struct, forbid_unknown_fields=True):
    """Subjects and the words that name them."""

    topics: dict[str, Topic]


class NotOurs(msgspec.Struct, forbid_unknown_fields=True):
    """Questions that are not for this service, grouped for the reader."""

    not_ours: dict[str, list[str]]


KNOWLEDGE: dict[str, tuple[str, Any]] = {
    "topics": ("knowledge/topics.yml", Topics),
    "not_ours": ("knowledge/not_ours.yml", NotOurs),
    "passages": ("knowledge/*.yml", Passages),
}
"""The knowledge base is read by a package of its own; the first pattern that fits counts."""


@click.command()
@click.option(
    "--catalog",
    "catalog_dir",
    type=click.Path(path_type=Path),
    help="Another catalog folder than the one in use.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if a schema file is not current.")
def schema(catalog_dir: Path | None, check: bool) -> None:
    """Write the JSON Schemas to catalog/schema/, where the first line of every YAML file points."""
    where = (catalog_dir or load_settings().catalog_dir) / FOLDER
    stale = []
    for name, one in schemas(KNOWLEDGE).items():
        file = where / f"{name}.json"
        if not file.is_file() or file.read_text("utf-8") != written(one):
            stale.append(name)
            if not check:
                where.mkdir(exist_ok=True)
                file.write_text(written(one), "utf-8")
    click.echo(f"{'过期' if check else '已更新'}：{'、'.join(stale)}" if stale else "都是最新的")
    if check and stale:
        raise SystemExit(1)
