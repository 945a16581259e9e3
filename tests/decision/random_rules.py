"""A small catalog made in memory, and rule sets made at random."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from bot.catalog.model import Catalog, Change, Choice, Clause, Contact, FactSpec, Product, Source, Sourced

DAY = datetime.date(2026, 11, 24)
FACTS = {
    "x": FactSpec(
        id="x", type="number", name="x", group="contract", question="x?", range=[0, 9],
        change=Change(by="more", effort=1, step=0.5),
    ),
    "y": FactSpec(
        id="y", type="count", name="y", group="contract", question="y?", range=[0, 6],
        change=Change(by="less", effort=2),
    ),
    "f": FactSpec(
        id="f", type="flag", name="f", group="contract", question="f?", change=Change(by="yes", effort=3)
    ),
    "g": FactSpec(id="g", type="flag", name="g", group="contract", question="g?", may_be_na=True),
    "c": FactSpec(
        id="c", type="choice", name="c", group="contract", question="c?",
        choices=[Choice(value=one, title=one) for one in "abd"],
        change=Change(by="choice", to=["b", "d"], starting=["a"], effort=1.5),
    ),
}  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "x": [value / 2 for value in range(19)],
    "y": list(range(7)),
    "f": [True, False],
    "g": [True, False, "n/a"],
    "c": ["a", "b", "d"],
}


def catalog_of(*conditions: str, kinds: list[str] | None = None, complete: bool = False) -> Catalog:
    clauses = [
        Clause(
            id=f"k{index}",
            kind=(kinds or ["must"] * len(conditions))[index],
            text=f"条款{index}",
            when=when,
            source="s",
        )  # type: ignore[arg-type]
        for index, when in enumerate(conditions)
    ]
    product = Product(
        id="p", name="产品", kind=["credit"], summary=Sourced(text="产品", source="s"),
        conditions="complete" if complete else "partial", clauses=clauses, contact=Contact(text="问我们"),
    )  # fmt: skip
    source = Source(id="s", title="文件", sureness="高", date="2026-01-01")
    return Catalog(version="t", sources={"s": source}, facts=FACTS, products={"p": product}, services={})


def _atom() -> st.SearchStrategy[str]:
    number = st.tuples(
        st.sampled_from("xy"), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(1, 5)
    )
    choice = st.lists(st.sampled_from("abd"), min_size=1, max_size=2, unique=True)
    return st.one_of(
        number.map(lambda parts: f"{parts[0]} {parts[1]} {parts[2]}"),
        st.sampled_from(["f", "g"]),
        st.tuples(st.sampled_from(["in", "not in"]), choice).map(lambda parts: f"c {parts[0]} {parts[1]}"),
    )


def conditions() -> st.SearchStrategy[str]:
    return st.recursive(
        _atom(),
        lambda inner: st.one_of(
            inner.map(lambda part: f"not ({part})"),
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
                lambda p: f"({p[0]}) {p[1]} ({p[2]})"
            ),
        ),
        max_leaves=5,
    )


def firms() -> st.SearchStrategy[dict[str, Any]]:
    """Some facts known, some not."""
    return st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}
    )
