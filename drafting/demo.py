"""The demo home: the sample corpus imported, one annual product review and one deviation report drafted, six accounts.

A second call opens the same home and overwrites nothing. A demo home is marked as such for ever.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sqlalchemy import select

from audit.errors import Conflict
from audit.identity import Account, Qualification, account_named, accounts
from audit.signatures import Meaning, release
from corpus import records
from corpus.ingest import ingest
from drafting import tables
from drafting.accounts import SERVICE, add_person, enrol, is_demo, qualify, service_account, set_mark
from drafting.configuration import profiles_of
from drafting.context import Context
from drafting.generate import draft_report
from drafting.proposing import Progress

PASSWORD = "demo passphrase 1"  # noqa: S105 - printed on the demo's sign-in page; a demo home holds no real record
PRODUCT, PERIOD_FROM, PERIOD_TO, DEVIATION = "17", "2020-05-01", "2021-04-30", "DEV-2020-014"
PEOPLE = (
    ("demo.admin", "Demo Administrator", "administrator"),
    ("demo.writer", "Demo Writer", "writer"),
    ("demo.reviewer", "Demo Reviewer", "reviewer"),
    ("demo.approver", "Demo Approver", "approver"),
    ("demo.auditor", "Demo Auditor", "auditor"),
    ("demo.lead", "Demo Training Lead", "training_lead"),
)
MEANINGS = {"writer": Meaning.AUTHORSHIP, "reviewer": Meaning.REVIEW, "approver": Meaning.APPROVAL}


@dataclass(frozen=True)
class DemoHome:
    """What the demo holds."""

    reports: tuple[dict[str, str], ...]
    accounts: tuple[dict[str, str], ...]
    created: bool


def open_demo(ctx: Context, progress: Progress | None = None) -> DemoHome:
    """Fill an empty home as a demo, step by step where an earlier call was cut off; refuse a home with other people's records."""
    with ctx.database.read() as conn:
        demo, people, sequence = is_demo(conn), accounts(conn), records.sequence(conn)
    if not demo and (sequence or [a for a in people if a.user_id != SERVICE]):
        raise Conflict("This home holds records and is no demo.", remedy="Choose another home with --home.")
    created = not demo
    service = service_account(ctx)
    if created:
        ctx.database.write(lambda conn: set_mark(conn, ctx, "demo", "yes"))
    _people(ctx)
    samples = Path(str(files("corpus") / "samples"))
    ingest(
        ctx.database, ctx.clock, ctx.new_id, paths=[samples], profiles=profiles_of(ctx), actor=service.actor(), zone=ctx.zone,
        progress=progress, workers=ctx.workers,
    )  # fmt: skip
    with ctx.database.read() as conn:
        kinds = set(conn.scalars(select(tables.reports.c.kind)))
        has_deviation = records.record(conn, "deviation", DEVIATION) is not None
    writer = service.actor()
    if "apr_us" not in kinds:
        draft_report(
            ctx,
            kind="apr_us",
            product=PRODUCT,
            period_from=PERIOD_FROM,
            period_to=PERIOD_TO,
            actor=writer,
            progress=progress,
        )
    if "deviation" not in kinds and has_deviation:
        draft_report(ctx, kind="deviation", subject=DEVIATION, actor=writer, progress=progress)
    if ctx.index is not None:
        ctx.index.sync(ctx.database)
    return DemoHome(_reports(ctx), tuple({"user": u, "name": n, "role": r} for u, n, r in PEOPLE), created)


def _people(ctx: Context) -> None:
    with ctx.database.read() as conn:
        present = {user: account_named(conn, user) for user, _, _ in PEOPLE}
    administrator: Account | None = present["demo.admin"]
    verified = (ctx.clock.now().date().isoformat(), "demo account: no person stands behind it")
    for user, name, role in PEOPLE:
        if present[user] is not None:
            continue
        account = add_person(
            ctx, user_id=user, printed_name=name, roles=(role,), password=PASSWORD,
            actor=administrator.actor() if administrator else None, verified=verified, must_change_password=False,
        )  # fmt: skip
        if administrator is None:
            administrator = account
            enrol(ctx, account, passphrase=PASSWORD, attested_by=None)
        elif role in MEANINGS:
            key = release(
                ctx.database,
                ctx.clock,
                actor=administrator.actor(),
                user_id="demo.admin",
                passphrase=PASSWORD,
                zone=ctx.zone,
            )
            enrol(ctx, account, passphrase=PASSWORD, attested_by=key)
            today = ctx.clock.now().date()
            lasting = today.replace(year=today.year + 1, day=min(today.day, 28)).isoformat()
            granted = Qualification("*", str(MEANINGS[role]), today.isoformat(), lasting, "demo qualification")
            qualify(ctx, account.id, granted, actor=administrator.actor())


def _reports(ctx: Context) -> tuple[dict[str, str], ...]:
    import json  # noqa: PLC0415 - one use

    with ctx.database.read() as conn:
        rows = conn.execute(select(tables.reports).order_by(tables.reports.c.seq)).all()
    return tuple({"id": r.id, "number": r.number, "kind": r.kind, "title": json.loads(r.body)["title"]} for r in rows)
