"""Limits that stand in the rows of the results: what was exceeded where and when, how often, and what the limit is."""

import pytest
from strangers import index_of, outcome

PLATES = [
    ["Isolator", "Class", "Month", "Plates exposed", "Settle plates (CFU/plate)", "Warning limit", "Action limit", "Assessment"],
    *(["IS-1", "A", month, "8", count, "1", "2", said] for month, count, said in (("Jan 2022", "0", "OK"), ("Feb 2022", "2", "Warning"), ("Mar 2022", "0", "OK"))),
    *(["IS-2", "A", month, "8", count, "1", "2", said] for month, count, said in (("Jan 2022", "3", "Action"), ("Feb 2022", "0", "OK"), ("Mar 2022", "0", "OK"))),
    *(["IS-8", "D", month, "4", count, "50", "100", said] for month, count, said in (("Jan 2022", "22", "OK"), ("Feb 2022", "17", "OK"), ("Mar 2022", "61", "Warning"))),
]  # fmt: skip
CREAM = [
    ["Sample", "Batch", "Test name", "Result", "Unit", "Specification", "State"],
    ["C-1", "CR01", "Assay (HPLC)", "99.4", "%", "95.0 - 105.0", "Passed"],
    ["C-2", "CR01", "Viscosity (Brookfield)", "8100", "mPa.s", "NLT 7000", "Passed"],
    ["C-3", "CR01", "Water content", "61.2", "%", "NMT 64.0", "Passed"],
    ["C-4", "CR02", "Assay (HPLC)", "94.1", "%", "95.0 - 105.0", "Failed"],
    ["C-5", "CR02", "Viscosity (Brookfield)", "7600", "mPa.s", "NLT 7000", "Passed"],
    ["C-6", "CR02", "Water content", "", "%", "NMT 64.0", ""],
    ["C-7", "CR03", "Assay (HPLC)", "100.8", "%", "95.0 - 105.0", "Passed"],
    ["C-8", "CR03", "Viscosity (Brookfield)", "6800", "mPa.s", "NLT 7000", "Failed"],
    ["C-9", "CR03", "Water content", "<60", "%", "NMT 64.0", "Passed"],
]
BATCHES = [
    ["Batch", "Filled on", "Decision"],
    ["CR01", "2022-01-12", "Released"],
    ["CR02", "2022-02-09", "Rejected"],
    ["CR03", "2022-03-15", "Rejected"],
]
FILES = {"settle_plates.csv": PLATES, "cream_results.csv": CREAM, "batches.csv": BATCHES}
INDEX, TITLE = index_of(FILES), "Review of cream filling"


@pytest.mark.parametrize(
    "sentence",
    [
        "The action limit was exceeded in IS-2 in January 2022.",
        "The action limit was exceeded only once, in IS-2 in January 2022.",
        "In February 2022 the warning limit was exceeded in isolator IS-1.",
        "No action limit excursion occurred in IS-1.",
        "IS-8 had one warning limit excursion.",
        "The class A isolators showed two warning limit excursions.",
        "The action limit for class D is 100 CFU/plate.",
        "In IS-8 the warning limit of 50 CFU/plate was exceeded in March 2022 with 61 CFU/plate.",
        "The assay of CR02 did not meet the specification.",
        "The viscosity of CR03 was outside the specification.",
        "All results of CR01 were within specification.",
        "The water content of CR03 was within the specification.",
    ],
)
def test_what_the_rows_say_of_their_limits_is_supported(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The action limit was exceeded in IS-1 in January 2022.",
        "The action limit was exceeded in IS-2 in February 2022.",
        "The action limit was exceeded only once, in IS-1 in February 2022.",
        "IS-1 and IS-2 exceeded the action limit in January 2022.",
        "The class A isolators showed no warning limit excursion.",
        "IS-8 had two warning limit excursions.",
        "The action limit for class D is 50 CFU/plate.",
        "The assay of CR02 met the specification.",
        "All assay results were within specification.",
        "The viscosity of CR01 was outside the specification.",
    ],
)
def test_what_the_rows_say_otherwise_is_stopped(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) == "stopped"


@pytest.mark.parametrize(
    "sentence",
    [
        "The water content of CR02 was within the specification.",  # no result
        "The warning limit was exceeded in the isolator that was repaired.",  # of which isolator is not said
        "All results of the reworked batch were within specification.",
        "The alert limit was exceeded in IS-2 in January 2022.",  # a limit that these rows have not
    ],
)
def test_what_the_rows_cannot_tell_stays_open(sentence: str) -> None:
    assert outcome(sentence, INDEX, TITLE) in ("warned", "nothing")
