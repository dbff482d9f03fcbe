"""Sentences of strangers about their own evidence, eight invented plants: how many are judged right, and that few false ones pass.

`read.tsv` was read while the engine was mended, `unread.tsv` was not, and is to stay so: only its sums are looked at. A line is T or F, the sentence, and
why. Both were verified against the files by a script of their writer before the engine saw them. Those of `foreign_plant` were written by who mended
the engine, before that, of kinds that it did not read; a random half was put away. At first look: read F 14 of 28 stopped, 3 passed; T 9 of 33
stopped, 8 supported; unread F 10 of 32 stopped, 2 passed; T 4 of 29 stopped, 11 supported. Those of `foreign_vials` were written by a third
hand that never saw the engine; at first look: read F 11 of 24 stopped, 3 passed; T 1 of 21 stopped, 8 supported; unread F 5 of 20 stopped, 2 passed;
T 4 of 25 stopped, 7 supported.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strangers import outcome

from corpus.sampling import contents_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon

EVIDENCE = Path(__file__).parent / "evidence"


def index_of(trial: str) -> Index:
    paths = sorted((EVIDENCE / trial / "ev").iterdir())
    return Index(assemble([Source(path.name, contents_of(path)) for path in paths], Lexicon(), ()))


def outcomes(trial: str, file: str) -> Counter[str]:
    index, title = index_of(trial), (EVIDENCE / trial / "title.txt").read_text(encoding="utf-8")
    lines = [line.split("\t")[:2] for line in (EVIDENCE / trial / file).read_text(encoding="utf-8").splitlines()]
    return Counter(f"{label} {outcome(said, index, title)}" for label, said in lines)


@dataclass(frozen=True)
class Bounds:
    """How many statements a file holds, how many false ones may pass and must be stopped, true ones may be stopped and must be supported, open ones may be stopped."""

    held: int
    passed: int
    stopped: int
    blamed: int
    supported: int
    opened: int = 0


@pytest.mark.parametrize(
    ("trial", "file", "bounds"),
    [
        ("foreign_trial", "read.tsv", Bounds(75, 1, 29, 0, 33)),
        ("foreign_trial", "unread.tsv", Bounds(75, 0, 26, 3, 26)),
        ("foreign_plant", "read.tsv", Bounds(61, 1, 25, 1, 29)),
        ("foreign_plant", "unread.tsv", Bounds(61, 2, 26, 1, 23)),
        ("foreign_vials", "read.tsv", Bounds(45, 1, 14, 0, 11)),
        ("foreign_vials", "unread.tsv", Bounds(45, 2, 7, 0, 14)),
        ("foreign_mab", "read.tsv", Bounds(73, 0, 27, 0, 35)),
        ("foreign_mab", "unread.tsv", Bounds(67, 1, 14, 5, 14, opened=2)),
        ("foreign_tablets", "read.tsv", Bounds(73, 0, 16, 0, 17)),
        ("foreign_tablets", "unread.tsv", Bounds(67, 3, 11, 2, 8)),
        ("foreign_api", "read.tsv", Bounds(73, 0, 33, 0, 22)),
        ("foreign_api", "unread.tsv", Bounds(67, 3, 6, 1, 12, opened=2)),
        ("foreign_liquids", "read.tsv", Bounds(73, 0, 25, 0, 23)),
        ("foreign_liquids", "unread.tsv", Bounds(67, 3, 11, 5, 11)),
        ("foreign_patches", "read.tsv", Bounds(54, 3, 7, 1, 12)),
        ("foreign_patches", "unread.tsv", Bounds(46, 3, 10, 5, 2)),
    ],
)
def test_few_false_statements_pass_and_few_true_ones_are_stopped(trial: str, file: str, bounds: Bounds) -> None:
    found = outcomes(trial, file)
    print(trial, file, dict(sorted(found.items())))
    assert sum(found.values()) == bounds.held
    assert found["F supported"] + found["F nothing"] <= bounds.passed
    assert found["F stopped"] >= bounds.stopped
    assert found["T stopped"] <= bounds.blamed
    assert found["T supported"] >= bounds.supported
    assert found["O stopped"] <= bounds.opened


TRIALS = (
    "foreign_trial",
    "foreign_plant",
    "foreign_vials",
    "foreign_mab",
    "foreign_tablets",
    "foreign_api",
    "foreign_liquids",
    "foreign_patches",
)


@cache
def written(trial: str) -> tuple[Index, tuple[str, ...]]:
    lines = (EVIDENCE / trial / "read.tsv").read_text(encoding="utf-8").splitlines()
    return index_of(trial), tuple(line.split("\t")[1] for line in lines)


@given(st.sampled_from(TRIALS), st.sampled_from(TRIALS), st.data())
def test_any_words_in_any_order_are_judged(trial: str, other: str, data: st.DataObject) -> None:
    index, _ = written(trial)
    said = written(other)[1]
    parts = data.draw(st.lists(st.sampled_from(said), min_size=1, max_size=3))
    words = [w for part in parts for w in part.split()]
    chosen = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=25) | st.just(words))
    assert outcome(" ".join(chosen), index, "Review") in ("stopped", "warned", "supported", "nothing")
