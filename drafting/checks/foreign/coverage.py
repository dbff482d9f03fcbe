"""Tell of which of several tables results of all things are meant: of that which has results of nearly all of them. Pure."""

from collections.abc import Iterable

from drafting.checks.foreign.aggregates import column_cells
from drafting.checks.foreign.index import Attribute, Index
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.scope import Scope, owners

_OVER_TIME = frozenset((
    "stability", "storage", "stored", "shelf", "accelerated", "long", "intermediate", "month", "study", "retest", "°", "interim", "during",
))  # fmt: skip


def covered(attribute: Attribute, nouns: Iterable[str], index: Index) -> set[str]:
    """Return the things of some nouns that have a result of an attribute."""
    cells, kinds = column_cells(index, attribute, Scope()), tuple(nouns)
    return {name for c in cells for noun in kinds for name in owners(index.evidence, c.table, c.row, noun)}


def widest(attributes: list[Attribute], nouns: Iterable[str], reading: Reading, index: Index) -> list[Attribute]:
    """Return of attributes that words say equally well those with results of most things, where others have those of less than half; all where a time is said."""
    kinds = tuple(nouns)
    if len(attributes) < 2 or not kinds or _OVER_TIME & {w.stem for w in reading.words}:  # noqa: PLR2004 - a choice
        return attributes
    sizes = {a: len(covered(a, kinds, index)) for a in attributes}
    return [a for a in attributes if 2 * sizes[a] > max(sizes.values())]
