"""Whatever people, directories and dispatchers have written: a notice keeps to the limits, and words stay words."""

from __future__ import annotations

import re
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from express_bot.channels.notices import draw
from express_bot.channels.notices.samples import application, period, samples
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event, Notice
from express_bot.domain.locales import LOCALES
from tests.channels.dialogs.chatting import ensure_within_limits

WORDS = st.text(max_size=400) | st.sampled_from(
    ["<embed_mention>", "@all", "**", "[x](http://x)", "\n\n\n", "\u202e", "}{"]
)
STATUSES = st.sampled_from(["approved", "waitlisted", "rejected", "revoked", "submitted", "in_review", "completed"])
DECISIONS = st.none() | st.fixed_dictionaries({"reason": WORDS, "place": st.none() | st.integers(-1, 10**6)})
REPEATS = st.lists(st.fixed_dictionaries({"code": st.text("abcxyz-", min_size=1, max_size=80), "name": WORDS,
                                          "month": st.none() | st.integers(1, 12)}), max_size=6)  # fmt: skip
FIGURES = st.integers(-(10**9), 10**9) | st.none() | WORDS


@st.composite
def notices(draw_of: Any) -> Notice:
    """Any event, of any channel and language, told in any words."""
    event, locale = draw_of(st.sampled_from(list(Event))), draw_of(st.sampled_from(LOCALES))
    channel = draw_of(st.sampled_from(get_args(Channel)))
    some = [application(draw_of(WORDS), status=draw_of(STATUSES), decision=draw_of(DECISIONS)) for _ in range(3)]
    details = {name: draw_of(FIGURES) for name in ("new", "answers", "left", "days", "waiting")}
    details |= {name: draw_of(WORDS) for name in ("question", "reason", "text", "provider", "proposal_label", "answer")}
    details |= {name: draw_of(st.integers(1, 10**12)) for name in ("question_id", "offer_id")}
    [(_, first), *_] = samples(event, channel=channel, locale=locale)
    return first.model_copy(
        update={
            "application": some[0],
            "applications": some * draw_of(st.integers(0, 10)),
            "period": period(locale, limit=draw_of(st.integers(0, 10**6))) | {"title": draw_of(WORDS)},
            "draft": {"form": "flight", "title": draw_of(WORDS), "missing": draw_of(st.none() | WORDS)},
            "details": details | {"repeats": draw_of(REPEATS)},
        }
    )


@settings(max_examples=300)
@given(notices(), st.booleans())
def test_any_words_make_a_message_within_the_limits(notice: Notice, is_discreet: bool) -> None:
    view = draw(notice, discreet={"telegram", "express"} if is_discreet else ())
    if view is None:
        return
    ensure_within_limits(view)
    labels = [button.label for row in view.rows for button in row]
    for words in (view.text, *labels):
        assert not re.search(r"[<>{}\[\]`\\]|(?<!\w)@|//", words), words
        assert words.count("**") % 2 == 0
    assert all(line.strip() for line in view.text.split("\n"))
