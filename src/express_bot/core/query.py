"""What stands behind the ``?`` of an address."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel


class Query(BaseModel):
    """Whoever reads one (flask-openapi) asks for its schema at every call; drawing it took longer than the reading."""

    @classmethod
    def model_json_schema(cls, *told: Any, **more: Any) -> dict[str, Any]:
        """As pydantic's, to be read and not changed; drawn once where nothing is wished for."""
        return super().model_json_schema(*told, **more) if told or more else _schema(cls)


@cache
def _schema(query: type[Query]) -> dict[str, Any]:
    return super(Query, query).model_json_schema()
