"""What a head of quality must not find out elsewhere: censored results, rejected lots in use, released failures, pulls and limits that do not fit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from test_evidence_scope import LOT, OUTLINE, loaded, record

from corpus.literals import bound
from corpus.model import Measurement, Record
from drafting.chart_decisions import ChartDecisions
from drafting.charting import attributes, chart_view
from drafting.checks.engine import check_section
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.collected import Collected
from drafting.evidence.deviation_builders import DEVIATION_BUILDERS
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded, months_before
from drafting.model import EvidencePack, Origin, Severity, Table
from drafting.statistics.rules import RuleSet
from prompts.outline import load_outlines

QUALITY, OOS, MATERIALS, STABILITY = "finished_product_quality", "oos_oot", "starting_and_packaging_materials", "stability"


def measured(batch: str, literal: str, attribute: str = "water") -> Measurement:
    censored = literal[0] in "<>≤≥"
    value, state = (None, "censored") if censored else (Decimal(literal), "value")
    return Measurement(batch, "A", attribute, literal, value, state, "%", 2, attribute, True, "d", "lab.csv", "sha256:0", 1)


def limits(
    identifier: str, low: str, high: str, since: str = "2020-01-01", until: str = "", attribute: str = "water"
) -> Record:
    fields = {"attribute": attribute, "lower_limit": low, "upper_limit": high, "unit": "%", "effective_from": since}
    return record("specification", f"{identifier}/{attribute}", **fields, effective_until=until, specification_id=identifier)


def year(literals: list[str], *others: Record, attribute: str = "water") -> Loaded:
    """Return batches B01, B02, ... of two a month, each with the result of its place; "" for a batch without one."""
    batches = [
        record("batch", f"B{n:02d}", f"2025-{2 + n // 3:02d}-{1 + n % 3:02d}", **LOT) for n in range(1, len(literals) + 1)
    ]
    found = loaded(*batches, *others)
    results = tuple(measured(b.identifier, text, attribute) for b, text in zip(batches, literals, strict=True) if text)
    return replace(found, measurements={attribute: results}, groups={attribute: "finished product"}, refused={"d": 3})


def section(found: Loaded, key: str) -> tuple[EvidencePack, list[str], list[str]]:
    """Return the evidence of a section, what its draft says, and the messages of what warns; nothing of a draft blocks."""
    outline = OUTLINE.section(key)
    pack = pack_of(found, outline)
    sentences = DeterministicDrafter().draft(outline, pack).sentences
    findings = check_section([(str(i), s, Origin.MACHINE) for i, s in enumerate(sentences)], pack, outline, ())
    assert not [f for f in findings if f.severity is Severity.BLOCKS]
    return pack, [s.text for s in sentences], [f.message for f in findings]


def table(pack: EvidencePack, name: str) -> Table:
    return next(t for t in pack.tables if t.id == name)


@pytest.mark.parametrize(
    ("literal", "low", "high", "outside"),
    [
        (">2.5", None, "2.0", True), (">2.0", None, "2.0", True), ("≥2.0", None, "2.0", None), (">1.5", None, "2.0", None),
        ("<0.05", None, "0.10", False), ("<0.05", None, "0.05", False), ("≤0.05", None, "0.05", False), ("<0.2", None, "0.1", None),
        ("<90", "95", "105", True), ("<95", "95", None, True), ("≤95", "95", None, None), ("<99", "95", "105", None),
        ("<0.05", "0", "0.10", False), (">96", "95", None, False), (">94", "95", None, None), ("> 96", "95", "105", None), ("<0,05", None, "0.1", False),
    ],
)  # fmt: skip
def test_a_censored_result_is_judged_only_where_it_surely_lies_on_one_side(
    literal: str, low: str | None, high: str | None, *, outside: bool | None
) -> None:
    found = bound(literal)
    assert found
    assert found.fails(Decimal(low) if low else None, Decimal(high) if high else None) is outside
    assert bound(literal.lstrip("<>≤≥ ")) is None


def test_a_result_above_a_number_beyond_the_limit_is_outside_and_leaves_no_index() -> None:
    found = year([*["1.1", "1.2", "1.0", "1.3"] * 3, ">2.5"], limits("SP", "", "2.0"))
    pack, said, _ = section(found, QUALITY)
    facts = pack.facts
    assert {facts[f"water.{name}"].exact for name in ("outside", "censored", "censored_outside")} == {"1"}
    assert (facts["water.n"].exact, facts["water.judged"].exact, facts["quality.results.outside"].exact) == ("12", "13", "1")
    assert "water.ppk" not in facts
    assert any("1 lay outside it" in line and "1 of 13" in line for line in said)
    assert any("surely 1 outside it" in line for line in said)
    assert any("lies outside the limit" in line and "An index is not given" in line for line in said)
    pack, said, warned = section(found, OOS)
    assert (pack.facts["oos.recomputed"].exact, pack.facts["oos.unrecorded"].exact) == ("1", "1")
    assert any("B13" in message and "no OOS record" in message for message in warned)
    (view,) = [chart_view(found, a) for a in attributes(found)]
    assert (view.outside, view.censored) == (1, 1)


def test_a_deviation_report_judges_the_censored_result_of_its_batch() -> None:
    found = year(
        [*["1.1", "1.2", "1.0", "1.3"] * 3, ">2.5"],
        limits("SP", "", "2.0"),
        record("deviation", "D1", "2025-06-10", batches="B13"),
    )
    found = replace(found, scope=replace(found.scope, kind="deviation", subject="D1"))
    into = Collected()
    DEVIATION_BUILDERS["batch_data"](found, into)
    assert next(t for t in into.tables if t.id == "results").rows[0][2:] == (">2.5", "%", "NMT 2.0 %", "-", "outside")
    assert (into.facts["results.judged"].exact, into.facts["results.outside"].exact) == ("1", "1")
    alone = replace(found, measurements={"water": found.measurements["water"][-1:]})  # of no other batch is there a number
    into = Collected()
    DEVIATION_BUILDERS["batch_data"](alone, into)
    pack = EvidencePack("data_review", into.facts, into.records, {}, tuple(into.tables), (), (), 0)
    outline = load_outlines()["deviation"].section("data_review")
    said = [s.text for s in DeterministicDrafter().draft(outline, pack).sentences]
    assert any('gave >2.5 % for "water" against the limit' in line for line in said)


def test_what_complies_below_a_number_counts_and_what_is_left_out_is_said() -> None:
    found = year([*["0.06", "0.08", "0.07", "0.09"] * 3, "<0.05", "<0.05", "<0.30", "", ""], limits("SP", "", "0.20"))
    pack, said, _ = section(found, QUALITY)
    assert (pack.facts["water.n"].exact, pack.facts["water.judged"].exact, pack.facts["water.outside"].exact) == (
        "12",
        "14",
        "0",
    )
    assert any("Of 14 results held against" in line for line in said)
    told = next(line for line in said if line.startswith("Left out of mean, deviation and index"))
    assert "3 given as less or more than a number, of these surely 2 within the limit" in told
    assert "2 of 17 batches without a result" in told
    made = table(pack, "left_out.finished product")
    assert made.rows == (("water", "17", "12", "3", "2", "0", "2"),)
    assert "3 of lab.csv" in made.note
    assert "left_out.finished product" not in {t.id for t in section(year(["1.0"] * 12), QUALITY)[0].tables}


def test_an_attribute_of_censored_results_alone_is_judged_too() -> None:
    found = year(["<0.05"] * 5 + [">0.5"], limits("SP", "", "0.20"))
    pack, said, _ = section(found, QUALITY)
    assert (pack.facts["quality.results.n"].exact, pack.facts["quality.results.outside"].exact) == ("6", "1")
    assert any("surely 5 within the limit, 1 outside it" in line for line in said)
    assert not any("attributes were measured" in line for line in said)


def lot(disposition: str, status: str) -> Record:
    made = record(
        "material_lot", "API-1-2", lot_id="API-1-2", supplier="A8", supplier_status=status, disposition=disposition
    )
    return replace(made, date="2025-02-01", date_precision="day")


@pytest.mark.parametrize(
    ("disposition", "status"), [("rejected", "not approved"), ("released", "Not approved"), ("rejected", "approved")]
)
def test_a_lot_that_should_not_have_gone_in_is_named_with_its_batches(disposition: str, status: str) -> None:
    decided = [
        record("batch_disposition", f"B0{n}/", batch=f"B0{n}", disposition="released" if n < 3 else "pending")
        for n in (1, 2, 3)
    ]
    pack, said, warned = section(year(["1.0"] * 3, lot(disposition, status), *decided), MATERIALS)
    assert table(pack, "material_lot").rows[0][-1] == "B01, B02, B03"
    line = next(text for text in said if text.startswith("Lot API-1-2"))
    assert f"supplier status {status}), with disposition {disposition}, went into 3 batches of the period" in line
    assert "batches of the period; B01 (released), B02 (released), B03 (pending)." in line
    assert pack.facts["lots.used_1.released"].exact == "2"
    assert len([text for text in said if "API-1-2" in text]) == 1
    assert [m for m in warned if "API-1-2" in m] == [
        f"Lot API-1-2 (disposition {disposition}, supplier {status}) went into batch B01, B02, B03."
    ]


def test_many_lots_that_should_not_have_gone_in_are_counted_and_the_first_are_named() -> None:
    batches = [record("batch", f"B{n:02d}", "2025-03-01", **{**LOT, "api_batch": str(n)}) for n in range(1, 15)]
    lots = [replace(lot("rejected", "approved"), identifier=f"API-1-{n}") for n in range(1, 15)]
    _, said, warned = section(loaded(*batches, *lots), MATERIALS)
    assert "More lots than can be named went into batches; rejected: 14; of a supplier that is not approved: 0." in said
    assert (len([t for t in said if t.startswith("Lot API")]), len([m for m in warned if m.startswith("Lot API")])) == (
        10,
        10,
    )


def test_a_lot_in_order_is_linked_to_its_batches_and_not_flagged() -> None:
    pack, said, warned = section(year(["1.0"] * 8, lot("released", "approved")), MATERIALS)
    assert table(pack, "material_lot").rows[0][-1] == "8: B01 to B08"
    assert {pack.facts[f"lots.{name}_used"].exact for name in ("rejected", "not_approved")} == {"0"}
    assert not [text for text in (*said, *warned) if "API-1-2" in text]


@pytest.mark.parametrize(
    ("cause", "invalidated", "told"),
    [("", "yes", True), (" ", "yes", True), ("dilution error", "yes", False), ("", "no", False)],
)
def test_an_oos_invalidated_without_a_cause_is_called_so(cause: str, invalidated: str, *, told: bool) -> None:
    oos = record(
        "oos",
        "OOS-1",
        "2025-03-01",
        batch="B01",
        attribute="water",
        result="3",
        unit="%",
        assignable_cause=cause,
        invalidated=invalidated,
    )
    pack, said, warned = section(year(["1.0"], oos), OOS)
    assert pack.facts["oos.without_cause"].exact == str(int(told))
    assert any("invalidated, and an assignable cause is not on record" in line for line in said) is told
    assert ("OOS-1 was invalidated, and no assignable cause is on record." in warned) is told


def test_a_batch_released_with_a_result_outside_is_called_so() -> None:
    decided = [
        record("batch_disposition", f"B0{n}/", batch=f"B0{n}", disposition=d)
        for n, d in enumerate(("released", "rejected", "released"), 1)
    ]
    oos = record("oos", "OOS-1", "2025-03-01", batch="B03", attribute="assay", result="90", unit="%", invalidated="no")
    found = year(["2.5", "2.5", "1.0"], limits("SP", "", "2.0"), oos, *decided)
    pack, said, warned = section(found, OOS)
    assert pack.facts["oos.released_outside"].exact == "2"
    line = next(text for text in said if "released with a result outside" in text)
    assert line.startswith("2 batches were released")
    assert 'batch B01: "water" 2.5 % against not more than 2.0 %' in line
    assert "OOS-1, which is not invalidated" in line
    assert "B02" not in line
    assert [m for m in warned if "was released with" in m] == [
        'Batch B01 was released with "water" 2.5 %, outside its specification.',
        'Batch B03 was released with "assay" 90 %, outside its specification.',
    ]
    for cause, number in (("dilution error", "1"), ("", "2")):
        other = record(
            "oos",
            "OOS-2",
            "2025-03-01",
            batch="B01",
            attribute="water",
            result="2.5",
            unit="%",
            invalidated="yes",
            assignable_cause=cause,
        )
        also = replace(found, records={**found.records, "oos": (oos, other)})
        assert section(also, OOS)[0].facts["oos.released_outside"].exact == number
    _, said, _ = section(found, "executive_summary")
    assert "2 batches were released with a result outside the specification." in said


def pulls(
    study: str, months: list[int], high: str = "2.0", results: tuple[str, ...] = (), condition: str = "25 °C"
) -> list[Record]:
    return [
        record(
            "stability_result", f"{study}/{m}", months_before("2024-12-20", -m), study_id=study, batch=f"S{study}", condition=condition, month=str(m),
            attribute="water", result=(results or ("1.0",) * len(months))[i], unit="%", lower_limit="", upper_limit=high, status="reported",
        )
        for i, m in enumerate(months)
    ]  # fmt: skip


def test_a_pull_without_a_row_is_named_with_the_day_on_which_it_was_due() -> None:
    found = loaded(*pulls("T1", [0, 3, 6, 12]), *pulls("T2", [0, 3, 12]), *pulls("T3", [0, 3, 6, 12]))
    pack, said, warned = section(found, STABILITY)
    assert pack.facts["pulls.absent"].exact == "1"
    (line,) = [text for text in said if "without a row" in text]
    assert "study T2 of batch ST2, pull after 6 months, due 2025-06-20" in line
    assert [m for m in warned if "no row" in m] == [
        "Study T2, batch ST2, has no row for month 6 (due 2025-06-20), which 2 other studies at the same condition have."
    ]
    assert table(pack, "stability.absent").rows == (("T2", "ST2", "25 °C", "6", "2025-06-20", "2"),)


@pytest.mark.parametrize(
    ("months", "condition", "absent"),
    [
        ([0, 3, 6], "25 °C", ["12"]),  # the next one of the same schedule was due in the period
        ([0, 12], "25 °C", []),  # once a year: another schedule
        ([0, 6], "40 °C", []),  # another condition
        ([0, 3, 6, 12, 18], "25 °C", []),  # more than the others
    ],
)
def test_a_study_by_another_schedule_misses_nothing(months: list[int], condition: str, absent: list[str]) -> None:
    found = loaded(*pulls("T1", [0, 3, 6, 12]), *pulls("T2", months, condition=condition))
    pack, said, _ = section(found, STABILITY)
    assert [f.value for key, f in pack.facts.items() if key.startswith("pulls.absent_") and key.endswith("month")] == absent
    assert any("without a row" in text for text in said) is bool(absent)


def test_a_month_that_no_study_can_have_is_no_pull() -> None:
    rows = pulls("T1", [0, 3])
    odd = replace(rows[1], identifier="T1/odd", fields={**rows[1].fields, "month": "1E999999"})
    pack, _, _ = section(loaded(*rows, odd, *pulls("T2", [0, 3])), STABILITY)
    assert pack.facts["pulls.absent"].exact == "0"


def test_a_stability_limit_looser_than_the_specification_in_force_is_told() -> None:
    old, new = limits("SP-1", "", "0.20", until="2025-06-30"), limits("SP-2", "", "0.15", since="2025-07-01")
    found = loaded(*pulls("T1", [0, 3, 6, 9, 12], "0.20", ("0.05", "0.08", "0.11", "0.15", "0.17")), old, new)
    pack, said, warned = section(found, STABILITY)
    facts = pack.facts
    assert [facts[f"limits.{name}"].exact for name in ("looser", "looser_1.results", "looser_1.outside")] == ["2", "2", "1"]
    line = next(text for text in said if "looser than" in text)
    assert "2 stability results are given against a limit of not more than 0.20 %, looser than not more than 0.15 %" in line
    assert "in force from 2025-07-01, outside which 1 of them lies." in line
    assert any("NMT 0.20 %" in m and "says NMT 0.15 %; 1 of 2 results lie outside that" in m for m in warned)
    same = loaded(*pulls("T1", [0, 3, 6, 9], "0.15"), new)
    pack, said, _ = section(same, STABILITY)
    assert pack.facts["limits.looser"].exact == "0"
    assert not [text for text in said if "looser" in text]


@pytest.mark.parametrize(
    ("row", "specified", "limit", "months", "tighter", "whose"),
    [
        ("0.20", "0.30", "NMT 0.30 %", "22", "13", "that the rows state, not more than 0.20 %"),
        ("0.30", "0.20", "NMT 0.30 %", "22", "13", "of the specification in force, not more than 0.20 %"),
        ("0.30", "0.30", "NMT 0.30 %", "22", None, ""),
        ("0.30", None, "NMT 0.30 %", "22", None, ""),
    ],
)
def test_the_shelf_life_is_held_against_the_limit_in_force_and_a_tighter_one_is_told(
    row: str, specified: str | None, limit: str, months: str, tighter: str | None, whose: str
) -> None:
    known = [limits("SP-1", "", specified)] if specified else []
    pack, said, _ = section(
        loaded(*pulls("T1", [0, 3, 6, 9, 12], row, ("0.05", "0.08", "0.11", "0.15", "0.17")), *known), STABILITY
    )
    assert pack.facts["shelf_life.1.supported"].value == months
    assert table(pack, "shelf_life").rows[0][2] == limit
    shown = [text for text in said if "tighter limit" in text]
    assert ("shelf_life.1.tighter" in pack.facts, len(shown)) == (tighter is not None, int(tighter is not None))
    if tighter:
        assert pack.facts["shelf_life.1.tighter"].value == tighter
        assert f"the tighter limit {whose}, it would meet after {tighter} months." in shown[0]
        assert f"{tighter} months by the tighter limit NMT 0.20 %" in table(pack, "shelf_life").rows[0][-1]


def test_rules_that_are_not_in_force_are_told_with_the_points_that_they_would_mark() -> None:
    low, high = ["0.9", "0.8"] * 5, ["1.2", "1.1"] * 5
    found = year([*high, *low])
    pack, _, _ = section(found, QUALITY)
    note = table(pack, "control.finished product").note
    assert "Western Electric rules 1 to 4 are not in force; on the charts of own limits they would mark" in note
    assert "water" in note.partition("would mark")[2]
    (view,) = [chart_view(found, a) for a in attributes(found)]
    western, nelson = view.otherwise
    assert western.startswith("Western Electric rules 1 to 4 are not in force: they would mark")
    assert "the first at batch B" in western
    assert "eight points in a row on one side of the centre line: 6" in western
    assert nelson.startswith("Nelson rules 1 to 8 are not in force")
    chosen = replace(found, charts=ChartDecisions(rules={"": RuleSet.WESTERN_ELECTRIC}))
    (view,) = [chart_view(chosen, a) for a in attributes(chosen)]
    assert [told.partition(" are ")[0] for told in view.otherwise] == ["Nelson rules 1 to 8"]
    assert "are not in force" not in table(section(chosen, QUALITY)[0], "control.finished product").note


def events(each_month: list[int]) -> Loaded:
    """Return two batches in the first month and three in each other, and deviations of which so many were opened in each month."""
    found = year(["1.0", "1.1", "1.0"] * len(each_month[1:]) + ["1.0", "1.1"])
    days = [(month, n) for month, many in enumerate(each_month) for n in range(many)]
    opened = [record("deviation", f"DEV-{i}", f"2025-{2 + month:02d}-{1 + n % 28:02d}") for i, (month, n) in enumerate(days)]
    return replace(found, records={**found.records, "deviation": tuple(opened)})


@pytest.mark.parametrize(
    ("each_month", "rules", "signals", "line"),
    [
        ([8, 8, 8, 17, 17, 8, 8, 8, 8, 8], RuleSet.ONE, "0", "0 points lie beyond the limits."),
        ([8, 8, 8, 17, 17, 8, 8, 8, 8, 8], RuleSet.WESTERN_ELECTRIC, "1", "1 point signals by Western Electric rules 1 to 4."),
        ([0, 0, 0, 0, 0, 0, 0, 0, 2, 2], RuleSet.WESTERN_ELECTRIC, "0",
         "0 points lie beyond the limits; other rules are not applied: a point expects 0.3 events, and Western Electric rules 1 to 4 hold from 5 on."),
    ],
)  # fmt: skip
def test_the_rules_of_the_site_apply_to_events_where_a_point_expects_enough(
    each_month: list[int], rules: RuleSet, signals: str, line: str
) -> None:
    found = replace(events(each_month), charts=ChartDecisions(rules={"": rules}))
    pack, said, _ = section(found, "deviations")
    assert pack.facts["deviation.chart.signals"].exact == signals
    assert line in next(text for text in said if text.startswith("On the chart of the rate")), said
    drawn = next(c for c in pack.charts if c.id == "u.deviation")
    assert sum(point.signal for point in drawn.points) == int(signals)
    applied = rules if each_month[0] else RuleSet.ONE
    assert f"by {applied}" in drawn.method


@pytest.mark.parametrize(("high", "changed"), [("2.0", False), ("2.00", False), ("1.8", True)])
def test_a_new_version_with_the_same_limits_is_no_change_of_limits(high: str, *, changed: bool) -> None:
    old, new = limits("SP-1", "", "2.0", until="2025-03-31"), limits("SP-2", "", high, since="2025-04-01")
    found = year(["1.0", "1.1"] * 6, old, new)
    (view,) = [chart_view(found, a) for a in attributes(found)]
    assert (len(view.limits), view.limit_changed) == (2, changed)


def test_attributes_of_one_column_are_called_by_their_own_names() -> None:
    found = year(["1.0", "1.1"] * 6)
    results = found.measurements["water"]
    long = {name: tuple(replace(m, attribute=name, column="value") for m in results) for name in ("water", "assay")}
    found = replace(found, measurements=long, groups=dict.fromkeys(long, "finished product"))
    assert {found.label(name) for name in long} == {'"water"', '"assay"'}
    assert replace(found, measurements={"water": long["water"]}).label("water") == '"value"'


def test_a_stability_result_outside_the_limit_of_its_row_is_called_out_of_specification() -> None:
    found = loaded(*pulls("T1", [1, 3, 6, 9], "2.0", ("1.0", "2.5", ">2.0", "<2.5")))
    pack, said, warned = section(found, STABILITY)
    assert [pack.facts[f"stability.{name}"].exact for name in ("judged", "outside", "unrecorded")] == ["3", "2", "2"]
    assert any(
        "Of 3 stability results held against" in t and "2 lie outside, of which 2 lack an OOS record" in t for t in said
    )
    line = next(t for t in said if t.startswith("Outside the limit"))
    assert '"water" of batch ST1 in study T1 at 25 °C after month 3: 2.5 % against not more than 2.0 %' in line
    assert "after month 6: >2.0 % against not more than 2.0 %" in line
    assert [m for m in warned if "no OOS record" in m] == [
        'Study T1, batch ST1, 25 °C, month 3: "water" 2.5 % is outside its limit and has no OOS record.',
        'Study T1, batch ST1, 25 °C, month 6: "water" >2.0 % is outside its limit and has no OOS record.',
    ]
    shown = table(pack, "stability_result")
    assert shown.columns[-2:] == ("Limit", "Outside")
    assert [row[-2:] for row in shown.rows] == [("NMT 2.0 %", "no"), ("NMT 2.0 %", "yes"), ("NMT 2.0 %", "yes"), ("-", "")]
    for key in (OOS, "executive_summary"):
        pack, said, warned = section(found, key)
        assert any("2 lie outside, of which 2 lack an OOS record" in t for t in said)
        assert len([m for m in warned if "no OOS record" in m]) == 2
    blocked = [f for f in check_section([], pack, OUTLINE.section(OOS), ()) if f.severity is Severity.BLOCKS]
    assert any("stability outside (2)" in f.message for f in blocked)


@pytest.mark.parametrize(
    ("figure", "day", "unrecorded"),
    [("2.50", "2025-04-01", "0"), ("", "2025-04-01", "0"), ("", "2025-01-20", "1"), ("3.1", "2025-04-01", "1")],
)
def test_a_stability_result_outside_has_its_own_oos_record(figure: str, day: str, unrecorded: str) -> None:
    oos = record("oos", "OOS-1", day, batch="ST1", attribute="water", result=figure, unit="%")
    pack, said, warned = section(loaded(*pulls("T1", [1, 3], "2.0", ("1.0", "2.5")), oos), STABILITY)
    assert pack.facts["stability.unrecorded"].exact == unrecorded
    assert any("no OOS record" in m for m in warned) is (unrecorded == "1")
    assert any(f"1 lies outside, of which {unrecorded} lack an OOS record" in t for t in said)


def test_a_stability_result_is_held_against_the_specification_where_its_row_states_no_limit_or_a_looser_one() -> None:
    for own in ("", "3.0"):
        pack, said, _ = section(loaded(*pulls("T1", [1, 3], own, ("1.0", "2.5")), limits("SP", "", "2.0")), STABILITY)
        assert (pack.facts["stability.judged"].exact, pack.facts["stability.outside"].exact) == ("2", "1")
        assert any("after month 3: 2.5 % against not more than 2.0 %" in t for t in said)
    pack, said, _ = section(loaded(*pulls("T1", [1, 3], "", ("1.0", "2.5"))), STABILITY)
    assert pack.facts["stability.judged"].exact == "0"
    assert not [t for t in said if "lie outside" in t]


def test_the_sentence_on_a_line_says_how_many_results_it_leaves_out() -> None:
    seldom = pulls("T2", [0, 3], "0.5", ("0.05", "0.06"))
    found = loaded(*pulls("T1", [0, 3, 6, 9, 12], "0.5", ("<0.05", "0.08", "0.11", "0.15", "0.17")), *seldom)
    pack, said, _ = section(found, STABILITY)
    assert (pack.facts["shelf_life.1.censored"].exact, pack.facts["shelf_life.1.seldom"].exact) == ("1", "2")
    line = next(t for t in said if t.startswith(('For "water"', "For water")))
    assert "; left out: 1 result given as less or more than a number and 2 results of a batch tested too seldom" in line
    _, said, _ = section(loaded(*pulls("T1", [0, 3, 6, 9], "0.5", ("0.05", "0.08", "0.11", "0.15"))), STABILITY)
    assert not [t for t in said if "left out" in t]


@pytest.mark.parametrize(
    ("occurred", "opened", "closed", "told"),
    [
        ("2025-01-10", "2025-01-20", "", True), ("2024-11-03", "2024-11-04", "2025-02-01", True),
        ("2024-11-03", "2024-11-04", "2024-12-01", False), ("2024-11-03", "2024-11-04", "", False), ("2025-02-01", "2025-02-02", "", False),
    ],
)  # fmt: skip
def test_a_deviation_of_before_the_period_that_was_opened_or_closed_in_it_is_told(
    occurred: str, opened: str, closed: str, *, told: bool
) -> None:
    own = {"class": "critical", "title": "leak", "opened_on": opened, "closed_on": closed}
    pack, said, _ = section(loaded(record("deviation", "DEV-1", occurred, **own)), "deviations")
    assert ("deviation.carried" in pack.facts) is told
    assert any("counted in the period in which they happened: 1; DEV-1." in t for t in said) is told
    if told:
        assert pack.facts["deviation.count"].exact == "0"
        assert table(pack, "deviation.carried").rows[0][-2:] == (opened, closed or "-")


def test_groups_as_large_as_those_that_are_named_are_told() -> None:
    base = ["1.1", "1.2", "1.0", "1.3", "1.1", "1.2"]
    found = year([*base, "9.0", *base, "9.0", *base, "9.0", *base, "9.0", *base, *base, *base])
    pack, said, _ = section(found, QUALITY)
    line = next(t for t in said if "fall into 4 groups" in t)
    assert (pack.facts["quality.groups_tied"].exact, "1 other group has as many points as the last of these" in line) == (
        "1",
        True,
    )
