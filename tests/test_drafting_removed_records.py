"""Each record of a report removed in turn, from what a section shows and from the store: it is caught every time."""

import random
from dataclasses import replace

import pytest
from office import Office

from drafting import queries, staleness
from drafting.evidence import scope
from drafting.evidence.pack import ledger_of, pack_of
from drafting.model import EvidencePack, Severity, Table
from drafting.present import scope_of
from drafting.queries import findings_of
from drafting.report_rows import ReportRow

TRIES = 100
pytestmark = pytest.mark.parametrize("copied", ["sqlite"], indirect=True)  # what is shown here is pure


@pytest.fixture
def opened(whole: Office) -> tuple[queries.Loaded, scope.Loaded]:
    with whole.ctx.database.read() as conn:
        loaded = queries.load(conn, whole.ctx, whole.report)
        return loaded, scope.load(conn, scope_of(loaded.report))


def chosen(loaded: queries.Loaded) -> list[str]:
    """Choose records that the report accounts for, of every kind that it has."""
    kinds = [[f"{line.kind}/{i}" for i in line.included] for line in loaded.report.ledger if line.included]
    lots = random.Random(20_261_125)
    for listed in kinds:
        lots.shuffle(listed)
    in_turn = [listed[n] for n in range(max(map(len, kinds))) for listed in kinds if n < len(listed)]
    assert len(in_turn) >= TRIES
    return in_turn[:TRIES]


def without(pack: EvidencePack, record: str) -> EvidencePack:
    return replace(
        pack,
        records={name: held for name, held in pack.records.items() if name != record},
        tables=tuple(_rows_without(table, record) for table in pack.tables),
    )


def _rows_without(table: Table, record: str) -> Table:
    kept = [n for n, ref in enumerate(table.refs) if ref != f"record:{record}"]
    return (
        replace(table, rows=tuple(table.rows[n] for n in kept), refs=tuple(table.refs[n] for n in kept))
        if table.refs
        else table
    )


def without_record(evidence: scope.Loaded, kind: str, identifier: str) -> scope.Loaded:
    """Leave out a record; with a batch go its results."""
    rest = {k: tuple(r for r in found if (k, r.identifier) != (kind, identifier)) for k, found in evidence.records.items()}
    gone = identifier if kind == "batch" else None
    return replace(
        evidence,
        records=rest,
        batches=tuple(b for b in evidence.batches if b.identifier != gone),
        measurements={a: tuple(m for m in made if m.batch != gone) for a, made in evidence.measurements.items()},
    )


def of_ledger(report: ReportRow, ledger: object) -> ReportRow:
    return replace(report, scoped=tuple((line.kind, line.in_scope, line.included) for line in ledger))  # type: ignore[attr-defined]


def test_a_record_that_no_section_shows_blocks_the_section_that_accounts_for_it(
    opened: tuple[queries.Loaded, scope.Loaded],
) -> None:
    loaded, evidence = opened
    keys = {section.key: section for section in loaded.report.sections}
    missed = []
    for record in chosen(loaded):
        kind, _, identifier = record.partition("/")
        packs = {section_id: without(pack, record) for section_id, pack in loaded.packs.items()}
        report = of_ledger(loaded.report, ledger_of(evidence, loaded.outline, packs.values()))
        for outline in (s for s in loaded.outline.sections if kind in s.records):
            section = keys[outline.key]
            found = findings_of(section, packs[section.id], outline, report)
            if not any(
                f.severity is Severity.BLOCKS and f.rule == "completeness" and identifier in f.message for f in found
            ):
                missed.append((record, outline.key))
    assert missed == []


def test_a_record_that_left_the_store_makes_stale_the_section_that_shows_it_and_is_named(
    opened: tuple[queries.Loaded, scope.Loaded],
) -> None:
    loaded, evidence = opened
    ids = {section.key: section.id for section in loaded.report.sections}
    missed = []
    for record in chosen(loaded):
        kind, _, identifier = record.partition("/")
        outline = next(
            s for s in loaded.outline.sections if kind in s.records and record in loaded.packs[ids[s.key]].records
        )
        left = without_record(evidence, kind, identifier)
        before, after = loaded.packs[ids[outline.key]], pack_of(left, outline)
        told = staleness.difference(before, after)
        if after.sha256 == before.sha256 or not (record in told or "more" in told):
            missed.append((record, told))
    assert missed == []
