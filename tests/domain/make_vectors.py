"""Makes the vectors by which the SPA's validator is held to the server's: ``python make_vectors.py OUT``.

300 generated forms and the shipped ones, 50 answers each, with what the server says. Deterministic by seed.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from form_generator import random_answers, random_form

from express_bot.domain.compiled import CompiledForm, compile_form
from express_bot.domain.defaults import FORMS, default_directories, default_form

FORM_COUNT, ANSWER_COUNT, SEED = 300, 50, 20261123


def judged(form: CompiledForm, answers: dict[str, Any]) -> dict[str, Any]:
    """One case: what came, what it was tidied to, what is asked, what is wrong."""
    cleaned = form.clean(answers)
    return {
        "answers": answers,
        "clean": cleaned,
        "visible": [field.name for field in form.visible(cleaned)],
        "errors": [[error.field, error.code, error.message] for error in form.validate(cleaned)],
    }


def shipped() -> list[CompiledForm]:
    """The forms people really see, in both languages."""
    today, target = date(2026, 11, 23), (date(2027, 1, 1), date(2027, 1, 31))
    return [
        compile_form(default_form(form), default_directories(), target=target, today=today, locale=locale)
        for form in FORMS
        for locale in ("ru", "en")
    ]


def vectors(seed: int = SEED) -> dict[str, Any]:
    """All forms with their cases."""
    dice = Random(seed)
    forms = [*shipped(), *(random_form(dice) for _ in range(FORM_COUNT))]
    return {
        "seed": seed,
        "forms": [
            {"form": form.as_json, "cases": [judged(form, random_answers(dice, form)) for _ in range(ANSWER_COUNT)]}
            for form in forms
        ],
    }


def write(path: Path) -> int:
    """Write the file whole or not at all; the number of cases."""
    found = vectors()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(found), "utf-8")
    unfinished.replace(path)
    return sum(len(form["cases"]) for form in found["forms"])


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]))} cases → {sys.argv[1]}")
