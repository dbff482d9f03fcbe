"""Judge who has the most: "led the team", "game high", "second on the team", by the lexicon's words and columns. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from drafting.checks.foreign.attributes import attribute_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Only, Rank
from drafting.checks.foreign.lookup import cells_about
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import ORDINALS, Word, cut

PAIR = 2  # the one that is named and the only other


def judge_ranks(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each rank that is said of an entity."""
    index, words = text.index, reading.words
    low = [w.text.casefold() for w in words]
    done: set[int] = set()
    for at, word in enumerate(words):
        if low[at] in ORDINALS and any(
            f" {s} " in f" {' '.join(low[at + 1 : at + 8])} " for s in index.evidence.lexicon.sequences
        ):
            yield Judged(
                word.start,
                word.end,
                word.text,
                "number",
                Verdict.NOT_FOUND,
                "",
                "The evidence does not cover what this counts.",
                "",
                nowhere=True,
            )
    for only in index.evidence.lexicon.onlys:
        yield from _only(reading, only, low, text)
    for rank in index.evidence.lexicon.ranks:
        for said in rank.words:
            place = 1
            run = _phrase(said)
            for at in range(len(words) - len(run) + 1):
                window = low[at : at + len(run)]
                if run[0] == "ordinal" and window[:1] and window[0] in ORDINALS and window[1:] == run[1:]:
                    place = ORDINALS[window[0]]
                elif window != run or at in done:
                    continue
                owner = _owner(reading, at, len(run), rank, text)
                if owner is not None:
                    done.add(at)
                    yield from _judge(reading, at, len(run), place, owner, rank, index)


@lru_cache(maxsize=4096)
def _phrase(said: str) -> list[str]:
    return [w.text.casefold() for w in cut(said)]


def _of_what(reading: Reading, end: int, owner: Entity, table: int, index: Index) -> int | None:
    """Return the column that a number right behind the words is of: "a team - high 10 rebounds"."""
    number = next((n for n in reading.numbers if end <= n <= end + 1), None)
    said = attribute_of(reading, number, index) if number is not None else None
    return next((c.column for c in cells_about(index, owner, said.stems) if c.table == table), None) if said else None


def _only(reading: Reading, only: Only, low: list[str], text: Text) -> Iterator[Judged]:
    """Judge "the only other one that reaches ten": there are two of them, and this is one."""
    for said in only.words:
        run = said.split()
        for at in range(len(low) - len(run) + 1):
            owner = _owner(reading, at, len(run), only, text) if low[at : at + len(run)] == run else None
            if owner is not None:
                yield from _counted(reading, at, len(run), owner, only, text.index)


def _counted(reading: Reading, at: int, length: int, owner: Entity, only: Only, index: Index) -> Iterator[Judged]:
    table, row = next((t, r) for t, r in owner.rows if index.evidence.tables[t].name == only.table)
    held = index.evidence.tables[table]
    column = {c.header: c.index for c in held.columns}

    def reaches(cells: Sequence[str]) -> bool:
        number = number_of(cells[column[only.column]])
        return number is not None and number.value >= only.least

    peers = [
        other
        for other in held.rows
        if all(other[column[n]] == held.rows[row][column[n]] for n in only.among) and reaches(other)
    ]
    own = reaches(held.rows[row])
    mark = only.mark if own else only.reached
    words: Sequence[Word] = [
        w for w in reading.words[at : at + length] if w.text.casefold() in mark.split()
    ] or reading.words[at : at + length]
    right = own and len(peers) == PAIR
    quote = " ".join(w.text for w in words)
    evidence = (
        f"{held.place(row, column[only.column])}: '{held.rows[row][column[only.column]]}'; {len(peers)} reach {only.least}"
    )
    message = "" if right else f"'{quote}' is contradicted: {evidence}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    yield Judged(words[0].start, words[-1].end, quote, "word", verdict, owner.key, message, evidence)


def _owner(reading: Reading, at: int, length: int, rank: Rank | Only, text: Text) -> Entity | None:
    """Return whose rank it is: the last name of the rank's table before, or the first behind where a passive says "by"."""
    index = text.index
    passive = "by" in [w.text.casefold() for w in reading.words[at : at + length]]
    before = [m for m in reading.entities if m.last < at]
    behind = [m for m in reading.entities if m.first >= at + length]
    order: Sequence[Mention] = behind if passive else [*reversed(before), *behind[:0]]
    for mention in order[:3]:
        for key in mention.what:
            entity = index.evidence.entities.get(key)
            if entity and any(index.evidence.tables[t].name == rank.table for t, _ in entity.rows):
                return entity
    return None


def _judge(reading: Reading, at: int, length: int, place: int, owner: Entity, rank: Rank, index: Index) -> Iterator[Judged]:
    table, row = next((t, r) for t, r in owner.rows if index.evidence.tables[t].name == rank.table)
    held = index.evidence.tables[table]
    column = {c.header: c.index for c in held.columns}
    column[rank.column] = _of_what(reading, at + length, owner, table, index) or column[rank.column]
    mine = number_of(held.rows[row][column[rank.column]])
    if mine is None:
        return
    peers = [
        number.value
        for other in held.rows
        if all(other[column[name]] == held.rows[row][column[name]] for name in rank.among)
        for number in [number_of(other[column[rank.column]])]
        if number
    ]
    higher = sum(1 for value in peers if value > mine.value)
    tied = sum(1 for value in peers if value == mine.value)
    right = higher < place <= higher + tied
    words: Sequence[Word] = reading.words[at : at + length]
    words = [w for w in words if w.text.casefold() == rank.mark] or words
    if words[0].text.casefold() in ORDINALS:
        words = words[:1]
    best = max(peers, default=Decimal(0))
    quote = " ".join(w.text for w in words)
    evidence = (
        f"{held.place(row, column[rank.column])}: '{mine.value}', number {higher + 1} of {len(peers)}; the highest is {best}"
    )
    message = "" if right else f"'{quote}' is contradicted: {evidence}."
    kind = "number" if quote.casefold() in ORDINALS else "word"
    yield Judged(
        words[0].start,
        words[-1].end,
        quote,
        kind,
        Verdict.SUPPORTED if right else Verdict.CONTRADICTED,
        owner.key,
        message,
        evidence,
    )
