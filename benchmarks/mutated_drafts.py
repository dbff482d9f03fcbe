"""Ten thousand drafts by reference with one planted fault each: how many of each class are blocked, and how many clean ones are.

Two kinds of plants: the rendered text is altered and its references are kept; or a reference is swapped for another true reference of the same
evidence, of the same form (figure for figure of the same unit, date for date, record for record of its kind), and the text follows it, so that the
number is right by itself and wrong for its sentence. Beside the sentences of the rules stand sentences in other words, as people write them.
Carry-over has no check here yet and is left out.
"""

import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import Any

from drafting.checks import engine
from drafting.evidence.kinds import LISTED, MANDATORY, TOPICS
from drafting.model import EvidencePack, Fact, Finding, LedgerLine, Origin, Sentence, Severity, Span
from drafting.render import known, printed, render, split_ref
from prompts.outline import SectionOutline

SEED, PLANTS = 20_261_125, 10_000
PRODUCTS, YEARS = ("17", "23", "13", "1", "15", "25"), (2019, 2020)
DEVIATIONS = ("DEV-2019-003", "DEV-2020-002", "DEV-2020-008", "DEV-2020-013", "DEV-2020-014", "DEV-2021-007")
STRICT, LOOSE = (".999", ".001"), (".95", ".02")
IN_OTHER_WORDS = (  # of one attribute A
    "On average {fact:A.attribute} came to {fact:A.mean}, with values between {fact:A.min} and {fact:A.max}.",
    "{fact:A.n} batches were tested for {fact:A.attribute}; the lowest value was {fact:A.min}, the highest {fact:A.max}.",
    "For {fact:A.attribute} the average was {fact:A.mean} (SD {fact:A.sd}).",
    "The highest {fact:A.attribute} of the period, {fact:A.max}, belongs to batch {record:batch/HIGH}.",
    "{fact:A.outside} of {fact:A.n} results for {fact:A.attribute} failed the specification.",
    "The chart of {fact:A.attribute} gave {fact:A.signals} signals over {fact:A.n} values.",
)
CONCLUSIONS = (  # words, and the facts of which any that is not zero makes them false
    ("No OOS results were obtained.", "oos.recomputed oos.count"), ("All batches met specification.", "oos.recomputed oos.count"),
    ("None of the results was out of specification.", "oos.recomputed oos.count"), ("The results complied with the specification without exception.", "oos.recomputed oos.count"),
    ("Every batch conformed to its limits.", "oos.recomputed oos.count"), ("There were no complaints in the period.", "complaint.count"), ("The period was without complaints.", "complaint.count"),
    ("No deviations were opened.", "deviation.count"), ("No critical deviation occurred.", "deviation.class.critical"), ("No major deviations were raised.", "deviation.class.major"),
    ("All deviations have been closed.", "deviation.open_at_end"), ("There was no recurrence.", "deviation.recurring"), ("No CAPA was overdue.", "capa.overdue"),
    ("All CAPAs were completed by their due dates.", "capa.overdue"), ("No batch was rejected.", "census.rejected rejected.count"), ("All batches manufactured were released.", "census.rejected rejected.count census.pending census.terminated census.without_disposition"),
    ("No recall was necessary.", "recall.count"), ("No out-of-trend results were seen.", "oot.count"), ("None of the complaints was confirmed.", "complaint.confirmed.yes"),
    ("The process ran in a state of control.", "*.signals"), ("The process was statistically stable.", "*.signals"), ("No trend was observed.", "*.signals oot.count"),
)  # fmt: skip
WORDS = {  # of a state, and what a mistaken writer puts in its place
    "status": (("lay outside", "lay inside"), ("released", "rejected"), ("rejected", "released"), ("not confirmed", "confirmed"), ("not closed", "closed"), ("pending", "released"),
               ("failed the specification", "met the specification"), ("Past their due date", "Before their due date"), ("Recorded as not effective", "Recorded as effective"),
               ("Closed without an effectiveness", "Closed with an effectiveness"), ("major ", "minor "), ("critical ", "minor ")),
    "negation": (("lay outside", "did not lie outside"), ("was recorded as", "was not recorded as"), ("is recorded as", "is not recorded as"), ("is not valid", "is valid"),
                 ("occurred at", "did not occur at"), ("was detected at", "was not detected at"), ("were made", "were not made"), ("not closed", "closed"), ("not confirmed", "confirmed"),
                 ("failed the specification", "did not fail the specification"), ("Past their", "Not past their"), ("lack an OOS record", "do not lack an OOS record")),
}  # fmt: skip


@dataclass(frozen=True)
class Drafted:
    """One section as drafted, with its evidence."""

    outline: SectionOutline
    pack: EvidencePack
    sentences: tuple[Sentence, ...]
    ledger: tuple[LedgerLine, ...]

    def blocking(self) -> list[Finding]:
        """Return what blocks the section."""
        listed = [(str(i), s, Origin.MACHINE) for i, s in enumerate(self.sentences)]
        return [
            f for f in engine.check_section(listed, self.pack, self.outline, self.ledger) if f.severity is Severity.BLOCKS
        ]


@dataclass(frozen=True)
class Plant:
    """A fault: the sentence it stands in, that sentence altered (None: left out), and where (the whole sentence where it is words)."""

    draft: Drafted
    number: int
    altered: Sentence | None
    start: int = 0
    end: int = 10_000

    def caught(self) -> bool:
        """Tell whether a blocking finding stands at the place of the fault."""
        if self.altered is None:
            rest = tuple(s for i, s in enumerate(self.draft.sentences) if i != self.number)
            return any(f.rule == "omissions" for f in replace(self.draft, sentences=rest).blocking())
        found = engine.check_sentence(self.altered, self.draft.pack, origin=Origin.MACHINE)
        return any(f.severity is Severity.BLOCKS and f.start <= self.end and self.start <= f.end for f in found)


@dataclass
class Tally:
    """What became of the plants of one class and way."""

    tried: int = 0
    caught: int = 0
    missed: list[str] = field(default_factory=list)


def mutated_drafts() -> list[dict[str, Any]]:
    """Plant faults, and print recall and false alarms by class, and how fast the checks are."""
    with tempfile.TemporaryDirectory() as home:
        drafts, drafting_seconds = _drafts(home)
    started = time.perf_counter()
    engine.check_sentence.cache_clear()
    alarms = [d for d in drafts if d.blocking()]
    checking_seconds = time.perf_counter() - started
    numbers = engine.numbers_of([s for d in drafts for s in d.sentences])[0]
    rng = random.Random(SEED)  # noqa: S311 - seeded on purpose: a run can be repeated
    tallies = {name: _tried(rng, drafts, make) for name, make in CLASSES.items()}
    false_alarms = len(alarms) / len(drafts)
    return [
        *(_line(name, tally, false_alarms, len(drafts)) for name, tally in tallies.items()),
        *_conclusions(rng, drafts),
        {"name": "mutated drafts: planted", "ratio": sum(t.tried for t in tallies.values()), "reference": "one fault each", "goal": ">= 10000"},
        {"name": "mutated drafts: numbers checked a second", "ratio": round(numbers / checking_seconds), "reference": f"{numbers} in {len(drafts)} sections", "goal": "stated"},
        {"name": "full check of all drafts / drafting them", "ratio": round(checking_seconds / drafting_seconds, 3), "reference": "evidence and sentences of the same sections", "goal": "<= .5"},
    ]  # fmt: skip


def _tried(rng: random.Random, drafts: Sequence[Drafted], make: Callable[[random.Random, Drafted], Plant | None]) -> Tally:
    tally = Tally()
    wanted = PLANTS // len(CLASSES) + 1
    able = list(drafts)
    while tally.tried < wanted and able:
        plant = make(rng, rng.choice(able))
        if plant is None:
            continue
        tally.tried += 1
        if plant.caught():
            tally.caught += 1
        elif len(tally.missed) < 5:
            tally.missed.append(
                plant.altered.text[:160] if plant.altered else f"left out: {plant.draft.sentences[plant.number].text[:140]}"
            )
    return tally


def _line(name: str, tally: Tally, false_alarms: float, clean: int) -> dict[str, Any]:
    recall, alarms = LOOSE if name.split(":", maxsplit=1)[0] in ("status", "negation", "omission") else STRICT
    return {
        "name": f"mutated drafts, {name}", "ratio": round(tally.caught / max(tally.tried, 1), 4), "reference": "planted faults",
        "goal": f">= {recall}, false alarms <= {alarms}", "tried": tally.tried, "caught": tally.caught, "false_alarms": round(false_alarms, 4),
        "clean_sections": clean, "missed": tally.missed,
    }  # fmt: skip


# the drafts


def _drafts(home: str) -> tuple[list[Drafted], float]:
    from corpus import records
    from corpus.ingest import ingest
    from drafting.accounts import service_account
    from drafting.bootstrap import close_context, open_context, settings_from
    from drafting.evidence.pack import ledger_of, pack_of
    from drafting.evidence.scope import ReportScope, load

    ctx = open_context(settings_from({}, home=home))
    samples = Path(str(files("corpus") / "samples"))
    ingest(
        ctx.database,
        ctx.clock,
        ctx.new_id,
        paths=[samples],
        profiles=ctx.profiles,
        actor=service_account(ctx).actor(),
        zone="UTC",
    )
    scopes = [ReportScope("r", "apr_us", p, f"{y}-05-01", f"{y + 1}-04-30") for p in PRODUCTS for y in YEARS]
    with ctx.database.read() as conn:
        for name in DEVIATIONS:
            event = records.record(conn, "deviation", name)
            assert event is not None
            day = event.get("occurred_at")[:10]
            scopes.append(
                ReportScope("r", "deviation", event.get("product_code"), f"{int(day[:4]) - 1}{day[4:7]}-01", day, None, name)
            )
    found, rng, taken = [], random.Random(SEED), 0.0  # noqa: S311 - as above
    for scope in scopes:
        with ctx.database.read() as conn:
            loaded = load(conn, scope)
        started = time.perf_counter()
        outline = ctx.outlines[scope.kind]
        packs = {s.key: pack_of(loaded, s) for s in outline.sections}
        ledger = ledger_of(loaded, outline, packs.values())
        made = {s.key: ctx.drafter.draft(s, packs[s.key]).sentences for s in outline.sections if s.machine}
        taken += time.perf_counter() - started
        for section in outline.sections:
            said = made.get(section.key, ())
            if said:
                found.append(
                    Drafted(section, packs[section.key], (*said, *_in_other_words(rng, packs[section.key])), ledger)
                )
    close_context(ctx)
    return found, taken


def _in_other_words(rng: random.Random, pack: EvidencePack) -> Iterator[Sentence]:
    attributes = [f.id.removesuffix(".mean") for f in pack.facts.values() if f.id.endswith(".mean") and f.unit]
    for attribute in rng.sample(attributes, min(3, len(attributes))):
        high = str(pack.facts[f"{attribute}.mean"].inputs.get("highest_batch", ""))
        template = rng.choice(IN_OTHER_WORDS).replace("HIGH", high).replace("A.", f"{attribute}.")
        if all(known(ref, pack) for ref in re.findall(r"\{([^{}]+)\}", template)):
            yield render(template, pack)


# plants in the text: references stay


def _altered(draft: Drafted, number: int, start: int, end: int, new: str) -> Plant:
    sentence = draft.sentences[number]
    shift = len(new) - (end - start)
    spans = tuple(Span(s.start + shift * (s.start >= end), s.end + shift * (s.end >= end), s.ref) for s in sentence.spans)
    text = sentence.text[:start] + new + sentence.text[end:]
    return Plant(draft, number, Sentence(text, spans, sentence.cites), start, start + len(new))


def _places(draft: Drafted, pattern: str, want: Callable[[Span], bool] = lambda _: True) -> list[tuple[int, int, int]]:
    """Return (sentence, start, end) of each match within what a reference printed."""
    return [
        (n, span.start + m.start(), span.start + m.end())
        for n, sentence in enumerate(draft.sentences)
        for span in sentence.spans
        if want(span)
        for m in re.finditer(pattern, sentence.text[span.start : span.end])
    ]


def _at(rng: random.Random, draft: Drafted, places: list[tuple[int, int, int]], new: Callable[[str], str]) -> Plant | None:
    if not places:
        return None
    number, start, end = rng.choice(places)
    old = draft.sentences[number].text[start:end]
    other = new(old)
    return _altered(draft, number, start, end, other) if other != old else None


def _digit(rng: random.Random, draft: Drafted) -> Plant | None:
    return _at(rng, draft, _places(draft, r"\d"), lambda old: rng.choice([d for d in "0123456789" if d != old]))


def _unit(rng: random.Random, draft: Drafted) -> Plant | None:
    return _at(
        rng,
        draft,
        _places(draft, r"(?<=\d )(?:%|mg|N|mm|kN|kg|um|g)(?!\w)"),
        lambda _: rng.choice(["%", "mg", "N", "mm", "kN", "ppm", "% w/v", "µg"]),
    )


def _sign(rng: random.Random, draft: Drafted) -> Plant | None:
    return _at(
        rng,
        draft,
        _places(draft, r"^\d[\d.]*", lambda s: s.ref.startswith("fact:")),
        lambda old: rng.choice(["-", "<", ">", "≤ ", "+"]) + old,
    )


def _batch(rng: random.Random, draft: Drafted) -> Plant | None:
    known_batches = [e.identifier for e in draft.pack.records.values() if e.kind == "batch"] or ["517", "604"]
    return _at(rng, draft, _places(draft, r"^.+$", _is_batch), lambda _: rng.choice(known_batches))


def _is_batch(span: Span) -> bool:
    return span.ref.startswith("record:batch/") or span.ref.endswith("#batch")


def _period(rng: random.Random, draft: Drafted) -> Plant | None:
    def moved(old: str) -> str:
        year, month = int(old[:4]), int(old[5:7])
        return rng.choice(
            [f"{year - 1}{old[4:]}", f"{year + 1}{old[4:]}", f"{year + month // 12}-{month % 12 + 1:02d}{old[7:]}"]
        )

    return _at(rng, draft, _places(draft, r"\d{4}-\d{2}(?:-\d{2})?"), moved)


def _rounding(rng: random.Random, draft: Drafted) -> Plant | None:
    def rounded(old: str) -> str:
        places = len(old.partition(".")[2])
        return f"{Decimal(old):.{places - 1}f}" if rng.random() < 0.7 else old + rng.choice("0123456789")

    return _at(rng, draft, _places(draft, r"^\d+\.\d+", lambda s: s.ref.startswith("fact:")), rounded)


def _other_text(rng: random.Random, draft: Drafted) -> Plant | None:
    values = sorted({f.printed for f in draft.pack.facts.values() if re.match(r"\d", f.printed)})
    return (
        _at(rng, draft, _places(draft, r"^\d.*$", lambda s: s.ref.startswith("fact:")), lambda _: rng.choice(values))
        if values
        else None
    )


def _limit(rng: random.Random, draft: Drafted) -> Plant | None:
    places = _places(
        draft, r"\d+(?:\.\d+)?", lambda s: re.search(r"#(?:lower_limit|upper_limit|limit_text)$", s.ref) is not None
    )
    return _at(
        rng,
        draft,
        places,
        lambda old: str(Decimal(old) + rng.choice([Decimal("0.5"), Decimal(1), Decimal(-1), Decimal("0.1")])),
    )


# plants by reference: the text follows


def _swapped(draft: Drafted, number: int, span: Span, ref: str) -> Plant:
    plant = _altered(draft, number, span.start, span.end, printed(ref, draft.pack))
    assert plant.altered is not None
    moved = tuple(
        replace(s, ref=ref) if i == draft.sentences[number].spans.index(span) else s
        for i, s in enumerate(plant.altered.spans)
    )
    return replace(plant, altered=replace(plant.altered, spans=moved))


def _by_reference(fits: Callable[[Span, str, Drafted], bool]) -> Callable[[random.Random, Drafted], Plant | None]:
    def make(rng: random.Random, draft: Drafted) -> Plant | None:
        spans = [(n, s) for n, sentence in enumerate(draft.sentences) for s in sentence.spans]
        if not spans:
            return None
        number, span = rng.choice(spans)
        shown = draft.sentences[number].text[span.start : span.end]
        refs = [
            r for r in _references(draft.pack) if r != span.ref and fits(span, r, draft) and printed(r, draft.pack) != shown
        ]
        return _swapped(draft, number, span, rng.choice(refs)) if refs else None

    return make


def _references(pack: EvidencePack) -> Iterator[str]:
    yield from (f"fact:{name}" for name in pack.facts)
    yield from (f"record:{key}" for key in pack.records)
    yield from (f"cell:{key}#{name}" for key, held in pack.records.items() for name, value in held.fields.items() if value)


def _form(ref: str, pack: EvidencePack) -> str:
    text = printed(ref, pack)
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2}.*)?", text):
        return "date"
    number, _, unit = text.partition(" ")
    try:
        Decimal(number)
    except InvalidOperation:
        return "text"
    return f"number {unit}"


def _like_figure(span: Span, ref: str, draft: Drafted) -> bool:
    both = (
        span.ref.startswith("fact:")
        and ref.startswith("fact:")
        and not re.search(r"report\.product|census\.\w+_batch", span.ref + ref)
    )
    return both and _form(span.ref, draft.pack) == _form(ref, draft.pack) != "text"


def _like_record(span: Span, ref: str, draft: Drafted) -> bool:
    (kind, key, name), (other, with_key, with_name) = split_ref(span.ref), split_ref(ref)
    same = kind == other and key.partition("/")[0] == with_key.partition("/")[0]
    if kind == "record":  # alone in its sentence any record of the kind is as true
        return same and len(next(s for s in draft.sentences if span in s.spans).spans) > 1
    if kind != "cell" or not same:
        return False
    if key != with_key:
        return name == with_name and any(
            s.ref == f"record:{key}" for x in draft.sentences if span in x.spans for s in x.spans
        )
    return _form(span.ref, draft.pack) == _form(ref, draft.pack) == "date" and name != with_name


def _limit_as_result(span: Span, ref: str, _: Drafted) -> bool:
    result = re.fullmatch(r"fact:(.+)\.(?:mean|min|max)", span.ref)
    return (
        result is not None
        and re.fullmatch(rf"cell:specification/[^#]+/{re.escape(result[1])}#(?:lower|upper)_limit", ref) is not None
    )


# plants in words, and sentences left out


def _words(kind: str) -> Callable[[random.Random, Drafted], Plant | None]:
    def make(rng: random.Random, draft: Drafted) -> Plant | None:
        places = [
            (n, m.start(), m.end(), new)
            for n, sentence in enumerate(draft.sentences)
            for old, new in WORDS[kind]
            for m in re.finditer(rf"(?<!is ){re.escape(old)}", sentence.text)
            if not any(s.start <= m.start() < s.end for s in sentence.spans)
        ]
        if not places:
            return None
        number, start, end, new = rng.choice(places)
        return replace(_altered(draft, number, start, end, new), start=0, end=10_000)

    return make


def _omission(rng: random.Random, draft: Drafted) -> Plant | None:
    """Leave out a sentence that is the only one to name a mandatory record or a required figure."""
    needed = {f"fact:{name.rstrip('+')}" for name, _ in TOPICS.get(draft.outline.key, ()) if not name.endswith("+")}
    rules = MANDATORY.get(draft.outline.key, ())
    keys = {k for k, r in draft.pack.records.items() for rule in rules if r.kind == rule.kind and rule.needs(r.fields)}
    keys |= {
        ref.removeprefix("record:")
        for table, _ in LISTED.get(draft.outline.key, ())
        for t in draft.pack.tables
        if t.id == table
        for ref in t.refs
    }
    names = Counter(name for sentence in draft.sentences for name in {_subject(s.ref) for s in sentence.spans})
    able = [
        n
        for n, sentence in enumerate(draft.sentences)
        if any(_subject(s.ref) in needed | keys and names[_subject(s.ref)] == 1 for s in sentence.spans)
    ]
    return Plant(draft, rng.choice(able), None) if able else None


def _subject(ref: str) -> str:
    kind, key, _ = split_ref(ref)
    return ref if kind == "fact" else key


def _conclusions(rng: random.Random, drafts: Sequence[Drafted]) -> Iterator[dict[str, Any]]:
    """Add a conclusion to a section: a false one must be blocked, a true one must not."""
    false, true, missed = Counter[bool](), Counter[bool](), Counter[str]()
    able = [
        (d, text, facts) for d in drafts for text, against in CONCLUSIONS if (facts := _against(d.pack, against.split()))
    ]
    for draft, text, facts in rng.choices(able, k=2 * PLANTS // len(CLASSES)):
        found = engine.check_sentence(Sentence(text), draft.pack, origin=Origin.PERSON)
        blocked = any(f.rule == "conclusions" and f.severity is Severity.BLOCKS for f in found)
        wrong = any(f.exact != "0" for f in facts)
        (false if wrong else true)[blocked] += 1
        missed[text] += blocked != wrong
    tally = Tally(false.total(), false[True], [text for text, number in missed.items() if number][:5])
    yield {**_line("status", tally, true[True] / max(true.total(), 1), true.total()), "name": "mutated drafts, conclusion"}


def _against(pack: EvidencePack, names: Sequence[str]) -> list[Fact]:
    return [f for name in names for f in pack.facts.values() if f.id == name or (name[0] == "*" and f.id.endswith(name[1:]))]


CLASSES: dict[str, Callable[[random.Random, Drafted], Plant | None]] = {
    "digit": _digit, "unit": _unit, "sign": _sign, "batch": _batch, "period": _period, "rounding": _rounding, "swap: text": _other_text,
    "swap: figure by reference": _by_reference(_like_figure), "swap: record by reference": _by_reference(_like_record), "limit: text": _limit,
    "limit: as a result, by reference": _by_reference(_limit_as_result), "status": _words("status"), "negation": _words("negation"), "omission": _omission,
}  # fmt: skip
