"""Read a number as a bound that results keep or break: "did not exceed 5", "at or below 2", "met the minimum of 75 %". Pure."""

from drafting.checks.foreign.attributes import relation_before
from drafting.checks.foreign.reading import Reading

WITHIN = frozenset((
    "within", "inside", "met", "meet", "meets", "complied", "complies", "comply", "conformed", "conforms", "fulfilled", "satisfied",
))  # fmt: skip
OUTSIDE = frozenset(("outside", "out", "exceeded", "failed", "fails", "exceeds", "violated", "violates", "beyond"))
_EXCEEDS = frozenset(("exceed", "exceeds", "exceeded", "exceeding"))
_DENIALS = frozenset(("not", "never", "no", "none"))
_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_ENDS = {"minimum": ">=", "maximum": "<="}
_KEPT = frozenset(("met", "meet", "meets", "kept", "reached", "fulfilled", "satisfied", "attained", "achieved"))
_BROKEN = frozenset(("failed", "missed", "below", "under", "above"))
_LIMITS = frozenset(("limit", "specification", "criterion", "requirement", "nmt", "nlt", "require"))
_TAILS = {"more": ">=", "higher": ">=", "above": ">=", "less": "<=", "lower": "<=", "below": "<=", "fewer": "<="}
_SIDES = {"below": "<", "under": "<", "above": ">", "exceeded": ">", "exceeding": ">", "exceed": ">"}
_ANALYTICAL = frozenset(("quantitation", "quantification", "detection"))  # limits of a method: what lies below has no value
REACH = 3  # words between a denial and what it denies
FAR = 6  # words between "minimum" and its number


def bound(reading: Reading, at: int) -> tuple[str, int]:
    """Return the comparison that words say of a number, denials counted in, and the word at which it begins; "" where they say none."""
    low = [w.text.casefold() for w in reading.words]
    if at and low[at - 1] in _EXCEEDS:
        denied = bool(_DENIALS & set(low[max(0, at - 1 - REACH) : at - 1]) - {"no"})
        return ("<=" if denied else ">"), at - 1 - 2 * denied
    joined = low[max(0, at - REACH) : at]
    if joined[:2] == ["at", "or"] and joined[2:] in (["below"], ["under"], ["above"]):
        return (">=" if joined[2] == "above" else "<="), at - REACH
    end = _tail(low, at) or _end(low, at) or _of(low, at)
    if end:
        return end
    said = relation_before(reading.words, at)
    if said not in _TURNED:
        return "", at
    denied = said == "<" and bool({"not", "never"} & set(low[max(0, at - 1 - REACH) : at - 1])) and low[at - 1] != "than"
    return (_TURNED[said] if denied else said), max(0, at - REACH)


def turned(relation: str) -> str:
    """Return the comparison that holds where another does not."""
    return _TURNED[relation]


def limited(reading: Reading, at: int) -> bool:
    """Tell whether the words before a number say that it is a limit; the limit of a method is none."""
    before = reading.words[max(0, at - FAR) : at]
    cut = max((k + 1 for k, w in enumerate(before) if w.text in (",", ";", "and", ")")), default=0)
    stems = [w.stem for w in before[cut:]]
    return bool(_LIMITS & set(stems)) and not _ANALYTICAL & set(stems)


def _tail(low: list[str], at: int) -> tuple[str, int] | None:
    """Return what "75 % or higher" says of a number."""
    behind = low[at + 1 : at + 5]
    said = behind[behind.index("or") + 1 : behind.index("or") + 2] if "or" in behind else []
    relation = _TAILS.get("".join(said), "")
    return (relation, at) if relation else None


def _of(low: list[str], at: int) -> tuple[str, int] | None:
    """Return what "below a moisture of", "at or above a yield of" says of a number."""
    first = next(
        (k for k in range(at - 2, max(0, at - 1 - FAR), -1) if low[k] in _SIDES and low[k + 1] in ("a", "an")), None
    )
    if first is None or low[at - 1] != "of":
        return None
    joined = low[max(0, first - 2) : first] == ["at", "or"]
    relation = _SIDES[low[first]] + "=" * joined
    denied = bool({"not", "never"} & set(low[max(0, first - REACH) : first])) or low[first - 1 : first] == ["without"]
    return (_TURNED[relation] if denied else relation), first - 2 * joined


def _end(low: list[str], at: int) -> tuple[str, int] | None:
    """Return what "met the minimum of" says of a number."""
    first = next((k for k in range(at - 1, max(-1, at - 1 - FAR), -1) if low[k] in _ENDS), None)
    if first is None or low[at - 1] not in ("of", "minimum", "maximum"):
        return None
    for k in range(first - 1, max(-1, first - 1 - FAR), -1):
        if low[k] in _KEPT:
            return _ENDS[low[first]], k
        if low[k] in _BROKEN:
            return _TURNED[_ENDS[low[first]]], k
    return None
