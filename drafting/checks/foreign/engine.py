"""Check a whole text against evidence: read its sentences in order, keep what they speak of, judge what each says. Pure."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from drafting.checks.foreign import (
    apart,
    claims,
    coded,
    conclusions,
    conditions,
    crossed,
    dates,
    drift,
    excepting,
    excursions,
    extremes,
    groups,
    instead,
    lacking,
    linked,
    links,
    listings,
    matched,
    measures,
    names,
    opposed,
    outcomes,
    passages,
    presence,
    ranged,
    ranks,
    revisions,
    rowmates,
    rows,
    sharing,
    slowest,
    specranges,
    states,
    tallies,
    times,
    titled,
    totals,
    twofold,
    unjudged,
    unnarrowed,
    uses,
    versus,
    wholes,
    within,
)
from drafting.checks.foreign.apposed import bracketed
from drafting.checks.foreign.binding import Focus, group_of
from drafting.checks.foreign.halves import halves
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.numbers import Text, judge_numbers
from drafting.checks.foreign.passages import Narratives
from drafting.checks.foreign.reading import Mention, Reading, read, within_labels
from drafting.checks.foreign.scope import Scope
from drafting.checks.foreign.tables import Evidence
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import lines

TITLE, HEAD = 4, 16  # lines at the beginning of a text that say what it is about, and of what time
KEPT = 24  # entities that the next sentence may go on about


def judge(text: str, evidence: Evidence | Index) -> tuple[Judged, ...]:
    """Return the verdict on every claim of a text, in order of place."""
    said = tuple(bracketed(half) for line in lines(text) for half in halves(line))
    headings = titled.heading(said[:TITLE])
    title = frozenset(w.text for line in headings for w in line.words if w.kind == "word")
    known = matched.with_names(evidence if isinstance(evidence, Index) else Index(evidence))
    index = titled.with_title(headings, known)
    readings = tuple(read(line, index) for line in said)
    scope, focus, narratives = _scope(readings, index), Focus(), Narratives(index.evidence.passages)
    found: list[Judged] = []
    tables = rows.table_rows(readings)
    for at, spoken in enumerate(readings):
        reading = _resolved(spoken, focus)
        state = Text(index, scope, focus, title)
        if at in tables:
            row = tables[at]
            found += rows.judge_row(row, state) if row else ()
            found += _known(reading)
            continue
        told = list(_parted(reading, state, narratives))
        found += told
        focus = _next(focus, reading)
    found += dates.judge_rest(text, found, index)
    found = _narrated(found, readings, narratives)
    placed = (replace(j, quote=text[j.start : j.end]) for j in measures.with_units(text, _once(found), index))
    return tuple(sorted(placed, key=lambda j: (j.start, j.end)))


def _parted(reading: Reading, state: Text, narratives: Narratives) -> Iterator[Judged]:
    """Return the verdict on each claim of one sentence; what it excepts by name is judged by itself."""
    cut = excepting.parted(reading, state.index)
    if cut is None:
        plain = excepting.included(reading, state.index)
        among = {key for m in reading.entities for key in m.what} if plain is not None else set[tuple[str, str]]()
        scope = replace(state.scope, entities=tuple(e for e in state.scope.entities if e not in among))
        yield from _sentence(plain or reading, replace(state, scope=scope), narratives)
        yield from _known(reading) if plain is not None else ()
        return
    yield from _sentence(cut.rest, state, narratives)
    yield from conditions.judge_excepted(cut.rest, reading, (cut.start, cut.end), state)
    yield from (j for j in _claims(reading, state) if cut.start <= j.start <= cut.end)


def _sentence(reading: Reading, state: Text, narratives: Narratives) -> Iterator[Judged]:
    """Return the verdict on each claim of one sentence, and on what it states as a whole where these do not settle that."""
    wholes_first = (
        excursions.judge_excursions,
        tallies.judge_tallies,
        versus.judge_versus,
        claims.judge_claim,
        listings.judge_listing,
    )  # of sentences all of whose words are understood
    whole = next((told for judge_whole in wholes_first for told in [judge_whole(reading, state)] if told), ())
    found = [*whole, *dates.judge_spans(reading, state.index), *_known(reading)] if whole else list(_claims(reading, state))
    if not whole and not any(j.verdict is Verdict.CONTRADICTED for j in found):
        found = [*listings.judge_each(reading, state), *found]
    found += rowmates.judge_mates(reading, found, state)
    found += wholes.judge_limits(reading, found, state)
    if not any(j.kind == "word" for j in found):
        found += passages.judge_statement(reading.line, narratives)
    found += wholes.judge_wholes(reading, found)
    yield from twofold.told_apart(found, reading, state.index)
    yield from unjudged.judge_unjudged(reading, found)


def _claims(reading: Reading, state: Text) -> Iterator[Judged]:
    yield from groups.judge_groups(reading, state)
    yield from totals.judge_totals(reading, state)
    yield from instead.judge_instead(reading, state.index)
    yield from ranged.judge_every(reading, state)
    yield from (unnarrowed.withdrawn(j, reading, state.index) for j in judge_numbers(reading, state))
    yield from opposed.judge_opposed(reading, state.index)
    yield from names.judge_names(reading, state)
    yield from coded.judge_coded(reading, state.index)
    yield from outcomes.judge_outcomes(reading, state.index)
    yield from ranks.judge_ranks(reading, state)
    yield from extremes.judge_extremes(reading, state)
    yield from slowest.judge_slowest(reading, state)
    yield from revisions.judge_start(reading, state)
    yield from times.judge_times(reading, state)
    yield from drift.judge_drift(reading, state)
    yield from apart.judge_order(reading, state)
    yield from dates.judge_spans(reading, state.index)
    yield from dates.judge_dates(reading, state.focus, state.index)
    yield from conditions.judge_all(reading, state)
    yield from sharing.judge_shared(reading, state)
    yield from conclusions.judge_conclusions(reading, state)
    yield from within.judge_within(reading, state)
    yield from specranges.judge_kept(reading, state)
    yield from crossed.judge_crossed(reading, state)
    yield from lacking.judge_lacking(reading, state.index)
    yield from linked.judge_linked(reading, state.index)
    yield from presence.judge_presence(reading, state)
    yield from links.judge_uses(reading, state)
    yield from uses.judge_used(reading, state)
    yield from _known(reading)
    yield from _labelled(reading, state.index)


def _known(reading: Reading) -> Iterator[Judged]:
    """Return each identifier that the evidence knows, as a name or as a code of a column."""
    for mention in (*reading.entities, *(m for m in reading.values if states.coded_word(reading, m))):
        words = reading.words[mention.first : mention.last + 1]
        if any(ch.isdigit() for w in words for ch in w.text):
            quote = " ".join(w.text for w in words)
            about = mention.what[0][0] if mention.what else ""
            yield Judged(words[0].start, words[-1].end, quote, "name", Verdict.SUPPORTED, about)


def _labelled(reading: Reading, index: Index) -> Iterator[Judged]:
    """Return each number that is a part of what a column is called: "stage 1 yield"."""
    for at in sorted(within_labels(reading.words, index) - set(reading.numbers) - reading.taken):
        word = reading.words[at]
        if word.kind == "number":
            yield Judged(word.start, word.end, word.text, "number", Verdict.SUPPORTED, "part of a name")


def _narrated(found: list[Judged], readings: tuple[Reading, ...], narratives: Narratives) -> list[Judged]:
    """Return the verdicts with what the narratives say of the numbers that no table settled."""
    starts = [reading.line.start for reading in readings]

    def settled(judged: Judged) -> Judged:
        if judged.kind != "number" or judged.verdict is not Verdict.NOT_FOUND or not starts:
            return judged
        line = readings[max(0, bisect_right(starts, judged.start) - 1)].line
        return passages.told(judged, line, narratives)

    return [settled(judged) for judged in found] if narratives.passages else found


def _resolved(reading: Reading, focus: Focus) -> Reading:
    """Return a sentence in which a name that several share means the one that was named in full before."""
    known = [*focus.entities]
    out: list[Mention] = []
    for mention in reading.entities:
        before = next((what for what in reversed(known) if len(what) == 1 and what[0] in mention.what), None)
        one = replace(mention, what=before) if len(mention.what) > 1 and before else mention
        known.append(one.what)
        out.append(one)
    return replace(reading, entities=tuple(out))


def _once(found: list[Judged]) -> Iterator[Judged]:
    seen: set[tuple[int, int, str]] = set()
    for judged in found:
        if (judged.start, judged.end, judged.kind) not in seen:
            seen.add((judged.start, judged.end, judged.kind))
            yield judged


def _scope(readings: tuple[Reading, ...], index: Index) -> Scope:
    """Return what a text says at its beginning that it is about: entities that other tables refer to, and one span of time."""
    referred = set(index.evidence.references.values())
    by_noun: dict[str, list[tuple[str, str]]] = {}
    for reading in readings[:TITLE]:
        for mention in reading.entities:
            if (
                len(mention.what) == 1
                and mention.what[0][0] in referred
                and mention.what[0] not in by_noun.get(mention.what[0][0], ())
            ):
                by_noun.setdefault(mention.what[0][0], []).append(mention.what[0])
    entities = tuple(keys[0] for keys in by_noun.values() if len(keys) == 1)
    spans = [(p.start, p.end) for reading in readings[:HEAD] for p in reading.periods if p.start != p.end]
    return Scope(entities, (), spans[0] if spans else None)


def _next(focus: Focus, reading: Reading) -> Focus:
    """Return what the next sentence may go on about."""
    entities = tuple(m.what for m in reading.entities)
    return Focus(
        (*focus.entities, *entities)[-KEPT:] if entities else focus.entities,
        reading.said[-1].stems if reading.said else focus.stems,
        reading.nouns[0][1] if reading.nouns else focus.noun,
        entities[0] if entities else focus.subject,
        _group(reading),
        (*focus.persons, *(m.what for m in reading.entities if not _articled(reading, m.first)))[-KEPT:],
    )


def _group(reading: Reading) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the last names of a sentence that stand in one list."""
    groups = (group_of(reading, m) for m in reversed(reading.entities))
    return next((tuple(m.what for m in group) for group in groups if len(group) > 1), ())


def _articled(reading: Reading, at: int) -> bool:
    return at > 0 and reading.words[at - 1].text.casefold() == "the"
