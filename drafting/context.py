"""What a use case is handed: the store, the clock, ids, the drafter, the index, the prompts and the settings. Frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from audit.clock import Clock
from audit.database import Database
from audit.passwords import KeyCost
from corpus.embedders import EmbeddingChoice
from corpus.profiles import ProfileSet
from corpus.workers import Unguarded, Workers
from drafting.model import Draft, EvidencePack
from prompts.outline import Outline, SectionOutline

if TYPE_CHECKING:
    from corpus.index import SearchIndex


class Drafter(Protocol):
    """Propose a section from its evidence, in references; it has no account and cannot save, change a status or sign."""

    @property
    def name(self) -> str:
        """Return the drafter's name and version, for the record."""

    @property
    def configuration(self) -> dict[str, str]:
        """Return what shapes its drafts, for the configuration fingerprint."""

    @property
    def at_once(self) -> int:
        """Return how many sections may be asked of it at the same time."""

    def draft(self, section: SectionOutline, pack: EvidencePack) -> Draft:
        """Return a proposal; a bad reply is a refused Draft, never a repaired one."""


@dataclass(frozen=True)
class Settings:
    """Where the home is and how it is reached; from VERASCRIBE_* variables or the command line."""

    home: Path
    database_url: str
    zone: str = "UTC"
    site: str = "Verascribe"
    model: str = ""
    base_url: str = ""
    hosts: tuple[str, ...] = ()  # names under which the screens are served besides this machine's own
    key_cost: KeyCost = field(default_factory=KeyCost)
    embedding: EmbeddingChoice = field(default_factory=EmbeddingChoice)
    chroma_url: str = ""
    cluster: str = ""  # address of a Ray cluster that reads files, "local" for one of this machine; "" for processes


@dataclass(frozen=True)
class Context:
    """The collaborators of every use case; `bootstrap` is the only place that builds it."""

    database: Database
    clock: Clock
    new_id: Callable[[], str]
    drafter: Drafter
    profiles: ProfileSet  # those that ship; what is in force is read from the store: `configuration.profiles_of`
    outlines: dict[str, Outline]
    settings: Settings
    index: "SearchIndex | None" = None
    earlier: Mapping[str, Outline] = field(default_factory=dict)  # outlines that were in force before, by hash
    workers: Workers = field(default_factory=Unguarded)  # what reads files; `bootstrap` gives processes that can be killed

    def outline_of(self, kind: str, sha256: str) -> Outline:
        """Return the outline that a report was drafted with; that in force where it is not one of those before."""
        return self.earlier.get(sha256) or self.outlines[kind]

    @property
    def zone(self) -> str:
        """Return the site's time zone."""
        return self.settings.zone
