"""Builders of the evidence of a deviation report, by name: the event, its batches, its history, its extent, its actions. Pure."""

from itertools import pairwise

from corpus.model import Record
from drafting.evidence import drawn, listed, measured
from drafting.evidence.collected import Builder, Collected, count_fact
from drafting.evidence.kinds import label
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table


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
    rows = tuple((label(name), subject.get(name)) for name in shown if subject.get(name))
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
        into.tables.append(listed.table("event_log", found, loaded.labels))
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
    into.add_records(list(batches.values()))
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
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
            verdict = "-" if limit is None or m.value is None else "outside" if limit.fails(m.value) else "within"
            result = Fact(
                f"result.{attribute}.{m.batch}",
                m.written,
                m.written,
                m.unit,
                1,
                "as written",
                {"columns": [str(m.locator)], "batch": m.batch, "against": verdict},
            )
            into.add_facts([result])
            refs.append(f"fact:{result.id}")
            rows.append((m.batch, loaded.title(attribute), m.written, m.unit, limit.printed if limit else "-", verdict))
        made = drawn.chart(loaded, attribute)
        if made and len(made.points) >= 10:  # noqa: PLR2004 - fewer points make no chart worth reading
            into.charts.append(made)
    if rows:
        judged = [row[-1] for row in rows if row[-1] != "-"]
        query = "results of the affected batches held against the specification in force"
        into.add_facts([count_fact("results.judged", len(judged), len(rows), query)])
        into.add_facts([count_fact("results.outside", judged.count("outside"), len(judged), query)])
        into.tables.append(
            Table(
                "results",
                "Results of the affected batches",
                ("Batch", "Attribute", "Result", "Unit", "Limit", "Against the limit"),
                tuple(rows),
                tuple(refs),
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
        into.tables.append(listed.table("deviation", hits, loaded.labels))


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
            into.tables.append(listed.table(kind, rows, loaded.labels))


def equipment_state(loaded: Loaded, into: Collected) -> None:
    """Qualification and calibration of the equipment named by the deviation."""
    subject = _subject(loaded)
    found = [r for r in loaded.of("equipment") if subject and r.identifier in subject.get("equipment_id").split("|")]
    into.add_records(found)
    into.add_facts([count_fact("equipment.named", len(found), len(found), "equipment named by the deviation")])
    if found:
        into.tables.append(listed.table("equipment", found, loaded.labels))


DEVIATION_BUILDERS: dict[str, Builder] = {
    "event": event, "timeline": timeline, "batch_data": batch_data, "history": history, "extent": extent, "actions": actions,
    "equipment_state": equipment_state,
}  # fmt: skip
