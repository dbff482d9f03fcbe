"""What a section says of many measured attributes in few sentences: which signal, moved, lie near a limit or have no valid index. Pure.

Every figure stands in the tables; a sentence names at most a few attributes, those that matter most first. Items of a list stand apart
by semicolons, each a clause of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from drafting.drafters.wording import Line, counted
from drafting.model import EvidencePack, Fact
from drafting.statistics.rules import RuleSet

MOST_NAMED = 6  # attributes in one sentence
MOST_GROUPS = 3
MOST_TOGETHER = 3  # attributes of one group of signals
UNSTABLE = "not valid while unstable"


def attribute_lines(pack: EvidencePack) -> Iterator[Line]:
    """Say what a reader must know of the attributes of a section; the rest stands in its tables."""
    name = next((f.removesuffix(".attributes") for f in pack.facts if f.endswith(".attributes")), "")
    if not name:
        if "census.made" in pack.facts and pack.facts["census.made"].exact == "0":
            yield f"{no_batches()}, so that nothing was measured.", ()
        return
    said = _Said(pack, name)
    yield (
        f"{said.count('attributes', 'attribute was', 'attributes were')} measured; mean, standard deviation and range of each stand in the table.",
        (),
    )
    for part in (
        _outside,
        _signals,
        _ranges,
        _frozen,
        _approved,
        _groups,
        _moved,
        _near,
        _readable,
        _unstable,
        _low,
        _shape,
        _without,
        _strata,
    ):
        yield from part(said)
    if said.has("contradictory"):
        names = said.count("contradictory", "attribute", "attributes")
        yield (
            f"The source contradicts itself on {names}; nothing is drafted from them, and notes name them with the number of batches.",
            (),
        )


def no_batches() -> str:
    """Return how a section says from its query that there was no batch."""
    return (
        "The query found {fact:census.made} batches of product {fact:report.product} started from {fact:report.period_from} "
        "to {fact:report.period_to}"
    )


class _Said:
    """The facts of a section by attribute, and the counts over all of them."""

    def __init__(self, pack: EvidencePack, name: str) -> None:
        contradicted = {note.split(":", 1)[0] for note in pack.notes}
        self.pack, self.name = pack, name
        named = [f.removesuffix(".mean") for f in pack.facts if f.endswith(".mean")]
        self.lots = any(f.endswith(".lots.signals") for f in pack.facts)
        self.attributes = [a for a in sorted(named) if f"{a}.attribute" in pack.facts and a not in contradicted]

    def has(self, count: str) -> bool:
        """Tell whether a count over all attributes is there and above zero."""
        fact = self.pack.facts.get(f"{self.name}.{count}")
        return fact is not None and fact.exact != "0"

    def count(self, name: str, one: str, many: str) -> str:
        """Return a count over all attributes with its noun."""
        return counted(self.pack, f"{self.name}.{name}", one, many)

    def fact(self, attribute: str, stat: str) -> Fact | None:
        """Return a fact of an attribute."""
        return self.pack.facts.get(f"{attribute}.{stat}")

    def value(self, attribute: str, stat: str) -> Decimal:
        """Return the exact figure, zero where there is none."""
        fact = self.fact(attribute, stat)
        try:
            return Decimal(fact.exact) if fact else Decimal(0)
        except InvalidOperation:
            return Decimal(0)

    def told(self, attribute: str) -> str:
        """Return how the index of an attribute may be read."""
        fact = self.fact(attribute, "index")
        return fact.value if fact else ""

    def headline(self, attribute: str) -> str:
        """Return the statistic that is the headline index of an attribute; "" where it has none."""
        if self.fact(attribute, "index") is None or self.told(attribute).startswith("no index"):
            return ""
        return "ppk_percentile" if self.fact(attribute, "ppk_percentile") else "ppk"

    @property
    def patterns(self) -> str:
        """Return how a count of points says that other rules than the first are in force."""
        rules = self.fact(self.name, "rules")
        return "" if rules is None or rules.exact == RuleSet.ONE else f", or in a pattern of {{fact:{rules.id}}},"

    def most(self, stat: str) -> list[str]:
        """Return the attributes of which a count is above zero, the largest first."""
        found = [a for a in self.attributes if self.value(a, stat) > 0]
        return sorted(found, key=lambda a: -self.value(a, stat))

    def specification(self, attribute: str) -> str:
        """Return the key of the specification of an attribute; "" where the section holds none."""
        return next(
            (k for k in sorted(self.pack.records) if k.startswith("specification/") and k.endswith(f"/{attribute}")), ""
        )


def _listed(found: Sequence[str], say: Callable[[str], str]) -> str:
    rest = "; and others as in the table" if len(found) > MOST_NAMED else ""
    return "; ".join(say(a) for a in found[:MOST_NAMED]) + rest


def _named(attribute: str) -> str:
    return f"{{fact:{attribute}.attribute}}"


def _outside(said: _Said) -> Iterator[Line]:
    if not said.has("results.n"):
        return
    judged = said.count("results.n", "result", "results")
    lead = f"Of {judged} held against the specification in force at manufacture, {{fact:{said.name}.results.outside}} lay outside it"
    found = said.most("outside")
    listed = _listed(found, lambda a: f"{_named(a)}: {{fact:{a}.outside}} of {{fact:{a}.n}}")
    cites = tuple(f"record:{key}" for a in found[:MOST_NAMED] if (key := said.specification(a)))
    yield (f"{lead}; {listed}." if found else f"{lead}."), cites


def _signals(said: _Said) -> Iterator[Line]:
    if not said.has("charted"):
        return
    lead = (
        f"Beyond control limits of the period's own values{said.patterns} lie {{fact:{said.name}.all.signals}} points, of "
        f"{{fact:{said.name}.signalling}} of {{fact:{said.name}.charted}} attributes"
    )
    stat, n = ("lots.signals", "lots.count") if said.lots else ("signals", "n")
    found = said.most(stat)
    listed = _listed(found, lambda a: f"{_named(a)}: {{fact:{a}.{stat}}} of {{fact:{a}.{n}}}")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()


def _ranges(said: _Said) -> Iterator[Line]:
    if not said.has("charted"):
        return
    lead = (
        f"Moving ranges above the limit of the period's own values: {{fact:{said.name}.ranges.signals}}, of "
        f"{{fact:{said.name}.ranges.signalling}} of {{fact:{said.name}.charted}} attributes"
    )
    found = said.most("range_signals")
    listed = _listed(found, lambda a: f"{_named(a)}: {{fact:{a}.range_signals}}")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()


def _frozen(said: _Said) -> Iterator[Line]:
    if not said.has("frozen"):
        if said.has("charted"):
            yield (
                "The period from {fact:before.period_from} to {fact:before.period_to} has too few values to freeze control limits on.",
                (),
            )
        return
    frozen = (
        "before the period"
        if said.has("approved")
        else "on the values from {fact:before.period_from} to {fact:before.period_to}"
    )
    lead = (
        f"Beyond control limits frozen {frozen}{said.patterns} lie {{fact:{said.name}.frozen.signals}} points, of "
        f"{{fact:{said.name}.frozen_signalling}} of {{fact:{said.name}.frozen}} attributes"
    )
    n = "lots.count" if said.lots else "n"
    found = said.most("baseline_signals")
    listed = _listed(found, lambda a: f"{_named(a)}: {{fact:{a}.baseline_signals}} of {{fact:{a}.{n}}}")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()


def _approved(said: _Said) -> Iterator[Line]:
    """Say which limits are those of a baseline that a person approved, and whose records say something else since."""
    found = [a for a in said.attributes if said.fact(a, "baseline_approved")]
    if found:
        listed = _listed(
            found,
            lambda a: (
                f"{_named(a)}: approved on {{fact:{a}.baseline_approved}} from {{fact:{a}.baseline_n}} values of "
                f"{{fact:{a}.baseline_from}} to {{fact:{a}.baseline_to}}"
            ),
        )
        yield f"Limits of a baseline that a person approved; {listed}.", ()
    changed = said.most("baseline_changed")
    if changed:
        yield (
            f"Records of an approved baseline changed since, so that it waits to be approved anew; {_listed(changed, _named)}.",
            (),
        )


def _groups(said: _Said) -> Iterator[Line]:
    found = [f for key, f in said.pack.facts.items() if key.startswith(f"{said.name}.group_")][:MOST_GROUPS]
    if not found:
        return
    lead = f"By the batches that they cover, points beyond the limits drawn fall into {said.count('groups', 'group', 'groups')}, each for a person to dispose of, the largest with the number of its points"
    yield f"{lead}; {'; '.join(map(_group, found))}.", ()
    done = [f for key, f in said.pack.facts.items() if key.startswith(f"{said.name}.disposed_")][:MOST_GROUPS]
    if done:
        lead = f"Persons disposed of {said.count('groups_disposed', 'group', 'groups')}, and {{fact:{said.name}.groups_open}} are open"
        cites = tuple(f"record:{key}" for f in done for key in list(f.inputs["records"]) if key in said.pack.records)
        yield f"{lead}; {'; '.join(map(_disposed, done))}.", cites


def _disposed(fact: Fact) -> str:
    refers = " and ".join("{record:" + key + "}" for key in list(fact.inputs["records"]))
    return f"{_where(fact)}: {{fact:{fact.id}}}{f', with {refers}' if refers else ''}"


def _group(fact: Fact) -> str:
    return f"{_where(fact)} ({{fact:{fact.id}}})"


def _where(fact: Fact) -> str:
    """Return the attributes and batches of a group of signals."""
    first, last, names = str(fact.inputs["first"]), str(fact.inputs["last"]), list(fact.inputs["attributes"])
    where = f"at batches {{record:batch/{first}}} to {{record:batch/{last}}}"
    if first == last:
        where = f"at batch {{record:batch/{first}}}"
    rest = " and others" if len(names) > MOST_TOGETHER else ""
    return f"{' and '.join(map(_named, names[:MOST_TOGETHER]))}{rest} {where}"


def _moved(said: _Said) -> Iterator[Line]:
    if not said.has("compared"):
        return
    lead = (
        "Beside {fact:before.period_from} to {fact:before.period_to}, the means of "
        f"{{fact:{said.name}.shifted}} of {{fact:{said.name}.compared}} attributes moved beyond chance"
        + (", at a level of {fact:before.level} for each by itself" if "before.level" in said.pack.facts else "")
    )
    found = sorted(said.most("shifted"), key=lambda a: -_size(said, a))
    listed = _listed(
        found,
        lambda a: (
            f"{_named(a)} by {{fact:{a}.difference}} (interval {{fact:{a}.difference_low}} to {{fact:{a}.difference_high}})"
        ),
    )
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()
    small = said.most("within_practical")
    if small:
        listed = _listed(small, lambda a: f"{_named(a)} by {{fact:{a}.difference}} against {{fact:{a}.practical}}")
        yield (
            f"Of these, {{fact:{said.name}.shifted_within}} attributes moved by less than the difference that matters, set beforehand; {listed}.",
            (),
        )


def _size(said: _Said, attribute: str) -> Decimal:
    """Return the difference of means in standard deviations of the period."""
    sd = said.value(attribute, "sd")
    return abs(said.value(attribute, "difference")) / sd if sd else Decimal(0)


def _near(said: _Said) -> Iterator[Line]:
    """Name the attributes with nothing outside whose extreme lies within a standard deviation of a limit."""
    near = [(a, end) for a in said.attributes if (end := _nearest(said, a))]
    if not near:
        return
    words = {
        "min": ("lowest result", "not less than", "lower_limit"),
        "max": ("highest result", "not more than", "upper_limit"),
    }
    ends = dict(near)

    def say(attribute: str) -> str:
        what, limit, field = words[ends[attribute]]
        cell = "{cell:" + said.specification(attribute) + "#" + field + "}"
        return f"{_named(attribute)} with the {what} {{fact:{attribute}.{ends[attribute]}}} against {limit} {cell}"

    yield f"Nothing outside, and nearer to a limit than a standard deviation; {_listed([a for a, _ in near], say)}.", ()


def _nearest(said: _Said, attribute: str) -> str:
    key, sd = said.specification(attribute), said.value(attribute, "sd")
    if not key or not sd or said.value(attribute, "outside"):
        return ""
    fields = said.pack.records[key].fields
    distances = []
    for end, field, sign in (("min", "lower_limit", 1), ("max", "upper_limit", -1)):
        if fields.get(field):
            distances.append((sign * (said.value(attribute, end) - Decimal(fields[field] or "0")), end))
    distance, end = min(distances, default=(sd, ""))
    return end if Decimal(0) <= distance < sd else ""


def _readable(said: _Said) -> Iterator[Line]:
    found = [a for a in said.attributes if said.headline(a) and UNSTABLE not in said.told(a)]
    if found:
        yield f"Indices that may be read; {_listed(found, lambda a: _index(said, a))}.", ()


def _index(said: _Said, attribute: str) -> str:
    stat = said.headline(attribute)
    cpk = f" and Cpk {{fact:{attribute}.cpk}}" if said.fact(attribute, "cpk") else ""
    indicative = ", indicative" if "indicative" in said.told(attribute) else ""
    interval = f"(interval {{fact:{attribute}.{stat}_low}} to {{fact:{attribute}.{stat}_high}})"
    return f"{_named(attribute)} with Ppk {{fact:{attribute}.{stat}}} {interval}{cpk}{indicative}"


def _unstable(said: _Said) -> Iterator[Line]:
    found = [a for a in said.attributes if UNSTABLE in said.told(a)]
    if found:
        yield (
            f"An index is not valid while unstable, and only shown in the table with that mark; {_listed(found, _named)}.",
            (),
        )


def _low(said: _Said) -> Iterator[Line]:
    """Name the attributes whose headline index is low, valid or not: a reader must not miss them."""
    found = [a for a in said.attributes if said.headline(a) and said.value(a, said.headline(a)) < _least(said)]
    found.sort(key=lambda a: said.value(a, said.headline(a)))

    def say(attribute: str) -> str:
        mark = ", not valid while unstable" if UNSTABLE in said.told(attribute) else ""
        return f"{_named(attribute)} with Ppk {{fact:{attribute}.{said.headline(attribute)}}}{mark}"

    if found:
        yield (
            f"Computed below {{fact:capability.least}}, the band of a process that is not capable; {_listed(found, say)}.",
            (),
        )


def _least(said: _Said) -> Decimal:
    fact = said.pack.facts.get("capability.least")
    return Decimal(fact.exact) if fact else Decimal(0)


def _shape(said: _Said) -> Iterator[Line]:
    """Say of which attributes the values are not normal, and of which neighbours are correlated."""
    skewed = [a for a in said.attributes if said.fact(a, "ppk_percentile")]
    if skewed:
        listed = _listed(skewed, lambda a: f"{_named(a)} (p {{fact:{a}.normality_p}})")
        yield f"Normality is rejected, so that Ppk rests on percentiles and Cpk is not given; {listed}.", ()
    found = [(a, fact) for a in said.attributes if (fact := said.fact(a, "lag_one")) and fact.inputs.get("exceeded")]
    related = [a for a, fact in sorted(found, key=lambda pair: -abs(Decimal(pair[1].exact)))]
    if related and said.has("correlated"):
        listed = _listed(related, lambda a: f"{_named(a)} ({{fact:{a}.lag_one}})")
        lead = f"Neighbouring values of {{fact:{said.name}.correlated}} of {{fact:{said.name}.correlation_tested}} attributes are correlated"
        yield f"{lead}, so that control limits and intervals do not hold as stated; {listed}.", ()


def _without(said: _Said) -> Iterator[Line]:
    found = [a for a in said.attributes if said.told(a).startswith("no index")]
    if found:
        yield f"An index is not given; {_listed(found, lambda a: f'{_named(a)} ({{fact:{a}.index}})')}.", ()


def _strata(said: _Said) -> Iterator[Line]:
    if not said.has("stratified"):
        return
    lead = (
        f"By {{fact:{said.name}.factor}}, the means of {{fact:{said.name}.strata_differing}} of {{fact:{said.name}.stratified}} "
        "attributes with a limit differ between levels"
    )
    found = [a for a in said.attributes if said.fact(a, "strata_p") and said.value(a, "strata_p") < Decimal("0.05")]
    listed = _listed(found, lambda a: f"{_named(a)} (p {{fact:{a}.strata_p}})")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()
