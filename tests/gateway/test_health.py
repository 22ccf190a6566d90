"""Health is the product's health as people feel it; readiness is only this process's own."""

from __future__ import annotations

import pytest

from tests.gateway.stand_in import answer, hang_up

WELL = b'{"status":"ok","components":{"database":"ok"},"version":"1"}'


@pytest.fixture
def fresh(own_gateway):
    """A gateway that has not asked the core yet."""
    with own_gateway() as gateway:
        yield gateway


def test_everything_well(fresh, core):
    core.script("/health", answer(WELL))
    said = fresh.get("/health")
    assert (said.status, said.json["status"]) == (200, "ok")
    assert said.json["components"] == {"core": "ok", "database": "ok", "gateway": "ok", "spa": "ok"}


@pytest.mark.parametrize(
    ("word", "status", "overall"),
    [
        (answer(b'{"status":"degraded","components":{"database":"slow"}}'), 200, "degraded"),
        (answer(b'{"status":"down","components":{"database":"down"}}', "503 Service Unavailable"), 503, "down"),
        (answer(b"<html>who?</html>"), 503, "down"),
        (answer(b"[1]", "500 Oops"), 503, "down"),
        (answer(b'{"status":"ok","components":[1]}'), 200, "ok"),
        (hang_up, 503, "down"),
    ],
)
def test_the_cores_trouble_is_the_products_trouble_but_not_the_gateways(fresh, core, word, status, overall):
    core.script("/health", word)
    said = fresh.get("/health")
    assert (said.status, said.json["status"]) == (status, overall)
    assert said.json["components"]["gateway"] == "ok"
    assert (fresh.get("/health/live").status, fresh.get("/health/ready").status) == (200, 200)


def test_the_core_is_not_asked_more_often_than_it_matters(fresh, core):
    core.script("/health", answer(WELL))
    assert {fresh.get("/health").status for _ in range(20)} == {200}
    assert len(core.calls("/health")) <= 3
