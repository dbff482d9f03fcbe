"""What decides that a record belongs to the period, kind by kind, and under which name each attribute was taken from which column. Pure."""

from collections import Counter
from collections.abc import Sequence

from corpus.importprofile import GROUPS
from corpus.model import Record
from drafting.evidence import listed
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.kinds import LISTINGS, kind_title, label
from drafting.evidence.scope import UNDATED, Loaded, deciding_span
from drafting.model import Table

FOLLOWS = {
    "batch_disposition": "that of its batch",
    "material_lot": "that of the batches that used the lot",
    "specification": "none: in force on the day of manufacture of each batch",
}
MOST_NAMED = 6
DATES = ("Records", "Date that decides", "Of the product", "In the period", "Too coarse: left to a person")
NAMES = ("Attribute", "Name in the report", "Source column", "File", "Unit")


def method(loaded: Loaded, into: Collected) -> None:
    """State the date that decides each kind's period, and which column of which file each attribute is."""
    kinds = [k for k in ("batch", *LISTINGS) if loaded.of(k)]
    rows = tuple(_row(loaded, kind) for kind in kinds)
    coarse = sum(int(row[-1]) for row in rows)
    into.add_facts(
        [
            count_fact(
                "scope.too_coarse",
                coarse,
                len(rows),
                "records whose date does not say on which side of the period's edge they lie",
            )
        ]
    )
    if rows:
        first, last = loaded.scope.period_from, loaded.scope.period_to
        note = f"A record belongs to the period {first} to {last} where that date lies in it, or may lie in it."
        into.tables.append(Table("dates", "Which date decides", DATES, rows, ("",) * len(rows), note))
    into.notes += [f"Names of {name} stay apart: {reason}." for name, reason in sorted(loaded.harmonised.refused.items())]
    ungrouped = [loaded.label(a) for a in sorted(loaded.measurements) if loaded.groups.get(a, "") not in GROUPS]
    if ungrouped:
        more = f" and {len(ungrouped) - MOST_NAMED} more" if len(ungrouped) > MOST_NAMED else ""
        into.notes.append(
            f"No section speaks of {', '.join(ungrouped[:MOST_NAMED])}{more}: no import profile gives a group that a section is about."
        )
    named = tuple(_names(loaded))
    into.add_facts(
        [count_fact("scope.attributes", len({row[0] for row in named}), len(named), "attributes measured in the period")]
    )
    if named:
        note = "Import profiles name the columns; columns of several files under one name are one attribute."
        joined = {row[0] for row in named if loaded.harmonised.joined(row[0])}
        if joined:
            note += f" Version {loaded.harmonised.version} of the site's attribute map joins the names of {', '.join(sorted(joined))}."
        into.tables.append(
            Table("attribute_names", "Attributes and the columns they stand for", NAMES, named, ("",) * len(named), note)
        )


def _row(loaded: Loaded, kind: str) -> tuple[str, ...]:
    every = loaded.of(kind)
    found = loaded.batches if kind == "batch" else listed.used(loaded, kind)
    coarse = sum(map(loaded.undecidable, every))
    return (kind_title(kind), decides(kind, every), str(len(every)), str(len(found)), str(coarse))


def decides(kind: str, found: Sequence[Record]) -> str:
    """Return the date by which records of a kind belong to a period, in words."""
    if kind in FOLLOWS:
        return FOLLOWS[kind]
    if kind in UNDATED:
        return "none: the register as it stands"
    dated = [r for r in found if deciding_span(r)[0]]
    if not dated:
        return "none stated: all count"
    if kind == "utility":
        return "period of the summary"
    agree = Counter(name for r in dated for name, text in r.fields.items() if text and text.startswith(r.date or "-"))
    name = max(agree, key=lambda n: agree[n], default="")
    told = label(name).lower() if name else "start of manufacture" if kind == "batch" else "its date"
    precision = {r.date_precision for r in dated}
    told += " (month only)" if precision == {"month"} else ""
    if kind == "change_control" and len(dated) < len(found):
        told += ", else proposed or opened on"
    return f"{told}, open until closed on" if kind == "capa" else told


def _names(loaded: Loaded) -> list[tuple[str, ...]]:
    seen: dict[tuple[str, ...], None] = {}
    for attribute, measured in loaded.measurements.items():
        for m in measured:
            seen.setdefault((attribute, loaded.label(attribute), m.column, m.document_name, m.unit or "-"))
    return sorted(seen)
