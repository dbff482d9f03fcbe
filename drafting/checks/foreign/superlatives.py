"""Find who is said to have the highest or lowest of something, and which numbers say how much that is. Pure."""

from dataclasses import dataclass

from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.words import ORDINALS

_MOST = {"highest": True, "largest": True, "greatest": True, "lowest": False, "smallest": False, "least": False}
_BREAKS = frozenset((";", "while", "whereas", "but"))
_HAS = frozenset(("had", "has", "showed", "shows", "gave", "with", "having"))
_VALUES = (["value"], ["result"], ["of"], ["in"])
_IN = frozenset(("to", "in", "of", "for", "from", "by", "on"))


@dataclass(frozen=True)
class Superlative:
    """A superlative with its ordinal: its words (first to last), its place, whether it is of the highest, and where what it speaks of ends."""

    first: int
    last: int
    place: int
    high: bool
    end: int


def superlatives(reading: Reading) -> tuple[Superlative, ...]:
    """Return the superlatives of a sentence in order."""
    low = [w.text.casefold() for w in reading.words]
    found = [at for at, word in enumerate(low) if word in _MOST and (word != "least" or low[at - 1 : at] != ["at"])]
    firsts = [at - (at > 0 and low[at - 1] in ORDINALS) for at in found]
    out = []
    for k, (first, at) in enumerate(zip(firsts, found, strict=True)):
        cut = next((n for n in range(at, len(low)) if low[n] in _BREAKS), len(low))
        place = ORDINALS[low[first]] if first < at else 1
        out.append(Superlative(first, at, place, _MOST[low[at]], min([cut, *firsts[k + 1 :]])))
    return tuple(out)


def holder_of(reading: Reading, rank: Superlative) -> Mention | None:
    """Return what is said to have the value: the subject of "had the highest", else the first name behind, in or of which it is."""
    low = [w.text.casefold() for w in reading.words]
    begin = max((k + 1 for k in range(rank.first) if low[k] in _BREAKS), default=0)
    before = [m for m in reading.entities if begin <= m.first and m.last < rank.first]
    if (
        before
        and _HAS & set(low[before[-1].last + 1 : rank.first])
        and not {","} & set(low[before[-1].last + 1 : rank.first])
    ):
        return before[-1]
    if before and low[max(0, rank.first - 2) : rank.first] == [",", "the"] and low[rank.last + 1 : rank.last + 2] in _VALUES:
        return before[-1]  # "the assay of batch 7 was 98 %, the highest value of all"
    after = [m for m in reading.entities if rank.last < m.first < rank.end]
    if not after or not (_IN | {"("}) & set(low[max(0, after[0].first - 3) : after[0].first]):
        return None
    return after[0]


def held_by(reading: Reading, at: int) -> Mention | None:
    """Return the name behind a number that a superlative before the number is said of: "the second highest, 99 %, in batch 9"."""
    for rank in superlatives(reading):
        holder = holder_of(reading, rank) if rank.last < at < rank.end else None
        if holder is not None and at < holder.first and not any(at < n < holder.first for n in reading.numbers):
            return holder
    return None
