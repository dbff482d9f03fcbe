"""Sentences of a stranger about a stranger's evidence, an invented plant: how many are judged right, and that few false ones pass.

`read.tsv` was read while the engine was mended, `unread.tsv` was not, and is to stay so: only its sums are looked at. A line is T or F, the sentence, and
why. Both were verified against the files by a script of their writer before the engine saw them.
"""

from collections import Counter
from pathlib import Path

import pytest

from corpus.sampling import contents_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict

TRIAL = Path(__file__).parent / "evidence" / "foreign_trial"
TITLE = (TRIAL / "title.txt").read_text(encoding="utf-8").strip() + "\n\n"


@pytest.fixture(scope="module")
def index() -> Index:
    paths = sorted((TRIAL / "ev").iterdir())
    return Index(assemble([Source(path.name, contents_of(path)) for path in paths], Lexicon(), ()))


def outcome(judged: list[Judged]) -> str:
    if any(j.verdict is Verdict.CONTRADICTED or j.nowhere for j in judged):
        return "stopped"
    if any(j.verdict is Verdict.NOT_FOUND for j in judged):
        return "warned"
    return "supported" if judged else "nothing"


def outcomes(index: Index, file: str) -> Counter[str]:
    lines = [line.split("\t")[:2] for line in (TRIAL / file).read_text(encoding="utf-8").splitlines()]
    told = ((label, [j for j in judge(TITLE + said + "\n", index) if j.start >= len(TITLE)]) for label, said in lines)
    return Counter(f"{label} {outcome(judged)}" for label, judged in told)


@pytest.mark.parametrize("file", ["read.tsv", "unread.tsv"])
def test_few_false_statements_pass_and_few_true_ones_are_stopped(index: Index, file: str) -> None:
    found = outcomes(index, file)
    print(file, dict(sorted(found.items())))
    true, false = (sum(n for what, n in found.items() if what.startswith(label)) for label in "TF")
    assert true + false == 75
    assert found["F supported"] <= 0.06 * false
    assert found["F stopped"] >= 0.5 * false
    assert found["T stopped"] <= 0.2 * true
    assert found["T supported"] >= 0.4 * true
