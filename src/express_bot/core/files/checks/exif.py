"""The one fact of a picture's notes that it cannot do without: how it is turned."""

from __future__ import annotations

import struct

_ORDERS = {b"II": "<", b"MM": ">"}
_ORIENTATION = 0x0112


def orientation(tiff: bytes) -> int:
    """1 to 8 as TIFF counts; 1, as it lies, when nothing sensible is said."""
    order = _ORDERS.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for place in range(first + 2, min(first + 2 + count * 12, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if (tag, kind) == (_ORIENTATION, 3):
            return int(value) if 1 <= value <= 8 else 1
    return 1


def only_orientation(value: int) -> bytes:
    """Notes that say nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, value, 0, 0)
