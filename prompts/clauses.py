"""Clauses of the rules that a review is mapped to, as data in `prompts/clauses.toml`, and how surely each number is known."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from audit.errors import Invalid


class Seen(StrEnum):
    """How a clause is known: its own wording, a text that cites it by number, or neither."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Clause:
    """One clause: what it is cited as, and what it asks in our words."""

    key: str
    instrument: str
    cites: str
    asks: str
    seen: Seen

    @property
    def printed(self) -> str:
        """Return the citation; one that nobody confirmed is never printed as if it were."""
        return f"{self.cites} (citation not confirmed)" if self.seen is Seen.UNCONFIRMED else self.cites


@lru_cache(maxsize=1)
def load_clauses() -> dict[str, Clause]:
    """Read every clause by its key, in the order of the documents."""
    tree = tomllib.loads((files("prompts") / "clauses.toml").read_text("utf-8"))
    found = [Clause(**{**c, "seen": Seen(c["seen"])}) for c in tree["clauses"]]
    by_key = {clause.key: clause for clause in found}
    strangers = {clause.instrument for clause in found} - set(tree["instruments"])
    if len(by_key) != len(found) or strangers:
        raise Invalid("clauses.toml: two clauses have one key, or one is of no instrument listed.", remedy="Correct it.")
    return by_key
