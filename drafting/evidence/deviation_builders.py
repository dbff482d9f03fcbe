"""Builders of the evidence of a deviation report, by name: the event, its batches, its history, its extent, its actions. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from corpus.model import Measurement, Record
from drafting.evidence import counted, linked_actions, listed, measured, recent, shared
from drafting.evidence.collected import Builder, Collected, count_fact
from drafting.evidence.kinds import label
from drafting.evidence.measured import Limit
from drafting.evidence.scope import Loaded, span_of
from drafting.model import Fact, Table
from drafting.statistics.basis import VERSION
from drafting.statistics.exact import rounded

LONG = timedelta(days=1)  # between two entries of the event log


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
    into.add_facts(_gaps(found))
    subject = _subject(loaded)
    if subject:
        times = [(n, subject.get(n)) for n in ("occurred_at", "detected_at", "reported_at") if subject.get(n)]
        into.notes += [f"{label(b[0])} is before {label(a[0]).lower()}." for a, b in pairwise(times) if b[1] < a[1]]


def _gaps(found: Sequence[Record]) -> list[Fact]:
    """Say how long the longest stretch is of which nothing is on record, and how many are longer than a day."""
    moments = [(r, at) for r in found if (at := _moment(r.get("at")))]
    gaps = [(late - early, one, other) for (one, early), (other, late) in pairwise(moments)]
    if not gaps:
        return []
    longest, one, other = max(gaps, key=lambda gap: gap[0])
    hours = Decimal(int(longest.total_seconds())) / 3600
    n, inputs = len(moments), {"from": one.get("at"), "to": other.get("at")}
    query = "entries of the event log that follow the one before after more than a day"
    longer = sum(gap > LONG for gap, _, _ in gaps)
    return [
        count_fact("event_log.gaps", longer, n, query),
        Fact("event_log.longest_gap", str(rounded(hours, 1)), str(hours), "h", n, f"longest gap v{VERSION}", inputs),
    ]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _result(loaded: Loaded, m: Measurement, limit: Limit | None, into: Collected) -> tuple[str, ...]:
    """Take in a result of an affected batch, its place among the batches before, and their chart; return its row."""
    if limit:
        into.add_records([limit.record])
    earlier = recent.before(loaded, m)
    placed = recent.position(m, earlier)
    ends = (limit.record.get("lower_limit"), limit.record.get("upper_limit")) if limit else ("", "")
    drawing = recent.chart(loaded, m, earlier, ends)
    if drawing:
        into.charts.append(drawing)
    outside = limit.judges(m) if limit else None
    verdict = "-" if outside is None else "outside" if outside else "within"
    inputs = {"columns": [str(m.locator)], "batch": m.batch, "against": verdict}
    result = Fact(f"result.{m.attribute}.{m.batch}", m.written, m.written, m.unit, 1, "as written", inputs)
    into.add_facts([result, *placed])
    away = next((f"{f.value} from the mean of {f.n}" for f in placed if f.id.endswith(".away")), "-")
    shown = limit.printed if limit else "-"
    return (m.batch, loaded.title(m.attribute), m.written, m.unit, shown, away, verdict)


def batch_data(loaded: Loaded, into: Collected) -> None:
    """Results of the affected batches against limits and against the batches in scope."""
    subject = _subject(loaded)
    if subject is None:
        return
    batches = {b.identifier: b for b in loaded.of("batch") if b.identifier in _affected(subject)}
    into.add_records(list(batches.values()))
    complaints = [r for r in loaded.of("complaint") if r.get("batch") in batches]
    into.add_records(complaints)
    query = "complaints of whatever day on the affected batches"
    into.add_facts([count_fact("linked.complaint", len(complaints), len(complaints), query)])
    rows: list[tuple[str, ...]] = []
    refs: list[str] = []
    contradictory = measured.contradicted(loaded)
    for attribute, found in loaded.measurements.items():
        mine = [m for m in found if m.batch in batches and (m.value is not None or m.state == measured.CENSORED)]
        limits = {m.batch: measured.limit_for(loaded, attribute, batches[m.batch]) for m in mine}
        asked = loaded.groups.get(attribute) in ("finished product", "yield") or any(limits.values())
        if not mine or attribute in contradictory or not asked or loaded.groups.get(attribute) == "raw material":
            continue
        into.add_facts([measured.name_fact(loaded, attribute), *measured.facts(loaded, attribute)])
        for m in mine:
            refs.append(f"fact:result.{attribute}.{m.batch}")
            rows.append(_result(loaded, m, limits[m.batch], into))
    if rows:
        judged = [row[-1] for row in rows if row[-1] != "-"]
        query = "results of the affected batches held against the specification in force"
        into.add_facts([count_fact("results.judged", len(judged), len(rows), query)])
        into.add_facts([count_fact("results.outside", judged.count("outside"), len(judged), query)])
        into.tables.append(
            Table(
                "results",
                "Results of the affected batches",
                ("Batch", "Attribute", "Result", "Unit", "Limit", "SD from the batches before", "Against the limit"),
                tuple(rows),
                tuple(refs),
            )
        )


def history(loaded: Loaded, into: Collected) -> None:
    """Earlier deviations of any product, of the same category or equipment, in the 24 months before: the query is stated, every hit listed."""
    subject = _subject(loaded)
    if subject is None:
        return
    day = span_of(subject)[0]
    start = f"{int(day[:4]) - 2}{day[4:]}"
    named, category = shared.equipment_of(subject), subject.get("category")
    hits = [
        r
        for r in shared.other_events(loaded, subject, start, day)
        if (category and r.get("category") == category) or named & shared.equipment_of(r)
    ]
    own = [r for r in hits if r.product == subject.product]
    into.add_records([subject, *hits, *(a for r in (subject, *hits) for a in linked_actions.actions_for(loaded, r))])
    linked_actions.recurred(loaded, [subject], into)
    query = "any product, same category or same equipment, in the 24 months before the event"
    into.add_facts(
        [
            count_fact("history.hits", len(hits), len(hits), query),
            count_fact("history.own", len(own), len(hits), "of these, deviations of the product of the event"),
            Fact("history.event", subject.identifier, subject.identifier, "", 0, "as asked", {}),
            Fact("history.from", start, start, "", 0, "24 months before", {}),
            Fact("history.to", day, day, "", 0, "day of the event", {}),
        ]
    )
    made = sum(start <= span_of(b)[0] <= day for b in loaded.of("batch"))
    per = Fact(
        "history.rate", str(rounded(Decimal(100 * len(own)) / made, 1)), str(Decimal(100 * len(own)) / made), "per 100 batches",
        made, f"rate v{VERSION}", {"numerator": "history.own", "denominator": "history.batches"},
    ) if made else None  # fmt: skip
    if per:
        into.add_facts([count_fact("history.batches", made, made, "batches of the product started in the window"), per])
        ends = counted.interval(
            "history.rate", len(own), Decimal(made), "batches started", per=100, unit="per 100 batches", places=1
        )
        into.add_facts(ends)
    if hits:
        into.tables.append(shared.events_table(loaded, hits))


def extent(loaded: Loaded, into: Collected) -> None:
    """Other batches that share lots, equipment or time with the affected ones: what may be concerned a person decides one by one."""
    subject = _subject(loaded)
    if subject is None:
        return
    mine = [b for b in (*loaded.of("batch"), *loaded.elsewhere) if b.identifier in _affected(subject)]
    shared.candidates(loaded, subject, mine, into)
    shared.genealogy(loaded, mine, into)
    shared.equipment_and_time(loaded, subject, mine, into)


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
    into.add_records([subject])
    linked_actions.causes(loaded, [subject], into)
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
