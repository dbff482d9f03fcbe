"""Judge the tables of a text: a cell says the attribute of its header about what its row names; a summary's header is a statistic. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from drafting.checks.foreign import dates, names, stating
from drafting.checks.foreign.index import NAMING, Index
from drafting.checks.foreign.labels import LIMITS, STOP
from drafting.checks.foreign.numbers import Text, judge_number
from drafting.checks.foreign.reading import Mention, Reading, Said, value_of
from drafting.checks.foreign.values import day_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import STATISTICS, stem

BAR = "|"
LEAST_COLUMNS = 3  # two columns are labels with their values: what they are about stands elsewhere


@dataclass(frozen=True)
class Row:
    """A row of a table in the text, with the header that stands above it."""

    header: Reading
    row: Reading


def table_rows(readings: Sequence[Reading]) -> dict[int, Row | None]:
    """Return the rows of tables by the place of their sentence; None for a header or a form, of which nothing is judged."""
    found: dict[int, Row | None] = {}
    first = 0
    while first < len(readings):
        width = _width(readings[first])
        last = first
        while width and last + 1 < len(readings) and _width(readings[last + 1]) == width:
            last += 1
        if width:
            for at in range(first, last + 1):
                found[at] = None if at == first or width < LEAST_COLUMNS else Row(readings[first], readings[at])
        first = last + 1
    return found


def _width(reading: Reading) -> int:
    bars = sum(1 for w in reading.words if w.text == BAR)
    edged = (reading.words[0].text == BAR) + (reading.words[-1].text == BAR)
    return bars + 1 - edged if bars else 0


def judge_row(row: Row, text: Text) -> Iterator[Judged]:
    """Return a verdict for each number and category of a row."""
    reading = row.row
    cells, headers = _cells(reading), _cells(row.header)
    if len(cells) != len(headers):
        return
    owner = next((m for m in reading.entities if m.first in cells[0]), None) or _named(row, cells[0], headers[0], text.index)
    if owner is not None:
        yield from (named_by(reading, owner),) if owner not in reading.entities else ()
        yield from _long(row, cells, headers, owner, text)
    lead = _stems(reading, cells[0], text.index) if owner is None else frozenset()
    for cell, title in zip(cells[1:], headers[1:], strict=True):
        stems = _stems(row.header, title, text.index)
        for at in (n for n in _numbers(reading) if n in cell and not stems & ({"value"} | NAMING)):
            yield from _number(reading, at, stems, lead, owner, text)
        for period in (p for p in reading.periods if p.first in cell and owner is not None and p.start == p.end):
            entity = text.index.evidence.entities.get(owner.what[0]) if owner else None
            label = dates.label_of([row.header.words[at].text for at in title])
            judged = dates.date_of(reading, period, entity, label, text.index) if entity else None
            yield from (judged,) if judged else ()
        for mention in (m for m in reading.values if m.first in cell and owner is not None):
            assert owner is not None
            yield from names.judge_cell(reading, mention, owner, stems, text.index)


def _named(row: Row, cell: range, title: range, index: Index) -> Mention | None:
    """Return the entity of a purely numeric name whose noun stands in the header."""
    words = [row.row.words[at] for at in cell]
    nouns = {stem(row.header.words[at].text) for at in title}
    owners = tuple(
        (n, words[0].text) for n in sorted(nouns) if len(words) == 1 and (n, words[0].text) in index.evidence.entities
    )
    return Mention(cell.start, cell.start, owners) if owners else None


def named_by(reading: Reading, owner: Mention) -> Judged:
    """Return the verdict on the name of a row that the evidence knows."""
    word = reading.words[owner.first]
    return Judged(word.start, word.end, word.text, "name", Verdict.SUPPORTED, owner.what[0][0])


def _long(row: Row, cells: list[range], headers: list[range], owner: Mention, text: Text) -> Iterator[Judged]:
    """Judge a row that names its attribute in one cell and its value in another."""
    titles = [{stem(row.header.words[at].text) for at in title} for title in headers]
    attribute = next((cell for cell, title in zip(cells, titles, strict=True) if title & NAMING), None)
    value = next((cell for cell, title in zip(cells, titles, strict=True) if title & {"value", "result"}), None)
    if attribute is not None and value is not None:
        said = _stems(row.row, attribute, text.index)
        for at in (n for n in _numbers(row.row) if n in value):
            yield from _number(row.row, at, said, frozenset(), owner, text)


def _numbers(reading: Reading) -> tuple[int, ...]:
    dated = {at for p in reading.periods for at in range(p.first, p.last + 1)}
    return tuple(
        at for at, w in enumerate(reading.words) if w.kind == "number" and at not in dated and day_of(w.text) is None
    )


def _number(
    reading: Reading, at: int, stems: frozenset[str], lead: frozenset[str], owner: Mention | None, text: Text
) -> Iterator[Judged]:
    summary = stems & set(STATISTICS)
    said = lead | stems
    if not said or (lead and not summary and not stems & LIMITS):
        return
    alone = replace(
        reading,
        said=(Said(at, at - 1, said),),
        entities=(owner,) if owner else (),
        values=(),
        nouns=(),
        numbers=(at,),
        periods=(),
    )
    if stems & LIMITS:
        judged = stating.named(
            replace(alone, said=(Said(at - 1, at - 1, lead or said),)), at, value_of(reading.words[at]), text
        )
        yield from (judged,) if judged else ()
        return
    yield judge_number(replace(alone, said=(Said(at - 1, at - 1, said),)), at, text)


def _cells(reading: Reading) -> list[range]:
    bars = [at for at, w in enumerate(reading.words) if w.text == BAR]
    edges = [-1, *bars, len(reading.words)]
    cells = [range(a + 1, b) for a, b in pairwise(edges)]
    if reading.words[0].text == BAR:
        cells = cells[1:]
    return cells[:-1] if reading.words[-1].text == BAR else cells


def _stems(reading: Reading, cell: range, index: Index) -> frozenset[str]:
    found: set[str] = set()
    for at in cell:
        for part in reading.words[at].text.replace("_", " ").split():
            found |= index.meant(stem(part)) if part.casefold() not in STOP else set()
    return frozenset(found)
