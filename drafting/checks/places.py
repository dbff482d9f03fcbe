"""A sentence read without what its references print: each reference in its clause, with the words around it. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafting.checks.lexicon import GAP
from drafting.model import Sentence, Span
from drafting.render import split_ref

_CLAUSE = re.compile(r";|\.\s")
OF_ATTRIBUTE = re.compile(
    r"(?P<attribute>[a-z]\w*)\.(?:lots\.)?(?:n|outside|signals|attribute|mean|sd|rsd|median|min|max|c?pp?k?(?:_low|_high)?"
    r"|baseline_\w+|difference(?:_low|_high)?|normality_p|strata_p|lag_one)"
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


def masked(sentence: Sentence) -> str:
    """Return the text with a gap for what each reference prints."""
    text, kept, end = sentence.text, [], 0
    for span in sentence.spans:
        kept += [text[end : span.start], GAP]
        end = span.end
    return "".join([*kept, text[end:]])


@lru_cache(maxsize=256)  # several checks ask
def places(sentence: Sentence) -> tuple[Place, ...]:
    """Return each reference that prints something, with the words around it."""
    whole, at_mask = masked(sentence), []
    printed = 0  # letters that references printed before, less a gap for each
    for span in sentence.spans:
        at_mask.append(span.start - printed)
        printed += span.end - span.start - len(GAP)
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(whole)), len(whole)]
    found = []
    for span, position in zip(sentence.spans, at_mask, strict=True):
        clause = sum(1 for cut in cuts if cut <= position) - 1
        before, after = whole[cuts[clause] : position], whole[position + 1 : cuts[clause + 1]]
        found.append(Place(span, name_of(span.ref), clause, before, after))
    return tuple(found)


def name_of(ref: str) -> str:
    """Return what a reference is of: the id of a fact, the field of a cell, the kind of a record."""
    kind, key, field = split_ref(ref)
    return field if kind == "cell" else key if kind == "fact" else key.partition("/")[0]


def is_fact(place: Place) -> bool:
    """Tell whether a computed figure stands there."""
    return place.span.ref.startswith("fact:")


def attribute_of(place: Place) -> str:
    """Return the attribute of a figure, a result or a limit; "" where it is of none."""
    key = split_ref(place.span.ref)[1]
    if place.span.ref.startswith("cell:specification/") and re.fullmatch(r"(?:lower|upper)_limit", place.name):
        return key.rpartition("/")[2]
    if not is_fact(place):
        return ""
    result = re.fullmatch(r"result\.(.+)\.[^.]+", place.name)
    match = OF_ATTRIBUTE.fullmatch(place.name)
    return result[1] if result else match["attribute"] if match else ""
