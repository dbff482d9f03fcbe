"""The entry of the trail, its canonical text and its hash. Pure.

An entry's canonical text is what is stored and hashed; every other column is a projection of it. Each entry
names the hash of the entry before it, so that removal, insertion or re-ordering shows.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from audit.actions import Action
from audit.canonical import canonical
from audit.merkle import leaf_hash

GENESIS = "sha256:" + "0" * 64  # what the first entry names as the one before it


@dataclass(frozen=True)
class Actor:
    """A person (or the named service account that acts for one), as they were at the time of an act."""

    id: str
    user_id: str
    printed_name: str
    role: str
    session: str = ""


@dataclass(frozen=True)
class Entry:
    """One act: who did what to which object, when, why, and the values before and after."""

    seq: int
    id: str
    at: str
    zone: str
    actor: Actor
    action: Action
    object_kind: str
    object_id: str
    object_version: str | None
    field: str | None
    old: Any
    new: Any
    reason: str | None
    origin: Any
    previous: str
    rows: dict[str, str] | None = None  # table -> hash of the rows written with it; entries written before it came have none

    def tree(self) -> dict[str, Any]:
        """Return the entry as the tree whose canonical text is hashed."""
        return {
            "seq": self.seq,
            "id": self.id,
            "at": self.at,
            "zone": self.zone,
            "actor": {
                "id": self.actor.id,
                "user_id": self.actor.user_id,
                "name": self.actor.printed_name,
                "role": self.actor.role,
            },
            "session": self.actor.session,
            "action": str(self.action),
            "object": {"kind": self.object_kind, "id": self.object_id, "version": self.object_version},
            "field": self.field,
            "old": self.old,
            "new": self.new,
            "reason": self.reason,
            "origin": self.origin,
            "previous": self.previous,
            **({} if self.rows is None else {"rows": self.rows}),
        }

    def text(self) -> str:
        """Return the canonical text."""
        return canonical(self.tree())


def entry_of(text: str) -> Entry:
    """Read an entry back from its canonical text; raise ValueError or KeyError where it is none."""
    tree = json.loads(text)
    actor = tree["actor"]
    return Entry(
        seq=tree["seq"],
        id=tree["id"],
        at=tree["at"],
        zone=tree["zone"],
        actor=Actor(actor["id"], actor["user_id"], actor["name"], actor["role"], tree["session"]),
        action=Action(tree["action"]),
        object_kind=tree["object"]["kind"],
        object_id=tree["object"]["id"],
        object_version=tree["object"]["version"],
        field=tree["field"],
        old=tree["old"],
        new=tree["new"],
        reason=tree["reason"],
        origin=tree["origin"],
        previous=tree["previous"],
        rows=tree.get("rows"),
    )


def leaf_of(text: str) -> str:
    """Return the leaf hash of an entry's canonical text: SHA-256(0x00 || bytes), with its algorithm."""
    return "sha256:" + leaf_hash(text.encode("utf-8")).hex()


def entry_id(entry: Entry) -> str:
    """Derive an entry's id from all its other fields, so that a change of the last entry shows as well."""
    tree = entry.tree()
    del tree["id"]
    return hashlib.sha256(b"entry:" + canonical(tree).encode("utf-8")).hexdigest()[:32]
