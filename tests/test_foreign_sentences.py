"""A hundred labelled sentences about the sample corpus: what is wrong is found, what is right is not blamed."""

import csv
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from corpus.profiles import read_profile
from corpus.sampling import contents_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.foreign import text_of

SAMPLES = Path(str(files("corpus") / "samples"))
SENTENCES = Path(__file__).parent / "evidence" / "foreign" / "sentences.tsv"
HEAD = "Annual product review of product 17, period May 2020 to April 2021.\n\n"
ALL = "ABCD"


@pytest.fixture(scope="module")
def index() -> Index:
    profiles = [read_profile(path) for path in sorted((SAMPLES / "profiles").glob("*.toml"))]
    paths = [path for folder in ("zagar", "synthetic") for path in sorted((SAMPLES / folder).glob("*.csv"))]
    return Index(assemble([Source(path.name, contents_of(path)) for path in paths], Lexicon(), profiles))


def marked(sentence: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of a labelled sentence, and the places that are wrong: [[so]]."""
    text, spans = HEAD, []
    for piece in re.split(r"(\[\[.*?\]\])", sentence):
        bare = piece[2:-2] if piece.startswith("[[") else piece
        if piece.startswith("[["):
            spans.append((len(text), len(text) + len(bare)))
        text += bare
    return text, spans


def rows(which: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        yield from (marked(row["sentence"]) for row in csv.DictReader(file, delimiter="\t") if row["set"] in which)


def blocking(judged: tuple[Judged, ...]) -> list[Judged]:
    return [j for j in judged if j.verdict is Verdict.CONTRADICTED or (j.verdict is Verdict.NOT_FOUND and j.nowhere)]


def test_what_is_wrong_is_found_and_what_is_right_is_not_blamed(index: Index) -> None:
    wrong = found = reported = right = 0
    for text, spans in rows(ALL):
        told = blocking(judge(text, index))
        wrong, reported = wrong + len(spans), reported + len(told)
        found += sum(any(j.start < end and start < j.end for j in told) for start, end in spans)
        right += sum(any(j.start < end and start < j.end for start, end in spans) for j in told)
    print(f"labelled sentences: recall {found}/{wrong}, precision {right}/{reported}")
    assert found / wrong >= 0.95
    assert right / reported >= 0.95


def test_a_contradiction_names_file_row_column_and_value(index: Index) -> None:
    told = blocking(judge(HEAD + "The batch yield of batch 789 was 97.973 %.", index))
    assert [j.quote for j in told] == ["97.973 %"]
    assert "Laboratory.csv, row 790, column batch_yield: '87.973'" in told[0].message


def test_positions_are_those_of_the_text(index: Index) -> None:
    for text, _ in rows(ALL):
        assert all(text[j.start : j.end] == j.quote for j in judge(text, index))


def test_the_two_mistyped_digits_of_a_whole_review_are_found_and_nothing_else_is_contradicted(index: Index) -> None:
    text = text_of(SAMPLES / "previous" / "APR-2019-017.docx")
    told = [j for j in judge(text, index) if j.verdict is Verdict.CONTRADICTED]
    assert [j.quote for j in told] == ["89.9567 %", "94.494"]
    supported = [j for j in judge(text, index) if j.verdict is Verdict.SUPPORTED]
    assert len(supported) > 200  # its tables are recomputed too


def test_last_years_text_is_contradicted_by_this_years_records(index: Index) -> None:
    text = text_of(SAMPLES / "previous" / "APR-2019-017.docx")
    text = text.replace("2019-05-01/2020-04-30", "2020-05-01/2021-04-30").replace(
        "May 2019 to April 2020", "May 2020 to April 2021"
    )
    told = {j.quote for j in judge(text, index) if j.verdict is Verdict.CONTRADICTED}
    assert {"69", "No batch was terminated", "No recall", "0.15 %", "78 %", "four"} <= told
