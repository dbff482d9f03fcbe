"""What a person declared or attached: it is named as such beside the sentence, and never takes the place of a figure that the evidence has. Pure.

The reviewer's decision on the sentence is the second person's confirmation, so the finding warns and stays.
"""

from collections.abc import Iterator

from drafting.checks.conclusions import spoken_of
from drafting.checks.findings import at
from drafting.checks.lexicon import nearest_statistic
from drafting.checks.places import Place, places
from drafting.model import Attached, Declared, EvidencePack, Fact, Finding, Sentence
from drafting.render import ADDED, held, known


def check(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield a finding for each place that stands on what a person added and no record holds."""
    for place in places(sentence):
        found = held(place.span.ref, pack) if place.span.ref.startswith(ADDED) and known(place.span.ref, pack) else None
        if not isinstance(found, Declared | Attached):
            continue
        shown = sentence.text[place.span.start : place.span.end]
        fact = _computed(place, sentence, pack)
        if fact is not None and shown not in (fact.value, fact.printed):
            message = f"'{shown}' stands where the evidence says '{fact.printed}': a declared value does not take the place of a computed one."
            yield at("declared", message, sentence, place.span.start, place.span.end, evidence=f"fact:{fact.id}")
        message = f"'{shown}' is not in the records: {told(found)}."
        yield at("declared", message, sentence, place.span.start, place.span.end, evidence=place.span.ref, warns=True)


def told(found: Declared | Attached) -> str:
    """Return who vouches for what was added, and from what source."""
    how = "declared" if isinstance(found, Declared) else f"from the attached file {found.name}, attached"
    return f"{how} by {found.by} ({found.source.told})"


def _computed(place: Place, sentence: Sentence, pack: EvidencePack) -> Fact | None:
    """Return the figure of the evidence that the words name: the statistic before the place, of the attribute that is spoken of."""
    named, attribute = nearest_statistic(place.before), spoken_of(sentence, pack)
    if named is None or not attribute:
        return None
    known_of = ((f.id.rpartition("."), f) for f in pack.facts.values())
    return next((f for (of, _, stat), f in known_of if of == attribute and named[1].fits.fullmatch(stat)), None)
