"""Judge figures whose name cannot be meant: one that its sentence sets against itself, or that is wrong there by itself. Pure.

Whose they are is open then, so that of two sides a figure is wrong only if it is neither's. Of the ways to read such a sentence the one with the fewest
mistakes is taken; between equals the later name is what is wrong.
"""

from collections.abc import Iterator, Sequence

from drafting.checks.foreign.index import Index
from drafting.checks.foreign.opposed import against_itself, rival, set_against_itself
from drafting.checks.foreign.reading import Mention, Reading
from drafting.checks.foreign.swaps import holds, mention_of, moved
from drafting.checks.foreign.tables import Entity
from drafting.checks.foreign.verdicts import Judged, Verdict

REACH = 3  # words before a name among which "while the" sets it against what was spoken of
_CONTRASTS = frozenset(("while", "whereas", "compared"))


def told_apart(found: Sequence[Judged], reading: Reading, index: Index) -> Iterator[Judged]:
    """Yield the verdicts of a sentence, with no number wrong that the other side has where its name cannot be meant."""
    wrong, twofold = list(_wrong(found, reading)), _twofold(found, reading, index)
    named = False
    for judged in found:
        owner = index.evidence.entities.get(judged.owner) if judged.owner else None
        other = rival(owner, index) if owner else None
        mention = mention_of(reading, judged) if judged.verdict is Verdict.CONTRADICTED and judged.cell else None
        whose_is_open = mention is not None and (mention in wrong or mention == twofold)
        if owner is not None and other is not None and whose_is_open and holds(other, judged, index):
            if twofold is not None and mention == twofold and mention not in wrong and not named:
                named = True
                yield set_against_itself(reading, twofold, index)
            yield moved(judged, owner, other, index)
        else:
            yield judged


def _wrong(found: Sequence[Judged], reading: Reading) -> Iterator[Mention]:
    """Yield the names that are wrong by themselves."""
    places = {(j.start, j.end) for j in found if j.kind == "name" and j.verdict is Verdict.CONTRADICTED}
    for mention in reading.entities:
        if (reading.words[mention.first].start, reading.words[mention.last].end) in places:
            yield mention


def _twofold(found: Sequence[Judged], reading: Reading, index: Index) -> Mention | None:
    """Return the one of two mentions of the same side that leaves the fewest figures wrong when it is the other's."""
    pair = _pair(reading, index)
    wrong = [(mention_of(reading, j), j) for j in found if j.verdict is Verdict.CONTRADICTED and j.cell]
    if pair is None or not wrong:
        return None
    other, mentions = pair

    def left(one: Mention) -> int:
        return sum(1 for mention, j in wrong if mention in mentions and not (mention == one and holds(other, j, index)))

    return min(reversed(mentions), key=left)


def _pair(reading: Reading, index: Index) -> tuple[Entity, list[Mention]] | None:
    """Return the side that is not named and the mentions of the one that is, where the last of them is set against the first."""
    for key in dict.fromkeys(key for m in reading.entities for key in m.what):
        mentions = [m for m in reading.entities if m.what == (key,)]
        entity = index.evidence.entities.get(key)
        other = rival(entity, index) if entity else None
        named = any(other is not None and (other.noun, other.key) in m.what for m in reading.entities)
        if other is not None and not named and len(mentions) > 1 and _against(reading, mentions[-1], index):
            return other, mentions
    return None


def _against(reading: Reading, mention: Mention, index: Index) -> bool:
    before = {w.text.casefold() for w in reading.words[max(0, mention.first - REACH) : mention.first]}
    return bool(before & _CONTRASTS) or against_itself(reading, mention, index)
