"""A broken catalog is refused whole, with file, line and reason of every fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken import CATALOG, faults_after, line_of, texts

from bot.catalog.cite import cite, shown_address
from bot.catalog.errors import CatalogError
from bot.catalog.load import load_catalog, load_texts
from bot.catalog.model import Source
from bot.catalog.yaml_lines import parse


def test_the_catalog_of_the_repository_loads() -> None:
    catalog = load_catalog(CATALOG)
    assert len(catalog.products) == 17
    assert {"tech_sme", "hnte", "srdi", "innovative_sme"} <= set(catalog.scorecards)
    assert catalog.sme_size is not None


def test_the_version_follows_every_file() -> None:
    one = load_texts(texts()).version
    changed = {**texts(), "sme_size.yml": texts()["sme_size.yml"] + "# a remark\n"}
    assert load_texts(texts()).version == one
    assert load_texts(changed).version != one


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("services.yml", "services:\n", "services: }\n", "YAML 写法有误"),
        ("facts.yml", "amount_wan:\n    type: money", "amount_wan:\n    type: coins", "不能写「coins」"),
        ("products/seed_fund.yml", "id: seed_fund\n", "id: seed_fund\nid: again\n", "同一处写了两次「id」"),
        ("products/seed_fund.yml", "id: seed_fund\n", "id: kechuangbao\n", "重复"),
        ("products/seed_fund.yml", "name: 种子基金\n", "name: 3\n", "应是文字，写的却是整数"),
        ("products/seed_fund.yml", "name: 种子基金\n", "", "缺少「name」"),
        ("scorecards/hnte.yml", "items: []\n", "items: none\n", "应是列表，写的却是文字"),
        ("scorecards/tech_sme.yml", "  score: 60\n", "  score: 160\n", "合格线应在0到满分100之间"),
        ("sme_size.yml", "_fact: size_industry\n", "_fact: industry\n", "不是 facts.yml 里的选择题"),
        ("facts.yml", "derived: sme_size", "derived: sme_sizes", "只能由 sme_size"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(file: str, old: str, new: str, reason: str) -> None:
    found = [fault for fault in faults_after(file, old, new) if reason in fault.reason]
    assert found, reason
    assert found[0].file in (file, "products/kechuangbao.yml", "products/seed_fund.yml")
    # A wrong value is named by its own line, a missing one by that of its record.
    assert abs(found[0].line - line_of(file, old)) <= 1 or "缺少" in reason


def test_all_faults_are_reported_at_once() -> None:
    changed = dict(texts())
    for file in ("products/seed_fund.yml", "products/kechuangbao.yml"):
        changed[file] = changed[file].replace("when: ", "when: nowhere and ", 1)
    with pytest.raises(CatalogError) as caught:
        load_texts(changed)
    assert {fault.file for fault in caught.value.faults} == {
        "products/seed_fund.yml",
        "products/kechuangbao.yml",
    }


def test_a_missing_folder_or_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="找不到政策目录"):
        load_catalog(tmp_path / "none")
    with pytest.raises(CatalogError, match=r"sources\.yml"):
        load_catalog(tmp_path)


def test_words_like_no_and_on_stay_words() -> None:
    assert parse("a: no\nb: on\nc: true\nd: 'false'\n", "x.yml").data == {
        "a": "no", "b": "on", "c": True, "d": "false",
    }  # fmt: skip


def test_a_source_is_shown_with_document_number_issuer_and_date() -> None:
    source = Source(
        title="管理办法", number="渝高新发〔2024〕13号", issuer="管委会", date="2024-06-18", sureness="高",
        url="http://gxq.cq.gov.cn/a.html",
    )  # fmt: skip
    assert (
        cite(source)
        == "《管理办法》（渝高新发〔2024〕13号），管委会，2024-06-18，http://gxq.cq.gov.cn/a.html"
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://chongqing.pbc.gov.cn/x.html", True),
        ("https://www.cqrb.cn/x", True),
        ("https://app.cqrb.cn/x", True),
        ("http://www.unbank.info/x", False),
        ("http://gov.cn.evil.example/x", False),
        ("http://notgov.cn/x", False),
        ("ftp://www.gov.cn/x", False),
    ],
)
def test_an_address_is_shown_only_on_trusted_domains(url: str, shown: bool) -> None:
    assert bool(shown_address(Source(title="页", url=url, sureness="高"))) is shown


def test_what_is_not_sure_says_so() -> None:
    cited = cite(Source(title="页", issuer="某网（example.com）", date="2025", sureness="中"))
    assert cited == "页，某网，2025年（转述，以原文为准）"
