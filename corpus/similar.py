"""Earlier events that are like one: found by words and meaning among those dated before it, with what they share.

Promise: what is compared is decided in SQL and by date; what is told as shared is read from the records and texts themselves. It helps
a person to look back; whether an event recurred is that person's judgement.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from audit.database import Database
from audit.errors import NotFound
from corpus import records
from corpus.index import SearchIndex
from corpus.lexical import tokens
from corpus.model import Passage, Record
from corpus.scope import Scope
from corpus.search import LONGEST_QUESTION, ranked_passages

KINDS = ("deviation", "deviation_narrative")
TOLD = ("title", "category", "stage", "equipment_id", "description")  # fields of a record that say what happened
COMPARED = ("category", "stage", "equipment_id", "line", "sop", "root_cause_category", "product_code")
SHARED_WORDS = 8
DEPTH = 200  # passages that are looked at; several belong to one event


@dataclass(frozen=True)
class Similar:
    """An earlier event: its record, the passage that is nearest, and what it shares with the one asked about."""

    record: Record
    passage: Passage
    fields: Mapping[str, str]
    """Fields of both records that hold the same."""
    words: tuple[str, ...]
    """Words of both, the rarest among the events compared first."""


def similar(database: Database, index: SearchIndex | None, *, identifier: str, k: int = 10) -> list[Similar]:
    """Return at most `k` earlier deviations, the most alike first; NotFound where the deviation or its date is not here."""
    index = index or SearchIndex()
    index.sync(database)
    with database.read() as conn:
        asked = records.record(conn, "deviation", identifier)
        if asked is None or not asked.date:
            what = "carries no date" if asked else "is not here"
            raise NotFound(f"Deviation {identifier} {what}.", remedy="Import its record first.")
        before = _day_before(asked.date)
        own = [p for kind in KINDS for p in records.passages(conn, kind=kind, record_identifier=identifier)]
        question = _told(asked, own)
        nearest = _nearest(conn, index, question[:LONGEST_QUESTION], before, identifier)
        earlier = {r.identifier: r for r in records.current_records(conn, kind="deviation", identifiers=set(nearest))}
        texts = {name: _told(earlier[name], [nearest[name]]) for name in nearest if name in earlier}
    rarity = Counter(word for text in texts.values() for word in set(tokens(text)))
    return [
        Similar(
            earlier[name],
            nearest[name],
            _same(asked, earlier[name]),
            _shared(question, text, rarity, len(texts)),
        )
        for name, text in list(texts.items())[:k]
    ]


def _day_before(written: str) -> str:
    """Return the day before a day, or before the first of a month or year."""
    first = date.fromisoformat(written + "-01-01"[len(written) - 4 :])
    return (first - timedelta(days=1)).isoformat()


def _nearest(conn: Connection, index: SearchIndex, question: str, before: str, identifier: str) -> dict[str, Passage]:
    """Return the nearest passage of each earlier event, best first; kinds are ranked apart and taken in turn by score."""
    found: list[tuple[str, float]] = []
    for kind in KINDS:
        found += ranked_passages(conn, index, question, Scope(kind=kind, until=before), count=DEPTH)
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    known = {p.id: p for p in records.passages(conn, ids=[key for key, _ in found])} if found else {}
    nearest: dict[str, Passage] = {}
    for key, _ in found:
        about = known[key].record_identifier if key in known else None
        if about and about != identifier:
            nearest.setdefault(about, known[key])
    return nearest


def _told(record: Record, passages: Sequence[Passage]) -> str:
    return " ".join([*(record.get(name) for name in TOLD), *(p.text for p in passages)])


def _same(asked: Record, other: Record) -> dict[str, str]:
    pairs = ((name, asked.get(name), other.get(name)) for name in COMPARED)
    return {name: mine for name, mine, theirs in pairs if mine and mine == theirs}


def _shared(question: str, text: str, rarity: Counter[str], of: int) -> tuple[str, ...]:
    both = {word for word in set(tokens(question)) & set(tokens(text)) if not any(sign.isdigit() for sign in word)}
    return tuple(sorted(both, key=lambda word: (-math.log((of + 1) / rarity[word]), word))[:SHARED_WORDS])
