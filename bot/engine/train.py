"""Trains the model if its inputs changed: `python -m bot.engine.train`, in the engine's environment.

The model is `models/peipao.tar.gz`; beside it lies the fingerprint of all that went into it.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import io
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bot.catalog.errors import CatalogError
from bot.catalog.load import load_catalog
from bot.understanding.lexicon import lexicon_of

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
MODEL = MODELS / "peipao.tar.gz"
FINGERPRINT = MODELS / "peipao.json"
#: What the model is made from, besides the catalog's names.
INPUTS = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "data/facts/*.jsonl",
    "bot/understanding/**/*.py",
    "bot/engine/nlu.py",
    "bot/engine/train.py",
    "requirements/engine.txt",
)


def fingerprint(root: Path = ROOT) -> str:
    """A hash of everything the model depends on. A changed clause or knowledge text leaves it as it is."""
    digest = hashlib.sha256()
    for pattern in INPUTS:
        for path in sorted(root.glob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    folder = Path(os.environ.get("PEIPAO_CATALOG_DIR") or root / "catalog")
    digest.update(repr(lexicon_of(load_catalog(folder))).encode())
    return digest.hexdigest()


def is_current(wanted: str) -> bool:
    """Whether the model on disk was made from these inputs."""
    try:
        return MODEL.is_file() and json.loads(FINGERPRINT.read_text("utf-8"))["fingerprint"] == wanted
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextlib.contextmanager
def one_training() -> Iterator[None]:
    """Lets one training run at a time in this checkout; the next waits."""
    MODELS.mkdir(exist_ok=True)
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def signs_of_life() -> Iterator[None]:
    """Says every 15 seconds that the training still runs."""
    done = threading.Event()

    def tell() -> None:
        seconds = 0
        while not done.wait(15):
            seconds += 15
            print(f"    仍在训练，已 {seconds} 秒……", flush=True)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def train(wanted: str) -> float:
    """Trains, puts the model in place and returns the seconds it took, imports included.

    Raises RuntimeError where Rasa failed.
    """
    from bot.engine.training import embedding_ahead, spent, training_sentences

    started = time.monotonic()
    with embedding_ahead(training_sentences()):
        _train_rasa()
    seconds = time.monotonic() - started
    kept = {"fingerprint": wanted, "seconds": round(seconds, 1)}
    phases = {name: round(one, 1) for name, one in spent.items()}
    FINGERPRINT.write_text(json.dumps({**kept, "phases": phases}, ensure_ascii=False) + "\n", "utf-8")
    return seconds


def _train_rasa() -> None:
    from bot.engine import logs, patches
    from bot.engine.training import phase

    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        # Rasa's cache does not see changes in bot/understanding.
        RASA_MAX_CACHE_SIZE="0",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
    patches.skip_unused_imports()
    logs.configure(os.environ.setdefault("LOG_LEVEL", "WARNING"))
    with phase("导入 Rasa"):
        from rasa.model_training import train as train_rasa

    logs.configure(os.environ["LOG_LEVEL"])
    with tempfile.TemporaryDirectory(dir=MODELS, prefix=".training-") as folder:
        # Rasa's own line names a folder that is about to go.
        with contextlib.redirect_stdout(io.StringIO()):
            result = train_rasa(
                domain=str(ROOT / "domain.yml"),
                config=str(ROOT / "config.yml"),
                training_files=[str(ROOT / "data")],
                output=folder,
                fixed_model_name=MODEL.name,
            )
        if result.code != 0 or result.model is None:
            raise RuntimeError(f"Rasa ended the training with code {result.code}")
        os.replace(result.model, MODEL)


def where_time_went(seconds: float) -> list[str]:
    """The phases of a training that took so many seconds, a line each."""
    from bot.engine.training import spent, training_vectors

    rest = seconds - sum(spent.values())
    lines = [f"    {name} {one:.1f} 秒" for name, one in spent.items()]
    lines.append(f"    Rasa 其余步骤（读数据、规则、打包） {rest:.1f} 秒")
    lines.append(f"    新算的句向量 {training_vectors().embedded} 句，其余取自 models/ 中的缓存")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0; 1 with a broken catalog; 3 with --check where the model is out of date."""
    parser = argparse.ArgumentParser(prog="bot.engine.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    parser.add_argument("--check", action="store_true", help="only say whether the model is up to date")
    given = parser.parse_args(arguments)
    try:
        wanted = fingerprint()
    except CatalogError as error:
        print(f"政策数据有误，没有训练：\n{error}", file=sys.stderr)
        return 1
    if given.check:
        current = is_current(wanted)
        print("模型是最新的" if current else "模型已过时")
        return 0 if current else 3
    with one_training():
        # Whoever waited here for another training finds its model.
        if is_current(wanted) and not given.force:
            print("模型是最新的")
            return 0
        print("正在训练模型（data/nlu → models/peipao.tar.gz），第一次约需一分钟，之后更快……", flush=True)
        with signs_of_life():
            seconds = train(wanted)
        print(f"训练完成，用时 {seconds:.0f} 秒，其中：")
        print("\n".join(where_time_went(seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
