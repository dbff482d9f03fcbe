"""What a section says of many measured attributes in few sentences: which signal, moved, lie near a limit or have no valid index. Pure.

Every figure stands in the tables; a sentence names at most a few attributes, those that matter most first. Items of a list stand apart
by semicolons, each a clause of its own.
"""

from collections.abc import Iterator
from decimal import Decimal

from drafting.drafters.index_lines import index_lines
from drafting.drafters.said import MOST_NAMED, Said, listed_of, named
from drafting.drafters.wording import Line
from drafting.evidence.grouped import MOST_SAID
from drafting.model import EvidencePack, Fact

MOST_TOGETHER = 3  # attributes of one group of signals


def attribute_lines(pack: EvidencePack) -> Iterator[Line]:
    """Say what a reader must know of the attributes of a section; the rest stands in its tables."""
    name = next((f.removesuffix(".attributes") for f in pack.facts if f.endswith(".attributes")), "")
    if not name:
        if "census.made" in pack.facts and pack.facts["census.made"].exact == "0":
            yield f"{no_batches()}, so that nothing was measured.", ()
        return
    said = Said(pack, name)
    if said.has("attributes"):
        yield (
            f"{said.count('attributes', 'attribute was', 'attributes were')} measured; mean, standard deviation and range of each stand in the table.",
            (),
        )
    for part in (
        _outside,
        _left_out,
        _signals,
        _ranges,
        _frozen,
        _approved,
        _groups,
        _moved,
        _spread,
        _near,
        index_lines,
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


def _outside(said: Said) -> Iterator[Line]:
    if not said.has("results.n"):
        return
    judged = said.count("results.n", "result", "results")
    lead = f"Of {judged} held against the specification in force at manufacture, {{fact:{said.name}.results.outside}} lay outside it"
    found = said.most("outside")
    listed = listed_of(found, lambda a: f"{named(a)}: {{fact:{a}.outside}} of {{fact:{a}.judged}}")
    cites = tuple(f"record:{key}" for a in found[:MOST_NAMED] if (key := said.specification(a)))
    yield (f"{lead}; {listed}." if found else f"{lead}."), cites


def _left_out(said: Said) -> Iterator[Line]:
    """Name the attributes of which results stand in no figure: those without a number, then those of batches without a result."""
    censored = said.with_fact("censored")
    without = [] if said.lots else [a for a in said.with_fact("without_result") if f"{a}.attribute" in said.pack.facts]
    clauses = [_censored(said, a) for a in censored]
    clauses += [f"{named(a)}: {{fact:{a}.without_result}} of {{fact:census.made}} batches without a result" for a in without]
    if clauses:
        yield f"Left out of mean, deviation and index; {listed_of(clauses, str)}.", ()


def _censored(said: Said, attribute: str) -> str:
    words = (("censored_within", "within the limit"), ("censored_outside", "outside it"))
    told = ", ".join(f"{{fact:{attribute}.{stat}}} {word}" for stat, word in words if said.fact(attribute, stat))
    of_these = f", of these surely {told}" if told else ""
    return f"{named(attribute)}: {{fact:{attribute}.censored}} given as less or more than a number{of_these}"


def _signals(said: Said) -> Iterator[Line]:
    if not said.has("charted"):
        return
    lead = (
        f"Beyond control limits of the period's own values{said.patterns} {_lie(said, 'all.signals')}, of "
        f"{{fact:{said.name}.signalling}} of {{fact:{said.name}.charted}} attributes"
    )
    stat, n = ("lots.signals", "lots.count") if said.lots else ("signals", "n")
    found = said.most(stat)
    listed = listed_of(found, lambda a: f"{named(a)}: {{fact:{a}.{stat}}} of {{fact:{a}.{n}}}")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()


def _lie(said: Said, count: str) -> str:
    fact = said.pack.facts[f"{said.name}.{count}"]
    return f"{'lies' if fact.exact == '1' else 'lie'} {said.count(count, 'point', 'points')}"


def _ranges(said: Said) -> Iterator[Line]:
    if not said.has("ranges.signals"):
        return
    lead = (
        f"Moving ranges above the limit of the period's own values: {{fact:{said.name}.ranges.signals}}, of "
        f"{{fact:{said.name}.ranges.signalling}} of {{fact:{said.name}.charted}} attributes"
    )
    found = said.most("range_signals")
    listed = listed_of(found, lambda a: f"{named(a)}: {{fact:{a}.range_signals}}")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()


def _frozen(said: Said) -> Iterator[Line]:
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
        f"Beyond control limits frozen {frozen}{said.patterns} {_lie(said, 'frozen.signals')}, of "
        f"{{fact:{said.name}.frozen_signalling}} of {{fact:{said.name}.frozen}} attributes"
    )
    n = "lots.count" if said.lots else "n"
    found = said.most("baseline_signals")
    listed = listed_of(found, lambda a: f"{named(a)}: {{fact:{a}.baseline_signals}} of {{fact:{a}.{n}}}")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()


def _approved(said: Said) -> Iterator[Line]:
    """Say which limits are those of a baseline that a person approved, and whose records say something else since."""
    found = [a for a in said.attributes if said.fact(a, "baseline_approved")]
    if found:
        listed = listed_of(
            found,
            lambda a: (
                f"{named(a)}: approved on {{fact:{a}.baseline_approved}} from {{fact:{a}.baseline_n}} values of "
                f"{{fact:{a}.baseline_from}} to {{fact:{a}.baseline_to}}"
            ),
        )
        yield f"Limits of a baseline that a person approved; {listed}.", ()
    changed = said.most("baseline_changed")
    if changed:
        yield (
            f"Records of an approved baseline changed since, so that it waits to be approved anew; {listed_of(changed, named)}.",
            (),
        )


def _groups(said: Said) -> Iterator[Line]:
    found = [f for key, f in said.pack.facts.items() if key.startswith(f"{said.name}.group_")][:MOST_SAID]
    if not found:
        return
    lead = f"By the batches that they cover, points beyond the limits drawn fall into {said.count('groups', 'group', 'groups')}, each for a person to dispose of, the largest with the number of its points"
    tied = (
        said.count("groups_tied", "other group has", "other groups have")
        if f"{said.name}.groups_tied" in said.pack.facts
        else ""
    )
    as_many = f"; {tied} as many points as the last of these" if tied else ""
    yield f"{lead}; {'; '.join(map(_group, found))}{as_many}.", ()
    waiting = [f for key, f in said.pack.facts.items() if key.startswith(f"{said.name}.group_") and f.inputs.get("open")]
    if waiting and said.pack.facts[f"{said.name}.groups_open"].exact != "0":
        lead = f"Nobody has disposed of {{fact:{said.name}.groups_open}} of {{fact:{said.name}.groups}} groups of signals, which are open"
        rest = (
            ""
            if int(said.pack.facts[f"{said.name}.groups_open"].exact) == len(waiting[:MOST_SAID])
            else "; and others as in the table"
        )
        yield f"{lead}; {'; '.join(map(_where, waiting[:MOST_SAID]))}{rest}.", ()
    done = [f for key, f in said.pack.facts.items() if key.startswith(f"{said.name}.disposed_")][:MOST_SAID]
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
    return f"{' and '.join(map(named, names[:MOST_TOGETHER]))}{rest} {where}"


def _moved(said: Said) -> Iterator[Line]:
    if not said.has("compared"):
        return
    lead = (
        "Beside {fact:before.period_from} to {fact:before.period_to}, the means of "
        f"{{fact:{said.name}.shifted}} of {{fact:{said.name}.compared}} attributes moved beyond chance"
        + (
            ", at a level of {fact:before.level} for each by itself and as if neighbouring values were independent"
            if "before.level" in said.pack.facts
            else ""
        )
    )
    found = sorted(said.most("shifted"), key=lambda a: -_size(said, a))
    listed = listed_of(
        found,
        lambda a: (
            f"{named(a)} by {{fact:{a}.difference}} (interval {{fact:{a}.difference_low}} to {{fact:{a}.difference_high}})"
        ),
    )
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()
    small = said.most("within_practical")
    if small:
        listed = listed_of(small, lambda a: f"{named(a)} by {{fact:{a}.difference}} against {{fact:{a}.practical}}")
        yield (
            f"Of these, {{fact:{said.name}.shifted_within}} attributes moved by less than the difference that matters, set beforehand; {listed}.",
            (),
        )


def _spread(said: Said) -> Iterator[Line]:
    """Name the attributes whose spread changed beyond chance, also where the mean did not move."""
    if not said.has("spread"):
        return
    found = [
        a for a in said.attributes if said.value(a, "sd_ratio_low") > 1 or Decimal(0) < said.value(a, "sd_ratio_high") < 1
    ]
    found.sort(key=lambda a: -max(said.value(a, "sd_ratio"), 1 / said.value(a, "sd_ratio")))
    listed = listed_of(
        found,
        lambda a: (
            f"{named(a)}, a ratio of {{fact:{a}.sd_ratio}} (interval {{fact:{a}.sd_ratio_low}} to {{fact:{a}.sd_ratio_high}})"
        ),
    )
    yield (
        f"The spread of {said.count('spread', 'attribute', 'attributes')} changed beyond chance beside the same months, by the ratio of standard deviations; {listed}.",
        (),
    )


def _size(said: Said, attribute: str) -> Decimal:
    """Return the difference of means in standard deviations of the period."""
    sd = said.value(attribute, "sd")
    return abs(said.value(attribute, "difference")) / sd if sd else Decimal(0)


def _near(said: Said) -> Iterator[Line]:
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
        return f"{named(attribute)} with the {what} {{fact:{attribute}.{ends[attribute]}}} against {limit} {cell}"

    yield f"Nothing outside, and nearer to a limit than a standard deviation; {listed_of([a for a, _ in near], say)}.", ()


def _nearest(said: Said, attribute: str) -> str:
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


def _strata(said: Said) -> Iterator[Line]:
    if not said.has("stratified"):
        return
    lead = (
        f"By {{fact:{said.name}.factor}}, the means of {{fact:{said.name}.strata_differing}} of {{fact:{said.name}.stratified}} "
        "attributes with a limit differ between levels"
    )
    found = [a for a in said.attributes if said.fact(a, "strata_p") and said.value(a, "strata_p") < Decimal("0.05")]
    listed = listed_of(found, lambda a: f"{named(a)} (p {{fact:{a}.strata_p}})")
    yield (f"{lead}; {listed}." if found else f"{lead}."), ()
