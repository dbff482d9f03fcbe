"""Which fact a figure without a reference speaks of, by the words of its sentence: statistic, attribute, counted thing. Pure.

Words say it or leave it open; where they leave several facts open, all are returned, and a figure is only said to be wrong where it is none of them.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from drafting.checks.atoms import Kind
from drafting.checks.lexicon import KINDS, STATES, STATISTICS, Words
from drafting.checks.quantities import quantities
from drafting.model import EvidencePack, Fact

STATISTIC_NAMES = ("mean", "sd", "rsd", "median", "min", "max", "ppk", "cpk", "pp", "cp")
_EXTREMES = {"max": r"\bat most\b|\bup to\b|\bnot more than\b", "min": r"\bat least\b|\bnot less than\b"}
_LIMIT = re.compile(r"\b(?:limits?|specification|criteri\w+|against)\b", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:rang(?:ed|es?|ing)|between)\b", re.IGNORECASE)
_PART = re.compile(r"\s*(?:out )?of (?:the|them|these|which|those)\b", re.IGNORECASE)
_NARROWS = re.compile(r"\b(?:of|from|with|for|in|on|by)\b(?! the (?:period|year))", re.IGNORECASE)
_COUNT = re.compile(r"[\d,]+|[A-Za-z-]+")  # "1.0 %" counts nothing
_BREAK = re.compile(r"\d|[;:,(]|\.\s|\band\b|\bof which\b")
_ATTRIBUTE_STATES = re.compile(r".+\.(?:n|signals|outside)")
_RANKED = re.compile(r"(.+_)\d+")  # "late.took_3" is the third of a ranking
FEW = 3  # letters: shorter words name no attribute


def facts_meant(text: str, start: int, end: int, pack: EvidencePack) -> tuple[Fact, ...]:
    """Return the facts that the figure `text[start:end]` may speak of; none where the words do not say."""
    before, after = text[:start], text[end:]
    if re.search(r"\bper\s*$", before):  # the unit of a rate
        return ()
    attributes = attributes_named(text, pack)
    statistic = _statistic(re.split(r";|\.\s", unnamed(before, pack))[-1])
    if attributes and statistic:
        return _known(pack, (f"{attribute}.{statistic}" for attribute in attributes))
    if _PART.match(after):  # a part, and the words say of what it is one, not which
        return ()
    if not _COUNT.fullmatch(text[start:end].strip()):
        return ()
    phrase = _BREAK.split(after)[0]
    every = _counted(_said(phrase) or _before(unnamed(before, pack)), attributes, pack)
    return _known(pack, [*every, *_parts(every, phrase, pack)])


def _said(phrase: str) -> list[Words]:
    """Return in which state what is counted is, or else what is counted."""
    return [row for row in STATES if row.words.search(phrase)] or [row for row in KINDS if row.words.search(phrase)]


def _before(before: str) -> list[Words]:
    """Return what the words before a figure say it counts: "Deviations not closed: 7"."""
    if not re.search(r":\s*$", before):
        return []
    return _said(re.split(r"[;,(]|\.\s", before)[-1])


def _counted(rows: list[Words], attributes: tuple[str, ...], pack: EvidencePack) -> list[str]:
    """Return the counts that all of the words fit, or else those that some fit; the census first."""
    fitting = [
        {name for name, fact in pack.facts.items() if row.fits.fullmatch(name) and _is_count(name, fact, attributes)}
        for row in rows
    ]
    every = set.intersection(*fitting) or set.union(*fitting) if fitting else set()
    return sorted(every, key=lambda name: (not name.startswith("census."), name))


def _parts(counts: list[str], phrase: str, pack: EvidencePack) -> list[str]:
    """Return the breakdowns of counts that may be meant: a part that the words name, or any where they narrow what is counted."""
    kinds = {name.partition(".")[0] for name in counts if name.endswith(".count")}
    broken = [name for name in pack.facts if name.count(".") > 1 and name.partition(".")[0] in kinds]
    if _NARROWS.search(phrase):
        return sorted(broken)
    return sorted(name for name in broken if _stands(name.rpartition(".")[2].replace("_", " ").lower(), phrase.lower()))


def _is_count(name: str, fact: Fact, attributes: tuple[str, ...]) -> bool:
    if not fact.exact.isdigit() or fact.unit:
        return False
    return not _ATTRIBUTE_STATES.fullmatch(name) or name.rpartition(".")[0] in attributes


def _known(pack: EvidencePack, names: Iterable[str]) -> tuple[Fact, ...]:
    return tuple(pack.facts[name] for name in names if name in pack.facts)


def _statistic(before: str) -> str:
    """Return the statistic that the nearest words before a figure name; "" where they speak of a limit, of another figure, or of none."""
    found = [(m.end(), _first(row)) for row in STATISTICS for m in row.words.finditer(before)]
    found += [(m.end(), stat) for stat, words in _EXTREMES.items() for m in re.finditer(words, before, re.IGNORECASE)]
    if not found or _LIMIT.search(before):
        return ""
    end, stat = max(found)
    if re.search(r"\d", before[end:]):  # the figure that the words name stands before this one
        return "max" if stat == "min" and _RANGE.search(before) and re.search(r"\b(?:to|and)\s*$", before) else ""
    return stat


def _first(row: Words) -> str:
    return next((name for name in STATISTIC_NAMES if row.fits.fullmatch(name)), "")


def unnamed(text: str, pack: EvidencePack) -> str:
    """Return a text of the same length without the names of attributes: "core weight (largest)" names no statistic."""
    low = text.lower()
    for label, _ in _labels(pack):
        place = low.find(label)
        if place >= 0:
            text = text[:place] + " " * len(label) + text[place + len(label) :]
    return text


def attributes_named(text: str, pack: EvidencePack) -> tuple[str, ...]:
    """Return the attributes that a text names: by source column or whole label, else by the first word of labels that has no other use."""
    low = text.lower()
    whole = [
        (label, attribute) for label, attribute in _labels(pack) if _stands(label, low) or _stands(attribute.lower(), low)
    ]
    if whole:
        longest = [label for label, _ in whole if not any(label != other and label in other for other, _ in whole)]
        return tuple(dict.fromkeys(attribute for label, attribute in whole if label in longest))
    return tuple(dict.fromkeys(a for label, a in _labels(pack) if (head := _head(label)) and _stands(head, low)))


def same_of_named(name: str, item: str, pack: EvidencePack) -> tuple[Fact, ...]:
    """Return the facts like `name` of what an item names: that statistic of its attributes, or the place of its records in that ranking."""
    ranked = _RANKED.fullmatch(name)
    if ranked is None:
        owner, _, statistic = name.rpartition(".")
        scope = owner[: owner.rfind(".") + 1]
        return _known(pack, (f"{scope}{attribute}.{statistic}" for attribute in attributes_named(item, pack)))
    every = [fact for other, fact in pack.facts.items() if (m := _RANKED.fullmatch(other)) and m[1] == ranked[1]]
    identifiers = {record.identifier for record in pack.records.values()}
    owners = {fact.id: {v for v in fact.inputs.values() if isinstance(v, str) and v in identifiers} for fact in every}
    return tuple(f for f in every if owners[f.id] and all(_stands(owner, item) for owner in owners[f.id]))


def _head(label: str) -> str:
    """Return a label without what it says in brackets."""
    head = label.partition(" (")[0]
    return head if head != label and len(head) > FEW else ""


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(words)}(?!\w)", text) is not None


@lru_cache(maxsize=64)
def _labels(pack: EvidencePack) -> tuple[tuple[str, str], ...]:
    return tuple((f.value.lower(), f.exact) for f in pack.facts.values() if f.id.endswith(".attribute"))


def name_of(fact: Fact, pack: EvidencePack) -> str:
    """Return what people call a figure: "dissolution (average): mean", "census made"."""
    owner, _, statistic = fact.id.rpartition(".")
    label = pack.facts.get(f"{owner}.attribute")
    return f"{label.value}: {statistic.replace('_', ' ')}" if label else fact.id.replace(".", " ").replace("_", " ")


def equals(text: str, fact: Fact) -> bool:
    """Tell whether a figure is what a fact says: as printed, or its exact value at the places that are written."""
    if text.strip() in (fact.value, fact.printed):
        return True
    found = [q for q in quantities(text) if q.kind in (Kind.NUMBER, Kind.WORD) and q.value is not None]
    try:
        exact = Decimal(fact.exact)
    except InvalidOperation:
        return False
    if len(found) != 1 or found[0].value is None:
        return False
    rounded = exact.quantize(Decimal(1).scaleb(-found[0].places), rounding=ROUND_HALF_UP)
    return Fraction(rounded) == found[0].value
