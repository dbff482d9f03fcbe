"""What changed since the previous report: figures, records, recommendations and sentences, then and now, each with its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from audit.identity import Account
from corpus import records
from corpus.model import Record
from drafting import lifecycle
from drafting.checks.carried_claims import is_closed
from drafting.checks.carryover import State, listed
from drafting.checks.followed import Followed, followed
from drafting.checks.meant import name_of
from drafting.checks.reuse import Before, Previous, then_of
from drafting.context import Context
from drafting.lately import load_for
from drafting.model import Fact, Sentence
from drafting.queries import Loaded

COMPARED = ("change_control", "capa")
ORDER = tuple(State)


@dataclass(frozen=True)
class FigureThen:
    """A figure that both reports give; `difference` is that of what is printed, "" where the two are no numbers of one unit."""

    name: str
    then: str
    now: str
    difference: str
    section: str  # key
    place: str  # in the previous report


@dataclass(frozen=True)
class CountThen:
    """How many records of a kind both reports rest on; `then` is None where the previous one does not say."""

    kind: str
    then: int | None
    now: int


@dataclass(frozen=True)
class RecordThen:
    """A change or CAPA of either report: its status then and now, and what that makes it."""

    kind: str
    identifier: str
    title: str
    then: str
    now: str
    standing: str  # new, closed since, carried over, not in this period
    section: str


@dataclass(frozen=True)
class SentenceThen:
    """A sentence of this report that repeats the previous one; `why` says what no longer holds."""

    section: str
    text: str
    state: State
    place: str
    why: str


@dataclass(frozen=True)
class Comparison:
    """Two reports side by side."""

    previous: Previous
    figures: tuple[FigureThen, ...]
    counts: tuple[CountThen, ...]
    records: tuple[RecordThen, ...]
    recommendations: tuple[Followed, ...]
    sentences: tuple[SentenceThen, ...]


def compare(ctx: Context, report_id: str, account: Account | None) -> Comparison | None:
    """Compare a report with the previous one, as an account may see it; None where no previous one is known."""
    with ctx.database.read() as conn:
        loaded = load_for(conn, ctx, report_id, account)
        if loaded.before is None:
            return None
        named = records.current_records(conn, product=loaded.report.product, identifiers=loaded.before.previous.named)
    return compared(loaded, loaded.before, named, account)


def compared(loaded: Loaded, before: Before, named: Iterable[Record], account: Account | None = None) -> Comparison:
    """Compare; `named` are the records that an imported report names in its tables. Pure."""
    known = {f"{r.kind}/{r.identifier}": r.fields for r in named}
    then = {key: record.fields for key, record in before.previous.records.items()} or known
    return Comparison(
        before.previous,
        tuple(_figures(loaded, before)),
        tuple(_counts(loaded, before, then)),
        tuple(_records(loaded, before, then)),
        followed(before),
        tuple(sorted(_sentences(loaded, before, account), key=lambda s: ORDER.index(s.state))),
    )


def _figures(loaded: Loaded, before: Before) -> Iterator[FigureThen]:
    """Yield each figure of both reports once, in the section that is about it: neither a summary nor a list of sources."""
    told: set[str] = set()
    outlines = {s.id: loaded.outline_of(s) for s in loaded.report.sections}
    for section in sorted(loaded.report.sections, key=lambda s: (outlines[s.id].last, "sources" in outlines[s.id].evidence)):
        for fact in loaded.packs[section.id].facts.values():
            then = then_of(fact, before.previous, before.evidence)
            if then is None or fact.id in told or fact.id.endswith(".attribute") or fact.id.startswith("report."):
                continue
            told.add(fact.id)
            yield FigureThen(
                name_of(fact, before.evidence),
                then.printed,
                fact.printed,
                _difference(then.printed, fact),
                section.key,
                then.place,
            )


def _difference(then: str, fact: Fact) -> str:
    number, _, unit = then.partition(" ")
    if unit not in ("", fact.unit):
        return ""
    try:
        found = Decimal(fact.value) - Decimal(number)
    except InvalidOperation:
        return ""
    return f"{found:+}" if found else "0"


def _counts(loaded: Loaded, before: Before, then: Mapping[str, object]) -> Iterator[CountThen]:
    """Count by kind; an imported report says how many only of the kinds that it lists."""
    for line in loaded.report.ledger:
        number = sum(1 for key in then if key.partition("/")[0] == line.kind)
        made = before.previous.facts.get("census.made") if line.kind == "batch" else None
        if made is not None and made.printed.isdigit():
            number = int(made.printed)
        yield CountThen(line.kind, number if number or before.previous.records else None, len(line.in_scope))


def _records(loaded: Loaded, before: Before, then: Mapping[str, Mapping[str, str | None]]) -> Iterator[RecordThen]:
    now = {key: record.fields for key, record in before.evidence.records.items()}
    section_of = {kind: s.key for s in loaded.outline.sections for kind in s.records}
    for kind in COMPARED:
        for key in sorted({k for k in (*then, *now) if k.partition("/")[0] == kind}):
            fields = now.get(key) or then[key]
            was = (then[key].get("status") or "") if key in then and before.previous.records else ""
            status = (now[key].get("status") or "") if key in now else ""
            yield RecordThen(
                kind, key.partition("/")[2], fields.get("title") or "", was or ("named" if key in then else ""), status,
                _standing(key in then, key in now, was, status), section_of.get(kind, ""),
            )  # fmt: skip


def _standing(then: bool, now: bool, was: str, status: str) -> str:  # noqa: FBT001 - in either report
    if not then:
        return "new"
    if not now:
        return "not in this period"
    return "closed since" if is_closed(status) and not is_closed(was) else "carried over"


def _sentences(loaded: Loaded, before: Before, account: Account | None) -> Iterator[SentenceThen]:
    """Judge the sentences of each section whose text is not held back until this account recorded a view of its own."""
    for section in loaded.report.sections:
        capacity = lifecycle.capacity_of(section, account)
        if loaded.held_back(section, capacity, account.id if account else ""):
            continue
        filled = [Sentence(f.value) for f in section.fields]
        for sentence, reused in listed([*(s.sentence for s in lifecycle.current(section)), *filled], before, section.key):
            place = reused.said.place if reused.said else ""
            why = "; ".join(fault.why for fault in reused.faults)
            yield SentenceThen(section.key, sentence.text, reused.state, place, why)
