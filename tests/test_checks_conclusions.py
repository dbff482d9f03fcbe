"""Conclusions in 90 sentences with their verdicts: negation, exceptions, conditions and what others are said to have said."""

import hashlib
from pathlib import Path

import pytest

from drafting.checks.conclusions import check
from drafting.model import EvidencePack, Fact, Sentence, Severity

CASES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "evidence" / "conclusions.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]
COUNTS = {
    "oos.recomputed": 2, "oos.count": 2, "census.made": 69, "census.rejected": 1, "deviation.count": 9, "deviation.class.major": 2, "deviation.open_at_end": 1,
    "complaint.count": 4, "complaint.confirmed.yes": 1, "capa.overdue": 1, "recall.count": 1, "assay.outside": 2, "assay.signals": 3,
}  # fmt: skip
PACK = EvidencePack("s", {name: Fact(name, str(n), str(n), "", 1, "count") for name, n in COUNTS.items()}, {})
NONE = EvidencePack("s", {name: Fact(name, "0", "0", "", 1, "count") for name in COUNTS}, {})


def is_held_out(text: str) -> bool:
    """Tell whether a sentence is of the half that no pattern was written with."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def is_blocked(text: str, pack: EvidencePack) -> bool:
    return any(f.severity is Severity.BLOCKS for f in check(Sentence(text), pack))


def test_there_are_at_least_80_sentences_and_both_halves_hold_both_verdicts() -> None:
    assert len(CASES) >= 80
    assert {(verdict, is_held_out(text)) for verdict, text in CASES} == {
        (v, h) for v in ("true", "false") for h in (True, False)
    }


@pytest.mark.parametrize(("verdict", "text"), CASES)
def test_a_conclusion_is_blocked_where_it_is_false(verdict: str, text: str) -> None:
    assert is_blocked(text, PACK) is (verdict == "false")


@pytest.mark.parametrize("text", [text for _, text in CASES])
def test_nothing_is_blocked_where_nothing_contradicts_it(text: str) -> None:
    assert not is_blocked(text, NONE)
