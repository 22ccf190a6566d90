"""Fixtures of the rules: the shipped forms and right answers to them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from express_bot.domain.compiled import CompiledForm

sys.path.insert(0, str(Path(__file__).parent))  # whatever the import mode of the run is

from shipped_forms import shipped


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
