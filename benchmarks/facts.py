"""Facts: every statistic of an annual product review against one SQL pass over its measurements."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.measure import row, seconds


def facts(folder: Path) -> list[dict[str, Any]]:
    """Facts of an annual product review of 207 real batches against one SQL pass over its measurements."""
    from sqlalchemy import select

    from corpus import tables
    from corpus.ingest import ingest
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from
    from drafting.evidence import measured
    from drafting.evidence.scope import ReportScope, load
    from drafting.generate import draft_report

    with tempfile.TemporaryDirectory() as home:
        ctx = open_context(settings_from({}, home=home))
        actor = service_account(ctx).actor()
        ingest(
            ctx.database,
            ctx.clock,
            ctx.new_id,
            paths=sorted(folder.glob("*.csv")),
            profiles=ctx.profiles,
            actor=actor,
            zone="UTC",
        )
        scope = ReportScope("r", "apr_us", "17", "2018-11-01", "2021-04-30")
        table = tables.measurements.c

        def one_pass() -> Decimal:
            query = select(table.attribute, table.value).where(table.product == "17", table.value.is_not(None))
            with ctx.database.read() as conn:
                return sum((Decimal(r.value) for r in conn.execute(query)), Decimal(0))

        def ours() -> None:
            with ctx.database.read() as conn:
                loaded = load(conn, scope)
            for attribute in loaded.measurements:
                measured.facts(loaded, attribute)

        reference, mine = seconds(one_pass), seconds(ours)
        whole = seconds(
            lambda: draft_report(
                ctx, kind="apr_us", product="17", period_from="2018-11-01", period_to="2021-04-30", actor=actor
            ),
            3,
        )
        close_context(ctx)
    return [
        row(
            "facts of an APR of 207 batches / one SQL pass",
            mine / reference,
            "SELECT of its measurements, decimals summed",
            "<= 20",
            seconds=round(mine, 3),
        ),
        row("whole draft beside it / one SQL pass", whole / reference, "the same pass", "stated", seconds=round(whole, 3)),
    ]
