"""A kind of record of which no file was ever imported: nothing is said of the plant, and the author has to deal with it."""

from dataclasses import replace

import pytest
from test_evidence_scope import CASES, OUTLINE, loaded, record

from drafting.checks.engine import check_section
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.kinds import LISTINGS
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded
from drafting.model import Declared, EvidencePack, Finding, Origin, Severity, Source

BATCH = record("batch", "B1", "2025-06-02", **CASES["batch"].fields)
KINDS = [kind for kind in LISTINGS if kind in CASES]


def section(found: Loaded, key: str, declared: str = "") -> tuple[EvidencePack, list[str], list[Finding]]:
    outline = OUTLINE.section(key)
    pack = pack_of(found, outline)
    source = Source("QMS", "list of the year", "")
    said = Declared("m1", declared, declared, source, "no file", "A. Writer", "2026-01-01T00:00:00Z")
    pack = replace(pack, declared={"m1": said}) if declared else pack
    sentences = DeterministicDrafter().draft(outline, pack).sentences if outline.machine else ()
    findings = check_section([(str(i), s, Origin.MACHINE) for i, s in enumerate(sentences)], pack, outline, ())
    return pack, [s.text for s in sentences], list(findings)


def blocks(findings: list[Finding]) -> list[str]:
    return [f"{f.rule}: {f.message}" for f in findings if f.severity is Severity.BLOCKS]


@pytest.mark.parametrize("kind", KINDS)
def test_no_zero_is_said_of_a_kind_of_which_no_file_was_imported(kind: str) -> None:
    key = next(s.key for s in OUTLINE.sections if kind in s.records)
    nothing = replace(loaded(BATCH), sources=frozenset({"batch"}))
    pack, said, findings = section(nothing, key)
    told = f"No file of {kind.replace('_', ' ')} records was imported"
    assert f"{kind}.count" not in pack.facts
    assert any(told in text for text in said) or any(told in cell for t in pack.tables for row in t.rows for cell in row)
    assert not [text for text in said if " 0 " in text and kind.split("_", maxsplit=1)[0] in text.lower()]
    assert any(f"no file of {kind.replace('_', ' ')} records was imported" in message for message in blocks(findings))
    assert {message.partition(":")[0] for message in blocks(findings)} == {"sources"}
    full = replace(nothing, sources=frozenset({"batch", *LISTINGS}))
    pack, said, findings = section(full, key)
    assert not [text for text in said if "No file" in text]
    assert not [message for message in blocks(findings) if message.startswith("sources")]


def test_a_declaration_of_the_author_settles_it() -> None:
    nothing = replace(loaded(BATCH), sources=frozenset({"batch"}))
    assert len(blocks(section(nothing, "changes")[2])) == 1
    assert blocks(section(nothing, "changes", "Change control system: none in 2025")[2]) == []
    assert [m[:20] for m in blocks(section(nothing, "oos_oot", "OOS log: none")[2])] == ["sources: Out-of-tren"]


def test_the_summary_counts_only_what_was_imported_and_names_the_rest() -> None:
    deviation = record("deviation", "D1", "2025-06-03")
    found = replace(loaded(BATCH, deviation), sources=frozenset({"batch", "deviation", "recall"}))
    _, said, findings = section(found, "executive_summary")
    assert "The query over the period found 1 deviation and 0 recalls." in said
    assert "No file of change control records was imported: what there was of them is not known to this report." in said
    assert any(text.endswith("batches of product A were made.") for text in said)
    assert blocks(findings) == []
    assert any("Complaints: no file of complaint records" in f.message for f in findings)
