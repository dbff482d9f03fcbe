"""Quantities of the field: 400 strings with their readings by hand, and what must hold of any text."""

from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafting.checks.atoms import Kind, Quantity, atoms
from drafting.checks.numerals import decimal_mark
from drafting.checks.quantities import quantities
from drafting.checks.tokens import Token, enumerate_tokens
from drafting.checks.units import Unit, converted, read_unit, unit_at

CASES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "evidence" / "quantities.tsv").read_text().splitlines()
    if not line.startswith("# ")
]
NAMED = (
    "%", "% w/w", "% w/v", "% v/v", "% RH", "ppm", "ppb", "mg", "g", "kg", "µg", "ng", "mL", "L", "mm", "µm", "°C", "°F", "K", "kN", "N",
    "mg/mL", "mg/tablet", "CFU/mL", "CFU/100 mL", "EU/mL", "IU/mg", "min", "h", "days", "months", "bar", "psi", "kPa", "mol/L", "mM",
    "µS/cm", "mPa·s", "cP", "rpm", "m³/h", "mg/kg/day", "tablets", "vials", "units", "mg/cm²", "°C/min",
)  # fmt: skip


def number(value: Fraction | None) -> str:
    if value is None:
        return "?"
    below = value.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    if below != 1:
        return f"{value.numerator}/{value.denominator}"
    return format(Context(prec=200).divide(Decimal(value.numerator), Decimal(value.denominator)), "f")


def reading(q: Quantity) -> str:
    """Write a reading as the file of cases writes it."""
    unit = f" {q.unit.code}" if q.unit else f" ?{q.unknown}" if q.unknown else ""
    if q.doubt:
        return f"doubt{unit}"
    if q.kind in (Kind.DATE, Kind.TIME) or q.iso:
        return f"{q.parts[0].kind}s {q.iso}" if q.parts else f"{q.kind} {q.iso}"
    comparator = f"{q.comparator} " if q.comparator else ""
    words = {Kind.NAME: "name", Kind.IDENTIFIER: f"id {q.text}", Kind.ORDINAL: f"ordinal {number(q.low)}"}
    if q.kind in words:
        return words[q.kind]
    if q.kind in (Kind.RANGE, Kind.TOLERANCE):
        around = f" around {number(q.value)}" if q.kind is Kind.TOLERANCE else ""
        return f"{comparator}{number(q.low)}..{number(q.high)}{unit}{around}"
    lead = {Kind.FRACTION: "fraction ", Kind.RATIO: "ratio ", Kind.WORD: "word "}.get(q.kind, "")
    return f"{lead}{comparator}{number(q.low)}{unit}"


def unit(name: str) -> Unit:
    found = read_unit(name)
    assert found is not None, name
    return found


def test_there_are_at_least_400_cases() -> None:
    assert len(CASES) >= 400


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_string_of_the_field_is_read_as_a_person_reads_it(text: str, expected: str) -> None:
    assert "; ".join(reading(q) for q in quantities(text)) == expected


@given(st.text(alphabet="0123456789.,-–±/%x×^ <>≤°µC²⁶½nNmghLTMBQ()'\u00a0٣:abtcho", max_size=40))
@example("1.234.5 10^ 10⁻ -1 ±")
@example("12-2020-11-25T09:107")
@example("0/0 of 0 per 0")
def test_every_digit_of_any_text_lies_in_exactly_one_token(text: str) -> None:
    found = atoms(text)
    assert all(q.text == text[q.start : q.end] for q in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = {i for q in found for i in range(q.start, q.end)}
    assert [i for i, letter in enumerate(text) if letter.isdecimal() and i not in covered] == []
    joined = quantities(text)
    assert all(q.low is None or q.high is None or q.low <= q.high for q in joined)
    assert all(q.low is None for q in joined if q.doubt)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    covered = {i for q in atoms(text) for i in range(q.start, q.end)}
    assert all(i in covered for i, letter in enumerate(text) if letter.isdecimal())
    assert all(q.text == text[q.start : q.end] for q in quantities(text))


@given(
    st.decimals(min_value="-99999", max_value="99999", places=4),
    st.sampled_from(NAMED),
    st.sampled_from([" ", "", "\u00a0"]),
)
def test_what_is_written_is_read_back(value: Decimal, name: str, gap: str) -> None:
    (found,) = quantities(f"It was {value}{gap}{name}.")
    expected = unit(name)
    assert (found.value, found.places) == (Fraction(value), 4)
    assert found.unit == expected
    assert found.text == f"{value}{gap}{name}"


@given(st.fractions(), st.sampled_from(NAMED), st.sampled_from(NAMED))
def test_conversion_is_exact_between_units_of_a_kind_and_never_between_kinds(value: Fraction, one: str, other: str) -> None:
    into = converted(value, unit(one), unit(other))
    if unit(one).dimension != unit(other).dimension:
        assert into is None
    else:
        assert into is not None
        assert converted(into, unit(other), unit(one)) == value


@pytest.mark.parametrize(
    ("value", "one", "other", "expected"),
    [
        ("0.05", "%", "ppm", "500"), ("1", "% w/v", "mg/mL", "10"), ("1", "% w/w", "mg/g", "10"), ("25", "°C", "K", "298.15"),
        ("212", "°F", "°C", "100"), ("1", "kg", "µg", "1000000000"), ("1", "m³", "L", "1000"), ("90", "min", "h", "1.5"),
        ("1", "bar", "kPa", "100"), ("10", "CFU/100 mL", "CFU/mL", "0.1"), ("1", "mPa·s", "cP", "1"), ("2", "years", "months", "24"),
        ("1", "kp", "N", "9.80665"), ("1", "mM", "mmol/L", "1"),
    ],
)  # fmt: skip
def test_known_conversions(value: str, one: str, other: str, expected: str) -> None:
    assert converted(Fraction(value), unit(one), unit(other)) == Fraction(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("% w/w", "% w/v"), ("%", "% w/w"), ("% RH", "%"), ("tablets", "vials"), ("EU/mL", "IU/mL"), ("CFU/mL", "CFU/g"), ("months", "days"),
        ("mg", "mL"), ("mg/tablet", "mg/mL"), ("N", "kg"), ("%", "percentage points"),
    ],
)  # fmt: skip
def test_kinds_that_look_alike_are_not_converted(one: str, other: str) -> None:
    assert converted(Fraction(1), unit(one), unit(other)) is None


def test_a_temperature_is_no_temperature_difference() -> None:
    (stated,) = quantities("kept at 3 °C")
    (apart,) = quantities("a difference of 3 °C")
    assert stated.unit
    assert apart.unit
    assert converted(Fraction(3), stated.unit, apart.unit) is None
    assert converted(Fraction(3), apart.unit, unit("°F").difference) == Fraction("5.4")


def test_an_unknown_unit_is_told_with_its_place() -> None:
    (found,) = quantities("It gave 5 mg/foo.")
    assert (found.unit, found.unknown, found.text) == (None, "mg/foo", "5 mg/foo")
    assert unit_at("5 batches", 1) is None


@pytest.mark.parametrize(
    ("text", "mark"), [("98.0", "."), ("12,5", ","), ("1,234.5", "."), ("1.234,5", ","), ("98.0 and 12,5", "?"), ("12,500", ""), ("1.234", "")]
)  # fmt: skip
def test_a_text_shows_its_decimal_mark(text: str, mark: str) -> None:
    assert decimal_mark(text) == mark


def test_ends_are_converted_together() -> None:
    (found,) = quantities("500 g to 1.5 kg")
    assert found.within(unit("g")) == (Fraction(500), Fraction(1500))
    assert found.within(unit("mL")) is None


def test_tokens_leave_out_names_and_places_in_an_order() -> None:
    found = enumerate_tokens("By 21 CFR 211.180 the first of twelve batches, 0117, was 98.0-102.0 %.")
    assert [(t.kind, t.text) for t in found] == [
        (Token.WORD, "twelve"), (Token.IDENTIFIER, "0117"), (Token.NUMBER, "98.0"), (Token.NUMBER, "102.0 %"),
    ]  # fmt: skip
