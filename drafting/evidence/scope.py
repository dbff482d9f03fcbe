"""What a report is about, and everything of the corpus that falls into it, read at one moment.

What is in scope is decided from the store, never from retrieval. A date that is too coarse to decide (a month at a
period's edge) leaves its record unaccounted until a person decides.
"""

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache

from sqlalchemy import Connection

from corpus import clashes, plausibility, records, standing
from corpus.clashes import Clash
from corpus.model import Measurement, Record, page_of
from corpus.plausibility import Contradiction
from corpus.related import Shelf, shelf
from drafting import configuration
from drafting.chart_decisions import ChartDecisions, decisions_of
from drafting.evidence.harmonised import Harmonised, harmonise, renamed
from drafting.model import Evidence


@dataclass(frozen=True)
class ReportScope:
    """Product, period (ISO days, both included), strength and, of a deviation report, the deviation; and what was excluded."""

    id: str
    kind: str
    product: str
    period_from: str
    period_to: str
    strength: str | None = None
    subject: str | None = None
    exclusions: frozenset[str] = frozenset()  # "KIND/IDENTIFIER"
    inclusions: frozenset[str] = frozenset()  # what a person took in, though its date does not decide


@dataclass(frozen=True)
class Loaded:
    """The corpus as one report sees it: records of the product by kind, batches in order of manufacture, their measurements."""

    scope: ReportScope
    records: Mapping[str, tuple[Record, ...]]
    batches: tuple[Record, ...]
    measurements: Mapping[str, tuple[Measurement, ...]]  # attribute -> in order of manufacture
    groups: Mapping[str, str]  # attribute -> stage of manufacture
    contradictions: tuple[Contradiction, ...]
    shelf: Shelf = field(default_factory=Shelf)  # passages that may stand beside a section as context
    as_of: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)  # attribute -> how people call it
    clashes: tuple[Clash, ...] = ()  # what current sources say differently of a record, or of a result of a batch in scope
    earlier: Mapping[str, tuple[Measurement, ...]] = field(
        default_factory=dict
    )  # as `measurements`, of the 12 months before
    charts: ChartDecisions = field(default_factory=ChartDecisions)  # what people decided about control charts
    reference: Mapping[tuple[str, str], Mapping[str, tuple[Measurement, ...]]] = field(
        default_factory=dict
    )  # as `measurements`, of the period of each approved baseline
    elsewhere: tuple[Record, ...] = ()  # batches of other products, where a deviation asks what they share
    disposed_elsewhere: tuple[Record, ...] = ()  # what was decided on those batches
    events_elsewhere: tuple[Record, ...] = ()  # deviations of other products, where a deviation asks for events like it
    harmonised: Harmonised = field(default_factory=Harmonised)  # what the site's attribute map joined
    left_out: tuple[Record, ...] = ()  # batches of the period that a person excluded
    refused: Mapping[str, int] = field(default_factory=dict)  # document -> cells of it that were refused at import
    sources: frozenset[str] | None = None  # kinds of which a current document holds records; None: not asked

    def of(self, kind: str) -> tuple[Record, ...]:
        """Return the product's records of a kind, whatever their date."""
        return self.records.get(kind, ())

    def has_source(self, kind: str) -> bool:
        """Tell whether a file of a kind was imported, whatever its product: without one, no record says nothing of the plant."""
        return self.sources is None or kind in self.sources or kind in self.records

    def label(self, attribute: str) -> str:
        """Return how people call an attribute, or the header of its source column in quotes where no profile says."""
        found = (*self.measurements.get(attribute, ()), *self.earlier.get(attribute, ()))
        own = found and found[0].column not in self._shared_columns
        return self.labels.get(attribute) or f'"{found[0].column if own else attribute}"'

    @cached_property
    def _shared_columns(self) -> frozenset[str]:
        """Return the columns that hold the values of several attributes, as of a table with one result a row: they name none."""
        seen = {(found[0].column, a) for of in (self.measurements, self.earlier) for a, found in of.items() if found}
        columns = Counter(column for column, _ in seen)
        return frozenset(column for column, attributes in columns.items() if attributes > 1)

    def title(self, attribute: str) -> str:
        """Return an attribute as a table names it: what people call it, and its source column."""
        return titled(self.labels.get(attribute, ""), attribute)

    def attribute_of(self, record: Record) -> str:
        """Return the attribute that a record names, under the site's name where its attribute map joins it."""
        return self.harmonised.name(record.get("attribute"))

    @cached_property
    def specifications(self) -> Mapping[str, tuple[Record, ...]]:
        """Return the specifications of each attribute, in their order."""
        found: dict[str, list[Record]] = {}
        for record in self.of("specification"):
            found.setdefault(self.attribute_of(record), []).append(record)
        return {attribute: tuple(stated) for attribute, stated in found.items()}

    @property
    def known(self) -> bool:
        """Tell whether any record names the product; a deviation may name none, as of a lot that went into several."""
        return bool(self.scope.subject) or any(
            r.product == self.scope.product for found in self.records.values() for r in found
        )

    @property
    def before(self) -> tuple[str, str]:
        """Return the first and last day of the 12 months before the period."""
        return months_before(self.scope.period_from), _day_before(self.scope.period_from)

    def in_scope(self, kind: str) -> tuple[Record, ...]:
        """Return the records of a kind that fall into the period by the date of their kind, undecidable ones included."""
        if kind == "batch":
            return self.batches
        return tuple(r for r in self.of(kind) if self._falls_in(r)[0])

    def undecidable(self, record: Record) -> bool:
        """Tell whether the date that decides is too coarse to say on which side of the period's edge it lies, and nobody said."""
        return record.kind not in FOLLOWING and self.coarse(record)

    def coarse(self, record: Record) -> bool:
        """Tell whether a record's own date may lie on both sides of the period's edge, and no person took it in."""
        if f"{record.kind}/{record.identifier}" in self.scope.inclusions:
            return False
        may, must = self._falls_in(record)
        return may and not must

    def _falls_in(self, record: Record) -> tuple[bool, bool]:
        """Tell whether a record may lie in the period by the date that decides its kind, and whether it must."""
        first, last = deciding_span(record)
        if record.kind in UNDATED or not first:
            return True, not any(record.get(name) for name in INSTEAD.get(record.kind, ()))  # written, and not to be read
        start, end = self.scope.period_from, self.scope.period_to
        if record.kind == "capa":  # one that was open in the period belongs to it, whenever it was opened
            closed_first, closed_last = written_span(record.get("closed_on"))
            return first <= end and (closed_last or LATER) >= start, last <= end and (closed_first or LATER) >= start
        return first <= end and last >= start, start <= first and last <= end


LATER = "9999"
FOLLOWING = frozenset({"batch_disposition", "material_lot", "specification"})  # what no date of their own places
INSTEAD = {  # kind: fields that place a record without a date
    "change_control": ("proposed_on", "opened_on"), "utility": ("period",),
}  # fmt: skip
NARRATIVE = ("sop", "deviation_narrative", "narrative", "deviation", "capa", "change_control", "complaint")
UNDATED = frozenset({"equipment", "validation", "agreement", "commitment", "previous_action", "product"})


def titled(label: str, attribute: str) -> str:
    """Return what people call an attribute with the name of its source column."""
    return f"{label[:1].upper()}{label[1:]} · {attribute}" if label and label != attribute else attribute


def months_before(day: str, months: int = 12) -> str:
    """Return the day so many months before; the last of a shorter month."""
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}-{min(int(day[8:10]), calendar.monthrange(year, month + 1)[1]):02d}"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def span_of(record: Record) -> tuple[str, str]:
    """Return the first and last day that a record's date may mean; empty where it has none."""
    return _span(record.date or "", record.date_precision)


def deciding_span(record: Record) -> tuple[str, str]:
    """Return the first and last day of what places a record: its date, or what stands for it; empty where nothing does."""
    if record.date:
        return span_of(record)
    return next((span for name in INSTEAD.get(record.kind, ()) if (span := written_span(record.get(name)))[0]), ("", ""))


def written_span(text: str) -> tuple[str, str]:
    """Return the first and last day that a written day, month, year or "first/last" ("first to last") may mean; empty where it is none."""
    first, *rest = _BETWEEN.split(text.strip(), maxsplit=1)
    last = rest[0] if rest and rest[0] else first
    spans = [_span(part[:10], PRECISIONS.get(len(part[:10]))) for part in (first, last) if _DATE.match(part)]
    return (spans[0][0], spans[1][1]) if len(spans) == 2 else ("", "")  # noqa: PLR2004 - both ends


PRECISIONS = {len("2020"): "year", len("2020-05"): "month"}
_BETWEEN = re.compile(r"\s*/\s*|\s*–\s*|\s+(?:to|until|-)\s+")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d(T.*)?)?)?$")


@lru_cache(maxsize=4096)
def _span(date: str, precision: str | None) -> tuple[str, str]:
    if precision == "month":
        year, month = int(date[:4]), int(date[5:7])
        return f"{date}-01", f"{date}-{calendar.monthrange(year, month)[1]:02d}"
    if precision == "year":
        return f"{date}-01-01", f"{date}-12-31"
    return date[:10], date[:10]


def load(conn: Connection, scope: ReportScope) -> Loaded:
    """Read everything that a report of this scope may rest on."""
    by_kind: dict[str, list[Record]] = {}
    for record in records.current_records(conn, product=scope.product):
        if scope.strength is None or record.strength in (None, "", "*", scope.strength) or record.kind != "batch":
            by_kind.setdefault(record.kind, []).append(record)
    around = [b for b in by_kind.get("batch", []) if _overlaps(b, scope)]
    batches = [b for b in around if f"batch/{b.identifier}" not in scope.exclusions]
    order = {b.identifier: i for i, b in enumerate(batches)}
    every = records.every_measurement(conn, product=scope.product, primary_only=False)
    inside = [m for m in every if m.batch in order]  # also what is not in force: it may say something else
    between = list(clashes.of_measurements(inside))
    unsettled = tuple(clashes.undecided(conn, (*clashes.of_records(conn), *between)))
    made = by_kind.get("batch", [])
    charts = decisions_of(conn, scope.product, scope.strength or "")
    groups: dict[str, str] = {}
    labels: dict[str, str] = {}
    refused: dict[str, int] = {}
    documents = records.documents(conn)
    for document in documents:
        groups.update({k: v for k, v in document.groups.items() if k not in groups or not groups[k]})
        labels = {**document.labels, **labels}
        refused[document.id] = document.balance.refused
    stated = [r for kind in NAMING for r in by_kind.get(kind, ())]
    joined = harmonise(configuration.attribute_map_in(conn), scope.product, every, stated)
    for name, meant in joined.names.items():
        groups[meant.attribute] = groups.get(meant.attribute) or groups.get(name, "")
        labels[meant.attribute] = meant.label or meant.attribute
    return Loaded(
        scope=scope,
        records={kind: tuple(found) for kind, found in by_kind.items()},
        batches=tuple(batches),
        measurements=_by_attribute(inside, order, joined),
        earlier=_earlier(every, made, scope, joined),
        charts=charts,
        reference={period: _between(every, made, period, joined) for period in charts.periods},
        elsewhere=_elsewhere(conn, scope, "batch"),
        disposed_elsewhere=_elsewhere(conn, scope, "batch_disposition"),
        events_elsewhere=_elsewhere(conn, scope, "deviation"),
        groups=groups,
        labels=labels,
        contradictions=tuple(plausibility.contradictions(_counting(inside, between, unsettled))),
        clashes=unsettled,
        shelf=shelf(conn, product=scope.product, kinds=NARRATIVE),
        as_of=records.sequence(conn),
        harmonised=joined,
        left_out=tuple(b for b in around if b.identifier not in order),
        refused=refused,
        sources=frozenset(document.kind for document in documents) if scope.subject is None else None,
    )


NAMING = ("specification", "stability_result", "oos", "oot")  # kinds whose records name an attribute


def _by_attribute(
    found: Sequence[Measurement], order: Mapping[str, int], joined: Harmonised
) -> dict[str, tuple[Measurement, ...]]:
    """Return what counts of each attribute, in order of manufacture."""
    measured: dict[str, list[Measurement]] = {}
    for m in renamed(joined, standing.in_force(found)):
        if m.primary:
            measured.setdefault(m.attribute, []).append(m)
    return {a: tuple(sorted(ms, key=lambda m: order[m.batch])) for a, ms in measured.items()}


def _earlier(
    every: Sequence[Measurement], batches: Sequence[Record], scope: ReportScope, joined: Harmonised
) -> dict[str, tuple[Measurement, ...]]:
    """Return the measurements of the 12 months before the period, without what contradicts itself; a batch of neither side alone is left out."""
    first, last = months_before(scope.period_from), _day_before(scope.period_from)
    order = _order(batches, first, last)
    found = [m for m in every if m.batch in order]
    wrong = {joined.name(a) for contradiction in plausibility.contradictions(found) for a in contradiction.attributes}
    return {a: ms for a, ms in _by_attribute(found, order, joined).items() if a not in wrong}


def _between(
    every: Sequence[Measurement], batches: Sequence[Record], period: tuple[str, str], joined: Harmonised
) -> dict[str, tuple[Measurement, ...]]:
    """Return the measurements of the batches that lie within a period; a batch at its edge that may be of either side is left out."""
    order = _order(batches, *period)
    return _by_attribute([m for m in every if m.batch in order], order, joined)


def _order(batches: Sequence[Record], first: str, last: str) -> dict[str, int]:
    return {b.identifier: i for i, b in enumerate(batches) if within(b, first, last)}


def within(record: Record, first: str, last: str) -> bool:
    """Tell whether a record lies within a period, whatever its date means."""
    start, end = span_of(record)
    return first <= start and end <= last


def _elsewhere(conn: Connection, scope: ReportScope, kind: str) -> tuple[Record, ...]:
    """Return the records of a kind that name another product; those that name none pass every filter of product already."""
    if scope.subject is None:
        return ()
    return tuple(r for r in records.current_records(conn, kind=kind) if r.product not in (None, "", "*", scope.product))


def _counting(inside: Sequence[Measurement], between: Iterable[Clash], unsettled: Iterable[Clash]) -> Sequence[Measurement]:
    """Leave out of each result that a person decided what the sources say that were not chosen."""
    settled = {clash.identifier for clash in between} - {
        clash.identifier for clash in unsettled if clash.kind == standing.RESULT
    }
    if not settled:
        return inside
    chosen = set(map(id, standing.in_force(inside)))
    return [m for m in inside if id(m) in chosen or f"{m.batch}/{m.attribute}" not in settled]


def _overlaps(record: Record, scope: ReportScope) -> bool:
    first, last = span_of(record)
    return bool(first) and first <= scope.period_to and last >= scope.period_from


def evidence(record: Record) -> Evidence:
    """Return a record as evidence of a pack."""
    return Evidence(
        kind=record.kind,
        identifier=record.identifier,
        fields=dict(record.fields),
        units={k: v for k, v in record.document.units.items() if k in record.fields and v},
        document=record.document.sha256,
        document_name=record.document.shown,
        document_id=record.document.id,
        row=record.row,
        columns={k: v for k, v in record.document.columns.items() if k in record.fields},
        synthetic=record.document.synthetic,
        page=page_of(record.row or 0, record.document.pages),
    )
