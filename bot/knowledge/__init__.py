"""Policy questions → passages with their source (no network, no clock)."""

from __future__ import annotations

from pathlib import Path

from bot.catalog.model import Catalog
from bot.knowledge.compose import compose
from bot.knowledge.passages import Passage, read_base
from bot.knowledge.retrieval import EmbeddingModel, Hit, Knowledge
from bot.understanding.embedding import shared_embedder

__all__ = ["Hit", "Knowledge", "Passage", "compose", "load_knowledge", "read_base"]


def load_knowledge(
    catalog_dir: Path, catalog: Catalog, *, cache: Path | None, embedder: EmbeddingModel | None = None
) -> Knowledge:
    """The catalog's knowledge base; its vectors are kept in ``cache`` (made once, 25 s of one core).

    Raises:
        CatalogError: something in ``catalog/knowledge`` is broken.
    """
    return Knowledge.load(
        catalog_dir / "knowledge",
        embedder or shared_embedder("query"),
        sources=catalog.sources,
        products=catalog.products,
        cache=cache,
    )
