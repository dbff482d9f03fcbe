"""Tell which words of a sentence narrow nothing: small words, those of acts and records, the headers of the table that it speaks of. Pure."""

from collections.abc import Iterator
from functools import lru_cache

from drafting.checks.foreign.acts import BEGINS, GENERIC, alike
from drafting.checks.foreign.counting import PLAIN
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.labels import STOP, meant
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.words import Word

_IDLE = frozenset((
    "case", "cases", "percent", "total", "overall", "number", "charge", "caused", "due", "under", "concerned", "concerning", "against", "so", "far", "came",
    "proved", "found", "accounted", "attributed", "assigned", "related", "belonged", "responsible", "customer", "customers", "require", "requires", "required", "need", "needs", "needed", "remain", "remains", "remained", "stay", "stayed", "stays", "owned", "owns", "own", "accounting", "accounts", "filing", "handled", "complied", "done", "performed",
    "carried", "out", "used", "entered", "individual", "except", "exception", "apart",
    "test", "requirement", "cause", "reason", "category", "class", "type", "status", "them", "those", "these", "did", "does", "had", "occur", "led", "whose",
))  # fmt: skip
TURNS = frozenset(  # where one of these stands, a sentence is not read as one statement of rows
    (";", "while", "whereas", "but", "than", "if", "when", "except", "apart", "respectively", "most", "least")
)
_QUANTIFIERS = frozenset(
    ("all", "both", "each", "every", "any", "no", "none", "neither", "half", "but", "not", "never")
)  # each of its own noun


def heads(reading: Reading, index: Index) -> Iterator[tuple[int, int, int | None]]:
    """Return (word, table, column) of each noun that says what is counted: rows, or the numbers of a column that it is the header of."""
    named = {m.first for m in reading.entities}
    compound = {k for k, _ in reading.nouns}
    for at, noun in reading.nouns:
        if at + 1 not in named | compound:
            yield from ((at, table, None) for table in index.row_nouns[noun])
        elif at + 1 in compound:
            after = next(k for k, _ in reading.nouns if k == at + 1)
            yield from ((after, table, None) for table in index.row_nouns[noun])
    for at, word in enumerate(reading.words):
        for number, table in enumerate(index.evidence.tables):
            for column in table.columns if word.kind == "word" else ():
                whole = column.kind == "number" and stems_of(column.header) == (word.stem,) and column.index != table.key
                if whole and all("." not in row[column.index] for row in table.rows):
                    yield at, number, column.index


def labelled(word: str, table: int, index: Index) -> bool:
    """Tell whether a word is one of a header of a table, or of one about the same things, or of its name."""
    held = index.evidence.tables[table]
    tables = [t for t in index.evidence.tables if t is held or (t.key is not None and t.noun == held.noun)]
    said = word.casefold()
    return any(_says(said, t.headings) for t in tables) or any(alike(said, s) for s in stems_of(held.name))


@lru_cache(maxsize=65536)
def _says(said: str, headings: frozenset[str]) -> bool:
    return any(alike(said, s) or meant(said, frozenset((s,))) for s in headings - GENERIC)


def initialled(reading: Reading, at: int, table: int, index: Index) -> bool:
    """Tell whether a word is one of two whose initials begin what rows are called: "drug product lots" of "DP lot"."""
    words, held = reading.words, index.evidence.tables[table]
    short = {held.noun.split()[0], *stems_of(held.name)[:1]}
    pairs = ((k, k + 1) for k in (at - 1, at) if k >= 0 and k + 2 < len(words))
    return any(
        "".join(words[k].text[0].casefold() for k in pair) in short
        and any(place == pair[1] + 1 for place, _ in reading.nouns)
        for pair in pairs
    )


def idle(word: Word) -> bool:
    """Tell whether a word says nothing of which rows are meant, in any field."""
    low = word.text.casefold()
    return low in STOP or low in PLAIN or word.stem in PLAIN or low in _IDLE or low in BEGINS


def plain(reading: Reading, at: int, table: int, index: Index) -> bool:
    """Tell whether a word says nothing that would narrow what is counted, or is a header's."""
    word = reading.words[at]
    low = word.text.casefold()
    if word.value is not None or low in _QUANTIFIERS or (low == "%" and (not at or reading.words[at - 1].value is None)):
        return False  # "the unit is %" says a value
    if any(k == at for k, _ in reading.nouns) and word.stem not in index.evidence.tables[table].noun.split():
        return labelled(low, table, index) or any(m.first == at + 1 for m in reading.entities)
    if initialled(reading, at, table, index):
        return True
    if word.kind == "mark" or idle(word):
        return True
    return word.kind == "word" and (word.stem in index.evidence.tables[table].noun.split() or labelled(low, table, index))
