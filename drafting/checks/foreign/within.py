"""Hold a value against the limit that its sentence states: "83 %, within the limit of 83.5 %", "0.35 %, above the limit of 0.40 %". Pure."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from drafting.checks.foreign import inscribed, pointed, stating
from drafting.checks.foreign.aggregates import range_end
from drafting.checks.foreign.attributes import relation_before
from drafting.checks.foreign.comparing import unit_behind
from drafting.checks.foreign.conclusions import LIMIT_SAID, OUTSIDE, WITHIN
from drafting.checks.foreign.lookup import Cell
from drafting.checks.foreign.measures import is_time
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.specranges import pairs
from drafting.checks.foreign.uncounted import beyond
from drafting.checks.foreign.values import holds
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against
from drafting.checks.units import read_unit

_WHEN = frozenset(("after", "within", "at", "over", "for"))
_LATER = frozenset(
    ("initially", "first", "only", "after", "before", "until", "once", "then", "finally")
)  # another value may be meant
_SAME = frozenset(
    (
        ",",
        "and",
        "thus",
        "hence",
        "therefore",
        "which",
        "that",
        "is",
        "was",
        "were",
        "are",
        "all",
        "always",
        "%",
        "°",
        "/",
        "(",
    )
)
_NEGATED = frozenset(("not", "never", "neither", "nor", "no"))
_BELOW, _ABOVE = frozenset(("below", "under")), frozenset(("above", "over", "exceeding", "exceeds", "exceeded", "beyond"))


def judge_within(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each value that the sentence says to keep a limit, or to lie below, above or outside it."""
    words = reading.words
    yield from _spans(reading)
    figures = [n for n in reading.numbers if not inscribed.is_condition(reading, n) and not _timed(reading, n)]
    figures = [n for n in figures if words[n - 1].text.casefold() != "per" or n == 0]  # "12.6 µg per 25 cm²"
    for before, at in pairwise(figures):
        low = [w.text.casefold() for w in words]
        said = next((k for k in range(before + 1, at) if low[k] in WITHIN | OUTSIDE | _BELOW | _ABOVE), None)
        stated = relation_before(words, at) in ("<=", ">=")
        if said is None or not (
            stated or pointed.limit_behind(reading, at) or LIMIT_SAID & {w.stem for w in words[said:at]}
        ):
            continue
        if relation_before(words, before) or not _alike(reading, before, at) or beyond(reading, before):
            continue
        right = _right(low[said], value_of(words[before]), value_of(words[at]), _direction(reading, at, text))
        if right is None:
            continue
        right = right != bool(_NEGATED & set(low[before + 1 : said]))
        quote = " ".join(w.text for w in words[said : at + 1])
        message = "" if right else f"'{quote}' is contradicted by the value itself, {words[before].text}."
        verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
        yield Judged(words[said].start, words[at].end, quote, "word", verdict, "limit", message, "the text itself")


def _spans(reading: Reading) -> Iterator[Judged]:
    """Return a verdict for the value, or both ends of the span of values, before a range of limits: "between 5.2 and 5.7, within 5.0 to 5.8"."""
    words, low = reading.words, [w.text.casefold() for w in reading.words]
    for first, last in () if _LATER & set(low) else pairs(reading):
        before = [n for n in reading.numbers if n < first]
        values = before[-2:] if before and range_end(reading, before[-1]) == {"max"} else before[-1:]
        said = next((k for k in range(values[-1] + 1, first) if low[k] in WITHIN | OUTSIDE), None) if values else None
        if said is None or not _goes_on(reading, values[-1], said) or any(relation_before(words, n) for n in values):
            continue
        if unit_behind(reading, values[-1]) != unit_behind(reading, last):
            continue
        inside = [value_of(words[first]) <= value_of(words[n]) <= value_of(words[last]) for n in values]
        wanted = (low[said] in WITHIN) != bool(_NEGATED & set(low[values[-1] + 1 : said]))
        right = all(inside) if wanted else not any(inside)
        yield held_against(words[said : last + 1], "limit", "the text itself", right=right, kind="word")


def _goes_on(reading: Reading, value: int, said: int) -> bool:
    """Tell whether what is said of limits is said of the value right before: "5.2 to 5.7 and thus within"."""
    between = reading.words[value + 1 : said]
    return all(w.text.casefold() in _SAME | _NEGATED or read_unit(w.text) is not None for w in between)


def _timed(reading: Reading, at: int) -> bool:
    """Tell whether a number says when something was: "after three months"."""
    return at > 0 and reading.words[at - 1].text.casefold() in _WHEN and is_time(unit_behind(reading, at))


def _right(said: str, value: Decimal, limit: Decimal, direction: str) -> bool | None:
    """Tell whether a value does to a limit what a word says; None where it is open which side the limit is of."""
    if said in _BELOW:
        return value < limit
    if said in _ABOVE:
        return value > limit
    return holds(limit, value, direction) == (said in WITHIN) if direction else None


def _direction(reading: Reading, at: int, text: Text) -> str:
    """Return which side a limit is of: by the words before it, else by the column that holds it."""
    stated = relation_before(reading.words, at)
    if stated in ("<=", ">="):
        return stated
    judged = stating.named(reading, at, value_of(reading.words[at]), text)
    if judged is None or judged.cell is None:
        return ""
    return stating.side_of(Cell(*judged.cell, text.index.evidence.cell(*judged.cell)), text.index)


def _alike(reading: Reading, one: int, other: int) -> bool:
    """Tell whether two numbers have the same unit behind them."""
    whole = [pointed.unit_of_number(reading, k) for k in (one, other)]
    first = [unit_behind(reading, k) for k in (one, other)]  # "12.6 µg per 25 cm²" and "10 µg"
    return any(units[0] is not None and units[0] == units[1] for units in (whole, first))
