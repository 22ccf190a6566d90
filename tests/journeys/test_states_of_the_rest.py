"""UX-103 for everything else: what was filed, first open, profile, help, sign-in, error pages."""

from __future__ import annotations

import pytest

from tests.journeys.gallery import SOURCES, Gallery, named_in
from tests.journeys.looked_at import findings

OTHERS = sorted({path.stem for path in SOURCES.glob("*.ts")} - {"home", "applications-form", "files", "statistics"})


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("state", named_in(*OTHERS))
def test_a_screen_is_good_to_everybody(gallery: Gallery, state: str, locale: str) -> None:
    assert findings(gallery, state, locale) == {}
