"""What a text states of named things, as [true] and {false} sentences: statuses, relations, times, ranks, conditions; and what nothing judged."""

import pytest

from corpus.readers.contents import Contents, grid_of
from corpus.readers.narrative import read_text
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.unjudged import STATEMENT
from drafting.checks.foreign.verdicts import Judged, Verdict

TITLE = "Review of product P9, 1 January 2024 to 31 December 2024"
TABLES = {
    "products.csv": """
product,name
P9,Examplin
Q7,Otherol
""",
    "batches.csv": """
batch,product,manufactured,released_on,line,disposition,reworked
A0,P9,2023-12-12,2024-01-09,L1,released,no
A1,P9,2024-02-01,2024-03-01,L1,released,no
A2,P9,2024-03-01,2024-04-02,L2,rejected,no
A3,P9,2024-04-01,2024-05-03,L1,released,yes
A4,P9,2024-06-03,2024-07-01,L2,released,no
A5,P9,2024-08-05,2024-09-02,L2,rejected,no
B1,Q7,2024-05-06,2024-06-05,L3,released,no
""",
    "results.csv": """
batch,assay (%),bioburden (CFU/g),spec_version
A0,99.9,<10,S1
A1,98.7,<10,S1
A2,94.1,20,S1
A3,99.2,<10,S2
A4,101.3,40,S2
A5,97.5,<10,S2
B1,90.2,<10,Q1
""",
    "oos.csv": """
oos,batch,test,result,outcome,reported_on
OOS-1,A1,Water,3.4,confirmed,2024-02-20
OOS-2,A2,Water,3.1,not confirmed,2024-03-21
OOS-3,A3,Assay,94.0,confirmed,2024-04-22
""",
    "capa.csv": """
capa,oos,opened,due,implemented,effectiveness_checked,status
CAPA-1,OOS-1,2024-03-04,2024-06-28,2024-06-14,2024-12-10,closed
CAPA-2,OOS-2,2024-04-05,2024-10-31,2024-11-14,,implemented
CAPA-3,OOS-3,2024-05-06,2025-01-31,,,open
""",
    "complaints.csv": """
complaint,batch,received,country,category,closed
C-1,A1,2024-05-06,FR,packaging,2024-06-07
C-2,A1,2024-06-10,FR,broken tablet,2024-07-08
C-3,A4,2024-11-11,DE,packaging,
""",
}
NOTE = (
    "The oven reached 66 °C for 41 minutes; the range is 52 to 60 °C. Batches A2 and A3 were dried on the same dryer and were "
    "not affected. Two major and five minor observations were made."
)


@pytest.fixture(scope="module")
def index() -> Index:
    grids = {name: grid_of("", [line.split(",") for line in text.strip().splitlines()]) for name, text in TABLES.items()}
    sources = [Source(name, Contents((grid,))) for name, grid in grids.items()]
    sources.append(Source("note.txt", Contents((), read_text(NOTE.encode(), file="note.txt"))))
    return Index(assemble(sources, Lexicon()))


def told(sentence: str, index: Index) -> list[Judged]:
    return [j for j in judge(f"{TITLE}\n\n{sentence}\n", index) if j.start > len(TITLE)]


def verdict_of(sentence: str, index: Index) -> str:
    """Return what a sentence comes out as: the worst of its claims."""
    verdicts = {j.verdict for j in told(sentence, index)}
    return next(str(v) for v in (Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.SUPPORTED) if v in verdicts)


STATUSES = """
supported | Batches A2 and A5 were rejected.
contradicted | Batches A2 and A3 were rejected.
contradicted | Batches A1, A2 and A5 were rejected.
supported | Batches A3 to A5 were tested against version S2.
contradicted | Batches A2 to A5 were tested against version S2.
contradicted | OOS-1 to OOS-3 were confirmed.
contradicted | OOS-1 and OOS-2 were confirmed.
supported | OOS-1 and OOS-3 were both confirmed.
contradicted | OOS-2 (water, 3.1 %) was confirmed.
supported | OOS-2 (water, 3.1 %) was not confirmed.
contradicted | OOS-2, a water result of batch A2, was confirmed.
contradicted | OOS-1 (batch A1) and OOS-2 (batch A2) were confirmed.
supported | CAPA-1 was implemented.
contradicted | Batch A2 was released.
"""


def labelled(text: str) -> list[tuple[str, ...]]:
    return [tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("verdict", "sentence"), labelled(STATUSES))
def test_a_status_is_judged_of_each_thing_that_it_is_said_of(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


RELATIONS = """
supported | OOS-2 concerned batch A2.
contradicted | OOS-2 concerned batch A3.
contradicted | OOS-1 was reported in batch A2.
contradicted | OOS-1 was reported on 20 February 2024 in batch A2.
contradicted | OOS-2, of batch A3, was not confirmed.
contradicted | OOS-2, batch A3, was not confirmed.
contradicted | OOS-2 (water, 3.1 %) concerned batch A3.
contradicted | Batch A3 was affected by OOS-2.
supported | Batch A2 was affected by OOS-2.
contradicted | OOS-2 did not concern batch A2.
supported | OOS-2 did not concern batch A3.
contradicted | CAPA-1 was opened for OOS-2.
supported | CAPA-1 was opened for OOS-1.
contradicted | OOS-1 and OOS-2 concerned batch A1.
supported | OOS-1 and OOS-2 concerned batches A1 and A2.
contradicted | OOS-1 and OOS-2 concerned batches A1 and A3.
contradicted | OOS-1 concerned batches A1 and A3.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(RELATIONS))
def test_a_relation_is_that_of_the_row_that_names_the_other(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


def test_names_that_only_stand_in_one_sentence_are_not_tied(index: Index) -> None:
    assert verdict_of("OOS-2 was reported before batch A3 was released.", index) != str(Verdict.CONTRADICTED)


TIMES = """
supported | Batch A1 was manufactured in February 2024.
supported | Batch A1 was made in February 2024.
contradicted | Batch A1 was made in March 2024.
contradicted | Complaint C-3 was received in October 2024.
supported | Complaint C-3 was received in November 2024.
contradicted | In October 2024 complaint C-3 was received.
contradicted | Batches A1 and A2 were made in February 2024.
contradicted | Batch A1 was made between March and May 2024.
supported | CAPA-1 was opened in March 2024 and implemented in June 2024.
contradicted | CAPA-1 was opened in March 2024 and implemented in July 2024.
supported | Batch A1 was manufactured in the review period.
contradicted | Batch A0 was manufactured in the review period.
supported | Batch A0 was not manufactured in the review period.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(TIMES))
def test_a_month_or_period_is_that_of_the_date_of_the_act(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


EMPTY_DATES = """
contradicted | The effectiveness of CAPA-2 has been checked.
supported | The effectiveness of CAPA-2 has not been checked.
supported | The effectiveness of CAPA-1 has been checked.
contradicted | The effectiveness of CAPA-1 has not been checked.
contradicted | CAPA-3 has been implemented.
supported | CAPA-3 has not been implemented.
contradicted | Complaint C-3 was closed.
supported | Complaint C-3 has not been closed.
contradicted | Complaint C-1 has not been closed.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(EMPTY_DATES))
def test_an_act_without_a_date_has_not_been_done_where_others_have_one(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


NARRATED = """
supported | The oven reached 66 °C for 41 minutes.
contradicted | The oven reached 60 °C for 41 minutes.
contradicted | The oven reached 66 °C for 14 minutes.
contradicted | The oven reached 41 °C for 66 minutes.
supported | Batches A2 and A3 were not affected.
contradicted | Batches A2 and A3 were affected.
contradicted | Batches A2 and A3 were dried on the same dryer and were affected.
supported | Batches A2 and A3 were dried on the same dryer.
contradicted | Batches A2 and A3 were not dried on the same dryer.
not_found | Batches A1 and A3 were affected.
supported | Two major and five minor observations were made.
contradicted | Five major and two minor observations were made.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(NARRATED))
def test_a_narrative_supports_what_is_the_same_thing_there_and_as_little_denied(
    index: Index, verdict: str, sentence: str
) -> None:
    assert verdict_of(sentence, index) == verdict


UNJUDGED = """
not_found | Batches A1 and A3 were stored in the north hall.
not_found | Batch A1 went to the north hall.
not_found | OOS-1 (water, 3.4 %) was repeated.
not_found | Batch A1 was released and was sold in the north.
supported | Three complaints were received in the review period.
supported | Batch A1 was released on 1 March 2024.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(UNJUDGED))
def test_a_statement_is_not_supported_because_its_names_exist(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


def test_what_was_not_judged_is_said_and_only_warns(index: Index) -> None:
    found = next(j for j in told("Batch A1 was stored in the north hall.", index) if j.about == STATEMENT)
    assert found.quote == "was stored in the north hall"
    assert "not judged" in found.message
    assert not found.nowhere


CONDITIONS = """
supported | Bioburden was below 10 CFU/g in three batches.
contradicted | Bioburden was below 10 CFU/g in two batches.
contradicted | Bioburden was below 10 CFU/g in five batches.
contradicted | Bioburden was below 10 CFU/g in all batches.
supported | Bioburden was below 50 CFU/g in all batches.
supported | Bioburden did not exceed 40 CFU/g in any batch.
contradicted | Bioburden did not exceed 30 CFU/g in any batch.
supported | Assay was not less than 94 % in any batch.
contradicted | Assay was not less than 95 % in any batch.
supported | Two batches had an assay above 99 %.
contradicted | Three batches had an assay above 99 %.
supported | No batch had an assay below 94 %.
contradicted | No batch had an assay below 95 %.
not_found | Bioburden was below 5 CFU/g in two batches.
not_found | Colour was off in two batches.
not_found | Colour was off in five batches.
supported | One batch, A3, was reworked.
contradicted | One batch, A1, was reworked.
contradicted | Two batches, A3 and A4, were reworked.
supported | Three of the five batches were released.
contradicted | Two of the five batches were released.
contradicted | Three of the eight batches were released.
supported | Three of the five batches were released and two were rejected.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(CONDITIONS))
def test_a_count_or_extreme_with_a_condition_is_of_the_rows_that_keep_it(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


APART = """
supported | CAPA-2 was implemented on 14 November 2024, 14 days after its due date of 31 October 2024.
contradicted | CAPA-2 was implemented on 14 November 2024, 15 days after its due date of 31 October 2024.
supported | CAPA-2 was implemented 14 days after its due date.
contradicted | CAPA-2 was implemented 41 days after its due date.
contradicted | CAPA-2 was implemented 14 days before its due date.
supported | CAPA-1 was implemented two weeks before its due date.
contradicted | CAPA-2 was implemented on 14 November 2024, before its due date of 31 October 2024.
supported | CAPA-2 was implemented on 14 November 2024, after its due date of 31 October 2024.
contradicted | CAPA-2 was implemented before its due date.
supported | CAPA-1 was implemented before its due date.
contradicted | CAPA-1 was implemented after its due date.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(APART))
def test_days_before_or_after_are_between_the_dates_that_are_named(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


RANKS = """
supported | The highest assay, 101.3 %, was found in batch A4 and the second highest, 99.2 %, in batch A3.
contradicted | The highest assay, 101.3 %, was found in batch A4 and the second highest, 98.7 %, in batch A1.
contradicted | The highest assay, 99.2 %, was found in batch A3.
supported | Batch A2 had the lowest assay, 94.1 %.
contradicted | Batch A5 had the lowest assay, 97.5 %.
supported | Batch A5 had the second lowest assay, 97.5 %.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(RANKS))
def test_who_has_the_highest_and_who_the_second(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


SHARED = """
supported | Two complaints concerned batch A1, both from FR.
contradicted | Two complaints concerned batch A1, both from DE.
contradicted | Two complaints concerned batch A1, both of packaging.
"""


@pytest.mark.parametrize(("verdict", "sentence"), labelled(SHARED))
def test_what_both_share_is_a_value_of_each(index: Index, verdict: str, sentence: str) -> None:
    assert verdict_of(sentence, index) == verdict


def test_minutes_say_no_minimum(index: Index) -> None:
    assert verdict_of("The mixer of batch A1 ran for 41 minutes.", index) != str(Verdict.CONTRADICTED)


def test_a_statistic_over_so_many_is_of_the_figure_behind(index: Index) -> None:
    assert verdict_of("The standard deviation of assay over all 5 batches was 2.65 %.", index) == str(Verdict.SUPPORTED)
    assert verdict_of("The standard deviation of assay over all 5 batches was 2.56 %.", index) == str(Verdict.CONTRADICTED)
