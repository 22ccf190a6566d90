"""The gateway as a process: what it imports, how fast it is there, how it goes."""

from __future__ import annotations

import json
import subprocess
import sys

import psutil
import pytest

from tests.channels.express.events import CHAT, said
from tests.channels.express.fake_core import KEY
from tests.channels.express.tokens import BOT, SECRET, proof
from tests.gateway.serving import running_gateway
from tests.waiting import until

MODULES = """
import sys
from express_bot.gateway.app import create_app
from express_bot.settings import Settings
create_app(Settings(mode="test", var_dir=sys.argv[1], service_key="k" * 40{more}))
print(*sorted(sys.modules))
"""
ACCOUNT = f', express_bot_id="{BOT}", express_secret_key="{SECRET}", express_botx_url="http://localhost:9"'


def imported(tmp_path, more=""):
    command = [sys.executable, "-c", MODULES.format(more=more), str(tmp_path)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def of(modules, *names):
    """Those of the packages that were imported."""
    return {module for module in modules if module.startswith(tuple(f"{name}." for name in names)) or module in names}


def test_a_gateway_that_does_not_speak_to_express_imports_nothing_of_it(tmp_path):
    modules = imported(tmp_path)
    assert "express_bot.gateway.app" in modules
    strangers = ("pybotx", "pybotx_smartapp_rpc", "httpx", "loguru", "express_bot.channels", "express_bot.core",
                 "express_bot.worker", "express_bot.cli", "express_bot.emulator", "flask", "sqlalchemy")  # fmt: skip
    assert of(modules, *strangers) == set()


def test_one_that_does_imports_the_library_only_once_it_runs_and_never_the_core(tmp_path):
    modules = imported(tmp_path, ACCOUNT)
    assert "express_bot.channels.express.channel" in modules
    assert of(modules, "pybotx", "pybotx_smartapp_rpc", "httpx", "express_bot.core", "express_bot.worker") == set()
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, express_bot.channels.express.runtime; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert of(set(loaded), "express_bot.core", "express_bot.worker", "express_bot.gateway") == set()


def test_the_library_leaves_the_logs_of_the_process_alone():
    code = (
        "from loguru import logger; logger.remove(); lines = []; logger.add(lines.append);"
        "import express_bot.channels.express.runtime; from pybotx import Bot;"
        "logger.info('still here'); Bot(collectors=[], bot_accounts=[]); print(len(lines))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (printed.stdout.strip(), printed.stderr) == ("1", "")


@pytest.fixture
def start(core, cts, tmp_path):
    """Starts the gateway as the product does."""

    def begin():
        return running_gateway(
            core.port, tmp_path, EXPRESS_BOT_ID=BOT, EXPRESS_SECRET_KEY=SECRET, EXPRESS_BOTX_URL=cts.url,
            CORE_SERVICE_KEY=KEY, FLASK_API_URL=core.url,
        )  # fmt: skip

    (tmp_path / "spa").mkdir()
    (tmp_path / "spa" / "index.html").write_text("<html></html>")
    return begin


def call(gateway, event):
    headers = {"Authorization": proof(2, aud="localhost").decode(), "Content-Type": "application/json"}
    return gateway.call("POST", "/command", json.dumps(event), headers).status


def test_it_is_healthy_within_five_seconds_and_takes_events_before(start, core):
    with start() as gateway:
        assert call(gateway, said("/start")) == 202
        until(lambda: gateway.get("/health").json["components"]["express"] == "ok", seconds=30)
        assert worked(gateway.process.pid) < 5
        assert len(core.inbox) == 1


def worked(pid):
    """Seconds of a processor that a process and its children took: what the start costs, whoever else is busy."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


def test_it_leaves_only_after_what_it_has_begun(start, core, cts):
    cts.fault = lambda path: 1.0
    with start() as gateway:
        until(lambda: gateway.get("/health").json["components"]["express"] == "ok", seconds=30)
        core.want(CHAT, {"text": "на дорогу", "rows": []})
        until(lambda: cts.calls)
        gateway.process.terminate()
        assert gateway.process.wait(15) == 0
    assert [row.state for row in core.cards.values()] == ["done"]
    assert cts.bodies(CHAT) == ["на дорогу"]
