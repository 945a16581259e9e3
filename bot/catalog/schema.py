"""JSON Schemas of the policy files, made from the types that read them, so that editors can complete them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bot.catalog.difference import FIELDS
from bot.catalog.model import FactSpec, Product, Service, Source
from bot.catalog.scorecards import ScoreCard, SizeRules

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schema"
SOURCE_DATE: dict[str, Any] = {
    "description": "日期、年份，或 {unknown: 为什么没有}",
    "anyOf": [
        {"type": "string"},
        {"type": "integer"},
        {"type": "object", "properties": {"unknown": {"type": "string"}}, "additionalProperties": False},
    ],
}
OF_CHANGE = {"from": "只能从这些选项改起", "to": "能改成的选项，最可能的写在前面"}
"""In a way of changing a fact the two words have nothing to do with dates."""
FILES: dict[str, tuple[str, Any]] = {
    "sources": ("sources.yml", dict[str, Source]),
    "facts": ("facts.yml", dict[str, FactSpec]),
    "services": ("services.yml", dict[str, Service]),
    "product": ("products/*.yml", Product),
    "scorecard": ("scorecards/*.yml", ScoreCard),
    "sme_size": ("sme_size.yml", SizeRules),
}
"""Schema name → the files it is for, and the type of what is in them."""


def schemas(more: Mapping[str, tuple[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """Every schema by name; ``more`` adds files that other packages read (same shape as :data:`FILES`)."""
    found: dict[str, dict[str, Any]] = {}
    for name, (_, kind) in {**FILES, **(more or {})}.items():
        (schema,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
        if name in ("sources", "facts", "services"):
            schema = {
                "type": "object", "properties": {name: schema}, "required": [name],
                "additionalProperties": False,
            }  # fmt: skip
        if "Source" in parts:
            properties = parts["Source"]["properties"]
            properties["date"] = SOURCE_DATE
        for part in parts.values():
            _describe(part)
        found[name] = {"$schema": DRAFT, **schema, "$defs": parts}
    return found


def _describe(part: dict[str, Any]) -> None:
    """Chinese names of the fields for whoever edits, instead of docstrings for whoever programs."""
    part.pop("description", None)
    named = {**FIELDS, **OF_CHANGE} if part.get("title") == "Change" else FIELDS
    for name, field in part.get("properties", {}).items():
        if name in named:
            field.setdefault("description", named[name])


def written(schema: dict[str, Any]) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def modeline(file: str, more: Mapping[str, tuple[str, Any]] | None = None) -> str | None:
    """The comment by which an editor finds the schema of a catalog file (its path in the catalog folder)."""
    for name, (pattern, _) in {**FILES, **(more or {})}.items():
        if Path(file).match(pattern) and len(Path(file).parts) == len(Path(pattern).parts):
            up = "../" * (len(Path(file).parts) - 1)
            return f"# yaml-language-server: $schema={up}{FOLDER}/{name}.json"
    return None
