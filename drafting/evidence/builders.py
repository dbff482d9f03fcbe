"""Builders of evidence by name: an outline's section names the builders of its pack. Pure functions of what was loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from corpus.model import Record
from drafting.evidence import listed, measured
from drafting.evidence.scope import Loaded, evidence, span_of
from drafting.evidence.statistics import VERSION, rounded
from drafting.model import Chart, Evidence, Fact, Table


@dataclass
class Collected:
    """What builders put together for one section; frozen into an EvidencePack at the end."""

    facts: dict[str, Fact] = field(default_factory=dict)
    records: dict[str, Evidence] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_facts(self, facts: Sequence[Fact]) -> None:
        """Take facts in."""
        self.facts.update({fact.id: fact for fact in facts})

    def add_records(self, found: Sequence[Record]) -> None:
        """Take records in."""
        self.records.update({f"{r.kind}/{r.identifier}": evidence(r) for r in found})


def count_fact(name: str, number: int, n: int, query: str) -> Fact:
    """Return a counted fact."""
    return Fact(name, str(number), str(number), "", n, f"count v{VERSION}", {"query": query})


def listing(kind: str) -> Callable[[Loaded, Collected], None]:
    """Return the builder that lists a record kind: table, counts, rate, the records themselves."""

    def build(loaded: Loaded, into: Collected) -> None:
        found = listed.shown(loaded, kind)
        into.add_records(found)
        into.add_facts(listed.counts(loaded, kind, found))
        if kind in ("deviation", "oos", "complaint", "oot"):
            into.add_facts(listed.rate(loaded, kind, found))
        if found:
            into.tables.append(listed.table(kind, found))

    return build


def period(loaded: Loaded, into: Collected) -> None:
    """Period, product and number of batches."""
    scope = loaded.scope
    into.add_facts(
        [
            Fact("report.period_from", scope.period_from, scope.period_from, "", 0, "as asked", {}),
            Fact("report.period_to", scope.period_to, scope.period_to, "", 0, "as asked", {}),
            Fact("report.product", scope.product, scope.product, "", 0, "as asked", {}),
            count_fact(
                "census.made", len(loaded.batches), len(loaded.batches), "batches whose month of start overlaps the period"
            ),
        ]
    )
    if loaded.batches:
        for name, batch in (("first", loaded.batches[0]), ("last", loaded.batches[-1])):
            into.add_facts([Fact(f"census.{name}_month", batch.date or "", batch.date or "", "", 1, "month of start", {})])
            into.add_records([batch])
            into.add_facts(
                [Fact(f"census.{name}_batch", batch.identifier, batch.identifier, "", 1, "in order of manufacture", {})]
            )


def census(loaded: Loaded, into: Collected) -> None:
    """Batches made against released, rejected, pending and terminated; the balance must hold."""
    period(loaded, into)
    found = listed.shown(loaded, "batch_disposition")
    into.add_records(found)
    into.add_records(loaded.batches)
    n = len(loaded.batches)
    for state in ("released", "rejected", "pending", "terminated"):
        number = sum(1 for r in found if r.get("disposition") == state)
        into.add_facts([count_fact(f"census.{state}", number, n, f"batch_disposition with disposition {state}")])
    for flag in ("reworked", "reprocessed"):
        number = sum(1 for r in found if r.get(flag) == "yes")
        into.add_facts([count_fact(f"census.{flag}", number, n, f"batch_disposition with {flag} = yes")])
    undisposed = [b for b in loaded.batches if b.identifier not in {r.get("batch") for r in found}]
    into.add_facts([count_fact("census.without_disposition", len(undisposed), n, "batches without a disposition record")])
    if undisposed:
        named = ", ".join(b.identifier for b in undisposed[:20])
        into.notes.append(f"The census does not balance: no disposition record for batch {named}.")
    if found:
        into.tables.append(listed.table("batch_disposition", found))
    months: dict[str, int] = {}
    for batch in loaded.batches:
        months[batch.date or ""] = months.get(batch.date or "", 0) + 1
    if months:
        rows = tuple((month, str(number)) for month, number in sorted(months.items()))
        into.tables.append(Table("months", "Batches by month of start", ("Month", "Batches"), rows, ("",) * len(rows)))
    for attribute in ("batch_yield",):
        into.add_facts(measured.facts(loaded, attribute))
        made = measured.chart(loaded, attribute)
        if made:
            into.charts.append(made)


def _attributes(loaded: Loaded, groups: Sequence[str]) -> list[str]:
    return [a for a in loaded.measurements if loaded.groups.get(a, "") in groups]


def _measured(groups: Sequence[str], *, charts: bool = True) -> Callable[[Loaded, Collected], None]:
    def build(loaded: Loaded, into: Collected) -> None:
        contradictory = measured.contradicted(loaded)
        rows, refs = [], []
        for attribute in _attributes(loaded, groups):
            found = measured.facts(loaded, attribute)
            if not found:
                continue
            into.add_facts(found)
            by_name = {f.id.rsplit(".", 1)[1]: f for f in found}
            limit = measured.limit_for(loaded, attribute, loaded.batches[-1])
            if limit:
                into.add_records([limit.record])
            for edge in ("lowest_batch", "highest_batch"):
                batch = str(found[0].inputs[edge])
                into.add_records([b for b in loaded.batches if b.identifier == batch])
            if attribute in contradictory:
                into.notes.append(
                    f"{attribute}: the source contradicts itself in {contradictory[attribute]} batch(es); nothing is drafted from it."
                )
                continue
            rows.append(_row(attribute, by_name, limit))
            refs.append(f"fact:{attribute}.mean")
            if charts and limit:
                made = measured.chart(loaded, attribute)
                if made:
                    into.charts.append(made)
        if rows:
            columns = (
                "Attribute",
                "Unit",
                "n",
                "Mean",
                "SD",
                "RSD, %",
                "Min",
                "Max",
                "Limit",
                "Outside",
                "Signals",
                "Ppk (95 % interval)",
            )
            note = "n counts values that are there; SD with n - 1; Ppk is not valid while there are signals (marked *)."
            into.tables.append(
                Table(f"statistics.{groups[0]}", "Statistics by attribute", columns, tuple(rows), tuple(refs), note)
            )

    return build


def _row(attribute: str, found: dict[str, Fact], limit: measured.Limit | None) -> tuple[str, ...]:
    def value(name: str) -> str:
        return found[name].value if name in found else "-"

    ppk = "-"
    if "ppk" in found:
        star = "*" if found.get("signals") and found["signals"].value != "0" else ""
        ppk = f"{value('ppk')} ({value('ppk_low')} to {value('ppk_high')}){star}"
    shown = limit.printed if limit else "-"
    return (
        attribute, found["mean"].unit or "-", value("n"), value("mean"), value("sd"), value("rsd"), value("min"), value("max"), shown,
        value("outside"), value("signals"), ppk,
    )  # fmt: skip


def recomputed(loaded: Loaded, into: Collected) -> None:
    """Hold every result against the specification in force, and compare with the OOS records on file."""
    outside: set[tuple[str, str]] = set()
    judged = 0
    for batch_attribute, found in loaded.measurements.items():
        by_batch = {b.identifier: b for b in loaded.batches}
        for m in found:
            limit = measured.limit_for(loaded, batch_attribute, by_batch[m.batch])
            if limit and m.value is not None:
                judged += 1
                if limit.fails(m.value):
                    outside.add((m.batch, batch_attribute))
    on_file = {(r.get("batch"), r.get("attribute")) for r in loaded.of("oos")}
    query = "results in scope held against the specification in force at the month of manufacture"
    into.add_facts(
        [
            count_fact("oos.recomputed", len(outside), judged, query),
            count_fact("oos.judged", judged, judged, query),
            count_fact("oos.unrecorded", len(outside - on_file), judged, "recomputed results without an OOS record"),
        ]
    )
    into.notes += [
        f"Batch {b}: {a} is outside its specification and has no OOS record." for b, a in sorted(outside - on_file)
    ]


def rejected(loaded: Loaded, into: Collected) -> None:
    """Rejected and terminated batches."""
    found = [r for r in listed.shown(loaded, "batch_disposition") if r.get("disposition") in ("rejected", "terminated")]
    into.add_records(found)
    into.add_facts([count_fact("rejected.count", len(found), len(loaded.batches), "disposition rejected or terminated")])
    if found:
        into.tables.append(listed.table("batch_disposition", found))


def recurrence(loaded: Loaded, into: Collected) -> None:
    """Recurring deviations, open ones, and CAPAs past their date."""
    deviations = listed.shown(loaded, "deviation")
    again = [r for r in deviations if r.get("recurring_of")]
    open_ones = [r for r in deviations if not r.get("closed_on") or r.get("closed_on") > loaded.scope.period_to]
    n = len(deviations)
    into.add_facts(
        [
            count_fact("deviation.recurring", len(again), n, "deviations that name an earlier one"),
            count_fact("deviation.open_at_end", len(open_ones), n, "not closed by the end of the period"),
        ]
    )
    into.add_records(again)


def capa_state(loaded: Loaded, into: Collected) -> None:
    """CAPAs overdue at the end of the period, closed without an effectiveness check, or found not effective."""
    found = listed.shown(loaded, "capa")
    late = listed.overdue(loaded, found)
    unchecked = [r for r in found if r.get("closed_on") and not r.get("effectiveness_result")]
    failed = [
        r
        for r in found
        if "not effective" in r.get("effectiveness_result").lower() or r.get("effectiveness_result") == "failed"
    ]
    n = len(found)
    into.add_facts(
        [
            count_fact("capa.overdue", len(late), n, "due in the period and not closed by its end"),
            count_fact("capa.without_effectiveness_check", len(unchecked), n, "closed with no effectiveness result"),
            count_fact("capa.not_effective", len(failed), n, "effectiveness result says not effective"),
        ]
    )
    for title, rows, key in (
        ("Overdue at the end of the period", late, "capa.overdue"),
        ("Closed without an effectiveness check", unchecked, "capa.unchecked"),
    ):
        if rows:
            made = listed.table("capa", rows)
            into.tables.append(Table(key, title, made.columns, made.rows, made.refs, made.note, made.synthetic))


def complaint_rate(loaded: Loaded, into: Collected) -> None:
    """Complaints per million units distributed; the denominator is named and listed."""
    units = loaded.in_scope("distribution")
    total = sum((Decimal(r.get("units")) for r in units if r.get("units").isdigit()), Decimal(0))
    complaints = listed.shown(loaded, "complaint")
    into.add_records(units)
    into.add_facts(
        [
            Fact(
                "distribution.units",
                str(total),
                str(total),
                "units",
                len(units),
                f"sum v{VERSION}",
                {"query": "distribution records of the period"},
            )
        ]
    )
    if total:
        value = Decimal(1_000_000 * len(complaints)) / total
        inputs = {"numerator": "complaint.count", "denominator": "distribution.units"}
        into.add_facts(
            [
                Fact(
                    "complaint.per_million",
                    str(rounded(value, 2)),
                    str(value),
                    "per million units",
                    len(complaints),
                    f"rate v{VERSION}",
                    inputs,
                )
            ]
        )


def scorecard(loaded: Loaded, into: Collected) -> None:
    """Collect the counts that the summary speaks of."""
    census(loaded, into)
    into.tables.clear()
    into.charts.clear()
    for kind in ("oos", "deviation", "capa", "change_control", "complaint", "recall"):
        found = listed.shown(loaded, kind)
        into.add_facts(listed.counts(loaded, kind, found))
        into.add_records(found)
    recomputed(loaded, into)
    capa_state(loaded, into)
    into.tables.clear()


def sources(loaded: Loaded, into: Collected) -> None:
    """Source documents behind the report, with hash."""
    period(loaded, into)
    documents = {r.document.id: r.document for found in loaded.records.values() for r in found}
    rows = [
        (
            d.name,
            str(d.version),
            d.sha256.removeprefix("sha256:")[:16],
            str(d.balance.cells_in),
            str(d.balance.refused),
            "synthetic" if d.synthetic else "real data",
        )
        for d in sorted(documents.values(), key=lambda d: d.name)
    ]
    if rows:
        columns = ("File", "Version", "SHA-256 (first 16)", "Cells", "Refused", "Origin")
        into.tables.append(Table("sources", "Sources of this report", columns, tuple(rows), ("",) * len(rows)))
    into.add_facts([count_fact("sources.count", len(rows), len(rows), "documents with records of this product")])
    refused = sum(d.balance.refused for d in documents.values())
    into.add_facts([count_fact("sources.refused_cells", refused, len(rows), "cells refused at import")])


# --- the deviation report ---------------------------------------------------------------------------------------------


def _subject(loaded: Loaded) -> Record | None:
    return next((r for r in loaded.of("deviation") if r.identifier == loaded.scope.subject), None)


def _affected(subject: Record) -> list[str]:
    return [b for b in (subject.get("batches") or subject.get("batch")).split("|") if b]


def event(loaded: Loaded, into: Collected) -> None:
    """Collect the deviation's own record and its batches."""
    subject = _subject(loaded)
    if subject is None:
        return
    into.add_records([subject])
    into.add_records([b for b in loaded.of("batch") if b.identifier in _affected(subject)])
    shown = (
        "deviation_id",
        "title",
        "batch",
        "stage",
        "area",
        "line",
        "equipment_id",
        "mbr_version",
        "sop",
        "occurred_at",
        "detected_at",
        "reported_at",
        "opened_by",
        "opened_on",
        "status",
    )
    rows = tuple((name.replace("_", " ").capitalize(), subject.get(name)) for name in shown if subject.get(name))
    ref = f"record:deviation/{subject.identifier}"
    into.tables.append(
        Table(
            "header",
            "Deviation as recorded",
            ("Field", "As recorded"),
            rows,
            (ref,) * len(rows),
            "",
            subject.document.synthetic,
        )
    )


def timeline(loaded: Loaded, into: Collected) -> None:
    """Ordered facts with source; gaps and reversals are notes."""
    found = sorted(
        (r for r in loaded.of("event_log") if r.get("deviation_id") == loaded.scope.subject),
        key=lambda r: (r.get("at"), r.identifier),
    )
    into.add_records(found)
    into.add_facts([count_fact("event_log.count", len(found), len(found), "event log of the deviation")])
    if found:
        into.tables.append(listed.table("event_log", found))
    subject = _subject(loaded)
    if subject:
        times = [(n, subject.get(n)) for n in ("occurred_at", "detected_at", "reported_at") if subject.get(n)]
        into.notes += [f"{b[0]} is before {a[0]}." for a, b in pairwise(times) if b[1] < a[1]]


def batch_data(loaded: Loaded, into: Collected) -> None:
    """Results of the affected batches against limits and against the batches in scope."""
    subject = _subject(loaded)
    if subject is None:
        return
    batches = {b.identifier: b for b in loaded.of("batch") if b.identifier in _affected(subject)}
    rows: list[tuple[str, ...]] = []
    contradictory = measured.contradicted(loaded)
    for attribute, found in loaded.measurements.items():
        mine = [m for m in found if m.batch in batches and m.value is not None]
        if not mine or attribute in contradictory or loaded.groups.get(attribute) not in ("finished product", "yield"):
            continue
        into.add_facts(measured.facts(loaded, attribute))
        for m in mine:
            limit = measured.limit_for(loaded, attribute, batches[m.batch])
            if limit:
                into.add_records([limit.record])
            result = Fact(
                f"result.{attribute}.{m.batch}",
                m.literal.strip(),
                m.literal.strip(),
                m.unit,
                1,
                "as written",
                {"columns": [str(m.locator)], "batch": m.batch},
            )
            into.add_facts([result])
            verdict = "-" if limit is None or m.value is None else "outside" if limit.fails(m.value) else "within"
            rows.append((m.batch, attribute, m.literal.strip(), m.unit, limit.printed if limit else "-", verdict))
        made = measured.chart(loaded, attribute)
        if made and len(made.points) >= 10:  # noqa: PLR2004 - fewer points make no chart worth reading
            into.charts.append(made)
    if rows:
        into.tables.append(
            Table(
                "results",
                "Results of the affected batches",
                ("Batch", "Attribute", "Result", "Unit", "Limit", "Against the limit"),
                tuple(rows),
                tuple(f"fact:result.{r[1]}.{r[0]}" for r in rows),
            )
        )


def history(loaded: Loaded, into: Collected) -> None:
    """Earlier deviations of the same category or equipment in the 24 months before: the query is stated, every hit listed."""
    subject = _subject(loaded)
    if subject is None:
        return
    day = span_of(subject)[0]
    start = f"{int(day[:4]) - 2}{day[4:]}"
    hits = [
        r
        for r in loaded.of("deviation")
        if r.identifier != subject.identifier
        and start <= span_of(r)[0] <= day
        and (
            r.get("category") == subject.get("category")
            or (r.get("equipment_id") and r.get("equipment_id") == subject.get("equipment_id"))
        )
    ]
    into.add_records([subject, *hits])
    query = "same category or same equipment, in the 24 months before the event"
    into.add_facts(
        [
            count_fact("history.hits", len(hits), len(hits), query),
            Fact("history.from", start, start, "", 0, "24 months before", {}),
            Fact("history.to", day, day, "", 0, "day of the event", {}),
        ]
    )
    if hits:
        into.tables.append(listed.table("deviation", hits))


def extent(loaded: Loaded, into: Collected) -> None:
    """Other batches that share a material lot with the affected ones: candidates that a person decides one by one."""
    subject = _subject(loaded)
    if subject is None:
        return
    mine = [b for b in loaded.of("batch") if b.identifier in _affected(subject)]
    api = {lots_[0] for lots_ in (listed.lots_of(b) for b in mine)}
    others = [b for b in loaded.of("batch") if b.identifier not in _affected(subject) and listed.lots_of(b)[0] in api]
    disposed = {r.get("batch"): r for r in loaded.of("batch_disposition")}
    into.add_records([*mine, *others, *(disposed[b.identifier] for b in others if b.identifier in disposed)])
    into.add_facts(
        [count_fact("extent.sharing_api_lot", len(others), len(others), "batches of the product made from the same API lot")]
    )
    rows = tuple(
        (
            b.identifier,
            b.date or "",
            listed.lots_of(b)[0],
            disposed[b.identifier].get("disposition") if b.identifier in disposed else "no record",
        )
        for b in others
    )
    if rows:
        into.tables.append(
            Table(
                "sharing",
                "Batches from the same API lot",
                ("Batch", "Month", "API lot", "Disposition"),
                rows,
                tuple(f"record:batch/{r[0]}" for r in rows),
            )
        )


def actions(loaded: Loaded, into: Collected) -> None:
    """CAPAs that the source system links to the deviation, and the disposition of its batches."""
    subject = _subject(loaded)
    if subject is None:
        return
    found = [r for r in loaded.of("capa") if r.get("deviation_id") == subject.identifier]
    disposed = [r for r in loaded.of("batch_disposition") if r.get("batch") in _affected(subject)]
    oos = [r for r in loaded.of("oos") if r.get("deviation_id") == subject.identifier]
    into.add_records([*found, *disposed, *oos])
    into.add_facts(
        [
            count_fact("linked.capa", len(found), len(found), "CAPAs that name the deviation"),
            count_fact("linked.oos", len(oos), len(oos), "OOS records that name the deviation"),
        ]
    )
    for kind, rows in (("capa", found), ("batch_disposition", disposed), ("oos", oos)):
        if rows:
            into.tables.append(listed.table(kind, rows))


def equipment_state(loaded: Loaded, into: Collected) -> None:
    """Qualification and calibration of the equipment named by the deviation."""
    subject = _subject(loaded)
    found = [r for r in loaded.of("equipment") if subject and r.identifier in subject.get("equipment_id").split("|")]
    into.add_records(found)
    into.add_facts([count_fact("equipment.named", len(found), len(found), "equipment named by the deviation")])
    if found:
        into.tables.append(listed.table("equipment", found))


Builder = Callable[[Loaded, Collected], None]

BUILDERS: dict[str, Builder] = {
    "period": period, "census": census, "sources": sources, "scorecard": scorecard, "recomputed": recomputed, "rejected": rejected,
    "recurrence": recurrence, "capa_state": capa_state, "complaint_rate": complaint_rate,
    "materials": _measured(("raw material",), charts=False),
    "process": _measured(("in-process, tablet core", "in-process, film-coated tablet", "derived", "tablet press", "yield")),
    "quality": _measured(("finished product",)),
    "event": event, "timeline": timeline, "batch_data": batch_data, "history": history, "extent": extent, "actions": actions,
    "equipment_state": equipment_state,
}  # fmt: skip
