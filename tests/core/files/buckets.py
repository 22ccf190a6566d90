"""An object store of Amazon's kind on this machine: moto's server, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gateway.serving import free_ports

BUCKET = "express-bot-files"
#: moto takes any key; the addresses are the bucket's in the path, because no name server knows it by its own.
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """A running server with an empty bucket; gives its address."""
    [port] = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    with (folder / "moto.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
        )
    try:
        _wait(address, process, folder / "moto.log")
        urllib.request.urlopen(urllib.request.Request(f"{address}/{BUCKET}", method="PUT")).close()
        yield address
    finally:
        process.terminate()
        process.wait(10)


def environment(address: str) -> dict[str, str]:
    """What the library reads from the environment to find this server."""
    return {**KEYS, "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false"}


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/moto-api/", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(encoding="utf-8"))
