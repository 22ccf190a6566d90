"""Connections: one pool per process, autocommit, plain rows as dictionaries.

A single statement is its own transaction (that is the hot path: one round trip); what takes several statements wraps
them in ``connection.transaction()``, which the edge does for every mutation (style §2).
"""

from __future__ import annotations

from typing import Any

import orjson
import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[DictRow]
Pool = ConnectionPool[Connection]
Row = dict[str, Any]

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

#: Trust §2.3 A21: no statement of a person's call may keep the database busy for long.
OPTIONS = {
    "autocommit": True,
    "row_factory": dict_row,
    "prepare_threshold": 1,
    "options": "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"
    " -c timezone=UTC",
}


def connect(dsn: str) -> Connection:
    """One connection of its own, for commands and the worker."""
    return psycopg.connect(dsn, **OPTIONS)  # type: ignore[arg-type]  # dict_row decides the row type


def open_pool(dsn: str, size: int, *, patient: bool = False) -> Pool:
    """A pool of ``size`` connections that fills in the background and heals by itself when the database returns.

    ``patient``: commits do not wait for the disk. For work that is done again when a crash takes it back: commits are
    kept in order, so nothing that a later, durable commit built upon can be missing.
    """
    options = f"{OPTIONS['options']} -c synchronous_commit=off" if patient else OPTIONS["options"]
    return ConnectionPool(
        dsn,
        kwargs=OPTIONS | {"options": options},
        min_size=min(2, size),
        max_size=size,
        timeout=5,
        reconnect_timeout=5,
        max_idle=300,
        open=True,
        name="core",
    )


def ping(connection: Connection) -> None:
    """Raises ``psycopg.OperationalError`` when the database does not answer."""
    connection.execute("select 1")
