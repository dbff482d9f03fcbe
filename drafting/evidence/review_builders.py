"""Builders of the evidence of a review, by name: batches, results against limits, and what happened in the period. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.importprofile import MATERIAL_GROUPS, PROCESS_GROUPS, QUALITY_GROUPS
from corpus.model import Record
from drafting.evidence import counted, drawn, failing_pulls, linked_actions, listed, measured, reading, released, scoped
from drafting.evidence.attributes import attributes
from drafting.evidence.collected import Builder, Collected, count_fact
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION
from drafting.statistics.exact import rounded


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
    disposed = {r.get("batch"): r.get("disposition") for r in found}
    undisposed = [b for b in loaded.batches if b.identifier not in disposed]
    into.add_facts([count_fact("census.without_disposition", len(undisposed), n, "batches without a disposition record")])
    if undisposed:
        named = ", ".join(b.identifier for b in undisposed[:20])
        into.notes.append(f"The census does not balance: no disposition record for batch {named}.")
    if found:
        into.tables.append(listed.table("batch_disposition", found, loaded.labels))
    months: dict[str, int] = {}
    for batch in loaded.batches:
        month = (batch.date or "")[: counted.MONTH]
        months[month] = months.get(month, 0) + 1
    if months:
        rows = tuple((month, str(number)) for month, number in sorted(months.items()))
        into.tables.append(Table("months", "Batches by month of start", ("Month", "Batches"), rows, ("",) * len(rows)))
    _strengths(loaded, disposed, into)
    for attribute in [a for a in loaded.measurements if loaded.groups.get(a) == "yield"]:
        _yield(loaded, attribute, into)


def _strengths(loaded: Loaded, disposed: Mapping[str, str], into: Collected) -> None:
    """Divide the census by strength where batches of several were made; the parts add up."""
    strengths = sorted({b.strength or "not recorded" for b in loaded.batches})
    if len(strengths) < 2:  # noqa: PLR2004 - one strength has no parts
        return
    states = ("released", "rejected", "pending", "terminated")
    rows = []
    for strength in (*strengths, "Total"):
        mine = [b for b in loaded.batches if strength in ("Total", b.strength or "not recorded")]
        outcome = [disposed.get(b.identifier, "") for b in mine]
        rows.append((strength, str(len(mine)), *(str(outcome.count(state)) for state in states)))
    columns = ("Strength", "Made", *(state.capitalize() for state in states))
    into.tables.append(Table("strengths", "Batches by strength", columns, tuple(rows), ("",) * len(rows)))


def _yield(loaded: Loaded, attribute: str, into: Collected) -> None:
    """Take in a yield: its figures, how they read, and its chart."""
    base, made = measured.facts(loaded, attribute), reading.read(loaded, attribute)
    if made is None or attribute in measured.contradicted(loaded):
        return
    into.add_facts([*base, *reading.facts(loaded, made, base[2].unit, dict(base[0].inputs))])
    chart = drawn.charted(loaded, made)
    if chart:
        into.charts.append(chart)


def recomputed(loaded: Loaded, into: Collected) -> None:
    """Hold every result against the specification in force, and compare with the OOS records on file."""
    judged = [one for attribute in loaded.measurements for one in measured.verdicts(loaded, attribute)]
    failing = [(m, limit) for m, limit, outside in judged if outside]
    outside = {(m.batch, m.attribute) for m, _ in failing}
    released.released_outside(loaded, failing, into)
    released.without_cause(loaded, into)
    on_file = {(r.get("batch"), loaded.attribute_of(r)) for r in loaded.of("oos")}
    query = "results in scope held against the specification in force at the month of manufacture"
    into.add_facts(
        [
            count_fact("oos.recomputed", len(outside), len(judged), query),
            count_fact("oos.judged", len(judged), len(judged), query),
            count_fact("oos.unrecorded", len(outside - on_file), len(judged), "recomputed results without an OOS record"),
        ]
    )
    into.notes += [
        f"Batch {b}: {loaded.label(a)} is outside its specification and has no OOS record."
        for b, a in sorted(outside - on_file)
    ]
    failing_pulls.counted(loaded, into)


def rejected(loaded: Loaded, into: Collected) -> None:
    """Rejected and terminated batches."""
    found = [r for r in listed.shown(loaded, "batch_disposition") if r.get("disposition") in ("rejected", "terminated")]
    into.add_records(found)
    made = len(loaded.batches)
    into.add_facts([count_fact("rejected.count", len(found), made, "disposition rejected or terminated")])
    into.add_facts([count_fact("census.made", made, made, "batches whose month of start overlaps the period")])
    into.add_facts(listed.rate(loaded, "rejected", found))
    into.add_facts(
        counted.interval(
            "rejected.rate", len(found), Decimal(made), "batches made", per=100, unit="per 100 batches", places=1
        )
    )
    if found:
        into.tables.append(listed.table("batch_disposition", found, loaded.labels))


def recurrence(loaded: Loaded, into: Collected) -> None:
    """Recurring deviations, open ones, and CAPAs past their date."""
    deviations = listed.shown(loaded, "deviation")
    again = [r for r in deviations if r.get("recurring_of")]
    end = loaded.scope.period_to
    opened = [r for r in deviations if (r.get("opened_on") or span_of(r)[0])[:10] <= end]
    open_ones = [r for r in opened if not r.get("closed_on") or r.get("closed_on") > end]
    n = len(deviations)
    into.add_facts(
        [
            Fact("report.period_to", end, end, "", 0, "as asked", {}),
            count_fact(
                "deviation.opened_later", n - len(opened), n, "happened in the period and opened (opened_on) after it"
            ),
            count_fact("deviation.recurring", len(again), n, "deviations that name an earlier one"),
            count_fact(
                "deviation.open_at_end",
                len(open_ones),
                n,
                "opened by the end of the period (opened_on) and not closed by then (closed_on)",
            ),
        ]
    )
    into.add_records(again)
    _carried(loaded, deviations, into)
    linked_actions.linked(loaded, deviations, into)


def _carried(loaded: Loaded, deviations: Sequence[Record], into: Collected) -> None:
    """Tell the deviations that happened before the period and were opened or closed in it: they count in the period in which they happened."""
    first, last = loaded.scope.period_from, loaded.scope.period_to
    told = {r.identifier for r in deviations}
    found = [
        r
        for r in loaded.of("deviation")
        if r.identifier not in told and f"deviation/{r.identifier}" not in loaded.scope.exclusions and "" < span_of(r)[1] < first
        and any(first <= r.get(name)[:10] <= last for name in ("opened_on", "closed_on"))
    ]  # fmt: skip
    if not found:
        return
    query = "happened before the period and opened or closed in it (opened_on, closed_on)"
    names = {"query": query, "deviations": [f"deviation/{r.identifier}" for r in found]}
    into.add_facts([replace(count_fact("deviation.carried", len(found), len(found), query), inputs=names)])
    into.add_records(found)
    made = listed.table("deviation", found, loaded.labels)
    dates = tuple(
        (*row, r.get("opened_on") or "-", r.get("closed_on") or "-") for r, row in zip(found, made.rows, strict=True)
    )
    note = (
        "They happened before the period and were opened or closed in it; they count in the period in which they happened."
    )
    title = "Deviations of an earlier period, opened or closed in this one"
    into.tables.append(
        replace(
            made,
            id="deviation.carried",
            title=title,
            columns=(*made.columns, "Opened on", "Closed on"),
            rows=dates,
            note=note,
        )
    )


def capa_state(loaded: Loaded, into: Collected) -> None:
    """CAPAs overdue at the end of the period, closed without an effectiveness check, or found not effective."""
    found = listed.shown(loaded, "capa")
    late = listed.overdue(loaded, found)
    end = loaded.scope.period_to
    unchecked = [r for r in found if "" < r.get("closed_on") <= end and not r.get("effectiveness_result")]
    ahead = [r for r in unchecked if r.get("effectiveness_due_on") > end]
    failed = [
        r
        for r in found
        if "not effective" in r.get("effectiveness_result").lower() or r.get("effectiveness_result") == "failed"
    ]
    n = len(found)
    linked_actions.recurred(loaded, listed.shown(loaded, "deviation"), into)
    into.add_records([d for d in loaded.of("deviation") if any(a in found for a in linked_actions.actions_for(loaded, d))])
    into.add_facts(
        [
            count_fact("capa.overdue", len(late), n, "due before the last day of the period and not closed by its end"),
            count_fact(
                "capa.without_effectiveness_check",
                len(unchecked),
                n,
                "closed by the end of the period with no effectiveness result",
            ),
            count_fact(
                "capa.check_not_yet_due",
                len(ahead),
                len(unchecked),
                "of these, effectiveness check due after the end of the period",
            ),
            Fact("report.period_to", end, end, "", 0, "as asked", {}),
            count_fact("capa.not_effective", len(failed), n, "effectiveness result says not effective"),
        ]
    )
    for title, rows, key in (
        ("Overdue at the end of the period", late, "capa.overdue"),
        ("Closed without an effectiveness check", unchecked, "capa.unchecked"),
    ):
        if rows:
            made = listed.table("capa", rows, loaded.labels)
            into.tables.append(Table(key, title, made.columns, made.rows, made.refs, made.note, made.synthetic))


def complaint_rate(loaded: Loaded, into: Collected) -> None:
    """Complaints per million units distributed; the denominator is named and listed."""
    units = listed.shown(loaded, "distribution")
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
    months: dict[str, Decimal] = {}
    for r in units:
        if r.get("units").isdigit():
            month = r.get("period")[: counted.MONTH]
            months[month] = months.get(month, Decimal(0)) + Decimal(r.get("units")) / 1_000_000
    counted.by_month(loaded, "complaint", complaints, months, "million units distributed", into)
    unit = "per million units"
    into.add_facts(
        counted.interval(
            "complaint.per_million", len(complaints), total, "units distributed", per=1_000_000, unit=unit, places=2
        )
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


REVIEW_BUILDERS: dict[str, Builder] = {
    "period": period, "census": census, "sources": sources, "scope": scoped.method, "scorecard": scorecard, "recomputed": recomputed, "rejected": rejected,
    "recurrence": recurrence, "capa_state": capa_state, "complaint_rate": complaint_rate,
    "materials": attributes("materials", MATERIAL_GROUPS, lots=True),
    "process": attributes("process", PROCESS_GROUPS),
    "quality": attributes("quality", QUALITY_GROUPS),
}  # fmt: skip
