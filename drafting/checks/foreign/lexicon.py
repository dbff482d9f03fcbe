"""The words of a field, given with the evidence: what columns, rows and values are called. The engine itself knows no field. Pure.

A TOML file; every part may be left out::

    [columns]                      # header, or table.header: how prose names it
    "assay" = ["content", "assay of the active (substance|ingredient)"]
    [rows]                         # table: what one of its rows is called
    "dispositions" = ["batch"]
    [values."batch.disposition"]   # a value of a column: how prose says it
    "rejected" = ["failed", "was destroyed"]
    [[pairs]]                      # two numbers said together, "8 of 12", "8-12", and the columns that hold them
    table = "results"
    labels = ["units"]
    columns = ["passed", "tested"]
    [vocabularies]                 # names of one kind: one that is not in the evidence stands nowhere
    "supplier" = ["Supplier A", "Supplier B"]
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from audit.errors import Invalid

LARGEST = 1_000_000
MOST_ALTERNATIVES = 100  # phrases that one may stand for
_ALTERNATIVES = re.compile(r"[()]")


@dataclass(frozen=True)
class Pair:
    """Two numbers said together and the columns that hold them; without labels it is what stands right behind a name."""

    table: str
    columns: tuple[str, str]
    labels: tuple[str, ...] = ()
    before: tuple[str, ...] = ()  # words right before that say it, too
    unless: tuple[str, ...] = ()  # words right behind with which it is another one, that the evidence does not hold


@dataclass(frozen=True)
class Rank:
    """Words that say that a row has the most of a column, and among which rows: those that share the columns `among`."""

    table: str
    column: str
    among: tuple[str, ...]
    words: tuple[str, ...]
    mark: str = ""  # the word that is wrong where it is not so; else all words


@dataclass(frozen=True)
class Only:
    """Words that say that a row and one other are the only ones, among those that share columns, that reach a value."""

    table: str
    column: str
    least: int
    among: tuple[str, ...]
    words: tuple[str, ...]
    mark: str = ""  # the words that are wrong where there are others
    reached: str = ""  # the words that are wrong where the row itself does not reach it


@dataclass(frozen=True)
class Reach:
    """Words that count the rows of an owner (named in the column `among`) that reach a value."""

    table: str
    column: str
    least: int
    owner: str  # table of the owners
    among: str
    nouns: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """Words between two names that say that a row of the table has the other name in a column."""

    table: str
    column: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """How the prose of a field names columns, rows and values."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    ranks: tuple[Rank, ...] = ()
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # table: columns whose values also name its rows
    countable: tuple[str, ...] = ()  # nouns that "a" and "an" count in a list of counts
    idioms: tuple[str, ...] = ()  # phrases whose number word counts nothing
    sequences: tuple[str, ...] = ()  # what makes an ordinal count records that are not evidence: "second in a row"
    links: tuple["Link", ...] = ()
    onlys: tuple[Only, ...] = ()
    reaches: tuple[Reach, ...] = ()
    beyond: tuple[str, ...] = ()  # words of a sentence about what comes after the evidence: no name in it is held
    parts: tuple[str, ...] = ()  # words behind a name that mean someone or something of it: "the Leeds keeper"
    uncheckable: tuple[str, ...] = ()  # words of a clause whose statistic is over records that are not evidence
    differences: tuple[str, ...] = ()  # words behind a number that make it how far two are apart: "a 12 - point lead"
    opposite: tuple[str, ...] = ()  # words before a number that make it one of the other side: "forced 20 turnovers"
    opposed: tuple[str, ...] = ()  # words before a name that set it against what the sentence speaks of: "lost to"
    decided: tuple[str, ...] = ()  # words of a difference, or score, that is the last one
    passing: tuple[str, ...] = ()  # words right behind a score that make it one of a moment: "a 16 - 2 run"
    moments: tuple[str, ...] = ()  # words of a clause about a time or mark on the way: its numbers are not the whole
    elsewhere: tuple[str, ...] = ()  # words of a clause that speaks of what the evidence does not cover

    def labels(self, table: str, header: str) -> tuple[str, ...]:
        """Return how prose names a column, beside its header."""
        return (*self.columns.get(header, ()), *self.columns.get(f"{table}.{header}", ()))


def read_lexicon(data: bytes, *, file: str) -> Lexicon:
    """Read a lexicon; raise Invalid where it is none."""
    if len(data) > LARGEST:
        raise Invalid(f"{file}: larger than {LARGEST} bytes.", remedy="Keep the words of the field only.")
    try:
        return lexicon_of(tomllib.loads(data.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"{file}: no lexicon: {error}", remedy="Write it as docs/check-text.md says.") from error


def expanded(said: str) -> tuple[str, ...]:
    """Return the phrases that one with alternatives stands for: "points (first|opening) half" is two."""
    parts = [part.split("|") for part in _ALTERNATIVES.split(said)]
    if prod(len(part) for part in parts) > MOST_ALTERNATIVES:
        raise ValueError(f"'{said}' stands for more than {MOST_ALTERNATIVES} phrases.")
    return tuple("".join(one) for one in product(*parts))


def lexicon_of(tree: Mapping[str, Any]) -> Lexicon:
    """Make a lexicon of its tree."""

    def words(part: str) -> dict[str, tuple[str, ...]]:
        return {
            str(key): tuple(w for word in found for w in expanded(str(word))) for key, found in tree.get(part, {}).items()
        }

    def phrases(part: str) -> tuple[str, ...]:
        return tuple(phrase for said in tree.get(part, ()) for phrase in expanded(str(said)))

    return Lexicon(
        columns=words("columns"),
        rows=words("rows"),
        values={
            str(key): {str(value): tuple(map(str, said)) for value, said in found.items()}
            for key, found in tree.get("values", {}).items()
        },
        pairs=tuple(
            Pair(
                str(p["table"]),
                (str(p["columns"][0]), str(p["columns"][1])),
                tuple(label for said in p.get("labels", ()) for label in expanded(str(said))),
                tuple(map(str, p.get("before", ()))),
                tuple(phrase for said in p.get("unless", ()) for phrase in expanded(str(said))),
            )
            for p in tree.get("pairs", ())
        ),
        ranks=tuple(
            Rank(
                str(r["table"]),
                str(r["column"]),
                tuple(map(str, r.get("among", ()))),
                tuple(map(str, r["words"])),
                str(r.get("mark", "")),
            )
            for r in tree.get("ranks", ())
        ),
        vocabularies=words("vocabularies"),
        aliases=words("aliases"),
        countable=tuple(map(str, tree.get("countable", ()))),
        idioms=phrases("idioms"),
        sequences=phrases("sequences"),
        links=tuple(Link(str(k["table"]), str(k["column"]), tuple(map(str, k["words"]))) for k in tree.get("links", ())),
        onlys=tuple(
            Only(
                str(o["table"]),
                str(o["column"]),
                int(o["least"]),
                tuple(map(str, o.get("among", ()))),
                tuple(map(str, o["words"])),
                str(o.get("mark", "")),
                str(o.get("reached", "")),
            )
            for o in tree.get("onlys", ())
        ),
        reaches=tuple(
            Reach(
                str(r["table"]),
                str(r["column"]),
                int(r["least"]),
                str(r["owner"]),
                str(r["among"]),
                tuple(map(str, r["nouns"])),
                tuple(map(str, r["words"])),
            )
            for r in tree.get("reaches", ())
        ),
        beyond=tuple(map(str, tree.get("beyond", ()))),
        parts=tuple(map(str, tree.get("parts", ()))),
        uncheckable=phrases("uncheckable"),
        differences=tuple(map(str, tree.get("differences", ()))),
        opposite=tuple(map(str, tree.get("opposite", ()))),
        opposed=phrases("opposed"),
        decided=tuple(map(str, tree.get("decided", ()))),
        passing=tuple(map(str, tree.get("passing", ()))),
        moments=phrases("moments"),
        elsewhere=phrases("elsewhere"),
    )
