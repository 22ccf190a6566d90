"""How often one may call: rates by name, as they are shipped and as an organisation sets them.

Whose calls are counted together: a person's, whichever door they come through; of people who are not known yet, the
account that is tried (``account``) and the address that it is tried from (``source``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_RATE = re.compile(r"([a-z]+)=(?:([1-9][0-9]{0,6})/([1-9][0-9]{0,3})?([smhd])|(off))")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` calls within any ``seconds``."""

    name: str
    count: int
    seconds: int


#: Well above what a person does in a hurry, well below what a machine does by mistake.
SHIPPED = {
    "account": "10/5m",  # wrong passwords for one account (trust A20)
    "source": "30/5m",  # proofs from one address that prove nothing
    "codes": "30/10m",  # codes that join messengers, made or entered
    "filing": "60/m",  # an application filed, edited, withdrawn
    "saving": "300/m",  # a draft, with every pause of typing
    "uploads": "900/m",  # files and their parts
    "changing": "300/m",  # anything else that changes something
    "statistics": "300/m",
    "exports": "20/m",
    "telemetry": "60/m",
    "reading": "1200/m",
}
#: Those that hold for the proofs of people who are not known yet: also where machines try everything at once.
OF_PROOFS = ("account", "source")


def table(changes: str, *, only: tuple[str, ...] = tuple(SHIPPED)) -> Mapping[str, Rate]:
    """The rates that hold: of the shipped ones ``only`` some, with an organisation's changes.

    ``changes``: «exports=5/m telemetry=off uploads=2000/10m». Raises ``ValueError`` for anything else.
    """
    said = {name: f"{name}={SHIPPED[name]}" for name in only}
    said |= {part.partition("=")[0]: part for part in changes.split()}
    rates = {name: _rate(part) for name, part in said.items()}
    return {name: rate for name, rate in rates.items() if rate is not None}


def _rate(part: str) -> Rate | None:
    found = _RATE.fullmatch(part)
    if found is None or found[1] not in SHIPPED:
        raise ValueError(part)
    name, count, many, unit, off = found.groups()
    return None if off else Rate(name, int(count), int(many or 1) * _UNITS[unit])
