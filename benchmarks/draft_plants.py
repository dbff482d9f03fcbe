"""Faults planted in drafts by reference: in the text while references stay, or by another true reference that the text follows."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from benchmarks.drafted import Drafted
from drafting.checks import engine
from drafting.model import EvidencePack, Finding, Origin, Sentence, Severity, Span
from drafting.render import printed, split_ref

Maker = Callable[[random.Random, Drafted], "Plant | None"]


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
        return any(f.severity is Severity.BLOCKS for f in self._findings(self.altered))

    def warned(self) -> bool:
        """Tell whether findings that only warn stand at the place of the fault."""
        found = self._findings(self.altered) if self.altered else []
        return bool(found) and all(f.severity is Severity.WARNS for f in found)

    def _findings(self, sentence: Sentence) -> list[Finding]:
        found = engine.check_sentence(sentence, self.draft.pack, origin=Origin.MACHINE)
        return [f for f in found if f.start <= self.end and self.start <= f.end]


def altered(draft: Drafted, number: int, start: int, end: int, new: str) -> Plant:
    """Return a plant that writes `new` in the place; every reference stays, and moves with the text."""
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
    return altered(draft, number, start, end, other) if other != old else None


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


def _swapped(draft: Drafted, number: int, span: Span, ref: str) -> Plant:
    plant = altered(draft, number, span.start, span.end, printed(ref, draft.pack))
    assert plant.altered is not None
    moved = tuple(
        replace(s, ref=ref) if i == draft.sentences[number].spans.index(span) else s
        for i, s in enumerate(plant.altered.spans)
    )
    return replace(plant, altered=replace(plant.altered, spans=moved))


def by_reference(fits: Callable[[Span, str, Drafted], bool]) -> Callable[[random.Random, Drafted], Plant | None]:
    """Return how a reference is exchanged for another true one that fits in its place."""

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


def like_figure(span: Span, ref: str, draft: Drafted) -> bool:
    """Tell whether both are figures of one form."""
    both = (
        span.ref.startswith("fact:")
        and ref.startswith("fact:")
        and not re.search(r"report\.product|census\.\w+_batch", span.ref + ref)
    )
    return both and _form(span.ref, draft.pack) == _form(ref, draft.pack) != "text"


def like_record(span: Span, ref: str, draft: Drafted) -> bool:
    """Tell whether both are records of one kind, or cells that may be taken for each other."""
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


BY_PLACE: dict[str, Maker] = {
    "digit": _digit, "unit": _unit, "sign": _sign, "batch": _batch, "period": _period, "rounding": _rounding, "swap: text": _other_text,
    "swap: figure by reference": by_reference(like_figure), "swap: record by reference": by_reference(like_record), "limit: text": _limit,
    "limit: as a result, by reference": by_reference(_limit_as_result),
}  # fmt: skip
