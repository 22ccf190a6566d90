"""How fast the app is in a browser, against the budgets: ``python bench/pages.py [--loads 5] [--lighthouse PATH]``.

The pages of an employee and the desk's charts, of a person who is signed in; cold (nothing cached) and warm, on an
ordinary connection and on slow 4G with a processor four times slower. Each figure is the median of several loads. The
report, ``bench/results/pages-<day>.md``, ends with what is over design §11; a clock tells about the machine as well as
about the app, so nothing fails. With the path of a Lighthouse its own scores are printed too (median of three).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.journeys import chromium  # the repository's own folder comes first
from tests.journeys.device import PERSONAS
from tests.journeys.house import House
from tests.stack.plan import free_ports

ROUTES = {"home": "/", "new": "/new?form=flight", "request": "/r/{number}", "own statistics": "/statistics"}
DESK = {"desk's charts": "/desk/statistics", "charts compared": "/desk/statistics?compare=previous"}
RESULTS = Path(__file__).parent / "results"

_WATCH = """
window.seen = { lcp: 0, cls: 0, event: 0, what: "" };
const watch = (type, see, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(see))
  .observe({ type, buffered: true, ...more });
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("event", ({ duration, name, target }) => {
  const what = `${name} on ${target?.localName ?? "the page"}`;
  if (duration > seen.event) Object.assign(seen, { event: duration, what });
}, { durationThreshold: 16 });
"""


@dataclass(frozen=True)
class Connection:
    """A network and a processor, as the DevTools protocol takes them."""

    name: str
    slowdown: int
    #: Round trip in ms, bytes per second.
    latency: float = 0
    throughput: float = -1
    #: Seconds until the largest paint (design §11).
    budget: float = 0.8


#: The figures of Lighthouse's slow 4G: 150 ms and 1.6 Mbit/s.
CONNECTIONS = (Connection("ordinary", 1), Connection("slow 4G, CPU 4×", 4, 150, 1_600_000 / 8, 1.8))


@dataclass
class Load:
    """One load of one page."""

    first_paint: float
    lcp: float
    cls: float
    bytes: int
    requests: int


class Probe:
    """Loads pages in a browser that has a signed-in person."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._context = context
        self._url = url

    def load(self, route: str, connection: Connection, *, cold: bool) -> Load:
        """Opens the route in a new tab and waits until everything stands."""
        with self._tab(connection, cold=cold) as (page, transfers):
            page.goto(f"{self._url}/#{route}")
            page.locator("#content:not([aria-busy]) h1").first.wait_for(timeout=30_000)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(300)
            seen = page.evaluate("() => seen")
            paint = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
            return Load(paint, seen["lcp"], seen["cls"], sum(transfers), len(transfers))

    def slowest_press(self, connection: Connection) -> str:
        """The longest event of a whole journey: chip, day, typed wishes, sheet open and shut."""
        with self._tab(connection, cold=False) as (page, _):
            page.goto(f"{self._url}/#/new?form=flight")
            page.get_by_role("radio", name="Магадан").check(force=True)
            page.locator("button[data-day$='-15']").click()
            page.get_by_role("button", name="Добавить пожелания").click()
            page.get_by_label("Пожелания").press_sequentially("Утренний вылет")
            page.get_by_role("button", name="Все направления").click()
            page.get_by_role("dialog").get_by_role("button", name="Хабаровск").click()
            page.wait_for_timeout(500)
            seen = page.evaluate("() => seen")
            return f"{seen['event']:.0f} ms ({seen['what']})"

    @contextmanager
    def _tab(self, connection: Connection, *, cold: bool) -> Iterator[tuple[Page, list[int]]]:
        page = self._context.new_page()
        session = self._context.new_cdp_session(page)
        transfers = _transfers(session)
        session.send("Network.enable")
        if cold:
            session.send("Network.clearBrowserCache")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": connection.latency,
                "downloadThroughput": connection.throughput,
                "uploadThroughput": connection.throughput,
            },
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": connection.slowdown})
        page.add_init_script(_WATCH)
        try:
            yield page, transfers
        finally:
            page.close()


def _transfers(session: CDPSession) -> list[int]:
    """Bytes of each finished request, headers included; what came from the cache counts nothing."""
    transfers: list[int] = []

    def finished(event: dict[str, Any]) -> None:
        if event["encodedDataLength"] > 0:
            transfers.append(int(event["encodedDataLength"]))

    session.on("Network.loadingFinished", finished)
    return transfers


HEAD = """| Page | Connection | Cache | First paint | LCP | Budget | CLS | Transferred | Requests |
|---|---|---|---|---|---|---|---|---|"""


def measured(probe: Probe, routes: dict[str, str], loads: int) -> Iterator[tuple[str, str]]:
    """A line of the table for each page and way, and what is over its budget, in words."""
    for name, route in routes.items():
        for connection in CONNECTIONS:
            for cold in (True, False):
                found = [probe.load(route, connection, cold=cold) for _ in range(loads)]
                lcp = statistics.median(load.lcp for load in found) / 1000
                cache = "cold" if cold else "warm"
                over = f"{name}, {connection.name}, {cache}: {lcp:.2f} s" if lcp > connection.budget else ""
                yield _row(name, connection, cache, found), over


def _row(page: str, connection: Connection, cache: str, loads: list[Load]) -> str:
    def median(of: Callable[[Load], float]) -> float:
        return statistics.median(of(load) for load in loads)

    figures = (
        f"{median(lambda load: load.first_paint) / 1000:.2f} s",
        f"{median(lambda load: load.lcp) / 1000:.2f} s",
        f"{connection.budget} s",
        f"{median(lambda load: load.cls):.3f}",
        f"{median(lambda load: load.bytes) / 1024:.0f} KB",
        f"{median(lambda load: load.requests):.0f}",
    )
    return f"| {page} | {connection.name} | {cache} | {' | '.join(figures)} |"


def tell_lighthouse(program: Path, port: int, url: str, number: str) -> None:
    """Scores of Lighthouse's mobile preset in the same browser, so that somebody is signed in."""
    print("\n| Page | Performance | Accessibility | Best practices | LCP | TBT | CLS |")
    print("|---|---|---|---|---|---|---|")
    for name, route in ROUTES.items():
        address = f"{url}/#{route.format(number=number)}"
        reports = [_lighthouse(program, port, address) for _ in range(3)]
        print(f"| {name} | {' | '.join(_scores(reports))} |")


def _lighthouse(program: Path, port: int, address: str, tries: int = 3) -> dict[str, Any]:
    """One report; now and then Lighthouse loses the beginning of a trace and asks to be run again."""
    categories = "performance,accessibility,best-practices"
    command = [str(program), address, f"--port={port}", f"--only-categories={categories}", "--output=json", "--quiet"]
    done = subprocess.run([*command, "--disable-storage-reset"], capture_output=True, text=True, check=False)
    if done.returncode != 0 and tries > 1:
        return _lighthouse(program, port, address, tries - 1)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _scores(reports: list[dict[str, Any]]) -> list[str]:
    def median(of: Callable[[dict[str, Any]], float]) -> float:
        return statistics.median(of(report) for report in reports)

    def score(category: str) -> str:
        return f"{median(lambda report: report['categories'][category]['score']) * 100:.0f}"

    def figure(audit: str) -> float:
        return median(lambda report: report["audits"][audit]["numericValue"])

    return [
        score("performance"),
        score("accessibility"),
        score("best-practices"),
        f"{figure('largest-contentful-paint') / 1000:.2f} s",
        f"{figure('total-blocking-time'):.0f} ms",
        f"{figure('cumulative-layout-shift'):.3f}",
    ]


@contextmanager
def signed_in(url: str, port: int, persona: str) -> Iterator[BrowserContext]:
    """A browser with somebody signed in, open to Lighthouse at ``port``."""
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium.executable(),
            args=[*chromium.arguments(), f"--remote-debugging-port={port}"],
            viewport={"width": 390, "height": 844},
            locale="ru-RU",
        )
        page = context.pages[0]
        page.goto(url)
        page.locator("button", has=page.get_by_text(PERSONAS[persona], exact=True)).click()
        page.get_by_role("heading", name="Вход", exact=True).wait_for(state="detached", timeout=60_000)
        page.locator("#content:not([aria-busy]) h1").first.wait_for(timeout=60_000)
        yield context
        context.close()


def main(loads: int, lighthouse: Path | None) -> None:
    """Measures everything in a house of its own."""
    (port,) = free_ports(1)
    lines: list[tuple[str, str]] = []
    with House() as house:
        anna = house.fresh("employee")
        mine = "select number from applications where applicant_id = %s order by id desc limit 1"
        number = house.sql(mine, (anna.id,))[0]["number"]
        own = {name: route.format(number=number) for name, route in ROUTES.items()}
        for persona, routes in (("employee", own), ("dispatcher", DESK)):
            with signed_in(house.url, port, persona) as context:
                probe = Probe(context, house.url)
                lines += measured(probe, routes, loads)
                if persona == "employee":
                    slowest = probe.slowest_press(CONNECTIONS[1])
                    if lighthouse:
                        tell_lighthouse(lighthouse, port, house.url, number)
    _report(lines, loads, slowest)


def _report(lines: list[tuple[str, str]], loads: int, slowest: str) -> None:
    day = datetime.now(UTC).date()
    over = [words for _, words in lines if words]
    text = f"""# Pages in a browser: {day}

`bench/pages.py`, median of {loads} loads; {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f} at the end.

{HEAD}
{chr(10).join(line for line, _ in lines)}

Slowest event of a journey at 4× CPU: {slowest}. Over the budget: {"; ".join(over) or "nothing"}.
"""
    (RESULTS / f"pages-{day}.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--lighthouse", type=Path, help="path of a Lighthouse program")
    told = parser.parse_args()
    main(told.loads, told.lighthouse)
