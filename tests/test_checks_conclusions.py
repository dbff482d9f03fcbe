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


OPEN = {
    "process.groups": Fact("process.groups", "9", "9", "", 1, "count"),
    "process.groups_open": Fact("process.groups_open", "4", "4", "", 1, "count"),
    "process.group_1": Fact("process.group_1", "8", "8", "", 1, "count", {"open": True, "attributes": ["yield", "assay"]}),
    "process.group_2": Fact("process.group_2", "7", "7", "", 1, "count", {"open": False, "attributes": ["water"]}),
    **{f"{name}.attribute": Fact(f"{name}.attribute", name, name, "", 1, "name") for name in ("yield", "assay", "water")},
}
ASSESSED = (
    "All signals were assessed.", "All signals of the period have been evaluated.", "Every signal was investigated.", "Each of the signal groups was disposed of.",
    "No signal remains open.", "None of the signals is still outstanding.", "There are no open signals.", "All signals of yield were assessed.",
)  # fmt: skip
NOT_CLAIMED = (
    "Not all signals were assessed.", "All signals must be assessed.", "All signals of water were assessed.", "Four groups of signals are open.",
    "All signals were assessed, except those of the second quarter.", "Signals were assessed by the laboratory.",
)  # fmt: skip


@pytest.mark.parametrize("text", ASSESSED)
def test_that_all_signals_were_assessed_is_contradicted_by_groups_that_are_open(text: str) -> None:
    here, elsewhere = EvidencePack("s", OPEN, {}), EvidencePack("conclusion", {}, {})
    closed = EvidencePack("s", {**OPEN, "process.groups_open": Fact("process.groups_open", "0", "0", "", 1, "count")}, {})
    assert [f.evidence for f in check(Sentence(text), here)] == ["fact:process.groups_open"]
    assert list(check(Sentence(text), closed)) == []
    if "yield" not in text:
        assert [f.evidence for f in check(Sentence(text), elsewhere, here)] == ["fact:process.groups_open"]


@pytest.mark.parametrize("text", NOT_CLAIMED)
def test_what_does_not_claim_that_signals_were_assessed_passes(text: str) -> None:
    assert list(check(Sentence(text), EvidencePack("s", OPEN, {}))) == []
