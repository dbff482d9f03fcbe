"""What builders put together for one section."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.model import Record
from drafting.evidence.scope import Loaded, evidence
from drafting.model import Chart, Evidence, Fact, Table
from drafting.statistics.basis import VERSION


@dataclass
class Collected:
    """What builders put together for one section; frozen into an EvidencePack at the end."""

    facts: dict[str, Fact] = field(default_factory=dict)
    records: dict[str, Evidence] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_facts(self, facts: Sequence[Fact]) -> None:
        """Take facts in."""
        self.facts.update({fact.id: fact for fact in facts})

    def add_records(self, found: Sequence[Record]) -> None:
        """Take records in."""
        self.records.update({f"{r.kind}/{r.identifier}": evidence(r) for r in found})


def count_fact(name: str, number: int, n: int, query: str) -> Fact:
    """Return a counted fact."""
    return Fact(name, str(number), str(number), "", n, f"count v{VERSION}", {"query": query})


Builder = Callable[[Loaded, Collected], None]
