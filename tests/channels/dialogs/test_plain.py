"""Foreign words in a message are only words: no mention, no markup, no link."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from express_bot.channels.dialogs.plain import plain, shorten

MARKUP = re.compile(r"[<>{}\[\]*_`~|\\#]|//|\bwww\.|(?<!\w)@", re.IGNORECASE)
#: What messengers look for, cut into pieces and put together anew.
PIECES = st.lists(
    st.sampled_from(
        ["<", ">", "embed_mention", "</", "@", "@@", "##", "{", "mention:", "}", "[", "](", "http", ":", "//", "www.",
         "*", "**", "_", "`", "~~", "|", "\\", "#", " ", "\n", "\u200b", "\u202e", "\x00", "ё", "A", "1", ":/", "/"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), PIECES))
@example("<embed_mention>ALL:00c46d64-1127-5a96-812d-3d8b27c58b99:all</embed_mention>")
@example("@{mention:00c46d64-1127-5a96-812d-3d8b27c58b99}")
@example("[сюда](https://example.test)")
@example("https:\u200b//example.test www\u2060.example.test @\u200dall")
def test_nothing_that_a_messenger_reads_is_left(text: str) -> None:
    shown = plain(text)
    assert MARKUP.search(shown) is None
    assert shown == shown.strip()
    assert "\n" not in shown
    assert all(sign.isprintable() or sign == "\u00a0" for sign in shown)
    assert plain(shown) == shown


@given(st.text(alphabet="абвгд АБВ 0123456789 .,!?()«»—–№%+=;:'\"-/&$", max_size=80))
def test_ordinary_words_stay_as_they_were_written(text: str) -> None:
    words = " ".join(text.replace("//", "/").split())
    while "//" in words:
        words = words.replace("//", "/")
    assert plain(words) == words


def test_an_address_of_mail_is_no_call_and_a_name_after_at_is_none_either() -> None:
    assert plain("anna@example.ru") == "anna@example.ru"
    assert plain("@all, смотрите") == "＠all, смотрите"


@pytest.mark.parametrize(("limit", "shown"), [(5, "длин…"), (7, "длинная"), (6, "длинн…")])
def test_a_long_word_is_cut_visibly(limit: int, shown: str) -> None:
    assert shorten("длинная", limit) == shown
    assert plain("длинная", limit) == shown
