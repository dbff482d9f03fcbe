"""Faults of wrong content: another number, unit, identifier, date, limit, status, cause, certainty or attribution. Pure.

Each stands against a reference that the sentence itself cites, so that a reviewer who opens the source sees what it holds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise

from drafting.model import Evidence
from drafting.probes import altering
from drafting.probes.claims import CellClaim, Claim, Material
from drafting.probes.making import Maker
from drafting.probes.model import Fault, Probe, TextEdit
from drafting.readmodel import SentenceView
from drafting.render import printed, split_ref

MOST = 2  # of one fault on one claim: variety comes from claims
LIMITS = ("limit", "specification", "lower", "upper", "acceptance")
CAUSES = frozenset({"root_cause", "cause", "assignable_cause", "cause_category", "category", "reason"})
NEGATED = re.compile(
    r"\b(?:is|are|was|were|has|have|does|do|did) not(?= )|\bnot (?=yet |valid |effective |closed |included )"
)
BESIDE = 40  # characters of a sentence that are quoted on each side of a place
OF = re.compile(r"\A of \Z")
IN_CELLS = ((Fault.TOTAL, altering.numbers), (Fault.DATE, altering.dates), (Fault.STATUS, altering.statuses))
BLAMED = ", caused by an error of the operator"


def faults(maker: Maker) -> Iterator[Probe]:
    """Yield the faults of wrong content of a section, in the order of its claims."""
    for claim in maker.material.claims:
        for operator in (_numbers, _shifted, _units, _dates, _statuses, _limits, _identifiers, _causes, _attributed):
            yield from operator(maker, claim)
    for sentence in maker.material.sentences:
        yield from _negations(maker, sentence)
        yield from _certain(maker, sentence)
        yield from _totals(maker, sentence)
        yield from _blamed(maker, sentence)
    named = _by_kind(maker.material)
    for cell in maker.material.cells:
        yield from _identified(maker, cell, named)
        for fault, ways in () if cell.text in named else IN_CELLS:
            for other in islice(ways(cell.text), 1):
                proof = _holds(maker.material, cell.ref, cell.text, other)
                yield maker.make(fault, [cell.edit(other)], [cell.ref], proof, subtlety=0.7)


def _by_kind(material: Material) -> dict[str, tuple[str, ...]]:
    """Return for each identifier of the section's records those of the same kind and length."""
    kinds: dict[str, list[str]] = {}
    for record in material.pack.records.values():
        kinds.setdefault(record.kind, []).append(record.identifier)
    kinds.setdefault("batch", []).extend(b for r in material.pack.records.values() if (b := r.fields.get("batch")))
    return {one: tuple(o for o in dict.fromkeys(held) if len(o) == len(one)) for held in kinds.values() for one in held}


def _identified(maker: Maker, cell: CellClaim, named: Mapping[str, tuple[str, ...]]) -> Iterator[Probe]:
    """Name another record of the kind in a cell that names one."""
    row = next(t for t in maker.material.view.tables if t.id == cell.table).rows[cell.row]
    for other in islice((o for o in named.get(cell.text, ()) if o not in row), 1):
        proof = _holds(maker.material, cell.ref, cell.text, other)
        yield maker.make(Fault.IDENTIFIER, [cell.edit(other)], [cell.ref], proof, subtlety=0.8)


def _holds(material: Material, ref: str, own: str, other: str) -> str:
    """Say what the source of a reference holds, and that it is not what was planted; a cell's values are quoted, since they may be words."""
    kind, key, name = split_ref(ref)
    if kind == "cell":
        return f"{material.pack.records[key].identifier}, {name.replace('_', ' ')}: the source says “{own}”, not “{other}”."
    return f"The {'evidence' if kind == 'fact' else 'source'} holds {own}, not {other}."


def _replaced(
    maker: Maker, claim: Claim, fault: Fault, ways: Callable[[str], Iterator[str]], subtlety: float
) -> Iterator[Probe]:
    known = {other.text for other in maker.material.claims if other.ref == claim.ref}
    for other in islice((o for o in ways(claim.text) if o not in known), MOST):
        proof = _holds(maker.material, claim.ref, claim.text, other)
        yield maker.make(fault, maker.everywhere(claim, other), [claim.ref], proof, subtlety=subtlety)


def _is_limit(claim: Claim) -> bool:
    return any(word in claim.field for word in LIMITS)


def _is_name(claim: Claim) -> bool:
    return (
        claim.field == "attribute"
        or split_ref(claim.ref)[0] == "record"
        or claim.field in ("batch", "product", "period_from")
    )


def _numbers(maker: Maker, claim: Claim) -> Iterator[Probe]:
    if _is_limit(claim) or _is_name(claim):
        return
    most = _of_which(maker.material, claim)

    def possible(text: str) -> Iterator[str]:
        yield from (other for other in altering.numbers(text) if most is None or not other.isdigit() or int(other) <= most)

    yield from _replaced(maker, claim, Fault.NUMBER, possible, 0.7)


def _of_which(material: Material, claim: Claim) -> int | None:
    """Return the whole of which a count is a part (`3 of 134`); None where the sentence says none."""
    sentence = material.sentence(claim.sentence)
    after = next((c for c in material.of(sentence) if c.start >= claim.end), None)
    said = after is not None and OF.match(sentence.text[claim.end : after.start]) and after.text.isdigit()
    return int(after.text) if after is not None and said else None


def _shifted(maker: Maker, claim: Claim) -> Iterator[Probe]:
    if not _is_name(claim):
        yield from _replaced(maker, claim, Fault.SHIFT, altering.shifted, 0.3)


def _units(maker: Maker, claim: Claim) -> Iterator[Probe]:
    yield from _replaced(maker, claim, Fault.UNIT, altering.units, 0.5)


def _dates(maker: Maker, claim: Claim) -> Iterator[Probe]:
    yield from _replaced(maker, claim, Fault.DATE, altering.dates, 0.6)


def _statuses(maker: Maker, claim: Claim) -> Iterator[Probe]:
    if split_ref(claim.ref)[0] == "cell":
        yield from _replaced(maker, claim, Fault.STATUS, altering.statuses, 0.4)


def _limits(maker: Maker, claim: Claim) -> Iterator[Probe]:
    """Put another limit of this section in the place of a limit; where there is none of the same form, a changed one."""
    if not _is_limit(claim):
        return

    def others(text: str) -> Iterator[str]:
        shape = re.sub(r"[\d.]+", "#", text)
        held = {c.text for c in maker.material.claims if _is_limit(c)} - {text}
        yield from sorted(h for h in held if re.sub(r"[\d.]+", "#", h) == shape)
        yield from altering.numbers(text)

    yield from _replaced(maker, claim, Fault.LIMIT, others, 0.6)


def _identifiers(maker: Maker, claim: Claim) -> Iterator[Probe]:
    """Name another record of the kind, of which the sentence's own statements are not true."""
    if split_ref(claim.ref)[0] != "record" and claim.field != "batch":
        return
    material, sentence = maker.material, maker.material.sentence(claim.sentence)
    stated = [c for c in material.of(sentence) if c.record == claim.record and c.text != claim.text]
    kind = claim.record.partition("/")[0]
    here = {c.text for c in material.of(sentence)}
    others = (record for record in material.records(kind) if _name_of(record, claim) not in here)
    for record in islice((r for r in others if _contradicts(material, r, stated)), MOST):
        other = _name_of(record, claim)
        if not other or abs(len(other) - len(claim.text)) > 1:
            continue
        edits = [c.edit(other) for c in material.of(sentence) if c.text == claim.text and c.record == claim.record]
        proof = f"What is said here is recorded of {claim.text}, not of {other}."
        yield maker.make(Fault.IDENTIFIER, edits, [claim.ref, record.ref], proof, subtlety=0.8)


def _name_of(record: Evidence, claim: Claim) -> str:
    return (record.fields.get("batch") or "") if claim.field == "batch" else record.identifier


def _contradicts(material: Material, record: Evidence, stated: list[Claim]) -> bool:
    """Tell whether a record holds something else in a field that the sentence states."""
    key = record.ref.partition(":")[2]
    for claim in stated:
        kind, _, name = split_ref(claim.ref)
        if kind == "cell" and record.fields.get(name) and printed(f"cell:{key}#{name}", material.pack) != claim.text:
            return True
    return False


def _causes(maker: Maker, claim: Claim) -> Iterator[Probe]:
    """Put the cause of another record in the place of a cause."""
    if claim.field not in CAUSES or split_ref(claim.ref)[0] != "cell":
        return
    kind, own = claim.record.partition("/")[0], claim.text
    held = {r.fields.get(claim.field) or "" for r in maker.material.records(kind)} - {own, ""}
    near = sorted((h for h in held if _alike(h, own)), key=lambda h: (abs(len(h) - len(own)), h))
    for other in near[:MOST]:
        proof = _holds(maker.material, claim.ref, own, other)
        yield maker.make(Fault.CAUSE, maker.everywhere(claim, other), [claim.ref], proof, subtlety=0.7)


def _alike(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= max(8, len(other) // 2)


def _attributed(maker: Maker, claim: Claim) -> Iterator[Probe]:
    """Say of another attribute what was found of this one: its own figure in the section is another."""
    if claim.field != "attribute":
        return
    material, sentence = maker.material, maker.material.sentence(claim.sentence)
    figures = {c.ref.partition(":")[2].partition(".")[0]: c.text for c in material.of(sentence) if c.field != "attribute"}
    own = claim.ref.partition(":")[2].partition(".")[0]
    if own not in figures:
        return
    here = {c.text for c in material.of(sentence)}
    named = {c.text: c.ref for c in material.claims if c.field == "attribute"}
    for other, ref in islice(((t, r) for t, r in named.items() if t not in here), MOST):
        proof = f"The figure was computed from {claim.text}, not from {other}."
        edits = [c.edit(other) for c in material.of(sentence) if c.ref == claim.ref]
        yield maker.make(Fault.CITATION, edits, [claim.ref, ref], proof, subtlety=0.8)


def _free(sentence: SentenceView, start: int, end: int) -> bool:
    return not any(span.start < end and span.end > start for span in sentence.spans)


def _negations(maker: Maker, sentence: SentenceView) -> Iterator[Probe]:
    """Drop a negation of the drafting rule's own words: the rule wrote it because of the figures that the sentence cites."""
    if sentence.text != sentence.drafted_text or not sentence.citations:
        return
    for found in islice(NEGATED.finditer(sentence.text), MOST):
        if _free(sentence, found.start(), found.end()):
            kept = found.group().replace(" not", "").replace("not ", "")
            edit = TextEdit(sentence.id, found.start(), found.end(), found.group(), kept)
            proof = f"The evidence says the opposite: “{_around(sentence.text, found.start(), found.end())}”."
            yield maker.make(Fault.NEGATION, [edit], [c.ref for c in sentence.citations], proof, subtlety=0.6)


def _around(text: str, start: int, end: int) -> str:
    """Return a place of a text with the whole words beside it."""
    first = text.rfind(" ", 0, max(0, start - BESIDE)) + 1
    last = text.find(" ", end + BESIDE)
    cut = text[first:] if last < 0 else text[first:last] + " …"
    return ("… " if first else "") + cut.rstrip(".")


def _certain(maker: Maker, sentence: SentenceView) -> Iterator[Probe]:
    """Make `k of n` into `n of n`, where most are: of few nobody would believe it."""
    for one, two in pairwise(maker.material.of(sentence)):
        between = sentence.text[one.end : two.start]
        counted = OF.match(between) and one.text.isdigit() and two.text.isdigit()
        if counted and int(two.text) / 2 <= int(one.text) < int(two.text):
            proof = f"It is {one.text} of {two.text}, not all of them."
            yield maker.make(Fault.CERTAINTY, [one.edit(two.text)], [one.ref, two.ref], proof, subtlety=0.5)


def _totals(maker: Maker, sentence: SentenceView) -> Iterator[Probe]:
    """Change a total so that it is not the sum of its parts, where the sentence's numbers do add up."""
    counts = [c for c in maker.material.of(sentence) if c.text.isdigit() and split_ref(c.ref)[0] == "fact"]
    for total in counts:
        parts = [c for c in counts if c is not total and c.start > total.start]
        if len(parts) > 1 and sum(int(c.text) for c in parts) == int(total.text):
            other = str(int(total.text) + int(parts[-1].text))
            if other != total.text:
                refs = [total.ref, *(c.ref for c in parts)]
                proof = f"The parts add up to {total.text}, not to {other}."
                yield maker.make(Fault.TOTAL, maker.everywhere(total, other), refs, proof, subtlety=0.5)


def _blamed(maker: Maker, sentence: SentenceView) -> Iterator[Probe]:
    """Name a cause that no source of the section knows, in a sentence long enough not to show it."""
    short = len(sentence.text) * 0.15 < len(BLAMED)
    if short or not sentence.text.endswith(".") or not sentence.citations or "operator" in _everything(maker.material):
        return
    at = len(sentence.text) - 1
    edit = TextEdit(sentence.id, at, at, "", BLAMED)
    proof = "No source of this section says that an operator's error was the cause."
    yield maker.make(Fault.CAUSE, [edit], [c.ref for c in sentence.citations], proof, subtlety=0.4)


def _everything(material: Material) -> str:
    held = [value or "" for record in material.pack.records.values() for value in record.fields.values()]
    held += [quote.text for quote in material.pack.passages.values()]
    return "\n".join(held).casefold()
