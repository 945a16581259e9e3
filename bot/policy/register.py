"""At a start: the shipped policy data are noted, and the version in use is found. Needs no dialogue."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from bot.cases.database import Database
from bot.catalog.load import load_texts
from bot.policy import store
from bot.policy.files import deciding, digest, read_folder, write_files


async def register(database: Database, shipped: Path) -> int:
    """Notes the shipped catalog, and puts it to use unless somebody chose another; the shipped one's id.

    A program that comes with newer files replaces the files that came with an older one. It never
    replaces what a lead decided.

    Raises:
        CatalogError: the shipped files are broken.
    """
    texts = await asyncio.to_thread(read_folder, shipped)
    catalog = await asyncio.to_thread(lambda: load_texts(deciding(texts)))
    async with database.read() as session:
        current = await store.in_use(session)
        if current is not None and current.digest == digest(texts):
            return current.id
    async with database.write(alone=True) as session:
        kept = await store.keep(session, texts, catalog.version, officer_id=None, note=store.SHIPPED)
        last = await store.last_use(session)
        if last is None or (last.officer_id is None and last.version_id != kept.id):
            await store.use(session, kept.id, officer_id=None, instead_of=last.version_id if last else None)
        return kept.id


async def folder_in_use(database: Database, shipped: Path, data_dir: Path) -> Path:
    """A folder with the version in use, for a process that reads files: the shipped one where that is it."""
    shipped_id = await register(database, shipped)
    async with database.read() as session:
        version = await store.in_use(session)
        if version is None or version.id == shipped_id:
            return shipped
        texts = await store.files_of(session, version.id)
    folder = data_dir / "catalogs" / version.digest[:16]
    if not folder.is_dir():
        await asyncio.to_thread(_lay_out, texts, folder)
    return folder


def _lay_out(texts: dict[str, str], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whole or not at all: a process that dies half-way must leave nothing that looks like a catalog.
    half = Path(mkdtemp(dir=folder.parent))
    write_files(texts, half)
    try:
        os.replace(half, folder)
    except OSError:
        # Another process was quicker.
        shutil.rmtree(half)
