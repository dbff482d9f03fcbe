r"""Import profiles: how the columns of a file become records and measurements, as data under change control.

A profile is a TOML file, found by the exact header of the file it reads::

    name = "laboratory"            # of the profile
    version = 1
    title = "Laboratory results of tablet batches"
    kind = "batch"                 # the record that a row is
    delimiter = ";"
    encoding = "utf-8-sig"
    decimal_mark = "."
    missing = ["", "#N/A"]         # literals that mean "no value", compared without white space around
    key = ["batch"]                # fields that make the record's identifier (joined by "/")
    product = "product_code"       # field with the product code (optional)
    strength = "strength"          # field with the strength (optional)
    date = "start"                 # field whose date decides the period (optional); of a list, the first one that is present
    synthetic = false              # true: every record is labelled synthetic
    months = { nov = 11, maj = 5 } # month names, for columns of type month (optional)

    [columns.batch]                # the header, letter for letter
    field = "batch"                # a field of the record ...
    type = "integer"

    [columns.dissolution_av]
    attribute = "dissolution_av"   # ... or a measurement of the batch
    type = "decimal"
    label = "dissolution (average)"  # how people call it, as a report prints it; the header stays its name (optional)
    unit = "%"
    group = "finished product"
    primary = true                 # false: a second source of the same attribute, compared but not computed from
    exponent = false               # true: "7.1E-05" is a way this column is written

    [columns.deviation_id]
    field = "deviation_id"
    pattern = 'DEV-\d{4}-\d{3}'  # the whole text must match (text and list items)

    [columns.opened_on]
    field = "opened_on"
    type = "date"
    format = "DD.MM.YYYY"          # where it is not ISO; letters as in `corpus.dates`, month names from `months`

    [columns.description]
    field = "description"
    passage = true                 # its text is also found by search

Types: text, decimal, integer, date (YYYY-MM-DD), month (YYYY-MM, or a month name and year as "maj.20"), datetime
(YYYY-MM-DDThh:mm), enum (with `values`), list (separated by "|"). A cell that its type does not admit is refused and the
rest of its row goes in; where it is the key, product, strength or date, the row cannot be placed and is refused whole.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from audit.errors import Invalid
from corpus.dates import date_reader

LONGEST_LABEL = 60
LABEL = re.compile(
    rf"(?=.{{1,{LONGEST_LABEL}}}$)[^\W\d_](?:[\w ,.()/%+-]*[\w)%])?"
)  # stands in sentences, so no braces and no line ends
TYPES = ("text", "decimal", "integer", "date", "month", "datetime", "enum", "list")


@dataclass(frozen=True)
class ColumnRule:
    """How one column is read: as a record's field, or as a measurement of the row's batch."""

    header: str
    field: str | None = None
    attribute: str | None = None
    type: str = "text"
    unit: str = ""
    group: str = ""
    primary: bool = True
    values: tuple[str, ...] = ()
    exponent: bool = False
    pattern: str | None = None
    format: str | None = None
    passage: bool = False
    label: str = ""

    @property
    def target(self) -> str:
        """Return the name that the column's cells get."""
        return self.attribute or self.field or self.header


@dataclass(frozen=True)
class ImportProfile:
    """One released profile."""

    name: str
    version: int
    title: str
    kind: str
    key: tuple[str, ...]
    columns: tuple[ColumnRule, ...]
    delimiter: str = ";"
    encoding: str = "utf-8-sig"
    decimal_mark: str = "."
    missing: tuple[str, ...] = ("",)
    product: str | None = None
    strength: str | None = None
    date: tuple[str, ...] = ()
    synthetic: bool = False
    months: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the header that the profile reads."""
        return tuple(rule.header for rule in self.columns)

    @property
    def label(self) -> str:
        """Return name and version, as kept with each import."""
        return f"{self.name}/{self.version}"

    @property
    def anchors(self) -> frozenset[str]:
        """Return the fields without which a row cannot be placed."""
        return frozenset({*self.key, *self.date, *(name for name in (self.product, self.strength) if name)})


@dataclass(frozen=True)
class ProfileSet:
    """The released profiles; `digest` is part of the configuration fingerprint."""

    profiles: tuple[ImportProfile, ...]

    @property
    def digest(self) -> str:
        """Return a hash over every profile's text."""
        joined = "\n".join(sorted(f"{p.name}:{p.sha256}" for p in self.profiles))
        return "sha256:" + hashlib.sha256(joined.encode()).hexdigest()

    def named(self, name: str) -> ImportProfile:
        """Return a profile by name, or read one from a file of that path."""
        for profile in self.profiles:
            if profile.name == name:
                return profile
        path = Path(name)
        if path.suffix == ".toml" and path.is_file():
            return read_profile(path)
        raise Invalid(
            f"There is no import profile {name}.",
            remedy=f"Known profiles: {', '.join(p.name for p in self.profiles)}; or name a .toml file.",
        )

    def recognise(self, header: Sequence[str], *, file: str) -> ImportProfile:
        """Return the profile of exactly this header; say which comes closest where there is none."""
        for profile in self.profiles:
            if profile.header == tuple(header):
                return profile
        raise Invalid(f"{file}: no import profile knows this header.", remedy=self._closest(header))

    def _closest(self, header: Sequence[str]) -> str:
        if not self.profiles:
            return "No profile is installed; give one with --profile."
        best = max(self.profiles, key=lambda p: len(set(p.header) & set(header)))
        unknown = [h for h in header if h not in best.header]
        absent = [h for h in best.header if h not in header]
        parts = [f"Closest is '{best.name}'"]
        if unknown:
            parts.append(f"unknown here: {', '.join(map(repr, unknown[:5]))}")
        if absent:
            parts.append(f"absent here: {', '.join(map(repr, absent[:5]))}")
        return "; ".join(parts) + ". Correct the file or give a profile with --profile."


def load_profiles(folder: Path) -> ProfileSet:
    """Read every profile of a folder; two with one header or one name are refused."""
    loaded = tuple(read_profile(path) for path in sorted(folder.glob("*.toml")))
    checks: tuple[tuple[str, list[Any]], ...] = (("name", [p.name for p in loaded]), ("header", [p.header for p in loaded]))
    for name, values in checks:
        twice = [v for v in values if values.count(v) > 1]
        if twice:
            raise Invalid(f"{folder}: two import profiles have the same {name}: {twice[0]}.", remedy="Keep one of them.")
    return ProfileSet(loaded)


def read_profile(path: Path) -> ImportProfile:
    """Read one profile; name the file and the key of whatever is wrong with it."""
    try:
        raw = path.read_bytes()
        tree = tomllib.loads(raw.decode("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(f"{path.name}: not a readable TOML file: {error}", remedy="Correct the profile.") from error
    columns = tree.pop("columns", None)
    if not isinstance(columns, dict) or not columns:
        raise Invalid(f"{path.name}: [columns.…] is missing.", remedy="Describe each column of the file.")
    rules = tuple(_rule(path, header, rule) for header, rule in columns.items())
    known = {f.name for f in fields(ImportProfile)} - {"columns", "sha256"}
    _check_keys(path, "", tree, known)
    _check_types(path, tree)
    for name in ("name", "version", "title", "kind", "key"):
        if name not in tree:
            raise Invalid(f"{path.name}: key '{name}' is missing.", remedy="See the format in the documentation.")
    made = {rule.field for rule in rules}
    dates = tree.get("date", [])
    dates = (dates,) if isinstance(dates, str) else tuple(dates)
    batch = ("batch",) if any(rule.attribute for rule in rules) else ()  # a measurement belongs to the row's batch
    for name in (*tree["key"], *dates, *batch, *(tree[k] for k in ("product", "strength") if k in tree)):
        if name not in made:
            raise Invalid(f"{path.name}: field '{name}' is used but no column makes it.", remedy="Add the column.")
    targets = [rule.target for rule in rules]
    twice = [target for target in targets if targets.count(target) > 1]
    if twice:
        raise Invalid(f"{path.name}: two columns make '{twice[0]}'.", remedy="Give each column a name of its own.")
    _check_labels(path, rules)
    _check_patterns(path, rules, tree.get("months", {}))
    listed = {"key": tuple(tree["key"]), "missing": tuple(tree.get("missing", ("",))), "date": dates}
    return ImportProfile(**{**tree, **listed}, columns=rules, sha256=hashlib.sha256(raw).hexdigest())


def _check_types(path: Path, tree: dict[str, Any]) -> None:
    lists, integers, flags, tables = {"key", "missing"}, {"version"}, {"synthetic"}, {"months"}
    for key, value in tree.items():
        if key == "date" and isinstance(value, list):
            continue
        wanted = (
            list if key in lists else int if key in integers else bool if key in flags else dict if key in tables else str
        )
        if not isinstance(value, wanted):
            raise Invalid(f"{path.name}: key '{key}' must be a {wanted.__name__}.", remedy="Correct the profile.")


def _check_labels(path: Path, rules: Sequence[ColumnRule]) -> None:
    labels = [rule.label for rule in rules if rule.label]
    for rule in rules:
        where = f"{path.name}: columns.{rule.header}: the label"
        if rule.label and rule.attribute is None:
            raise Invalid(f"{where} is of no measurement.", remedy="Only attributes have a label.")
        if rule.label and not LABEL.fullmatch(rule.label):
            raise Invalid(
                f"{where} {rule.label[:LONGEST_LABEL]!r} cannot be printed.",
                remedy=f"Use letters, digits, spaces and , . ( ) / % + - only, at most {LONGEST_LABEL}, beginning with a letter.",
            )
        if labels.count(rule.label) > 1:
            raise Invalid(f"{where} {rule.label!r} is given twice.", remedy="Give each attribute a label of its own.")


def _check_patterns(path: Path, rules: Sequence[ColumnRule], months: Mapping[str, int]) -> None:
    for rule in rules:
        try:
            re.compile(rule.pattern or "")
            if rule.format is not None:
                date_reader(rule.format, months=months)
        except (re.error, ValueError) as error:
            raise Invalid(f"{path.name}: columns.{rule.header}: {error}.", remedy="Correct the pattern.") from error
        if rule.format is not None and rule.type not in ("date", "month", "datetime"):
            raise Invalid(f"{path.name}: columns.{rule.header}: only dates have a format.", remedy="Remove 'format'.")
        if rule.type == "enum" and not rule.values:
            raise Invalid(f"{path.name}: columns.{rule.header}: an enum needs 'values'.", remedy="List them.")


def _check_keys(path: Path, where: str, tree: Mapping[str, Any], known: set[str]) -> None:
    for key in tree:
        if key not in known:
            raise Invalid(f"{path.name}: unknown key '{where}{key}'.", remedy=f"Known keys: {', '.join(sorted(known))}.")


def _rule(path: Path, header: str, rule: Any) -> ColumnRule:
    if not isinstance(rule, dict):
        raise Invalid(f"{path.name}: columns.{header} must be a table.", remedy="See the format in the documentation.")
    _check_keys(path, f"columns.{header}.", rule, {f.name for f in fields(ColumnRule)} - {"header"})
    if ("field" in rule) == ("attribute" in rule):
        raise Invalid(f"{path.name}: columns.{header} needs either 'field' or 'attribute'.", remedy="Give one of them.")
    if rule.get("type", "text") not in TYPES:
        raise Invalid(f"{path.name}: columns.{header}: unknown type {rule['type']!r}.", remedy=f"Types: {', '.join(TYPES)}.")
    if "attribute" in rule and rule.get("type") not in ("decimal", "integer"):
        raise Invalid(f"{path.name}: columns.{header}: a measurement is a number.", remedy="Use type decimal or integer.")
    if not isinstance(rule.get("label", ""), str):
        raise Invalid(f"{path.name}: columns.{header}: the label must be a text.", remedy="Correct the profile.")
    return ColumnRule(header=header, **{**rule, "values": tuple(rule.get("values", ()))})
