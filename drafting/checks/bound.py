"""Whether the words of a sentence stand for the figure that a reference names, or fit another figure of the evidence better. Pure.

Each figure has features that words name (`meanings`). A mention of a feature costs a place the more, the farther it stands, the more other
figures and breaks lie between; a list of names before a list of figures is read in order. A figure passes where no other of the evidence that
prints alike fits the words of its place better, so that it is bound by what it is of and not by where it stands.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from drafting.checks.called import attribute_in, value_of
from drafting.checks.meanings import FEATURES, OPPOSITES, features_of
from drafting.checks.places import Place
from drafting.checks.spoken import MISSING, NOT_NEAREST, STRONG, UNSAID, WHOLES, form
from drafting.checks.telling import THINGS, Telling
from drafting.model import EvidencePack, Fact, Sentence

_MARGIN, _MARGIN_OF_SAID = 0.75, 1.25  # by which another figure must fit better; where the words say all that the own one is
_BEFORE, _BEHIND = 9.0, 10.5  # at most, of what is named at all
_ELSEWHERE = 3.5  # more than another figure: what names the own figure stands elsewhere
_NO_KIND, _OTHERS_CLAUSE = 5.0, 3.0
_BOUNDS = re.compile(r".*_(?:low|high)")
_STATISTIC_OF = re.compile(
    r"\b(?:means?|averages?|SD|RSD|median|minimum|maximum|[PC]pk?) of (?:the )?[a-z]{4,}", re.IGNORECASE
)
_VALUED = re.compile(r".+\.(?:mean|sd|rsd|median|min|max|[cp]pk?|longest)")  # no figure is two of them
_HEADS = frozenset({"ppk", "cpk", "difference", "rate", "ratio", "share"})


class Misfit(NamedTuple):
    """A figure that its words do not fit, with what they say; `warns` where they leave open what it is."""

    place: Place
    said: str
    warns: bool


def misfits(sentence: Sentence, pack: EvidencePack) -> Iterator[Misfit]:
    """Yield each figure whose words stand for another of the evidence, or do not say what it is."""
    said = _Judged(sentence, pack)
    for number, (place, fact, _) in enumerate(said.figures):
        found = said.judged(number)
        if found:
            yield found
        elif said.is_unnamed(fact):
            yield Misfit(
                place, f"The sentence does not say what {place.span.ref} is; see whether it is what you mean.", warns=True
            )


class _Judged(Telling):
    """The figures of a sentence held against the evidence."""

    def judged(self, number: int) -> Misfit | None:
        """Return why the words do not stand for a figure: they surely name another, or seem to."""
        place, fact, _ = self.figures[number]
        seeming = self.others(number)
        if said := self.denied(number, seeming):
            return Misfit(place, said, warns=False)
        if strange := self.foreign(number, fact):
            warns = self.doubts(number) and _VALUED.fullmatch(fact.id) is None
            return Misfit(place, f"The words say '{strange}', the reference is {place.span.ref}.", warns=warns)
        if self.is_of_nothing_named(number, fact):
            warns = not self.labels and self.doubts(number) and not _STATISTIC_OF.search(self.text)
            return Misfit(place, f"Nothing here names what {place.span.ref} is of.", warns=warns)
        if not seeming:
            return None
        said = f"These words may stand for {seeming[0].id}, the reference is {place.span.ref}; see which you mean."
        return Misfit(place, said, warns=True)

    def denied(self, number: int, seeming: list[Fact]) -> str:
        """Return how the words surely deny a figure; "" where they do not."""
        place, fact, _ = self.figures[number]
        twice = self.is_told_elsewhere(number)
        surely = [other for other in seeming if twice or self.is_sure(number, fact, other)]
        if surely:
            return f"These words stand for {surely[0].id} rather, the reference is {place.span.ref}."
        if self.is_of_another(number, fact):
            return f"The words name another attribute than {place.span.ref} is of."
        strange = self.strange(number, fact)
        return f"The words say '{strange}', the reference is {place.span.ref}." if strange else ""

    def others(self, number: int) -> list[Fact]:
        """Return the figures whose words stand there, the fitting ones first."""
        _, fact, _ = self.figures[number]
        most = self.cost(number, fact) - (_MARGIN if self.lacks(fact) else _MARGIN_OF_SAID)
        alike = [
            other
            for other in self.candidates
            if form(other) == self.shapes[number] and other.id != fact.id and other.printed != fact.printed
        ]
        found = [(cost, other) for other in alike if (cost := self.cost(number, other)) < most]
        return [
            other
            for cost, other in sorted(found, key=lambda one: one[0])
            if self.names(number, fact, other) and not self.stands_elsewhere(number, other, cost)
        ]

    def is_told_elsewhere(self, number: int) -> bool:
        """Tell whether another place prints the same figure, and its words fit that place better."""
        _, own, _ = self.figures[number]
        here = self.cost(number, own)
        return any(
            i != number and fact.id == own.id and here - self.cost(i, own) > _MARGIN_OF_SAID
            for i, (_, fact, _) in enumerate(self.figures)
        )

    def stands_elsewhere(self, number: int, other: Fact, cost: float) -> bool:
        """Tell whether another place of the sentence prints a figure, and its words fit that place as well: two that changed places do not."""
        return any(
            i != number and fact.id == other.id and self.cost(i, other) <= cost
            for i, (_, fact, _) in enumerate(self.figures)
        )

    def names(self, number: int, own: Fact, other: Fact) -> bool:
        """Tell whether the words clearly name the other figure: all that it is, and something that the own is not or lacks."""
        needed, may = features_of(other.id)
        value, attribute = value_of(other.id), attribute_in(other, self.pack)
        if (
            any(f.startswith("word ") for f in needed)
            or (value and not self.is_value_said(value))
            or not self.is_owner_named(other)
        ):
            return False
        kinds = frozenset(f for f in needed if FEATURES[f].axis == "kind" and f not in THINGS)
        telling = needed if needed == kinds and not value else needed - kinds
        if not all(self.is_said(f) for f in telling) or not (telling or value or (attribute and needed)):
            return False
        has = self.features(own)
        if attribute and attribute != attribute_in(own, self.pack):
            return not self.is_hinted(number, attribute_in(own, self.pack), attribute)
        told = {*needed, *may, *([f"value {value}"] if value else [])} - has
        if any(self.is_said_of(number, f, own) for f in told):
            return True
        return (
            not self.leaves_open(number, own)
            if self.lacks(own)
            else self.cost(number, own) - self.cost(number, other) > _ELSEWHERE
        )

    def strange(self, number: int, fact: Fact) -> str:
        """Return the words beside a figure that deny what it is."""
        needed, may = features_of(fact.id)
        states = [f for f in needed if f in FEATURES and FEATURES[f].axis == "state"]
        if any(self.mentions.get(f) and all(m.denied for m in self.mentions[f]) for f in states):
            return self.text.strip()[:40]
        opposite = self.opposite(number, fact)
        if opposite:
            return opposite
        for feature, start, end, denied in self.local:
            if (
                denied
                and feature in needed | may
                and (self.is_subject(number, start) or self.owns(number, start, end))
                and not self.is_explained(start, end, needed | may)
            ):
                return f"not {self.text[start:end]}"
        return ""

    def foreign(self, number: int, fact: Fact) -> str:
        """Return the words beside a figure that name another statistic, where they name its own nowhere."""
        needed, may = features_of(fact.id)
        own = [f for f in needed if f in FEATURES and FEATURES[f].axis == "statistic"]
        if not own or any(f in self.mentions for f in own):
            return ""
        for feature, start, end, _ in self.local:
            foreign = feature in FEATURES and FEATURES[feature].axis == "statistic" and feature not in needed | may
            near = foreign and self.owns(number, start, end) and self.distance(start, end, number, near=True) < UNSAID
            if near and not self.is_explained(start, end, needed | may):
                return self.text[start:end]
        return ""

    def opposite(self, number: int, fact: Fact) -> str:
        """Return the words beside a figure that name the opposite of a state or value that they do not name."""
        value = value_of(fact.id)
        unsaid = [f for f in features_of(fact.id)[0] if f in OPPOSITES and not self.is_said(f)]
        unsaid += [f"value {value}"] if f"value {value}" in OPPOSITES and not self.is_value_said(value) else []
        for match in (m for f in unsaid for m in OPPOSITES[f].finditer(self.text)):
            far = self.distance(*match.span(), number, near=True)
            if self.owns(number, *match.span()) and far < UNSAID:
                return match[0]
        return ""

    def is_subject(self, number: int, start: int) -> bool:
        """Tell whether a figure is the last one before a verb of its clause."""
        between = self.text[self.at[number] + 1 : start]
        return (
            self.at[number] < start
            and not re.search(r"[,;:(]|\.\s", between)
            and not any(self.at[number] < at < start for at in self.at)
        )

    @cached_property
    def candidates(self) -> list[Fact]:
        """Return the facts that the words may speak of: of the attributes that are named, or of none."""
        named = {name for name, *_ in self.labels}
        return [f for f in self.pack.facts.values() if form(f) and ((a := attribute_in(f, self.pack)) == "" or a in named)]

    def cost(self, number: int, fact: Fact) -> float:
        """Return how badly a figure fits the words of a place."""
        needed, may = features_of(fact.id)
        value = value_of(fact.id)
        bound = _BOUNDS.fullmatch(fact.id) is not None
        total = sum(
            self.head_cost(number, f)
            if bound and f in _HEADS
            else self.feature_cost(number, f, alone=len(needed) == 1 and not value)
            for f in needed
        )
        total += self.record_cost(fact) + (0.0 if self.is_owner_named(fact) else MISSING)
        if value:
            total += self.value_cost(number, value)
        attribute = attribute_in(fact, self.pack)
        if attribute:
            total += self.attribute_cost(number, attribute)
        elif self.shapes[number] != "date" and self.is_of_attribute(number):
            total += _OTHERS_CLAUSE
        return total + self.unsaid(number, needed | may | ({f"value {value}"} if value else set()))

    def feature_cost(self, number: int, feature: str, *, alone: bool) -> float:
        """Return what it costs that the words name a feature where they do."""
        key = (number, feature, alone)
        if key not in self._costs:
            self._costs[key] = self._feature_cost(number, feature, alone=alone)
        return self._costs[key]

    def _feature_cost(self, number: int, feature: str, *, alone: bool) -> float:
        if (number, feature) in self.listed:
            return self.listed[number, feature]
        found = FEATURES.get(feature)
        if feature.startswith("word "):
            word = re.search(rf"\b{re.escape(feature[5:][:6])}", self.text, re.IGNORECASE)
            return self.mention_cost(number, word.start(), word.end(), near=True) if word else MISSING
        near, whole = found is not None and found.near, feature in WHOLES
        every = [m for m in self.mentions.get(feature, ()) if not m.denied]
        costs = [
            min(
                _BEFORE if m.start < self.at[number] else _BEHIND,
                self.mention_cost(number, m.start, m.end, near=near, whole=whole),
            )
            for m in every
        ]
        return min(
            [
                _NO_KIND if found is not None and found.axis == "kind" and feature not in THINGS and not alone else MISSING,
                *costs,
            ]
        )

    def head_cost(self, number: int, feature: str) -> float:
        """Return what it costs an end of an interval that its statistic is not the last one named before it."""
        before = sorted((m.start, name) for name in _HEADS for m in self.mentions.get(name, ()) if m.start < self.at[number])
        names = list(dict.fromkeys(name for _, name in reversed(before)))
        return 2.0 * names.index(feature) if feature in names else MISSING

    def mention_cost(self, number: int, start: int, end: int, *, near: bool, whole: bool = False) -> float:
        """Return what one mention costs a figure."""
        cost = self.distance(start, end, number, near=near, whole=whole)
        return cost + NOT_NEAREST if near and not self.owns(number, start, end, whole=whole) else cost

    def value_cost(self, number: int, value: str) -> float:
        if (number, f"value {value}") in self.listed:
            return self.listed[number, f"value {value}"]
        costs = [self.mention_cost(number, s, e, near=True) for v, s, e in self.values if v == f"value {value}"]
        return min([MISSING, *costs])

    def labels_follow(self, number: int) -> bool:
        """Tell whether the figures of a clause stand before what they are of: "12 signals for A and 3 for B"."""
        start = max([0, *(m.end() for m in STRONG.finditer(self.text[: self.at[number]]))])
        first = min((s for _, s, _ in self.labels if s >= start), default=-1)
        return min(at for at in self.at if at >= start) < first

    def labelled_by(self, number: int) -> str | None:
        """Return the attribute in whose brackets a figure stands: "batch yield (2)"; None where it stands in none."""
        before = self.text[: self.at[number]]
        return next((name for name, _, end in self.labels if re.fullmatch(r"\s?\((?:\w{1,4} ?=? ?)?", before[end:])), None)

    def is_of_attribute(self, number: int) -> bool:
        """Tell whether the clause of a figure has named an attribute before it."""
        at = self.at[number]
        start = max([0, *(m.end() for m in STRONG.finditer(self.text[:at]))])
        return any(start <= s < at for _, s, _ in self.labels)

    def attribute_cost(self, number: int, attribute: str) -> float:
        if (number, attribute) in self.listed:
            return self.listed[number, attribute]
        at = self.at[number]
        if (beside := self.labelled_by(number)) is not None:
            return 0.0 if attribute == beside else MISSING
        follow = self.labels_follow(number)
        order = sorted((abs(s - at) + (25 if (s > at) is not follow else 0), name) for name, s, _ in self.labels)
        names = list(dict.fromkeys(name for _, name in order))
        return MISSING if attribute not in names else 3.0 * names.index(attribute)

    def unsaid(self, number: int, has: frozenset[str] | set[str]) -> float:
        """Return what it costs that words beside a place say something that the figure is not; the same words cost once."""
        costs: dict[int, float] = {}
        for feature, start, end, denied in self.local:
            if (not denied and feature in has) or not self._weight(feature, number, has):
                continue
            cost = 0.0
            if (number, feature) in self.listed:
                cost = UNSAID * (self.listed[number, feature] < 1)
            elif self.owns(number, start, end, whole=feature in WHOLES) and not self.is_explained(start, end, has):
                far = self.distance(start, end, number, near=True, whole=feature in WHOLES)
                cost = max(0.0, self._weight(feature, number, has) - far)
            costs[start] = max(cost, costs.get(start, 0.0))
        return sum(costs.values())

    def _weight(self, feature: str, number: int, has: frozenset[str] | set[str]) -> float:
        """Return what it costs at most that a figure is not what is said right beside it."""
        if feature.startswith("value "):
            return UNSAID
        axis = FEATURES[feature].axis
        if feature == "current":
            return UNSAID if "previous" in has else 0.0
        if axis == "date" or self.shapes[number] == "date":
            return (UNSAID if axis in ("date", "end", "scope") else UNSAID / 2 if axis == "state" else 0.0) * (
                self.shapes[number] == "date"
            )
        if axis == "scope":
            return 3.5 if "difference" not in has else 0.0
        return 3.0 if axis == "kind" and feature not in ("group", "attributes") else UNSAID
