"""Judge two numbers that are said together: "8 of 12", "8 - 12 FG", "( 32 - 18 )", "A beat B, 113 - 107", "98.0 to 101.0 %". Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.binding import Focus, owners_of, rival
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import score
from drafting.checks.foreign.lexicon import Pair
from drafting.checks.foreign.lookup import Cell, cells_about, matching, shown
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.tables import Entity, stems_of
from drafting.checks.foreign.verdicts import Judged, Verdict

FAR = 12  # words between a score and what narrows it
SURE = 0.85  # how well words must say an attribute to narrow a score
REACH = 7  # words behind a pair within which its label follows
_JOINS = (("-",), ("–",), ("-", "of", "-"), ("of",), ("-", "for", "-"), ("for",), ("of", "-"), ("to",))


def judge_pairs(reading: Reading, focus: Focus, index: Index) -> Iterator[tuple[list[Judged], set[int]]]:
    """Return the verdicts of each pair of a sentence, and the words that it uses."""
    if not index.evidence.lexicon.pairs:
        return
    used: set[int] = set()
    for at, then in zip(reading.numbers, reading.numbers[1:], strict=False):
        between = tuple(w.text.casefold() for w in reading.words[at + 1 : then])
        if at in used or between not in _JOINS or reading.words[at].kind != reading.words[then].kind:
            continue
        found = _judge(reading, at, then, between, focus, index)
        if found is not None:
            used |= {at, then}
            yield found, {at, then}


def _judge(
    reading: Reading, at: int, then: int, between: tuple[str, ...], focus: Focus, index: Index
) -> list[Judged] | None:
    label = _label(reading, then, index) or _led(reading, at, index)
    if label:
        return _columns(reading, at, then, label, focus, index) or []
    if between not in (("-",), ("–",), ("to",)):
        return None
    bare = [p for p in index.evidence.lexicon.pairs if not p.labels and p.columns[0] != p.columns[1]]
    holder = next((m for m in reversed(reading.entities) if m.last < at), None)
    if holder is not None and _apposed(reading, holder, at):
        for pair in bare:
            for owner in _of_table(holder, pair.table, index):
                return _both(reading, (at, then), (owner, owner), pair.columns, index)
    return _rivals(reading, at, then, focus, index) or []


def _apposed(reading: Reading, holder: Mention, at: int) -> bool:
    """Tell whether numbers stand in brackets right behind a name: "Leeds ( 3 - 1 )"."""
    between = [w.text for w in reading.words[holder.last + 1 : at] if w.text not in ("'", "’", "s")]
    return between == ["("]


def _label(reading: Reading, then: int, index: Index) -> tuple[Pair, ...]:
    """Return the pairs (of several tables) whose label follows: the words behind, up to a comma or number."""
    tail = []
    for word in reading.words[then + 1 : then + 1 + REACH]:
        if word.text in (",", ")", ";", ".", "(") or (word.kind == "number"):
            break
        tail.append(word.stem)
    said = frozenset(tail)
    scored = [
        (sum(1 for s in set(label)) + score(label, said), pair)
        for pair in index.evidence.lexicon.pairs
        if pair.columns[0] != pair.columns[1]
        for words in pair.labels
        for label in [stems_of(words)]
        if set(label) <= said
    ]
    best = max((value for value, _ in scored), default=0.0)
    return tuple(dict.fromkeys(pair for value, pair in scored if value == best))


def _led(reading: Reading, at: int, index: Index) -> tuple[Pair, ...]:
    """Return the pair whose words stand right before: "improved to 10 - 5"."""
    low = " ".join(w.text.casefold() for w in reading.words[max(0, at - 4) : at])
    return tuple(p for p in index.evidence.lexicon.pairs if any(f" {low}".endswith(f" {w}") for w in p.before))


def _columns(
    reading: Reading, at: int, then: int, said: tuple[Pair, ...], focus: Focus, index: Index
) -> list[Judged] | None:
    for owners in owners_of(reading, at, focus, index):
        for owner in owners:
            pair = next((p for p in said if any(index.evidence.tables[t].name == p.table for t, _ in owner.rows)), None)
            if pair is not None:
                return _relabelled(reading, at, then, pair, owner, index)
    return None


def _relabelled(reading: Reading, at: int, then: int, pair: Pair, owner: Entity, index: Index) -> list[Judged]:
    """Judge a labelled pair; where both numbers are exactly another pair of the owner, the label is what is wrong."""
    found = _both(reading, (at, then), (owner, owner), pair.columns, index)
    if not any(j.verdict is Verdict.CONTRADICTED for j in found):
        return found
    said = [value_of(reading.words[k]) for k in (at, then)]
    for other in index.evidence.lexicon.pairs:
        if other.labels and other is not pair and other.table == pair.table and said[1] > 1:
            cells = [_cell(owner, header, index) for header in other.columns]
            if all(c is not None and matching(s, (c,)) for s, c in zip(said, cells, strict=True)):
                return [_mislabelled(reading, then, owner, other, index)]
    return found


def _mislabelled(reading: Reading, then: int, owner: Entity, other: Pair, index: Index) -> Judged:
    words = list(reading.words[then + 1 : then + 1 + REACH])
    stems = {s for p in index.evidence.lexicon.pairs for label in p.labels for s in stems_of(label)}
    said = [w for w in words if w.stem in stems][:3] or words[:1]
    text = " ".join(w.text for w in words if said[0].start <= w.start <= said[-1].start)
    message = f"'{text}' is contradicted: these are {owner.key}'s {' and '.join(other.columns)}."
    return Judged(said[0].start, said[-1].end, text, "word", Verdict.CONTRADICTED, owner.key, message, "")


def _of_table(mention: Mention, table: str, index: Index) -> list[Entity]:
    known = [index.evidence.entities[key] for key in mention.what if key in index.evidence.entities]
    return [e for e in known if any(index.evidence.tables[t].name == table for t, _ in e.rows)]


def _cell(owner: Entity, header: str, index: Index) -> Cell | None:
    for table, row in owner.rows:
        for column in index.evidence.tables[table].columns:
            if column.header == header:
                return Cell(table, row, column.index, index.evidence.cell(table, row, column.index))
    return None


def _both(
    reading: Reading, places: tuple[int, int], owners: tuple[Entity, Entity], headers: tuple[str, str], index: Index
) -> list[Judged]:
    cells = [_cell(owner, header, index) for owner, header in zip(owners, headers, strict=True)]
    return [_told(reading, at, owner, cell, index) for at, owner, cell in zip(places, owners, cells, strict=True) if cell]


def _told(reading: Reading, at: int, owner: Entity, cell: Cell, index: Index) -> Judged:
    word = reading.words[at]
    right = matching(value_of(word), (cell,)) is not None
    about = f"{owner.key}: {index.evidence.tables[cell.table].columns[cell.column].header}"
    message = "" if right else f"'{word.text}' is contradicted: {shown(cell, index)}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    owned, place = (owner.noun, owner.key), (cell.table, cell.row, cell.column)
    return Judged(
        word.start, word.end, word.text, "number", verdict, about, message, shown(cell, index), owner=owned, cell=place
    )


def _rivals(reading: Reading, at: int, then: int, focus: Focus, index: Index) -> list[Judged] | None:
    """Judge a score: the same attribute of two entities, the one that the sentence is about first."""
    pair = next((p for p in index.evidence.lexicon.pairs if p.columns[0] == p.columns[1]), None)
    if pair is None:
        return None
    named = [e for m in reading.entities if m.last < at for e in _of_table(m, pair.table, index)[:1]]
    if not _scoring(reading, pair) and len({e.key for e in named}) < 2:  # noqa: PLR2004 - two sides make a score
        return None
    if not named:
        named = [
            index.evidence.entities[key]
            for what in focus.entities
            for key in what
            if key in index.evidence.entities and _of_table(Mention(0, 0, (key,)), pair.table, index)
        ][-1:]
    if not named:
        return None
    other = next((e for e in reversed(named) if e.key != named[0].key), None) or rival(named[0], index)
    if other is None:
        return None
    twice = _twice(reading, at, named, other)
    cells = [_scored(reading, at, then, owner, pair, index) for owner in (named[0], other)]
    if not all(cells):
        return None
    said = [value_of(reading.words[k]) for k in (at, then)]
    straight = [matching(s, c) is not None for s, c in zip(said, cells, strict=True)]
    turned = [matching(s, c) is not None for s, c in zip(said, reversed(cells), strict=True)]
    higher_first = cells[1][0].numbers[:1] > cells[0][0].numbers[:1]
    order = (1, 0) if (sum(turned), higher_first) > (sum(straight), not higher_first) else (0, 1)
    owners = (named[0], other)
    told = [
        _told(reading, place, owners[k], cells[k][0], index) for place, k in zip((at, then), order, strict=True) if cells[k]
    ]
    return [*twice, *told]


def _scoring(reading: Reading, pair: Pair) -> bool:
    """Tell whether a sentence says who outdid whom: without such words two numbers are no score."""
    low = {w.text.casefold() for w in reading.words}
    return any(set(said.split()) <= low for said in pair.labels)


def _twice(reading: Reading, at: int, named: list[Entity], other: Entity) -> list[Judged]:
    """Report a name that is set against itself: "the Reds beat the Reds, 3 - 1"."""
    if len(named) < 2 or len({e.key for e in named}) > 1:  # noqa: PLR2004 - two sides of a score
        return []
    last = [m for m in reading.entities if m.last < at and (named[0].noun, named[0].key) in m.what][-1]
    words = reading.words[last.first : last.last + 1]
    quote = " ".join(w.text for w in words)
    message = f"'{quote}' is set against itself: the other side is {other.key}."
    return [Judged(words[0].start, words[-1].end, quote, "name", Verdict.CONTRADICTED, named[0].key, message, "")]


def _other_attribute(reading: Reading, at: int, owner: Entity, pair: Pair, index: Index) -> tuple[Cell, ...]:
    """Return another attribute that stands right before two numbers: "won the rebounding battle, 50 - 39"."""
    before = [s for s in reading.said if s.last < at and not any(s.last < n < at for n in reading.numbers)]
    cells = cells_about(index, owner, before[-1].stems) if before and at - before[-1].last <= REACH else ()
    header = index.evidence.tables[cells[0].table].columns[cells[0].column].header if cells else pair.columns[0]
    plain = header != pair.columns[0] and not _narrows(cells[0], stems_of(pair.columns[0]), index) if cells else False
    return cells if cells and cells[0].score > SURE and plain else ()


def _narrows(cell: Cell, base: tuple[str, ...], index: Index) -> bool:
    """Tell whether a column is a part of what a score counts: "points_q1" of "points"."""
    return set(base) <= set(stems_of(index.evidence.tables[cell.table].columns[cell.column].header))


def _scored(reading: Reading, at: int, then: int, owner: Entity, pair: Pair, index: Index) -> tuple[Cell, ...]:
    """Return the attribute of a score: the pair's own, or the one that words behind it narrow ("in the first quarter")."""
    other = _other_attribute(reading, at, owner, pair, index)
    if other:
        return other
    base = stems_of(pair.columns[0])
    tail = [s.stems for s in reading.said if s.first > then and s.first - then <= FAR]
    before = [s.stems for s in reading.said if s.last < at]
    for stems in (*tail[:2], *before[-2:]):
        cells = cells_about(index, owner, frozenset(base) | stems)
        if cells and cells[0].score > SURE and _narrows(cells[0], base, index):
            return cells
    cell = _cell(owner, pair.columns[0], index)
    return (cell,) if cell else ()
