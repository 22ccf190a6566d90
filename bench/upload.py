"""How fast does a file arrive? 5 MB raw bodies through the gateway against NGINX storing the same body, in one run.

    python bench/upload.py [--rounds 5] [--uploads 12] [--clients 1,4]

NGINX only writes what comes; the product also sums it up, judges it, makes it durable (fsync of file and folder) and
writes its row. ``core`` is called past the gateway. All of them take turns, so the ratios (design §11: at most 2)
mean something even where the clock does not. Growth of memory is the peak of both processes at several clients over
their peak at one, for each upload more at once. Writes ``bench/results/upload-<date>.json`` and ``.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from submit_stage import Stage, _free_ports

HERE = Path(__file__).parent
SIZE = 5_000_000
FILES = "/api/smartapp/files"
TARGETS = ("nginx", "core", "gateway")
#: Nothing of the body stays in memory, its file is kept, and nobody behind asks for it.
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn; user root;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 21m; client_body_temp_path {folder}/bodies; keepalive_requests 100000;
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{
    client_body_in_file_only on; proxy_pass_request_body off; proxy_set_header Content-Length "";
    proxy_pass http://127.0.0.1:{behind}; }} }}
  server {{ listen 127.0.0.1:{behind}; location / {{ return 201; }} }}
}}
"""


class UploadStage(Stage):
    """Core and gateway with room for many files, and NGINX beside them."""

    def start_servers(self) -> None:
        """All three."""
        from express_bot.cli.stack.programs import programs

        commands = {program.name: program.command for program in programs(self.settings)}
        self._start("core", self.settings.core_port, commands["core"])
        self._start("gateway", self.settings.bot_port, commands["gateway"])
        self._start_nginx()

    def _start_nginx(self) -> None:
        port, behind = _free_ports(2)
        configuration = self._folder / "nginx.conf"
        (self._folder / "bodies").mkdir()
        configuration.write_text(NGINX.format(folder=self._folder, port=port, behind=behind), encoding="utf-8")
        self._start("nginx", port, ["nginx", "-c", str(configuration), "-p", str(self._folder)])

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"FILES_QUOTA_MB": "1000000", "FILES_LOOSE": "1000"}

    def forget(self) -> None:
        """Takes away what the last run has stored."""
        self.db.execute("truncate files cascade")
        store = Path(self.settings.files_url.removeprefix("file://"))
        for lying in (*store.glob("*/*/*"), *(self._folder / "bodies").iterdir()):
            lying.unlink() if lying.is_file() else shutil.rmtree(lying)
        os.sync()


def body() -> bytes:
    """A document that cannot be packed, like most pictures."""
    return b"%PDF-1.7\n" + os.urandom(SIZE - 16) + b"\n%%EOF\n"


def upload(connection: HTTPConnection, person: dict[str, Any], content: bytes) -> float:
    """Seconds from the first byte sent to the answer."""
    headers = {
        "Authorization": f"Bearer {person['token']}",
        "Idempotency-Key": secrets.token_hex(16),
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=UTF-8''a.pdf",
    }
    began = time.perf_counter()
    connection.request("POST", FILES, content, headers)
    response = connection.getresponse()
    response.read()
    seconds = time.perf_counter() - began
    assert response.status == 201, response.status
    return seconds


def measure(stage: UploadStage, name: str, clients: int, uploads: int, content: bytes) -> dict[str, Any]:
    """One run of one target."""
    stage.forget()
    for part in ("core", "gateway"):
        forget_peak(stage, part)
    before = {part: stage.servers[part].cpu() for part in TARGETS}
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        seconds = list(pool.map(lambda client: one_client(stage, name, client, uploads, content), range(clients)))
    wall = time.perf_counter() - began
    return {
        "target": name,
        "clients": clients,
        "p50_ms": statistics.median(second for each in seconds for second in each) * 1000,
        "rate": clients * uploads / wall,
        "cpu_ms": {
            part: round((stage.servers[part].cpu() - before[part]) / (clients * uploads) * 1000, 2) for part in TARGETS
        },
        "peak_mb": {part: peak(stage, part) for part in ("core", "gateway")},
    }


def one_client(stage: UploadStage, name: str, client: int, uploads: int, content: bytes) -> list[float]:
    """Uploads one after the other on one connection."""
    connection = HTTPConnection("127.0.0.1", stage.servers[name].port, timeout=60)
    try:
        return [upload(connection, stage.people[client], content) for _ in range(uploads)]
    finally:
        connection.close()


def worker(stage: UploadStage, part: str) -> int:
    """The process that does the work."""
    return max(stage.servers[part].tree, key=lambda process: process.memory_info().rss).pid


def forget_peak(stage: UploadStage, part: str) -> None:
    """From here on the kernel counts the peak anew."""
    Path(f"/proc/{worker(stage, part)}/clear_refs").write_text("5", encoding="ascii")


def peak(stage: UploadStage, part: str) -> float:
    """The most that has been resident since, in megabytes."""
    status = Path(f"/proc/{worker(stage, part)}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1000


def summary(runs: list[dict[str, Any]], clients: list[int]) -> list[dict[str, Any]]:
    """A row for each target and number of clients; ratios are medians of each round's own."""
    rows = []
    for count in clients:
        for name in TARGETS:
            mine = [run for run in runs if (run["target"], run["clients"]) == (name, count)]
            nginx = {run["round"]: run for run in runs if (run["target"], run["clients"]) == ("nginx", count)}
            alone = [run for run in runs if (run["target"], run["clients"]) == (name, clients[0])]
            rows.append(
                {
                    "clients": count,
                    "target": name,
                    "p50_ms": statistics.median(run["p50_ms"] for run in mine),
                    "to_nginx": statistics.median(run["p50_ms"] / nginx[run["round"]]["p50_ms"] for run in mine),
                    "rate": statistics.median(run["rate"] for run in mine),
                    "cpu_ms": {part: statistics.median(run["cpu_ms"][part] for run in mine) for part in TARGETS},
                    "growth_mb": growth(mine, alone, count, clients[0]),
                }
            )
    return rows


def growth(many: list[dict[str, Any]], alone: list[dict[str, Any]], count: int, first: int) -> dict[str, float]:
    """Megabytes for each upload more at once."""
    if count == first:
        return {}
    return {
        part: (max(run["peak_mb"][part] for run in many) - max(run["peak_mb"][part] for run in alone)) / (count - first)
        for part in ("core", "gateway")
    }


def write(folder: Path, report: dict[str, Any]) -> None:
    """The figures for machines and for people."""
    day = report["at"][:10]
    (folder / f"upload-{day}.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    lines = [
        f"# Uploading a file: {day}",
        "",
        f"`bench/upload.py`, {report['rounds']} interleaved rounds of {report['uploads']} uploads of {SIZE:,} bytes for"
        f" each client; {os.cpu_count()} cores for servers, database and callers together, load"
        f" {report['load']:.0f}, Python {sys.version.split()[0]}. NGINX writes the body to a file without fsync and"
        " answers; the product sums it up, judges it, makes it durable and writes its row.",
        "",
        "| clients | target | p50 ms | to NGINX | per second | CPU ms: gateway | core"
        " | MB more per upload at once: gateway | core |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in report["summary"]:
        more = [f"{row['growth_mb'][part]:.1f}" if row["growth_mb"] else "" for part in ("gateway", "core")]
        lines.append(
            f"| {row['clients']} | {row['target']} | {row['p50_ms']:.1f} | {row['to_nginx']:.2f} | {row['rate']:.1f} |"
            f" {row['cpu_ms']['gateway']:.1f} | {row['cpu_ms']['core']:.1f} | {more[0]} | {more[1]} |"
        )
    (folder / f"upload-{day}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measures and writes the report."""
    if shutil.which("nginx") is None:
        print("nginx is not installed on this machine: there is nothing to compare with, so nothing was measured.")
        return
    arguments = _arguments()
    content = body()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o711)
        stage = UploadStage(Path(name), people=max(arguments.clients))
        try:
            stage.start_servers()
            runs = [
                run for number in range(-1, arguments.rounds) for run in one_round(stage, number, arguments, content)
            ]
        finally:
            stage.close()
    kept = [run for run in runs if run["round"] >= 0]
    report = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": os.getloadavg()[0]}
    report |= {"rounds": arguments.rounds, "uploads": arguments.uploads}
    write(arguments.results, report | {"summary": summary(kept, arguments.clients), "runs": kept})


def one_round(stage: UploadStage, number: int, arguments: argparse.Namespace, content: bytes) -> list[dict[str, Any]]:
    """Every target at every number of clients, in an order that turns; round -1 warms up."""
    turned = TARGETS[number % 3 :] + TARGETS[: number % 3]
    runs = []
    for clients in arguments.clients:
        for name in turned:
            runs.append(measure(stage, name, clients, arguments.uploads, content) | {"round": number})
            shown = runs[-1]
            print(
                f"{number:3} {clients:3} {name:8} {shown['p50_ms']:7.1f} ms  {shown['cpu_ms']}  {shown['peak_mb']}",
                flush=True,
            )
    return runs


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--uploads", type=int, default=12)
    parser.add_argument("--clients", type=lambda text: [int(part) for part in text.split(",")], default=[1, 4])
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where the report is written")
    return parser.parse_args()


if __name__ == "__main__":
    main()
