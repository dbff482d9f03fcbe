"""What a section says of lots that should not have gone into a batch, and of batches that were released with a result outside. Pure."""

from collections.abc import Iterator

from drafting.drafters.wording import Line, cell, counted, has, numbered, record
from drafting.model import EvidencePack

MOST_NAMED = 6  # batches or results in one sentence
MOST_LOTS = 10  # each a sentence


def lots_used(pack: EvidencePack) -> Iterator[Line]:
    """Name each lot that went into batches though it was rejected or its supplier is not approved, with its batches."""
    names = numbered(pack, "lots.used")
    if len(names) > MOST_LOTS:
        yield (
            "More lots than can be named went into batches; rejected: {fact:lots.rejected_used}; of a supplier that is not approved: {fact:lots.not_approved_used}.",
            (),
        )
    for name in names[:MOST_LOTS]:
        held = pack.facts[f"{name}.batches"].inputs
        key, batches = str(held["lot"]), list(held["batches"])
        fields = pack.records[key].fields
        of = f" of {cell(key, 'supplier')}" if fields.get("supplier") else ""
        of += f", supplier status {cell(key, 'supplier_status')}" if fields.get("supplier_status") else ""
        rest = " and others as in the table" if len(batches) > MOST_NAMED else ""
        into = counted(pack, f"{name}.batches", "batch of the period", "batches of the period")
        disposed = dict(held["disposed"])
        listed = ", ".join(_batch(b, disposed.get(b)) for b in batches[:MOST_NAMED])
        disposition = cell(key, "disposition") if fields.get("disposition") else "not recorded"
        lot = f"Lot {record(key)} ({cell(key, 'material')}{of}), with disposition {disposition},"
        yield f"{lot} went into {into}; {listed}{rest}.", ()


def _batch(batch: str, disposition: str | None) -> str:
    """Return a batch with what was decided on it."""
    return record(f"batch/{batch}") + (f" ({cell(disposition, 'disposition')})" if disposition else "")


def released_outside(pack: EvidencePack, *, named: bool) -> Iterator[Line]:
    """Say how many batches were released with a result outside, and name them with it."""
    if not has(pack, "oos.released_outside"):
        return
    lead = f"{counted(pack, 'oos.released_outside', 'batch was', 'batches were')} released with a result outside the specification"
    names = numbered(pack, "oos.released") if named else []
    rest = "; and others as in the evidence" if len(names) > MOST_NAMED else ""
    listed = "".join(f"; {_result(pack, name)}" for name in names[:MOST_NAMED])
    cites = tuple(f"record:{pack.facts[f'{n}.result'].inputs['disposition']}" for n in names[:MOST_NAMED])
    yield f"{lead}{listed}{rest}.", cites


def _result(pack: EvidencePack, name: str) -> str:
    held = pack.facts[f"{name}.result"].inputs
    against = str(held["against"])
    fields = pack.records[against].fields
    if against.startswith("oos/"):
        limit = f" ({record(against)}, which is not invalidated)"
    else:
        ends = (("lower_limit", "not less than"), ("upper_limit", "not more than"))
        limit = f" against {' and '.join(f'{word} {cell(against, end)}' for end, word in ends if fields.get(end))}"
    batch = record(f"batch/{held['batch']}")
    return f"batch {batch}: {{fact:{held['attribute']}.attribute}} {{fact:{name}.result}}{limit}"
