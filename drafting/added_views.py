"""Show what persons added to the evidence of a section: what it is, who vouches for it, and whether a second person confirmed it. Pure."""

from drafting import lifecycle
from drafting.added import Added, cited_by, linked, ref_of, standing, tree
from drafting.lifecycle import Capacity
from drafting.model import EvidencePack, Source
from drafting.readmodel import AddedView
from drafting.report_rows import AddedRow, DecisionRow, SectionRow, SentenceRow


def added_views(section: SectionRow, pack: EvidencePack) -> tuple[AddedView, ...]:
    """Return what counts of the evidence that was added to a section, in order."""
    return tuple(_view(section, pack, row) for row in standing(section.added))


def _view(section: SectionRow, pack: EvidencePack, row: AddedRow) -> AddedView:
    said, ref = tree(row), ref_of(row)
    resting = [s for s in lifecycle.current(section) if ref in cited_by(s.sentence)]
    made = _confirmation(section, pack, resting)
    source = Source(**said["source"]).told if "source" in said else linked(row).place()
    titles = {Added.DECLARED: said.get("about", ""), Added.ATTACHED: said.get("about", "")}
    title = titles.get(Added(row.kind)) or "{kind} {identifier}".format(**said["evidence"]).replace("_", " ")
    return AddedView(
        id=row.id,
        ref=ref,
        kind=row.kind,
        title=title,
        value=said.get("value") or said.get("name") or "",
        source=source,
        reason=said["reason"],
        by=said["by"],
        user_id=row.user_id,
        at=row.at,
        sentences=tuple(lifecycle.number_of(section, s) for s in resting),
        confirmed_by=made.user_id if made else "",
        confirmed_at=made.at if made else "",
    )


def _confirmation(section: SectionRow, pack: EvidencePack, resting: list[SentenceRow]) -> DecisionRow | None:
    """Return the last of the reviewer's confirmations, where every sentence that rests on it is confirmed."""
    made = [lifecycle.standing(section, s.id, Capacity.REVIEWER, lifecycle.decided_hash(s.sentence, pack)) for s in resting]
    confirmed = [d for d in made if d is not None and d.decision == "confirm"]
    return max(confirmed, key=lambda d: d.at) if made and len(confirmed) == len(made) else None
