"""Hold a change of a limit against its versions: "tightened from 0.15 % to 0.10 %" is the old version and the one that followed. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.labels import LIMITS
from drafting.checks.foreign.limits import NOT_ATTRIBUTES, applies, limits_meant, said_of
from drafting.checks.foreign.lookup import Cell, content, shown
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.values import day_of, equal, same_day
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

_CHANGES = frozenset((
    "tightened", "widened", "changed", "lowered", "raised", "increased", "reduced", "decreased", "revised", "narrowed",
    "relaxed", "amended", "extended", "moved",
))  # fmt: skip
_BEGINS = frozenset(("from", "start", "effective"))


def side(reading: Reading, at: int) -> int | None:
    """Return which end of a change of a limit a number is: 0 for "from 0.15 %", 1 for "to 0.10 %"; None where it is neither."""
    words = reading.words
    for one, other in pairwise(reading.numbers):
        between = [w.text.casefold() for w in words[one + 1 : other] if read_unit(w.text) is None]
        before = words[:one]
        changed = _CHANGES & {w.text.casefold() for w in before} and LIMITS & {w.stem for w in before}
        if at in (one, other) and changed and between == ["to"] and one and words[one - 1].text.casefold() == "from":
            return int(at == other)
    return None


def judge_start(reading: Reading, text: "Text") -> Iterator[Judged]:
    """Return a verdict for the day on which a sentence says that a limit changed: the new version is in force from then."""
    at = next((n for n in reading.numbers if side(reading, n) == 1), None)
    for period in reading.periods if at is not None else ():
        if at is None or period.start != period.end:
            continue
        scoped = (list(_versions(reading, at, Scope(s.entities), text)) for s in (*scopes(reading, text), Scope()))
        said = value_of(reading.words[at])
        pairs = [new for held in scoped for _, new in held if any(equal(said, n) for n in new.numbers)]
        if not pairs:
            continue
        found = next((c for c in pairs if same_day(_start(c, text.index), period.start)), None)
        words = reading.words[period.first : period.last + 1]
        quote = " ".join(w.text for w in words)
        place = f"{shown(found or pairs[0], text.index)}, in force from {_start(found or pairs[0], text.index)}"
        verdict = Verdict.SUPPORTED if found else Verdict.CONTRADICTED
        message = "" if found else f"'{quote}' is contradicted: {place}."
        yield Judged(words[0].start, words[-1].end, quote, "date", verdict, "limit", message, place)


def judge_revision(reading: Reading, at: int, said: Decimal, end: int, text: "Text") -> Judged | None:
    """Return the verdict on one end of a change of a limit; None where the evidence has no two versions of it."""
    index = text.index
    days = [p.start for p in reading.periods if p.start == p.end]
    for scope in (*scopes(reading, text), Scope()):
        pairs = list(_versions(reading, at, Scope(scope.entities), text))
        dated = [pair for pair in pairs if any(same_day(_start(pair[1], index), day) for day in days)]
        held = [pair[end] for pair in dated or pairs]
        if held:
            found = next((c for c in held if any(equal(said, n) for n in c.numbers)), None)
            if found is not None:
                return said_of(reading, at, Verdict.SUPPORTED, "", found, index)
            which = "new" if end else "old"
            message = f"'{reading.words[at].text}' is contradicted: the {which} limit is {shown(held[-1], index)}."
            return said_of(reading, at, Verdict.CONTRADICTED, message, held[-1], index)
    return None


def _versions(reading: Reading, at: int, scope: Scope, text: "Text") -> Iterator[tuple[Cell, Cell]]:
    """Return each limit with the one that followed it for the same things."""
    index = text.index
    groups: dict[tuple[Attribute, tuple[str, ...]], list[Cell]] = {}
    verb = next(k for k, w in enumerate(reading.words) if w.text.casefold() in _CHANGES)
    named = any(s.first < verb and content(s.stems) - NOT_ATTRIBUTES for s in reading.said)
    for attribute in limits_meant(reading, verb if named else at, text):  # the verb itself may abbreviate to a header
        for cell in column_cells(index, attribute, scope):
            if applies(index, cell, attribute, scope) and _start(cell, index):
                groups.setdefault((attribute, _of(cell, index)), []).append(cell)
    for cells in groups.values():
        yield from pairwise(sorted(cells, key=lambda c: _start(c, index)))


def _of(cell: Cell, index: Index) -> tuple[str, ...]:
    """Return what a row of limits is about: its texts but the name of the document and its version."""
    table = index.evidence.tables[cell.table]
    kept = (c for c in table.columns if c.kind == "text" and not {"id", "version", "limit"} & set(stems_of(c.header)))
    return tuple(table.rows[cell.row][c.index].strip() for c in kept)


def _start(cell: Cell, index: Index) -> str:
    """Return the day from which a row of limits is in force."""
    table = index.evidence.tables[cell.table]
    first = next((c.index for c in table.columns if c.kind == "date" and _BEGINS & set(stems_of(c.header))), None)
    return (day_of(table.rows[cell.row][first]) or "") if first is not None else ""
