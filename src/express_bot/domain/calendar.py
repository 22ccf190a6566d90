"""Public holidays of the country the offices are in; the calendar shows them, nothing is forbidden by them.

The dispatchers' digest keeps to working days: there a holiday counts, and so does a weekend that is worked instead.
"""

from __future__ import annotations

import sys
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

COUNTRY = "RU"
_MAX_YEARS = 3


def holidays_between(first: date | None, last: date | None) -> list[date]:
    """Holidays from first to last; nothing for a range that is open or too long to be a calendar."""
    if first is None or last is None:
        return []
    years = range(first.year, last.year + 1)
    if len(years) > _MAX_YEARS:
        return []
    return [day for year in years for day in _of_year(year) if first <= day <= last]


@lru_cache(maxsize=16)
def _of_year(year: int) -> tuple[date, ...]:
    return tuple(sorted(_country(COUNTRY, year)))


def is_working_day(day: date, country: str = COUNTRY) -> bool:
    """Do offices of this country work on this day? Raises ``ValueError`` for a country without a calendar."""
    return bool(_country(country, day.year).is_working_day(day))


@lru_cache(maxsize=16)
def _country(country: str, year: int) -> Any:
    import holidays  # late: the library is large, and most processes never draw a calendar

    _skip_other_countries(Path(holidays.__file__))
    try:
        return holidays.country_holidays(country, years=year, expand=False)
    except (NotImplementedError, AttributeError, ModuleNotFoundError) as error:
        raise ValueError(f"no calendar of holidays for the country {country!r}") from error


def _skip_other_countries(library: Path) -> None:
    """One country costs 5 MB and 0.3 s less when the package does not import the other 250 first.

    The library loads a country's module by its name; an empty package in place of theirs, with the same
    folder, lets it find just that one.
    """
    name = "holidays.countries"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(library.parent / "countries")]
        sys.modules[name] = package
