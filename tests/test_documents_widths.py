"""What the widths of a table promise: they fit the page, break no word that need not break, and stretch no small table."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from drafting.documents.house import PAGE_TWIPS
from drafting.documents.widths import fitted, width

CELL = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=60)


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)))
def test_columns_are_never_empty_and_never_wider_than_the_page(rows: list[list[str]]) -> None:
    made = fitted(rows[0], rows[1:])
    assert len(made) == len(rows[0])
    assert all(one > 0 for one in made)
    assert sum(made) <= PAGE_TWIPS


def test_no_word_is_broken_where_there_is_room() -> None:
    heads = ("OOS", "Limit", "Outcome")
    row = (
        "OOS-2020-014",
        "95.000 to 101.000 %",
        "original result invalidated with cause, new sample within the limit, " * 3,
    )
    made = fitted(heads, [row], points=7)
    for text, twips in zip(row, made, strict=True):
        assert all(width(word, 7) <= twips for word in text.split())
    assert made[1] > width(row[1], 7) / 2


def test_a_small_table_is_not_stretched_over_the_page() -> None:
    assert sum(fitted(("Month", "Batches"), [("2020-05", "11")])) < PAGE_TWIPS / 3


def test_columns_wrap_about_as_often_as_each_other() -> None:
    texts = ("word " * 8, "word " * 16, "word " * 40)
    made = fitted(("A", "B", "C"), [texts], points=8.5)
    assert all(a <= b for a, b in itertools.pairwise(made))


def test_no_column_is_no_error() -> None:
    assert fitted((), []) == []


def test_where_many_columns_crowd_only_identifiers_and_dates_break_and_only_at_a_hyphen() -> None:
    days = [f"2020-{month:02d}-16" for month in range(1, 6)]
    row = (
        "CAPA-2020-002",
        "DEV-2020-002",
        "Trend the lowest unit of dissolution",
        "preventive",
        *days,
        "effectiveness check due",
    )
    made = fitted(
        ("CAPA", "Deviation", "Title", "Kind", "Opened", "Due", "Closed", "Check", "Done", "Status"), [row] * 3, points=9
    )
    for text, twips in zip(row, made, strict=True):
        assert all(width(part, 9) <= twips for word in text.split() for part in word.replace("-", "- ").split())
