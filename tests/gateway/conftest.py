"""A running gateway before a stand-in core: started once, scripted anew for each test."""

from __future__ import annotations

import pytest

from tests.gateway.serving import running_gateway
from tests.gateway.stand_in import StandIn

INDEX = b"""<!doctype html><html lang="ru"><head><meta charset="utf-8">
<script type="application/json" id="config">{}</script>
<script type="module" src="./assets/main-4f3c2b1a.js"></script></head><body></body></html>"""
SCRIPT = b"export const greeting = 'hello';\n" * 40


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """A folder with a built app, and a core that does as it is told."""
    folder = tmp_path_factory.mktemp("gateway")
    assets = folder / "spa" / "assets"
    assets.mkdir(parents=True)
    (folder / "spa" / "index.html").write_bytes(INDEX)
    (folder / "spa" / "manifest.webmanifest").write_bytes(b"{}")
    (assets / "main-4f3c2b1a.js").write_bytes(SCRIPT)
    (assets / "main-4f3c2b1a.js.br").write_bytes(b"br:" + SCRIPT[:20])
    (assets / "main-4f3c2b1a.js.gz").write_bytes(b"gz:" + SCRIPT[:20])
    (folder / "outside.txt").write_bytes(b"not for you")
    core = StandIn()
    yield folder, core
    core.close()


@pytest.fixture(scope="session")
def running(stage):
    folder, core = stage
    with running_gateway(core.port, folder, ORGANISATION_NAME="Авиа </script><b>") as gateway:
        yield gateway


@pytest.fixture
def core(stage):
    """The stand-in core with an empty memory, no script, and no connection that is about to be closed."""
    _, core = stage
    core.drop_connections()
    core.heard.clear()
    core.arrived.clear()
    core.broken.clear()
    core._scripts.clear()
    return core


@pytest.fixture
def gateway(running, core):
    """The gateway before that core."""
    return running


@pytest.fixture
def own_gateway(stage, core):
    """Starts a gateway of the test's own: one that may be stopped, or whose core may die."""
    folder, _ = stage

    def start(core_port: int = core.port, **environment: str):
        return running_gateway(core_port, folder, **environment)

    return start
