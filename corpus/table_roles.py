"""Which columns of a table are its key, batch, product, strength and date, by their names and by what stands in them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from corpus.guessing import Guess, unit_of_header
from corpus.identifiers import IdentifierKind, Identifiers

BATCH = (
    "batch",
    "batch_no",
    "batch_number",
    "batch_id",
    "batchid",
    "lot",
    "lot_no",
    "charge",
    "chargennummer",
    "serija",
    "sarza",
    "lotto",
)
PRODUCT = (
    "product_code",
    "product",
    "code",
    "material_code",
    "material_no",
    "item",
    "item_code",
    "article",
    "artikel",
    "izdelek",
)
STRENGTH = ("strength", "dose", "jakost", "starke", "dosage", "potency")
DATES = (
    "start", "start_date", "started_on", "manufactured", "made_on", "manufacture_date", "manufacturing_date", "date", "occurred",
    "occurred_on", "occurred_at", "opened_on", "opened", "received_on", "detected_on", "datum",
)  # fmt: skip
SEARCHED_COLUMNS, MOST_COMBINATIONS, SHOWN_KEYS = 16, 800, 5
_STRENGTH_LITERAL = re.compile(r"\d+(?:[.,]\d+)?\s*(?:mg|g|mcg|µg|ml|MG|G|M|IU)(?:/\d*\s*\w+)?")
_PLAIN = str.maketrans(
    "čćšžđäöüáéíóúàèìòùâêîôûñçłśźżńąęőűřěůýťďňľĺŕāēīūģķļņ", "ccszdaouaeiouaeiouaeiounclszznaeoureuytdnllraeiugkln"
)


@dataclass(frozen=True)
class Column:
    """A column of the sample: its header, its cells, and what they can be."""

    header: str
    cells: tuple[str, ...]
    guess: Guess
    inherited: bool = False  # it identifies what the row stands in: "batch/@id"

    @property
    def word(self) -> str:
        """Return the header as a word, without its unit; what is inherited by its own name where that alone tells what it is."""
        last = slug(self.header.rpartition("/")[2])
        return last if self.inherited and last in (*BATCH, *PRODUCT[:2]) else slug(unit_of_header(self.header)[0])


def slug(text: str) -> str:
    """Return a text as a word of small letters, digits and underlines."""
    made = re.sub(r"[^a-z0-9]+", "_", text.casefold().translate(_PLAIN)).strip("_")
    return f"c_{made}"[:50] if made[:1].isdigit() else made[:50]


def keys(columns: Sequence[Column], identifiers: Identifiers) -> tuple[tuple[str, ...], ...]:
    """Return candidates for the key, best first: unique columns that look like identifiers, other unique ones, else pairs."""
    if not columns or not columns[0].cells:
        return ()
    unique = [c for c in columns if c.guess.unique and c.guess.type in ("text", "integer")]
    if unique:
        ranked = sorted(unique, key=lambda c: (kind_of(c, identifiers) is None, c.word not in BATCH, not _is_number(c)))
        return tuple((c.header,) for c in ranked[:SHOWN_KEYS])
    able = [c for c in columns if c.guess.type in ("text", "integer", "enum", "date", "month") and all(c.cells)]
    for size in (2, 3):
        tried = islice(combinations(able[:SEARCHED_COLUMNS], size), MOST_COMBINATIONS)
        found = [many for many in tried if len(set(zip(*(c.cells for c in many), strict=True))) == len(columns[0].cells)]
        if found:
            return tuple(tuple(c.header for c in many) for many in found[:SHOWN_KEYS])
    return ()


def _is_number(column: Column) -> bool:
    return bool(re.search(r"(?:^|_)(?:id|no|nr|number|code|num|st|stevilka)$", column.word))


def kind_of(column: Column, identifiers: Identifiers) -> IdentifierKind | None:
    """Return the kind of identifier that every filled cell of a column is."""
    filled = [cell for cell in column.cells if cell]
    kind = identifiers.of_literal(filled[0]) if filled else None
    return kind if kind and all(kind.is_one(cell) for cell in filled) else None


def roles(columns: Sequence[Column]) -> Mapping[str, tuple[str, str]]:
    """Return for a column's header its role (batch, product, strength, date) and how that was told."""
    found: dict[str, tuple[str, str]] = {}

    def give(role: str, names: Sequence[str], among: Sequence[Column]) -> None:
        named = (c for name in names for c in among if c.word == name and c.header not in found)
        chosen = next(named, None)
        if chosen is not None:
            found[chosen.header] = (role, f"taken for the {role}, by its name")

    give("batch", BATCH, columns)
    give("product", PRODUCT, [c for c in columns if c.guess.type != "decimal"])
    give("strength", STRENGTH, columns)
    dated = [c for c in columns if c.guess.type in ("date", "month", "datetime")]
    give("date", DATES, dated)
    given = {role for role, _ in found.values()}
    if "strength" not in given:
        alike = (c for c in columns if any(c.cells) and all(_STRENGTH_LITERAL.fullmatch(cell) for cell in c.cells))
        found |= {c.header: ("strength", "taken for the strength, by its cells") for c in islice(alike, 1)}
    if "date" not in given and dated:
        found[dated[0].header] = ("date", f"the first of {len(dated)} dates, taken for the one that decides the period")
    return found
