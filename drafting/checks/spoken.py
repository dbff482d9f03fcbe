"""A sentence read without what its references print: its figures, and what the mention of a feature costs each of them. Pure.

A mention costs a figure the more, the farther it stands, the more other figures and breaks lie between; a list of names before a list of
figures is read in order, the ends of a range and a part of a whole are known by their form.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from drafting.checks.called import labels_of, other_names, other_words, values_of
from drafting.checks.meanings import FEATURES, GAP, PLAIN
from drafting.checks.mentions import Mention, add_formed
from drafting.checks.places import Place, masked, places
from drafting.model import EvidencePack, Fact, Sentence
from drafting.render import known, split_ref

MISSING, UNSAID = 12.0, 6.0  # what it costs that a feature is not named; that words beside a figure say what it is not
_OTHER_FIGURE, _BREAK, _STRONG_BREAK, NOT_NEAREST, _FREE, _AFTER_WHOLE = 4.0, 2.5, 6.0, 4.0, 0.3, 8.0
_MOST_WORDS = 6
_BREAKS = re.compile(r",|:|\(|\band\b|\bbut\b")
STRONG = re.compile(r";|\.\s")
_LIST_LINK = re.compile(r"\s*(?:,|and|or|,\s*and)\s*")
_NOT = re.compile(r"\b(?:not|never)\s+(?:\w+\s+){0,2}$|n't\s+(?:\w+\s+)?$", re.IGNORECASE)
_SHORT = 3  # letters: "I" has no plural
_OF_WHOLE = re.compile(
    r"(?:\b(?:none|all|each|half|some|most|both|any|out|one)\s+|^|[;,.(]\s)of\s(?:the |a total of |its |these |those )?$",
    re.IGNORECASE,
)
WHOLES = frozenset(
    {"made", "judged", "compared", "charted", "tested", "started", "whole", "count_of", "result"}
)  # what is said of the whole, of which a part is told
_WORDS = re.compile(r"[a-z]{4,}")
_FORM = re.compile(r"[-<>≤≥ ]*\d[\d.,]*(?:[eE][-+]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2}.*)?")


def form(fact: Fact) -> str:
    """Return what two figures must share to stand for each other: their unit, or that both are dates; "" for what is no figure."""
    text = fact.printed
    if _DATE.fullmatch(text):
        return "date"
    if fact.id.endswith((".attribute", "_batch", ".product", ".condition", ".model", ".index", ".version")):
        return ""
    number = _FORM.match(text)
    return f"number {text[number.end() :].strip()}" if number else ""


class Spoken:
    """A sentence with its figures, and the mentions of features in it with what each costs a figure."""

    def __init__(self, sentence: Sentence, pack: EvidencePack) -> None:
        self.pack = pack
        self.text = masked(sentence)
        gaps = [m.start() for m in re.finditer(GAP, self.text)]
        whole = list(zip(places(sentence), gaps, strict=False))
        self.figures: list[tuple[Place, Fact, int]] = []
        self.records: list[str] = []
        self.named: list[tuple[str, int]] = []  # attributes that references name, and where
        for place, at in whole:
            kind, key, name = split_ref(place.span.ref)
            if kind == "record":
                self.records.append(key)
            if kind == "fact" and known(place.span.ref, pack):
                if key.endswith(".attribute"):
                    self.named.append((key.removesuffix(".attribute"), at))
                elif form(pack.facts[key]):
                    self.figures.append((place, pack.facts[key], at))
            elif kind == "cell" and key.startswith("specification/") and name.endswith("_limit"):
                self.named.append((key.rpartition("/")[2], at))
        self.at = [at for *_, at in self.figures]
        self.shapes = [form(fact) for _, fact, _ in self.figures]
        self._distances: dict[tuple[int, int, int, bool, bool], float] = {}
        self._costs: dict[tuple[int, str, bool], float] = {}
        self._owned: dict[tuple[int, int, int, bool], bool] = {}

    @cached_property
    def labels(self) -> list[tuple[str, int, int]]:
        """Return where attributes are named, by reference or by label; the longest label wins."""
        low, found = self.text.lower(), [(name, at, at + 1) for name, at in self.named]
        for label, name in (*labels_of(self.pack), *other_names(self.pack)):
            for match in re.finditer(rf"(?<![\w.]){re.escape(label)}(?!\w)", low) if label in low else ():
                if not any(s < match.end() and match.start() < e for _, s, e in found):
                    found.append((name, match.start(), match.end()))
        return found

    @cached_property
    def mentions(self) -> dict[str, list[Mention]]:
        """Return the mentions by feature; what stands within the label of an attribute names nothing else."""
        text = self.text
        own = {label for label, _ in labels_of(self.pack)}
        for _, start, end in self.labels:
            if end - start > 1 and text[start:end].lower() in own:  # "average" in another name for it may be the statistic
                text = text[:start] + "x" * (end - start) + text[end:]
        found: dict[str, list[Mention]] = {}
        for name, feature in FEATURES.items():
            every = []
            for match in feature.words.finditer(text):
                denied = (
                    feature.axis == "state" and _NOT.search(text[max(0, match.start() - 30) : match.start()]) is not None
                )
                start, end = match.span("at") if match.re.groups and match["at"] else match.span()
                every.append(Mention(name, start, end, denied))
            if every:
                found[name] = every
        add_formed(found, self.text, labelled=bool(self.labels))
        return found

    def distance(self, start: int, end: int, number: int, *, near: bool, whole: bool = False) -> float:
        """Return what a mention costs a figure; `whole` where it speaks of what a part is of."""
        key = (start, end, number, near, whole)
        if key not in self._distances:
            self._distances[key] = self._distance(start, end, number, near=near, whole=whole)
        return self._distances[key]

    def _distance(self, start: int, end: int, number: int, *, near: bool, whole: bool) -> float:
        at = self.at[number]
        if start <= at < end:
            return 0.0
        if start in self.at and end == start + 1:  # it is said of that figure itself
            return MISSING
        first, last = self._run(number)
        number = first if end <= self.at[first] else last if start > self.at[last] else number
        at = self.at[number]
        between = self.text[end:at] if end <= at else self.text[at + 1 : start]
        dated = self.shapes[number] == "date"
        others = [other for other, shape in zip(self.at, self.shapes, strict=True) if (shape == "date") is dated]
        crossed = sum(1 for other in others if (end <= other < at) or (at < other < start))
        crossed -= self._whole_between(number, start)
        if not near:
            return _FREE * crossed + 0.5 * len(STRONG.findall(between)) + 0.05 * min(_MOST_WORDS, len(between.split()))
        words = min(_MOST_WORDS, len(re.findall(r"\w+", between)))
        if (
            end <= at
            and re.search(r":\s*$", self.text[:at])
            and not STRONG.search(between)
            and not re.search(r"[()]", between)
        ):
            return 0.1 * words  # what stands before a colon is said of what follows it
        cost = (
            0.4 * words
            + _OTHER_FIGURE * max(0, crossed)
            + _BREAK * len(_BREAKS.findall(between))
            + _STRONG_BREAK * len(STRONG.findall(between))
        )
        if at < start and self.text[at - 1 : at] == "(" and ")" in between:
            cost += _STRONG_BREAK  # a figure in brackets is told of by the words before them
        return cost + (_AFTER_WHOLE if at < start and words and not whole and self._is_whole(number) else 0.0)

    def _run(self, number: int) -> tuple[int, int]:
        """Return the first and last figure of the list that a figure stands in: words before or behind a list are said of all of it."""
        for first, many in self.lists:
            if first <= number < first + many:
                return first, first + many - 1
        ranged = next((i for i in self.ranges if i <= number <= i + 1), None)
        if ranged is None:
            return number, number
        explained = "(" in self.text[self.at[ranged] : self.at[ranged + 1]]  # what follows is said of the end alone
        return ranged, number if explained else ranged + 1

    def _is_whole(self, number: int) -> bool:
        """Tell whether a figure is that of which a part is told: what follows is said of the part."""
        if _OF_WHOLE.search(self.text[: self.at[number]]):
            return True
        return number > 0 and self._whole_between(number - 1, self.at[number] + 1) == 1

    def _whole_between(self, number: int, until: int) -> int:
        if number + 1 >= len(self.at) or self.at[number + 1] >= until:
            return 0
        between = self.text[self.at[number] + 1 : self.at[number + 1]]
        return int(re.fullmatch(r" (?:out )?of (?:the |a total of |its |these |those )?", between) is not None)

    @cached_property
    def lists(self) -> list[tuple[int, int]]:
        """Return the runs of figures that are listed: (first, how many)."""
        runs, first = [], 0
        for i in range(1, len(self.at) + 1):
            joined = i < len(self.at) and _LIST_LINK.fullmatch(self.text[self.at[i - 1] + 1 : self.at[i]]) is not None
            if not joined:
                if i - first > 1:
                    runs.append((first, i - first))
                first = i
        return runs

    @cached_property
    def ranges(self) -> list[int]:
        """Return the figures that a range begins with."""
        return [
            i
            for i in range(len(self.at) - 1)
            if re.fullmatch(r"(?: \([^()]*\))? (?:to|until|through|–|-) ", self.text[self.at[i] + 1 : self.at[i + 1]])
        ]

    def aligned(self, every: Sequence[tuple[str, int, int]]) -> dict[tuple[int, str], float]:
        """Return what names listed before listed figures cost each of them: the first name is of the first figure."""
        costs: dict[tuple[int, str], float] = {}
        for first, many in self.lists:
            begins = self.at[first - 1] if first else 0
            listed = sorted((s, name) for name, s, e in every if begins <= s and e <= self.at[first])
            if len(listed) != many or len({name for _, name in listed}) != many:
                continue
            for i in range(many):
                for j, (_, name) in enumerate(listed):
                    costs[first + i, name] = 0.2 if i == j else MISSING
        return costs

    @cached_property
    def listed(self) -> dict[tuple[int, str], float]:
        """Return the costs of names in lists, of each kind of name by itself."""
        costs = self.aligned(self.labels)
        for axis in ("kind", "statistic", "state"):
            of_axis = [
                (m.feature, m.start, m.end) for name, ms in self.mentions.items() if FEATURES[name].axis == axis for m in ms
            ]
            costs |= self.aligned(_outermost(of_axis))
        return costs | self.aligned(self.values)

    @cached_property
    def values(self) -> list[tuple[str, int, int]]:
        """Return where the parts of breakdowns are named."""
        low = self.text.lower()
        every = [
            (f"value {words}", m.start(), m.end())
            for words in values_of(self.pack)
            if words in low
            for m in re.finditer(rf"(?<!\w){re.escape(words)}{'(?:e?s)?' if len(words) > _SHORT else ''}(?!\w)", low)
        ]
        every += [
            (f"value {words}", m.start(), m.end())
            for words, other in other_words(self.pack)
            if other in low
            for m in re.finditer(rf"(?<!\w){re.escape(other)}(?!\w)", low)
        ]
        return _outermost(every)

    def owns(self, number: int, start: int, end: int, *, whole: bool = False) -> bool:
        """Tell whether a mention stands nearest to a figure, or to the list that it is in; dates are a matter of their own."""
        key = (number, start, end, whole)
        if key not in self._owned:
            dated = self.shapes[number] == "date"
            of_kind = [i for i in range(len(self.at)) if (self.shapes[i] == "date") is dated]
            costs = {i: self.distance(start, end, i, near=True, whole=whole) for i in of_kind}
            self._owned[key] = costs[number] <= min(costs.values())
        return self._owned[key]

    @cached_property
    def every(self) -> list[tuple[str, int, int, bool]]:
        """Return all that is said: feature, place, and whether it is denied."""
        return [(m.feature, m.start, m.end, m.denied) for ms in self.mentions.values() for m in ms] + [
            (value, start, end, False) for value, start, end in self.values
        ]

    def doubts(self, number: int) -> bool:
        """Tell whether the clause of a figure holds words that may say something of it that no feature knows."""
        at = self.at[number]
        start = max([0, *(m.end() for m in STRONG.finditer(self.text[:at]))])
        end = at + (found.start() if (found := STRONG.search(self.text[at:])) else len(self.text))
        return any(start <= word < end for word in self._unknown)

    @cached_property
    def _unknown(self) -> tuple[int, ...]:
        text = list(self.text.lower())
        for start, end in [(s, e) for _, s, e in self.labels] + [(s, e) for _, s, e, _ in self.every]:
            text[start:end] = " " * (end - start)
        return tuple(m.start() for m in _WORDS.finditer("".join(text)) if m[0] not in PLAIN)

    @cached_property
    def local(self) -> list[tuple[str, int, int, bool]]:
        """Return what is said of the figure beside it: feature, place, and whether it is denied."""
        near = [
            m
            for name, ms in self.mentions.items()
            if FEATURES[name].near or name == "previous" or FEATURES[name].axis == "kind"
            for m in ms
        ]
        return [(m.feature, m.start, m.end, m.denied) for m in near] + [(v, s, e, False) for v, s, e in self.values]


def _outermost(every: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the names that lie within no other."""
    return [
        one for one in every if not any(o[1] <= one[1] and one[2] <= o[2] and o[2] - o[1] > one[2] - one[1] for o in every)
    ]
