"""A foreign text against small evidence of a stranger: what a number, name, date or conclusion is about, and what the cell says."""

import time

import pytest

from audit.errors import Invalid
from corpus.readers.contents import Contents, grid_of
from corpus.readers.narrative import read_text
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon, read_lexicon
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Judged, Verdict

RESULTS = [
    ["lot", "site", "assay (%)", "weight (mg)", "made_on", "state"],
    ["L-001", "Basel", "99.1", "250", "2024-01-10", "released"],
    ["L-002", "Basel", "98.4", "251", "2024-02-11", "released"],
    ["L-003", "Cork", "97.2", "249", "2024-03-12", "rejected"],
]


def evidence(*tables: tuple[str, list[list[str]]], lexicon: Lexicon | None = None) -> Evidence:
    sources = [Source(name, Contents((grid_of("", rows),))) for name, rows in tables]
    return assemble(sources, lexicon or Lexicon())


def told(text: str, held: Evidence) -> list[Judged]:
    return [j for j in judge(text, held) if j.verdict is not Verdict.SUPPORTED]


@pytest.fixture
def lots() -> Evidence:
    return evidence(("lots.csv", RESULTS))


@pytest.mark.parametrize(
    "text",
    [
        "The assay of lot L-001 was 99.1 %.",
        "Assay was 98.4 % for L-002 and 97.2 % for L-003.",
        "Lots L-001 and L-002 had an assay of 99.1 % and 98.4 %, respectively.",
        "The mean assay was 98.2 %.",
        "Assays lay between 97.2 % and 99.1 %.",
        "The lowest assay, 97.2 %, was found in lot L-003.",
        "Three lots were made, of which two lots were released.",
        "Lot L-003 was rejected.",
        "L-002 was made on 2024-02-11.",
        "The weight of lot L-001 was 0.25 g.",
        "The mean weight was 250 mg.",
        "Lot L-001 was released. Its weight was 250 mg.",
    ],
)
def test_what_the_evidence_says_is_supported(lots: Evidence, text: str) -> None:
    assert told(text, lots) == []


@pytest.mark.parametrize(
    ("text", "quote", "cell"),
    [
        ("The assay of lot L-001 was 91.9 %.", "91.9 %", "lots.csv, row 2, column assay (%): '99.1'"),
        ("Assay was 98.4 % for L-002 and 97.1 % for L-003.", "97.1 %", "lots.csv, row 4"),
        ("Lots L-001 and L-002 had an assay of 98.4 % and 98.4 %, respectively.", "98.4 %", "lots.csv, row 2"),
        ("The mean assay was 98.9 %.", "98.9 %", "98.233333"),
        ("Assays lay between 97.2 % and 99.7 %.", "99.7 %", "'99.1'"),
        ("Three lots were made, of which one lot was released.", "one", "2"),
        ("Lot L-003 was released.", "released", "'rejected'"),
        ("L-002 was made on 2024-02-12.", "2024-02-12", "'2024-02-11'"),
        ("The weight of lot L-001 was 250 g.", "250 g", "'250'"),
        ("The weight of lot L-001 was 250 kPa.", "250 kPa", "another unit"),
        ("No lot was rejected.", "No lot was rejected", "L-003"),
        ("All lots were released.", "All lots were released", "L-003"),
    ],
)
def test_what_differs_is_contradicted_with_its_cell(lots: Evidence, text: str, quote: str, cell: str) -> None:
    found = told(text, lots)
    assert [(j.quote, j.verdict) for j in found] == [(quote, Verdict.CONTRADICTED)]
    assert cell in found[0].message
    assert text[found[0].start : found[0].end] == quote


def test_an_unknown_name_and_number_stand_nowhere(lots: Evidence) -> None:
    found = told("Lot L-009 gave 55.5 %.", lots)
    assert {(j.quote, j.nowhere) for j in found} == {("L-009", True), ("55.5 %", True)}


def test_a_number_that_only_stands_elsewhere_is_a_warning(lots: Evidence) -> None:
    (found,) = told("The inspector looked at 250 drawings.", lots)
    assert (found.verdict, found.nowhere) == (Verdict.NOT_FOUND, False)


def test_two_sources_that_disagree_support_either_value(lots: Evidence) -> None:
    both = evidence(("lots.csv", RESULTS), ("again.csv", [["lot", "assay (%)"], ["L-001", "99.7"]]))
    assert told("The assay of lot L-001 was 99.7 %.", both) == []
    assert told("The assay of lot L-001 was 99.1 %.", both) == []


def test_tables_that_share_a_key_are_one_entity(lots: Evidence) -> None:
    both = evidence(("lots.csv", RESULTS), ("yields.csv", [["lot", "yield"], ["L-001", "97.5"], ["L-003", "91.0"]]))
    assert told("Lot L-003 had an assay of 97.2 % and a yield of 91.0.", both) == []
    assert [j.quote for j in told("Lot L-003 had an assay of 97.2 % and a yield of 97.5.", both)] == ["97.5"]


def test_a_form_and_a_markdown_table_are_evidence() -> None:
    page = "---\nid: INV-7\n---\n\n| Field | Value |\n|---|---|\n| Lot | L-003 |\n| Holding time | 41 |\n"
    held = assemble([Source("inv.md", Contents(narrative=read_text(page.encode(), file="inv.md")))], Lexicon())
    assert told("The holding time of INV-7 was 41.", held) == []
    assert [j.quote for j in told("The holding time of INV-7 was 14.", held)] == ["14"]


def test_a_table_of_the_text_is_held_against_the_evidence(lots: Evidence) -> None:
    text = "Results\n\n| Lot | Assay | State |\n|---|---|---|\n| L-001 | 99.1 | released |\n| L-002 | 98.9 | rejected |\n"
    assert {j.quote for j in told(text, lots) if j.verdict is Verdict.CONTRADICTED} == {"98.9", "rejected"}


def test_the_words_of_a_field_come_from_its_lexicon() -> None:
    tree = b'[columns]\n"assay (%)" = ["strength found"]\n'
    held = evidence(("lots.csv", RESULTS), lexicon=read_lexicon(tree, file="lexicon.toml"))
    assert [j.quote for j in told("The strength found in lot L-001 was 91.1 %.", held)] == ["91.1 %"]


def test_two_numbers_said_together_and_who_has_the_most() -> None:
    tree = b"""
aliases = {}
[[pairs]]
table = "lines"
columns = ["passed", "tested"]
labels = ["units"]
[[ranks]]
table = "lines"
column = "passed"
words = ["led all lines"]
"""
    rows = [["line", "passed", "tested"], ["LINE-1", "8", "12"], ["LINE-2", "9", "11"]]
    held = evidence(("lines.csv", rows), lexicon=read_lexicon(tree, file="lexicon.toml"))
    assert told("LINE-1 passed 8 of 12 units. LINE-2 led all lines.", held) == []
    assert [j.quote for j in told("LINE-1 passed 8 of 11 units. LINE-1 led all lines.", held)] == [
        "11 units",
        "led all lines",
    ]


@pytest.mark.parametrize("bad", [b"\xff", b"pairs = 3", b"[[pairs]]\ntable = 1", b"[columns]\na = 3"])
def test_what_is_no_lexicon_is_refused_by_name(bad: bytes) -> None:
    with pytest.raises(Invalid, match=r"lexicon\.toml: no lexicon"):
        read_lexicon(bad, file="lexicon.toml")


def test_the_same_text_and_evidence_give_the_same_verdicts(lots: Evidence) -> None:
    text = "The assay of lot L-001 was 91.9 %. No lot was rejected."
    assert judge(text, lots) == judge(text, evidence(("lots.csv", RESULTS)))


def test_a_narrative_of_the_evidence_supports_and_contradicts_the_same_sentence() -> None:
    page = "# Note\n\nThe hold time of the blend in bin seven was 31 hours at a temperature of 22 degrees.\n"
    held = assemble([Source("note.md", Contents(narrative=read_text(page.encode(), file="note.md")))], Lexicon())
    same = "The hold time of the blend in the bin was {} hours at a temperature of 22 degrees."
    assert told(same.format(31), held) == []
    found = told("The hold time of the blend in bin seven was 13 hours at a temperature of 22 degrees.", held)
    assert [(j.quote, j.verdict) for j in found] == [("13 hours", Verdict.CONTRADICTED)]
    assert "note.md, line 3" in found[0].message
    assert [j.verdict for j in told("The bin was cleaned for 13 hours.", held)] == [Verdict.NOT_FOUND]


def test_a_text_without_an_end_is_checked_in_time(lots: Evidence) -> None:
    text = "lot L-001 had assay 99.1 and " * 2_000
    started = time.perf_counter()
    assert {j.verdict for j in judge(text, lots)} <= set(Verdict)
    assert time.perf_counter() - started < 60
