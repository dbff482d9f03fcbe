"""Recompute an index of capability that a text states, by the statistics of the reports: Pp, Ppk, Cp and Cpk against limits of the evidence. Pure.

An index is contradicted only where one method is meant: limits of the evidence that are the same for all values, every value a number, normality not
rejected, and for Cp and Cpk an order of manufacture. Anything else is left open, with what the methods give, and an agreement under any of them stands.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from drafting.checks.foreign.conformity import Held, of_one_attribute
from drafting.checks.foreign.counting import scopes
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.values import equal
from drafting.checks.foreign.verdicts import Judged, Verdict

if TYPE_CHECKING:
    from drafting.checks.foreign.numbers import Text
    from drafting.statistics.basis import Interval

INDICES = {"ppk": "Ppk", "pp": "Pp", "cpk": "Cpk", "cp": "Cp"}
_WITHIN = frozenset(("cpk", "cp"))
_OPEN_LIMITS = "its limits are not in the evidence"


def judge_index(reading: Reading, at: int, said: Decimal, name: str, text: "Text") -> Judged:
    """Return the verdict on a number that words call an index of capability."""
    why = _OPEN_LIMITS
    for scope in scopes(reading, text):
        found = of_one_attribute(reading, scope, text.index)
        if found is None:
            continue
        attribute, held = found
        place = f"{attribute}, {len(held)} values, limits {_limits(held[0])}"
        computed, reason = _computed(held, name)
        agreed = next((method for method, value in computed.items() if equal(said, value)), "")
        if agreed:
            return _told(reading, at, Verdict.SUPPORTED, name, "", f"{computed[agreed]:.4f} {agreed} ({place})")
        if len(computed) == 1 and not reason:
            method, value = next(iter(computed.items()))
            message = f"is contradicted: {INDICES[name]} {method} is {value:.4f} ({place})."
            return _told(reading, at, Verdict.CONTRADICTED, name, message, f"{value:.4f} ({place})")
        shown = ", ".join(f"{value:.4f} {method}" for method, value in computed.items())
        why = f"{reason or 'more than one method may be meant'}{f'; it would be {shown}' if shown else ''} ({place})"
        break
    return _told(reading, at, Verdict.NOT_FOUND, name, f"is called {INDICES[name]}, which was not judged: {why}.", "")


def _computed(held: tuple[Held, ...], name: str) -> tuple[dict[str, Decimal], str]:
    """Return the index by each method that may be meant, and why none of them is sure ("" where one is)."""
    from drafting.statistics.basis import NotGiven  # noqa: PLC0415 - only where a text states an index
    from drafting.statistics.capability import capability, performance  # noqa: PLC0415 - as above
    from drafting.statistics.exact import summarise  # noqa: PLC0415 - as above

    if len({(one.low, one.high) for one in held}) > 1:
        return {}, "the limits differ over the values"
    if any(one.number.sign for one in held):
        return {}, "of some values only a bound is known"
    days = [one.day for one in held]
    in_order = all(days) and len(set(days)) > 1
    values = [one.number.value for one in sorted(held, key=lambda one: (one.day, one.batch))]
    low, high = held[0].low, held[0].high
    found = capability(values, low, high, signals=0)
    plain = performance(summarise(values), low, high)
    if plain is None:
        return {}, found.reason if isinstance(found, NotGiven) else "there is no index of these values"
    made: dict[str, Decimal] = {} if name != "ppk" else {"from the overall deviation": plain.ppk}
    reason = found.reason if isinstance(found, NotGiven) else ""
    if not isinstance(found, NotGiven):
        own: Interval | None = getattr(found, name)
        method = (
            "by percentiles"
            if found.percentiles
            else "from the moving range"
            if name in _WITHIN
            else "from the overall deviation"
        )
        made |= {method: own.value} if own is not None else {}
        if found.percentiles:
            reason = "normality is rejected, so that the method is open"
    if name == "cpk":  # often so called where it is the overall index
        made["from the overall deviation, which is Ppk"] = plain.ppk
        reason = reason or ("the order of manufacture is not in the evidence" if not in_order else "")
        if not reason and len(made) > 1 and "from the moving range" in made:
            made.pop("from the overall deviation, which is Ppk")
    elif name == "cp" and not in_order:
        reason = reason or "the order of manufacture is not in the evidence"
    return made, reason or ("" if made else "two limits are needed")


def _limits(held: Held) -> str:
    ends = [f"{sign} {value}" for sign, value in (("NLT", held.low), ("NMT", held.high)) if value is not None]
    return " and ".join(ends) or "none"


def _told(reading: Reading, at: int, verdict: Verdict, name: str, message: str, evidence: str) -> Judged:
    word = reading.words[at]
    said = f"'{word.text}' {message}" if message else ""
    return Judged(word.start, word.end, word.text, "number", verdict, INDICES[name], said, evidence)
