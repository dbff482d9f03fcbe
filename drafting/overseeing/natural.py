"""Natural faults: what was really wrong in a section, who found it, and who had accepted it. The outcome that planted faults stand for.

Each is one entry of the trail, which everybody reads: it names nobody. Who missed it is whoever signed authorship or review of the section before
and did not find it, computed from the signatures; who found it stands as a keyed hash, which differs from fault to fault. Entries of before name both.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from audit import trail
from audit.actions import Action
from audit.chain import Actor, Entry
from audit.errors import Invalid
from audit.identity import Account, Role, accounts, permit, required, said
from audit.oversight.recapture import Fault
from audit.signatures import Meaning
from audit.tables import signatures
from drafting import tables
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.probes.seal import keyed, site_keys
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
        found = {required(conn, name).id for name in finders}
        accepted = any(s.meaning == Meaning.REVIEW for s in section.signatures)
        told: dict[str, Any] = {"found_by": str(found_by), "accepted": accepted}
        if found:
            keys, salt = site_keys(ctx.settings.home), ctx.new_id()
            told |= {"salt": salt, "finders_keyed": sorted(keyed(keys, salt, one) for one in found)}
        entry = trail.append(
            conn, at=ctx.clock.now(), zone=ctx.zone, actor=actor, action=Action.NATURAL_FAULT, object_kind="section",
            object_id=section_id, new=told, reason=said(what, "What was wrong"),
        )  # fmt: skip
        return _faults(conn, ctx, [entry])[0]

    return ctx.database.write(write)


def natural_faults(conn: Connection, ctx: Context) -> tuple[NaturalFault, ...]:
    """Return every recorded natural fault, the oldest first."""
    return _faults(conn, ctx, trail.entries(conn, action=str(Action.NATURAL_FAULT)))


def _faults(conn: Connection, ctx: Context, entries: Sequence[Entry]) -> tuple[NaturalFault, ...]:
    signed, people = (_signers(conn), accounts(conn)) if entries else ({}, [])
    made = []
    for entry in entries:
        told = entry.new if isinstance(entry.new, dict) else {}
        finders = _finders(ctx, told, people)
        before = (user for at, user in signed.get(entry.object_id, ()) if at <= entry.at)
        missed = told.get("missed_by", dict.fromkeys(user for user in before if user not in finders))
        made.append(
            NaturalFault(
                entry.object_id, FoundBy(told["found_by"]), finders, tuple(missed), told["accepted"], entry.reason or "", entry.at
            )
        )  # fmt: skip
    return tuple(made)


def _finders(ctx: Context, told: Mapping[str, Any], people: Sequence[Account]) -> tuple[str, ...]:
    """Return the user ids of who found a fault."""
    hashes = told.get("finders_keyed")
    if not hashes:
        return tuple(told.get("finders", ()))
    keys = site_keys(ctx.settings.home)
    return tuple(one.user_id for one in people if keyed(keys, told["salt"], one.id) in hashes)


def _signers(conn: Connection) -> dict[str, list[tuple[str, str]]]:
    """Return when and by whom authorship or review of each section was signed, by user id."""
    wanted = signatures.c.meaning.in_([str(Meaning.AUTHORSHIP), str(Meaning.REVIEW)])
    found: dict[str, list[tuple[str, str]]] = {}
    for at, payload in conn.execute(select(signatures.c.at, signatures.c.payload).where(wanted).order_by(signatures.c.at)):
        tree = json.loads(payload)
        for item in tree["items"]:
            found.setdefault(item["id"], []).append((at, tree["user_id"]))
    return found


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
