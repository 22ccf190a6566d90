"""The vectors for the SPA's validator: the same each time, and rich enough to mean something."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import make_vectors
from form_generator import random_answers, random_form

from express_bot.domain.validation import PRECEDENCE


def test_the_same_seed_gives_the_same_vectors():
    def few(seed: int) -> str:
        dice = Random(seed)
        forms = [random_form(dice) for _ in range(5)]
        return json.dumps([make_vectors.judged(form, random_answers(dice, form)) for form in forms])

    assert few(1) == few(1) != few(2)


def test_vectors_meet_every_code_often(tmp_path):
    assert make_vectors.write(tmp_path / "deep" / "vectors.json") >= 15_000
    found = json.loads((tmp_path / "deep" / "vectors.json").read_text("utf-8"))
    cases = [case for form in found["forms"] for case in form["cases"]]
    met = Counter(code for case in cases for _, code, _ in case["errors"])
    assert set(met) == {*PRECEDENCE, "unknown_field"}
    assert min(met.values()) >= 30
    assert sum(not case["errors"] for case in cases) >= 1_000
