"""eXpress: the bot of the corporate messenger, on pybotx. Nothing of the library is imported before it is needed."""

from __future__ import annotations

import os

# Importing the library would otherwise throw away every log sink of this process and install its own.
os.environ["PYBOTX_CONFIGURE_LOGGER"] = "0"
