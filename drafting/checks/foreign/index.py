"""What the evidence calls things, indexed once: names, labels, values and nouns, by the words that say them. Pure."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from drafting.checks.foreign.columns import affirmed, holds_values, labels_of, mixed_results
from drafting.checks.foreign.headers import filed, identifies, nouns_of, stems_of
from drafting.checks.foreign.labels import LIMIT_WORDS, STOP, Phrase, meant, score
from drafting.checks.foreign.naming import names_of
from drafting.checks.foreign.tables import LONGEST_VALUE, MISSING, MOST_VALUES, MOSTLY, Column, Evidence
from drafting.checks.foreign.values import day_of, number_of
from drafting.checks.foreign.words import STATISTICS, cut, stem

NAMING = frozenset(("attribute", "parameter", "test", "characteristic"))  # headers of columns that name attributes
ANALYSES = frozenset(("analysis", "analyte", "determination"))  # likewise, where results are words and numbers
MONTH = 7  # characters of a day that say its month
MANY = 12  # columns that may share a stem of their labels before it stops naming one


@dataclass(frozen=True, slots=True)
class Attribute:
    """Where values of one attribute stand: a column, or the rows of a long table in which a column names the attribute."""

    table: int
    column: int
    where: tuple[int, str] | None = None  # (column, value) of a long table
    labels: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Index:
    """The words of the evidence."""

    evidence: Evidence

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """Return every attribute of every table."""
        titles = self._all_titles()
        wide = [
            Attribute(number, column.index, None, (*labels_of(column), *titles.get(column.header, ())))
            for number, table in enumerate(self.evidence.tables)
            for column in table.columns
        ]
        return (*wide, *self._long())

    def _long(self) -> Iterable[Attribute]:
        """Return the attributes that a long table names in a column: its values are headers elsewhere, or the column says so."""
        headers = {c.header for t in self.evidence.tables for c in t.columns}
        labels: dict[str, tuple[Phrase, ...]] = {}
        for table in self.evidence.tables:
            for column in table.columns:
                labels[column.header] = (*labels.get(column.header, ()), *labels_of(column))
        named_by: set[int] = set()  # one column of a table names its attributes; another is their title
        for number, table in enumerate(self.evidence.tables):
            mixed = any(mixed_results(c, table) for c in table.columns)
            for column in table.columns:
                named = {row[column.index].strip() for row in table.rows} - {""}
                naming = NAMING | ANALYSES if mixed else NAMING
                says = set(stems_of(column.header)) & naming
                if (
                    column.kind != "text"
                    or number in named_by
                    or not (says or (named and len(named & headers) >= 0.6 * len(named)))
                ):
                    continue
                titles = self._titles(number, column)
                named_by.add(number)
                for value in sorted(named):
                    said = (*labels.get(value, ()), *(stems_of(x) for x in (value, *titles.get(value, ()))))
                    kept = tuple(dict.fromkeys(tuple(s for s in one if s not in STOP) for one in said))
                    for held in (c for c in table.columns if (number, c.index) not in self.evidence.references):
                        if holds_values(held, table) or "limit" in stems_of(held.header):
                            yield Attribute(number, held.index, (column.index, value), kept)

    def _all_titles(self) -> Mapping[str, tuple[Phrase, ...]]:
        """Return how long tables title the attributes that other tables have as headers."""
        found: dict[str, tuple[Phrase, ...]] = {}
        for number, table in enumerate(self.evidence.tables):
            for column in table.columns:
                if column.kind == "text" and set(stems_of(column.header)) & NAMING:
                    for value, titles in self._titles(number, column).items():
                        phrases = (tuple(s for s in stems_of(title) if s not in STOP) for title in titles)
                        found[value] = tuple(dict.fromkeys((*found.get(value, ()), *phrases)))
        return found

    def _titles(self, number: int, column: Column) -> Mapping[str, tuple[str, ...]]:
        table = self.evidence.tables[number]
        beside = next(
            (c for c in table.columns if c is not column and {"name", "test", "title"} & set(stems_of(c.header))), None
        )
        if beside is None or column.header == beside.header:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for row in table.rows:
            title = row[beside.index].strip()
            if title and title not in found.get(row[column.index].strip(), ()):
                found[row[column.index].strip()] = (*found.get(row[column.index].strip(), ()), title)
        return found

    def numeric(self, attribute: Attribute) -> bool:
        """Tell whether an attribute's cells are numbers, or hold some: no name of a row, and no figure that is of a year (`yearly`)."""
        table = self.evidence.tables[attribute.table]
        if table.spread:
            return False
        column = table.columns[attribute.column]
        if (attribute.table, attribute.column) in self.evidence.references or self._names(column):
            return False
        return attribute.column != table.key and (
            column.kind == "number" or bool(LIMIT_WORDS & set(stems_of(column.header))) or self._measured(attribute)
        )

    def _measured(self, attribute: Attribute) -> bool:
        """Tell whether the rows of one attribute of a long table are numbers, whatever the others are: an assay between appearances."""
        if attribute.where is None:
            return False
        key = ("measured", attribute.table, attribute.column, attribute.where)
        if key not in self.evidence.kept:
            named, value = attribute.where
            rows = (row for row in self.evidence.tables[attribute.table].rows if row[named].strip() == value)
            cells = [cell for row in rows for cell in [row[attribute.column].strip()] if cell.casefold() not in MISSING]
            numbers = sum(number_of(cell) is not None for cell in cells)
            self.evidence.kept[key] = bool(cells) and numbers >= MOSTLY * len(cells)
        return bool(self.evidence.kept[key])

    def _names(self, column: Column) -> bool:
        """Tell whether a column's numbers are names: never averaged, never what a figure contradicts."""
        nouns = nouns_of(column.header)
        return identifies(column.header) or (len(nouns) == 1 and nouns[0] in self.evidence.nouns and column.kind == "number")

    @cached_property
    def numeric_tokens(self) -> frozenset[str]:
        """Return every stem of the labels of numbers."""
        return frozenset(s for a in self.attributes if self.numeric(a) for label in a.labels for s in label) | frozenset(
            STATISTICS
        )

    def has_column(self, word: str) -> bool:
        """Tell whether the label of a column has a word: what it says is then looked up."""
        return bool(self.by_token.get(stem(word)))

    @cached_property
    def columns(self) -> frozenset[Phrase]:
        """Return the labels of the columns of numbers."""
        return frozenset(label for a in self.attributes if a.where is None and self.numeric(a) for label in a.labels)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Return every stem of every label."""
        return frozenset(s for attribute in self.attributes for label in attribute.labels for s in label) | frozenset(
            STATISTICS
        )

    @cached_property
    def by_token(self) -> Mapping[str, tuple[int, ...]]:
        """Return which attributes have a stem in a label."""
        found: dict[str, list[int]] = {}
        for at, attribute in enumerate(self.attributes):
            for token in {s for label in attribute.labels for s in label}:
                found.setdefault(token, []).append(at)
        return {token: tuple(places) for token, places in found.items()}

    @cached_property
    def common(self) -> frozenset[str]:
        """Return the stems that so many columns share that they alone name none: "tbl" in front of every header."""
        headers: dict[str, set[tuple[int, int]]] = {}
        for attribute in (a for a in self.attributes if a.where is None):
            for token in {s for label in attribute.labels for s in label}:
                headers.setdefault(token, set()).add((attribute.table, attribute.column))
        alone = {label[0] for a in self.attributes if self.numeric(a) for label in a.labels if len(label) == 1}
        return frozenset(token for token, places in headers.items() if len(places) > MANY and token not in alone)

    @cached_property
    def in_percent(self) -> frozenset[int]:
        """Return the tables of which the lexicon says what is in percent: a number in percent is nothing else there."""
        tables, lexicon = self.evidence.tables, self.evidence.lexicon
        said = ((n, label) for n, t in enumerate(tables) for c in t.columns for label in lexicon.labels(t.name, c.header))
        return frozenset(number for number, label in said if "percent" in stems_of(label))

    @cached_property
    def joined(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of stems that stand beside each other in a label."""
        return frozenset(
            (a, b) for attribute in self.attributes for label in attribute.labels for a, b in itertools.pairwise(label)
        )

    @cached_property
    def ends(self) -> frozenset[tuple[str, ...]]:
        """Return the last two stems of each label."""
        return frozenset(label[-2:] for attribute in self.attributes for label in attribute.labels)

    def meant(self, word: str) -> frozenset[str]:
        """Return the stems of labels that a word of prose says, itself or by their abbreviation; "minutes" says no "min"."""
        found = meant(word, self.tokens)
        return found if word in found else found - set(STATISTICS)

    @cached_property
    def names(self) -> Mapping[Phrase, tuple[tuple[str, str], ...]]:
        """Return the entities that a run of words names; a purely numeric name needs its noun before it and is not here."""
        return names_of(self.evidence)

    @cached_property
    def values(self) -> Mapping[Phrase, tuple[tuple[int, int, str], ...]]:
        """Return (table, column, value) for each run of words that says a category of a column."""
        found: dict[Phrase, list[tuple[int, int, str]]] = {}
        for number, table in enumerate(self.evidence.tables):
            for column in table.columns:
                said = self.evidence.lexicon.values.get(f"{table.name}.{column.header}", {})
                yes = affirmed(table, column)
                if yes:
                    found.setdefault(stems_of(column.header), []).append((number, column.index, yes))
                if column.kind != "text" or (not said and not 1 <= column.distinct <= MOST_VALUES):
                    continue
                for value in sorted(said) if said else sorted({row[column.index].strip() for row in table.rows}):
                    if value.casefold() in MISSING or len(value) > LONGEST_VALUE:
                        continue
                    for phrase in said.get(value, ()) if said else (value,):
                        words = tuple(w.stem for w in cut(phrase) if w.kind != "mark")
                        if words and not (len(words) == 1 and (words[0] in STOP or words[0] in ("yes", "i", "ii"))):
                            found.setdefault(words, []).append((number, column.index, value))
        turned = {words[::-1]: places for words, places in found.items() if self._turns(words, places)}
        return {words: tuple(places) for words, places in (turned | found).items()}

    def _turns(self, words: Phrase, places: list[tuple[int, int, str]]) -> bool:
        """Tell whether two words that say a category say it the other way round too: "loose caps" of "cap loose"."""
        columns = [(self.evidence.tables[t], self.evidence.tables[t].columns[c]) for t, c, _ in places]
        repeated = all(2 * column.distinct <= len(table.rows) for table, column in columns)
        return repeated and len(words) == 2 and all(w.isalpha() and len(w) > 1 and w not in STOP for w in words)  # noqa: PLR2004 - one pair

    @cached_property
    def row_nouns(self) -> Mapping[str, tuple[int, ...]]:
        """Return the tables whose rows a noun names: by its key, its name, or the lexicon."""
        found: dict[str, list[int]] = {}
        for number, table in ((n, t) for n, t in enumerate(self.evidence.tables) if not t.spread):  # a figure is no record
            said = {stem(w) for w in self.evidence.lexicon.rows.get(table.name, ())}
            said |= {" ".join(stems_of(table.name))} | ({table.noun} if table.key is not None else set())
            said |= filed(table.name)
            for word in said:
                found.setdefault(word, []).append(number)
        short: dict[str, list[int]] = {}  # "lot" of "DP lot", where nothing else is called so
        for number, table in enumerate(self.evidence.tables):
            last = table.noun.split()[-1] if table.key is not None and not table.spread and " " in table.noun else ""
            if last and last not in found:
                short.setdefault(last, []).append(number)
        one = {word: tables for word, tables in short.items() if len({self.evidence.tables[t].noun for t in tables}) == 1}
        return {word: tuple(tables) for word, tables in (found | one).items()}

    @cached_property
    def run_on(self) -> Mapping[str, str]:
        """Return what the rows of a table are by the one word of a header that says on what each was run: "bioreactor" runs are batches."""
        found: dict[str, set[str]] = {}
        for table in (t for t in self.evidence.tables if t.key is not None and not t.spread):
            for header in (stems_of(c.header) for c in table.columns if c.kind == "text" and c.index != table.key):
                if len(header) == 1 and header[0] not in STOP:
                    found.setdefault(header[0], set()).add(table.noun)
        return {word: next(iter(nouns)) for word, nouns in found.items() if len(nouns) == 1}

    @cached_property
    def literals(self) -> frozenset[Decimal]:
        """Return every number that stands anywhere in the evidence."""
        cells = {cell for table in self.evidence.tables for row in table.rows for cell in row}
        passages = (passage.text for passage in self.evidence.passages)
        whole = {held.value for cell in cells for held in [number_of(cell)] if held is not None}
        return frozenset(whole | {w.value for text in (*cells, *passages) for w in cut(text) if w.value is not None})

    @cached_property
    def days(self) -> tuple[str, ...]:
        """Return every day and month that a column of dates holds, the earliest first."""
        tables = (
            t for t in self.evidence.tables if not t.spread
        )  # in a year that heads a column nothing need have happened
        cells = (row[c.index] for t in tables for c in t.columns if c.kind == "date" for row in t.rows)
        return tuple(sorted({day for cell in cells for day in [day_of(cell)] if day}))

    @cached_property
    def headed(self) -> frozenset[str]:
        """Return the years that head columns."""
        return frozenset(
            row[-2].removeprefix("year ") for table in self.evidence.tables if table.spread for row in table.rows
        )

    @cached_property
    def vocabularies(self) -> Mapping[Phrase, tuple[bool, str]]:
        """Return for each name of a closed list whether the evidence holds it, and what it holds instead."""
        found: dict[Phrase, tuple[bool, str]] = {}
        for place, names in self.evidence.lexicon.vocabularies.items():
            name, _, header = place.rpartition(".")
            held = {
                row[column.index].strip().casefold()
                for table in self.evidence.tables
                for column in table.columns
                if column.header == header and name in ("", table.name)
                for row in table.rows
            }
            for said in names:
                found[tuple(w.text.casefold() for w in cut(said))] = (said.casefold() in held, ", ".join(sorted(held)[:5]))
        return found

    @cached_property
    def written(self) -> frozenset[str]:
        """Return every cell and every word of the evidence as written, and its days in one form."""
        cells = [cell.strip() for table in self.evidence.tables for row in table.rows for cell in row]
        days = [day for cell in cells for day in [day_of(cell)] if day]
        days += [day[:MONTH] for day in days]
        days += [part for cell in cells if day_of(cell) for part in cell.split("T")]
        headers = (column.header for table in self.evidence.tables for column in table.columns)
        texts = (
            *(p.text for p in self.evidence.passages),
            *(cell for cell in cells if " " in cell or "|" in cell),
            *headers,
        )
        words = (w.text for text in texts for w in cut(text))
        said = (w for pair in self.evidence.lexicon.pairs for label in pair.labels for w in label.split())
        return frozenset((*cells, *days, *words, *said))

    def stands(self, said: str) -> bool:
        """Tell whether a number, date or identifier stands anywhere in the evidence as a whole token."""
        day = day_of(said)
        if said in self.written or (day is not None and any(d in self.written for d in (day, day[:7]))):
            return True
        return any(w.value in self.literals for w in cut(said)[:3] if w.value is not None)

    def ranked(self, stems: frozenset[str]) -> tuple[tuple[float, Attribute], ...]:
        """Return the attributes that stems say, best first; worked out once."""
        key = ("ranked", stems)
        if key not in self.evidence.kept:
            places = sorted({at for s in stems for at in self.by_token.get(s, ())})
            scored = [(max(score(label, stems, self.common) for label in self.attributes[at].labels), at) for at in places]
            best = sorted(scored, key=lambda one: (-one[0], one[1]))
            self.evidence.kept[key] = tuple((value, self.attributes[at]) for value, at in best if value > 0)
        return cast("tuple[tuple[float, Attribute], ...]", self.evidence.kept[key])
