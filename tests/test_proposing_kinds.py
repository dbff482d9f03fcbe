"""A proposal for tables that people keep of their quality events: the kind, its key and the date that decides, by the words that name them."""

from pathlib import Path

import pytest

from corpus.identifiers import shipped
from corpus.proposing import Proposal
from corpus.sampling import SampleJob, sample

DEVIATIONS = "deviation,product,batch,occurred,opened,closed,classification,root_cause\nDEV-24-01,P,B1,2024-02-14,2024-02-15,2024-03-01,minor,seal\nDEV-24-02,P,B2,2024-04-15,2024-04-16,,critical,\nDEV-24-03,P,B3,2024-05-15,2024-05-16,,major,belt\n"


def proposed(folder: Path, name: str, text: str) -> Proposal:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (found,) = sample(SampleJob(path, shipped()))
    return found


def fields(found: Proposal) -> list[str | None]:
    return [rule.field for rule in found.profile.columns]


def test_a_log_of_deviations_is_keyed_by_the_deviation_and_not_by_its_batch(tmp_path: Path) -> None:
    found = proposed(tmp_path, "deviations.csv", DEVIATIONS)
    assert (found.profile.kind, found.profile.key, found.profile.date) == ("deviation", ("deviation_id",), ("occurred_at",))
    assert fields(found) == [
        "deviation_id", "product_code", "batch", "occurred_at", "opened_on", "closed_on", "class", "root_cause",
    ]  # fmt: skip
    assert not [q for q in found.questions if "Which date" in q or "Which kind" in q]


@pytest.mark.parametrize(("name", "asked"), [("deviations.csv", True), ("batches.csv", False)])
def test_a_file_named_after_another_kind_than_its_key_says_is_asked(tmp_path: Path, name: str, asked: bool) -> None:  # noqa: FBT001
    text = "Event no;Batch;Product;Opened on;Class\nE-1;B1;P;2024-02-03;minor\nE-2;B2;P;2024-05-13;major\n"
    found = proposed(tmp_path, name, text)
    assert found.profile.kind == "batch"
    assert any('the file\'s name says "deviation"' in q for q in found.questions) is asked


def test_where_the_date_that_decides_is_not_named_it_is_asked(tmp_path: Path) -> None:
    rows = [line.split(",") for line in DEVIATIONS.splitlines()]
    text = "\n".join(",".join(cells[:3] + cells[4:]) for cells in rows)
    found = proposed(tmp_path, "log.csv", text)
    assert (found.profile.kind, found.profile.date) == ("deviation", ("opened_on",))
    (asked,) = [q for q in found.questions if "Which date" in q]
    assert "No column is named as occurred at; 'opened' is taken for it, of 'opened', 'closed'." in asked


@pytest.mark.parametrize(
    ("name", "text", "kind", "key", "date"),
    [
        ("complaints.csv", "complaint,product,batch,received,category,closed\nC-1,P,B1,2024-02-19,pack,2024-03-01\nC-2,P,B2,2024-04-03,tablet,\n", "complaint", ("complaint_id",), ("received_on",)),
        ("capa_log.csv", "CAPA,Deviation,Opened,Due\nCA-1,D-1,2024-02-19,2024-03-01\nCA-2,D-2,2024-04-03,2024-05-01\n", "capa", ("capa_id",), ("opened_on",)),
        ("oos.csv", "OOS No,Batch,Test,Result,Unit,Detected\nO1,B1,Assay,94.2,%,2024-04-15\nO2,B2,Water,3.4,%,2024-07-15\n", "oos", ("oos_id",), ("detected_on",)),
        ("stability 2024.csv", "Study,Batch,Condition,Month,Pulled,Attribute,Result\nS1,B1,25C,0,2024-02-01,assay,99.1\nS1,B1,25C,3,2024-05-01,assay,98.1\nS2,B2,25C,0,2024-02-01,assay,99.0\n", "stability_result", ("study_id", "month"), ("pulled_on",)),
        ("batches.csv", "batch,product,manufactured,disposition,closed\nB1,P,2024-01-12,released,2024-02-01\nB2,P,2024-02-12,rejected,2024-03-01\n", "batch", ("batch",), ("manufactured",)),
    ],
)  # fmt: skip
def test_kinds_are_named_as_the_ones_that_ship(
    tmp_path: Path, name: str, text: str, kind: str, key: tuple[str, ...], date: tuple[str, ...]
) -> None:
    profile = proposed(tmp_path, name, text).profile
    assert (profile.kind, profile.key, profile.date) == (kind, key, date)
    assert not profile.measured  # a figure of an event is no result of its batch


def test_results_of_batches_that_another_file_dates_are_asked_for(tmp_path: Path) -> None:
    text = "batch,tested_on,Assay (%)\nB1,2024-02-01,99.5\nB2,2024-03-01,98.7\nB3,2024-03-09,98.25\n"
    found = proposed(tmp_path, "release_results.csv", text)
    assert (found.profile.kind, found.profile.key) == ("release_result", ("batch",))
    assert [rule.attribute for rule in found.profile.measured] == ["assay"]
    assert any(q.startswith("Is a row a batch that 'tested_on' places in a period") for q in found.questions)
    made = proposed(tmp_path, "made.csv", text.replace("tested_on", "made_on"))
    assert made.profile.kind == "batch"
    assert not [q for q in made.questions if q.startswith("Is a row a batch")]
