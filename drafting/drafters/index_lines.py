"""What a section says of capability indices: which may be read, which are low or not given, and what shape of values they rest on. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from drafting.drafters.said import Said, listed_of, named
from drafting.drafters.wording import Line

UNSTABLE = "not valid while unstable"


def index_lines(said: Said) -> Iterator[Line]:
    """Say of the indices of a section what a reader must know."""
    for part in (_readable, _unstable, _low, _shape, _without):
        yield from part(said)


def _readable(said: Said) -> Iterator[Line]:
    found = [a for a in said.attributes if said.headline(a) and UNSTABLE not in said.told(a)]
    sound = [a for a in found if not said.fact(a, "tail_reached")]
    if sound:
        yield f"Indices that may be read; {listed_of(sound, lambda a: _index(said, a))}.", ()
    rough = [a for a in found if a not in sound]
    if rough:
        yield f"Indices that rest on extremes, and are rather too high; {listed_of(rough, lambda a: _index(said, a))}.", ()


def _index(said: Said, attribute: str) -> str:
    stat = said.headline(attribute)
    cpk = f" and Cpk {{fact:{attribute}.cpk}}" if said.fact(attribute, "cpk") else ""
    indicative = ", indicative" if "indicative" in said.told(attribute) else ""
    interval = f"(interval {{fact:{attribute}.{stat}_low}} to {{fact:{attribute}.{stat}_high}})"
    return f"{named(attribute)} with Ppk {{fact:{attribute}.{stat}}} {interval}{cpk}, {said.n(attribute)}{indicative}"


def _unstable(said: Said) -> Iterator[Line]:
    found = [a for a in said.attributes if UNSTABLE in said.told(a)]
    if found:
        yield (
            f"An index is not valid while unstable, and only shown in the table with that mark; {listed_of(found, named)}.",
            (),
        )


def _low(said: Said) -> Iterator[Line]:
    """Name the attributes whose headline index is low, valid or not: a reader must not miss them."""
    found = [a for a in said.attributes if said.headline(a) and said.value(a, said.headline(a)) < _least(said)]
    found.sort(key=lambda a: said.value(a, said.headline(a)))

    def say(attribute: str) -> str:
        mark = ", not valid while unstable" if UNSTABLE in said.told(attribute) else ""
        return f"{named(attribute)} with Ppk {{fact:{attribute}.{said.headline(attribute)}}} ({said.n(attribute)}{mark})"

    if found:
        yield (
            f"Computed below {{fact:capability.least}}, the band of a process that is not capable; {listed_of(found, say)}.",
            (),
        )


def _least(said: Said) -> Decimal:
    fact = said.pack.facts.get("capability.least")
    return Decimal(fact.exact) if fact else Decimal(0)


def _shape(said: Said) -> Iterator[Line]:
    """Say of which attributes the values are not normal, and of which neighbours are correlated."""
    skewed = [a for a in said.attributes if said.fact(a, "ppk_percentile")]
    if skewed:
        listed = listed_of(skewed, lambda a: f"{named(a)} ({said.n(a)}, p {{fact:{a}.normality_p}})")
        yield f"Normality is rejected, so that Ppk rests on percentiles and Cpk is not given; {listed}.", ()
        yield from _extremes(said, skewed)
    found = [(a, fact) for a in said.attributes if (fact := said.fact(a, "lag_one")) and fact.inputs.get("exceeded")]
    related = [a for a, fact in sorted(found, key=lambda pair: -abs(Decimal(pair[1].exact)))]
    if related and said.has("correlated"):
        listed = listed_of(related, lambda a: f"{named(a)} ({{fact:{a}.lag_one}})")
        lead = f"Neighbouring values of {{fact:{said.name}.correlated}} of {{fact:{said.name}.correlation_tested}} attributes are correlated"
        yield f"{lead}, so that control limits and intervals do not hold as stated; {listed}.", ()


def _extremes(said: Said, skewed: Sequence[str]) -> Iterator[Line]:
    """Say that percentiles of few values are their extremes, once for each number of values."""
    by_n = {fact.n: a for a in skewed if (fact := said.fact(a, "tail_reached"))}
    if by_n:
        reached = [f"with a chance of {{fact:{a}.tail_reached}} where {said.n(a)}" for a in by_n.values()]
        lead = "Their outer percentiles are the extremes of few values, so that Ppk is rather too high and its interval knows of nothing beyond them"
        yield f"{lead}; the smallest value lies as far out as the percentile that it stands for {', '.join(reached)}.", ()


def _without(said: Said) -> Iterator[Line]:
    found = [a for a in said.attributes if said.told(a).startswith("no index")]
    if found:
        yield f"An index is not given; {listed_of(found, lambda a: f'{named(a)} ({{fact:{a}.index_missing}})')}.", ()
