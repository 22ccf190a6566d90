"""What kinds of files there are, and what a file may be called."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
HEIC: Final = "image/heic"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Every kind that is taken, with the endings of its names; the first one is given to a file that has none of them.
ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    HEIC: (".heic", ".heif"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
MAX_NAME = 120
# what turns a name around, hides in it or ends it
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def plain_name(told: str) -> str:
    """The last part of a name without what could mislead a person or a file system; never empty."""
    last = unicodedata.normalize("NFC", told).replace("\\", "/").rpartition("/")[2]
    name = _FORBIDDEN.sub("_", _ODD.sub("", last.encode("utf-8", "replace").decode())).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
    return name[:MAX_NAME] or "file"


def fitting_name(name: str, kind: str) -> str:
    """The name with an ending of its kind, so that nothing is opened as something else."""
    endings = ENDINGS[kind]
    return name if name.lower().endswith(endings) else f"{name[: MAX_NAME - 5]}{endings[0]}"
