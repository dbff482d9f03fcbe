"""What a chart promises: one definition for screen and document, values as written, signals told by shape and colour."""

import dataclasses
import json
from typing import Any

import altair as alt
import pytest
from jsonschema import ValidationError

from drafting.documents.charts import chart_png, chart_spec
from drafting.model import Chart, Point

POINTS = tuple(Point(str(n), "2020-05-01", v, signal=n == 2) for n, v in enumerate(("90.10", "91.5", "99.9", "90.0")))
CHART = Chart(
    "i1", "Dissolution", "dissolution_av", "%", POINTS, "92.9", "88.10", "97.7", lower_limit="80.0", limit_source="SPEC-01",
    method="individuals", moving_range_mean="1.66", moving_range_upper="5.42", synthetic_limits=True,
)  # fmt: skip


def test_equal_charts_have_equal_definitions_and_pictures() -> None:
    assert chart_spec(CHART) == chart_spec(CHART)
    drawn = chart_png(CHART)
    chart_png.cache_clear()
    assert chart_png(CHART) == drawn
    assert drawn.startswith(b"\x89PNG")


@pytest.mark.parametrize("printed", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"points": ()},
        {"kind": "p"},
        {"points": tuple(dataclasses.replace(p, lower="80", change="CC-1") for p in POINTS)},
    ],
)
def test_a_definition_obeys_the_grammar_of_vega_lite(change: dict[str, Any], *, printed: bool) -> None:
    spec = chart_spec(dataclasses.replace(CHART, **change), marked_batch="3", printed=printed)
    alt.VConcatChart.from_dict(spec)
    with pytest.raises(ValidationError):
        alt.VConcatChart.from_dict({**spec, "vconcat": [{**spec["vconcat"][0], "width": "620"}]})


def test_limits_are_labelled_as_written_and_synthetic_ones_say_so() -> None:
    text = json.dumps(chart_spec(CHART))
    for label in (
        "centre 92.9",
        "lower control 88.10",
        "upper control 97.7",
        "lower spec. 80.0",
        "SYNTHETIC limits",
        "n = 4",
    ):
        assert label in text
    assert "upper spec." not in text
    assert "dissolution_av (%)" in text
    assert "SYNTHETIC" not in json.dumps(chart_spec(dataclasses.replace(CHART, synthetic_limits=False)))


def test_signals_differ_by_shape_and_colour() -> None:
    individuals = chart_spec(CHART)["vconcat"][0]["layer"]
    encoded = [layer["encoding"] for layer in individuals if "shape" in layer["encoding"]]
    assert len(encoded) == 1
    assert len(set(encoded[0]["shape"]["scale"]["range"])) == len(set(encoded[0]["color"]["scale"]["range"])) == 2


def test_only_a_marked_batch_has_a_ring() -> None:
    assert (
        len(chart_spec(CHART, marked_batch="3")["vconcat"][0]["layer"]) == len(chart_spec(CHART)["vconcat"][0]["layer"]) + 1
    )


def test_values_that_are_no_numbers_are_left_out_and_no_point_is_no_error() -> None:
    odd = dataclasses.replace(CHART, points=(*POINTS, Point("9", "", "not tested"), Point("10", "", "NaN")))
    assert "n = 4" in json.dumps(chart_spec(odd))
    assert chart_png(dataclasses.replace(CHART, points=()))
