r"""Import profiles: how the columns of a file become records and measurements, as data under change control.

A profile is a TOML file, found by the exact header of the file it reads. Where several know one header, a person names the one that
is meant, or its `files` fit the file's name; else the one without `files` reads it, and where that leaves several the file is refused::

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
    files = ["lab2_*.csv"]         # names of the files that it reads, where others know the same header (optional)
    synthetic = false              # true: every record is labelled synthetic
    months = { nov = 11, maj = 5 } # month names, for columns of type month (optional)
    layout = "rows"                # or "columns" (the header in the first column), "form" or "long" (below)
    header_row = 4                 # row in which the header stands (optional: else it is looked for from the top)
    units_row = false              # true: the row below the header repeats the units; another unit refuses the file
    skip_rows_starting = ["Total"] # rows whose first filled cell begins with this word are no records (optional)

    [columns.batch]                # the header, letter for letter
    field = "batch"                # a field of the record ...
    type = "integer"

    [columns.dissolution_av]
    attribute = "dissolution_av"   # ... or a measurement of the batch
    type = "decimal"
    label = "dissolution (average)"  # how people call it, as a report prints it; the header stays its name (optional)
    unit = "%"
    group = "finished product"     # where it is measured, one of `importprofile.GROUPS`: no section of a review speaks of it without
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
Under the unit "%" a number may carry the sign ("98.5 %"), and a spreadsheet's cell that is shown as per cent is what is shown.

Rows above the header, of units, and those that `skip_rows_starting` names are counted apart and listed with the import.

In a long table each row names an attribute of a batch and gives its value: the row is a record as in other tables, and its value a
measurement of the batch too, whose cells are counted once::

    layout = "long"
    attribute = ["step", "parameter"]   # fields whose texts make the attribute's name, joined by "/"; what is empty is left out
    value = "value"                     # field with the value; its column may have a group, and a unit where no field has it
    unit = "unit"                       # field with the unit (optional)
    numbers = { data_type = ["double"] }  # rows that hold a number though they have no unit, where rows say what they hold (optional)

Where the value's column is of a number's type every row measures; where it is text, every row does whose value reads as a number: without
a unit, or with a dash for it, as a number without a dimension. A profile with `numbers` takes only rows with a unit, or that `numbers`
names: other digits may be an identifier or a code. A value of a row that has to be a number, and is none, is refused; what else did not
measure stays text of its record, and the import notes how many and where. A measurement whose row has no batch is refused. An attribute that a batch has several times is named "... #2" from
the second time on; a second unit of one attribute is refused.

In a form each column's header is a label, letter for letter without its colon, as in "Batch No.: 0117 | Start: 2020-05-04" or in
a cell with the value in the next one; the form is one record. A form is known by all its labels, but those with `optional = true`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from audit.errors import Invalid
from corpus.importprofile import IN_ROWS, ImportProfile, Layout
from corpus.profile_toml import parse

LEAST_ALIKE = 1 / 4  # of the columns of two headers, below which a profile is no hint


@dataclass(frozen=True)
class ProfileSet:
    """The released profiles; `digest` is part of the configuration fingerprint."""

    profiles: tuple[ImportProfile, ...]

    @property
    def digest(self) -> str:
        """Return a hash over every profile's text."""
        joined = "\n".join(sorted(f"{p.name}:{p.sha256}" for p in self.profiles))
        return "sha256:" + hashlib.sha256(joined.encode()).hexdigest()

    def of(self, *layouts: Layout) -> "ProfileSet":
        """Return the profiles of some layouts."""
        return ProfileSet(tuple(p for p in self.profiles if p.layout in layouts))

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
        same = [profile for profile in self.profiles if profile.header == tuple(header)]
        if same:
            return pick(same, file=file)
        raise Invalid(f"{file}: no import profile knows this header.", remedy=self._closest(header))

    def _closest(self, header: Sequence[str]) -> str:
        if not self.profiles:
            return "No profile is installed; give one with --profile."
        best = max(self.profiles, key=lambda p: _alike(p.header, header))
        if len(self.profiles) > 1 and _alike(best.header, header) < LEAST_ALIKE:
            held = ", ".join(map(repr, header[:5]))
            return (
                f"None is near {held}: propose one (`verascribe profile propose`), confirm it, or give one with --profile."
            )
        unknown = [h for h in header if h not in best.header]
        absent = [h for h in best.header if h not in header]
        parts = [f"Closest is '{best.name}'"]
        if unknown:
            parts.append(f"unknown here: {', '.join(map(repr, unknown[:5]))}")
        if absent:
            parts.append(f"absent here: {', '.join(map(repr, absent[:5]))}")
        return "; ".join(parts) + ". Correct the file or give a profile with --profile."


def _alike(known: Sequence[str], header: Sequence[str]) -> float:
    """Return the share of the columns of two headers that both have."""
    either = {*known, *header}
    return len(set(known) & set(header)) / len(either) if either else 0.0


def load_profiles(folder: Path) -> ProfileSet:
    """Read every profile of a folder; two of one name, or of one header and the same `files`, are refused."""
    return distinct(tuple(read_profile(path) for path in sorted(folder.glob("*.toml"))), where=str(folder))


def distinct(profiles: tuple[ImportProfile, ...], *, where: str) -> ProfileSet:
    """Return the profiles as a set; raise Invalid where two have one name, or one header with nothing that tells their files apart."""
    headers = [(header_of(p), p.files) for p in profiles]
    checks: tuple[tuple[str, list[Any]], ...] = (("name", [p.name for p in profiles]), ("header", headers))
    for name, values in checks:
        twice = [p.name for p, value in zip(profiles, values, strict=True) if values.count(value) > 1]
        if twice:
            raise Invalid(
                f"{where}: two import profiles have the same {name}: {', '.join(twice)}.",
                remedy="Keep one of them." if name == "name" else "Keep one, or say in `files` which file names each reads.",
            )
    return ProfileSet(profiles)


def alone(profile: ImportProfile) -> ProfileSet:
    """Return the set of one profile that was named or picked: its `files` say nothing any more."""
    return ProfileSet((replace(profile, files=()),))


def pick(candidates: Sequence[ImportProfile], *, file: str) -> ImportProfile:
    """Return which of several profiles of one header reads a file: the one whose `files` fit its name, else the one without `files`.

    Raise Invalid with their names where that is none or several: no file is read by one of them by chance.
    """
    fitting = [p for p in candidates if any(fnmatchcase(file, glob) for glob in p.files)]
    left = fitting or [p for p in candidates if not p.files]
    if len(left) == 1:
        return left[0]
    if left:
        told = f"{len(left)} import profiles read this header: {', '.join(p.name for p in left)}"
    else:
        named = "; ".join(f"{p.name} ({', '.join(p.files)})" for p in candidates)
        told = f"its header is known, but only in files of other names: {named}"
    raise Invalid(
        f"{file}: {told}.",
        remedy="Name the profile to read it by (--profile), or say in `files` of each which file names it reads.",
    )


def header_of(profile: ImportProfile) -> tuple[str, ...]:
    """Return what a profile is known by: its layout and header; of a form, its labels in whatever order."""
    layout = Layout.ROWS if profile.layout in IN_ROWS else profile.layout
    return (str(layout), *(sorted(profile.header) if profile.layout is Layout.FORM else profile.header))


def read_profile(path: Path) -> ImportProfile:
    """Read one profile from a file; name the file and the key of whatever is wrong with it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path.name}: cannot be opened: {error}", remedy="Check the file.") from error
    return parse(raw, file=path.name)
