"""Read values of columns that no word says whole: a letter behind its header ("train A"), an abbreviation by its words ("out-of-trend" of "OOT"). Pure."""

from collections.abc import Iterator
from itertools import pairwise

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Reading

LEAST, LONGEST = 2, 5  # letters of an abbreviation
_LETTERS = 2  # of a value that its header must stand before
Spoken = tuple[int, int, int, str]  # words (first to last), column and value


def lettered(reading: Reading, table: int, index: Index) -> Iterator[Spoken]:
    """Return the values of a letter or two that stand right behind the header of their column: "train A", "lines B and C"."""
    held, words = index.evidence.tables[table], reading.words
    for column in (c for c in held.columns if c.kind == "text" and c.index != held.key):
        values = {row[column.index].strip() for row in held.rows}
        short = {v for v in values if v.isalnum() and v.isupper() and len(v) <= _LETTERS}
        header = stems_of(column.header)
        for at in range(1, len(words)) if short and short == values - {""} else ():
            if words[at].text in short and words[at - 1].stem == header[-1] and words[at - 1].kind == "word":
                yield at, at, column.index, words[at].text


def abbreviated(reading: Reading, table: int, index: Index) -> Iterator[Spoken]:
    """Return the values in capitals whose letters begin the words of a sentence: "out-of-specification" of "OOS"."""
    held, words = index.evidence.tables[table], reading.words
    plain = [k for k, w in enumerate(words) if w.kind == "word" and w.value is None]
    for column in (c for c in held.columns if c.kind == "text" and c.index != held.key):
        values = {row[column.index].strip() for row in held.rows}
        short = {v for v in values if v.isalpha() and v.isupper() and LEAST < len(v) <= LONGEST}
        for value in sorted(short):
            for k in range(len(plain) - len(value) + 1):
                run = plain[k : k + len(value)]
                joined = all(words[a + 1].text == "-" or b == a + 1 for a, b in pairwise(run))
                if (
                    joined
                    and "".join(words[n].text[0].upper() for n in run) == value
                    and words[run[0]].text.upper() != value
                ):
                    yield run[0], run[-1], column.index, value
