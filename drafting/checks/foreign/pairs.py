"""Judge two numbers that are said together: "8 of 12", "8 - 12 FG", "( 32 - 18 )", "A beat B, 113 - 107", "98.0 to 101.0 %". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign.binding import COMBINED, Focus, joined, owners_of
from drafting.checks.foreign.cells import cell_under, of_table, told_cell
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import score
from drafting.checks.foreign.lexicon import Pair
from drafting.checks.foreign.lookup import matching, shown
from drafting.checks.foreign.opposed import against_itself, rival
from drafting.checks.foreign.reading import Mention, Reading, value_of
from drafting.checks.foreign.scores import judge_score
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Word, cut

REACH = 7  # words behind a pair within which its label follows
_JOINS = (("-",), ("–",), ("-", "of", "-"), ("of",), ("-", "for", "-"), ("for",), ("of", "-"), ("to",))
_SCORES = (("-",), ("–",), ("to",))
_WHOSE = frozenset(("his", "her", "their", "its", "the"))
_MISSED = frozenset(("missed", "missing", "misses", "failed"))  # before a pair: the first number is of those that did not
LEAST_RELABELLED = 4  # of a second number of a pair: smaller ones are those of another pair by chance
_SHARE = 4  # words of a percentage in brackets
_ENDS = frozenset((",", ")", ";", ".", "(", "and", "while", "but", "whereas"))


def judge_pairs(reading: Reading, focus: Focus, index: Index) -> Iterator[tuple[list[Judged], set[int]]]:
    """Return the verdicts of each pair of a sentence, and the words that it uses."""
    used: set[int] = set()
    for at, then in zip(reading.numbers, (*reading.numbers[1:], len(reading.words)), strict=False):
        between = tuple(w.text.casefold() for w in reading.words[at + 1 : then] if w.text.casefold() not in _WHOSE)
        if at in used or not index.evidence.lexicon.pairs:
            continue
        if between not in _JOINS or (between in _SCORES and reading.words[at].kind != reading.words[then].kind):
            every = _every(reading, at, focus, index)
            if every is not None:
                used.add(at)
                yield every, {at}
            continue
        found = _judge(reading, at, then, between, focus, index)
        if found is not None:
            used |= {at, then}
            yield found, {at, then}


def _judge(
    reading: Reading, at: int, then: int, between: tuple[str, ...], focus: Focus, index: Index
) -> list[Judged] | None:
    label = label_of(reading, then, index)
    shares = "-" in between and [w.text.casefold() for w in reading.words[then + 1 : then + 2]] in (["percent"], ["%"])
    another = any(_another(reading, then, pair) for pair in (*label, *_led(reading, at, index)))
    if shares or another or _bracketed_behind(reading, at):
        return []  # "53 - 46 percent" are two percentages
    if label:
        return _columns(reading, (at, then), label, owners_of(reading, at, focus, index), focus, index) or []
    led = _led(reading, at, index)
    if led:
        return _columns(reading, (at, then), led, _subject_first(reading, at, focus, index), focus, index) or []
    return _unnamed(reading, at, then, between, focus, index)


def _unnamed(
    reading: Reading, at: int, then: int, between: tuple[str, ...], focus: Focus, index: Index
) -> list[Judged] | None:
    """Judge a pair that no words name: what stands behind a name, any pair of its owner, else a score."""
    if between not in _SCORES:
        return _unlabelled(reading, (at, then), focus, index) if "-" in between else None
    bare = [p for p in index.evidence.lexicon.pairs if not p.labels and p.columns[0] != p.columns[1]]
    holder = next((m for m in reversed(reading.entities) if m.last < at), None)
    if holder is not None and _apposed(reading, holder, at):
        for pair in bare:
            for owner in of_table(holder, pair.table, index):
                other = rival(owner, index) if against_itself(reading, holder, index) else None
                theirs = _both(reading, (at, then), (other, other), pair.columns, index) if other else []
                if theirs and all(j.verdict is Verdict.SUPPORTED for j in theirs):
                    return theirs
                return _both(reading, (at, then), (owner, owner), pair.columns, index)
    return judge_score(reading, at, then, focus, index) or []


def _subject_first(reading: Reading, at: int, focus: Focus, index: Index) -> Iterator[tuple[Entity, ...]]:
    """Return the owners of a pair that a verb leads: the subject of its clause goes first ("A beat B to improve to 2 - 0")."""
    moved = _moved(reading, at)
    if moved is not None:
        yield from ((e,) for key in moved.what for e in [index.evidence.entities.get(key)] if e)
    before = [m for m in reading.entities if m.last < at]
    breaks = [k for k in range(at) if reading.words[k].text.casefold() in _ENDS]
    clause = next((m for k in reversed([-1, *breaks]) for m in before if m.first > k), None)
    if clause is not None:
        yield from ((e,) for key in clause.what for e in [index.evidence.entities.get(key)] if e)
    yield from owners_of(reading, at, focus, index)


def _every(reading: Reading, at: int, focus: Focus, index: Index) -> list[Judged] | None:
    """Judge "made all four of his free throws", "missed all five of his shots": of so many all or none."""
    words = [w.text.casefold() for w in reading.words]
    if words[at - 1 : at] != ["all"] or "of" not in words[at + 1 : at + 2]:
        return None
    said, value = label_of(reading, at, index), value_of(reading.words[at])
    for owner, pair in holders(said, owners_of(reading, at, focus, index), index):
        tried, made = cell_under(owner, pair.columns[1], index), cell_under(owner, pair.columns[0], index)
        if tried is None or made is None or not tried.numbers or not made.numbers:
            return None
        done = Decimal(0) if _MISSED & set(words[max(0, at - 2) : at]) else value
        wrong = made if matching(value, (tried,)) and not matching(done, (made,)) else tried
        judged = told_cell(reading, at, owner, tried, index)
        right = matching(value, (tried,)) and matching(done, (made,))
        message = "" if right else f"'{words[at]}' is contradicted: {shown(wrong, index)}."
        return [replace(judged, verdict=Verdict.SUPPORTED if right else Verdict.CONTRADICTED, message=message)]
    return None


def _unlabelled(reading: Reading, places: tuple[int, int], focus: Focus, index: Index) -> list[Judged]:
    """Judge a pair that nothing names: it is any of its owner's, else against the one that the lexicon names first."""
    known = [p for p in index.evidence.lexicon.pairs if p.labels and p.columns[0] != p.columns[1] and not p.before]
    if _combined(reading, places[0]):
        return _summed(reading, places, tuple(known), focus, index)
    found = [
        _both(reading, places, (owner, owner), pair.columns, index)
        for owners in list(owners_of(reading, places[0], focus, index))[:1]
        for owner in owners
        for pair in known
        if any(index.evidence.tables[t].name == pair.table for t, _ in owner.rows)
    ]
    right = (one for one in found if all(j.verdict is Verdict.SUPPORTED for j in one))
    return next(right, found[0] if found else [])


def _apposed(reading: Reading, holder: Mention, at: int) -> bool:
    """Tell whether numbers stand in brackets right behind a name: "Leeds ( 3 - 1 )"."""
    between = [w.text for w in reading.words[holder.last + 1 : at] if w.text not in ("'", "’", "s")]
    return between == ["("]


def _bracketed_behind(reading: Reading, at: int) -> bool:
    """Tell whether a pair stands in brackets behind another one: "Leeds ( 31 - 9 , 15 - 2 home )"."""
    opened = max((k for k in range(at) if reading.words[k].text == "("), default=at)
    inside = reading.words[opened + 1 : at]
    apposed = any(m.last == opened - 1 for m in reading.entities)
    return (
        apposed
        and inside[-1:] != ()
        and inside[-1].text == ","
        and all(w.kind in ("number", "mark") for w in inside)
        and ")" not in {w.text for w in inside}
    )


def label_of(reading: Reading, then: int, index: Index) -> tuple[Pair, ...]:
    """Return the pairs (of several tables) whose label follows: the words behind, up to a comma or number."""
    tail: list[str] = []  # of a number word its text: "threes" are no "three"
    passing = set(index.evidence.lexicon.passing)
    for word in _past_share(reading.words[then + 1 :])[:REACH]:
        if word.text.casefold() in _ENDS or word.kind == "number" or word.text.casefold() in passing:
            break
        tail.append(_spelled(word))
    said = frozenset(tail)
    scored = [
        (sum(1 for s in set(label)) + score(label, said), pair)
        for pair in index.evidence.lexicon.pairs
        if pair.columns[0] != pair.columns[1]
        for words in pair.labels
        for label in [tuple(_spelled(w) for w in cut(words))]
        if set(label) <= said
    ]
    best = max((value for value, _ in scored), default=0.0)
    return tuple(dict.fromkeys(pair for value, pair in scored if value == best))


def _past_share(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words behind a pair, past its percentage in brackets: "15 of 37 ( 41 percent ) from deep"."""
    closed = next((k for k, w in enumerate(words[:_SHARE]) if w.text == ")"), None)
    return words[closed + 1 :] if words[:1] and words[0].text == "(" and closed is not None else words


def _spelled(word: Word) -> str:
    return word.stem if word.value is None else f"#{word.stem}"


def _led(reading: Reading, at: int, index: Index) -> tuple[Pair, ...]:
    """Return the pair whose words stand right before: "improved to 10 - 5"."""
    moved = _moved(reading, at)
    named = range(moved.first - (reading.words[moved.first - 1].text.casefold() == "the"), at - 1) if moved else range(0)
    low = " ".join(
        w.text.casefold() for k, w in enumerate(reading.words[:at]) if k >= at - 4 - len(named) and k not in named
    )
    return tuple(p for p in index.evidence.lexicon.pairs if any(f" {low}".endswith(f" {w}") for w in p.before))


def _another(reading: Reading, then: int, pair: Pair) -> bool:
    """Tell whether the words right behind a pair make it one that the evidence does not hold: "9 - 1 in the last ten"."""
    behind = f"{' '.join(w.text.casefold() for w in reading.words[then + 1 : then + 1 + REACH])} "
    return any(behind.startswith(f"{said} ") for said in pair.unless)


def _moved(reading: Reading, at: int) -> Mention | None:
    """Return the name that stands between a verb and its "to": "dropping the Reds to 30 - 10"."""
    to = at > 1 and reading.words[at - 1].text.casefold() == "to"
    return next((m for m in reading.entities if to and m.last == at - 2), None)


def holders(said: tuple[Pair, ...], candidates: Iterator[tuple[Entity, ...]], index: Index) -> Iterator[tuple[Entity, Pair]]:
    """Return each owner that has one of the pairs, likeliest first."""
    for owners in candidates:
        for owner in owners:
            pair = next((p for p in said if any(index.evidence.tables[t].name == p.table for t, _ in owner.rows)), None)
            if pair is not None:
                yield owner, pair


def _columns(
    reading: Reading,
    places: tuple[int, int],
    said: tuple[Pair, ...],
    candidates: Iterator[tuple[Entity, ...]],
    focus: Focus,
    index: Index,
) -> list[Judged] | None:
    if _combined(reading, places[0]):
        return _summed(reading, places, said, focus, index)
    for owner, pair in holders(said, candidates, index):
        lead = [w.text.casefold() for w in reading.words[max(0, places[0] - 2) : places[0]]]
        if lead == ["all", "but"] or _MISSED & set(lead[-1:]) or _misses_on(reading, places[0]):
            return _missed(reading, places, owner, pair, index)
        if _part(reading, places, owner, pair, index):
            return _both(reading, places, (owner, owner), (pair.columns[1], pair.columns[0]), index)[1:]
        return _relabelled(reading, *places, pair, owner, index)
    return None


def _combined(reading: Reading, at: int) -> bool:
    """Tell whether several are said to combine for a number."""
    since = max((m.last for m in reading.entities if m.last < at), default=0)
    return bool(COMBINED & {w.text.casefold() for w in reading.words[since:at]})


def _summed(reading: Reading, places: tuple[int, int], said: tuple[Pair, ...], focus: Focus, index: Index) -> list[Judged]:
    """Judge a pair that several have together; open where it is not said who."""
    named = next((g for g in owners_of(reading, places[0], focus, index) if len(g) > 1), ())
    owners = named or joined(reading, places[0], focus, index)
    found = []
    for k, at in enumerate(places):
        word = reading.words[at]
        held = [cell_under(owner, pair.columns[k], index) for owner, pair in holders(said, iter((owners,)), index)]
        total = sum((c.numbers[0] for c in held if c and c.numbers), Decimal(0))
        right, evidence = value_of(word) == total, f"{total}, from {'; '.join(shown(c, index) for c in held if c)}"
        verdict = Verdict.NOT_FOUND if not held else Verdict.SUPPORTED if right else Verdict.CONTRADICTED
        message = f"'{word.text}' is contradicted: the sum is {evidence}." if held and not right else ""
        found.append(Judged(word.start, word.end, word.text, "number", verdict, "sum", message, evidence))
    return found


def _misses_on(reading: Reading, at: int) -> bool:
    """Tell whether a pair goes on with those that a verb before missed: "missed all seven of his threes and 10 of his 12 shots"."""
    words = [w.text.casefold() for w in reading.words[:at]]
    since = words[max((k for k, w in enumerate(words) if w in _MISSED), default=at) :]
    return since[-1:] == ["and"] and not _ENDS & set(since[:-1])


def _part(reading: Reading, places: tuple[int, int], owner: Entity, pair: Pair, index: Index) -> bool:
    """Tell whether the second number is all that there are of the first kind: "five of his nine goals came late"."""
    whose = {w.text.casefold() for w in reading.words[places[0] + 1 : places[1]]} & _WHOSE
    made, said = cell_under(owner, pair.columns[0], index), value_of(reading.words[places[1]])
    return (
        bool(whose)
        and made is not None
        and matching(said, (made,)) is not None
        and value_of(reading.words[places[0]]) < said
    )


def _missed(reading: Reading, places: tuple[int, int], owner: Entity, pair: Pair, index: Index) -> list[Judged]:
    """Judge "missed eight of his nine shots": the first number is what the two columns differ by."""
    first, second = _both(reading, places, (owner, owner), pair.columns, index)
    made, tried = (cell_under(owner, header, index) for header in pair.columns)
    if made is None or tried is None or not made.numbers or not tried.numbers:
        return []
    left = tried.numbers[0] - made.numbers[0]
    right = value_of(reading.words[places[0]]) == left
    message = "" if right else f"'{first.quote}' is contradicted: {left}, by {shown(made, index)} of {tried.literal}."
    return [replace(first, verdict=Verdict.SUPPORTED if right else Verdict.CONTRADICTED, message=message), second]


def _relabelled(reading: Reading, at: int, then: int, pair: Pair, owner: Entity, index: Index) -> list[Judged]:
    """Judge a labelled pair; where both numbers are exactly another pair of the owner, the label is what is wrong."""
    found = _both(reading, (at, then), (owner, owner), pair.columns, index)
    said = [value_of(reading.words[k]) for k in (at, then)]
    pairs = zip(reading.numbers, reading.numbers[1:], strict=False)
    again = any(
        [value_of(reading.words[k]) for k in one] == said for one in pairs if one != (at, then)
    )  # under its own label
    if again or not any(j.verdict is Verdict.CONTRADICTED for j in found):
        return found
    for other in index.evidence.lexicon.pairs:
        if other.labels and other is not pair and other.table == pair.table and said[1] >= LEAST_RELABELLED:
            cells = [cell_under(owner, header, index) for header in other.columns]
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


def _both(
    reading: Reading, places: tuple[int, int], owners: tuple[Entity, Entity], headers: tuple[str, str], index: Index
) -> list[Judged]:
    cells = [cell_under(owner, header, index) for owner, header in zip(owners, headers, strict=True)]
    return [
        told_cell(reading, at, owner, cell, index) for at, owner, cell in zip(places, owners, cells, strict=True) if cell
    ]
