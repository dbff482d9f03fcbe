"""Keep references through an edit: what a person left as it was keeps them; what changed must be tied to evidence anew. Pure."""

import difflib
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.model import EvidencePack, Sentence, Span
from drafting.render import ADDED, known, printed, split_ref, uncut

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
MOST_CANDIDATES = 12
MOST_PLACES = 3  # of one token in one attachment


def realign(before: Sentence, text: str, pack: EvidencePack, *, picks: Mapping[str, str] | None = None) -> Sentence:
    """Return the edited sentence with every reference that still holds.

    A reference survives where its whole stretch is unchanged. A changed or new token is tied only to what the person picked, or
    to the only candidate of the same entity, attribute and statistic as the reference that stood there.
    """
    kept = _surviving(before, text)
    covered = [(span.start, span.end) for span in kept]
    added = []
    for token in enumerate_tokens(text):
        if any(start < token.end and token.start < end for start, end in covered):
            continue
        ref = (picks or {}).get(token.text)
        if ref and known(ref, pack):
            span = _fit(text, token, printed(ref, pack), ref)
            if span is not None:
                added.append(span)
                covered.append((span.start, span.end))
    added += _quoted(text, picks or {}, pack, covered)
    spans = tuple(sorted((*kept, *added), key=lambda s: s.start))
    refs = {span.ref for span in spans}
    dropped = {span.ref for span in before.spans} - refs
    cites = tuple(dict.fromkeys([*(c for c in before.cites if c not in dropped), *(span.ref for span in spans)]))
    return Sentence(text, spans, cites)


def _quoted(text: str, picks: Mapping[str, str], pack: EvidencePack, covered: Sequence[tuple[int, int]]) -> list[Span]:
    """Place each picked quotation that stands in the text as it was declared, or in the attachment, and holds no token of its own."""
    found: list[Span] = []
    for shown, ref in picks.items():
        if not ref.startswith(ADDED) or not known(ref, pack) or printed(ref, pack) != shown:
            continue
        taken = [*covered, *((s.start, s.end) for s in found)]
        places = [m.start() for m in uncut(shown).finditer(text)]
        free = (p for p in places if not any(start < p + len(shown) and p < end for start, end in taken))
        found += [Span(p, p + len(shown), ref) for p in free]
    return found


def _surviving(before: Sentence, text: str) -> list[Span]:
    old, new = _pieces(before.text), _pieces(text)
    matcher = difflib.SequenceMatcher(None, [p for _, p in old], [p for _, p in new], autojunk=False)
    shift: dict[int, int] = {}
    for a, b, size in matcher.get_matching_blocks():
        for k in range(size):
            start, piece = old[a + k]
            for offset in range(len(piece)):
                shift[start + offset] = new[b + k][0] + offset
    kept = []
    for span in before.spans:
        places = [shift.get(i) for i in range(span.start, span.end)]
        first = places[0] if places else None
        shown = uncut(before.text[span.start : span.end])
        whole = first is not None and (shown.match(text, first) or not shown.match(before.text, span.start))
        if (
            first is not None
            and whole
            and places == list(range(first, first + len(places)))
            and _is_told(span, before, shift)
        ):
            kept.append(Span(first, first + len(places), span.ref))
    return kept


def _is_told(span: Span, before: Sentence, shift: Mapping[int, int]) -> bool:
    """Tell whether a stretch is the only one of its sentence that reads so, or a word beside it went with it."""
    shown = [before.text[s.start : s.end] for s in before.spans]
    if shown.count(before.text[span.start : span.end]) == 1:
        return True
    start, end = shift[span.start], shift[span.end - 1]
    return shift.get(span.start - 2) == start - 2 or shift.get(span.end + 1) == end + 2


def _pieces(text: str) -> list[tuple[int, str]]:
    return [(m.start(), m[0]) for m in _PIECES.finditer(text)]


def _fit(text: str, token: Found, shown: str, ref: str) -> Span | None:
    """Place a reference so that its printed text covers the token exactly as it stands in the text."""
    for start in range(max(0, token.end - len(shown)), token.start + 1):
        if text.startswith(shown, start) and start + len(shown) >= token.end:
            return Span(start, start + len(shown), ref)
    return None


def candidates(token: str, pack: EvidencePack) -> list[str]:
    """Return references that print this token as a whole, for a person to pick from; never picked by itself.

    For a time of day they are the date-times that it ends: a time alone is not what the evidence prints, so the text must say the whole.
    """
    wanted = token.strip()
    found = [f"manual:{d.id}" for d in pack.declared.values() if d.value == wanted]
    for key, attached in pack.attached.items():
        found += [
            f"attachment:{key}#{m.start()}-{m.end()}" for m in islice(uncut(wanted).finditer(attached.text), MOST_PLACES)
        ]
    found += [f"fact:{fact.id}" for fact in pack.facts.values() if wanted in (fact.value, fact.printed)]
    for key, evidence in pack.records.items():
        if evidence.identifier == wanted:
            found.append(f"record:{key}")
        for name in evidence.fields:
            ref = f"cell:{key}#{name}"
            written = evidence.fields[name]
            if written and (wanted in (written, printed(ref, pack)) or _ends(written, wanted)):
                found.append(ref)
        if len(found) >= MOST_CANDIDATES:
            break
    return found[:MOST_CANDIDATES]


def _ends(written: str, time: str) -> bool:
    """Tell whether a cell is a date and time, and the time is this one."""
    return re.fullmatch(rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{re.escape(time)}", written) is not None and ":" in time


def displaced(before: Sentence, text: str, pack: EvidencePack, picks: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a token that was picked from what a person added and stands where the evidence says something, with that reference."""
    for token, ref in contradicting(before, text, pack):
        if picks.get(token, "").startswith(ADDED) and not ref.startswith(ADDED):
            return token, ref
    return None


def contradicting(before: Sentence, text: str, pack: EvidencePack) -> list[tuple[str, str]]:
    """Return (token, reference) for each changed quantity that stands where another was: what the evidence says there."""
    edited = realign(before, text, pack)
    were = [t for t in enumerate_tokens(before.text) if t.kind is not Token.WORD]
    gone = [span for span in before.spans if span.ref not in {s.ref for s in edited.spans}]
    lost = [s for s in gone if any(s.start < t.end and t.start < s.end for t in were)]  # a word is no quantity
    loose = [
        t
        for t in enumerate_tokens(text)
        if t.kind is not Token.WORD and not any(s.start <= t.start and t.end <= s.end for s in edited.spans)
    ]
    return [(token.text, span.ref) for token, span in zip(loose, lost, strict=False) if split_ref(span.ref)[0] != "passage"]
