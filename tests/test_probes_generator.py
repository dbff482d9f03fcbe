"""Planted faults of the sample reports: provably wrong, restorable, of every type that their text offers, and not told by their form."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.oversight.model import Family
from benchmarks.probes import ENOUGH, Section, realism, restores, sampled
from drafting.checks import engine
from drafting.model import Finding, Origin, Sentence, Severity, Span
from drafting.probes import altering
from drafting.probes.claims import Material
from drafting.probes.generator import candidates
from drafting.probes.model import Fault, Probe, TextEdit
from drafting.probes.oracle import proven, same
from drafting.probes.overlay import overlay, planted, whole_text

Made = Sequence[tuple[Section, list[Probe]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Every fault of every section of the two sample reports."""
    return [(section, candidates(*section)) for section in sampled(tmp_path_factory.mktemp("samples"))]


def test_every_fault_is_proven_wrong_and_restorable(made: Made) -> None:
    """By the oracle, and byte for byte."""
    for (view, pack, outline), probes in made:
        material = Material(view, pack, outline)
        for probe in probes:
            assert proven(material, probe), probe
            assert restores(view, probe), probe
            assert all(text not in whole_text(view) for text in planted(view, probe)), probe


def test_a_probe_is_read_back_from_its_tree(made: Made) -> None:
    """What is sealed is what was made."""
    for _, probes in made:
        assert [Probe.of(probe.tree()) for probe in probes[:20]] == probes[:20]


def test_nearly_every_section_of_a_machine_has_three_faults(made: Made) -> None:
    """Nine in ten at least; sections without a machine's text or a record have none."""
    held = [probes for (view, _, _), probes in made if any(s.origin != "person" for s in view.sentences)]
    assert sum(len(probes) >= ENOUGH for probes in held) >= 0.9 * len(held)


def test_every_type_of_fault_but_a_held_back_finding_is_made(made: Made) -> None:
    """The samples carry no warnings, so nothing can be held back there."""
    assert {probe.fault for _, probes in made for probe in probes} >= set(Fault) - {Fault.SILENT}


def test_form_does_not_give_faults_away(made: Made) -> None:
    """A classifier on n-grams tells faulty sentences hardly better than chance."""
    area, pairs = realism([(view, probes) for (view, _, _), probes in made])
    assert pairs > 100
    assert area <= 0.60


def test_the_checks_find_altered_figures_when_they_are_not_held_back(made: Made) -> None:
    """The checks, which the generator does not use, find most altered numbers, dates and identifiers: the faults are real ones."""
    found = total = 0
    for (view, pack, _), probes in made:
        for probe in [p for p in probes if p.fault in (Fault.NUMBER, Fault.DATE, Fault.UNIT, Fault.SHIFT)][::9]:
            shown = next((s for s in overlay(view, probe).sentences if s.id == probe.subject), None)
            if shown is not None:
                sentence = Sentence(shown.text, shown.spans, tuple(c.ref for c in shown.citations))
                total += 1
                found += bool(engine.check_sentence(sentence, pack, origin=Origin.MACHINE))
    assert total > 50
    assert found >= 0.95 * total


def form(message: str) -> str:
    """Return the words of a finding without what it names."""
    return re.sub(r"(?:fact|cell|record):\S+|\b[a-z_0-9]+(?:\.[\w.%-]+)+", "REF", message)


def reworded(section: Section) -> list[Finding]:
    """Return what the checks warn of where somebody wrote other words around the figures of a section."""
    view, pack, _ = section
    found = []
    for sentence, span in [(s, span) for s in view.sentences for span in s.spans[:3]]:
        for words in ("Operators remarked on ", "In all the count of batches came to "):
            shown, start = sentence.text[span.start : span.end], len(words)
            draft = Sentence(f"{words}{shown} beside the line.", (Span(start, start + len(shown), span.ref),), (span.ref,))
            found += engine.check_sentence(draft, pack, origin=Origin.PERSON)
    return [f for f in found if f.severity is Severity.WARNS]


def test_a_false_finding_is_one_that_the_checks_raise(made: Made) -> None:
    """Its rule and words are theirs, its place is that of a figure with its source, and the checks find nothing there."""
    real = {(f.rule, form(f.message)) for section, _ in made for f in reworded(section)}
    flagged = [(section[0], p) for section, probes in made for p in probes if p.fault is Fault.FALSE_FLAG]
    assert len(flagged) > 20
    assert len({form(p.flag.message) for _, p in flagged if p.flag}) >= 3
    for view, probe in flagged:
        assert probe.flag is not None
        sentence = next(s for s in view.sentences if s.id == probe.subject)
        assert (probe.flag.rule, form(probe.flag.message)) in real, probe.flag
        assert (probe.flag.severity, probe.flag.section) == (Severity.WARNS, view.summary.key)
        assert (probe.flag.start, probe.flag.end, probe.flag.evidence) in {(s.start, s.end, s.ref) for s in sentence.spans}
        assert not sentence.findings


def test_omissions_drop_the_count_with_the_row(made: Made) -> None:
    """Where the section counts the records of the table, the count goes down too."""
    edits = [p.edits for _, probes in made for p in probes if p.fault is Fault.OMITTED_RECORD and p.family is Family.MISSING]
    assert any(len(one) > 1 and any(isinstance(edit, TextEdit) for edit in one) for one in edits)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("201.4 mg", "0.2014 g", True), ("98.40 %", "98.4 %", True), ("98.4 %", "94.8 %", False), ("12", "12", True),
        ("2020-03-12", "2020-03-21", False), ("not more than 2.0 %", "not more than 3.0 %", False), ("5 mm", "0.5 cm", True),
        ("DEV-1", "DEV-2", False),
    ],
)  # fmt: skip
def test_the_oracle_knows_what_is_the_same(one: str, other: str, equal: bool) -> None:  # noqa: FBT001
    """After conversion of units, and whatever the zeros."""
    assert same(one, other) is equal


@given(
    st.decimals(min_value=0, max_value=9999, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(["", " %", " mg"]),
)
def test_an_altered_number_never_says_the_same(value: object, unit: str) -> None:
    """Whatever the number: another value, of the same shape."""
    text = f"{value}{unit}"
    for other in (*altering.numbers(text), *altering.shifted(text), *altering.units(text)):
        assert not same(text, other)
