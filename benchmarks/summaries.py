"""Numbers of human summaries judged by `check-text`: how many are supported, called wrong or left open, and how many planted changes are found.

Each game of the public Accuracy set has, beside its table, the summary that a sports writer wrote of it. Nearly all its numbers are
true, or of other games. So what is called wrong there is nearly always a false alarm, and a supported number that is changed must be found.
The summaries of the development half were read while the engine was mended, those of the other half were only counted.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import cut

FOLDS = 5  # texts of each summary with changes: a fifth of its supported numbers in each
MOST_APART = 9  # how far a changed number is from the one that stood there, unless another number of the text is nearer than half of it


def counted(summaries: Iterable[tuple[str, str, Evidence]]) -> dict[str, float | int]:
    """Return of (key, text, evidence) how the numbers are judged, and how many of the numbers that were changed are called wrong."""
    seen: Counter[str] = Counter()
    for key, text, evidence in summaries:
        judged = [j for j in judge(text, evidence) if j.kind == "number"]
        seen += Counter("wrong" if wrong(j) else str(j.verdict) for j in judged)
        for fold in range(FOLDS):
            changed, places = planted(key, text, judged, fold)
            told = [j for j in judge(changed, evidence) if j.kind == "number" and wrong(j)] if places else []
            seen["planted"] += len(places)
            seen["plants found"] += sum(any(j.start < end and start < j.end for j in told) for start, end in places)
    numbers = seen["supported"] + seen["wrong"] + seen["not_found"]
    shares = {"supported": seen["supported"], "called_wrong": seen["wrong"], "left_open": seen["not_found"]}
    return {
        "numbers": numbers, **{name: round(count / numbers, 3) if numbers else 0.0 for name, count in shares.items()},
        "planted": seen["planted"], "plants_found": round(seen["plants found"] / seen["planted"], 3) if seen["planted"] else 0.0,
    }  # fmt: skip


def wrong(judged: Judged) -> bool:
    """Tell whether a claim is reported as wrong: contradicted, or nowhere in the evidence."""
    return judged.verdict is Verdict.CONTRADICTED or (judged.verdict is Verdict.NOT_FOUND and judged.nowhere)


def planted(key: str, text: str, judged: Sequence[Judged], fold: int) -> tuple[str, list[tuple[int, int]]]:
    """Return a text in which every fifth supported whole number is another one, and where these stand."""
    held = [(j, whole) for j in judged if j.verdict is Verdict.SUPPORTED for whole in [_whole(j)] if whole is not None]
    known = sorted({whole for _, whole in held})
    pieces, places, at = [], [], 0
    for j, whole in held:
        if _drawn(key, j.start) % FOLDS != fold or j.start < at:
            continue
        other = str(_changed(whole, known, _drawn(key, j.start, "value")))
        pieces.append(text[at : j.start])
        start = sum(map(len, pieces))
        pieces.append(other)
        places.append((start, start + len(other)))
        at = j.end
    return "".join((*pieces, text[at:])), places


def _whole(judged: Judged) -> int | None:
    words = cut(judged.quote)
    value = words[0].value if len(words) == 1 else None
    return int(value) if value is not None and value == value.to_integral_value() else None


def _changed(whole: int, known: Sequence[int], drawn: int) -> int:
    """Return a number near another one: one that stands elsewhere in the text, else one to nine more or less."""
    near = [k for k in known if k != whole and abs(k - whole) <= max(MOST_APART, whole // 2)]
    if drawn % 2 and near:
        return near[drawn // 2 % len(near)]
    step = 1 + drawn // 2 % MOST_APART
    return whole - step if drawn // 32 % 2 and whole >= step else whole + step


def _drawn(*parts: str | int) -> int:
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:4], "big")
