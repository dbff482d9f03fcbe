"""Whether a person's decision on a clash holds, and why what is in force is in force.

Promise: a decision holds while what both sources say of the record or result is what the person compared, in whatever version of the
files. Where it is not, what was chosen stays in force and the clash is listed again. Decisions made before the compared content was
kept hold while neither source has a later version.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from corpus import records, standing, tables
from corpus.plausibility import same_literal

if TYPE_CHECKING:
    from corpus.clashes import Clash, Said

FIRST = "as the first here"
Statement = Mapping[str, Sequence[str]]  # field or attribute -> what a source said of it


@dataclass(frozen=True)
class Ruling:
    """The decision that counts on one record or result."""

    origin: str
    user_id: str
    at: str
    compared: Mapping[str, Statement] | None
    """By the first version of each source; None where it was not kept."""


@dataclass(frozen=True)
class Verdict:
    """Whether a person has to decide (again), and why what is in force is in force."""

    waits: bool
    why: str


def judge(conn: Connection) -> Callable[["Clash"], Verdict]:
    """Return what tells of a clash whether it waits for a person."""
    rulings = _rulings(conn)
    source = standing.sources()
    origins = {row.id: row.origin for row in conn.execute(select(source.c.id, source.c.origin))} if rulings else {}
    imported = {document.id: document.imported_at for document in records.documents(conn)} if rulings else {}

    def verdict(clash: "Clash") -> Verdict:
        said = rulings.get(clash.name)
        if said is None:
            return Verdict(waits=True, why=FIRST)
        who = f"by {said.user_id} on {said.at[:10]}"
        if origins[clash.first_document] != said.origin:
            return Verdict(waits=True, why=f"{FIRST}, for the source chosen {who} says nothing of it any more")
        if said.compared is None:
            same = max(imported[clash.first_document], imported[clash.second_document]) <= said.at
        else:
            same = all(
                _was_said(side, said.compared.get(origins[side.document_id], {})) for side in (clash.one, clash.other)
            )
        return Verdict(waits=not same, why=f"chosen {who}" + ("" if same else " on other content: decide again"))

    return verdict


def _rulings(conn: Connection) -> dict[str, Ruling]:
    made, on = tables.preferences.c, tables.decided.c
    query = select(on.kind, on.identifier, on.compared, made.origin, made.user_id, made.at).join(
        tables.preferences, made.seq == on.seq
    )
    return {
        f"{row.kind}/{row.identifier}": Ruling(
            row.origin, row.user_id, row.at, json.loads(row.compared) if row.compared else None
        )
        for row in conn.execute(query.order_by(on.seq))
    }


def _was_said(side: "Said", before: Statement) -> bool:
    return all(any(same_literal(literal, one) for one in before.get(name, ())) for name, literal in side.values)
