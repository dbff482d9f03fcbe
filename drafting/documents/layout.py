"""Decide where each table and chart of a report is printed: in full once, and referred to from every other section. Pure.

Several sections rest on the same evidence. Printed in each of them it would bury what differs, so that the section whose subject
it is prints it, and the others name it and lead there.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from drafting.model import Chart, Table
from drafting.readmodel import SectionView

# Section keys that print a table of this id, first choice first; any other table stands where it is first used.
HOMES = {
    "sources": ("scope_and_method", "attachments"),
    "event_log": ("timeline",),
    "capa": ("capa_effectiveness", "capa"),
    "oos": ("oos_oot", "additional_testing"),
    "batch_disposition": ("batch_census", "disposition_statement"),
}
CHARTS = ("finished_product_quality", "critical_process_parameters", "data_review")
SUMMARY = "executive_summary"  # says what stands elsewhere, so it prints evidence only where nobody else does


T = TypeVar("T", Table, Chart)


@dataclass(frozen=True)
class Shown(Generic[T]):
    """A table or chart under the number that the document gives it."""

    number: str
    anchor: str
    item: T

    @property
    def name(self) -> str:
        """Return the number as text refers to it."""
        return f"{'Table' if isinstance(self.item, Table) else 'Figure'} {self.number}"


@dataclass(frozen=True)
class Part:
    """What one section prints in full, and what it refers to."""

    tables: tuple[Shown[Table], ...] = ()
    charts: tuple[Shown[Chart], ...] = ()
    tables_elsewhere: tuple[Shown[Table], ...] = ()
    charts_elsewhere: tuple[Shown[Chart], ...] = ()


def layout(sections: Sequence[SectionView]) -> Mapping[str, Part]:
    """Return for each section (by id) what it prints and what it refers to."""
    tables = _placed(sections, {s.summary.id: s.tables for s in sections}, "table", lambda table: HOMES.get(table.id, ()))
    charts = _placed(sections, {s.summary.id: s.charts for s in sections}, "figure", lambda _: CHARTS)
    return {key: Part(tables[key][0], charts[key][0], tables[key][1], charts[key][1]) for key in tables}


def _placed(
    sections: Sequence[SectionView],
    items: Mapping[str, Sequence[T]],
    word: str,
    wanted: Callable[[T], Sequence[str]],
) -> dict[str, tuple[tuple[Shown[T], ...], tuple[Shown[T], ...]]]:
    """Return for each section what of one sort it prints, and what it refers to."""
    users: dict[object, list[SectionView]] = {}
    for section in sections:
        for item in items[section.summary.id]:
            users.setdefault(_content(item), []).append(section)
    shown: dict[object, Shown[T]] = {}
    homes: dict[object, str] = {}
    counted: Counter[str] = Counter()
    for section in sections:
        for item in items[section.summary.id]:
            content = _content(item)
            homes.setdefault(content, _home(users[content], wanted(item)))
            if homes[content] == section.summary.id and content not in shown:
                counted[section.summary.id] += 1
                number = f"{section.summary.number}-{counted[section.summary.id]}"
                shown[content] = Shown(number, f"{word}_{number}".replace("-", "_"), item)
    found = {}
    for key, listed in items.items():
        contents = dict.fromkeys(map(_content, listed))
        own = tuple(shown[c] for c in contents if homes[c] == key)
        found[key] = own, tuple(shown[c] for c in contents if homes[c] != key)
    return found


def _home(users: Sequence[SectionView], wanted: Sequence[str]) -> str:
    keys = {section.summary.key: section.summary.id for section in reversed(users)}
    first = next((s.summary.id for s in users if s.summary.key != SUMMARY), users[0].summary.id)
    return next((keys[key] for key in wanted if key in keys), first)


def _content(item: Table | Chart) -> object:
    """Return what makes two tables or charts the same to a reader."""
    return (item.title, item.columns, item.rows) if isinstance(item, Table) else item
