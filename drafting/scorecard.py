"""The figures at the head of a report. Pure."""

from collections.abc import Collection

from drafting.model import EvidencePack

SCORES = (
    ("Batches made", "census.made"),
    ("Rejected", "census.rejected"),
    ("OOS", "oos.count"),
    ("Deviations", "deviation.count"),
    ("Complaints", "complaint.count"),
    ("CAPAs", "capa.count"),
    ("CAPAs overdue", "capa.overdue"),
)


def scorecard(packs: Collection[EvidencePack]) -> dict[str, str]:
    """Return the printed figures that the evidence of a report holds, by their labels."""
    found = {}
    for label, name in SCORES:
        fact = next((pack.facts[name] for pack in packs if name in pack.facts), None)
        if fact is not None:
            found[label] = fact.printed
    return found
