"""Judge what is said to have taken longest: "the longest investigation was A", "A stayed open longest", by the days from its beginning to its end. Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.acts import beginning, dates_of, day_in, due_column
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.scope import Scope, date_columns, rows_in
from drafting.checks.foreign.tables import Column
from drafting.checks.foreign.verdicts import Judged, held_against

_ENDS = {"longest": True, "slowest": True, "shortest": False, "fastest": False, "quickest": False}
_WHAT = frozenset(
    ("investigation", "closure", "case", "procedure", "handling", "processing")
)  # that rows with a beginning and an end went through
_COPULAS = frozenset(("was", "is"))
_OPEN = (("open",), ("to", "close"), ("to", "complete"), ("to", "closure"))
LEAST = 3  # rows among which one took longest


def judge_slowest(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return the verdict on the one name of a sentence that is said to have taken longest or shortest."""
    low = [w.text.casefold() for w in reading.words]
    at = next((k for k, w in enumerate(low) if w in _ENDS), None)
    if at is None or len(reading.entities) != 1 or len(reading.entities[0].what) != 1:
        return
    named = reading.entities[0]
    noun, key = named.what[0]
    for table, held in enumerate(text.index.evidence.tables):
        spoken = held.key is not None and held.noun == noun and _spoken(reading, at, named)
        pair = _span(table, text.index) if spoken else None
        if pair is None:
            continue
        for scope in scopes(reading, text):
            days = _days(table, Scope((), (), scope.period), pair, text.index)
            if key in days and len(days) >= LEAST:
                ordered = sorted(days.items(), key=lambda one: (one[1], one[0]), reverse=_ENDS[low[at]])
                place = f"{key}: {days[key]} days; {low[at]} of {len(days)} is {ordered[0][0]} with {ordered[0][1]} ({held.file})"
                yield held_against(
                    reading.words[at : at + 1], "days between", place, right=days[key] == ordered[0][1], kind="word"
                )
                return


def _spoken(reading: Reading, at: int, named: Mention) -> bool:
    """Tell whether what took longest is a thing of a table itself: "the longest investigation ... was A", "A was open longest"."""
    low = [w.text.casefold() for w in reading.words]
    nouns = {k for k, _ in reading.nouns}
    if named.first > at:
        verb = next((k for k in range(named.first - 1, at, -1) if low[k] in _COPULAS), None)
        return verb is not None and verb >= named.first - 2 and (low[at + 1] in _WHAT or at + 1 in nouns)
    behind = low[at + 1 :]
    return any(tuple(behind[: len(run)]) == run for run in _OPEN) or low[max(0, at - 2) : at + 1] in (
        ["was", "open", low[at]],
        ["stayed", "open", low[at]],
    )


def _span(table: int, index: Index) -> tuple[Column, Column] | None:
    """Return the columns of the day on which rows of a table began, and of the only other one that is no due date."""
    held, begun = index.evidence.tables[table], beginning(table, index)
    rest = [c for c in dates_of(held) if c not in (begun, due_column(held))]
    return (begun, rest[0]) if begun is not None and len(rest) == 1 else None


def _days(table: int, scope: Scope, pair: tuple[Column, Column], index: Index) -> dict[str, int]:
    """Return how many days each row in scope took; none where one that has not ended may have taken longer than all."""
    held = index.evidence.tables[table]
    rows = rows_in(index.evidence, table, scope, dated=date_columns(index.evidence, table)[0] if scope.period else None)
    found = {held.rows[r][held.key or 0].strip(): (day_in(held, r, pair[0]), day_in(held, r, pair[1])) for r in rows}
    ended = {key: (b - a).days for key, (a, b) in found.items() if a and b}
    last = max((day for days in found.values() for day in days if day), default=None)
    waiting = [(last - a).days for a, b in found.values() if last and a and not b]
    return ended if ended and max(waiting, default=0) <= max(ended.values()) else {}
