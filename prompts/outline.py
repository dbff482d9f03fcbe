"""Outlines: the section sets of the report kinds, as released data in `prompts/outlines/*.toml`.

An outline says for each section who may author it (R rendered from records, A a machine may draft and a person adopts,
H typed by a person only), its risk tier, its evidence, its human-only fields, and whether author and reviewer record a view of their
own before machine text is shown. Reviews have one section set (`review.toml`); a variant gives its title, the instruments whose clauses it
names, and the headings that differ.
"""

import hashlib
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from audit.errors import Invalid
from prompts.clauses import Clause, load_clauses

REVIEWS = ("apr_us", "pqr_eu", "pqr_api_q7", "combined")
DEVIATION = "deviation"
KINDS = (*REVIEWS, DEVIATION)


class Tier(StrEnum):
    """How deep a section is reviewed: high opens the evidence of every sentence, medium of a fifth, low five rows."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class FieldOutline:
    """A field that only a person fills: `choices` where the answer is one of a list, never preselected."""

    key: str
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class SectionOutline:
    """One section: `by` holds R, A and H in any mix; `evidence` names the builders of its pack."""

    key: str
    number: str
    title: str
    by: str
    tier: Tier
    evidence: tuple[str, ...] = ()
    records: tuple[str, ...] = ()  # record kinds that this section accounts for
    fields: tuple[FieldOutline, ...] = ()
    own_view: bool = False
    last: bool = False  # drafted after all others
    maps_to: str = ""  # of outlines before version 4: clauses in words, printed nowhere
    clauses: tuple[Clause, ...] = ()  # that the section carries in this variant
    question: str = ""  # what its passages are searched for, with the words of its subject

    @property
    def machine(self) -> bool:
        """Tell whether a machine may draft prose here."""
        return "A" in self.by

    @property
    def human(self) -> bool:
        """Tell whether the section has fields that only a person fills."""
        return "H" in self.by


@dataclass(frozen=True)
class Outline:
    """The section set of a report kind; `sha256` is part of the configuration fingerprint."""

    kind: str
    version: int
    title: str
    short: str
    sections: tuple[SectionOutline, ...]
    sha256: str

    def section(self, key: str) -> SectionOutline:
        """Return a section by key."""
        return next(s for s in self.sections if s.key == key)


def load_outlines() -> dict[str, Outline]:
    """Read every outline that ships."""
    folder = files("prompts") / "outlines"
    return {kind: read_outline(folder / f"{kind}.toml") for kind in KINDS}


def earlier_outlines() -> dict[str, Outline]:
    """Read the outlines that were in force before, by their hash: a report keeps the sections that it was drafted with."""
    found = map(read_outline, (files("prompts") / "outlines" / "earlier").iterdir())
    return {outline.sha256: outline for outline in found}


def read_outline(path: Traversable) -> Outline:
    """Read one outline; name whatever is wrong with it."""
    raw = path.read_bytes()
    tree: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
    if "sections_of" in tree:
        base = (files("prompts") / "outlines" / f"{tree['sections_of']}.toml").read_bytes()
        raw, tree = raw + base, _variant(path.name, tree, tomllib.loads(base.decode("utf-8")))
    try:
        listed = tuple(_section(path.name, s) for s in tree["sections"])
        outline = Outline(
            tree["kind"], tree["version"], tree["title"], tree["short"], listed, "sha256:" + hashlib.sha256(raw).hexdigest()
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"{path.name}: not an outline: {error}", remedy="Compare it with the shipped ones.") from error
    keys = [s.key for s in listed]
    if len(set(keys)) != len(keys):
        raise Invalid(f"{path.name}: two sections have one key.", remedy="Keys are unique in an outline.")
    return outline


def _variant(name: str, tree: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Return an outline of the base's sections with the variant's headings and the clauses of its instruments."""
    headings, known = tree.get("headings", {}), load_clauses()
    sections = base["sections"]
    strangers = set(headings) - {s["key"] for s in sections} | {c for s in sections for c in s.get("clauses", ())} - set(
        known
    )
    if strangers:
        raise Invalid(f"{name}: no section or clause '{min(strangers)}'.", remedy="Correct the outline.")

    def own(section: dict[str, Any]) -> list[Clause]:
        return [known[key] for key in section.get("clauses", ()) if known[key].instrument in tree["instruments"]]

    made = [{**s, "title": headings.get(s["key"], s["title"]), "clauses": own(s)} for s in sections]
    return {**tree, "sections": made}


def _section(name: str, tree: dict[str, Any]) -> SectionOutline:
    known = {f.name for f in fields(SectionOutline)}
    unknown = set(tree) - known
    if unknown:
        raise Invalid(f"{name}: section {tree.get('key')}: unknown key {unknown.pop()}.", remedy="Correct the outline.")
    made = {
        **tree,
        "tier": Tier(tree["tier"]),
        "evidence": tuple(tree.get("evidence", ())),
        "records": tuple(tree.get("records", ())),
        "clauses": tuple(tree.get("clauses", ())),
        "fields": tuple(FieldOutline(**{**f, "choices": tuple(f.get("choices", ()))}) for f in tree.get("fields", ())),
    }
    return SectionOutline(**made)
