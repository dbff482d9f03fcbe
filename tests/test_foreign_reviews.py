"""Sentences of a product review, labelled before they were checked: T true, F false, N what the evidence cannot tell."""

import pytest

from corpus.readers.contents import Contents, grid_of
from drafting.checks.foreign.assemble import Source, assemble
from drafting.checks.foreign.engine import judge
from drafting.checks.foreign.lexicon import Lexicon
from drafting.checks.foreign.verdicts import Judged, Verdict

TITLE = "# Annual product review of product 412, 2024-01-01 to 2024-12-31"
BATCHES = """
batch_no,product_code,manufactured_on,spec_version,yield_percent,status,reworked
41190,412,2023-11-14,1,95.0,released,no
41191,412,2023-12-05,1,94.8,released,no
41201,412,2024-01-09,1,97.8,released,no
41202,412,2024-01-23,1,98.4,released,no
41203,412,2024-02-06,1,96.9,released,no
41204,412,2024-02-20,1,97.1,rejected,no
41205,412,2024-03-05,2,98.8,released,no
41206,412,2024-03-19,2,97.5,released,no
41207,412,2024-04-02,2,98.0,quarantined,no
41208,412,2024-04-16,2,97.2,released,no
51801,518,2024-02-01,1,91.0,released,no
"""
RESULTS = """
batch_no,product_code,test,result,unit,tested_on
41201,412,assay,99.8,%,2024-05-01
41201,412,degradants,0.12,%,2024-05-01
41201,412,average_weight,250.4,mg,2024-05-01
41202,412,assay,100.4,%,2024-05-01
41202,412,degradants,<0.10,%,2024-05-01
41202,412,average_weight,0.2498,g,2024-05-01
41203,412,assay,99.1,%,2024-05-01
41203,412,degradants,0.35,%,2024-05-01
41203,412,average_weight,251.1,mg,2024-05-01
41204,412,assay,93.6,%,2024-05-01
41204,412,degradants,0.22,%,2024-05-01
41204,412,average_weight,248.9,mg,2024-05-01
41205,412,assay,100.9,%,2024-05-01
41205,412,degradants,<0.10,%,2024-05-01
41205,412,average_weight,250.0,mg,2024-05-01
41206,412,assay,99.5,%,2024-05-01
41206,412,degradants,0.33,%,2024-05-01
41206,412,average_weight,250.7,mg,2024-05-01
41207,412,assay,98.7,%,2024-05-01
41207,412,degradants,0.18,%,2024-05-01
41207,412,average_weight,249.2,mg,2024-05-01
41208,412,assay,100.1,%,2024-05-01
41208,412,degradants,0.14,%,2024-05-01
41208,412,average_weight,250.3,mg,2024-05-01
41190,412,assay,97.0,%,2024-05-01
41190,412,degradants,0.11,%,2024-05-01
41190,412,average_weight,250.1,mg,2024-05-01
41191,412,assay,97.4,%,2024-05-01
41191,412,degradants,<0.10,%,2024-05-01
41191,412,average_weight,249.9,mg,2024-05-01
51801,518,assay,88.0,%,2024-05-01
51801,518,degradants,0.52,%,2024-05-01
51801,518,average_weight,120.3,mg,2024-05-01
"""
LIMITS = """
spec_no,version,product_code,test,title,unit,lower_limit,upper_limit,effective_from,effective_until
S-412,1,412,assay,Assay,%,95.0,105.0,2022-01-01,2024-02-29
S-412,1,412,degradants,Degradants,%,,0.40,2022-01-01,2024-02-29
S-412,1,412,average_weight,Average weight,mg,240.0,260.0,2022-01-01,2024-02-29
S-412,2,412,assay,Assay,%,95.0,105.0,2024-03-01,
S-412,2,412,degradants,Degradants,%,,0.30,2024-03-01,
S-412,2,412,average_weight,Average weight,mg,240.0,260.0,2024-03-01,
"""
OOS = """
oos_no,batch_no,test,result,assignable_cause,invalidated,phase,closed_on
OOS-412-1,41204,assay,93.6,blend time too short,no,II,2024-03-28
OOS-412-2,41202,assay,94.2,,yes,I,2024-02-15
"""
EVENTS = """
event_no,batch_no,class,opened_on,closed_on,planned,root_cause,recurring_of,status
EV-24-011,41203,minor,2024-02-07,2024-03-08,no,filter clogged,,closed
EV-24-012,41204,major,2024-02-21,2024-04-12,no,blend time too short,,closed
EV-24-013,41206,minor,2024-03-20,,yes,,EV-24-011,open
EV-24-014,41208,minor,2024-04-17,2024-05-02,no,,,closed
"""
LOTS = """
lot_no,material,supplier,received_on,decision
L-A1,lactose,Kern,2023-09-01,released
L-A2,lactose,Kern,2024-01-15,rejected
L-B1,active,Sorel,2023-08-01,released
L-B2,active,Sorel,2024-02-10,released
"""
USES = """
batch_no,lot_no
41201,L-A1
41201,L-B1
41202,L-A1
41202,L-B1
41203,L-A2
41203,L-B1
41204,L-A1
41204,L-B1
41205,L-A1
41205,L-B2
41206,L-A1
41206,L-B2
41207,L-A1
41207,L-B2
41208,L-A1
41208,L-B2
41190,L-A1
41190,L-B1
41191,L-A1
41191,L-B1
"""
COMPLAINTS = """
complaint_no,batch_no,received_on,category,confirmed,closed_on
CP-7,41201,2024-05-02,odour,,
CP-8,41203,2024-05-11,broken tablet,yes,2024-06-01
CP-9,41205,2024-05-20,odour,no,2024-06-20
"""
SENTENCES = """
T The mean assay of the batches of 2024 was 99.01 %.
F The mean assay of the batches of 2024 was 98.64 %.
T The median assay of 2024 was 99.65 %.
F The median assay of 2024 was 99.10 %.
N The Ppk of assay was 1.40.
T The standard deviation of assay in 2024 was 2.30 %.
F The standard deviation of assay in 2024 was 1.02 %.
T Degradants of batch 41202 were below 0.10 %.
F Degradants of batch 41205 were 0.10 %.
T The degradants of batch 41203 were 0.35 %, within the limit of 0.40 % in force at its manufacture.
F The degradants of batch 41206 were 0.33 %, within the limit of 0.30 %.
F All released batches of 2024 met the limit for degradants.
T Six batches of 2024 were released and one was rejected.
F Six batches of 2024 were released and none was rejected.
F All lots used in released batches were released.
F L-A2 was not used in any batch.
T L-A2 was used in batch 41203.
F OOS-412-2 was invalidated after an assignable cause was confirmed.
T OOS-412-2 was invalidated without an assignable cause.
F All events were closed.
T EV-24-011 was closed on 2024-03-08, 30 days after it was opened.
F EV-24-012 was opened on 2024-02-21 and closed on 2024-04-12, 41 days later.
T The average weight of batch 41202 was 249.8 mg.
F The average weight of batch 41203 was 0.2501 g.
T The limit for degradants was lowered from 0.40 % to 0.30 % on 2024-03-01.
F The limit for degradants was lowered from 0.40 % to 0.30 % on 2024-06-01.
T No batch was reworked.
F No event was classified as major.
F Complaint CP-7 was confirmed and closed.
T The assay of batch 41204 was 93.6 %, below the limit of 95.0 %.
F No OOS result was invalidated.
F Batch 41201 was rejected; its assay was 99.8 %.
T In 2024, eight batches of product 412 were manufactured.
N Cleaning validation was completed with batch 41230.
T Assays of 2024 lay between 93.6 % and 100.9 %.
N The Cpk of degradants was 0.33.
T EV-24-013 is still open.
F Batch 41204 was released after OOS-412-1 had been closed.
F The root cause of EV-24-014 was confirmed.
T The lowest yield of 2024 was 96.9 % (batch 41203).
T The range of assay in 2024 was 7.3 %.
F The range of assay in 2024 was 7.9 %.
T The relative standard deviation of assay in 2024 was 2.32 %.
N Degradants of batch 41205 were below 0.05 %.
F Degradants of batch 41205 were above 0.20 %.
N The mean of degradants in 2024 was 0.22 %.
T The mean average weight of the batches of 2024 was 250.05 mg.
T Batch 41206 failed the limit for degradants.
F Batch 41203 failed the limit for degradants.
F Lot L-A1 was used in batch 41203.
N All events were handled as planned.
N No event recurred after it had been closed.
F EV-24-011 was closed within 20 days.
T EV-24-013 is not closed.
F EV-24-012 was recorded as major for batch 41204, which was released.
F EV-24-014 is a recurrence of EV-24-011.
T EV-24-013 is a recurrence of EV-24-011.
"""
LABELLED = [(line[0], line[2:]) for line in SENTENCES.strip().splitlines()]
Told = dict[str, list[Judged]]


@pytest.fixture(scope="module")
def told() -> Told:
    tables = {
        "batches.csv": BATCHES, "results.csv": RESULTS, "specs.csv": LIMITS, "oos.csv": OOS, "events.csv": EVENTS, "lots.csv": LOTS,
        "usage.csv": USES, "complaints.csv": COMPLAINTS,
    }  # fmt: skip
    rows = {name: [line.split(",") for line in text.strip().splitlines()] for name, text in tables.items()}
    held = assemble([Source(name, Contents((grid_of("", lines),))) for name, lines in rows.items()], Lexicon())
    text = "\n\n".join((TITLE, *(sentence for _, sentence in LABELLED)))
    judged = judge(text, held)
    places = {sentence: text.index(sentence) for _, sentence in LABELLED}
    return {s: [j for j in judged if at <= j.start < at + len(s)] for s, at in places.items()}


def verdicts(told: Told, sentence: str) -> set[Verdict]:
    return {j.verdict for j in told[sentence]}


@pytest.mark.parametrize("sentence", [s for label, s in LABELLED if label == "T"])
def test_a_true_sentence_is_neither_contradicted_nor_left_open(told: Told, sentence: str) -> None:
    assert verdicts(told, sentence) <= {Verdict.SUPPORTED}


@pytest.mark.parametrize("sentence", [s for label, s in LABELLED if label == "F"])
def test_a_false_sentence_is_not_supported(told: Told, sentence: str) -> None:
    assert verdicts(told, sentence) & {Verdict.CONTRADICTED, Verdict.NOT_FOUND}


@pytest.mark.parametrize("sentence", [s for label, s in LABELLED if label == "N"])
def test_what_the_evidence_cannot_tell_is_not_found(told: Told, sentence: str) -> None:
    assert Verdict.NOT_FOUND in verdicts(told, sentence)
    assert Verdict.CONTRADICTED not in verdicts(told, sentence)


@pytest.mark.parametrize(
    ("sentence", "quote", "evidence"),
    [
        ("Degradants of batch 41205 were 0.10 %.", "0.10 %", "'<0.10'"),
        (
            "The degradants of batch 41206 were 0.33 %, within the limit of 0.30 %.",
            "within the limit of 0.30",
            "the text itself",
        ),
        (
            "All released batches of 2024 met the limit for degradants.",
            "All released batches",
            "row 18, column result: '0.33'",
        ),
        ("All lots used in released batches were released.", "All lots used", "L-A2"),
        ("L-A2 was not used in any batch.", "not used in any batch", "L-A2 in 1: 41203"),
        (
            "OOS-412-2 was invalidated after an assignable cause was confirmed.",
            "assignable cause",
            "column assignable_cause: ''",
        ),
        ("Complaint CP-7 was confirmed and closed.", "closed", "column closed_on: ''"),
        (
            "EV-24-012 was opened on 2024-02-21 and closed on 2024-04-12, 41 days later.",
            "41 days",
            "2024-02-21 to 2024-04-12",
        ),
        ("Batch 41203 failed the limit for degradants.", "failed the limit", "1 values"),
    ],
)
def test_what_contradicts_a_sentence_is_named(told: Told, sentence: str, quote: str, evidence: str) -> None:
    found = next(j for j in told[sentence] if j.verdict is Verdict.CONTRADICTED)
    assert found.quote.startswith(quote)
    assert evidence in found.evidence


def test_a_code_is_never_a_figure(told: Told) -> None:
    assert not any("product_code" in j.message or "batch_no is" in j.message for judged in told.values() for j in judged)
