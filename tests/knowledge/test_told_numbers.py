from __future__ import annotations

import pytest
from told_numbers import unexplained_numbers


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        ("最高提供1500万元信用贷款", ["1500"]),
        ("最高1,500万元", ["最高提供1500万元"]),
        ("授信0.15亿元", ["1500万元"]),
        ("二十余家机构", ["20"]),
        ("您的事项编号是 KC20261124-0007，请在2026年12月3日 09:30 前回复", []),
        ("1. 先入库\n2、再申请\n（3）等待", []),
        ("四支队伍陪跑", []),
        ("详见 http://gxq.cq.gov.cn/x/20240618_13302962.html", []),
        ("占比5.0%", ["5"]),
    ],
)
def test_explained(reply: str, allowed: list[str]) -> None:
    assert unexplained_numbers(reply, allowed) == []


@pytest.mark.parametrize(
    ("reply", "allowed", "unexplained"),
    [
        ("利率3.45%", ["最高1500万元"], ["3.45"]),
        ("可贷800万元、300万元", ["300万"], ["800"]),
        ("三百万元", ["200万元"], ["三百"]),
        ("2023年口径", ["2024年"], ["2023"]),
        ("15个工作日", ["7个工作日"], ["15"]),
    ],
)
def test_unexplained(reply: str, allowed: list[str], unexplained: list[str]) -> None:
    assert unexplained_numbers(reply, allowed) == unexplained
