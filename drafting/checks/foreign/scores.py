"""Judge scores, the same attribute of two rivals ("A beat B, 113 - 107", "31 - 24 in the fourth"), and their differences ("won by 6"). Pure.

What narrows a score stands in its own clause: behind it up to the next number or clause, else between the number before and it.
"""

from decimal import Decimal

from drafting.checks.foreign import uncounted
from drafting.checks.foreign.binding import Focus
from drafting.checks.foreign.cells import cell_under, of_table, told_cell
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Pair
from drafting.checks.foreign.lookup import Cell, cells_about, matching, shown, whole_said
from drafting.checks.foreign.opposed import rival
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import holds
from drafting.checks.foreign.verdicts import Judged, Verdict

SURE = 0.72  # how well words must say what narrows a score, or another attribute that it is of
_MOMENT = "a score of a moment"
MANIFOLD = Decimal(
    "1.4"
)  # how many times more or less than what is held both numbers of a score are those of something else
FAR = 12  # words between a score and what narrows it
_NEAR = 3  # words behind a score within which its part is plainly said
_CLAUSES = frozenset((";", "and", "but", "while", "whereas", "as", "before"))
_TIED = frozenset(("in", "at", "after", "during", "over", "through", "by", "to", "for"))
_WON = frozenset(("won", "wins", "winning"))
_ADVERBS = frozenset(("a", "an", "the", "just", "only", "exactly", "some"))


def judge_score(reading: Reading, at: int, then: int, focus: Focus, index: Index) -> list[Judged] | None:
    """Judge a score: the same attribute of two entities, the one that the sentence is about first."""
    pair = _scored_pair(index)
    if pair is None:
        return None
    named = [e for m in reading.entities if m.last < at for e in of_table(m, pair.table, index)[:1]]
    sides = _sides(named, pair, focus, index)
    if sides is None:
        return None
    readings = list(zip(*(_readings(reading, (at, then), owner, pair, index) for owner in sides), strict=False))
    if not _scoring(reading, pair) and len({e.key for e in named}) < 2:  # noqa: PLR2004 - two sides make a score
        whole = cell_under(sides[0], pair.columns[0], index)  # of one side only what the sentence plainly says of both
        readings = [cells for cells in readings if named and cells[0] != whole]
    if not readings:
        return None
    said = (value_of(reading.words[at]), value_of(reading.words[then]))
    winner = _winner(reading, at, sides)
    agree = [_agreeing(said, cells, winner) for cells in readings]
    best = next((k for k, (number, _) in enumerate(agree) if number == len(said)), 0)
    if agree[best][0] == 0 and _otherwise(reading, (at, then), said, readings[best], index):
        best = max(range(len(agree)), key=lambda k: agree[k][0])
    cells, order = readings[best], agree[best][1]
    open_of = _open_of(reading, (at, then), said, cells, index) if agree[best][0] < len(said) else None
    if open_of is not None:
        nowhere = open_of == _MOMENT and uncounted.elsewhere(reading, at, index)
        words = (reading.words[place] for place in (at, then))
        return [Judged(w.start, w.end, w.text, "number", Verdict.NOT_FOUND, open_of, nowhere=nowhere) for w in words]
    told = [told_cell(reading, place, sides[k], cells[k], index) for place, k in zip((at, then), order, strict=True)]
    return [*_twice(reading, at, named, sides[1]), *told]


def _open_of(
    reading: Reading, places: tuple[int, int], said: tuple[Decimal, Decimal], cells: tuple[Cell, ...], index: Index
) -> str | None:
    """Return of what a score that does not agree may be instead; None where it can be of nothing but its cells."""
    at, then = places
    pair = _scored_pair(index)
    base = frozenset(stems_of(pair.columns[0])) if pair else frozenset[str]()
    if _agreeing(said, cells)[0] == 0 and _otherwise(reading, places, said, cells, index):
        return "another score"
    standing = _standing(reading, then, index) and _narrows(cells[0], base, index)
    moment = uncounted.passing(reading, at, index) or uncounted.elsewhere(reading, at, index)
    return _MOMENT if moment or (_passing(reading, then, index) and not standing) else None


def _otherwise(
    reading: Reading, places: tuple[int, int], said: tuple[Decimal, Decimal], cells: tuple[Cell, ...], index: Index
) -> bool:
    """Tell whether a score of which nothing agrees is one of something else: far from what is held, of a run, or of one whom the evidence does not know."""
    held, pair = [c.numbers[0] for c in cells if c.numbers], _scored_pair(index)
    part = pair is not None and _narrows(cells[0], frozenset(stems_of(pair.columns[0])), index)
    far = not (part and _plainly(reading, *places)) and all(
        not h / MANIFOLD <= s <= h * MANIFOLD for s, h in zip(sorted(said), sorted(held), strict=False)
    )
    run = _passing(reading, places[1], index) and not _differing(reading, places[1], index)
    words = reading.words
    clause = max((k for k in range(places[0]) if words[k].text in (";", ",", "while", "but")), default=0)
    named = (
        index.vocabularies.get((words[k].text.casefold(),)) for k in range(clause, places[0]) if words[k].text[:1].isupper()
    )
    return far or run or any(known is not None and not known[0] for known in named)


def _plainly(reading: Reading, at: int, then: int) -> bool:
    """Tell whether nothing stands between a score and the part that it is of: "29 - 19 in the first half", "a first half where they scored"."""
    words = [w.text.casefold() for w in reading.words]
    behind = next((s.first for s in reading.said if s.first > then), None)
    said = {*words[then + 1 : behind]} if behind is not None and behind - then <= _NEAR else {""}
    return said <= {"in", "during", "the"} or "where" in words[max(0, at - FAR) : at]


def _differing(reading: Reading, then: int, index: Index) -> bool:
    return bool({w.text.casefold() for w in reading.words[then + 1 : then + 3]} & set(index.evidence.lexicon.differences))


def _winner(reading: Reading, at: int, sides: tuple[Entity, Entity]) -> int | None:
    """Return which side a clause says right before a score to have won it: "with the Reds winning that battle, 43 - 24"."""
    words = [w.text.casefold() for w in reading.words]
    last = max((m for m in reading.entities if m.last < at), key=lambda m: m.last, default=None)
    since = set(words[last.last + 1 : at]) if last is not None else set()
    if last is None or not _WON & since or {"they", "it"} & since:
        return None
    return next((k for k, side in enumerate(sides) if (side.noun, side.key) in last.what), None)


def _agreeing(
    said: tuple[Decimal, Decimal], cells: tuple[Cell, ...], winner: int | None = None
) -> tuple[int, tuple[int, int]]:
    """Return how many of two numbers agree with two cells, and in which order they do; the higher one is its winner's unless the other order agrees whole."""
    straight = sum(matching(s, (c,)) is not None for s, c in zip(said, cells, strict=True))
    turned = sum(matching(s, (c,)) is not None for s, c in zip(said, reversed(cells), strict=True))
    if winner is not None and said[0] > said[1] and max(straight, turned) < len(said):
        return (turned, (1, 0)) if winner else (straight, (0, 1))
    higher_first = cells[1].numbers[:1] > cells[0].numbers[:1]
    return max(straight, turned), (1, 0) if (turned, higher_first) > (straight, not higher_first) else (0, 1)


def judge_difference(reading: Reading, at: int, said: Decimal, relation: str, focus: Focus, index: Index) -> Judged | None:
    """Judge how far one side is from the other: "outscored them by 12 in the third quarter"; open where it is not said of what."""
    pair = _scored_pair(index)
    if pair is None or not _is_difference(reading, at, index):
        return None
    named = [e for m in reading.entities if m.last < at for e in of_table(m, pair.table, index)[:1]]
    sides = _sides(named[-2:], pair, focus, index)
    both = [_readings(reading, (at, at), owner, pair, index) for owner in sides or ()]
    readings = [cells for cells in zip(*both, strict=False) if all(c.numbers for c in cells)]
    word = reading.words[at]
    if not sides or not readings:
        return Judged(word.start, word.end, word.text, "number", Verdict.NOT_FOUND)
    if readings and not _narrows(readings[0][0], frozenset(stems_of(pair.columns[0])), index):
        readings = readings[:1]
    told = [(abs(one.numbers[0] - other.numbers[0]), one, other) for one, other in readings]
    apart, one, other = next((t for t in told if holds(said, t[0], relation)), told[0])
    evidence = f"{apart}, from {shown(one, index)} and {shown(other, index)}"
    about = f"{sides[0].key} and {sides[1].key}"
    if holds(said, apart, relation):
        return Judged(word.start, word.end, word.text, "number", Verdict.SUPPORTED, about, "", evidence)
    whole = cell_under(sides[0], pair.columns[0], index) == one
    low = {w.text.casefold() for w in reading.words}
    told_whole = {c.numbers[0] for c in (one, other)} <= {value_of(reading.words[n]) for n in reading.numbers if n != at}
    if whole and not told_whole and not low & set(index.evidence.lexicon.decided):
        held = _parts_apart(sides, pair, index)
        message = (
            ""
            if any(holds(said, apart, relation) for apart in held)
            else f"'{word.text}' is no difference that the evidence gives."
        )
        return Judged(word.start, word.end, word.text, "number", Verdict.NOT_FOUND, about, message)
    message = f"'{word.text}' is contradicted: the difference is {evidence}."
    return Judged(word.start, word.end, word.text, "number", Verdict.CONTRADICTED, about, message, evidence)


def _parts_apart(sides: tuple[Entity, Entity], pair: Pair, index: Index) -> list[Decimal]:
    """Return how far two sides are apart in what their score counts, and in each part of it."""
    base = frozenset(stems_of(pair.columns[0]))
    table = next(t for t in index.evidence.tables if t.name == pair.table)
    headers = [c.header for c in table.columns if base <= set(stems_of(c.header))]
    both = [[cell_under(side, header, index) for side in sides] for header in headers]
    return [abs(a.numbers[0] - b.numbers[0]) for a, b in both if a and b and a.numbers and b.numbers]


def _scored_pair(index: Index) -> Pair | None:
    return next((p for p in index.evidence.lexicon.pairs if p.columns[0] == p.columns[1]), None)


def _is_difference(reading: Reading, at: int, index: Index) -> bool:
    """Tell whether a number says how far two are apart: "by 12", "by just 12", "a 12 - point lead"."""
    low = [w.text.casefold() for w in reading.words]
    behind = low[at + 1 : at + 5]
    if behind[:1] in (["percent"], ["%"]):
        return False
    by = low[at - 1 : at] == ["by"] or (low[at - 2 : at - 1] == ["by"] and low[at - 1] in _ADVERBS)
    by = by or low[max(0, at - 3) : at - 1] in (["by", "a"], ["by", "an"])
    plain = [w for w in behind if w != "-"]
    hyphened = bool(set(plain[1:3]) & set(index.evidence.lexicon.differences)) and not set(plain[:2]) & {
        ",",
        "and",
        "(",
        "to",
    }
    more = (
        behind[:1] in (["more"], ["fewer"])
        and "than" in low[at + 2 : at + 6]
        and not set(low[at + 2 : at + 5]) & {",", "and"}
    )
    return (by and behind[:1] != ["-"]) or hyphened or more


def _sides(named: list[Entity], pair: Pair, focus: Focus, index: Index) -> tuple[Entity, Entity] | None:
    """Return the two that are set against each other: those that are named, else the last one that was spoken of and its rival."""
    if not named:
        spoken = [Mention(0, 0, (key,)) for what in focus.entities for key in what]
        named = [e for m in spoken for e in of_table(m, pair.table, index)][-1:]
    if not named:
        return None
    other = next((e for e in reversed(named) if e.key != named[0].key), None) or rival(named[0], index)
    return (named[0], other) if other else None


def _scoring(reading: Reading, pair: Pair) -> bool:
    """Tell whether a sentence says who outdid whom: without such words two numbers are no score."""
    low = {w.text.casefold() for w in reading.words}
    return any(set(said.split()) <= low for said in pair.labels)


def _passing(reading: Reading, then: int, index: Index) -> bool:
    """Tell whether a score is one of a moment, as the word behind it says: "a 16 - 2 run"."""
    behind = {w.text.casefold() for w in reading.words[then + 1 : then + 3]}
    return bool(behind & set(index.evidence.lexicon.passing))


def _standing(reading: Reading, then: int, index: Index) -> bool:
    """Tell whether a score is the one of a time that its clause names: "a 54 - 41 lead", or what is said behind it."""
    behind = {w.text.casefold() for w in reading.words[then + 1 : then + 3]}
    return bool(behind & set(index.evidence.lexicon.differences) or _behind(reading, then))


def _twice(reading: Reading, at: int, named: list[Entity], other: Entity) -> list[Judged]:
    """Report a name that is set against itself: "the Reds beat the Reds, 3 - 1"."""
    if len(named) < 2 or len({e.key for e in named}) > 1:  # noqa: PLR2004 - two sides of a score
        return []
    last = [m for m in reading.entities if m.last < at and (named[0].noun, named[0].key) in m.what][-1]
    words = reading.words[last.first : last.last + 1]
    quote = " ".join(w.text for w in words)
    message = f"'{quote}' is set against itself: the other side is {other.key}."
    return [Judged(words[0].start, words[-1].end, quote, "name", Verdict.CONTRADICTED, named[0].key, message, "")]


def _readings(reading: Reading, places: tuple[int, int], owner: Entity, pair: Pair, index: Index) -> list[Cell]:
    """Return what a score may be of, the likeliest first: what its clause says behind it settles it; before it only may."""
    base, won = frozenset(stems_of(pair.columns[0])), {s for label in pair.labels for s in stems_of(label)}
    behind, before = _behind(reading, places[1]), _before(reading, places[0])

    def parts(said: list[frozenset[str]]) -> list[Cell]:
        best = [cell for stems in said for cell in _named(owner, base | stems, index) if cell.score > SURE]
        return [cell for cell in best if _narrows(cell, base, index)]

    def others(said: list[frozenset[str]]) -> list[Cell]:
        best = [
            cells[:1]
            for stems in said
            for cells in [cells_about(index, owner, stems - won)]
            if cells and cells[0].score > SURE
        ]
        return [cell for (cell,) in best if not _narrows(cell, base, index)]

    own = cell_under(owner, pair.columns[0], index)
    return [*parts(behind), *parts(before), *others([*before, *behind]), *([own] if own else [])]


def _named(owner: Entity, stems: frozenset[str], index: Index) -> list[Cell]:
    """Return the cell that stems say best, and those of which they say a whole label: "in the fourth to force overtime"."""
    return [*cells_about(index, owner, stems)[:1], *whole_said(index, owner, stems)]


def _behind(reading: Reading, then: int) -> list[frozenset[str]]:
    """Return what is said behind a score in its clause."""
    words = reading.words
    end = min(len(words), then + FAR)
    for k in range(then + 1, end):
        joined = words[k].text == "," and k + 1 < len(words) and words[k + 1].text.casefold() in _TIED
        if k in reading.numbers or words[k].text.casefold() in _CLAUSES or (words[k].text == "," and not joined):
            end = k
            break
    return [s.stems for s in reading.said if then < s.first < end][:2]


def _before(reading: Reading, at: int) -> list[frozenset[str]]:
    """Return what is said before a score, nearest first: not before another number, and not what that number itself is of."""
    words = reading.words
    closed = {k for k in range(1, at) if words[k - 1].text == "(" for k in range(k, k + 3)}  # a record behind a name
    by = [n for n in reading.numbers if n < at and words[n - 1].text.casefold() != "by" and n not in closed]
    first = max(by, default=-1)
    said = [s for s in reading.said if first < s.first and s.last < at]
    own = [s for s in said if first >= 0 and s.first - first <= 2]  # noqa: PLR2004 - "38 percent shooting", "27 - point"
    return [s.stems for s in reversed(said) if s not in own]


def _narrows(cell: Cell, base: frozenset[str], index: Index) -> bool:
    """Tell whether a column is a part of what a score counts: "points_q1" of "points"."""
    return base < set(stems_of(index.evidence.tables[cell.table].columns[cell.column].header))
