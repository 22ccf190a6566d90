"""What an answer of the statistics costs: counted anew, kept in the process, or known to the caller (304).

    python bench/caches.py [--times 40]

Ratios of one run: the three are asked for in turns, in one process, on one database with the demo's applications.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import structlog

from express_bot.core.app import create_app
from express_bot.core.caches.answers import Answers
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import connect
from express_bot.core.demo.seed import seed_demo
from express_bot.core.setup import install_defaults
from express_bot.settings import Settings

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
PATHS = {
    "by direction": "/api/desk/statistics?by=direction&from=2027-01-01&to=2027-01-31",
    "eight questions": "/api/desk/statistics/questions",
    "own": "/api/smartapp/statistics",
    "form": "/api/smartapp/form",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="bench-caches-") as folder:
        server = EmbeddedPostgres(Path(folder) / "pg", durable=False)
        server.start()
        try:
            report(server.dsn(), Path(folder), times)
        finally:
            server.stop()


def report(dsn: str, folder: Path, times: int) -> None:
    """Prints a line per answer: milliseconds of processor time in the core, and the ratios."""
    migrate.upgrade(dsn)
    with connect(dsn) as db:
        install_defaults(db, NOW)
        seed_demo(db, NOW)
    app = create_app(Settings(mode="test", var_dir=folder / "var", service_key="k" * 40), dsn)
    app.extensions["house"].clock.move(NOW)
    client, house = app.test_client(), app.extensions["house"]
    body = {"provider": "demo", "persona": "dispatcher"}
    token = client.post("/api/smartapp/session", json=body).json["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "ru"}

    def ask(path: str, **more: str) -> tuple[float, int, str]:
        began = time.process_time()
        answer = client.get(path, headers=headers | more)
        return (time.process_time() - began) * 1000, answer.status_code, answer.headers["ETag"]

    for name, path in PATHS.items():
        spent: dict[str, list[float]] = {"anew": [], "kept": [], "304": []}
        for _ in range(times):
            object.__setattr__(house, "answers", Answers(house.counters))
            spent["anew"].append(ask(path)[0])
            milliseconds, _, tag = ask(path)
            spent["kept"].append(milliseconds)
            milliseconds, status, _ = ask(path, **{"If-None-Match": tag})
            assert status == 304
            spent["304"].append(milliseconds)
        anew, kept, unchanged = (median(found) for found in spent.values())
        print(
            f"{name:<16} {anew:6.2f} {kept:6.2f} {unchanged:6.2f} ms   1 : {kept / anew:.2f} : {unchanged / anew:.2f}"
        )
    house.pool.close()


if __name__ == "__main__":
    main()
