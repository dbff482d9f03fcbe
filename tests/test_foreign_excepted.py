"""What a sentence excepts by name is not among those of which it speaks, and what is said of it is said of it alone."""

import pytest
from strangers import index_of, outcome

from drafting.checks.foreign.index import Index

BATCHES = [
    ["Batch", "Moisture (%)", "Assay (%)", "Mixer", "Status"],
    ["KA-1", "1.2", "99.1", "M1", "Released"],
    ["KA-2", "1.4", "98.7", "M1", "Released"],
    ["KA-3", "1.1", "99.4", "M2", "Released"],
    ["KA-4", "3.9", "91.0", "M2", "Rejected"],
    ["KA-5", "1.6", "98.2", "M2", "Released"],
]
EVENTS = [
    ["Event No", "Batch", "Opened", "Closed", "Class"],
    ["EV-1", "KA-1", "2024-01-10", "2024-02-01", "Minor"],
    ["EV-2", "KA-2", "2024-02-10", "2024-03-01", "Minor"],
    ["EV-3", "KA-4", "2024-03-10", "", "Minor"],
    ["EV-4", "KA-5", "2024-04-10", "2024-05-01", "Major"],
]
TITLE = "Product review 2024"


@pytest.fixture(scope="module")
def bakery() -> Index:
    files = {"batch_results.csv": BATCHES, "event_log.csv": EVENTS}
    return index_of(files)


@pytest.mark.parametrize(
    "said",
    [
        "Leaving aside KA-4, no batch had a moisture above 1.6 %.",
        "Apart from the rejected batch KA-4, moisture stayed below 2 % in all batches.",
        "All batches were released, save for KA-4, which was rejected.",
        "All batches except KA-4 were released.",
        "Every minor event was closed, bar EV-3.",
        "Moisture was below 2 % in all batches but KA-4.",
        "Excluding KA-4, the mean assay of all batches was 98.85 %.",
        "The assay was not less than 98 % in any batch other than KA-4.",
    ],
)
def test_what_is_excepted_is_not_among_all(said: str, bakery: Index) -> None:
    assert outcome(said, bakery, TITLE) == "supported"


@pytest.mark.parametrize(
    "said",
    [
        "Leaving aside KA-5, no batch had a moisture above 1.6 %.",
        "Apart from the rejected batch KA-4, moisture stayed below 1.5 % in all batches.",
        "All batches were released, save for KA-4, which was released.",
        "All batches except KA-5 were released.",
        "Every minor event was closed, bar EV-2.",
        "Moisture was below 2 % in all batches but KA-5.",
        "Excluding KA-4, the mean assay of all batches was 97.28 %.",
    ],
)
def test_another_exception_is_contradicted(said: str, bakery: Index) -> None:
    assert outcome(said, bakery, TITLE) == "stopped"


@pytest.mark.parametrize(
    "said",
    [
        "All batches were packed in Halle, save for KA-4.",  # the evidence does not say where
        "At 1.2 bar in KA-4 every valve was tight.",
    ],
)
def test_what_the_evidence_does_not_tell_stays_open(said: str, bakery: Index) -> None:
    assert outcome(said, bakery, TITLE) in ("warned", "nothing")
