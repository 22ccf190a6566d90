"""The shape of every refusal over HTTP: RFC 9457 problem documents."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ProblemField(BaseModel):
    """One wrong member of the request."""

    field: str = Field(description="name of the answer, or dotted path of the member")
    code: str = Field(description="stable code, for machines")
    message: str = Field(description="sentence in the caller's language")


class Problem(BaseModel):
    """Why the answer is no, and what to do; further members depend on the code."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:express-bot:problem:<code>")
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemField] = []
