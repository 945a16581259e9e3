from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalog.errors import CatalogError
from bot.catalog.model import Catalog
from bot.knowledge import read_base
from bot.settings import ROOT


def test_the_shipped_knowledge_base_is_whole(catalog: Catalog) -> None:
    base = read_base(ROOT / "catalog" / "knowledge", catalog.sources, catalog.products)
    assert len(base.passages) >= 100
    assert {product for passage in base.passages for product in passage.products} == set(catalog.products)


def test_every_source_is_told_somewhere(catalog: Catalog) -> None:
    base = read_base(ROOT / "catalog" / "knowledge")
    told = {source for passage in base.passages for source in passage.sources}
    assert set(catalog.sources) - told == set()


def test_every_product_says_what_is_not_public(catalog: Catalog) -> None:
    base = read_base(ROOT / "catalog" / "knowledge")
    silent = {product for passage in base.passages if passage.silent for product in passage.products}
    assert set(catalog.products) - silent == set()


def test_another_place_is_named_as_such() -> None:
    for passage in read_base(ROOT / "catalog" / "knowledge").passages:
        if passage.scope == "elsewhere":
            assert "不是重庆" in passage.text
            assert any(word in passage.text for word in passage.only_if)


def test_a_passage_is_no_surer_than_its_surest_source(catalog: Catalog) -> None:
    rank = "低中高"
    for passage in read_base(ROOT / "catalog" / "knowledge").passages:
        surest = max(rank.index(catalog.sources[source].sureness) for source in passage.sources)
        assert rank.index(passage.sureness) <= surest, passage.id


def test_the_version_follows_the_files(folder: Path) -> None:
    before = read_base(folder).version
    assert read_base(folder).version == before
    with (folder / "passages.yml").open("a", encoding="utf-8") as file:
        file.write("# a word more\n")
    assert read_base(folder).version != before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("id: loan.undisclosed", "id: loan.limit", "编号重复"),
        ("[乙号基金是什么, 乙号基金规模, 有没有投早期的基金]", "[乙号基金是什么]", "3–10种"),
        ("[丙城基金规模, ", "[乙号基金规模, ", "重复"),
        ("[丙城基金规模, ", "[外面的基金规模, ", "only_if"),
        ("    only_if: [丙城]\n", "", "only_if"),
        ("公开资料没有给出，", "", "公开资料没有给出"),
        ("sureness: 中", "sureness: 很高", "内容不合格式"),
        ("    silent: true", "    secret: true", "secret"),
        ("passages:", "passage:", "开头应是"),
    ],
)
def test_faults_are_named(folder: Path, old: str, new: str, reason: str) -> None:
    path = folder / "passages.yml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(CatalogError) as caught:
        read_base(folder)
    assert any(reason in fault.reason and fault.file == "passages.yml" for fault in caught.value.faults)


def test_unknown_sources_and_products_are_faults(folder: Path) -> None:
    with pytest.raises(CatalogError, match="page"):
        read_base(folder, sources={"paper"})
    path = folder / "passages.yml"
    path.write_text(
        path.read_text("utf-8").replace("scope: zone", "scope: zone\n    products: [nothing]", 1), "utf-8"
    )
    with pytest.raises(CatalogError, match="nothing"):
        read_base(folder, products={"loan"})


def test_a_missing_file_is_a_fault(folder: Path) -> None:
    (folder / "topics.yml").unlink()
    with pytest.raises(CatalogError, match="缺少这个文件"):
        read_base(folder)
