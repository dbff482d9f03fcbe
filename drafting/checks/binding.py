"""A reference that is right by itself and wrong for its sentence: its entity, attribute and statistic against the words. Pure.

The sentence is read without what its references print. Words of the rules carry the references of the rules. Beside each other reference the
words name a statistic, a counted thing or a field; a batch named beside an extreme is the batch of that extreme; figures of one clause are of
the attribute that it names.
"""

import re
from collections.abc import Iterator

from drafting.checks.counts import mismatched_count
from drafting.checks.entities import mismatched_attribute, mismatched_entity
from drafting.checks.findings import at
from drafting.checks.lexicon import (
    COUNTED,
    DENIAL,
    FIELDS,
    GAP,
    NO_ATTRIBUTE,
    PERIOD_END,
    PERIOD_ENDS,
    VALUED,
    nearest_statistic,
    said_in,
    said_words,
    unsaid_scope,
)
from drafting.checks.meant import unnamed
from drafting.checks.places import OF_ATTRIBUTE, Place, is_fact, masked, places
from drafting.checks.rule_words import beside_the_rules
from drafting.model import EvidencePack, Finding, Sentence
from drafting.render import ADDED, known

_DATED = re.compile(r".*_(?:at|on|due|date|from|until)|date|at|.*\.(?:period_)?(?:from|to)|.*_month")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
LEAD = 60  # letters of a sentence that say what its list is of
LEADS = (
    (r"control limits frozen", "baseline_signals"),
    (r"[Bb]eyond control limits", "signals"),
    (r"held against the specification|specification in force", "outside"),
)


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
    yield from (_mismatch(p, said, sentence) for p, said in by_lexicon(sentence, pack) if p.span not in told)


def by_lexicon(sentence: Sentence, pack: EvidencePack) -> Iterator[tuple[Place, str]]:
    """Yield each reference that the words beside it name as something else, with what they say."""
    found = [p for p in places(sentence) if known(p.span.ref, pack) and not p.span.ref.startswith(ADDED)]
    words = masked(sentence)
    for i, place in enumerate(found):
        said = (
            _statistic(place, pack)
            or _in_a_list(place, sentence.text)
            or mismatched_count(place, pack)
            or _in_brackets(place, found[i - 1] if i else None)
            or _field(place, found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None)
            or mismatched_entity(place, found, pack)
            or mismatched_attribute(place, found, pack, sentence)
            or _scope(place, words)
        )
        if said:
            yield place, said


def _mismatch(place: Place, said: str, sentence: Sentence) -> Finding:
    return at(_rule(place), said, sentence, place.span.start, place.span.end, evidence=place.span.ref)


def _rule(place: Place) -> str:
    if place.span.ref.startswith("record:") or re.search(r"batch$|_id$", place.name):
        return "identifiers"
    return "dates" if _DATED.fullmatch(place.name) else "numbers"


def _statistic(place: Place, pack: EvidencePack) -> str:
    """Compare a statistic with the nearest word before it that names one."""
    stat = place.name.rpartition(".")[2]
    if not is_fact(place) or not _FIGURE.fullmatch(pack.facts[place.name].exact):
        return ""
    before = unnamed(place.before, pack)
    named = nearest_statistic(before)
    if named is None:
        return ""
    end, nearest = named
    fits = nearest.fits.fullmatch(stat) is not None
    if VALUED.fullmatch(stat) and OF_ATTRIBUTE.fullmatch(place.name):
        fits = fits or before[end:].count(GAP) > 1
        return "" if fits else f"The words say '{said_words(before, nearest.words)}', the reference is {place.span.ref}."
    if fits:
        return ""
    near = before[end:]
    direct = (
        (GAP not in near or re.fullmatch(rf"(?: of)? {GAP} (?:was|is|came to)\s*", near))
        and not said_in(COUNTED, place.right)
        and place.right.strip() != "of"
    )
    return f"The words say '{said_words(before, nearest.words)}', the reference is {place.span.ref}." if direct else ""


def _scope(place: Place, words: str) -> str:
    unsaid = is_fact(place) and unsaid_scope(place.name, words)
    return f"The words do not say what {place.span.ref} is of." if unsaid else ""


def _in_a_list(place: Place, text: str) -> str:
    """Compare "assay: 2 of 69" in a list with what its lead counts."""
    entry = re.fullmatch(rf"\s*{GAP}: (?P<part>{GAP} of )?", place.before)
    lead = next((stat for words, stat in LEADS if re.search(words, text[:LEAD])), "")
    if not entry or not lead or not is_fact(place):
        return ""
    stat = place.name.rpartition(".")[2]
    of_all = re.fullmatch(r".+\.(?:(?:\w+_)?n|lots(?:\.count)?)", place.name)
    fits = of_all if entry["part"] else stat in (lead, f"lot_{lead}")
    return "" if fits else f"The list counts {lead.replace('_', ' ')}, the reference is {place.span.ref}."


def _in_brackets(place: Place, before: Place | None) -> str:
    """Compare a figure in brackets behind an attribute with that attribute: "assay (0.28)"."""
    if before is None or not before.name.endswith(".attribute") or not re.fullmatch(r" \((?:p )?", place.left):
        return ""
    named = before.name.removesuffix("attribute")
    fits = place.name.startswith(named) and not place.name.endswith(("_low", "_high", ".n", "signals"))
    return "" if fits or not is_fact(place) else f"The words speak of {before.span.ref}, the reference is {place.span.ref}."


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
    denial = None if is_fact(place) else DENIAL.search(close)
    return f"'{denial[0]}' denies what {place.span.ref} states." if denial else ""


def _ends_wrongly(place: Place, before: Place | None) -> bool:
    """Tell whether "from X to Y" names another end than that of X, or no end at all."""
    if before is None or not re.search(r"\b(?:from|beside)\s*$", before.left, re.IGNORECASE):
        return False
    pairs = (("from", "to"), ("first", "last"), ("lower", "upper"), ("min", "max"), ("low", "high"))
    ends = {before.name.replace(start, end) for start, end in pairs} - {before.name}
    return place.name not in ends if ends else not PERIOD_ENDS.fullmatch(place.name)
