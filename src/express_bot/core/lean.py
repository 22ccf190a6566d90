"""Imported first of all by the core's process: what libraries take along where they find it, and nothing here uses.

PyJWT knows more algorithms where ``cryptography`` is installed (our services sign by HMAC, which needs none of it), and
structlog draws coloured tracebacks with ``rich`` (our log is JSON): 13 MB together. ``None`` is how Python is told that
a module cannot be imported; both libraries are made to do without.
"""

from __future__ import annotations

import sys

UNUSED = ("cryptography", "rich")

for name in UNUSED:
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # the type knows no absent module
