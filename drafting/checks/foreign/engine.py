"""Check a whole text against evidence: read its sentences in order, keep what they speak of, judge what each says. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from drafting.checks.foreign import conclusions, dates, measures, names, ranks
from drafting.checks.foreign.binding import Focus
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text, judge_numbers
from drafting.checks.foreign.reading import Reading, read
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import lines

HEAD = 12  # lines at the beginning of a text that may say what it is about
KEPT = 4  # entities that the next sentence may go on about


def judge(text: str, evidence: Evidence | Index) -> tuple[Judged, ...]:
    """Return the verdict on every claim of a text, in order of place."""
    index = evidence if isinstance(evidence, Index) else Index(evidence)
    readings = tuple(read(line, index) for line in lines(text))
    scope, focus = _scope(readings, index), Focus()
    found: list[Judged] = []
    for reading in readings:
        state = Text(index, scope, focus)
        found += judge_numbers(reading, state)
        found += names.judge_names(reading, state)
        found += ranks.judge_ranks(reading, state)
        found += dates.judge_dates(reading, focus, index)
        found += conclusions.judge_conclusions(reading, state)
        found += _known(reading)
        focus = _next(focus, reading)
    found += dates.judge_rest(text, found, index)
    placed = (replace(j, quote=text[j.start : j.end]) for j in measures.with_units(text, _once(found), index))
    return tuple(sorted(placed, key=lambda j: (j.start, j.end)))


def _known(reading: Reading) -> Iterator[Judged]:
    """Return each identifier that the evidence knows."""
    for mention in reading.entities:
        words = reading.words[mention.first : mention.last + 1]
        if any(w.kind in ("number", "code") for w in words):
            quote = " ".join(w.text for w in words)
            yield Judged(words[0].start, words[-1].end, quote, "name", Verdict.SUPPORTED, mention.what[0][0])


def _once(found: list[Judged]) -> Iterator[Judged]:
    seen: set[tuple[int, int, str]] = set()
    for judged in found:
        if (judged.start, judged.end, judged.kind) not in seen:
            seen.add((judged.start, judged.end, judged.kind))
            yield judged


def _scope(readings: tuple[Reading, ...], index: Index) -> Scope:
    """Return what a text says at its beginning that it is about: entities that other tables refer to, and one span of time."""
    head = readings[:HEAD]
    referred = set(index.evidence.references.values())
    count: dict[tuple[str, str], int] = {}
    for reading in head:
        for mention in reading.entities:
            if len(mention.what) == 1 and mention.what[0][0] in referred:
                count[mention.what[0]] = count.get(mention.what[0], 0) + 1
    by_noun: dict[str, list[tuple[str, str]]] = {}
    for noun, key in count:
        by_noun.setdefault(noun, []).append((noun, key))
    entities = tuple(keys[0] for keys in by_noun.values() if len(keys) == 1)
    spans = [(p.start, p.end) for reading in head for p in reading.periods if p.start != p.end]
    return Scope(entities, (), spans[0] if spans else None)


def _next(focus: Focus, reading: Reading) -> Focus:
    """Return what the next sentence may go on about."""
    entities = tuple(m.what for m in reading.entities)
    return Focus(
        (*focus.entities, *entities)[-KEPT:] if entities else focus.entities,
        reading.said[-1].stems if reading.said else focus.stems,
        reading.nouns[0][1] if reading.nouns else focus.noun,
    )
