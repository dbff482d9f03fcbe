"""What a section says of rates, of what changes did, of stability and of what is due. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from drafting.drafters.pull_lines import WORDS, failing, pull_lines
from drafting.drafters.wording import Line, counted
from drafting.model import EvidencePack

MOST_NAMED = 3  # attributes that one change moved
MOST_SERIES = 12  # of stability results, each a sentence
MOST_DUE = 10


def rated(pack: EvidencePack, name: str, denominator: str = "") -> Iterator[Line]:
    """Say a rate with its interval and its denominator; where nothing happened, what cannot be excluded."""
    over = denominator or "for {fact:census.made} batches made"
    if name in pack.facts and f"{name}_low" in pack.facts:
        interval = f"{{fact:{name}_level}} interval {{fact:{name}_low}} to {{fact:{name}_high}}"
        yield f"That is {{fact:{name}}} ({interval}), {over}.", ()
    elif f"{name}_high" in pack.facts:
        yield f"What the data do not exclude is a rate up to {{fact:{name}_high}}, {over}.", ()
    elif name in pack.facts:
        yield f"That is {{fact:{name}}}.", ()


def lots(pack: EvidencePack) -> Iterator[Line]:
    """Say how many lots received in the period were rejected, and of which suppliers, where lots are enough for a share."""
    if "lots.received" not in pack.facts:
        return
    received = counted(pack, "lots.received", "lot received in the period", "lots received in the period")
    yield f"Of {received}, {{fact:lots.rejected}} had the disposition rejected{_share(pack, 'lots')}.", ()
    suppliers = [
        key.removesuffix(".supplier") for key in pack.facts if key.startswith("lots.") and key.endswith(".supplier")
    ]
    if suppliers and pack.facts["lots.rejected"].exact != "0":
        listed = "; ".join(
            f"{{fact:{s}.supplier}}: {{fact:{s}.rejected}} of {{fact:{s}.received}} lots{_share(pack, s)}" for s in suppliers
        )
        yield f"Lots rejected of suppliers with lots enough for a share; {listed}.", ()
    in_use = {
        fact.inputs["lot"] for name, fact in pack.facts.items() if name.startswith("lots.used_")
    }  # told with their batches
    for key, record in pack.records.items():
        rejected = (record.fields.get("disposition") or "").lower().startswith("reject")
        if record.kind == "material_lot" and rejected and key not in in_use:
            of = f" of {{cell:{key}#supplier}}" if record.fields.get("supplier") else ""
            yield f"Lot {{record:{key}}} ({{cell:{key}#material}}{of}) was recorded as {{cell:{key}#disposition}}.", ()


def _share(pack: EvidencePack, name: str) -> str:
    if f"{name}.share" in pack.facts:
        return f", a share of {{fact:{name}.share}} (interval {{fact:{name}.share_low}} to {{fact:{name}.share_high}})"
    return (
        f", which does not exclude a share of up to {{fact:{name}.share_high}}" if f"{name}.share_high" in pack.facts else ""
    )


def over_time(pack: EvidencePack, kind: str) -> Iterator[Line]:
    """Say how many periods of a chart of counts signal."""
    if f"{kind}.chart.signals" in pack.facts:
        over = f"On the chart of the rate over {{fact:{kind}.periods}}"
        if pack.facts.get(f"{kind}.chart.rules") and f"{kind}.chart.withheld" not in pack.facts:
            points = counted(pack, f"{kind}.chart.signals", "point signals", "points signal")
            yield f"{over}, {points} by {{fact:{kind}.chart.rules}}.", ()
            return
        points = counted(pack, f"{kind}.chart.signals", "point lies", "points lie")
        why = (
            f"; other rules are not applied: {{fact:{kind}.chart.withheld}}"
            if f"{kind}.chart.withheld" in pack.facts
            else ""
        )
        yield f"{over}, {points} beyond the limits{why}.", ()


def closed(pack: EvidencePack, kind: str) -> Iterator[Line]:
    """Say how many records were closed after how many days, and how long the others have been open."""
    waited = f"what was open then had waited for up to {{fact:{kind}.open_longest}}"
    if f"{kind}.close.median" in pack.facts:
        were = "was" if pack.facts[f"{kind}.closed"].exact == "1" else "were"
        took = f"after a median of {{fact:{kind}.close.median}} and at most {{fact:{kind}.close.longest}}"
        rest = f"; {waited}" if f"{kind}.open_longest" in pack.facts else ""
        yield f"By the end of the period {{fact:{kind}.closed}} of {{fact:{kind}.count}} {were} closed, {took}{rest}.", ()
    elif f"{kind}.open_longest" in pack.facts:
        yield f"Up to the end of the period, {waited}.", ()


def effects(pack: EvidencePack) -> Iterator[Line]:
    """Say after which changes results differ from those before, by how much, and which changes are not compared."""
    if "effect.compared" not in pack.facts:
        return
    if pack.facts["effect.compared"].exact != "0":
        lead = "Results that have a limit or are named by a change were compared before and after the first batch of each change that can bear on them"
        differ = "{fact:effect.beyond} of {fact:effect.compared} comparisons differ beyond chance"
        yield (
            f"{lead}: {differ}, of as many about {{fact:effect.by_chance}} would where nothing had changed, and more where neighbouring values are correlated.",
            (),
        )
    by_change: dict[tuple[str, ...], list[str]] = {}
    for key, fact in pack.facts.items():
        if key.startswith("effect.") and key.endswith(".difference") and fact.inputs.get("beyond"):
            by_change.setdefault(tuple(fact.inputs["changes"]), []).append(key)
    for changes, every in sorted(by_change.items()):
        found = sorted(every, key=lambda key: (not pack.facts[key].inputs.get("naming"), -_clarity(pack, key), key))
        rest = "; and others as in the table" if len(found) > MOST_NAMED else ""
        moved = "; ".join(_moved(pack, key) for key in found[:MOST_NAMED])
        named = " and ".join(f"{{record:change_control/{change}}}" for change in changes)
        together = ", which began together," if len(changes) > 1 else ""
        within = dict.fromkeys(change for key in found for change in pack.facts[key].inputs["within"])
        others = " and ".join(f"{{record:change_control/{change}}}" for change in within)
        apart = f"; not told apart from {others}, begun within the same batches" if within else ""
        yield f"From the first batch of {named}{together} on, means differ; {moved}{rest}{apart}.", ()
    yield from _unmoved(pack)
    yield from _spread(pack)
    why = [fact for key, fact in pack.facts.items() if key.startswith("effect.why_")]
    if why:
        listed = "; ".join(f"{{record:change_control/{f.inputs['change']}}} ({{fact:{f.id}}})" for f in why)
        yield f"Results are not compared for these changes; {listed}.", ()


def _spread(pack: EvidencePack) -> Iterator[Line]:
    """Say after which changes the spread differs, whether or not the mean does."""
    by_change: dict[tuple[str, ...], list[str]] = {}
    for key, fact in sorted(pack.facts.items()):
        if key.startswith("effect.") and key.endswith(".sd_ratio") and fact.inputs.get("spread"):
            by_change.setdefault(tuple(fact.inputs["changes"]), []).append(key)
    for changes, found in sorted(by_change.items()):
        named = " and ".join(f"{{record:change_control/{change}}}" for change in changes)
        rest = "; and others as in the table" if len(found) > MOST_NAMED else ""
        told = "; ".join(
            f"{{fact:{pack.facts[key].inputs['attribute']}.attribute}}, a ratio of {{fact:{key}}} (interval {{fact:{key}_low}} to {{fact:{key}_high}})"
            for key in found[:MOST_NAMED]
        )
        yield f"From the first batch of {named} on, standard deviations differ; {told}{rest}.", ()


def _unmoved(pack: EvidencePack) -> Iterator[Line]:
    """Say of what a change itself names that it did not differ beyond chance."""
    for key, fact in sorted(pack.facts.items()):
        if (
            key.startswith("effect.")
            and key.endswith(".difference")
            and fact.inputs.get("naming")
            and not fact.inputs["beyond"]
        ):
            named = " and ".join(f"{{record:change_control/{change}}}" for change in fact.inputs["naming"])
            yield f"No difference beyond chance from the first batch of {named} on; {_moved(pack, key)}.", ()


def _clarity(pack: EvidencePack, key: str) -> Decimal:
    """Return how many widths of its interval a difference is."""
    width = Decimal(pack.facts[f"{key}_high"].exact) - Decimal(pack.facts[f"{key}_low"].exact)
    return abs(Decimal(pack.facts[key].exact)) / width if width else Decimal(0)


def _moved(pack: EvidencePack, key: str) -> str:
    attribute = pack.facts[key].inputs["attribute"]
    itself = ", which the change itself names," if pack.facts[key].inputs.get("naming") else ""
    return f"{{fact:{attribute}.attribute}}{itself} by {{fact:{key}}} (interval {{fact:{key}_low}} to {{fact:{key}_high}})"


def stability(pack: EvidencePack) -> Iterator[Line]:
    """Say where the bound of each attribute and condition meets its limit, what lay out of trend, and what was missed."""
    yield from failing(pack, named=True)
    series = [
        key.removesuffix(".attribute") for key in pack.facts if key.startswith("shelf_life.") and key.endswith(".attribute")
    ]
    for name in sorted(series, key=lambda n: int(n.rpartition(".")[2]))[:MOST_SERIES]:
        what = f"{{fact:{name}.attribute}} at {{fact:{name}.condition}}"
        if f"{name}.reason" in pack.facts:
            yield f"A regression of {what} is not given: {{fact:{name}.reason}}{_left_out(pack, name)}.", ()
        else:
            yield (
                f"For {what}, {_pooled(pack, name)}; {_bound(pack, name)}, with data up to {{fact:{name}.longest}}{_beyond(pack, name)}{_tighter(pack, name)}{_left_out(pack, name)}.",
                (),
            )
    if "pulls.missed" in pack.facts:
        pulls = counted(pack, "pulls.missed", "pull was recorded as missed", "pulls were recorded as missed")
        yield f"In the period {pulls}.", ()
    yield from pull_lines(pack)
    if "pulls.trend.n" in pack.facts and pack.facts["pulls.trend.n"].exact != "0":
        results = counted(pack, "pulls.trend.n", "result", "results")
        yield (
            f"Of {results} held against the line of their own batch, {{fact:pulls.trend.outside}} lay outside the interval that its earlier results let expect.",
            (),
        )


def _pooled(pack: EvidencePack, name: str) -> str:
    """Say what the tests of poolability leave, on which p values, and whose error the bound has."""
    error = f"with an error of {{fact:{name}.error_size}} ({{fact:{name}.error}}, {{fact:{name}.error_degrees}})"
    if f"{name}.slopes_p" not in pack.facts:
        return f"{counted(pack, f'{name}.results', 'result', 'results')} of {{fact:{name}.model}} give a line {error}"
    tested = f"slopes (p {{fact:{name}.slopes_p}})"
    if f"{name}.intercepts_p" in pack.facts:
        tested += f" and intercepts (p {{fact:{name}.intercepts_p}})"
    results = counted(pack, f"{name}.results", "result", "results")
    return f"the tests of {tested} of {results} at a level of {{fact:{name}.poolable}} leave {{fact:{name}.model}}, {error}"


def _bound(pack: EvidencePack, name: str) -> str:
    """Say where the confidence bound meets the limit, and of which batch."""
    held = pack.facts[f"{name}.attribute"].inputs
    if f"{name}.supported" not in pack.facts:
        return "the confidence bound does not meet the limit"
    met = f"meets the limit after {{fact:{name}.supported}}"
    if not held.get("governs"):
        return f"the confidence bound {met}"
    return f"batch {{cell:stability_result/{held['governs']}#batch}} governs, whose confidence bound {met}"


def _tighter(pack: EvidencePack, name: str) -> str:
    """Say what a tighter limit beside that of the shelf life would support, where that is less."""
    if f"{name}.tighter" not in pack.facts:
        return ""
    held = pack.facts[f"{name}.tighter"].inputs
    whose = "that the rows state" if held["own"] else "of the specification in force"
    cell = f"{{cell:{held['limit']}#{held['side']}}}"
    return f"; the tighter limit {whose}, {WORDS[str(held['side'])]} {cell}, it would meet after {{fact:{name}.tighter}}"


def _left_out(pack: EvidencePack, name: str) -> str:
    """Say how many results the line does not rest on, and why."""
    why = (
        ("censored", "given as less or more than a number"),
        ("seldom", "of a batch tested too seldom for a line of its own"),
    )
    told = [
        f"{counted(pack, f'{name}.{stat}', 'result', 'results')} {words}"
        for stat, words in why
        if f"{name}.{stat}" in pack.facts
    ]
    return f"; left out: {' and '.join(told)}" if told else ""


def _beyond(pack: EvidencePack, name: str) -> str:
    """Say how far beyond the data a shelf life may be extrapolated, where the bound meets the limit only there."""
    met, longest = pack.facts.get(f"{name}.supported"), pack.facts[f"{name}.longest"]
    if met is None or Decimal(met.exact) <= Decimal(longest.exact):
        return ""
    return f", beyond which an extrapolation, given supporting data, ends at {{fact:{name}.extrapolation_ends}} at most"


def overdue(pack: EvidencePack, kind: str) -> Iterator[Line]:
    """Say what had a date that passed by the end of the period, and name it."""
    if f"{kind}.overdue" not in pack.facts:
        return
    soon = f"dates due from then until {{fact:{kind}.soon_until}}: {{fact:{kind}.due_soon}}"
    yield f"Dates overdue at the end of the period: {{fact:{kind}.overdue}}; {soon}.", ()
    table = next((t for t in pack.tables if t.id == f"due.{kind}"), None)
    late = [ref for row, ref in zip(table.rows, table.refs, strict=True) if row[-1] == "overdue"] if table else []
    if late:
        listed = ", ".join(f"{{{ref}}}" for ref in dict.fromkeys(late[:MOST_DUE]))
        yield f"Overdue on {{fact:report.period_to}}: {listed}.", ()
