"""States, samples and demands are derived, and the same at every look."""

from dataclasses import replace

import pytest
from desk import FACTS, OUTLINE, pack_of

from audit.identity import Account, Qualification
from audit.signatures import Meaning
from drafting import demands, lifecycle, staleness
from drafting.lifecycle import Capacity
from drafting.model import EvidencePack, Table
from drafting.render import render
from drafting.report_rows import SectionRow, SentenceRow, SignedItem, VersionRow
from prompts.outline import Tier

PACK = pack_of("quality")


def section(sentences: int = 2, **more: object) -> SectionRow:
    made = render("The mean assay was {fact:assay.mean}.", PACK)
    rows = tuple(SentenceRow(f"s{n}", n, "machine-drafted", (VersionRow(1, made, "h", "", "t"),)) for n in range(sentences))
    plain = SectionRow("x", "r", "quality", "g", "t", "d", "f", "drafted", "", PACK.sha256, 0, rows, (), (), (), (), ())
    return replace(plain, **more)  # type: ignore[arg-type]


def signed(row: SectionRow, meaning: Meaning, **more: str) -> SignedItem:
    item = SignedItem(
        "sig",
        str(meaning),
        f"a-{meaning}",
        "u",
        "U",
        "r",
        "2026-01-01",
        "UTC",
        lifecycle.canonical_hash(row),
        row.pack_hash,
        lifecycle.decisions_hash(row),
        "m",
    )
    return replace(item, **more)


def test_a_state_needs_every_signature_before_it() -> None:
    row = section()
    steps = [signed(row, m) for m in (Meaning.AUTHORSHIP, Meaning.REVIEW, Meaning.APPROVAL)]
    states = [lifecycle.state(replace(row, signatures=tuple(steps[:n]))) for n in range(4)]
    assert states == ["drafted", "authored", "reviewed", "approved"]
    assert lifecycle.state(replace(row, signatures=tuple(steps[1:]))) == "drafted"


@pytest.mark.parametrize("change", [{"text_hash": "sha256:other"}, {"evidence_hash": "sha256:other"}])
def test_a_signature_holds_only_over_equal_text_and_evidence(change: dict[str, str]) -> None:
    row = section()
    item = signed(row, Meaning.AUTHORSHIP, **change)
    assert not lifecycle.is_valid(row, item)
    assert lifecycle.since(row, item)


@pytest.mark.parametrize(
    ("tier", "sentences", "number"),
    [(Tier.HIGH, 30, 30), (Tier.MEDIUM, 30, 6), (Tier.MEDIUM, 10, 3), (Tier.MEDIUM, 2, 2), (Tier.LOW, 30, 0)],
)
def test_the_tier_says_how_many_sentences_are_opened(tier: Tier, sentences: int, number: int) -> None:
    row = section(sentences)
    chosen = demands.demanded_sentences(row, Capacity.AUTHOR, tier)
    assert len(chosen) == number
    assert chosen == demands.demanded_sentences(row, Capacity.AUTHOR, tier)
    flagged = set(demands.demanded_sentences(row, Capacity.AUTHOR, tier, {"s0"}))
    assert flagged == {*chosen, "s0"}


def test_every_thing_that_a_sentence_of_high_risk_cites_is_opened() -> None:
    row, people = section(), ("author", "reviewer")
    cited = (
        "record:capa/C-1",
        "cell:capa/C-1#due_on",
        "fact:assay.mean",
        "fact:assay.n",
        "fact:assay.attribute",
        "manual:m",
    )
    sentence = replace(row.sentences[0].sentence, cites=cited)
    pack = replace(
        PACK, facts={name: replace(fact, inputs={"columns": ["assay"], "hash": "h"}) for name, fact in FACTS.items()}
    )
    for capacity in map(Capacity, people):
        sources = demands.demanded_sources(row, capacity, sentence, pack, Tier.HIGH)
        assert sources == (("record:capa/C-1", "cell:capa/C-1#due_on"), ("fact:assay.mean", "fact:assay.n"), ("manual:m",))
        assert demands.unopened(sources, {"cell:capa/C-1#due_on", "manual:m"}) == [("fact:assay.mean", "fact:assay.n")]
    for tier in (Tier.MEDIUM, Tier.LOW):
        assert demands.demanded_sources(row, Capacity.AUTHOR, sentence, pack, tier) == ((*cited[:4],), ("manual:m",))


def test_a_sentence_that_cites_much_demands_three_of_it_and_not_the_same_of_everybody() -> None:
    row = section()
    sentence = replace(row.sentences[0].sentence, cites=tuple(f"record:oos/O-{n}" for n in range(40)))
    asked = [set(demands.demanded_sources(row, c, sentence, PACK, Tier.HIGH)) for c in (Capacity.AUTHOR, Capacity.REVIEWER)]
    assert [len(one) for one in asked] == [3, 3]
    assert asked[0] != asked[1]


@pytest.mark.parametrize(
    ("tier", "rows", "number"), [(Tier.LOW, 40, 5), (Tier.LOW, 3, 3), (Tier.MEDIUM, 40, 8), (Tier.MEDIUM, 200, 10)]
)
def test_the_tier_says_how_many_rows_are_opened(tier: Tier, rows: int, number: int) -> None:
    table = Table("t", "T", ("c",), (("v",),) * rows, tuple(f"record:batch/{n}" for n in range(rows)))
    assert len(demands.sampled_rows("x", "author", table, tier)) == number


def test_author_and_reviewer_open_different_samples() -> None:
    table = Table("t", "T", ("c",), (("v",),) * 99, tuple(f"record:batch/{n}" for n in range(99)))
    author, reviewer = (demands.sampled_rows("x", who, table, Tier.LOW) for who in ("author", "reviewer"))
    assert author != reviewer


def test_a_decision_depends_on_the_evidence_that_is_cited_and_no_other() -> None:
    sentence = render("The mean assay was {fact:assay.mean}.", PACK)

    def with_fact(name: str) -> EvidencePack:
        return replace(PACK, facts={**FACTS, name: replace(FACTS[name], n=13)})

    assert lifecycle.decided_hash(sentence, PACK) == lifecycle.decided_hash(sentence, with_fact("assay.n"))
    assert lifecycle.decided_hash(sentence, PACK) != lifecycle.decided_hash(sentence, with_fact("assay.mean"))


def test_a_qualification_counts_for_its_section_its_meaning_and_its_days() -> None:
    held = Qualification("quality", "review", "2026-01-01", "2026-06-30", "training")
    account = Account("a", 1, "u", "U", ("reviewer",), True, False, "", None, (held,))
    assert lifecycle.qualification_for(account, "quality", Meaning.REVIEW, "2026-06-30") == held
    for key, meaning, day in (
        ("cause", Meaning.REVIEW, "2026-03-01"),
        ("quality", Meaning.APPROVAL, "2026-03-01"),
        ("quality", Meaning.REVIEW, "2026-07-01"),
    ):
        assert lifecycle.qualification_for(account, key, meaning, day) is None


def test_a_section_without_a_draft_asks_for_a_sentence() -> None:
    row = section(0, outcome="insufficient")
    missing = demands.signable(row, PACK, OUTLINE.section("quality"), Capacity.AUTHOR, account_id="a", findings=())
    assert {m.target for m in missing} == {"add", "field:verdict"}


def test_stale_names_what_changed() -> None:
    changed = replace(PACK, facts={"assay.mean": replace(FACTS["assay.mean"], value="98.0"), "assay.sd": FACTS["assay.n"]})
    assert staleness.difference(PACK, changed) == "assay.mean changed, assay.n is gone, assay.sd is new."
