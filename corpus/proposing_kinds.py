"""Which kind of record a row of a table is, by the words that name it: a column that holds its key, and the name of the file. Pure; for proposals only.

Kinds and their fields are those of the profiles that ship, which sections of a report read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.identifiers import Identifiers
from corpus.importprofile import ImportProfile
from corpus.profile_toml import parse
from corpus.proposing_told import Told
from corpus.table_roles import Column, kind_of, slug

KEYED = {  # the word of the column that holds the key, and of files of such records -> kind
    "deviation": "deviation", "nonconformance": "deviation", "nonconformity": "deviation", "capa": "capa", "complaint": "complaint", "oos": "oos",
    "oot": "oot", "change": "change_control", "change_control": "change_control", "return": "return", "recall": "recall", "variation": "variation",
    "commitment": "commitment", "agreement": "agreement", "validation": "validation", "equipment": "equipment",
}  # fmt: skip
LISTED = {  # words of files whose rows need several columns to be told apart, and columns that such a file has -> kind
    "stability": ("stability_result", ("study", "month")), "specification": ("specification", ("lower", "upper")),
    "spec": ("specification", ("lower", "upper")), "disposition": ("batch_disposition", ("disposition",)),
}  # fmt: skip
OF_KEYS = ("", "_id", "_no", "_nr", "_number", "_code", "_ref")
OF_FIELDS = ("", "_id", "_ids", "_on", "_at", "_limit", "_control")
ALIASES = {
    "classification": "class",
    "what_happened": "description",
    "spec": "specification_id",
    "test": "test_name",
    "from": "effective_from",
}
ALIASES |= {
    "until": "effective_until",
    "effective_to": "effective_until",
    "limit": "limit_text",
    "reported_on": "detected_on",
    "why": "reason",
}
ALIASES |= {"decided": "disposition_date", "implemented": "closed_on", "effectiveness": "effectiveness_result"}
MADE = (
    "start",
    "start_date",
    "started_on",
    "manufactured",
    "made_on",
    "manufacture_date",
    "manufacturing_date",
    "date",
    "datum",
    "start_of_manufacture",
)
RESULTS = "release_result"  # results of batches whose date of manufacture another file says


@dataclass(frozen=True)
class KindTold:
    """A kind of record as its table names it, with how that was told; `key` is the header of the column that identifies a row."""

    kind: str
    how: str
    key: str = ""


def kind_told(columns: Sequence[Column], name: str) -> KindTold | None:
    """Return the kind that a table's columns and its file's name tell; None where they name none that ships."""
    words = {c.word: c for c in columns}
    in_name = _words(name)
    for word in in_name:
        kind, needed = LISTED.get(word, ("", ()))
        if kind and all(any(w.startswith(need) for w in words) for need in needed):
            return KindTold(kind, f"taken for the kind {kind}, by the file's name and its columns")
    found = [(word, c) for c in columns if (word := _keyed(c.word)) and c.guess.unique and all(c.cells)]
    named = [one for one in found if one[0] in in_name] or found[:1]
    if not named:
        return None
    word, column = named[0]
    return KindTold(KEYED[word], f"taken for the kind {KEYED[word]}: '{column.header}' names each row once", column.header)


def fields_of(columns: Sequence[Column], kind: str, taken: Mapping[str, str]) -> dict[str, str]:
    """Return for headers the field of the kind's shipped profile that their words mean; `taken` are headers that have a role."""
    known = {name for rule in shipped(kind).fielded if (name := rule.field)}
    made: dict[str, str] = {}
    for column in columns:
        meant = [column.word, ALIASES.get(column.word, ""), _keyed(column.word)]
        if column.word == "test":  # beside a column of attributes it is how people call them
            meant.append("test_name" if any(c.word == "attribute" for c in columns) else "attribute")
        possible = (f"{word}{suffix}" for word in meant if word for suffix in OF_FIELDS)
        field = next((f for f in possible if f in known and f not in made.values()), None)
        if field and column.header not in taken:
            made[column.header] = field
    return made


@lru_cache(maxsize=32)
def shipped(kind: str) -> ImportProfile:
    """Return the profile that ships for a kind."""
    path = files("corpus") / "samples" / "profiles" / f"{kind}.toml"
    return parse(path.read_bytes(), file=f"{kind}.toml")


def date_of(fields: Mapping[str, str], kind: str, dated: Sequence[str]) -> tuple[str, str]:
    """Return the header of the date that places records of a kind, and what is asked of it; `dated` are the headers that hold dates."""
    wanted = shipped(kind).date
    found = {fields[h]: h for h in dated if h in fields}
    header = next((found[name] for name in wanted if name in found), "")
    first = wanted[0] if wanted else ""
    if not wanted or (header and fields[header] == first):
        return header, ""
    others = ", ".join(f"'{h}'" for h in dated)
    if not header:
        return (
            "",
            f"Which date decides the period ({first.replace('_', ' ')})? The file's dates are {others}." if dated else "",
        )
    return (
        header,
        f"Which date decides the period? No column is named as {first.replace('_', ' ')}; '{header}' is taken for it, of {others}.",
    )


def dated(
    given: Mapping[str, tuple[str, str]], kind: str, columns: Sequence[Column], fielded: Mapping[str, str], told: Told
) -> dict[str, tuple[str, str]]:
    """Give the role of the date to the column that places records of a kind, and ask where that is open."""
    header, question = date_of(fielded, kind, [c.header for c in columns if c.guess.type in ("date", "month", "datetime")])
    told.questions += [question] if question else []
    kept = {h: found for h, found in given.items() if found[0] != "date"}
    return kept | ({header: ("date", f"taken for the date that places records of the kind {kind}")} if header else {})


def kind_of_rows(
    named: KindTold | None,
    columns: Sequence[Column],
    key: tuple[str, ...],
    given: Mapping[str, str],
    identifiers: Identifiers,
    name: str,
    told: Told,
) -> str:
    """Say which kind of record a row is: the one that the table names, else the one that its key names."""
    if named:
        told.tell("", named.how)
        return named.kind
    kind, date = _kind(columns, key, given, identifiers, name, told), given.get("date")
    word = next((c.word for c in columns if c.header == date), "")
    if kind == "batch" and date and word not in MADE and _holds_results(columns):
        told.questions.append(
            f"Is a row a batch that '{date}' places in a period, or are these results of batches that another file dates? '{date}' is not named "
            f'as a date of manufacture, so that the kind is proposed as "{RESULTS}"; write "batch" where it is one.'
        )
        return RESULTS
    return kind


def _holds_results(columns: Sequence[Column]) -> bool:
    return any(c.guess.type == "decimal" for c in columns)


def by_identifier(columns: Sequence[Column], identifiers: Identifiers) -> str | None:
    """Return the header of the first column that holds identifiers of the site, each once: it is the key, and names the kind."""
    return next((c.header for c in columns if c.guess.unique and kind_of(c, identifiers)), None)


def _kind(
    columns: Sequence[Column],
    key: tuple[str, ...],
    given: Mapping[str, str],
    identifiers: Identifiers,
    name: str,
    told: Told,
) -> str:
    """Say which kind of record a row is: the one that its key names."""
    for column in columns:
        known = kind_of(column, identifiers) if key == (column.header,) else None
        if known:
            return known.records[0]
    if len(key) == 1 and key[0] == given.get("batch"):
        word = next((w for w in _words(name) if w in KEYED), "")
        if word:
            told.questions.append(
                f"Which kind of record is a row? '{key[0]}' is taken for its key, so that the kind is proposed as \"batch\", and the file's name says "
                f'"{word}": if a row is no batch, write its kind ("{KEYED[word]}") and the column that identifies it.'
            )
        return "batch"
    told.questions.append("Which kind of record is a row? Its key is no identifier that the site's patterns know.")
    return slug(name) or "record"


def _words(name: str) -> list[str]:
    """Return the words of a file's name, each in the singular."""
    return [_singular(word) for word in name.casefold().replace("-", "_").replace(" ", "_").split("_")]


def _singular(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word[:-1] if word.endswith("s") and word not in KEYED else word


def _keyed(word: str) -> str:
    return next(
        (word.removesuffix(suffix) for suffix in OF_KEYS if word.endswith(suffix) and word.removesuffix(suffix) in KEYED), ""
    )
