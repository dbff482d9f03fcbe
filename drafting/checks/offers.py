"""Which piece of the evidence a typed figure may be, by the words of its sentence: the record, attribute and unit that they name. Pure.

What is offered is ordered by how much of it the words name. A figure is tied without a person's pick only where one reference alone fits: the
identifier of one record, a cell of a record that the sentence names, or the fact that the words mean.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafting.checks.lexicon import FIELDS, said_in
from drafting.checks.meant import attributes_named, equals, facts_meant
from drafting.checks.tokens import Found, Token
from drafting.evidence.kinds import label
from drafting.model import Evidence, EvidencePack, Span
from drafting.render import ADDED, printed, split_ref

_WORD = re.compile(r"[^\W\d_]{4,}")
_BATCH = re.compile(r"\bbatch(?:es)?:?\s*$", re.IGNORECASE)
_NAMED, _MEANT, _FIELD, _UNIT, _ADDED = 4, 6, 2, 1, 3  # what each thing that the words name counts


def ranked(text: str, token: Found, refs: Sequence[str], pack: EvidencePack) -> list[str]:
    """Return references that print a token, those first of which the words name the most."""
    meant = {fact.id for fact in facts_meant(text, token.start, token.end, pack)}
    attributes = set(attributes_named(text, pack))
    return sorted(refs, key=lambda ref: -_score(ref, text, token, pack, meant, attributes))


def _score(ref: str, text: str, token: Found, pack: EvidencePack, meant: set[str], attributes: set[str]) -> int:
    kind, key, name = split_ref(ref)
    score = _UNIT * (placed(text, token, printed(ref, pack), ref) is not None)
    if ref.startswith(ADDED):
        return score + _ADDED
    words = set(_WORD.findall(text.lower()))
    if kind == "fact":
        own = {part for part in re.split(r"[._]", key.lower()) if part in words}
        return score + _MEANT * (key in meant) + _NAMED * (key.rpartition(".")[0] in attributes) + len(own)
    record = pack.records[key]
    score += _NAMED * (_is_named(record, text, token) or kind == "record")
    score += _NAMED * (record.fields.get("attribute") in attributes)
    score += _FIELD * any(row.fits.fullmatch(name or kind) for row in said_in(FIELDS, text[: token.start]))
    return score + len(words & set(_WORD.findall(f"{label(name)} {record.columns.get(name, '')}".lower())))


def _is_named(record: Evidence, text: str, token: Found) -> bool:
    """Tell whether a text names a record, or its batch, elsewhere than by the token itself."""
    rest = f"{text[: token.start]} {text[token.end :]}"
    names = filter(None, (record.identifier, record.fields.get("batch")))
    return any(re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", rest) for n in names)


def only(text: str, token: Found, pack: EvidencePack) -> Span | None:
    """Return the place of the one reference that a token can only be by its words; None where they leave it open."""
    possible = dict.fromkeys(_possible(text, token, pack))
    found = {ref: span for ref in possible if (span := placed(text, token, printed(ref, pack), ref))}
    things = {split_ref(ref)[1] for ref in found}  # cells of one record that print alike are one thing
    return found[ranked(text, token, list(found), pack)[0]] if len(things) == 1 else None


def _possible(text: str, token: Found, pack: EvidencePack) -> Iterator[str]:
    named = _by_identifier(pack)
    if token.text in named:
        yield from named[token.text] if token.kind is Token.IDENTIFIER and len(named[token.text]) == 1 else ()
        if token.kind is Token.IDENTIFIER and _BATCH.search(text[: token.start]):
            yield from (ref for ref in named[token.text] if ref.startswith("record:batch/"))
        return
    meant = [f"fact:{fact.id}" for fact in facts_meant(text, token.start, token.end, pack)]
    yield from meant or _of_unit(text, token, pack)
    for name in (name for name in named if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)):
        for key in (split_ref(ref)[1] for ref in named[name]):
            cells = (f"cell:{key}#{field}" for field, written in pack.records[key].fields.items() if written)
            yield from (ref for ref in cells if token.text in printed(ref, pack))


def _of_unit(text: str, token: Found, pack: EvidencePack) -> list[str]:
    """Return the facts that print a figure with its unit, where the words name what they are."""
    alike = [f"fact:{f.id}" for f in pack.facts.values() if unit_of(token.text) and f.printed == token.text]
    return [ref for ref in alike if _score(ref, text, token, pack, set(), set()) > _UNIT]


def instead(text: str, token: Found, pack: EvidencePack, *, offered: bool) -> str:
    """Return the fact of which the words speak and which says another figure; "" where they leave it open or it says the same.

    Where nothing of the evidence prints the figure (not `offered`), it is the one fact of its unit of which the words name the most.
    """
    meant = list(facts_meant(text, token.start, token.end, pack)) if token.kind is Token.NUMBER else []
    if not meant and not offered and unit_of(token.text):
        of_unit = [f for f in pack.facts.values() if unit_of(f.printed) == unit_of(token.text)]
        scores = {f.id: _score(f"fact:{f.id}", text, token, pack, set(), set(attributes_named(text, pack))) for f in of_unit}
        best = max(scores.values(), default=0)
        meant = [f for f in of_unit if scores[f.id] == best > 1]
    return f"fact:{meant[0].id}" if len(meant) == 1 and not equals(token.text, meant[0]) else ""


def unit_of(shown: str) -> str:
    """Return the unit of a figure as it is written; "" where it has none."""
    return shown.partition(" ")[2]


@lru_cache(maxsize=64)
def _by_identifier(pack: EvidencePack) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for record in pack.records.values():
        found[record.identifier] = (*found.get(record.identifier, ()), record.ref)
    return found


def placed(text: str, token: Found, shown: str, ref: str) -> Span | None:
    """Place a reference so that its printed text covers the token exactly as it stands in the text."""
    for start in range(max(0, token.end - len(shown)), token.start + 1):
        if text.startswith(shown, start) and start + len(shown) >= token.end:
            return Span(start, start + len(shown), ref)
    return None
