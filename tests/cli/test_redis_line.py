"""``doctor`` and ``status`` tell how Redis stands to us, and never its password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from express_bot.cli import doctor, status
from express_bot.settings import Settings
from tests.core.redis_server import RedisServer


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server.start()
    server.kill()


def _settings(tmp_path: Path, url: str | None) -> Settings:
    return Settings(mode="test", var_dir=tmp_path / "var", redis_url=url)


def _found(settings: Settings) -> dict[str, str]:
    return {finding.code: finding.status for finding in doctor._redis(settings)}


def test_where_none_is_configured_none_is_missed(tmp_path: Path) -> None:
    assert _found(_settings(tmp_path, None)) == {}
    assert status.read(_settings(tmp_path, None))["redis"] is None


def test_one_that_answers_is_a_good_point(tmp_path: Path, redis: RedisServer, capsys: pytest.CaptureFixture) -> None:
    settings = _settings(tmp_path, redis.url)
    assert _found(settings) == {"redis": "ok"}
    status._print(status.read(settings))
    assert "Redis: работает на 127.0.0.1" in capsys.readouterr().out


def test_one_that_is_away_deserves_attention_and_breaks_nothing(tmp_path: Path, redis: RedisServer) -> None:
    redis.kill()
    assert _found(_settings(tmp_path, redis.url)) == {"redis_away": "attention"}


def test_a_wrong_password_is_told_apart_and_not_repeated(tmp_path: Path, redis: RedisServer) -> None:
    redis.say("CONFIG SET requirepass the-right-password")
    settings = _settings(tmp_path, redis.url.replace("//", "//:a-wrong-password@"))
    [finding] = doctor._redis(settings)
    assert (finding.code, finding.status) == ("redis_refused", "attention")
    assert "wrong-password" not in str(finding) + str(status.read(settings))
