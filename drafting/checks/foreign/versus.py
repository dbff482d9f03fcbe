"""Judge a comparison of two sides, all of whose words are understood: "the yield of 1 was higher than that of 2", "twice as many as". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from drafting.checks.foreign.acts import alike
from drafting.checks.foreign.covering import heads, plain
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.lookup import LEAST_SCORE, NEAR, content, is_limit
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.rowsets import Part, Rows, bases, narrowed, parts_of
from drafting.checks.foreign.values import number_of, places
from drafting.checks.foreign.verdicts import Judged, Verdict, held_against

_UP = frozenset(("higher", "more", "larger", "greater", "longer", "above", "heavier", "better"))
_DOWN = frozenset(("lower", "less", "smaller", "fewer", "shorter", "below", "worse"))
_EXCEEDS = frozenset(("exceeded", "exceeds", "surpassed"))
_OUTNUMBERS = frozenset(("outnumbered", "outnumber", "outnumbers"))
_TIMES = {"twice": 2, "double": 2}
_IDLE = frozenset((
    "than", "that", "those", "slightly", "clearly", "somewhat", "considerably", "significantly", "much", "average", "mean", "one", "ones", "averaged", "times",
    "twice", "double", "often", "frequently", "many", "much", "there", "common", "frequent", "almost", "nearly", "about", "exactly", "reported", "result", "value",
)) | _UP | _DOWN | _EXCEEDS | _OUTNUMBERS  # fmt: skip
_MEANS = frozenset(("mean",))
ABOUT, TOLERANCE = Fraction(1, 5), Fraction(1, 20)  # how far "twice as many" may be from twice


@dataclass(frozen=True)
class _Sides:
    """The words that compare (first to last), and what is said: the left is more (1), less (-1), or so many times the right."""

    first: int
    last: int
    sign: int
    factor: Fraction | None = None
    relation: str = ""
    number: int | None = None
    about: bool = False


def judge_versus(reading: Reading, text: Text) -> tuple[Judged, ...]:
    """Return the verdicts on a comparison of the mean, value or number of two sides; none where a word of it is not understood."""
    sides = _sides(reading)
    if sides is None or reading.words[-1].text not in (".", "!"):
        return ()
    for table, attribute in _measures(reading, sides, text.index):
        judged = tuple(_judged(reading, sides, table, attribute, text))
        if judged and attribute is None:  # what is counted may be more than the rows: it is told, and does not block
            return tuple(_open(j) if j.message else j for j in judged)
        if judged:
            return judged
    return ()


def _open(judged: Judged) -> Judged:
    return replace(judged, verdict=Verdict.NOT_FOUND, message=f"'{judged.quote}' is not so of the rows: {judged.evidence}.")


def _sides(reading: Reading) -> _Sides | None:
    low = [w.text.casefold() for w in reading.words]
    if {"any", ";", "while", "but"} & set(low):
        return None
    than = low.index("than") if low.count("than") == 1 else None
    if "as" in low and (
        many := next(
            (k for k, w in enumerate(low) if w == "as" and low[k + 1 : k + 2] in (["many"], ["often"], ["frequently"])), None
        )
    ):
        second = next((k for k in range(many + 2, len(low)) if low[k] == "as"), None)
        return _factor(reading, low, many, second) if second else None
    word = next((k for k, w in enumerate(low) if w in _EXCEEDS | _OUTNUMBERS), None)
    if word is not None and than is None:
        return _Sides(word, word, 1)
    word = next((k for k in range(than or 0) if low[k] in _UP | _DOWN), None)
    if word is not None and any(w.value is not None for w in reading.words[max(0, word - 2) : word]):
        return None  # "0.7 % more than in batch 4" is a difference
    return _Sides(word, than, 1 if low[word] in _UP else -1) if word is not None and than is not None else None


def _factor(reading: Reading, low: Sequence[str], many: int, second: int) -> _Sides | None:
    """Return how many times the left is said to be the right: "more than four times as often as", "twice as many"."""
    before = low[many - 1] if many else ""
    relation = ">" if "more" in low[:many] else "<" if "less" in low[:many] else ""
    about = bool({"nearly", "almost", "about", "roughly"} & set(low[:many]))
    if before in _TIMES:
        return _Sides(many - 1, second, 1, Fraction(_TIMES[before]), relation, about=about)
    if before == "times" and many > 1 and reading.words[many - 2].value is not None:
        return _Sides(many - 2, second, 1, Fraction(value_of(reading.words[many - 2])), relation, many - 2, about)
    return None


def _measures(reading: Reading, sides: _Sides, index: Index) -> Iterator[tuple[int, Attribute | None]]:
    """Return what is compared: the column that words say best, or how many rows there are; with the table."""
    words = [w.text.casefold() for w in reading.words]
    nouns = {k - n for k, _, _ in heads(reading, index) for n in (1, 2)}  # "more complaints", "fewer major events"
    counted = sides.factor is not None or words[sides.first] in _OUTNUMBERS
    counted = counted or any(words[k] in ("more", "fewer") for k in nouns if k >= 0)
    if counted:
        tables = [table for _, table, measure in heads(reading, index) if measure is None]
        tables += [t for m in reading.values for t, _, _ in m.values]
        yield from ((table, None) for table in dict.fromkeys(tables))
    for said in reading.said:
        stems = (content(said.stems) & index.numeric_tokens) - set(index.row_nouns)
        ranked = [(s, a) for s, a in index.ranked(stems) if s >= LEAST_SCORE and index.numeric(a) and not is_limit(index, a)]
        yield from ((a.table, a) for s, a in ranked if s >= ranked[0][0] - NEAR and a.where is None)


def _judged(reading: Reading, sides: _Sides, table: int, attribute: Attribute | None, text: Text) -> Iterator[Judged]:
    index = text.index
    parts = parts_of(reading, table, text, own=True)
    left, right = [p for p in parts if p.last < sides.first], [p for p in parts if p.first > sides.last]
    between = [p for p in parts if sides.first < p.first < sides.last]
    shared = {p.column for p in right}  # the sides differ in one column; what else is said holds of both
    common = [p for p in (*left, *between) if p.column not in shared]
    left = [p for p in (*left, *between) if p.column in shared]
    if not left or not right:
        return
    spoken = {k for p in parts for k in range(p.first, p.last + 1)} | {sides.number}
    figures = [n for n in reading.numbers if n not in spoken]
    labels = set(stems_of(index.evidence.tables[table].columns[attribute.column].header)) if attribute else set()
    known = {
        k
        for k, w in enumerate(reading.words)
        if w.text.casefold() in _IDLE or w.stem in labels or any(alike(w.stem, s) for s in labels)
    }
    if not all(
        k in spoken or k in known or k in figures or plain(reading, k, table, index) for k in range(len(reading.words))
    ):
        return
    for base in bases(reading, table, text, timed=any(p.timed for p in parts)):
        rows = narrowed(base, common)
        values = [_value(narrowed(rows, side), table, attribute, index) for side in (left, right)]
        if values[0] is None or values[1] is None:
            continue
        several = any(len(narrowed(rows, side)) > 1 for side in (left, right))
        if attribute is not None and several and not _MEANS & {w.stem for w in reading.words}:
            return  # of many, the total may be meant
        counted = {sides.number, *figures}
        idle = {k for p in parts for k in range(p.first, p.last + 1)} & set(reading.numbers) - counted
        yield from (held_against(reading.words[k : k + 1], "comparison", "selects rows", right=True) for k in sorted(idle))
        yield from _told(reading, sides, figures, (values[0], values[1]), (_name(left), _name(right)))
        return


def _value(rows: Rows, table: int, attribute: Attribute | None, index: Index) -> Fraction | None:
    """Return the mean of a column over rows that have a value, or how many rows there are; None where of one only a bound is known."""
    if attribute is None:
        return Fraction(len(rows))
    numbers = [number_of(index.evidence.cell(table, row, attribute.column)) for row in rows]
    held = [Fraction(n.value) for n in numbers if n is not None and not n.sign]
    known = [n for n in numbers if n is not None]
    return sum(held, Fraction(0)) / len(held) if held and len(held) == len(known) else None


def _name(parts: Sequence[Part]) -> str:
    return " ".join(p.what for p in parts)


def _told(
    reading: Reading, sides: _Sides, figures: Sequence[int], values: tuple[Fraction, Fraction], names: tuple[str, str]
) -> Iterator[Judged]:
    left, right = values
    if sides.factor is None:
        so = left > right if sides.sign > 0 else left < right
    else:
        ratio = left / right if right else Fraction(0)
        so = (
            ratio > sides.factor
            if sides.relation == ">"
            else ratio < sides.factor
            if sides.relation == "<"
            else abs(ratio - sides.factor) <= sides.factor * (ABOUT if sides.about else TOLERANCE)
        )
    place = f"{names[0]}: {float(left):.4g}, {names[1]}: {float(right):.4g}"
    yield held_against(reading.words[sides.first : sides.last + 1], "comparison", place, right=so)
    if sides.number is not None:
        yield held_against(reading.words[sides.number : sides.number + 1], "comparison", place, right=so)
    for at in figures:
        word = reading.words[at]
        said = value_of(word)
        mine = left if at < sides.first else right
        yield held_against(
            reading.words[at : at + 1],
            "comparison",
            place,
            right=abs(Fraction(said) - mine) <= Fraction(1, 2 * 10 ** places(said)),
        )
