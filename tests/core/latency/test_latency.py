"""How fast the API answers: told by every process of the core, read by whoever opens the health of the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from express_bot.core.db.session import Connection, open_pool
from express_bot.core.latency.service import Keeper
from express_bot.observability.metrics import Metrics
from tests.conftest import Api

Told = Callable[[dict[float, int]], Keeper]


@pytest.fixture
def instance(app: Flask) -> Told:
    """A process of the core that has given so many answers in so many seconds each; and was asked how it is."""

    def told(answers: dict[float, int]) -> Keeper:
        metrics = Metrics("core")
        for seconds, count in answers.items():
            for _ in range(count):
                metrics.answered("submit", 201, seconds)
        for _ in range(500):
            metrics.answered("live", 200, 0.001)
        keeper = Keeper(metrics, app.extensions["house"].pool)
        keeper.turn()
        return keeper

    return told


def health(api: Api, locale: str = "ru") -> dict[str, Any]:
    answer = api.as_("dispatcher").in_(locale).get("/api/desk/statistics/questions")
    return dict(answer.json["questions"]["health"])


def test_answer_times_of_all_instances_are_one_figure_without_our_own_monitoring(
    api: Api, instance: Told, db: Connection
) -> None:
    instance({0.004: 60}).turn()
    instance({0.004: 30, 0.07: 10})
    told = health(api)
    # of 90 answers between 2 and 5 ms the fiftieth; of the ten between 50 and 100 ms the fifth
    assert told["latency"] == {"answers": 100, "p50_ms": 4, "p95_ms": 75}
    assert told["conclusion"] == "Уведомления уходят вовремя, за сутки ошибок нет, 95 % ответов API за 75 мс"
    assert told["components"][0] == {
        "code": "api",
        "label": "Ответы API",
        "state": "ok",
        "detail": "Половина за 4 мс, 95 % за 75 мс",
    }
    db.execute("update answer_times set at = at - interval '16 minutes'")
    assert health(api)["latency"] is None


def test_a_slow_api_is_said_in_the_callers_language(api: Api, instance: Told) -> None:
    instance({0.004: 50, 0.9: 50})
    told = health(api, "en")
    assert told["conclusion"] == "The API is slow: 95% of its answers take up to 950 ms"
    assert told["components"][0]["state"] == "late"


def test_what_was_not_told_while_the_database_was_away_is_told_with_the_next(app: Flask, db: Connection) -> None:
    metrics, away = Metrics("core"), open_pool("host=/nowhere", 1)
    metrics.answered("submit", 201, 0.01)
    keeper = Keeper(metrics, away)
    away.close()
    keeper.turn()
    keeper._pool = app.extensions["house"].pool
    keeper.turn()
    keeper.turn()
    rows = db.execute("select answers->>'inf' as answers from answer_times").fetchall()
    assert [row["answers"] for row in rows] == ["1"]


def test_rows_of_the_hour_before_are_forgotten(instance: Told, db: Connection, rows: Callable[..., int]) -> None:
    instance({0.004: 1})
    db.execute("update answer_times set at = at - interval '2 hours'")
    instance({0.004: 1})
    assert rows("answer_times") == 1
