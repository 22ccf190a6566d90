"""Words of the terminal: sentences from ``defaults/texts/cli.*.yaml``, numbered steps, or JSON for scripts."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import orjson
import typer

from express_bot.domain.texts import text
from express_bot.settings import speaking_locale

LABEL_WIDTH = 18
STATUS_WIDTH = 9


def told(key: str, **params: Any) -> str:
    """A sentence of the CLI's catalog in the operator's language."""
    return text(f"cli.{key}", speaking_locale(), **params)


def say(key: str, **params: Any) -> None:
    print(told(key, **params))


Json = Annotated[bool, typer.Option("--json", help=told("help.json"))]


class Problem(Exception):
    """Something the operator can mend; ``code`` names the sentence that says what and how."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    @property
    def sentence(self) -> str:
        """What is wrong and the fix."""
        return told(f"problem.{self.code}", **self.params)


def say_json(document: Any) -> None:
    print(orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2).decode())


def complain(sentences: list[str], *, code: str) -> None:
    """Say what went wrong: sentences for people, an object for scripts that asked for JSON."""
    if "--json" in sys.argv:
        say_json({"ok": False, "code": code, "problems": sentences})
    for sentence in sentences:
        print(sentence, file=sys.stderr)


def seconds(value: float) -> str:
    """A duration as people write it: 0,4."""
    return f"{value:.1f}".replace(".", told("decimal_separator"))


@dataclass
class Steps:
    """The numbered block of a long command: a line appears when its step begins and is finished when it is done."""

    total: int
    quiet: bool = False
    records: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """One step; what the body puts into the yielded dictionary fills the step's detail sentence."""
        self._begin(name)
        facts: dict[str, Any] = {}
        began = time.monotonic()
        try:
            yield facts
        except BaseException:
            self._end(name, "error", "")
            raise
        facts["seconds"] = seconds(time.monotonic() - began)
        self._end(name, "ok", told(f"step.{name}.{facts.pop('form', 'done')}", **facts))

    def _begin(self, name: str) -> None:
        if not self.quiet:
            number = f"[{len(self.records) + 1}/{self.total}]"
            print(f"  {number} {told(f'step.{name}.label'):<{LABEL_WIDTH}}", end="", flush=True)

    def _end(self, name: str, status: str, detail: str) -> None:
        self.records.append({"step": name, "status": status, "detail": detail})
        if not self.quiet:
            print(f"{told(f'mark.{status}'):<{STATUS_WIDTH}} {detail}".rstrip(), flush=True)
