"""Stands in for the engine process: answers /ready, and misbehaves as FAKE_MODE in the folder says.

Called like the real one: fake_engine.py FOLDER -m bot.engine.serve --model … --port N
"""

from __future__ import annotations

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

folder = Path(sys.argv[1])
port = int(sys.argv[sys.argv.index("--port") + 1])
mode = (folder / "mode").read_text().strip()
(folder / "environ.json").write_text(json.dumps(dict(os.environ)))

if mode == "dies":
    print(json.dumps({"level": "error", "logger": "rasa", "event": "no model for 我叫王某 13812345678"}))
    sys.exit(7)
if mode == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = 503 if (folder / "deaf").exists() else 200
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


print("Traceback: 电话13812345678")
ThreadingHTTPServer(("127.0.0.1", port), Door).serve_forever()
