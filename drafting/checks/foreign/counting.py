"""Count rows: "three deviations", "126 were released", "no batch was rejected". Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from drafting.checks.foreign import kinds
from drafting.checks.foreign.countable import leading, narrowing, unsure, untied
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.remade import once
from drafting.checks.foreign.scope import Scope, date_columns, decisive, rows_in
from drafting.checks.foreign.values import holds
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import read_unit

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text

AFTER = 3  # words between a verb and the value that narrows an elliptical count
REACH = 5  # words between a number and the noun that it counts
_ENDS = frozenset((",", ";", "(", ")", "."))
_PLACES = frozenset(("on", "in", "from", "at"))
_SIDES = frozenset(("than", "above", "below", "beyond"))  # of a class, not the class
_VERBS = frozenset(("were", "was", "are", "is", "of", "had", "have", "been", "remained", "remain", "remains", "ended"))
_WITHIN = frozenset(("in", "for", "with", "on", "at"))
_MADE = frozenset(("production", "commercial", "manufacturing", "routine"))  # of all things, where as many there are
_OTHERS = frozenset(("percent", "%"))
SHOWN = 5


def count(reading: Reading, at: int, said: Decimal, relation: str, text: "Text") -> Judged | None:
    """Return the verdict on a count; None where the number counts no rows."""
    behind = reading.words[at + 1] if at + 1 < len(reading.words) else None
    measured = behind is not None and behind.stem not in text.index.row_nouns and read_unit(behind.text) is not None
    less = [w.text.casefold() for w in reading.words[max(0, at - 1) : at]] in (["but"], ["except"])  # "all but two"
    if said != said.to_integral_value() or said < 0 or measured or less:
        return None
    noun, noun_at = _whole(reading, at) or _noun(reading, at, text)
    if not noun:
        return None
    named = _enumerated(reading, noun_at, noun)
    if named:
        return _counted_names(reading, at, said, noun, named)
    led = () if _is_whole(reading, at) or _led(reading, at) else leading(reading, at, noun, text.index)
    values = () if _is_whole(reading, at) else (*led, *narrowing(_filters(reading, at, noun_at), reading, noun, text.index))
    elliptical = not any(place == noun_at for place, _ in reading.nouns)
    counts = list(counted(noun, values, reading, text, elliptical=elliptical))
    if not counts:
        return None
    word = reading.words[at]
    right = next((c for c in counts if holds(said, Decimal(c[0]), relation)), None)
    number, what = right or counts[0]
    spoken_of = list(counted(noun, values, reading, text, elliptical=elliptical, nearest=True))
    elsewhere = right is not None and bool(spoken_of) and right not in spoken_of
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    message = "" if right else f"'{word.text}' is contradicted: the evidence holds {number} ({what})."
    settled = right or _is_whole(reading, at)
    counting_words = range(0) if settled else _counted_words(reading, at, noun_at)
    if elsewhere:
        verdict = Verdict.NOT_FOUND
        message = f"'{word.text}' counts other records ({what}), not those that the text speaks of: {spoken_of[0][0]} ({spoken_of[0][1]})."
    partial = _within_statement(reading, at) or (not right and (_whole(reading, at) is not None or _led(reading, at)))
    loose = untied(reading, at, noun, text.index) if right else bool(led) or unsure(reading, noun, text.index)
    loose = loose or (not right and "each" in {w.text.casefold() for w in reading.words})  # of so many things each
    loose = loose or (not right and any(_elsewhere(m, noun, text.index) for m in values))
    loose = loose or any(reading.words[m.first - 1].text.casefold() in _SIDES for m in values if m.first)
    if (
        loose
        or (partial and not values)
        or qualified(reading, counting_words, noun, values, _MADE if right else frozenset())
    ):
        verdict = Verdict.NOT_FOUND
        message = f"'{word.text}' cannot be counted: the evidence does not hold all that narrows it."
    return Judged(word.start, word.end, word.text, "number", verdict, f"count of {noun}", message, f"{number} rows: {what}")


def _within_statement(reading: Reading, at: int) -> bool:
    """Tell whether a count only says in how many something holds, "was low in nine batches": the rows in scope are not what it counts."""
    return at > 1 and reading.words[at - 1].text.casefold() in _WITHIN


def _led(reading: Reading, at: int) -> bool:
    """Tell whether a value of a column is the subject of a count: "operator error was the cause of two deviations" counts its own."""
    subject = next((m for m in reading.values if m.first == 0 and m.last < at), None)
    behind = reading.words[subject.last + 1].text.casefold() if subject is not None else ""
    return behind in _VERBS or behind.endswith("ed")


def directly(reading: Reading, at: int) -> bool:
    """Tell whether what rows are called stands right behind a number, "23 lots", or it is a part of them: "of which 20 ended in"."""
    if [w.text.casefold() for w in reading.words[max(0, at - 2) : at]] == ["of", "which"]:
        return True
    return any(place == at + 1 for place, _ in reading.nouns)


def _noun(reading: Reading, at: int, text: "Text") -> tuple[str, int]:
    """Return the noun that a number counts, and its place; "68 were released" counts what was counted before."""
    words = reading.words
    behind = [w.text.casefold() for w in words[at + 1 : at + 3]]
    earlier = next((n for place, n in reversed(reading.nouns) if place < at), "")
    if behind in (["of", "which"], ["of", "these"], ["of", "them"]) or [
        w.text.casefold() for w in words[max(0, at - 2) : at]
    ] == [
        "of",
        "which",
    ]:
        return (earlier, at) if any(m.first > at for m in reading.values) else ("", at)
    if behind[:1] == ["("] and (end := next((k for k in range(at, len(words)) if words[k].text == ")"), 0)):
        return (earlier, end) if any(m.first <= end + AFTER for m in reading.values if m.first > end) else ("", at)
    for k in range(at + 1, min(len(words), at + 1 + REACH)):
        word = words[k]
        if (
            word.text in _ENDS
            or word.value is not None
            or word.stem in _OTHERS
            or (word.stem in _VERBS and k > at + 1 and word.stem != "of")
        ):
            break
        if any(k == place for place, _ in reading.nouns):
            after = words[k + 1].stem if k + 1 < len(words) else ""
            compound = any(place == k + 1 for place, _ in reading.nouns) or after in ("number", "size")
            numbered = any(m.first == k + 1 for m in reading.entities) and words[k].text == words[k].stem
            if not compound and not numbered:
                return next(noun for place, noun in reading.nouns if place == k), k
        if word.stem in _VERBS and word.stem != "of":
            following = next((m for m in reading.values if k < m.first <= k + AFTER), None)
            noun = next((n for place, n in reversed(reading.nouns) if place < at), text.focus.noun)
            return (noun, k) if following and noun else ("", at)
    listed = (
        at > 0 and behind[:1] and behind[0] in _PLACES and words[at - 1].text in ("and", ",")
    )  # "ten on line 1 and five on line 2"
    near = (
        (at + 2, at + 3) if listed else (at + 1 + (behind[:1] in (["still"], ["yet"])),)
    )  # "126 batches were released and 3 rejected"
    if any(m.first in near for m in reading.values):
        return earlier, at
    return "", at


def _whole(reading: Reading, at: int) -> tuple[str, int] | None:
    """Return the noun that the whole of a part is of: "seven of the nine deviations were closed" counts deviations that were closed."""
    words = [w.text.casefold() for w in reading.words]
    lead = words[at + 1 : at + 3]
    of = at + 3 if lead in (["of", "the"], ["of", "these"], ["of", "those"]) else at + 2 if lead[:1] == ["of"] else 0
    noun = next((n for k, n in reading.nouns if k == of + 1), "") if of and of in reading.numbers else ""
    return (noun, of + 1) if noun else None


def _is_whole(reading: Reading, at: int) -> bool:
    """Tell whether a number is the whole of which another is a part: nothing behind narrows it."""
    return any(one[1] == at + 1 for n in reading.numbers if n < at for one in [_whole(reading, n)] if one)


def _enumerated(reading: Reading, noun_at: int, noun: str) -> int:
    """Return how many names a bracket right behind a counted noun lists: "two complaints (CMP-1 and CMP-2)"."""
    words = reading.words
    if [w.text for w in words[noun_at + 1 : noun_at + 2]] != ["("]:
        return 0
    end = next((k for k in range(noun_at + 1, len(words)) if words[k].text == ")"), noun_at)
    return sum(1 for m in reading.entities if noun_at < m.first < end and any(n == noun for n, _ in m.what))


def _counted_names(reading: Reading, at: int, said: Decimal, noun: str, named: int) -> Judged:
    word = reading.words[at]
    right = said == named
    message = "" if right else f"'{word.text}' is contradicted: {named} are named."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return Judged(word.start, word.end, word.text, "number", verdict, f"count of {noun}", message, f"{named} named")


def _counted_words(reading: Reading, at: int, noun_at: int) -> range:
    ends = (k for k in range(noun_at + 1, len(reading.words)) if k in reading.numbers or reading.words[k].text in _ENDS)
    return range(noun_at if _whole(reading, at) else at + 1, next(ends, len(reading.words)))


def _filters(reading: Reading, at: int, noun_at: int) -> tuple[Mention, ...]:
    """Return the values that narrow a count: between the number and the next number or clause."""
    words = reading.words
    behind, begun = _apposed(reading, noun_at), {m.first for m in reading.values}
    last = next(
        (
            k
            for k in range(behind + 1, len(words))
            if k in reading.numbers
            or (words[k].text in (",", ";", ".", "while", "but", "(", "none", "no", "not") and k not in begun)
        ),
        len(words),
    )
    return tuple(m for m in reading.values if at < m.first < last)


def _apposed(reading: Reading, noun_at: int) -> int:
    """Return the last word of the names that stand between commas behind a counted noun: "one batch, 17, was reworked"."""
    words = reading.words
    last = noun_at
    if [w.text for w in words[noun_at + 1 : noun_at + 2]] == [","]:
        for mention in reading.entities:
            joins = {w.text.casefold() for w in words[last + 1 : mention.first]}
            if mention.first > noun_at and joins <= {",", "and"}:
                last = mention.last
    return last + 1 if last > noun_at and [w.text for w in words[last + 1 : last + 2]] == [","] else noun_at


def counted(
    noun: str, values: Sequence[Mention], reading: Reading, text: "Text", *, elliptical: bool, nearest: bool = False
) -> Iterator[tuple[int, str]]:
    """Return counts under the scopes that the text may mean, the one that it says most of first; `nearest` takes only that one."""
    index = text.index
    for said in islice(scopes(reading, text), 1 if nearest else None):
        tables = index.row_nouns.get(noun, ())
        own = {noun, *(index.evidence.tables[t].noun for t in tables)}
        scope = replace(said, entities=tuple(e for e in said.entities if e[0] not in own), values=())
        for table in decisive(index.evidence, tables) if scope.period else tables:
            wanted = values_of(index, table, values, strict=elliptical)
            if wanted is None:
                continue
            for dated in date_columns(index.evidence, table) if scope.period else (None,):
                narrowed = replace(scope, values=wanted)
                rows = rows_in(index.evidence, table, narrowed, dated=dated)
                yield _distinct(index, table, rows), _what(index, table, narrowed, rows)
                first = tuple(sorted(once(frozenset(rows), table, index)))
                if len(first) != len(rows):  # "34 batches" need not count the one that was made of another
                    yield _distinct(index, table, first), _what(index, table, narrowed, first)


def values_of(
    index: Index, table: int, values: Sequence[Mention], *, strict: bool = False
) -> tuple[tuple[int, int, str], ...] | None:
    """Return the values as they stand in a table or in one that tells of the same entities; None where one stands in neither."""
    found: list[tuple[int, int, str]] = []
    noun = index.evidence.tables[table].noun
    for mention in values:
        own = [v for v in mention.values if v[0] == table]
        joined = [
            v
            for v in mention.values
            if index.evidence.tables[v[0]].noun == noun and index.evidence.tables[v[0]].key is not None
        ]
        if not own and not joined:
            if strict:
                return None
            continue
        found += own[:1] or joined[:1]
    return tuple(found)


def _elsewhere(mention: Mention, noun: str, index: Index) -> bool:
    """Tell whether a value is none of what is counted: what it says of that is not known."""
    return all(values_of(index, table, (mention,), strict=True) is None for table in index.row_nouns.get(noun, ()))


def _distinct(index: Index, table: int, rows: Sequence[int]) -> int:
    return len(rows) if index.evidence.tables[table].key is None else len({index.evidence.named(table, r) for r in rows})


def _what(index: Index, table: int, scope: Scope, rows: Sequence[int]) -> str:
    held = index.evidence.tables[table]
    narrowed = [f"{n} {k}" for n, k in scope.entities] + [kinds.shown(v) for _, _, v in scope.values]
    period = [f"{scope.period[0]} to {scope.period[1]}"] if scope.period else []
    named = [held.rows[r][held.key] for r in rows[:SHOWN]] if held.key is not None else []
    return f"{held.file}{': ' if narrowed or period else ''}{', '.join((*narrowed, *period))}{'; ' if named else ''}{', '.join(named)}"


def scopes(reading: Reading, text: "Text") -> Iterator[Scope]:
    """Return the scopes that a sentence may mean: its own words within the document's; its own alone; the document's without time."""
    own = Scope(
        tuple(key for m in reading.entities for key in m.what),
        (),
        (reading.periods[-1].start, reading.periods[-1].end) if reading.periods else None,
    )
    many = {
        noun for k, noun in reading.nouns if reading.words[k].text.casefold() != reading.words[k].stem
    }  # "the batches" are not the one of the title
    about = tuple(e for e in text.scope.entities if e[0] not in many)
    seen: list[Scope] = []
    for scope in (
        Scope(about, text.scope.values, text.scope.period).narrowed(own),
        Scope(about, (), text.scope.period),
        own,
        Scope(about),
    ):
        one = replace(scope, without=reading.excepted)
        if one not in seen:
            seen.append(one)
            yield one
    if not own.entities and not own.period and about:
        yield Scope(without=reading.excepted)


def qualified(
    reading: Reading, within: range, noun: str, values: tuple[Mention, ...], idle: frozenset[str] = frozenset()
) -> bool:
    """Tell whether words say more than a noun and known values: "no deviation of the feeder". What they count is left open."""
    covered = {k for m in values for k in range(m.first, m.last + 1)} | {
        k for m in reading.entities for k in range(m.first - 1, m.last + 1)
    }
    covered |= {k for p in reading.periods for k in range(p.first, p.last + 1)}
    plain = PLAIN | {noun} | idle
    rest = [reading.words[k] for k in within if k not in covered and reading.words[k].kind == "word"]
    return any(w.stem not in plain and w.text.casefold() not in plain for w in rest)


PLAIN = frozenset((
    "was", "were", "is", "are", "be", "been", "has", "have", "had", "there", "a", "an", "the", "this", "that", "these",
    "any", "in", "of", "for", "during", "over", "within", "period", "year", "annual", "review", "result", "record",
    "recorded", "reported", "received", "opened", "raised", "observed", "occurred", "took", "place", "made", "initiated",
    "and", "or", "at", "on", "by", "to", "it", "its", "them", "product", "batch", "out", "specification", "oos", "started",
    "obtained", "found", "noted", "seen", "identified", "registered", "documented", "generated", "manufactured", "produced", "tested", "total", "altogether", "about", "between", "from", "classified", "rated", "graded", "categorised", "categorized", "assessed", "still", "as", "which", "being", "only", "just", "all", "filed", "lodged", "notified",
))  # fmt: skip
