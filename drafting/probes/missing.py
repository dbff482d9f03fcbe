"""Faults of missing content: a record left out with its count, or a limitation that the drafting rule had to state. Pure."""

import re
from collections.abc import Iterator

from drafting.model import Table
from drafting.probes.claims import Material
from drafting.probes.making import Maker
from drafting.probes.model import Fault, Probe, RowEdit, TextEdit
from drafting.readmodel import SentenceView
from drafting.render import split_ref

SECTION = "section"  # an omission stands nowhere: it is located by saying what is missing
MOST_ROWS = 4  # of one table that may be left out, spread over it
LEAST_ROWS = 3
ITEM = re.compile(r"; (?P<item>[^;]+?)(?=;|\.$)")
CAVEAT = re.compile(
    r"\b(?:does not|do not|cannot|is not|are not|not valid|too few|only|except|withheld|as if|no statement|until)\b",
    re.IGNORECASE,
)


def faults(maker: Maker) -> Iterator[Probe]:
    """Yield the faults of missing content of a section."""
    for table in maker.material.view.tables:
        yield from _rows(maker, table)
    for sentence in maker.material.sentences:
        yield from _items(maker, sentence)
        yield from _limitation(maker, sentence)


def _rows(maker: Maker, table: Table) -> Iterator[Probe]:
    """Leave a record out of its table, and count one less wherever the section counts them."""
    rows = [i for i, ref in enumerate(table.refs) if split_ref(ref)[0] == "record"]
    if len(rows) < LEAST_ROWS or len(set(table.refs)) != len(table.refs):
        return
    for row in rows[:: max(1, len(rows) // MOST_ROWS)][:MOST_ROWS]:
        ref = table.refs[row]
        if any(claim.record == split_ref(ref)[1] for claim in maker.material.claims):
            continue  # a sentence names it: the gap would show
        edits: list[TextEdit | RowEdit] = [RowEdit(f"table:{table.id}", row, -1, " | ".join(table.rows[row]), "")]
        counted = [c for c in maker.material.claims if _counts(maker.material, c.ref, table)]
        edits += [claim.edit(str(int(claim.text) - 1)) for claim in counted]
        identifier = split_ref(ref)[1].partition("/")[2]
        proof = f"{identifier} is in scope and stands in the records, and was left out of: {table.title}."
        yield maker.make(Fault.OMITTED_RECORD, edits, [ref], proof, subject=SECTION, subtlety=0.6)


def _counts(material: Material, ref: str, table: Table) -> bool:
    """Tell whether a figure is the number of the table's records."""
    fact, kinds = material.fact(ref), {split_ref(r)[1].partition("/")[0] for r in table.refs}
    return (
        fact is not None
        and len(kinds) == 1
        and fact.id == f"{next(iter(kinds))}.count"
        and fact.value == str(len(table.rows))
    )


def _items(maker: Maker, sentence: SentenceView) -> Iterator[Probe]:
    """Leave one item out of a list of a sentence."""
    claims = list(maker.material.of(sentence))
    found = list(ITEM.finditer(sentence.text))
    if len(found) < 2:  # noqa: PLR2004 - a list of one leaves nothing
        return
    for item in found[1:2]:
        held = [c for c in claims if item.start() <= c.start < item.end()]
        if not held or len(item.group()) > len(sentence.text) // 3:
            continue
        edit = TextEdit(sentence.id, item.start(), item.end(), item.group(), "")
        proof = f"The list is longer in the evidence: “{item.group('item').strip()}”."
        yield maker.make(Fault.OMITTED_RECORD, [edit], [c.ref for c in held], proof, subject=SECTION, subtlety=0.8)


def _limitation(maker: Maker, sentence: SentenceView) -> Iterator[Probe]:
    """Leave out a sentence that limits what the section says, or the clause of it that does."""
    if sentence.text != sentence.drafted_text or not sentence.citations or len(maker.material.sentences) < LEAST_ROWS:
        return
    refs = [c.ref for c in sentence.citations]
    clause = re.search(r", (?:which|so that|as if|of which)\b[^,;]*(?=[.;])", sentence.text)
    if clause and CAVEAT.search(clause.group()):
        edit = TextEdit(sentence.id, clause.start(), clause.end(), clause.group(), "")
    elif CAVEAT.search(sentence.text):
        edit = TextEdit(sentence.id, 0, len(sentence.text), sentence.text, "")
    else:
        return
    proof = f"The evidence requires this limitation: “{edit.original.strip(' ,.')}”."
    yield maker.make(Fault.OMITTED_LIMITATION, [edit], refs, proof, subject=SECTION, subtlety=0.7)
