"""Evidence packs and the completeness ledger: what a section may say, and proof that nothing in scope was left out."""

from collections.abc import Iterable

from corpus import clashes
from corpus.clashes import Clash
from corpus.standing import RESULT
from drafting.evidence import listed, passages
from drafting.evidence.collected import Builder, Collected
from drafting.evidence.deviation_builders import DEVIATION_BUILDERS
from drafting.evidence.kinds import LISTINGS, kind_title
from drafting.evidence.listings import listing
from drafting.evidence.model_builders import MODEL_BUILDERS
from drafting.evidence.review_builders import REVIEW_BUILDERS
from drafting.evidence.scope import Loaded
from drafting.evidence.unsourced import SUFFIX, without_sources
from drafting.model import EvidencePack, LedgerLine, Table
from prompts.outline import Outline, SectionOutline

MOST_NOTES = 20  # on clashes in one section

BUILDERS: dict[str, Builder] = {**REVIEW_BUILDERS, **DEVIATION_BUILDERS, **MODEL_BUILDERS}


def pack_of(loaded: Loaded, section: SectionOutline) -> EvidencePack:
    """Build one section's pack from what was loaded. Pure."""
    into = Collected()
    for name in section.evidence:
        kind = name.removeprefix("list:")
        if kind != name:
            listing(kind)(loaded, into)
        elif name != "passages":
            BUILDERS[name](loaded, into)
    without_sources(loaded, section.records, into)
    if not section.machine:
        into.tables += _queried(into)
    return EvidencePack(
        section=section.key,
        facts=into.facts,
        records=into.records,
        passages=passages.quotes(loaded, section, into.records) if "passages" in section.evidence else {},
        tables=tuple(into.tables),
        charts=tuple(into.charts),
        notes=(*into.notes, *_clashing(loaded, into)),
        as_of=loaded.as_of,
    )


def _queried(into: Collected) -> list[Table]:
    """Return what was asked and how many records answered, where a section that is rendered from records would show nothing else; and what is not known."""
    asked = [] if into.tables else [f for f in into.facts.values() if f.exact == "0" and f.inputs.get("query")]
    zeros = [(f, str(f.inputs["query"])) for f in asked]
    unknown = [(f, kind_title(f.inputs["kind"])) for f in into.facts.values() if f.id.endswith(SUFFIX)]
    rows = (*((query, f.value) for f, query in zeros), *((what, f"not known: {f.value}") for f, what in unknown))
    refs = tuple(f"fact:{f.id}" for f, _ in (*zeros, *unknown))
    return [Table("queried", "What the query found", ("Query", "Found"), rows, refs)] if rows else []


def _clashing(loaded: Loaded, into: Collected) -> list[str]:
    """Say what current sources say differently of the records and results that a section rests on."""
    found = clashes.merged(c for c in loaded.clashes if c.name in into.records or _is_result_of(loaded, c, into))
    rest = [f"{len(found) - MOST_NOTES} more records or results differ between sources."] if len(found) > MOST_NOTES else []
    return [*(f"{clash.told}{clashes.TO_DECIDE}" for clash in found[:MOST_NOTES]), *rest]


def _is_result_of(loaded: Loaded, clash: Clash, into: Collected) -> bool:
    return clash.kind == RESULT and f"{loaded.harmonised.name(clash.one.values[0][0])}.mean" in into.facts


def ledger_of(loaded: Loaded, outline: Outline, packs: Iterable[EvidencePack]) -> tuple[LedgerLine, ...]:
    """For each kind that a section accounts for: in scope = included in a pack + excluded by a person + unaccounted. Pure."""
    shown = {key for pack in packs for key in pack.records}
    kinds = dict.fromkeys(kind for section in outline.sections for kind in section.records)
    lines = []
    for kind in kinds:
        found = _scoped(loaded, kind)
        excluded = [i for i in found if f"{kind}/{i}" in loaded.scope.exclusions]
        coarse = {r.identifier for r in loaded.of(kind) if loaded.undecidable(r)}
        included = [i for i in found if f"{kind}/{i}" in shown and i not in excluded and i not in coarse]
        rest = [i for i in found if i not in excluded and i not in included]
        lines.append(LedgerLine(kind, tuple(found), tuple(included), tuple(excluded), tuple(rest)))
    return tuple(lines)


def _scoped(loaded: Loaded, kind: str) -> list[str]:
    subject = loaded.scope.subject
    if subject is None:
        found = (
            (*loaded.batches, *loaded.left_out)
            if kind == "batch"
            else listed.used(loaded, kind)
            if kind in LISTINGS
            else loaded.in_scope(kind)
        )
        return [r.identifier for r in found]
    if kind == "deviation":
        return [subject]
    return [r.identifier for r in loaded.of(kind) if r.get("deviation_id") == subject]
