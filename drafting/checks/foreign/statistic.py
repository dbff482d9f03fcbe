"""Judge a number that words call a statistic, "median", "range", "Ppk": it is recomputed or left open, never held against one value. Pure."""

import statistics
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import sampled
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.indices import INDICES, judge_index
from drafting.checks.foreign.lookup import content
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.values import equal
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Word
from drafting.checks.units import read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

LEAST_VALUES = 2  # of which a spread can be taken
_PHRASES = (("relative", "standard", "deviation"), ("coefficient", "of", "variation"), ("standard", "deviation"))
_RELATIVE = "relative standard deviation"
_NAMES = {
    "median": "median", "sd": "standard deviation", "standard deviation": "standard deviation", "rsd": _RELATIVE, "cv": _RELATIVE,
    _RELATIVE: _RELATIVE, "coefficient of variation": _RELATIVE, "variance": "variance", "range": "range",
}  # fmt: skip
_COMPUTED: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "median": statistics.median,
    "standard deviation": statistics.stdev,
    "variance": statistics.variance,
    "range": lambda values: max(values) - min(values),
    _RELATIVE: lambda values: 100 * statistics.stdev(values) / abs(statistics.mean(values)),
}
_OPEN = frozenset((
    "ppk", "cpk", "pp", "cp", "cpm", "ppm", "ppu", "ppl", "cpu", "cpl", "percentile", "quartile", "quantile", "skewness", "kurtosis", "slope",
    "correlation", "iqr",
))  # fmt: skip
_SAID_OF = frozenset(("of", "was", "is", "were", "in", "for"))  # behind "range": the statistic, not "three-point range"


def judge_statistic(reading: Reading, at: int, said: Decimal, text: "Text") -> Judged | None:
    """Return the verdict on a number that its words call a statistic; None where they call it none, or the evidence has it as a column."""
    name = statistic_said(reading, at, text.index)
    if not name or (name == "range" and _begins(reading, at)):
        return None
    if name in INDICES:
        return judge_index(reading, at, said, name, text)
    compute = _COMPUTED.get(name)
    first, ranked, elsewhere = "", (0, 0), ""
    for values, place, rank in sampled(_attribute(reading, at, text), reading, at, text) if compute else ():
        single = (
            name == "median" and bool(reading.entities) and [equal(said, v) for v in values] == [True]
        )  # "the median size of 7"
        if (
            compute is None
            or (len(values) < LEAST_VALUES and not single)
            or (name == _RELATIVE and not statistics.mean(values))
        ):
            continue
        held = compute(list(values))
        ranked = ranked if first else rank
        if equal(said, held) and rank != ranked:
            elsewhere = (
                f"'{reading.words[at].text}' is the {name} of other records ({place}), not of those that the text speaks of."
            )
        elif equal(said, held):
            return _told(reading.words[at], Verdict.SUPPORTED, name, "", f"{held} ({place})")
        first = first or f"{name} is {held:.6f} ({place})"
    if elsewhere:
        return _told(reading.words[at], Verdict.NOT_FOUND, name, elsewhere, first)
    if first:
        message = f"'{reading.words[at].text}' is contradicted: {first}."
        return _told(reading.words[at], Verdict.CONTRADICTED, name, message, first)
    message = f"'{reading.words[at].text}' is called a {name}, which could not be recomputed."
    return _told(reading.words[at], Verdict.NOT_FOUND, name, message, "")


def statistic_said(reading: Reading, at: int, index: Index) -> str:
    """Return the statistic that the words since the number before say of a number; in a list of numbers those before the list."""
    words = reading.words
    counting = {k - 1 for k, _ in reading.nouns}  # "over all 24 batches" says of how many
    if at in counting:
        return ""
    before = max((n for n in reading.numbers if n < at and n not in counting), default=-1)
    run = words[before + 1 : at]
    if before >= 0 and all(w.text in (",", "and") or read_unit(w.text) is not None for w in run):
        return statistic_said(reading, before, index)
    low = [w.text.casefold() for w in run]
    found = ""
    low = (
        low[1:] if before >= 0 and low and read_unit(low[0]) is not None else low
    )  # the unit of the number before: "1.1 ppm"
    for k, word in enumerate(low):
        phrase = next((p for p in _PHRASES if tuple(low[k : k + len(p)]) == p), ())
        plain = word != "range" or (k + 1 < len(low) and low[k + 1] in _SAID_OF) or k + 1 == len(low)
        name = _NAMES.get(" ".join(phrase) or word, word if word in _OPEN else "") if plain else ""
        found = name if name and found != _RELATIVE and not index.has_column(word) else found
    return found


def _begins(reading: Reading, at: int) -> bool:
    """Tell whether a number is the lower end of what is written as a span: "range 76 % to 98 %" says the lowest and the highest."""
    behind = [w for w in reading.words[at + 1 : at + 4] if read_unit(w.text) is None]
    return bool(behind) and behind[0].text.casefold() in ("to", "-", "–") and any(w.value is not None for w in behind[1:2])


def _attribute(reading: Reading, at: int, text: "Text") -> frozenset[str]:
    """Return the words of the attribute of which a statistic is said: those before it, else behind it, else of the sentence before."""
    ordered = [s for s in reversed(reading.said) if s.first < at] + [s for s in reading.said if s.first > at]
    spoken = (content(s.stems) - text.index.evidence.nouns for s in ordered)  # "of the batches" says no batch size
    return next((stems for stems in spoken if stems & text.index.numeric_tokens), content(text.focus.stems))


def _told(word: Word, verdict: Verdict, about: str, message: str, evidence: str) -> Judged:
    return Judged(word.start, word.end, word.text, "number", verdict, about, message, evidence)
