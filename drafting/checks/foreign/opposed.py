"""Find a name that is set against itself: "the Reds went down against the Reds". The words for it are the field's. Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.verdicts import Judged, Verdict

LONGEST = 4  # words that set one against another


def judge_opposed(reading: Reading, index: Index) -> Iterator[Judged]:
    """Report each name that its sentence sets against itself."""
    for mention in reading.entities:
        if against_itself(reading, mention, index):
            yield set_against_itself(reading, mention, index)


def set_against_itself(reading: Reading, mention: Mention, index: Index) -> Judged:
    """Return the verdict on a name that its sentence sets against itself."""
    words = reading.words[mention.first : mention.last + 1]
    quote = " ".join(w.text for w in words)
    entity = index.evidence.entities.get(mention.what[0])
    other = rival(entity, index) if entity else None
    message = f"'{quote}' is set against itself{f': the other side is {other.key}' if other else ''}."
    return Judged(words[0].start, words[-1].end, quote, "name", Verdict.CONTRADICTED, mention.what[0][1], message, "")


def against_itself(reading: Reading, mention: Mention, index: Index) -> bool:
    """Tell whether a name stands behind words that set it against what the sentence spoke of, which is only itself."""
    if len(mention.what) != 1:
        return False
    noun = mention.what[0][0]
    before = {key for m in reading.entities if m.last < mention.first for key in m.what if key[0] == noun}
    return before == {mention.what[0]} and _set_against(reading, mention, index)


def _set_against(reading: Reading, mention: Mention, index: Index) -> bool:
    words = [w.text.casefold() for w in reading.words]
    first = next(  # the name may begin before: "the Leeds Reds" are one
        (m.first for m in reading.entities if m.last == mention.first - 1 and m.what == mention.what), mention.first
    )
    article = words[first - 1 : first] == ["the"]
    lead = f" {' '.join(words[max(0, first - article - LONGEST) : first - article])}"
    behind = words[mention.last + 1 : mention.last + 2]
    said = index.evidence.lexicon.opposed
    return behind not in (["'"], ["’"]) and any(lead.endswith(f" {w}") and not lead.endswith(f" the {w}") for w in said)


def rival(entity: Entity, index: Index) -> Entity | None:
    """Return the other of two: the only other entity of the same table."""
    tables = {t for t, _ in entity.rows}
    same = [
        e
        for e in index.evidence.entities.values()
        if e.noun == entity.noun and {t for t, _ in e.rows} & tables and e.key != entity.key
    ]
    return same[0] if len(same) == 1 else None
