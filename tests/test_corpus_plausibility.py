"""Contradictions inside the records are found with all their cells, and nothing that may be true is called one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Measurement
from corpus.plausibility import contradictions


def cell(attribute: str, literal: str, *, batch: str = "1", primary: bool = True) -> Measurement:
    value = None if literal in ("", "#N/A") or literal.startswith("<") else Decimal(literal)
    state = "value" if value is not None else "missing" if not literal.startswith("<") else "censored"
    name = "Laboratory.csv" if primary else "Process.csv"
    return Measurement(
        batch=batch, product="17", attribute=attribute, literal=literal, value=value, state=state, unit="", row=2,
        column=attribute, primary=primary, document_id=name, document_name=name, document_sha256="sha256:0", sequence=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "attributes"),
    [
        (
            {"tbl_min_hardness": "50", "tbl_av_hardness": "120", "tbl_max_hardness": "90"},
            ("tbl_min_hardness", "tbl_av_hardness", "tbl_max_hardness"),
        ),
        ({"fct_min_thickness": "3.2", "fct_max_thickness": "3.1"}, ("fct_min_thickness", "fct_max_thickness")),
        ({"dissolution_min": "91", "dissolution_av": "90"}, ("dissolution_min", "dissolution_av")),
        ({"impurity_o": "0.2", "impurities_total": "0.1"}, ("impurity_o", "impurities_total")),
        ({"impurities_total": "0.1", "impurity_l": "0.11"}, ("impurity_l", "impurities_total")),
    ],
)
def test_values_that_cannot_all_be_true_are_named_with_their_cells(
    cells: dict[str, str], attributes: tuple[str, ...]
) -> None:
    found = contradictions(cell(name, literal) for name, literal in cells.items())
    assert [c.attributes for c in found] == [attributes]
    assert found[0].batch == "1"
    assert [c.attribute for c in found[0].cells] == list(attributes)
    for literal in cells.values():
        assert literal in found[0].message
    assert "Laboratory.csv row 2" in found[0].message


@pytest.mark.parametrize(
    "cells",
    [
        {"batch_yield": "101.4", "tbl_yield": "103"},  # no limit is known: a yield above 100 may be true
        {"tbl_min_hardness": "50", "tbl_av_hardness": "50.0", "tbl_max_hardness": "50.00"},
        {"impurity_o": "0.1", "impurities_total": "0.10"},
        {"impurity_o": "<0.05", "impurities_total": "0.01"},
        {"dissolution_min": "#N/A", "dissolution_av": "90"},
        {"tbl_max_diameter": "7.1", "fct_min_thickness": "9"},
    ],
)
def test_values_that_may_be_true_are_left_alone(cells: dict[str, str]) -> None:
    assert contradictions(cell(name, literal) for name, literal in cells.items()) == []


def test_a_second_source_contradicts_only_with_another_number() -> None:
    first = cell("dissolution_av", "93.50")
    assert contradictions([first, cell("dissolution_av", "93.5", primary=False)]) == []
    assert contradictions([first, cell("dissolution_av", "#N/A", primary=False)]) == []
    found = contradictions([first, cell("dissolution_av", "93.6", primary=False), cell("dissolution_av", "1", batch="2")])
    assert [(c.batch, c.attributes, len(c.cells)) for c in found] == [("1", ("dissolution_av",), 2)]
    assert "Process.csv row 2" in found[0].message


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=3, max_size=3))
def test_ordered_values_never_contradict_and_disordered_ones_always_do(values: list[Decimal]) -> None:
    names = ("x_min_y", "x_av_y", "x_max_y")
    found = contradictions(cell(name, str(value)) for name, value in zip(names, values, strict=True))
    assert (found == []) == (values == sorted(values))
