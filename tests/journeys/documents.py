"""Documents small enough to be made here, and whole enough to be taken."""

from __future__ import annotations

_PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 298 420]/Resources<<>>>>",
)


def pdf(words: str = "", *, size: int = 0) -> bytes:
    """A document with one empty page; ``words`` make it different from others, ``size`` makes it long."""
    text = b"%PDF-1.4\n%" + words.encode().hex().encode() + b"\n" + b"%" * max(size - 600, 0) + b"\n"
    places = []
    for number, thing in enumerate(_PAGE, 1):
        places.append(len(text))
        text += b"%d 0 obj" % number + thing + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 4\n0000000000 65535 f \n" + table
    return text + head + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(text)
