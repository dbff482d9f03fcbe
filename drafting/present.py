"""What the store says of a report today: each section's evidence built again, and the records that are in scope now.

Nothing is built before records came in or a person took one back in. What was built is kept by this process under what names it
(the store, its last document and decisions, the report's scope): documents are only ever added, so the same names give the same evidence.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import Connection, select

from corpus import records, standing
from corpus.tables import documents
from drafting import chart_decisions, configuration, lifecycle
from drafting.model import EvidencePack
from drafting.report_rows import ReportRow
from drafting.store import load_pack
from prompts.outline import Outline

if TYPE_CHECKING:
    from drafting.evidence.scope import Loaded, ReportScope

REPORTS_KEPT = 8  # a large product's year is about ten megabytes
V = TypeVar("V")


@dataclass(frozen=True)
class Present:
    """The corpus as a report sees it now; packs are built as they are asked for."""

    loaded: "Loaded"
    outline: Outline
    packs: dict[str, EvidencePack] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    def pack(self, key: str) -> EvidencePack:
        """Return the present evidence of a section."""
        from drafting.evidence.pack import pack_of  # noqa: PLC0415 - evidence is only built again where records changed

        if key not in self.packs:
            self.packs[key] = pack_of(self.loaded, self.outline.section(key))
        return self.packs[key]

    def sha256(self, key: str) -> str:
        """Return the hash of the present evidence of a section."""
        if key not in self.hashes:
            self.hashes[key] = self.pack(key).sha256
        return self.hashes[key]


class _Kept(Generic[V]):
    """What was made under a name, of the last few names."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, V] = OrderedDict()
        self._keeping = Lock()

    def of(self, name: Hashable, make: Callable[[], V]) -> V:
        with self._keeping:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        made = make()
        with self._keeping:
            self._held[name] = made
            while len(self._held) > REPORTS_KEPT:
                self._held.popitem(last=False)
        return made


_READ: "_Kept[Loaded]" = _Kept()
_BUILT: _Kept[Present] = _Kept()


def scope_of(report: ReportRow) -> "ReportScope":
    """Return what the report is about, as evidence is built from it."""
    from drafting.evidence.scope import ReportScope  # noqa: PLC0415 - as above

    left_out = frozenset(record for record, excluded in report.decided.items() if excluded)
    taken_in = frozenset(record for record, excluded in report.decided.items() if not excluded)
    return ReportScope(
        report.id, report.kind, report.product, report.period_from, report.period_to, report.strength or None,
        report.subject or None, left_out, taken_in,
    )  # fmt: skip


def present_of(conn: Connection, report: ReportRow, outline: Outline) -> Present:
    """Return what the store now says of a report."""
    scope = scope_of(report)
    name = (*_corpus(conn), chart_decisions.mark(conn, report.product), scope, outline.sha256)
    return _BUILT.of(name, lambda: Present(read(conn, scope), outline))


def read(conn: Connection, scope: "ReportScope") -> "Loaded":
    """Return everything that a report of this scope may rest on; what people decided about charts is read each time."""
    from drafting.evidence.scope import load  # noqa: PLC0415 - as above

    charts = chart_decisions.decisions_of(conn, scope.product, scope.strength or "")
    name = (*_corpus(conn), charts.periods, scope)
    return replace(_READ.of(name, lambda: load(conn, scope)), charts=charts)


def _corpus(conn: Connection) -> tuple[str, str, int, int]:
    """Return what names the corpus as it is now, with what people decided on whose word counts and how attributes are called."""
    return str(conn.engine.url), last_document(conn), standing.decisions(conn), configuration.map_changes(conn)


def last_document(conn: Connection) -> str:
    """Return the id of the last import's document, which names everything before it; "" of an empty store."""
    return conn.scalar(select(documents.c.id).order_by(documents.c.sequence.desc()).limit(1)) or ""


def with_present_scope(conn: Connection, report: ReportRow, outline: Outline) -> ReportRow:
    """Return the report with the records that are in scope now: one that no section shows yet is unaccounted.

    A closed report keeps the scope it was approved with: what its sections account for, and what persons said of the rest.
    """
    if records.sequence(conn) <= report.body.get("data_sequence", 0):
        return report
    packs = {s.key: load_pack(conn, s) for s in report.sections}
    if lifecycle.report_state(report) in lifecycle.CLOSED:
        return replace(report, scoped=_as_closed(report, outline, packs))
    from drafting.evidence.pack import ledger_of  # noqa: PLC0415 - as above

    lines = ledger_of(present_of(conn, report, outline).loaded, outline, packs.values())
    return replace(report, scoped=tuple((line.kind, line.in_scope, line.included) for line in lines))


def _as_closed(
    report: ReportRow, outline: Outline, packs: Mapping[str, EvidencePack]
) -> tuple[tuple[str, Sequence[str], Sequence[str]], ...]:
    shown: dict[str, dict[str, None]] = {}
    for section in outline.sections:
        for kind in section.records:
            held = packs[section.key].records.values() if section.key in packs else ()
            shown.setdefault(kind, {}).update({e.identifier: None for e in held if e.kind == kind})
    for record in report.decided:
        kind, _, identifier = record.partition("/")
        shown.setdefault(kind, {})[identifier] = None
    return tuple((kind, tuple(found), tuple(found)) for kind, found in shown.items())
