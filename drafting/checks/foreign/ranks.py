"""Judge who has the most: "led the team", "game high", "second on the team", by the lexicon's words and columns. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Rank
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.values import number_of
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import ORDINALS, Word, cut


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
    for rank in index.evidence.lexicon.ranks:
        for said in rank.words:
            place = 1
            run = [w.text.casefold() for w in cut(said)]
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


def _owner(reading: Reading, at: int, length: int, rank: Rank, text: Text) -> Entity | None:
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
