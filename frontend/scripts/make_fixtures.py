"""Writes the compiled forms that the gallery and the unit tests of the web app use, from the shipped definitions.

Run from the repository's root after a change of ``defaults/``:
``PYTHONPATH=src python frontend/scripts/make_fixtures.py``. The story of the fixtures takes place on 23 November 2026,
while applications for January 2027 are taken.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from express_bot.domain.compiled import compile_form
from express_bot.domain.defaults import default_directories, default_form, default_rules
from express_bot.domain.periods import PeriodDates

TARGET = Path(__file__).parent.parent / "src" / "testing" / "fixtures"
TODAY = date(2026, 11, 23)


def main() -> None:
    """One file per form and language."""
    for form_id in ("flight", "certificate"):
        for locale in ("ru", "en"):
            text = json.dumps(compiled(form_id, locale), ensure_ascii=False, indent=1, default=str)
            (TARGET / f"{form_id}.{locale}.json").write_text(text + "\n", "utf-8")


def compiled(form_id: str, locale: str) -> dict[str, object]:
    """The form as the core sends it on the story's day."""
    definition = default_form(form_id)
    period = january() if definition.period else None
    return compile_form(
        definition,
        default_directories(),
        target=(period.target_from, period.target_to) if period else None,
        today=TODAY,
        locale=locale,
    ).as_json


def january() -> PeriodDates:
    """20 November to 5 December 2026, for January 2027."""
    return default_rules()["flight"].occurrence(2026, 11)


if __name__ == "__main__":
    main()
