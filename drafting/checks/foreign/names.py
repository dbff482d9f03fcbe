"""Judge words that name a value: a status, class or supplier of what a sentence speaks of, a name beside another, a name of a closed list. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from drafting.checks.foreign.binding import group_of, population
from drafting.checks.foreign.dates import label_of, said_under
from drafting.checks.foreign.graded import steps_of
from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.kinds import is_kind
from drafting.checks.foreign.numbers import Text
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.relations import judge_relations
from drafting.checks.foreign.scope import cells_of
from drafting.checks.foreign.subjecthood import between, members, stated_of
from drafting.checks.foreign.tables import MISSING, Entity, names_in
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.foreign.words import Word

_COPULA = frozenset(
    [
        "was",
        "is",
        "were",
        "are",
        "be",
        "been",
        "has",
        "have",
        "had",
        "being",
        "classified",
        "as",
        "rated",
        "recorded",
        "graded",
        "finally",
        "subsequently",
        "therefore",
        "later",
        "then",
        "now",
        "still",
        "with",
        "the",
        "a",
        "an",
        "of",
        "status",
        "class",
        "by",
        "its",
        "it",
        "this",
        "and",
        "which",
        "both",
        "all",
    ]
)
_VERBS = frozenset(("was", "is", "were", "are", "has", "have", "had", "remains", "remained"))
_STATES = frozenset(("status", "state", "stage", "phase"))  # of what goes through several, each in its time
_ARTICLES = frozenset(("the", "a", "an"))
_PHRASES = frozenset(("for", "of", "on", "in", "at", "from", "regarding", "concerning", "about"))
_CUTS = frozenset((",", ";", ":", "(", "which", "that", "who"))
_TIES = frozenset(("in", "on", "at", "for", "from", "to", "with", "or", "under", "per"))
_NOT = frozenset(("not", "never"))
_PRESENT = frozenset(("is", "are", "remain", "remains", "still"))
_ABOUT = frozenset(("on", "about", "concerning", "regarding", "into", "for"))  # behind the name of a record
_CUTS = frozenset((",", ";", "(", ")", "and", "or", "which", "that", "who", "while", "but", "when"))
_BREAKS = frozenset((";", "while", "whereas", "but", "."))
NEAR = 4
LONGEST_LISTED = 3  # words of a name of a closed list


def judge_names(reading: Reading, text: Text) -> Iterator[Judged]:
    """Return a verdict for each category word that is said of an entity, each name beside another, each name of a closed list."""
    for mention in (m for m in reading.values if not is_kind(m.values[0][2])):
        judged = _value(reading, mention, text)
        if judged is not None:
            yield judged
    yield from judge_relations(reading, text.index)
    yield from _vocabulary(reading, text.index)


def _value(reading: Reading, mention: Mention, text: Text) -> Judged | None:
    """Judge a category word of what its clause speaks of, of each of several; None where it is open whether it says anything of them."""
    for owners, since in _owners(reading, mention, text):
        held = [_held(owner, mention, text.index) for owner in owners]
        if not owners or not all(held):
            continue
        told = [_said_of(reading, mention, owner, one, since, text.index) for owner, one in zip(owners, held, strict=True)]
        known = [judged for judged in told if judged is not None]
        against = next((judged for judged in known if judged.verdict is Verdict.CONTRADICTED), None)
        return against or (known[0] if len(known) == len(told) else None)
    return None


def _held(owner: Entity, mention: Mention, index: Index) -> list[tuple[tuple[int, int, str], tuple[str, ...]]]:
    """Return the values that a word may say of an entity, each with the cells that its rows have in that column."""
    tables = {t for t, _ in owner.rows}
    held = [(v, tuple(cells_of(index.evidence, *owner.rows[0], v[0], v[1]))) for v in mention.values if v[0] in tables]
    return [(v, cells) for v, cells in held if any(c.casefold() not in MISSING for c in cells)]


def _said_of(
    reading: Reading,
    mention: Mention,
    owner: Entity,
    held: list[tuple[tuple[int, int, str], tuple[str, ...]]],
    since: list[str],
    index: Index,
) -> Judged | None:
    negated = bool(_NOT & set(_last_said(since)))
    agree = next((v for v, cells in held if any(_same(v[2], c) for c in cells)), None)
    if (agree is not None) != negated and agree is not None:
        return _told(reading, mention, Verdict.SUPPORTED, owner, "", index, agree)
    said = [v for v, _ in held if _is_said(reading, mention, since, v, index)]
    if not said:
        return None
    if negated and agree is None:
        return _told(reading, mention, Verdict.SUPPORTED, owner, next(c for v, c in held if v == said[0])[0], index, said[0])
    present = bool(_PRESENT & set(since[-1:]))  # "is open" says how it stands, "was opened" what was done
    dated = None if negated or present else _done(reading, mention, owner, said[0], index)
    if dated is not None:
        return dated
    against = agree or said[0]
    cells = next(cells for v, cells in held if v == against)
    return _told(reading, mention, Verdict.CONTRADICTED, owner, cells[0], index, against)


def _done(reading: Reading, mention: Mention, owner: Entity, value: tuple[int, int, str], index: Index) -> Judged | None:
    """Return the verdict on an earlier state that a later one hides, by the date of its act: what is closed was implemented."""
    if not _STATES & set(stems_of(index.evidence.tables[value[0]].columns[value[1]].header)):
        return None
    words = reading.words[mention.first : mention.last + 1]
    columns = ((t, r, c) for t, r in owner.rows for c in index.evidence.tables[t].columns if c.kind == "date")
    for table, row, column in columns:
        day = index.evidence.cell(table, row, column.index)
        if day.casefold() in MISSING or not said_under(column.labels, label_of([w.text for w in words])):
            continue
        sure = stems_of(column.header) == tuple(w.stem for w in words)
        verdict = Verdict.SUPPORTED if sure else Verdict.NOT_FOUND
        judged = _told(reading, mention, verdict, owner, "", index, value)
        evidence = f"{index.evidence.tables[table].place(row, column.index)}: '{day}'"
        message = "" if sure else f"'{judged.quote}' is no longer the state of it; whether it was is open: {evidence}."
        return replace(judged, evidence=evidence, message=message)
    return None


def judge_cell(reading: Reading, mention: Mention, holder: Mention, stems: frozenset[str], index: Index) -> Iterator[Judged]:
    """Return the verdict on a category word in a cell of a text's table: the column that its header says, of what its row names."""
    for owner in _known(holder, index)[:1]:
        tables = {t for t, _ in owner.rows}
        said = [
            v
            for v in mention.values
            if v[0] in tables and stems & set(stems_of(index.evidence.tables[v[0]].columns[v[1]].header))
        ]
        for value in said[:1]:
            cells = tuple(cells_of(index.evidence, *owner.rows[0], value[0], value[1]))
            right = any(_same(value[2], c) or value[2].casefold() in c.casefold() for c in cells)
            verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
            yield _told(reading, mention, verdict, owner, cells[0] if cells else "", index, value)


def _owners(reading: Reading, mention: Mention, text: Text) -> Iterator[tuple[tuple[Entity, ...], list[str]]]:
    """Return of what a word may be said, several together where they are said together, and the words between."""
    words = reading.words
    described = _described(reading, mention)
    if described is not None:  # "and the critical deviation DEV-2"
        yield from (((e,), ["the"] if _stepped(mention, text.index) else []) for e in _known(described, text.index))
        return
    fronted = _fronted(reading, mention)
    if fronted is not None:
        yield from (((e,), since) for m, since in [fronted] for e in _known(m, text.index))
        return
    clause = max((k + 1 for k in range(mention.first) if words[k].text in _BREAKS and not _goes_on(words, k)), default=0)
    named = [m for m in reading.entities if clause <= m.first and m.last < mention.first]
    named = stated_of(reading, named, mention.first)
    behind = [w.text.casefold() for w in words[named[-1].last + 1 : mention.first]] if named else []
    subject = (
        named[-1:]
        if behind[:2] in ([",", "which"], [",", "that"])
        else [m for m in named if not _within_phrase(reading, m, named[0])] or named
    )
    for m in subject[-1:] if subject and not _of_another(reading, subject[-1], mention, text.index) else ():
        together = members(reading, m, text.index)
        if len(group_of(reading, m)) > 1 or len(together) > 1:
            first = group_of(reading, m)[0].first
            denied = ["not"] if first and words[first - 1].text.casefold() == "neither" else []
            yield together, [*denied, *between(reading, m, mention.first)]
            return
        yield from (((e,), between(reading, m, mention.first)) for e in _known(m, text.index))
    after = [m for m in reading.entities if m.first > mention.last]
    if not named and after and after[0].first - mention.last <= NEAR:
        joins = {w.text.casefold() for w in words[mention.last + 1 : after[0].first]}
        if not joins & {",", ";", ".", "and", "(", "of", "to", "for", "in"}:
            yield from (((e,), []) for e in _known(after[0], text.index))
    many = any(
        k == mention.last + 1 and words[k].text.casefold() != words[k].stem for k, _ in reading.nouns
    )  # "released batches"
    if not reading.entities and clause == 0 and text.focus.entities and not many and not population(reading, mention.first):
        keys = text.focus.entities[-1]
        lead = [w.text.casefold() for w in words[: mention.first]]
        yield from (((e,), lead) for key in keys for e in [text.index.evidence.entities.get(key)] if e)


def _within_phrase(reading: Reading, mention: Mention, first: Mention) -> bool:
    """Tell whether a name only says more of one before it: "for batch 9", "from A to B" behind the subject."""
    before = [w.text.casefold() for w in reading.words[max(0, mention.first - 2) : mention.first]]
    since = {w.text.casefold() for w in reading.words[first.last + 1 : mention.first]}
    led = (
        mention != first
        and before[-1:]
        and (before[-1] in ("from", "for", "of", "by") or (before[-1] == "to" and "from" in since))
    )
    return bool(led) or before[:1] in (["for"], ["against"], ["of"])


def _predicate(since: list[str]) -> list[str]:
    """Return what follows a phrase right behind a subject: the "was" of "OOS-4 for the viscosity of batch 10 was"."""
    verb = next((k for k, w in enumerate(since) if w in _VERBS), None)
    phrase = bool(since) and since[0] in _PHRASES and verb is not None and not _CUTS & set(since[:verb])
    return since[verb:] if phrase else since


def _described(reading: Reading, mention: Mention) -> Mention | None:
    """Return the name that a word describes as it stands with what that is called right before it: "the critical deviation DEV-2"."""
    words = reading.words
    after = next((m for m in reading.entities if m.first > mention.last), None)
    lead = words[mention.first - 1].text.casefold() if mention.first else ""
    if after is None or lead not in _ARTICLES or not mention.last + 1 < after.first <= mention.last + 1 + NEAR:
        return None
    between = words[mention.last + 1 : after.first]
    called = any(k == after.first - 1 for k, _ in reading.nouns) or between[-1].stem in {
        p for n, _ in after.what for p in n.split()
    }
    plain = all(
        w.kind == "word" and w.text.casefold() not in _COPULA | _TIES and not w.text.casefold().endswith("ed")
        for w in between
    )
    return after if called and plain else None


def _stepped(mention: Mention, index: Index) -> bool:
    """Tell whether a word is a step of a scale, of which a thing has one: "critical"."""
    tables = index.evidence.tables
    return all(v[2].casefold() in steps_of(tables[v[0]].columns[v[1]], v[0], index) for v in mention.values)


def _fronted(reading: Reading, said: Mention) -> tuple[Mention, list[str]] | None:
    """Return the name that begins a sentence, and its copula, where only what it is about stands between: "OOS-1 on the pH of batch 7 was closed"."""
    low = [w.text.casefold() for w in reading.words]
    subject = next((m for m in reading.entities if len(m.what) == 1), None)
    copula = next((k for k in range(subject.last + 1 if subject else 0, said.first) if low[k] in _VERBS), None)
    if subject is None or copula is None or low[subject.last + 1] not in _ABOUT or subject is not reading.entities[0]:
        return None
    between, since = low[subject.last + 1 : copula], low[copula : said.first]
    plain = all(w.kind == "word" and w.text.casefold() not in _VERBS for w in reading.words[: subject.first])
    if subject.first > NEAR or not plain or _CUTS & set(between) or not set(since[1:]) <= _COPULA | _NOT:
        return None
    return subject, since


def _goes_on(words: Sequence[Word], at: int) -> bool:
    """Tell whether a "but" is followed by what is said of the same subject: "was due in May but has no date and is still open"."""
    return words[at].text == "but" and at + 1 < len(words) and words[at + 1].text.casefold() in _VERBS


def _of_another(reading: Reading, subject: Mention, said: Mention, index: Index) -> bool:
    """Tell whether a name only says whose the subject is: "the lot of batch 825"; not where that is what the word is a value of."""
    words = reading.words
    before = [at for at in range(max(0, subject.first - 3), subject.first) if words[at].text.casefold() == "of"]
    if not before or not before[-1] or words[before[-1] - 1].kind != "word":
        return False
    head, nouns = words[before[-1] - 1].stem, {noun for noun, _ in subject.what}
    labels = {s for t, c, _ in said.values for label in index.evidence.tables[t].columns[c].labels for s in label}
    return head in {part for noun in index.evidence.nouns for part in noun.split()} - nouns - labels


def _known(mention: Mention, index: Index) -> list[Entity]:
    return [index.evidence.entities[key] for key in mention.what if key in index.evidence.entities]


def _same(value: str, cell: str) -> bool:
    return value.casefold() == cell.casefold() or value.casefold() in (part.casefold() for part in names_in(cell))


def _is_said(reading: Reading, mention: Mention, since: list[str], value: tuple[int, int, str], index: Index) -> bool:
    """Tell whether a sentence says a value of an entity, and does not only use its word."""
    since = _predicate(_last_said(since))
    table = index.evidence.tables[value[0]]
    header = table.columns[value[1]].header
    if f"{table.name}.{header}" in index.evidence.lexicon.values:
        return True
    if since and all(w in _COPULA or w in _NOT or w in "(),:" for w in since):
        return True
    label = {s for one in table.columns[value[1]].labels for s in one}
    words = reading.words
    near = {w.stem for w in words[max(0, mention.first - NEAR) : mention.first]} | {
        w.stem for w in words[mention.last + 1 : mention.last + 2]
    }
    return bool(label & near)


def _last_said(since: list[str]) -> list[str]:
    """Return the words between a subject and what is said of it, those of an earlier predicate left out."""
    cuts = [k for k, w in enumerate(since) if w in ("and", ",", "but")]
    return since[cuts[-1] + 1 :] if cuts and set(since[cuts[-1] + 1 :]) & _COPULA else since


def _told(
    reading: Reading, mention: Mention, verdict: Verdict, owner: Entity, cell: str, index: Index, value: tuple[int, int, str]
) -> Judged:
    words = reading.words[mention.first : mention.last + 1]
    quote = " ".join(w.text for w in words)
    table = index.evidence.tables[value[0]]
    header = table.columns[value[1]].header
    row = next((r for t, r in owner.rows if t == value[0]), None)
    place = table.place(row, value[1]) if row is not None else f"{table.file}, column {header}"
    evidence = f"{place}: '{cell or value[2]}'"
    message = f"'{quote}' is contradicted: {evidence}." if verdict is Verdict.CONTRADICTED else ""
    return Judged(words[0].start, words[-1].end, quote, "word", verdict, f"{owner.key}: {header}", message, evidence)


def _vocabulary(reading: Reading, index: Index) -> Iterator[Judged]:
    """Judge the names of closed lists: one that the evidence does not hold stands nowhere in it, nor does one said of what comes later."""
    words, later = reading.words, is_beyond(reading, index)
    at = 0
    while at < len(words):
        step = 1
        for length in (LONGEST_LISTED, 2, 1):
            run = words[at : at + length]
            known = index.vocabularies.get(tuple(w.text.casefold() for w in run)) if words[at].text[:1].isalnum() else None
            if known is None or len(run) < length or not any(w.text[:1].isupper() or w.text[:1].isdigit() for w in run):
                continue
            held, places = known
            named = any(m.first <= at <= m.last for m in reading.entities)
            held = held and (named or not later)
            message = "" if held else f"stands nowhere in the evidence, which has {places}."
            yield _listed(run, held=held, message=message)
            step = length
            break
        at += step


def is_beyond(reading: Reading, index: Index) -> bool:
    """Tell whether a sentence speaks of what comes after the evidence."""
    low = f" {' '.join(w.text.casefold() for w in reading.words)} "
    return any(f" {phrase} " in low for phrase in index.evidence.lexicon.beyond)


def _listed(run: Sequence[Word], *, held: bool, message: str) -> Judged:
    quote = " ".join(w.text for w in run)
    verdict = Verdict.SUPPORTED if held else Verdict.NOT_FOUND
    return Judged(
        run[0].start, run[-1].end, quote, "name", verdict, "", message and f"'{quote}' {message}", "", nowhere=not held
    )
