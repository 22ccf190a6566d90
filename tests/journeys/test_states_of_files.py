"""UX-103 for files: each state in one of the languages, in turn; the other states of forms are seen in both."""

from __future__ import annotations

import pytest

from tests.journeys.gallery import Gallery, named_in
from tests.journeys.looked_at import findings

STATES = named_in("files")


@pytest.mark.parametrize(("state", "locale"), [(state, "en" if at % 2 else "ru") for at, state in enumerate(STATES)])
def test_files_are_good_to_everybody(gallery: Gallery, state: str, locale: str) -> None:
    assert findings(gallery, state, locale) == {}
