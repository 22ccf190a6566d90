"""A storm of generated calls over an OpenAPI document (schemathesis): what is answered must be what is described.

One runner for both documents: the core's in process, the gateway's over real HTTP.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.schemas import BaseSchema

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
)
#: Without a token a wrong method is told nothing but that.
FOR_ALL = set(CHECKS) - {"unsupported_method"}


@dataclass
class Weather:
    """What a storm has found."""

    seed: int
    calls: int = 0
    operations: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.calls} calls\n" + "\n\n".join(self.failures[:20])


def blow(schema: BaseSchema) -> Weather:
    """Runs every phase over every operation."""
    weather = Weather(schema.config.seed)
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _read(weather, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            weather.failures.append(str(getattr(event, "info", None) or getattr(event, "exception", event)))
    return weather


def over_wsgi(app: Any, *, token: str | None, examples: int) -> BaseSchema:
    """The document of an app in this process."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=_config(token, examples))


def over_http(address: str, *, token: str | None, examples: int, headers: dict[str, str] | None = None) -> BaseSchema:
    """The document of a running server; ``headers`` prove what no bearer token proves."""
    return schemathesis.openapi.from_url(f"{address}/openapi.json", config=_config(token, examples, headers))


def _config(token: str | None, examples: int, headers: dict[str, str] | None = None) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "headers": ({"Authorization": f"Bearer {token}"} if token else {}) | (headers or {}),
            "seed": SystemRandom().randrange(10**6),
            "workers": 1,
            "continue-on-failure": True,
            "warnings": False,
            "generation": {"max-examples": examples},
            # of rights and accepted data other tests know more: tests/guards/test_routes.py, tests/core
            "checks": {"enabled": False} | {name: {"enabled": True} for name in CHECKS if token or name in FOR_ALL},
        }
    )


def _read(weather: Weather, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    if event.phase.value != "stateful":
        weather.operations.add(recorder.label)
    for case_id, interaction in recorder.interactions.items():
        weather.calls += 1
        if interaction.response is not None:
            weather.statuses[interaction.response.status_code] += 1
        for check in recorder.checks.get(case_id, []):
            if check.status is Status.FAILURE:
                weather.failures.append(_story(check, interaction))


def _story(check: Any, interaction: Any) -> str:
    request, response, failure = interaction.request, interaction.response, check.failure_info.failure
    answered = f"{response.status_code} {response.content[:500]!r}" if response else "nothing"
    asked = f"{request.method} {request.uri} {request.body!r:.500}"
    return f"{check.name}: {failure.title}: {failure.message[:500]}\n{asked}\n→ {answered}"
