"""Natural faults: what was really wrong in a section, who found it, and who had accepted it. The outcome that planted faults stand for.

Each is one entry of the trail. Who missed it is not typed: it is whoever signed authorship or review of the section before and did not find it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from audit.chain import Actor, Entry
from audit.errors import Invalid
from audit.identity import Role, permit, required, said
from audit.oversight.recapture import Fault
from audit.signatures import Meaning
from audit.tables import signatures
from drafting import tables
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.review_store import person
from drafting.store import load_report, report_of_section

MOST_FINDERS = 10
TWO = 2


class FoundBy(StrEnum):
    """When a natural fault came up."""

    REVIEWER = "reviewer"
    SECOND = "second"  # another reviewer of the same section
    CHECKER = "checker"
    LATER = "later"


PERSONS = (FoundBy.REVIEWER, FoundBy.SECOND)


@dataclass(frozen=True)
class NaturalFault:
    """A natural fault as recorded: user ids of who found it and of who had accepted the section; `accepted` says that its review was signed."""

    section: str
    found_by: FoundBy
    finders: tuple[str, ...]
    missed_by: tuple[str, ...]
    accepted: bool
    what: str
    at: str

    @property
    def escaped(self) -> bool:
        """Tell whether it came up after the section's review was signed."""
        return self.accepted and self.found_by not in PERSONS


def record(
    ctx: Context, *, section_id: str, found_by: FoundBy, finders: Collection[str], what: str, actor: Actor
) -> NaturalFault:
    """Record a natural fault, as the quality unit or training lead."""
    if found_by in PERSONS and not finders:
        raise Invalid("A fault that a person found needs the person.", remedy="Name who found it by user id.")
    if len(finders) > MOST_FINDERS:
        raise Invalid(f"More than {MOST_FINDERS} persons are named.", remedy="Name those who found it independently.")

    def write(conn: Connection) -> NaturalFault:
        permit(person(conn, actor), Role.APPROVER, Role.TRAINING_LEAD)
        section = load_report(conn, report_of_section(conn, section_id)).section(section_id)
        found = tuple(dict.fromkeys(required(conn, name).user_id for name in finders))
        signed = [s for s in section.signatures if s.meaning in (Meaning.AUTHORSHIP, Meaning.REVIEW)]
        missed = tuple(dict.fromkeys(s.user_id for s in signed if s.user_id not in found))
        accepted = any(s.meaning == Meaning.REVIEW for s in signed)
        told = {"found_by": str(found_by), "finders": list(found), "missed_by": list(missed), "accepted": accepted}
        entry = trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.NATURAL_FAULT, object_kind="section",
            object_id=section_id, new=told, reason=said(what, "What was wrong"),
        )  # fmt: skip
        return _fault(entry)

    return ctx.database.write(write)


def natural_faults(conn: Connection) -> tuple[NaturalFault, ...]:
    """Return every recorded natural fault, the oldest first."""
    return tuple(_fault(entry) for entry in trail.entries(conn, action=str(Action.NATURAL_FAULT)))


def _fault(entry: Entry) -> NaturalFault:
    told = entry.new if isinstance(entry.new, dict) else {}
    return NaturalFault(
        entry.object_id, FoundBy(told["found_by"]), tuple(told["finders"]), tuple(told["missed_by"]), told["accepted"],
        entry.reason or "", entry.at,
    )  # fmt: skip


def accepted_sections(conn: Connection) -> frozenset[str]:
    """Return the sections whose review was ever signed: a later correction does not take one out."""
    payloads = conn.scalars(select(signatures.c.payload).where(signatures.c.meaning == str(Meaning.REVIEW)))
    return frozenset(item["id"] for payload in payloads for item in json.loads(payload)["items"])


def double_reviewed(conn: Connection) -> dict[str, tuple[str, str]]:
    """Return the first two reviewers of each section that two persons reviewed, by user id."""
    columns = tables.decisions.c
    query = select(columns.section_id, columns.user_id).where(columns.capacity == str(Capacity.REVIEWER))
    people: dict[str, dict[str, None]] = {}
    for row in conn.execute(query.order_by(columns.seq)):
        people.setdefault(row.section_id, {})[row.user_id] = None
    first_two = {section: tuple(held)[:TWO] for section, held in people.items()}
    return {section: (pair[0], pair[1]) for section, pair in first_two.items() if len(pair) == TWO}


def recaptured(faults: Sequence[NaturalFault], pairs: Mapping[str, tuple[str, str]]) -> list[Fault]:
    """Return which of the two reviewers found each fault of the double-reviewed sections."""
    return [Fault(pairs[f.section][0] in f.finders, pairs[f.section][1] in f.finders) for f in faults if f.section in pairs]
