"""A reference that is right by itself and wrong for its sentence: its entity, attribute and statistic against the words. Pure.

The sentence is read without what its references print. Beside each reference the words name a statistic, a counted thing or a field;
a batch named beside an extreme is the batch of that extreme; figures of one clause are of the attribute that it names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafting.checks.findings import at, record_of
from drafting.checks.lexicon import (
    COUNTED,
    DENIAL,
    FIELDS,
    GAP,
    KINDS,
    NO_ATTRIBUTE,
    PERIOD_END,
    PERIOD_ENDS,
    STATES,
    STATISTICS,
    VALUED,
    Words,
)
from drafting.evidence.kinds import LISTINGS
from drafting.model import EvidencePack, Fact, Finding, Sentence, Span
from drafting.render import ADDED, known, split_ref

_CLAUSE = re.compile(r";|\.\s")
_DIRECT = re.compile(
    r"(?:^|\b)(?:in|of|over|for|to|on|at|with|against|and|was|were|is|by|shows?|had|have|has|gave)\b|[,;:.()]"
)
_DATED = re.compile(r".*_(?:at|on|due|date|from|until)|date|at|.*\.(?:period_)?(?:from|to)|.*_month")
OF_ATTRIBUTE = re.compile(
    r"(?P<attribute>[a-z]\w*)\.(?:lots\.)?(?:n|outside|signals|attribute|mean|sd|rsd|median|min|max|c?pp?k?(?:_low|_high)?"
    r"|baseline_\w+|difference(?:_low|_high)?|normality_p|strata_p|lag_one)"
)
LEAD = 60  # letters of a sentence that say what its list is of
LEADS = (
    (r"control limits frozen", "baseline_signals"),
    (r"[Bb]eyond control limits", "signals"),
    (r"held against the specification|specification in force", "outside"),
)


@dataclass(frozen=True)
class Place:
    """A reference in its clause: the words before it and behind it, with a gap for each other reference."""

    span: Span
    name: str  # of a fact its id, of a cell its field, of a record its kind
    clause: int
    before: str
    after: str

    @property
    def left(self) -> str:
        """Return the words since the reference before."""
        return self.before.rpartition(GAP)[2]

    @property
    def right(self) -> str:
        """Return the words up to the next reference."""
        return self.after.partition(GAP)[0]


@lru_cache(maxsize=256)  # several checks ask
def places(sentence: Sentence) -> tuple[Place, ...]:
    """Return each reference that prints something, with the words around it."""
    text, masked, end = sentence.text, [], 0
    at_mask: list[int] = []
    for span in sentence.spans:
        masked.append(text[end : span.start])
        at_mask.append(sum(map(len, masked)))
        masked.append(GAP)
        end = span.end
    whole = "".join([*masked, text[end:]])
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(whole)), len(whole)]
    found = []
    for span, position in zip(sentence.spans, at_mask, strict=True):
        clause = sum(1 for cut in cuts if cut <= position) - 1
        before, after = whole[cuts[clause] : position], whole[position + 1 : cuts[clause + 1]]
        found.append(Place(span, _name(span.ref), clause, before, after))
    return tuple(found)


def _name(ref: str) -> str:
    kind, key, field = split_ref(ref)
    return field if kind == "cell" else key if kind == "fact" else key.partition("/")[0]


def mismatched(sentence: Sentence, pack: EvidencePack) -> Iterator[Finding]:
    """Yield a finding for each reference that the words of its sentence name as something else."""
    found = [p for p in places(sentence) if known(p.span.ref, pack) and not p.span.ref.startswith(ADDED)]
    for i, place in enumerate(found):
        said = (
            _statistic(place, pack)
            or _in_a_list(place, sentence.text)
            or _counted(place, pack)
            or _in_brackets(place, found[i - 1] if i else None)
            or _field(place, found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None)
            or _entity(place, found, pack)
            or _attribute(place, found, pack, sentence)
        )
        if said:
            span = place.span
            yield at(_rule(place), said, sentence, span.start, span.end, evidence=span.ref)


def _rule(place: Place) -> str:
    if place.span.ref.startswith("record:") or re.search(r"batch$|_id$", place.name):
        return "identifiers"
    return "dates" if _DATED.fullmatch(place.name) else "numbers"


def _is_fact(place: Place) -> bool:
    return place.span.ref.startswith("fact:")


def _statistic(place: Place, pack: EvidencePack) -> str:
    """Compare a statistic with the nearest word before it that names one."""
    stat = place.name.rpartition(".")[2]
    if not _is_fact(place) or not re.match(r"-?\d", pack.facts[place.name].exact):
        return ""
    named = nearest_statistic(place.before)
    if named is None:
        return ""
    end, nearest = named
    fits = nearest.fits.fullmatch(stat) is not None
    if VALUED.fullmatch(stat) and OF_ATTRIBUTE.fullmatch(place.name):
        fits = fits or place.before[end:].count(GAP) > 1
        return "" if fits else f"The words say '{_said(place.before, nearest.words)}', the reference is {place.span.ref}."
    if fits:
        return ""
    near = place.before[end:]
    direct = (
        (GAP not in near or re.fullmatch(rf"(?: of)? {GAP} (?:was|is|came to)\s*", near))
        and not _said_in(COUNTED, place.right)
        and place.right.strip() != "of"
    )
    return f"The words say '{_said(place.before, nearest.words)}', the reference is {place.span.ref}." if direct else ""


@lru_cache(maxsize=2048)  # without what references print, sentences of one kind read the same
def nearest_statistic(before: str) -> tuple[int, Words] | None:
    """Return where the last word that names a statistic ends, and its row."""
    named = [(m.end(), row) for row in STATISTICS for m in row.words.finditer(before)]
    return max(named, key=lambda found: found[0]) if named else None


@lru_cache(maxsize=8192)  # as above
def _said_in(table: tuple[Words, ...], text: str) -> tuple[Words, ...]:
    return tuple(row for row in table if row.words.search(text))


def _said(text: str, words: re.Pattern[str]) -> str:
    found = [m[0] for m in words.finditer(text)]
    return (found[-1] if found else text).split(GAP)[0].strip()


def _in_a_list(place: Place, text: str) -> str:
    """Compare "assay: 2 of 69" in a list with what its lead counts."""
    entry = re.fullmatch(rf"\s*{GAP}: (?P<part>{GAP} of )?", place.before)
    lead = next((stat for words, stat in LEADS if re.search(words, text[:LEAD])), "")
    if not entry or not lead or not _is_fact(place):
        return ""
    stat = place.name.rpartition(".")[2]
    fits = re.fullmatch(r"(?:\w+_)?n|lots", stat) if entry["part"] else stat in (lead, f"lot_{lead}")
    return "" if fits else f"The list counts {lead.replace('_', ' ')}, the reference is {place.span.ref}."


def _in_brackets(place: Place, before: Place | None) -> str:
    """Compare a figure in brackets behind an attribute with that attribute: "assay (0.28)"."""
    if before is None or not before.name.endswith(".attribute") or not re.fullmatch(r" \((?:p )?", place.left):
        return ""
    named = before.name.removesuffix("attribute")
    fits = place.name.startswith(named) and not place.name.endswith(("_low", "_high", ".n", "signals"))
    return "" if fits or not _is_fact(place) else f"The words speak of {before.span.ref}, the reference is {place.span.ref}."


def _counted(place: Place, pack: EvidencePack) -> str:
    """Compare a count with the words directly behind it, or before it where nothing but punctuation follows."""
    if not _is_fact(place):
        return ""
    expected = _named_part(place, pack)
    if expected and place.name not in expected:
        return f"The words say '{place.left.strip(' ,:.')}', the reference is {place.span.ref}."
    fact, phrase = pack.facts[place.name], _phrase(place)
    if not fact.exact.isdigit() or fact.unit or _is_valued(place.name):
        direct = _DIRECT.split(place.right)[0] if re.search(r"[a-z]", place.right) else phrase if ":" in place.left else ""
        named = place.name.endswith(".attribute") and re.search(r"\b(?:of|for)\s*$", place.left)
        rows = [] if named else _said_in(COUNTED, direct)
        if not named and place.right.strip() == "of":
            return f"A count is wanted, the reference is {place.span.ref}."
        return f"A count of '{_said(direct, rows[-1].words)}' is wanted, the reference is {place.span.ref}." if rows else ""
    part = re.fullmatch(r"(?P<kind>[a-z_]+)\.[a-z_]+\.(?P<value>.+)", place.name)
    if part and part["kind"] in LISTINGS:
        return _part(place, part["value"], phrase)
    return _kind_and_state(place, phrase)


def _named_part(place: Place, pack: EvidencePack) -> frozenset[str]:
    """Return the parts of breakdowns that the words directly before name, where none behind say more."""
    if re.search(r"[a-z]", re.split(r"[,:(]", place.right)[0], re.IGNORECASE):
        return frozenset()
    left = place.left.lower().rstrip(" :,(")
    named = [words for words in _parts(pack) if left.endswith(words) and not left.removesuffix(words)[-1:].isalnum()]
    return _parts(pack)[max(named, key=len)] if named else frozenset()


def _is_valued(name: str) -> bool:
    stat = name.rpartition(".")[2]
    return OF_ATTRIBUTE.fullmatch(name) is not None and (stat == "attribute" or VALUED.fullmatch(stat) is not None)


def _kind_and_state(place: Place, phrase: str) -> str:
    """Hold what a count counts, and in which state, against the words; words that deny it contradict it."""
    kinds, states = _said_in(KINDS, phrase), _said_in(STATES, phrase)
    kinds = (
        tuple(row for row in kinds if row in _said_in(KINDS, _DIRECT.split(phrase)[0])) or kinds
    )  # the nearest noun counts
    own = [row for row in (*kinds, *states) if row.fits.fullmatch(place.name)]
    clause = place.before + place.after
    stateful = [row for row in STATES if row.fits.fullmatch(place.name) and place.name not in ("capa.count", "oos.count")]
    strange = [row for row in states if row not in own] if states else [row for row in kinds if not own]
    whole = re.search(r"\bof(?: the| a total of)?\s*$", place.left) and any(
        row in own for row in kinds
    )  # "2 of 69 batches were rejected"
    if strange and not whole:
        return f"The words say '{_said(phrase, strange[0].words)}', the reference is {place.span.ref}."
    if stateful and not any(row.words.search(clause) for row in stateful) and (kinds or states):
        return f"The words do not say what {place.span.ref} counts."
    rest = phrase
    for row in own:
        rest = row.words.sub("", rest)
    further = re.split(r"[,:(]|\band\b", place.after)[0].removeprefix(phrase)
    denial = None if whole else DENIAL.search(rest + further)
    return f"'{denial[0]}' denies what {place.span.ref} counts." if own and denial else ""


def _phrase(place: Place) -> str:
    """Return the words that say what a count counts."""
    behind = re.split(r"[,:(]", place.right)[0]
    if behind.strip() in ("of", "of the", "out of"):
        behind = place.after.replace(GAP, " ")
    return behind if re.search(r"[a-z]", behind, re.IGNORECASE) else re.split(r"[,(]|\band\b", place.left)[-1]


def _part(place: Place, value: str, phrase: str) -> str:
    """Compare a part of a breakdown with the value that the words beside it name."""
    clause = (place.before + place.after).replace("_", " ").lower()
    words = (
        {"yes": place.name.split(".")[1], "no": f"not {place.name.split('.')[1]}"}.get(value, value)
        .replace("_", " ")
        .lower()
    )
    if not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", clause):
        labelled = phrase.strip(" ,:.") and phrase in place.left  # "major 6": the words directly before name the part
        if not labelled and not _said_in(COUNTED, phrase):
            return ""
        return f"The words do not say '{words}', which {place.span.ref} counts."
    rest = phrase.lower().replace("_", " ").replace(words, "")
    strange = [row for row in _said_in(STATES, phrase) if row.fits.pattern.startswith(place.name.split(".")[0])]
    denial = DENIAL.search(rest)
    if denial or strange:
        return f"The words say '{phrase.strip(' ,:.')}', the reference is {place.span.ref}."
    return ""


def _ends_wrongly(place: Place, before: Place | None) -> bool:
    """Tell whether "from X to Y" names another end than that of X, or no end at all."""
    if before is None or not re.search(r"\b(?:from|beside)\s*$", before.left, re.IGNORECASE):
        return False
    pairs = (("from", "to"), ("first", "last"), ("lower", "upper"), ("min", "max"), ("low", "high"))
    ends = {before.name.replace(start, end) for start, end in pairs} - {before.name}
    return place.name not in ends if ends else not PERIOD_ENDS.fullmatch(place.name)


@lru_cache(maxsize=256)
def _parts(pack: EvidencePack) -> dict[str, frozenset[str]]:
    """Return the parts of breakdowns by the words that name them: "not confirmed", "major"."""
    found: dict[str, frozenset[str]] = {}
    for name in pack.facts:
        kind, column, value = (*name.split(".", 2), "", "")[:3]
        if kind in LISTINGS and value:
            words = {"yes": column, "no": f"not {column}"}.get(value, value).replace("_", " ").lower()
            found[words] = found.get(words, frozenset()) | {name}
    return found


def _field(place: Place, before: Place | None, after: Place | None) -> str:
    """Compare a cell, a record or a date with the words directly before it."""
    name = "batch" if place.span.ref.startswith("record:batch/") else place.name
    rows = _said_in(FIELDS, place.before)
    if rows:
        said = max(rows, key=lambda row: len(_said(place.before, row.words)))  # "calibration due" says more than "due"
        if not said.fits.fullmatch(name) and not said.fits.fullmatch(name.rpartition(".")[2]):
            return f"The words say '{_said(place.before, said.words)}', the reference is {place.span.ref}."
    if place.name.endswith(".attribute") and NO_ATTRIBUTE.search(place.before):
        return f"A figure is wanted behind '{place.left.strip()}', the reference is {place.span.ref}."
    if PERIOD_END.fullmatch(place.left) and _ends_wrongly(place, before):
        return f"The words say '{place.left.strip()}', the reference is {place.span.ref}."
    if after and PERIOD_END.fullmatch(place.right) and _ends_wrongly(after, place):
        return f"The period that begins with {place.span.ref} does not end with {after.span.ref}."
    close = " ".join(place.left.split()[-8:])
    denial = None if _is_fact(place) else DENIAL.search(close)
    return f"'{denial[0]}' denies what {place.span.ref} states." if denial else ""


def _entity(place: Place, found: list[Place], pack: EvidencePack) -> str:
    """Compare the record of a cell with the record that the sentence speaks of, and the batch of an extreme or a result with its own."""
    position = found.index(place)
    key = record_of(place.span.ref)
    earlier = found[:position]
    if place.span.ref.startswith("cell:"):
        kind = key.partition("/")[0]
        spoken = [
            record_of(p.span.ref)
            for p in earlier
            if record_of(p.span.ref).startswith(f"{kind}/") and kind != "specification"
        ]
        return f"The sentence speaks of {spoken[-1]}, the reference is of {key}." if spoken and spoken[-1] != key else ""
    if place.span.ref.startswith("record:"):
        kind = key.partition("/")[0]
        told = [record_of(p.span.ref) for p in found[position + 1 :] if record_of(p.span.ref).startswith(f"{kind}/")]
        if told and told[0] != key and found[position + 1].span.ref.startswith("cell:"):
            return f"What follows is told of {told[0]}, the reference is {key}."
    if key.startswith("batch/"):
        return _batch_of(key, earlier[-1] if earlier else None, pack)
    fact = pack.facts[split_ref(place.span.ref)[1]] if _is_fact(place) else None
    batch = str(fact.inputs.get("batch", "")) if fact else ""
    named = [record_of(p.span.ref) for p in earlier if record_of(p.span.ref).startswith("batch/")]
    if batch and named and named[-1] != f"batch/{batch}":
        return f"The sentence speaks of {named[-1]}, the result is of batch {batch}."
    return ""


def _batch_of(key: str, before: Place | None, pack: EvidencePack) -> str:
    fact = pack.facts.get(before.name) if before and _is_fact(before) else None
    edge = {"min": "lowest_batch", "max": "highest_batch"}.get(before.name.rpartition(".")[2]) if before and fact else None
    if (
        fact is None
        or edge is None
        or edge not in fact.inputs
        or not re.search(r"\bbatch\s*$", before.right if before else "")
    ):
        return ""
    right = f"batch/{fact.inputs[edge]}"
    return "" if key == right else f"{fact.id} is of {right}, the reference is {key}."


def _attribute(place: Place, found: list[Place], pack: EvidencePack, sentence: Sentence) -> str:
    """Compare the attribute of a figure or limit with the one that the sentence names nearest."""
    own = _attribute_of(place)
    of_all = re.fullmatch(r"census\.made|(?:results|oos)\.judged", place.name) and re.search(
        r"\bover(?: the)?\s*$|^\s*of\s*$", place.left
    )
    if of_all or (re.fullmatch(r"oos\.recomputed|results\.outside", place.name) and place.right.strip() == "of"):
        beside = [p for p in found if p.clause == place.clause and OF_ATTRIBUTE.fullmatch(p.name)]
        return (
            f"The figure is of {_label(pack, _attribute_of(beside[0]))}, the reference is {place.span.ref}."
            if beside
            else ""
        )
    if not own or place.name.endswith(".attribute"):
        return ""
    position = found.index(place)
    named = [
        (abs(i - position), i > position, p.name.rpartition(".")[0])
        for i, p in enumerate(found)
        if p.name.endswith(".attribute")
    ]
    if named and own not in {attribute for *_, attribute in named}:
        return f"The sentence speaks of {_label(pack, min(named)[2])}, the reference is of {_label(pack, own)}."
    alone = [p.name for p in found if p.clause == place.clause and re.fullmatch(r"results\..+|oos\..+|census\.made", p.name)]
    if not named and alone and _is_fact(place) and _label(pack, own).lower() not in sentence.text.lower():
        return f"The sentence names no attribute, the reference is of {_label(pack, own)}."
    others = [_attribute_of(p) for p in found[:position] if p.clause == place.clause and _attribute_of(p)]
    if not named and others and own not in others:
        return f"The sentence speaks of {_label(pack, others[-1])}, the reference is of {_label(pack, own)}."
    return ""


def _attribute_of(place: Place) -> str:
    key = split_ref(place.span.ref)[1]
    if place.span.ref.startswith("cell:specification/") and re.fullmatch(r"(?:lower|upper)_limit", place.name):
        return key.rpartition("/")[2]
    if not _is_fact(place):
        return ""
    result = re.fullmatch(r"result\.(.+)\.[^.]+", place.name)
    match = OF_ATTRIBUTE.fullmatch(place.name)
    return result[1] if result else match["attribute"] if match else ""


def _label(pack: EvidencePack, attribute: str) -> str:
    fact: Fact | None = pack.facts.get(f"{attribute}.attribute")
    return fact.value if fact else attribute
