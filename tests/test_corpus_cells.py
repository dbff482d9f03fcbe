"""A cell is read in one way or refused with a reason; nothing is grouped, padded, rounded or guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import literals
from corpus.cells import cell_reader
from corpus.dates import date_reader
from corpus.importprofile import ColumnRule, ImportProfile
from corpus.literals import Unreadable
from corpus.profiles import load_profiles

PROFILES = Path(__file__).parents[1] / "corpus" / "samples" / "profiles"

decimals = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", fullmatch=True)


def a_profile(**more: object) -> ImportProfile:
    base = ImportProfile(name="p", version=1, title="t", kind="batch", key=("batch",), columns=())
    return replace(base, **more)  # type: ignore[arg-type]


def reading(literal: str, rule: ColumnRule, **more: object) -> literals.Parsed | None:
    return cell_reader(a_profile(**more), rule)(literal)


@given(decimals)
def test_a_plain_decimal_is_the_decimal_that_was_written(literal: str) -> None:
    parsed = literals.decimal(literal)
    assert parsed.value == Decimal(literal)
    assert parsed.value is not None
    assert str(parsed.value.as_tuple()) == str(Decimal(literal).as_tuple())  # trailing zeros are kept


@given(decimals)
def test_a_decimal_comma_is_read_only_where_it_is_declared(literal: str) -> None:
    with_comma = literal.replace(".", ",")
    assert literals.decimal(with_comma, mark=",").value == Decimal(literal)
    if "," in with_comma:
        with pytest.raises(Unreadable):
            literals.decimal(with_comma)


@given(st.integers(min_value=1, max_value=999), st.lists(st.integers(min_value=0, max_value=999), min_size=2, max_size=5))
def test_grouped_digits_are_refused_whatever_the_mark(head: int, groups: list[int]) -> None:
    for separator in (".", ","):
        literal = separator.join([str(head), *(f"{group:03}" for group in groups)])
        for mark in (".", ","):
            with pytest.raises(Unreadable):
                literals.decimal(literal, mark=mark)


@given(st.text(max_size=30))
def test_a_text_is_a_decimal_or_refused_and_never_anything_else(text: str) -> None:
    try:
        parsed = literals.decimal(text)
    except Unreadable:
        return
    assert parsed.censored or parsed.value == Decimal(text.strip())


@pytest.mark.parametrize(
    ("literal", "reason"),
    [
        ("1.412.698.315", "grouped digits"),
        ("1,5", "decimal comma"),
        ("1e5", "exponent"),
        ("7.1E-05", "exponent"),
        ("--", "not a decimal"),
        ("", "not a decimal"),
        ("1 234.5", "grouped digits"),
        ("1.5.", "grouped digits"),
        ("٣.٥", "not a decimal"),
        ("NaN", "not a decimal"),
        ("inf", "not a decimal"),
        ("0x10", "not a decimal"),
        ("1_000", "not a decimal"),
        ("=1+1", "not a decimal"),
        ("9" * 41, "more than 40"),
    ],
)
def test_each_refusal_says_why(literal: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        literals.decimal(literal)


def test_an_exponent_is_read_where_the_column_declares_it() -> None:
    rule = ColumnRule("x", attribute="x", type="decimal", exponent=True)
    parsed = reading("7.1E-05", rule)
    assert parsed is not None
    assert parsed.value == Decimal("0.000071")


def test_a_censored_value_keeps_its_literal_and_has_no_value() -> None:
    parsed = literals.decimal("<0.05")
    assert (parsed.text, parsed.value, parsed.censored) == ("<0.05", None, True)
    with pytest.raises(Unreadable):
        literals.decimal("<0.05", mark=",")


def test_declared_missing_literals_are_missing_with_or_without_padding() -> None:
    rule = ColumnRule("x", attribute="x", type="decimal")
    for literal in ("", " " * 52, "#N/A", " #N/A "):
        assert reading(literal, rule, missing=("", "#N/A")) is None
    with pytest.raises(Unreadable):
        reading("#N/A", rule, missing=("",))


def test_types_refuse_what_they_do_not_admit() -> None:
    cases = [
        (ColumnRule("x", field="x", type="integer"), "1.0"),
        (ColumnRule("x", field="x", type="date"), "2020-02-30"),
        (ColumnRule("x", field="x", type="date"), "1.2.2020"),
        (ColumnRule("x", field="x", type="datetime"), "2020-02-01 10:00"),
        (ColumnRule("x", field="x", type="month"), "mai.20"),
        (ColumnRule("x", field="x", type="enum", values=("minor", "major")), "Minor"),
        (ColumnRule("x", field="x", pattern=r"DEV-\d{4}-\d{3}"), "DEV-2020-14"),
        (ColumnRule("x", field="x", type="list", pattern=r"\d+"), "12|x|14"),
        (ColumnRule("x", field="x"), "a\x00b"),
        (ColumnRule("x", field="x"), "a" * (literals.LONGEST_CELL + 1)),
    ]
    for rule, literal in cases:
        with pytest.raises(Unreadable):
            reading(literal, rule, months={"maj": 5})


@pytest.mark.parametrize(
    ("literal", "month"),
    [("nov.18", "2018-11"), ("maj.20", "2020-05"), ("okt.19", "2019-10"), ("avg.19", "2019-08"), ("jun.20", "2020-06")],
)
def test_slovenian_months_are_read_and_no_day_is_added(literal: str, month: str) -> None:
    laboratory = load_profiles(PROFILES).named("laboratory")
    rule = next(rule for rule in laboratory.columns if rule.field == "start")
    parsed = cell_reader(laboratory, rule)(literal)
    assert parsed is not None
    assert parsed.text == month


def test_a_declared_date_form_is_read_strictly() -> None:
    rule = ColumnRule("x", field="x", type="date", format="DD.MM.YYYY")
    parsed = reading("29.02.2020", rule)
    assert parsed is not None
    assert parsed.text == "2020-02-29"
    for wrong in ("29.02.2021", "2020-02-29", "1.2.2020"):
        with pytest.raises(Unreadable, match=r"DD\.MM\.YYYY"):
            reading(wrong, rule)
    with pytest.raises(ValueError, match="MON"):
        date_reader("MON.YY")


@given(st.dates())
def test_a_date_read_by_a_form_is_the_date_that_was_written(day: date) -> None:
    read = date_reader("DD/MM/YYYY")
    when = read(f"{day.day:02}/{day.month:02}/{day.year:04}")
    assert when is not None
    assert (when.iso, when.precision) == (str(day), "day")
