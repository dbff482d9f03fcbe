"""Keep references through an edit: what a person left as it was keeps them; what changed must be tied to evidence anew. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from drafting.checks import offers
from drafting.checks.binding import mismatched
from drafting.checks.tokens import Found, Token, enumerate_tokens
from drafting.model import EvidencePack, Sentence, Severity, Span
from drafting.render import ADDED, known, printed, split_ref, uncut

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")
MOST_CANDIDATES = 12
MOST_RANKED = 2_000  # among which the words choose
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
            span = offers.placed(text, token, printed(ref, pack), ref)
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


def tied(before: Sentence, text: str, pack: EvidencePack, *, picks: Mapping[str, str] | None = None) -> Sentence:
    """Return the edited sentence, each new figure tied whose words fit one reference of the evidence alone.

    A figure that stands in the place of another is never tied by itself, nor one that the words of its place then name as something else.
    """
    edited = realign(before, text, pack, picks=picks)
    replaced = {token for token, _ in contradicting(before, text, pack)}
    added: list[Span] = []
    for token in enumerate_tokens(text):
        taken = any(s.start < token.end and token.start < s.end for s in (*edited.spans, *added))
        if taken or token.kind is Token.WORD or token.text in replaced:
            continue
        span = offers.only(text, token, pack)
        if span is not None and not any(s.start < span.end and span.start < s.end for s in (*edited.spans, *added)):
            added.append(span)
    if not added:
        return edited
    strange = {(f.start, f.end) for f in mismatched(_with(edited, added), pack) if f.severity is Severity.BLOCKS}
    return _with(edited, [s for s in added if (s.start, s.end) not in strange])


def _with(sentence: Sentence, added: Sequence[Span]) -> Sentence:
    spans = tuple(sorted((*sentence.spans, *added), key=lambda s: s.start))
    return Sentence(sentence.text, spans, tuple(dict.fromkeys((*sentence.cites, *(s.ref for s in added)))))


def offered(text: str, token: Found, pack: EvidencePack) -> list[str]:
    """Return references that print a token, those first whose record, attribute and unit the words name; a person picks."""
    return offers.ranked(text, token, candidates(token.text, pack, most=MOST_RANKED), pack)[:MOST_CANDIDATES]


def candidates(token: str, pack: EvidencePack, *, most: int = MOST_CANDIDATES) -> list[str]:
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
        if len(found) >= most:
            break
    return found[:most]


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
    return [(token.text, span.ref) for token, span in _pairs(loose, lost, before) if split_ref(span.ref)[0] != "passage"]


def _pairs(loose: Sequence[Found], lost: Sequence[Span], before: Sentence) -> Iterator[tuple[Found, Span]]:
    """Yield each new token with what stood in its place: a thing of the same kind and unit, else the first of no other unit."""
    left = list(lost)
    for token in loose:
        unit = offers.unit_of(token.text)
        alike = {s: offers.unit_of(before.text[s.start : s.end]) for s in left if _kind(before, s) is token.kind}
        if token.kind is Token.NUMBER:
            alike = {s: of for s, of in alike.items() if of == unit or not (of and unit)}
        span = min(alike, key=lambda s: alike[s] != unit, default=None)
        if span is not None:
            left.remove(span)
            yield token, span


def _kind(before: Sentence, span: Span) -> Token:
    """Return what kind of thing a reference printed."""
    return next(
        t.kind
        for t in enumerate_tokens(before.text)
        if t.kind is not Token.WORD and span.start < t.end and t.start < span.end
    )
