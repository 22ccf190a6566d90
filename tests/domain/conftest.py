"""Fixtures of the rules: the shipped forms, compiled for the January period of the examples."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from express_bot.domain.compiled import CompiledForm, compile_form
from express_bot.domain.defaults import default_directories, default_form

sys.path.insert(0, str(Path(__file__).parent))

TODAY = date(2026, 11, 23)
JANUARY = (date(2027, 1, 1), date(2027, 1, 31))


def shipped(form: str, locale: str = "ru") -> CompiledForm:
    """A shipped form for January 2027."""
    target = JANUARY if form == "flight" else None
    return compile_form(default_form(form), default_directories(), target=target, today=TODAY, locale=locale)


@pytest.fixture(scope="session")
def flight() -> CompiledForm:
    return shipped("flight")


@pytest.fixture(scope="session")
def flight_en() -> CompiledForm:
    return shipped("flight", "en")


@pytest.fixture(scope="session")
def certificate() -> CompiledForm:
    return shipped("certificate")


@pytest.fixture
def answers() -> dict[str, Any]:
    """Anna's application for Vladivostok, as it should be."""
    return {
        "location": "msk",
        "unit": "msk-oke-2",
        "position": "bp",
        "full_name": "Воронцова Анна Сергеевна",
        "personnel_number": "100234",
        "direction": "vvo",
        "date": "2027-01-15",
    }


@pytest.fixture
def request_for_certificate() -> dict[str, Any]:
    """A certificate by e-mail, as it should be."""
    return {
        "document": "income",
        "copies": 2,
        "needed_by": "2026-12-01",
        "delivery": "email",
        "email": "anna@example.ru",
    }
