"""The schemas on disk are those of the types, and every policy file points at one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.catalog.schema import FOLDER, modeline, schemas, written
from bot.catalog.yaml_lines import parse
from bot.cli.catalog import catalog
from bot.cli.catalog_schema import KNOWLEDGE

CATALOG = Path(__file__).parents[2] / "catalog"
FILES = sorted(path.relative_to(CATALOG).as_posix() for path in CATALOG.rglob("*.yml"))


def test_the_schema_files_are_current() -> None:
    """`peipao catalog schema` writes them anew."""
    for name, schema in schemas(KNOWLEDGE).items():
        assert (CATALOG / FOLDER / f"{name}.json").read_text("utf-8") == written(schema), name


@pytest.mark.parametrize("file", FILES)
def test_every_policy_file_points_at_its_schema(file: str) -> None:
    first = (CATALOG / file).read_text("utf-8").splitlines()[0]
    assert first == modeline(file, KNOWLEDGE)
    assert (CATALOG / file).parent.joinpath(first.split("$schema=")[1]).resolve().is_file()


@pytest.mark.parametrize("file", FILES)
def test_every_key_that_is_used_is_one_that_an_editor_offers(file: str) -> None:
    text = (CATALOG / file).read_text("utf-8")
    name = Path(text.splitlines()[0].split("$schema=")[1]).stem
    schema = json.loads((CATALOG / FOLDER / f"{name}.json").read_text("utf-8"))
    assert list(unknown_keys(parse(text, file).data, schema, schema["$defs"])) == []


def unknown_keys(value: Any, schema: dict[str, Any], parts: dict[str, Any]) -> list[str]:
    """Keys that the schema does not know, wherever they are."""
    if "$ref" in schema:
        return unknown_keys(value, parts[schema["$ref"].rpartition("/")[2]], parts)
    if "anyOf" in schema:
        found = [unknown_keys(value, one, parts) for one in schema["anyOf"]]
        return min(found, key=len)
    if isinstance(value, dict) and "properties" in schema:
        listed = [key for key in value if key not in schema["properties"]]
        missing = [f"no {key}" for key in schema.get("required", []) if key not in value]
        inner = [
            one for key in value if key in schema["properties"]
            for one in unknown_keys(value[key], schema["properties"][key], parts)
        ]  # fmt: skip
        return [*listed, *missing, *inner]
    if isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        return [
            one
            for each in value.values()
            for one in unknown_keys(each, schema["additionalProperties"], parts)
        ]
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [one for each in value for one in unknown_keys(each, schema["items"], parts)]
    return []


def test_a_stale_schema_is_noticed_and_renewed(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert run(catalog, ["schema", "--catalog", str(tmp_path)]).exit_code == 0
    assert run(catalog, ["schema", "--catalog", str(tmp_path), "--check"]).exit_code == 0
    (tmp_path / FOLDER / "facts.json").write_text("{}", "utf-8")
    stale = run(catalog, ["schema", "--catalog", str(tmp_path), "--check"])
    assert (stale.exit_code, stale.output.strip()) == (1, "过期：facts")
