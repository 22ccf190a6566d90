from __future__ import annotations

import pytest

from tests.core.messenger import Messenger, card


@pytest.fixture
def sent(express: Messenger) -> str:
    """A card that the messenger took under the id ``m-1``."""
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    assert express.shown(card_id, 1, "m-1").status_code == 204
    return card_id
