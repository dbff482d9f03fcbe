"""What an import profile says: the rules of its columns, and where in a file its rows stand. Pure; the format is told in `profiles`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

TYPES = ("text", "decimal", "integer", "date", "month", "datetime", "enum", "list")
NUMBERS = ("decimal", "integer")  # of them, those of measurements
QUALITY_GROUPS = (
    "finished product",
)  # stages of manufacture, by the section of a review that speaks of what is measured there
PROCESS_GROUPS = (
    "in-process, tablet core", "in-process, film-coated tablet", "derived", "tablet press", "yield", "process parameter", "in-process test",
)  # fmt: skip
MATERIAL_GROUPS = ("raw material",)
GROUPS = (*QUALITY_GROUPS, *PROCESS_GROUPS, *MATERIAL_GROUPS)
GROUPS_TOLD = (
    f"'{QUALITY_GROUPS[0]}' (finished product quality), {', '.join(map(repr, PROCESS_GROUPS))} (critical process parameters), "
    f"'{MATERIAL_GROUPS[0]}' (starting materials, read once a lot)"
)


class Layout(StrEnum):
    """How a file's records lie on the page."""

    ROWS = "rows"  # a header, and a record in each row below it
    LONG = "long"  # the same, and each row names an attribute of a batch and gives its value
    COLUMNS = "columns"  # the header in the first column, and a record in each column beside it
    FORM = "form"  # labels with their values beside them: one record


IN_ROWS = (Layout.ROWS, Layout.LONG)  # whose header is a row


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
    optional: bool = False

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
    layout: Layout = Layout.ROWS
    delimiter: str = ";"
    encoding: str = "utf-8-sig"
    decimal_mark: str = "."
    missing: tuple[str, ...] = ("",)
    header_row: int | None = None
    units_row: bool = False
    skip_rows_starting: tuple[str, ...] = ()
    product: str | None = None
    strength: str | None = None
    date: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    attribute: tuple[str, ...] = ()
    value: str | None = None
    unit: str | None = None
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synthetic: bool = False
    months: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Return the header that the profile reads; of a form, its labels."""
        return tuple(rule.header for rule in self.columns)

    @property
    def label(self) -> str:
        """Return name and version, as kept with each import."""
        return f"{self.name}/{self.version}"

    @cached_property
    def fielded(self) -> tuple[ColumnRule, ...]:
        """Return the columns that become a field of the record."""
        return tuple(rule for rule in self.columns if rule.field)

    @cached_property
    def measured(self) -> tuple[ColumnRule, ...]:
        """Return the columns that become a measurement of the row's batch."""
        return tuple(rule for rule in self.columns if rule.attribute)

    @property
    def ungrouped(self) -> tuple[str, ...]:
        """Return the headers of measurements of which no section of a review speaks, since their group is none or an unknown one."""
        held = (rule for rule in self.columns if rule.attribute or (self.layout is Layout.LONG and rule.field == self.value))
        return tuple(rule.header for rule in held if rule.group not in GROUPS)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Return the fields without which a row cannot be placed."""
        return frozenset({*self.key, *self.date, *(name for name in (self.product, self.strength) if name)})
