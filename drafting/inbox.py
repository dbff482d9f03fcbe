"""What waits for a person: tasks by role, from the state of every open report; each names the exact place."""

from dataclasses import dataclass

from sqlalchemy import select

from audit.identity import Account, Role
from drafting import lifecycle, tables
from drafting.context import Context
from drafting.lately import load_for
from drafting.lifecycle import Capacity
from drafting.pictures import report_picture
from drafting.queries import Loaded
from drafting.readmodel import ReportView
from drafting.report_rows import ReportRow, SectionRow


@dataclass(frozen=True)
class Task:
    """Something that waits for a person; `due` is an ISO day or ""."""

    title: str
    detail: str
    report_id: str
    section_key: str
    kind: str
    due: str = ""


def every_report(ctx: Context) -> list[ReportView]:
    """Return every report of the home, by number."""
    with ctx.database.read() as conn:
        ids = conn.scalars(select(tables.reports.c.id).order_by(tables.reports.c.number)).all()
        return [report_picture(load_for(conn, ctx, report_id, None)) for report_id in ids]


def tasks_of(ctx: Context, account: Account) -> list[Task]:
    """Return what waits for an account, by its roles, from the state of every open report."""
    found: list[Task] = []
    with ctx.database.read() as conn:
        ids = conn.scalars(select(tables.reports.c.id).order_by(tables.reports.c.seq)).all()
        for report_id in ids:
            found += tasks_in(load_for(conn, ctx, report_id, account), account)
    return found


def tasks_in(loaded: Loaded, account: Account) -> list[Task]:
    """Return what waits for an account in one report. Pure."""
    if lifecycle.report_state(loaded.report) in lifecycle.CLOSED:
        return []
    found = [task for section in loaded.report.sections for task in _tasks(loaded, section, account)]
    return found + _report_tasks(loaded.report, account)


def _tasks(loaded: Loaded, section: SectionRow, account: Account) -> list[Task]:
    report, outline = loaded.report, loaded.outline_of(section)
    found = _task(loaded, section, lifecycle.capacity_of(section, account))
    if found is None:
        return []
    kind, detail = found
    return [Task(f"{report.number} {outline.number} {outline.title}", detail, report.id, section.key, kind)]


def _task(loaded: Loaded, section: SectionRow, capacity: Capacity | None) -> tuple[str, str] | None:
    """Return what a capacity has to do on a section, the most urgent thing first."""
    state, stale, why = lifecycle.state(section), loaded.stale[section.id], lifecycle.returned(section)
    submitted = "submitted" in loaded.report.events
    author = capacity is Capacity.AUTHOR
    due = (
        (author and stale, "stale", stale),
        (author and why, "returned", f"Returned: {why}"),
        (author and waiting(section), "question", "The reviewer asked something or proposed an edit."),
        (author and state == "drafted", "author", "Decide the sentences, fill in the fields, sign authorship."),
        (
            capacity is Capacity.REVIEWER and submitted and state == "authored",
            "review",
            "Decide every sentence again and sign.",
        ),
        (capacity is Capacity.APPROVER and state == "reviewed", "approve", "Read and sign approval."),
    )
    return next(((kind, detail) for is_due, kind, detail in due if is_due), None)


def waiting(section: SectionRow) -> bool:
    """Tell whether a question or proposal on the present version of a sentence waits for the author."""
    gone = lifecycle.undone(section)
    versions = {s.id: s.version for s in lifecycle.current(section)}
    last = {
        d.subject: d
        for d in section.decisions
        if d.capacity == Capacity.REVIEWER and d.id not in gone and versions.get(d.subject) == d.version
    }
    asked = [d for d in last.values() if d.decision in ("question", "propose")]
    return any(lifecycle.answer_to(section, d.id) is None for d in asked)


def _report_tasks(report: ReportRow, account: Account) -> list[Task]:
    states = {lifecycle.state(s) for s in report.sections}
    amended = lifecycle.report_state(report) == "in amendment" and "drafted" not in states and states != {"approved"}
    if account.has(Role.WRITER) and (amended or lifecycle.report_state(report) == "authored"):
        return [Task(report.number, "Every section is authored: submit it for review.", report.id, "", "submit")]
    return []
