"""The engine process: `python -m bot.engine.serve --model MODEL --port PORT`, in the engine's environment.

Needs PEIPAO_ENGINE_SECRET (shared with the app) and PEIPAO_ACTION_URL (the app's action route).
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
from pathlib import Path

from bot.engine import logs, patches

ROOT = Path(__file__).resolve().parents[2]
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """On Linux: ends this process when the one that started it dies, even by SIGKILL."""
    parent = os.environ.get("PEIPAO_ENGINE_PARENT")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit("the process that started the engine is gone")


def main(arguments: list[str] | None = None) -> None:
    """Loads the model and serves until terminated. Exits with 2 where the model file is missing."""
    parser = argparse.ArgumentParser(prog="bot.engine.serve", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the trained model (.tar.gz)")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    given = parser.parse_args(arguments)
    die_with_parent()
    if not given.model.is_file():
        parser.error(f"there is no model at {given.model.name}; run `make setup`")
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        # Only single characters are looked up; the dictionary of phrases would cost 40 MB.
        PYPINYIN_NO_PHRASES="true",
    )
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    patches.skip_unused_imports()
    logs.configure(os.environ["LOG_LEVEL"])

    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    # Importing Rasa adds handlers of its own.
    logs.configure(os.environ["LOG_LEVEL"])
    serve_application(
        model_path=str(given.model),
        interface="127.0.0.1",
        port=given.port,
        credentials=str(ROOT / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
