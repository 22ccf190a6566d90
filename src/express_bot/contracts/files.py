"""Files as the doors see them: one upload in one go, or one in parts that a broken connection does not lose."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from express_bot.contracts.users import Strict

#: ``uploading``: parts are missing; ``checking``: a scanner has to speak first; ``ready``: it may be attached and read.
FileState = Literal["uploading", "checking", "ready", "refused"]
#: How much of a resumable upload travels in one call.
PART_SIZE = 5 << 20
#: No form may ask for more: also what a Telegram bot may download.
MAX_FILE_BYTES = 20 << 20
#: How many seconds a link to a file lives.
LINK_SECONDS = 300

FileName = Annotated[str, Field(min_length=1, max_length=255)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FileView(BaseModel):
    """One file: whose bytes arrived, what they are, and whether they may be used."""

    id: UUID
    name: str = Field(description="as its owner named it, without any folder")
    size: int = Field(description="of the file as it is kept: a picture is shorter by what it told of its place")
    type: str = Field(description="media type by content, not by what was claimed")
    sha256: str = Field(description="of the bytes that were sent, in hex; empty until all of them are here")
    state: FileState
    received: int = Field(description="bytes that have arrived")
    created_at: datetime
    reason: str | None = Field(default=None, description="why it was refused: the code of the problem")


class NewUpload(Strict):
    """What is going to be sent in parts."""

    name: FileName
    size: Annotated[int, Field(ge=0, le=1 << 40)]
    type: Annotated[str, Field(min_length=1, max_length=127)]
    sha256: Sha256 | None = None


class Upload(BaseModel):
    """Where an upload in parts stands: the next part begins at ``offset``."""

    id: UUID = Field(description="the file's id too")
    offset: int
    size: int
    part_size: int = Field(description="a part may be shorter, never longer")
    state: FileState
    file: FileView | None = Field(default=None, description="once everything has arrived")


class FileLink(BaseModel):
    """An address that opens the file without a session, for a few minutes."""

    url: str
    expires_at: datetime
