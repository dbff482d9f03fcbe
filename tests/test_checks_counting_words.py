"""Number words that count and those that only look like it: "one batch" must be tied to evidence, "one wholesaler" states no figure."""

import pytest

from drafting.checks.tokens import Token, enumerate_tokens

COUNTS = (
    "One batch was rejected.", "Only one deviation was opened.", "There was one confirmed complaint.", "We found one critical OOS result.",
    "Three complaints came in, of which one was confirmed.", "Four CAPAs are closed, of them one late.", "It took one month.", "One lot of API was used.",
    "The batch was held for one hour.", "One further change was made.", "Exactly one out-of-trend result was seen.", "One signal was found on the chart.",
    "Twenty-one batches were made.", "One hundred batches were made.", "Two batches failed.", "one percent of the units",
)  # fmt: skip
COUNTS_NOTHING = (
    "One wholesaler was informed.", "It is one of the causes.", "No one was hurt.", "A one-sided test was used.", "The two-sided interval is wide.",
    "A second person checked it.", "The steps follow one another.", "They were packed one by one.", "One must ask why.", "On the one hand it is known.",
    "This one is closed.", "The event repeats an earlier one.", "A two-stage sampling plan was used.", "The one-off correction was made.", "A two-person check is in place.",
    "The four-eyes principle was kept.", "One or the other side is open.", "It was done in one go.", "The pump is the one in use.", "A three-point calibration was made.",
)  # fmt: skip


def words(text: str) -> list[str]:
    return [t.text.lower() for t in enumerate_tokens(text) if t.kind is Token.WORD]


@pytest.mark.parametrize("text", COUNTS)
def test_a_word_that_counts_is_a_quantity(text: str) -> None:
    assert enumerate_tokens(text)


@pytest.mark.parametrize("text", COUNTS_NOTHING)
def test_a_word_that_counts_nothing_is_none(text: str) -> None:
    assert words(text) == []
