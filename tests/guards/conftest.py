"""The guards look at the same house as the tests of the core."""

from tests.core.conftest import one, standing, untouched

__all__ = ["one", "standing", "untouched"]
