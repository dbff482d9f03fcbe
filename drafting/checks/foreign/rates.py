"""Recompute a percentage of two columns that are said together: "shot 46 percent from the field" of 11 of 24. Pure."""

from dataclasses import replace
from decimal import Decimal

from drafting.checks.foreign import pairs, uncounted
from drafting.checks.foreign.binding import Focus, owners_of
from drafting.checks.foreign.cells import cell_under, told_cell
from drafting.checks.foreign.index import Index
from drafting.checks.foreign.lookup import shown
from drafting.checks.foreign.reading import Reading
from drafting.checks.foreign.subjects import PERSONS
from drafting.checks.foreign.values import holds
from drafting.checks.foreign.verdicts import Judged, Verdict

_PERCENT = ("percent", "%")


def judge_rate(reading: Reading, at: int, said: Decimal, relation: str, focus: Focus, index: Index) -> Judged | None:
    """Judge a percentage whose words name a pair of columns; None where its owner has none, or has a column of percentages that may be meant."""
    words = reading.words
    if at + 1 >= len(words) or words[at + 1].text.casefold() not in _PERCENT:
        return None
    label = tuple(p for p in pairs.label_of(reading, at + 1, index) if not p.before)
    owner, pair = next(pairs.holders(label, owners_of(reading, at, focus, index), index), (None, None))
    part, whole = (cell_under(owner, header, index) for header in pair.columns) if owner and pair else (None, None)
    if owner is None or part is None or whole is None or not part.numbers or not whole.numbers or not whole.numbers[0]:
        return None
    share = 100 * part.numbers[0] / whole.numbers[0]
    right = holds(said, share, relation)
    named = any((owner.noun, owner.key) in m.what for m in reading.entities) or PERSONS & {
        w.text.casefold() for w in words[:at]
    }
    if not right and (part.table in index.in_percent or not named or uncounted.passing(reading, at, index)):
        return None  # it may be of something else: a time, a side
    evidence = f"{share:.2f} percent, {shown(part, index)} of {whole.literal}"
    judged = told_cell(reading, at, owner, part, index)
    message = "" if right else f"'{words[at].text}' is contradicted: it is {evidence}."
    verdict = Verdict.SUPPORTED if right else Verdict.CONTRADICTED
    return replace(judged, verdict=verdict, message=message, evidence=evidence, cell=judged.cell if right else None)
