from __future__ import annotations

import pytest

from bot.catalog.cite import RETOLD, cite, shown_address
from bot.catalog.model import Catalog, Source


def _source(**fields: object) -> Source:
    return Source(**{"title": "某办法", "sureness": "高", "date": "2024-06-18", "issuer": "管委会", **fields})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://gxq.cq.gov.cn/a", True),
        ("https://chongqing.pbc.gov.cn/a", True),
        ("https://news.cqnews.net/a", True),
        ("https://gov.cn.evil.com/a", False),
        ("https://notgov.cn/a", False),
        ("http://www.unbank.info/a", False),
        ("javascript:alert(1)//gov.cn", False),
        ("", False),
    ],
)
def test_only_trusted_addresses_are_shown(url: str, shown: bool) -> None:
    source = _source(url=url)
    assert (shown_address(source) == url) is (shown or not url)
    assert ("http" in cite(source)) is shown


def test_the_first_trusted_of_several() -> None:
    assert shown_address(_source(url=["http://x.com/1", "http://cq.gov.cn/2"])) == "http://cq.gov.cn/2"


def test_doubtful_sources_say_so() -> None:
    assert RETOLD not in cite(_source())
    assert RETOLD in cite(_source(sureness="中"))
    assert RETOLD in cite(_source(sureness="低"))


def test_a_number_makes_a_document() -> None:
    assert cite(_source(number="渝某〔2024〕1号")).startswith("《某办法》（渝某〔2024〕1号）")
    assert cite(_source()).startswith("某办法，管委会，2024-06-18")


def test_dates() -> None:
    assert cite(_source(date="2024")).endswith("2024年")
    assert cite(_source(date="", date_note="页面未显示日期")).endswith("页面未显示日期")


def test_no_foreign_address_in_any_citation(catalog: Catalog) -> None:
    for source in catalog.sources.values():
        text = cite(source)
        address = shown_address(source)
        rest = text.replace(address, "") if address else text
        assert "http" not in rest
        assert ".com" not in rest
