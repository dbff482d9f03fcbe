"""What screens show of states and texts: words beside colours, record text as written."""

import pytest

from drafting.model import Span
from review_ui import presenters
from review_ui.presenters import emphasised, plain, section_badge, short_hash


@pytest.mark.parametrize("text", ["<b>x</b>", "[a](http://b)", "**bold**", "$x$", "# head", ":red[x]", "![i](u)"])
def test_record_text_is_never_markup(text: str) -> None:
    shown = plain(text)
    for sign in "<>[]()*$#:!":
        assert shown.count("\\" + sign) == text.count(sign)


def test_a_shortcode_in_a_record_stays_text() -> None:
    assert ":smile:" not in plain(":smile:").replace("\\", "")
    assert plain("09:12:00").replace("\\", "") == "09:12:00"


def test_referenced_figures_stand_out_and_nothing_is_lost() -> None:
    text = "Mean was 93.41 % in batch 0517."
    shown = emphasised(text, [Span(9, 16, "fact:a"), Span(26, 30, "record:batch/517")])
    assert shown == "Mean was **93\\.41 %** in batch **0517**\\."


def test_overlapping_spans_do_not_repeat_text() -> None:
    assert emphasised("abc", [Span(0, 2, "x"), Span(1, 3, "y")]) == "**ab**c"


def test_every_state_has_a_word_and_an_icon() -> None:
    for badge in [*presenters.SENTENCE_BADGES.values(), *presenters.SECTION_BADGES.values(), presenters.BLOCKED]:
        assert badge.word
        assert badge.icon.startswith(":material/")


def test_hashes_are_shortened_for_reading() -> None:
    assert short_hash("sha256:" + "5d1e" + "0" * 58 + "c0") == "sha256:5d1e…c0"
    assert section_badge.__doc__
