"""Of each kind of record that a report accounts for: the zero from a query, the date that decides, the edge, a person's word; what is on no record is not said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from corpus.model import Balance, Measurement, Record, SourceDocument
from drafting.draft_store import product_name
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.collected import Collected
from drafting.evidence.control import control
from drafting.evidence.deviation_builders import DEVIATION_BUILDERS
from drafting.evidence.pack import ledger_of, pack_of
from drafting.evidence.reading import facts, read
from drafting.evidence.scope import Loaded, ReportScope, written_span
from drafting.evidence.scoped import decides
from drafting.model import EvidencePack, LedgerLine, Table
from prompts.outline import SectionOutline, load_outlines

OUTLINE = load_outlines()["combined"]
FIRST, LAST = "2025-01-15", "2025-12-31"
DOCUMENT = SourceDocument(
    "d", 1, "kinds.csv", "sha256:0", "text/csv", 1, 1, None, "p/1", "any", False, "2026-01-01T00:00:00Z", "writer", Balance(),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """How a record of a kind is placed: by its date, by what it belongs to, or not at all."""

    placed: str  # "date", "batch", "register", or the field that stands for a date
    fields: Mapping[str, str] = field(default_factory=dict)
    inside: str = "2025-06-02"
    outside: str = "2024-06-02"
    edge: str = "2025-01"  # a month in which the period begins


LOT = {"api_code": "1", "api_batch": "2", "smcc_batch": "3", "lactose_batch": "4", "starch_batch": "5"}
CASES = {
    "batch": Case("date", LOT),
    "batch_disposition": Case("batch", {"batch": "B1", "disposition": "released"}),
    "material_lot": Case("batch", {"lot_id": "API-1-2", "material": "api"}),
    "specification": Case("batch", {"attribute": "assay", "lower_limit": "95", "strength": "*", "effective_from": "2020-01-01"}),
    "oos": Case("date"), "oot": Case("date"), "deviation": Case("date", {"class": "minor"}),
    "capa": Case("date", {"status": "closed", "closed_on": "2025-07-01"}, outside="2026-01-02", edge=""),
    "change_control": Case("date"), "variation": Case("date"), "stability_result": Case("date", {"result": "99", "month": "6"}),
    "complaint": Case("date"), "distribution": Case("date", {"units": "10", "period": "2025-06"}), "return": Case("date"), "recall": Case("date"),
    "previous_action": Case("register"), "commitment": Case("register"), "equipment": Case("register"), "validation": Case("register"),
    "agreement": Case("register"),
    "utility": Case("period", inside="2025-02/2025-11", outside="2023-01/2023-12", edge="2024-07/2025-06"),
    "model_prediction": Case("date", {"model_id": "M", "model_version": "1", "attribute": "assay", "predicted": "99"}),
    "inspection_run": Case("date", {"machine": "V1", "model_version": "1", "kit_id": "K"}),
}  # fmt: skip
DATED = [kind for kind, case in CASES.items() if case.placed not in ("batch", "register")]


def record(kind: str, identifier: str, day: str = "", **fields: str) -> Record:
    case = CASES[kind]
    own = {**case.fields, **fields}
    dated = day if case.placed == "date" else ""
    if day and case.placed not in ("date", "batch", "register"):
        own[case.placed] = day
    precision = {4: "year", 7: "month", 10: "day"}.get(len(dated))
    return Record(
        f"r-{identifier}", kind, identifier, "A", None, dated or None, precision, own, 2, DOCUMENT,
    )  # fmt: skip


def loaded(*found: Record, exclusions: str = "", inclusions: str = "") -> Loaded:
    scope = ReportScope(
        "r",
        "combined",
        "A",
        FIRST,
        LAST,
        exclusions=frozenset({exclusions} - {""}),
        inclusions=frozenset({inclusions} - {""}),
    )
    by_kind: dict[str, list[Record]] = {}
    for r in found:
        by_kind.setdefault(r.kind, []).append(r)
    around = [b for b in by_kind.get("batch", []) if (b.date or "") >= FIRST[: len(b.date or "")] and (b.date or "") <= LAST]
    batches = tuple(b for b in around if f"batch/{b.identifier}" != exclusions)
    return Loaded(
        scope,
        {k: tuple(rs) for k, rs in by_kind.items()},
        batches,
        {},
        {},
        (),
        left_out=tuple(b for b in around if b not in batches),
    )


def section_of(kind: str) -> SectionOutline:
    return next(s for s in OUTLINE.sections if kind in s.records)


def shown(found: Loaded, kind: str) -> tuple[EvidencePack, LedgerLine]:
    packs = [pack_of(found, section) for section in OUTLINE.sections]
    line = next(line for line in ledger_of(found, OUTLINE, packs) if line.kind == kind)
    return next(p for p in packs if p.section == section_of(kind).key), line


def test_every_kind_that_a_review_accounts_for_is_tried() -> None:
    assert set(CASES) == {kind for section in OUTLINE.sections for kind in section.records}


@pytest.mark.parametrize("kind", CASES)
def test_a_kind_without_records_is_a_zero_that_a_query_gave(kind: str) -> None:
    pack, line = shown(loaded(), kind)
    assert line.counts() == {"in_scope": 0, "included": 0, "excluded": 0, "unaccounted": 0}
    zeros = [f for f in pack.facts.values() if f.exact == "0" and f.inputs.get("query")]
    assert any(kind in str(f.inputs["query"]) or kind in f.id or "batch" in str(f.inputs["query"]) for f in zeros)
    section = section_of(kind)
    assert section.machine or any(
        t.id == "queried" for t in pack.tables
    )  # said by a sentence, or in a table of what was asked


@pytest.mark.parametrize("kind", CASES)
def test_the_date_that_decides_is_told_in_words(kind: str) -> None:
    assert decides(kind, [record(kind, "X1", CASES[kind].inside)])


@pytest.mark.parametrize("kind", DATED)
def test_what_lies_in_the_period_is_included_and_what_lies_outside_is_not(kind: str) -> None:
    case = CASES[kind]
    pack, line = shown(loaded(record(kind, "X1", case.inside), record(kind, "X2", case.outside)), kind)
    assert (line.in_scope, line.included, line.unaccounted) == (("X1",), ("X1",), ())
    assert f"{kind}/X1" in pack.records
    listed = {ref for t in pack.tables for ref in t.refs}
    assert f"record:{kind}/X2" not in listed
    assert f"{kind}/X2" not in pack.records or kind == "stability_result"  # a line needs the results before the period too


@pytest.mark.parametrize("kind", [k for k in DATED if CASES[k].edge])
def test_a_coarse_date_at_the_edge_is_left_to_a_person_who_takes_it_in_or_leaves_it_out(kind: str) -> None:
    made = record(kind, "X1", CASES[kind].edge)
    assert loaded(made).undecidable(made)
    _, line = shown(loaded(made), kind)
    assert (line.in_scope, line.included, line.excluded, line.unaccounted) == (("X1",), (), (), ("X1",))
    pack, line = shown(loaded(made, inclusions=f"{kind}/X1"), kind)
    assert (line.included, line.unaccounted) == (("X1",), ())
    assert f"{kind}/X1" in pack.records
    pack, line = shown(loaded(made, exclusions=f"{kind}/X1"), kind)
    assert (line.included, line.excluded, line.unaccounted) == ((), ("X1",), ())
    assert f"{kind}/X1" not in pack.records


@pytest.mark.parametrize("kind", CASES)
def test_what_a_person_leaves_out_is_in_no_table_and_no_count(kind: str) -> None:
    batch = [] if kind == "batch" else [record("batch", "B1", "2025-03")]
    made = record(kind, "X1", CASES[kind].inside)
    if kind == "material_lot":
        made = Record(**{**vars(made), "identifier": "API-1-2"})
    name = f"{kind}/{made.identifier}"
    pack, line = shown(loaded(*batch, made), kind)
    assert line.included == (made.identifier,)
    assert name in pack.records
    pack, line = shown(loaded(*batch, made, exclusions=name), kind)
    assert (line.in_scope, line.excluded, line.unaccounted) == ((made.identifier,), (made.identifier,), ())
    assert name not in pack.records
    assert not [t for t in pack.tables if f"record:{name}" in t.refs]


@pytest.mark.parametrize("kind", [k for k in CASES if CASES[k].placed in ("batch", "register")])
def test_what_no_date_places_is_never_undecidable(kind: str) -> None:
    made = Record(**{**vars(record(kind, "X1")), "date": "2025-01", "date_precision": "month"})
    assert not loaded(made).undecidable(made)


@pytest.mark.parametrize(
    ("opened", "closed", "falls", "decided"),
    [
        ("2024-03-01", "2025-01", True, False),  # closed in the month in which the period begins
        ("2024-03-01", "2025-02", True, True),
        ("2024-03-01", "2024-12", False, True),
        ("2024-03", "", True, True),  # opened long before, and open
        ("2025-01", "", True, True),  # opened around the beginning, and open in the period whenever
        ("2025", "", True, True),
        ("2026-01-01", "", False, True),
    ],
)
def test_an_action_belongs_to_the_period_while_it_was_open(opened: str, closed: str, *, falls: bool, decided: bool) -> None:
    made = record("capa", "C1", opened, closed_on=closed)
    found = loaded(made)
    assert (bool(found.in_scope("capa")), not found.undecidable(made)) == (falls, decided)


@pytest.mark.parametrize(
    ("proposed", "falls", "decided"),
    [("2025-01", True, False), ("2025-03", True, True), ("2024-11", False, True), ("", True, True)],
)
def test_a_change_without_a_date_is_placed_by_its_proposal_also_where_that_is_coarse(
    proposed: str, *, falls: bool, decided: bool
) -> None:
    made = record("change_control", "CC1", proposed_on=proposed)
    found = loaded(made)
    assert (bool(found.in_scope("change_control")), not found.undecidable(made)) == (falls, decided)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2025", ("2025-01-01", "2025-12-31")), ("2024-02", ("2024-02-01", "2024-02-29")), ("2024-02-03", ("2024-02-03", "2024-02-03")),
        ("2024-02-03T10:00", ("2024-02-03", "2024-02-03")), ("2020-05/2021-04", ("2020-05-01", "2021-04-30")), ("", ("", "")),
        ("soon", ("", "")), ("2025-13", ("", "")), ("2025-05/later", ("", "")),
        ("2019-01 to 2021-12", ("2019-01-01", "2021-12-31")), ("2019 - 2021", ("2019-01-01", "2021-12-31")),
    ],
)  # fmt: skip
def test_a_written_date_is_the_days_that_it_may_mean(text: str, span: tuple[str, str]) -> None:
    assert written_span(text) == span


def test_excursions_of_other_years_are_not_added_up_and_a_period_that_cannot_be_read_is_left_to_a_person() -> None:
    other = record("utility", "U1", "2019-01/2021-12", alert_excursions="7", action_excursions="2")
    mine = record("utility", "U2", "2025-02/2025-11", alert_excursions="3", action_excursions="0")
    unread = record("utility", "U3", "spring", alert_excursions="5", action_excursions="1")
    pack, line = shown(loaded(other, mine, unread), "utility")
    assert {pack.facts[f"excursions.{level}"].exact for level in ("alert", "action")} == {"3", "0"}
    assert (line.included, line.unaccounted) == (("U2",), ("U3",))


NO_EXCIPIENTS = {"smcc_batch": "", "lactose_batch": "", "starch_batch": ""}


def table(into: Collected, name: str) -> Table:
    return next(t for t in into.tables if t.id == name)


def test_a_lot_that_no_record_names_is_no_lot_that_batches_share() -> None:
    batches = [record("batch", f"B{n}", "2025-06", **NO_EXCIPIENTS, api_batch="2" if n < 3 else "") for n in range(1, 6)]
    event = record("deviation", "D1", "2025-06-10", batches="B1")
    found = loaded(*batches, event)
    found = replace(found, scope=replace(found.scope, kind="deviation", subject="D1"))
    into = Collected()
    DEVIATION_BUILDERS["extent"](found, into)
    assert [row[:2] for row in table(into, "genealogy").rows] == [("api", "API-1-2")]
    assert [row[2] for row in table(into, "same_month").rows] == ["API-1-2", "-", "-", "-"]
    assert into.facts["extent.sharing_api_lot"].exact == "1"
    printed = " ".join(cell for made in into.tables for row in made.rows for cell in row)
    assert not any(f"{prefix}-" in printed.replace("API-1-2", "") for prefix in ("API", "SMCC", "LAC", "STA"))


def measured(batch: str, attribute: str, literal: str) -> Measurement:
    state = "censored" if literal.startswith("<") else "value"
    value = None if state == "censored" else Decimal(literal)
    return Measurement(batch, "A", attribute, literal, value, state, "%", 2, attribute, True, "d", "lab.csv", "sha256:0", 1)


@pytest.mark.parametrize(("lot", "values"), [({}, 1), (NO_EXCIPIENTS, 3)])
def test_batches_that_name_no_lot_are_not_read_as_one_lot(lot: dict[str, str], values: int) -> None:
    batches = [record("batch", f"B{n}", "2025-06", **lot) for n in range(1, 4)]
    found = replace(
        loaded(*batches),
        measurements={"smcc_water": tuple(measured(b.identifier, "smcc_water", "2.5") for b in batches)},
        groups={"smcc_water": "raw material"},
    )
    made = control(found, "smcc_water", lots=True)
    assert made
    assert len(made.values) == values


def test_what_the_year_before_rests_on_is_told_of_that_year() -> None:
    before = [f"E{n}" for n in range(1, 25)]
    made = [record("batch", name, "2024-06") for name in before] + [record("batch", f"B{n}", "2025-06") for n in range(1, 9)]
    now = [measured(f"B{n}", "impurities", "<0.05" if n > 4 else f"0.1{n}") for n in range(1, 9)]
    then = [measured(name, "impurities", "<0.05" if n > 21 else f"0.1{n % 7}") for n, name in enumerate(before)]
    found = replace(loaded(*made), measurements={"impurities": tuple(now)}, earlier={"impurities": tuple(then)})
    reading = read(found, "impurities")
    assert reading
    told = {f.id: f for f in facts(found, reading, "%", {"censored": 4, "query": "this period"})}
    for name in ("previous_mean", "previous_n", "baseline_centre", "baseline_upper"):
        fact = told[f"impurities.{name}"]
        assert (fact.n, fact.inputs["censored"]) == (22, 2)
        assert "2024-01-15 to 2025-01-14" in str(fact.inputs["query"])
    assert told["impurities.baseline_signals"].inputs["censored"] == 4


def test_batches_are_counted_by_month_where_their_starts_have_a_day() -> None:
    made = loaded(*(record("batch", f"B{n}", f"2025-0{2 + n % 2}-1{n}") for n in range(6)))
    months = next(t for t in pack_of(made, OUTLINE.section("batch_census")).tables if t.id == "months")
    assert months.rows == (("2025-02", "3"), ("2025-03", "3"))


def test_a_product_is_called_by_what_its_records_say_and_by_nothing_else() -> None:
    batch = replace(record("batch", "B1", "2025-06"), strength="20M")
    assert product_name(loaded(batch)) == "Product A, 20M"
    stated = replace(record("batch", "B2", "2025-07", dosage_form="powder for injection"), strength="20M")
    assert product_name(loaded(batch, stated)) == "Product A, powder for injection, 20M"
    other = record("batch", "B3", "2025-08", dosage_form="hard capsules")
    assert product_name(loaded(stated, other)) == "Product A, 20M"  # two records differ: neither stands


def of_values(attribute: str, group: str, *values: str) -> Loaded:
    batches = [record("batch", f"B{n:02}", f"2025-{2 + n // 3:02}") for n in range(len(values))]
    made = tuple(measured(b.identifier, attribute, value) for b, value in zip(batches, values, strict=True))
    return replace(loaded(*batches), measurements={attribute: made}, groups={attribute: group} if group else {})


@pytest.mark.parametrize(("far", "lies"), [(1, "lies 1 point,"), (2, "lie 2 points,"), (0, "lie 0 points,")])
def test_points_beyond_limits_are_counted_in_words_that_fit_the_number(far: int, lies: str) -> None:
    values = [f"100.{n % 3}" for n in range(24)]
    for place in (7, 18)[:far]:
        values[place] = "104.0"
    section = OUTLINE.section("finished_product_quality")
    said = DeterministicDrafter().draft(section, pack_of(of_values("assay", "finished product", *values), section)).sentences
    (sentence,) = [s.text for s in said if s.text.startswith("Beyond control limits of the period's own values")]
    assert lies in sentence


def test_what_no_section_speaks_of_since_it_has_no_group_is_told_in_the_scope() -> None:
    section = OUTLINE.section("scope_and_method")
    for group, told in (("", True), ("our own stage", True), ("finished product", False), ("yield", False)):
        notes = pack_of(of_values("assay", group, "99.1", "99.2"), section).notes
        assert any("No section speaks of" in note and "assay" in note for note in notes) is told
