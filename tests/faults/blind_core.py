"""The negative control: a core that never finds out what was sent twice. It exists for the harness alone.

The product has no such switch. Words of the messenger about messages that no card knows lead nowhere, nobody looks for
them, and a message that stands beside its card stays there.
"""

from __future__ import annotations

from typing import Any

from express_bot.core.orphans import service


def _foreign(*_: Any, **__: Any) -> str:
    return "foreign"


def _nothing(*_: Any, **__: Any) -> None:
    """Leaves it as it is."""


def _no_traces(db: Any, card_id: Any) -> dict[str, Any]:
    return _traces_of(db, card_id) | {"doubts": 0, "before": [], "since": [], "heard": [], "unknown": []}


_traces_of = service.traces_of
service.judge, service.after_shown, service.told_too_late = _foreign, _nothing, _nothing
service.traces_of = _no_traces

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
