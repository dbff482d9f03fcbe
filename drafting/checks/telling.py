"""What the words of a sentence tell of a figure: all that it is, a part of it, or surely something else. Pure.

A sentence that names another figure surely contradicts its reference. One whose words are not all understood says no such thing: it only
leaves open what the figure is, and a reader is told to look.
"""

import re

from drafting.checks.called import attribute_in, is_one_of_several, labels_of, value_of
from drafting.checks.meanings import FEATURES, features_of
from drafting.checks.mentions import Mention
from drafting.checks.spoken import MISSING, WHOLES, Spoken
from drafting.model import Fact

THINGS = frozenset(
    {"attributes", "result", "lot", "comparison", "group"}
)  # that must be named: other counts of them stand beside
_LOOSE = frozenset(
    {"part", "whole", "count_of", "made", "batch", *THINGS}
)  # said by the form of the words, or of many figures
_IT = re.compile(
    r"\b(?:its?|they|their|this|these|that|those|here|the (?:attribute|parameter|test|chart|mean|average|process)(?! of))\b",
    re.IGNORECASE,
)
_ATTRIBUTIVE = re.compile(
    r" (?:(?!(?:of|in|from|for|to|on|at|by|with|per|and|or|were|was|are|is|had|have|has)\b)[a-z-]+ ){0,2}"
)
_IN_BRACKETS = re.compile(r"\([^()]*$")
_OF_THESE = re.compile(r" (?:out )?of (?:these|them|those|which)\b", re.IGNORECASE)  # what was told before is said of it
_NOUNS = frozenset({"total", "batch"})  # words of names that a sentence says of other things
_GENERAL = _NOUNS | {"mean", "average", "largest", "smallest", "lowest", "highest", "median"}  # words of many names


class Telling(Spoken):
    """The figures of a sentence, and what its words tell of each."""

    def is_sure(self, number: int, own: Fact, other: Fact) -> bool:
        """Tell whether words that clearly name another figure also deny that the own one is meant, and do not only leave it unnamed."""
        attribute, others = attribute_in(own, self.pack), attribute_in(other, self.pack)
        beyond = self.features(other) - self.features(own)
        if any(self.is_head(number, f) for f in beyond) or not self.is_of_named(own):
            return True
        if attribute and others != attribute:
            named = attribute in {name for name, *_ in self.labels}
            if not (named or self.is_partly_named(attribute)) or (others != "" and not self.doubts(number)):
                return True
        if any(self.listed.get((number, f), 0.0) >= MISSING for f in self.features(own)):
            return True  # of names listed before listed figures its own is another one's
        about, left_out, doubts = self.about(number, own), self.left_out(number, own), self.doubts(number)
        more = any(self.is_strong(f, own) and self.is_said_of(number, f, own) for f in beyond)
        if about and not left_out and not self.lacks(own):
            return more and not doubts and features_of(own.id)[0] <= self.features(other)
        if more:
            return not (about and doubts)
        return not (doubts or self.lacks(other) or about - self.features(other)) and left_out

    def is_of_named(self, fact: Fact) -> bool:
        """Tell whether the words name the one record that a figure is of, where it is of one."""
        return self.is_owner_named(fact) and self.record_cost(fact) == 0

    def about(self, number: int, own: Fact) -> frozenset[str]:
        """Return what a figure is, beside what it counts, that the words say of it."""
        told = {f for f in features_of(own.id)[0] if f in FEATURES and FEATURES[f].axis not in ("kind", "scope")}
        said = {f for f in told if any(self.is_told_of(number, m.feature, m.start, m.end) for m in self.said(f))}
        value = f"value {value_of(own.id)}"
        return frozenset(
            said | {v for v, start, end in self.values if v == value and self.is_told_of(number, v, start, end)}
        )

    def is_told_of(self, number: int, feature: str, start: int, end: int) -> bool:
        """Tell whether a mention is of a figure, and not of another one of the sentence."""
        near = feature not in FEATURES or FEATURES[feature].near
        return not near or (number, feature) in self.listed or self.owns(number, start, end, whole=feature in WHOLES)

    def said(self, feature: str) -> list[Mention]:
        """Return the mentions of a feature that are not denied."""
        return [m for m in self.mentions.get(feature, ()) if not m.denied]

    def left_out(self, number: int, fact: Fact) -> bool:
        """Tell whether the words leave out what a figure is, and not only what it counts; a scope that they name holds the rest."""
        every = frozenset(f for f in features_of(fact.id)[0] if f in FEATURES)
        needed = frozenset(f for f in every if not self.is_kind(f))
        if every and not needed and not any(self.is_said(f) for f in every):
            return True  # nothing names it but what it counts
        if any(FEATURES[f].axis == "scope" and self.is_said(f) for f in needed) or _OF_THESE.match(
            self.text, self.at[number] + 1
        ):
            return False
        value = value_of(fact.id)
        return bool(needed - _LOOSE - self.about(number, fact)) or (value != "" and not self.is_value_said(value))

    def is_head(self, number: int, feature: str) -> bool:
        """Tell whether a word that names what is counted stands right behind a figure: "4 groups"."""
        return self.is_kind(feature) and any(
            m.start > self.at[number] and _ATTRIBUTIVE.fullmatch(self.text[self.at[number] + 1 : m.start])
            for m in self.said(feature)
        )

    def is_strong(self, feature: str, own: Fact) -> bool:
        """Tell whether a feature sets two figures apart: what is counted does so only where the own kind is not named."""
        if feature in _LOOSE:
            return False
        if feature.startswith("value "):
            return True
        if FEATURES[feature].axis != "kind":
            return self.is_in_words(feature)
        return not any(FEATURES[f].axis == "kind" and self.is_said(f) for f in features_of(own.id)[0] if f in FEATURES)

    def is_hinted(self, number: int, attribute: str, other: str) -> bool:
        """Tell whether words nearer to a figure than another attribute's name tell its own from that one: "and the lowest unit"."""
        if not attribute or attribute in {name for name, *_ in self.labels}:
            return False
        names = {name: set(re.findall(r"[a-z]{4,}", label)) for label, name in labels_of(self.pack)}
        own, others = names.get(attribute, set()), names.get(other, set())
        if not (own & others) - _GENERAL:
            return False
        at = self.at[number]
        far = min(abs(start - at) for name, start, _ in self.labels if name == other)
        hints = (m for word in own - others - _NOUNS for m in re.finditer(rf"\b{word}", self.text, re.IGNORECASE))
        return any(abs(m.start() - at) < far for m in hints)

    def is_of_nothing_named(self, number: int, fact: Fact) -> bool:
        """Tell whether a figure is of one of several attributes, and neither its name nor a word of it nor "it" stands in the sentence."""
        return self.is_of_unnamed(number, fact) and not _IT.search(self.text)

    def is_of_another(self, number: int, fact: Fact) -> bool:
        """Tell whether a figure is of one of several attributes, and the words name others alone."""
        return bool(self.labels) and self.is_of_unnamed(number, fact)

    def is_of_unnamed(self, number: int, fact: Fact) -> bool:
        """Tell whether a figure is of one of several attributes, of which no word stands in the sentence."""
        attribute, named = attribute_in(fact, self.pack), {name for name, *_ in self.labels}
        if not attribute or attribute in named or not is_one_of_several(fact, attribute, self.pack):
            return False
        return not self.is_partly_named(attribute) and not any(self.is_hinted(number, attribute, name) for name in named)

    def is_partly_named(self, attribute: str) -> bool:
        """Tell whether a word of an attribute's name stands in the sentence that is not one of many names."""
        label = next((label for label, name in labels_of(self.pack) if name == attribute), attribute)
        words = set(re.findall(r"[a-z]{4,}|\b[a-z]+\d+\b", label)) - _GENERAL
        beside = self.text
        for name, start, end in self.labels:
            if name != attribute:
                beside = beside[:start] + " " * (end - start) + beside[end:]
        return any(re.search(rf"\b{word}", beside, re.IGNORECASE) for word in words)

    def leaves_open(self, number: int, own: Fact) -> bool:
        """Tell whether the words name a part of what a figure is, and words that no feature knows may say the rest."""
        needed, _ = features_of(own.id)
        attribute = attribute_in(own, self.pack)
        partly = attribute in {name for name, *_ in self.labels} if attribute else any(self.is_said(f) for f in needed)
        return (partly or any(f.startswith("word ") for f in needed)) and self.doubts(number)

    def is_owner_named(self, fact: Fact) -> bool:
        """Tell whether the words name the one deviation that a figure is of, where it is of one."""
        owner = str(fact.inputs.get("deviation") or "")
        return not owner or f"deviation/{owner}" in self.records or owner in self.text

    def record_cost(self, fact: Fact) -> float:
        """Return what it costs that the words speak of another record of the kind than the figure."""
        own = [key for key in self.records if key.partition("/")[2] in fact.id.split(".")]
        kinds = [
            kind
            for kind, parts in (("change_control", "effect"), ("batch", "result recent"))
            if fact.id.count(".") > 1 and fact.id.partition(".")[0] in parts.split()
        ]
        return MISSING if not own and any(key.startswith(f"{kind}/") for kind in kinds for key in self.records) else 0.0

    def features(self, fact: Fact) -> frozenset[str]:
        """Return all that a figure is."""
        needed, may = features_of(fact.id)
        value = value_of(fact.id)
        return needed | may | ({f"value {value}"} if value else frozenset())

    def is_said(self, feature: str) -> bool:
        """Tell whether the words name a feature at all."""
        return bool(self.said(feature))

    def is_in_words(self, feature: str) -> bool:
        """Tell whether words name a feature, where it is a statistic: an end of a range in brackets may be the smallest, and need not."""
        found = self.said(feature)
        if FEATURES[feature].axis == "statistic":
            return any(m.end - m.start > 1 or not _IN_BRACKETS.search(self.text[: m.start]) for m in found)
        return bool(found)

    def is_value_said(self, value: str) -> bool:
        """Tell whether the words name a part of a breakdown."""
        return any(v == f"value {value}" for v, *_ in self.values)

    def is_said_of(self, number: int, feature: str, own: Fact) -> bool:
        """Tell whether the words beside a figure name a feature, and not by a word of the figure itself."""
        has, parts = self.features(own), frozenset(re.findall(r"[a-z]{4,}", own.id.lower()))
        for said, start, end, denied in self.every:
            if said != feature or denied or self.is_explained(start, end, has):
                continue
            words = re.findall(r"[a-z-]{4,}", self.text[start:end].lower())
            if words and all(any(word.startswith(part[:5]) for part in parts) for word in words):
                continue
            if self.is_told_of(number, feature, start, end):
                return True
        return False

    def lacks(self, fact: Fact) -> bool:
        """Tell whether the words leave out something that a figure is."""
        if not self.is_owner_named(fact):
            return True
        needed, _ = features_of(fact.id)
        value, attribute = value_of(fact.id), attribute_in(fact, self.pack)
        if attribute and attribute not in {name for name, *_ in self.labels}:
            return True
        return any(not self.is_in_words(f) for f in needed if not f.startswith("word ")) or (
            value != "" and not self.is_value_said(value)
        )

    def is_unnamed(self, fact: Fact) -> bool:
        """Tell whether the words leave open what a figure of an attribute is of, or in what state."""
        attribute = attribute_in(fact, self.pack)
        if attribute and attribute not in {name for name, *_ in self.labels}:
            return is_one_of_several(fact, attribute, self.pack)
        needed, _ = features_of(fact.id)
        return any(f in FEATURES and FEATURES[f].axis == "state" and not self.is_said(f) for f in needed)

    def is_explained(self, start: int, end: int, has: frozenset[str] | set[str]) -> bool:
        """Tell whether the same words name something that the figure is; a kind within longer words does not."""
        return any(
            f in has and not denied and s < end and start < e and not (self.is_kind(f) and e - s < end - start)
            for f, s, e, denied in self.local
        )

    def is_kind(self, feature: str) -> bool:
        """Tell whether a feature is what is counted."""
        return feature in FEATURES and FEATURES[feature].axis == "kind"
