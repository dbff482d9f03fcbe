"""Read how many of what a sentence speaks of: "seven of the ten", "none of the", "all but one", "a third of"; of whole and part. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.words import Word

_THE = frozenset(("the", "these", "those", "our", "its"))
_FRACTIONS = {
    ("a", "third"): Fraction(1, 3), ("one", "third"): Fraction(1, 3), ("two", "thirds"): Fraction(2, 3), ("a", "quarter"): Fraction(1, 4),
    ("one", "quarter"): Fraction(1, 4), ("three", "quarters"): Fraction(3, 4), ("one", "half"): Fraction(1, 2),
}  # fmt: skip
_WORDS = {
    "no": "none",
    "none": "none",
    "neither": "none",
    "all": "all",
    "every": "all",
    "each": "all",
    "both": "both",
    "half": "share",
}
_TOTALS = frozenset(("total", "sum", "number"))
_COPULAS = frozenset(("was", "were", "is", "are", "has", "have", "had", "remain", "remained", "did"))
_PASTS = frozenset(("met", "led", "came", "showed", "gave", "took", "went", "lay", "missed", "kept"))


@dataclass(frozen=True)
class Quantity:
    """How many are meant: its kind, its words, the number of the part and of the whole, the noun, and where the predicate begins.

    Kinds: "count" of the part, "none", "all", "both", "butting" (all but so many), "share" (a fraction of the whole).
    """

    kind: str
    first: int
    noun: int
    part: int | None = None
    whole: int | None = None
    fraction: Fraction | None = None
    verb: int | None = None  # what stands from here on is said of them; before, which they are
    led: bool = False  # "of the 27 lots, three were": the whole stands first


def quantity_at(reading: Reading, noun: int, passed: frozenset[int]) -> Quantity | None:
    """Return the quantity of a noun; `passed` are words that may stand between it and its number."""
    words = reading.words
    low = [w.text.casefold() for w in words]
    at = noun - 1
    while at >= 0 and at in passed and words[at].value is None and low[at] not in _WORDS:
        at -= 1
    whole = at if at >= 0 and _counts(words, at) else None
    if whole is not None:
        at -= 1
    while at >= 0 and low[at] in _THE:
        at -= 1
    if at > 0 and whole is not None and low[at] == "of" and low[at - 1] in _TOTALS:
        return Quantity("count", whole, noun, whole, verb=_verb(low, noun))
    if at >= 0 and low[at] == "of":
        return _of(reading, at, whole, noun) or _caused(reading, at, whole, noun)
    if at >= 0 and low[at] in _WORDS and (whole is None or low[at] != "no"):
        return Quantity(_WORDS[low[at]], at, noun, None, whole, verb=_verb(low, noun))
    if low[max(0, at - 1) : at + 1] == ["all", "but"] and whole is not None:
        return Quantity("butting", at - 1, noun, whole, verb=_verb(low, noun))
    if low[max(0, at - 1) : at + 1] == ["every", "second"]:
        return Quantity("share", at - 1, noun, fraction=Fraction(1, 2), verb=_verb(low, noun))
    return _floating(low, noun, whole, definite=low[at + 1] in _THE)


def _floating(low: Sequence[str], noun: int, whole: int | None, *, definite: bool) -> Quantity | None:
    """Return the quantity of "the three lots were all late"; else that of a number before a noun."""
    behind = next((k for k in range(noun + 2, len(low)) if low[k] in ("all", "both") and low[k - 1] in _COPULAS), None)
    if definite and behind is not None:
        return Quantity(_WORDS[low[behind]], behind, noun, None, whole, verb=behind - 1, led=True)
    return Quantity("count", whole, noun, whole, verb=_verb(low, noun)) if whole is not None else None


def _of(reading: Reading, at: int, whole: int | None, noun: int) -> Quantity | None:
    """Return the quantity before "of": "seven of the ten", "none of the", "a third of"."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    if at == 0:
        return _led(reading, whole, noun)
    before, verb = at - 1, _verb(low, noun)
    fraction = _FRACTIONS.get((low[before - 1], low[before])) if before else None
    if fraction is not None:
        return Quantity("share", before - 1, noun, None, whole, fraction, verb)
    if low[before] in ("%", "percent") and before and words[before - 1].value is not None:
        return Quantity("share", before - 1, noun, None, whole, verb=verb)
    if low[before] in _WORDS:
        fraction = Fraction(1, 2) if low[before] == "half" else None
        return Quantity(_WORDS[low[before]], before, noun, None, whole, fraction, verb)
    if not _counts(words, before):
        return None
    butting = low[max(0, before - 2) : before] == ["all", "but"]
    return Quantity("butting" if butting else "count", before - 2 * butting, noun, before, whole, verb=verb)


def _caused(reading: Reading, at: int, whole: int | None, noun: int) -> Quantity | None:
    """Return the quantity behind what is said of it: "wear was the cause of five failures"."""
    counted = whole is not None and whole == at + 1 and reading.words[at - 1].kind == "word"
    return Quantity("count", at + 1, noun, whole) if counted else None


def _led(reading: Reading, whole: int | None, noun: int) -> Quantity | None:
    """Return the quantity behind a whole that begins a sentence: "of the 27 lots, three had", "of the lots made in May, none was"."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    comma = next((k for k in range(noun, len(low)) if low[k] == ","), None)
    if comma is None or comma + 1 >= len(low):
        return None
    at = comma + 1
    kind = "count" if _counts(words, at) else _WORDS.get(low[at], "")
    return Quantity(kind, at, noun, at if kind == "count" else None, whole, verb=comma, led=True) if kind else None


def _counts(words: Sequence[Word], at: int) -> bool:
    value = words[at].value
    return value is not None and value == value.to_integral_value()


def _verb(low: Sequence[str], noun: int) -> int | None:
    """Return where the predicate behind a noun begins: at its copula, else at its first verb in the past."""
    copula = next((k for k in range(noun + 1, len(low)) if low[k] in _COPULAS), None)
    past = next((k for k in range(noun + 1, len(low)) if low[k].endswith("ed") or low[k] in _PASTS), None)
    return past if copula is None else copula
