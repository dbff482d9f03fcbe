"""A reference that is right by itself and wrong for its sentence: its entity, attribute and statistic against the words. Pure.

The sentence is read without what its references print. Words of the rules carry the references of the rules. Beside each other reference the
words name a statistic, a counted thing or a field; a batch named beside an extreme is the batch of that extreme; figures of one clause are of
the attribute that it names.
"""

import re
from collections.abc import Iterator

from drafting.checks.bound import misfits
from drafting.checks.entities import mismatched_entity, mismatched_limit
from drafting.checks.findings import at
from drafting.checks.lexicon import DENIAL, FIELDS, NO_ATTRIBUTE, PERIOD_END, PERIOD_ENDS, said_in, said_words
from drafting.checks.places import Place, is_fact, masked, places
from drafting.checks.rule_words import beside_the_rules, by_the_rules
from drafting.checks.spoken import form
from drafting.model import EvidencePack, Finding, Sentence
from drafting.render import ADDED, known

_DATED = re.compile(r".*_(?:at|on|due|date|from|until)|date|at|.*\.(?:period_)?(?:from|to)|.*_month")


def mismatched(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield a finding for each reference that the words of its sentence name as something else."""
    judged = beside_the_rules(sentence, masked(sentence), pack)
    if judged.whole:
        return
    strange = dict(judged.strange)
    for i, expected in strange.items():
        said = f"These words stand for {expected}, the reference is {sentence.spans[i].ref}."
        yield _mismatch(places(sentence)[i], said, sentence)
    for i in judged.unlisted:
        span, said = (
            sentence.spans[i],
            f"The evidence does not list {sentence.spans[i].ref} under these words; see whether it belongs there.",
        )
        yield at("numbers", said, sentence, span.start, span.end, evidence=span.ref, warns=True)
    told = {sentence.spans[i] for i in strange}
    told |= by_the_rules(sentence, masked(sentence), pack)
    for place, said, warns in (*((*one, False) for one in by_lexicon(sentence, pack)), *misfits(sentence, pack)):
        if place.span not in told:
            told.add(place.span)
            yield _mismatch(place, said, sentence, warns=warns)


def by_lexicon(sentence: Sentence, pack: EvidencePack) -> Iterator[tuple[Place, str]]:
    """Yield each record, cell or name that the words beside it name as something else, with what they say."""
    found = [p for p in places(sentence) if known(p.span.ref, pack) and not p.span.ref.startswith(ADDED)]
    for i, place in enumerate(found):
        if is_fact(place) and form(pack.facts[place.name]):
            continue
        beside = found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None
        said = _field(place, *beside) or mismatched_entity(place, found, pack) or mismatched_limit(place, found)
        if said:
            yield place, said


def _mismatch(place: Place, said: str, sentence: Sentence, *, warns: bool = False) -> Finding:
    return at(_rule(place), said, sentence, place.span.start, place.span.end, evidence=place.span.ref, warns=warns)


def _rule(place: Place) -> str:
    if place.span.ref.startswith("record:") or re.search(r"batch$|_id$", place.name):
        return "identifiers"
    return "dates" if _DATED.fullmatch(place.name) else "numbers"


def _field(place: Place, before: Place | None, after: Place | None) -> str:
    """Compare a cell, a record or a date with the words directly before it."""
    name = "batch" if place.span.ref.startswith("record:batch/") else place.name
    rows = said_in(FIELDS, place.before)
    if rows:
        said = max(rows, key=lambda row: len(said_words(place.before, row.words)))  # "calibration due" says more than "due"
        if not said.fits.fullmatch(name) and not said.fits.fullmatch(name.rpartition(".")[2]):
            return f"The words say '{said_words(place.before, said.words)}', the reference is {place.span.ref}."
    if place.name.endswith(".attribute") and NO_ATTRIBUTE.search(place.before):
        return f"A figure is wanted behind '{place.left.strip()}', the reference is {place.span.ref}."
    if PERIOD_END.fullmatch(place.left) and _ends_wrongly(place, before):
        return f"The words say '{place.left.strip()}', the reference is {place.span.ref}."
    if after and PERIOD_END.fullmatch(place.right) and _ends_wrongly(after, place):
        return f"The period that begins with {place.span.ref} does not end with {after.span.ref}."
    close = " ".join(place.left.split()[-8:])
    denial = (
        None
        if is_fact(place) or place.span.ref.startswith("record:") or place.name.endswith("_id")
        else DENIAL.search(close)
    )
    return f"'{denial[0]}' denies what {place.span.ref} states." if denial else ""


def _ends_wrongly(place: Place, before: Place | None) -> bool:
    """Tell whether "from X to Y" names another end than that of X, or no end at all."""
    if before is None or not re.search(r"\b(?:from|beside)\s*$", before.left, re.IGNORECASE):
        return False
    pairs = (("from", "to"), ("first", "last"), ("lower", "upper"), ("min", "max"), ("low", "high"))
    ends = {before.name.replace(start, end) for start, end in pairs} - {before.name}
    return place.name not in ends if ends else not PERIOD_ENDS.fullmatch(place.name)
