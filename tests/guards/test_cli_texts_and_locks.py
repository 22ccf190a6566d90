"""Nothing of the command line is forgotten: every sentence in both languages, every dependency in the locks."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "express_bot"
TEXTS = SOURCE / "defaults" / "texts"


def keys(node: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(node, dict) and "by" not in node:
        for name, inner in node.items():
            yield from keys(inner, f"{prefix}.{name}" if prefix else str(name))
    else:
        yield prefix


def catalog(name: str, locale: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((TEXTS / f"{name}.{locale}.yaml").read_text(encoding="utf-8"))
    return content


def test_both_languages_have_the_same_sentences() -> None:
    for name in ("cli", "settings"):
        assert set(keys(catalog(name, "ru"))) == set(keys(catalog(name, "en")))


def test_every_problem_has_its_sentence_and_every_sentence_its_problem() -> None:
    raised = set()
    for path in [*(SOURCE / "cli").rglob("*.py"), SOURCE / "core" / "db" / "embedded.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Problem", "EmbeddedPostgresError"):
                raised |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    assert raised == set(catalog("cli", "ru")["problem"])


def pinned(lock: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for match in re.finditer(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / "requirements" / lock).read_text(), re.MULTILINE):
        found.setdefault(match[1], []).append(match[2])
    return found


def assert_locked(requirements: list[str], lock: str) -> None:
    versions = pinned(lock)
    for requirement in map(Requirement, requirements):
        known = versions.get(canonicalize_name(requirement.name), [])
        assert any(requirement.specifier.contains(version) for version in known), f"{requirement} is not in {lock}"


def test_the_locks_hold_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    assert_locked(project["project"]["dependencies"] + groups["build"], "run.lock")
    assert_locked(project["project"]["dependencies"] + groups["build"] + groups["dev"], "dev.lock")


def test_tests_run_on_what_the_product_runs_on() -> None:
    run, dev = pinned("run.lock"), pinned("dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_the_locks_name_no_place() -> None:
    for lock in ("run.lock", "dev.lock"):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|@ /", text)
        assert text.count("--hash=sha256:") > 100
