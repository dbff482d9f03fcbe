"""Units that end headers, units of rows, powers of ten: true and false sentences about a vaccine antigen's bulks."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.suffixes import parted
from drafting.checks.foreign.verdicts import Verdict

BULKS = (
    ("bulk_no", "site", "antigen_ug_mL", "residual_DNA_pg_dose", "ovalbumin_ng_mg", "peak_density_e6_mL", "bioburden_CFU_10mL", "pH"),
    ("VB-101", "North", "412", "35", "<5", "6.4", "0", "7.1"),
    ("VB-102", "North", "398", "44", "12", "5.9", "3", "7.2"),
    ("VB-103", "South", "405", "28", "61", "7.2", "0", "7.0"),
)  # fmt: skip
TESTS = (
    ("sample", "bulk_no", "Test", "Value", "UoM"),
    ("T1", "VB-101", "Formaldehyde", "8", "µg/mL"),
    ("T2", "VB-102", "Formaldehyde", "0.012", "mg/mL"),
    ("T3", "VB-103", "Formaldehyde", "9", "µg/mL"),
)


FILES = {"bulks.csv": BULKS, "tests.csv": TESTS}
INDEX = Index(assemble([Source(file, Contents((grid_of("", rows),))) for file, rows in FILES.items()], Lexicon(), ()))


def _outcome(sentence: str) -> str:
    judged = judge(f"Review of antigen bulks\n\n{sentence}\n", INDEX)
    if any(j.verdict is Verdict.CONTRADICTED or j.nowhere for j in judged):
        return "stopped"
    return "warned" if any(j.verdict is Verdict.NOT_FOUND for j in judged) else "supported" if judged else "nothing"


@pytest.mark.parametrize(
    ("header", "bare", "unit"),
    [
        ("HCP_ng_mg", "HCP", "ng/mg"), ("Titer g L", "Titer", "g/L"), ("count_CFU_100_mL", "count", "CFU/100 mL"), ("conc_mg_per_mL", "conc", "mg/mL"),
        ("density_e6_mL", "density", "10^6/mL"), ("yield_pct", "yield", "%"), ("loss_kg_pct", "loss_kg", ""), ("fill_volume_ml_min", "fill_volume_ml_min", ""),
        ("tablet_weight_mg", "tablet_weight", "mg"), ("line_A_mg", "line_A", "mg"), ("cells_mL", "cells", ""), ("feed_L_h", "feed", "L/h"),
    ],
)  # fmt: skip
def test_the_unit_that_ends_a_header_is_read_whole(header: str, bare: str, unit: str) -> None:
    assert parted(header) == (bare, unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "The antigen content of VB-101 was 412 µg/mL.",
        "The antigen content of VB-101 was 0.412 mg/mL.",
        "Ovalbumin in VB-103 was 61 ng/mg.",
        "Ovalbumin in VB-103 was 61 ppm.",
        "Ovalbumin in VB-103 exceeded 50 ng/mg.",
        "Ovalbumin in VB-103 did not exceed 0.07 µg/mg.",
        "The bioburden of VB-102 was 3 CFU/10 mL.",
        "The peak density of VB-103 was 7.2 × 10^6 cells/mL.",
        "Residual DNA of VB-102 was 44 pg/dose.",
    ],
)
def test_a_true_figure_in_a_compound_unit_is_supported(sentence: str) -> None:
    assert _outcome(sentence) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The antigen content of VB-101 was 412 mg/mL.",
        "Ovalbumin in VB-103 was 61 µg/mg.",
        "Ovalbumin in VB-103 was 61 ng/mL.",
        "Ovalbumin in VB-103 exceeded 70 ng/mg.",
        "The peak density of VB-103 was 7.2 × 10^7 cells/mL.",
        "The peak density of VB-103 was 7.4 × 10^6 cells/mL.",
        "Formaldehyde in VB-102 was 0.015 mg/mL.",
    ],
)
def test_a_figure_in_another_unit_or_of_another_power_is_stopped(sentence: str) -> None:
    assert _outcome(sentence) == "stopped"


def test_a_unit_of_the_row_converts_and_a_bound_in_another_unit_stays_open() -> None:
    assert _outcome("Formaldehyde in VB-102 was 12 µg/mL.") == "supported"
    assert _outcome("Ovalbumin in VB-101 was below 0.002 µg/mg.") == "warned"
