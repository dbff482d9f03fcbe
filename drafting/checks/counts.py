"""A count and the words that say what it counts: the kind of record, its state, the part of a breakdown. Pure."""

import re
from functools import lru_cache

from drafting.checks.lexicon import COUNTED, DENIAL, GAP, KINDS, STATES, said_in, said_words
from drafting.checks.places import OF_ATTRIBUTE, Place, is_fact, is_valued
from drafting.evidence.kinds import LISTINGS
from drafting.model import EvidencePack

_DIRECT = re.compile(
    r"(?:^|\b)(?:in|of|over|for|to|on|at|with|against|and|was|were|is|by|shows?|had|have|has|gave)\b|[,;:.()]"
)


def mismatched_count(place: Place, pack: EvidencePack) -> str:
    """Compare a count with the words directly behind it, or before it where nothing but punctuation follows."""
    if not is_fact(place):
        return ""
    expected = _named_part(place, pack)
    said = place.left.strip(" ,:.") if expected and place.name not in expected else _other_part(place, pack)
    if said:
        return f"The words say '{said}', the reference is {place.span.ref}."
    fact, phrase = pack.facts[place.name], _phrase(place)
    if not fact.exact.isdigit() or fact.unit or is_valued(place.name):
        direct = _DIRECT.split(place.right)[0] if re.search(r"[a-z]", place.right) else phrase if ":" in place.left else ""
        named = place.name.endswith(".attribute") and re.search(r"\b(?:of|for)\s*$", place.left)
        rows = [] if named else said_in(COUNTED, direct)
        if not named and place.right.strip() == "of":
            return f"A count is wanted, the reference is {place.span.ref}."
        return (
            f"A count of '{said_words(direct, rows[-1].words)}' is wanted, the reference is {place.span.ref}."
            if rows
            else ""
        )
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


def _other_part(place: Place, pack: EvidencePack) -> str:
    """Return the part of a breakdown that the words directly behind a count name, where it is another of the same records."""
    behind = re.split(r"[,:;(.]|\band\b", place.right)[0].lower()
    found = _parts(pack)
    named = [words for words in found if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", behind)]
    if not named or any(place.name in found[words] for words in named):
        return ""
    kind = place.name.partition(".")[0]
    own = [row for row in said_in(COUNTED, behind) if row.fits.fullmatch(place.name)]
    of_kind = [words for words in named if any(name.startswith(f"{kind}.") for name in found[words])]
    return max(of_kind, key=len) if of_kind and not own else ""


def _kind_and_state(place: Place, phrase: str) -> str:
    """Hold what a count counts, and in which state, against the words; words that deny it contradict it."""
    kinds, states = said_in(KINDS, phrase), said_in(STATES, phrase)
    kinds = (
        tuple(row for row in kinds if row in said_in(KINDS, _DIRECT.split(phrase)[0])) or kinds
    )  # the nearest noun counts
    own = [row for row in (*kinds, *states) if row.fits.fullmatch(place.name)]
    clause = place.before + place.after
    stateful = [row for row in STATES if row.fits.fullmatch(place.name) and place.name not in ("capa.count", "oos.count")]
    part = OF_ATTRIBUTE.fullmatch(place.name) and re.match(
        r" (?:out )?of\b", place.right
    )  # of "3 of 69 batches" the noun says what the whole counts
    strange = [row for row in states if row not in own] if states else [row for row in kinds if not own and not part]
    whole = re.search(r"\bof(?: the| a total of)?\s*$", place.left) and any(
        row in own for row in kinds
    )  # "2 of 69 batches were rejected"
    if strange and not whole:
        return f"The words say '{said_words(phrase, strange[0].words)}', the reference is {place.span.ref}."
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
        behind = re.split(r"[,:(]", place.after.replace(GAP, " "))[0]
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
        if not labelled and not said_in(COUNTED, phrase):
            return ""
        return f"The words do not say '{words}', which {place.span.ref} counts."
    rest = phrase.lower().replace("_", " ").replace(words, "")
    strange = [row for row in said_in(STATES, phrase) if row.fits.pattern.startswith(place.name.split(".")[0])]
    denial = DENIAL.search(rest)
    if denial or strange:
        return f"The words say '{phrase.strip(' ,:.')}', the reference is {place.span.ref}."
    return ""


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
