"""Hold of how many records a statistic is said to be against the values that it was recomputed of: "the mean of the 23 batches with a result". Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS

_VALUES = re.compile(r"(\d+) values\)$")  # as the evidence of a recomputed statistic ends
_LEADS = frozenset(("of", "over", "across", "for", "from", "in", "on"))
_ARTICLES = frozenset(("the", "all", "these", "those"))
_PLAIN = frozenset(("with", "a", "an", "result", "value", "tested", "test", "available", "reported", "measured", "having"))
_ENDS = frozenset((",", ";", "(", ")", ".", "was", "were", "is", "are", "averaged", "lay", "ranged"))
_OPEN = "It is open of how many records this is."
FAR = 3  # words from a number to what it counts: "15 filled cream lots"
REACH = 6  # words behind a counted noun within which its own words end


def held(found: Sequence[Judged], reading: Reading) -> list[Judged]:
    """Return the verdicts with the numbers of records of a recomputed statistic held against how many values it is of."""
    sizes = {int(m[1]) for j in found if _recomputed(j) for m in [_VALUES.search(j.evidence)] if m}
    places = {w.start: at for at, w in enumerate(reading.words)}
    if len(sizes) != 1:
        return list(found)
    return [_held(j, reading, places.get(j.start), *sizes) for j in found]


def _recomputed(judged: Judged) -> bool:
    return judged.verdict is Verdict.SUPPORTED and judged.about.split(" of ")[0] in STATISTICS


def _held(judged: Judged, reading: Reading, at: int | None, size: int) -> Judged:
    counted = at is not None and judged.kind == "number" and (_of_records(reading, at) or _subject(reading, at))
    if at is None or judged.verdict is Verdict.SUPPORTED or not counted:
        return judged
    place = f"the statistic is of {size} values"
    if value_of(reading.words[at]) == size:
        return replace(
            judged, verdict=Verdict.SUPPORTED, about="number of values", message="", evidence=place, nowhere=False
        )
    if not _plainly(reading, at):
        mistaken = judged.verdict is Verdict.CONTRADICTED and judged.about.split(" of ")[0] in STATISTICS
        return replace(judged, verdict=Verdict.NOT_FOUND, message=_OPEN, evidence="") if mistaken else judged
    message = f"'{judged.quote}' is contradicted: {place}."
    return replace(
        judged, verdict=Verdict.CONTRADICTED, about="number of values", message=message, evidence=place, nowhere=False
    )


def _of_records(reading: Reading, at: int) -> bool:
    """Tell whether a number says of how many records something is: "over the 15 lots"."""
    low = [w.text.casefold() for w in reading.words[:at]]
    while low and low[-1] in _ARTICLES:
        low.pop()
    return bool(low) and low[-1] in _LEADS and any(at < k <= at + FAR for k, _ in reading.nouns)


def _subject(reading: Reading, at: int) -> bool:
    """Tell whether a number says how many there are of what a sentence begins with: "The 15 filled lots had a mean"."""
    first = at <= 1 and {w.text.casefold() for w in reading.words[:at]} <= _ARTICLES
    return first and any(at < k <= at + FAR for k, _ in reading.nouns)


def _plainly(reading: Reading, at: int) -> bool:
    """Tell whether nothing narrows the records but that they have a result."""
    noun = next(k for k, _ in reading.nouns if at < k <= at + FAR)
    for word in reading.words[noun + 1 : noun + 1 + REACH]:
        if word.text.casefold() in _ENDS:
            return noun == at + 1
        if word.stem not in _PLAIN and word.text.casefold() not in _PLAIN:
            return False
    return False
