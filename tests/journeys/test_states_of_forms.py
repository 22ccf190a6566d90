"""UX-103 for the form: new, guided, check, the certificate."""

from __future__ import annotations

import pytest

from tests.journeys.gallery import Gallery, named_in
from tests.journeys.looked_at import findings


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("state", named_in("applications-form"))
def test_a_form_is_good_to_everybody(gallery: Gallery, state: str, locale: str) -> None:
    assert findings(gallery, state, locale) == {}
