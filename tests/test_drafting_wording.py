"""What a draft says in words of its own: parts that add up, singular and plural, times in one piece, nothing where there is nothing."""

from dataclasses import replace

import pytest

from corpus.model import Balance, Record, SourceDocument
from drafting.checks.alignment import candidates
from drafting.checks.engine import check_section, check_sentence
from drafting.checks.tokens import Token, enumerate_tokens
from drafting.drafters.deterministic import DeterministicDrafter
from drafting.evidence.listed import counts
from drafting.evidence.scope import Loaded, ReportScope
from drafting.model import Evidence, EvidencePack, Fact, Finding, Origin, Severity
from prompts.outline import SectionOutline, Tier

DOCUMENT = SourceDocument(
    "d1", 1, "deviation.csv", "sha256:d", "text/csv", 1, 1, None, "deviation/1", "deviation", False, "", "", Balance()
)  # fmt: skip
SCOPE = ReportScope("r1", "apr_us", "7", "2020-01-01", "2020-12-31")


def deviation(number: int, **fields: str | None) -> Record:
    own = {"deviation_id": f"DEV-{number}", **fields}
    return Record(f"id{number}", "deviation", f"DEV-{number}", "7", None, "2020-05-04", "day", own, number + 1, DOCUMENT)


def loaded(*found: Record) -> Loaded:
    return Loaded(SCOPE, {"deviation": found}, (), {}, {}, ())


def outline(key: str) -> SectionOutline:
    return SectionOutline(key, "1", "Section", "RA", Tier.HIGH)


def count(name: str, number: int) -> Fact:
    return Fact(name, str(number), str(number), "", number, "count v1")


def pack_with(*facts: Fact, key: str = "deviations", records: dict[str, Evidence] | None = None) -> EvidencePack:
    return EvidencePack(section=key, facts={fact.id: fact for fact in facts}, records=records or {})


def of_rule(rule: str, pack: EvidencePack) -> list[Finding]:
    return [f for f in check_section([], pack, outline(pack.section), ()) if f.rule == rule]


def said(pack: EvidencePack) -> list[str]:
    return [s.text for s in DeterministicDrafter().draft(outline(pack.section), pack).sentences]


def test_a_breakdown_says_how_many_records_state_nothing() -> None:
    found = [
        deviation(1, **{"class": "critical"}),
        deviation(2, **{"class": "minor"}),
        deviation(3, **{"class": None}),
        deviation(4),
    ]
    others = (count("deviation.recurring", 0), count("deviation.open_at_end", 0))
    pack = pack_with(*counts(loaded(*found), "deviation", found), *others)
    assert "By class as recorded: critical 1, minor 1, not recorded 2." in said(pack)
    assert not of_rule("aggregates", pack)


def test_a_breakdown_that_does_not_add_up_blocks() -> None:
    pack = pack_with(
        count("deviation.count", 22), count("deviation.class.critical", 1), count("deviation.class.major", 6), count("deviation.class.minor", 14)
    )  # fmt: skip
    (finding,) = of_rule("aggregates", pack)
    assert (finding.rule, finding.severity, finding.evidence) == ("aggregates", Severity.BLOCKS, "fact:deviation.count")
    assert "21, of 22" in finding.message
    whole = {**pack.facts, "deviation.class.not_recorded": count("deviation.class.not_recorded", 1)}
    assert not of_rule("aggregates", replace(pack, facts=whole))


def test_results_without_a_limit_are_not_said_to_lie_inside_it() -> None:
    nothing = pack_with(count("results.judged", 0), count("results.outside", 0), key="data_review")
    assert said(nothing) == ["Results of the affected batches that have a limit on record: 0."]
    one = pack_with(count("results.judged", 1), count("results.outside", 0), key="data_review")
    assert said(one) == ["Of 1 result of the affected batches that has a limit, 0 lay outside it."]


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 complaints"), (1, "1 complaint"), (2, "2 complaints"), (11, "11 complaints")]
)
def test_a_noun_takes_the_number_of_its_fact(number: int, words: str) -> None:
    pack = pack_with(count("complaint.count", number), key="complaints")
    assert said(pack) == [f"The query over the period found {words}."]


@pytest.mark.parametrize(("line", "words"), [("Line 2", "on Line 2."), ("2", "on line 2.")])
def test_a_line_is_named_once(line: str, words: str) -> None:
    fields = {"batch": "14", "line": line, "title": "Hole"}
    event = Evidence("deviation", "DEV-1", fields, {}, "sha256:d", "deviation.csv", "d1", 2, {}, synthetic=False)
    pack = pack_with(key="event_description", records={"deviation/DEV-1": event})
    assert said(pack) == [f"It concerns batch 14 {words}"]


def test_a_capa_without_a_result_is_said_without_a_loose_quantity_word() -> None:
    names = ("count", "overdue", "without_effectiveness_check", "not_effective")
    pack = pack_with(*(count(f"capa.{name}", 1) for name in names), key="capa_effectiveness")
    sentences = DeterministicDrafter().draft(outline("capa_effectiveness"), pack).sentences
    assert len(sentences) == 4
    assert [f for s in sentences for f in check_sentence(s, pack, origin=Origin.MACHINE)] == []


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It was seen at 05:48.", [(Token.TIME, "05:48")]),
        ("Stopped 2020-11-25T09:10.", [(Token.DATE, "2020-11-25T09:10")]),
        ("From 2020-11-25T09:10:30, then 10:05:01;", [(Token.DATE, "2020-11-25T09:10:30"), (Token.TIME, "10:05:01")]),
        ("On 2020-11-25.", [(Token.DATE, "2020-11-25")]),
        ("In 2020-11.", [(Token.DATE, "2020-11")]),
        ("Seen 2020-11-25 09:10)", [(Token.DATE, "2020-11-25 09:10")]),
    ],
)
def test_a_time_is_one_token_before_punctuation_too(text: str, tokens: list[tuple[Token, str]]) -> None:
    assert [(t.kind, t.text) for t in enumerate_tokens(text)] == tokens


def test_a_time_of_day_offers_the_whole_date_time_and_is_not_covered_by_it() -> None:
    fields = {"at": "2020-11-25T05:48", "until": "2020-11-25T15:48", "title": "48"}
    event = Evidence("event_log", "E1", fields, {}, "sha256:d", "log.csv", "d1", 2, {}, synthetic=False)
    pack = pack_with(records={"event_log/E1": event})
    assert candidates("05:48", pack) == ["cell:event_log/E1#at"]
    assert candidates("48", pack) == ["cell:event_log/E1#title"]


def test_a_value_of_no_is_said_in_words_that_count_nothing() -> None:
    numbers = {"count": 3, "confirmed.no": 2, "confirmed.yes": 1}
    pack = pack_with(*(count(f"complaint.{name}", number) for name, number in numbers.items()), key="complaints")
    sentences = DeterministicDrafter().draft(outline("complaints"), pack).sentences
    assert sentences[-1].text == "As recorded: not confirmed 2, confirmed 1."
    assert check_sentence(sentences[-1], pack, origin=Origin.MACHINE) == ()
