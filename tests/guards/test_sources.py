"""The sources keep the house's habits: no user text in code, imports run down only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "express_bot"
#: Invented people and facts are data; the shipped texts and forms are YAML.
DATA = (
    PACKAGE / "core" / "demo",
    PACKAGE / "contracts" / "demo.py",
    PACKAGE / "channels" / "notices" / "samples.py",
)
#: Tables of letters that cleaning rules and names of things need: they are no sentences to anybody.
LETTERS = re.compile(r"[а-яёА-ЯЁ]{2,}.* .*[а-яёА-ЯЁ]{2,}")


def texts_in(file: Path) -> list[str]:
    """String literals of a module that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    comments = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in comments
    ]


def test_an_ignored_type_has_its_reason() -> None:
    """``# type: ignore[code]  # why``: without a reason the next reader cannot tell whether it still holds."""
    bare = re.compile(r"# type: ignore(\[[\w, -]+\])?\s*$")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in PACKAGE.rglob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []


def test_no_sentence_for_people_stands_in_the_code() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {text[:60]}"
        for file in PACKAGE.rglob("*.py")
        if not any(data in (file, *file.parents) for data in DATA)
        for text in texts_in(file)
        if LETTERS.search(text)
    }
    assert found == {"src/express_bot/core/setup.py: Проверка Системы"}


def test_imports_run_down_only() -> None:
    linter = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert linter.returncode == 0, linter.stdout
