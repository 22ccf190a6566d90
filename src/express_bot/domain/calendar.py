"""Public holidays of the country the offices are in; the calendar shows them, nothing is forbidden by them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

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
    import holidays  # late: the library is large, and most processes never draw a calendar

    return tuple(sorted(holidays.country_holidays(COUNTRY, years=year)))
