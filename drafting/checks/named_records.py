"""Which records the words of a clause speak of: named by a reference or by their identifier, alone or in a list. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from drafting.checks.findings import record_of
from drafting.checks.lexicon import GAP
from drafting.checks.tokens import Token, enumerate_tokens
from drafting.model import Evidence, EvidencePack, Sentence, Span
from drafting.render import held, known, split_ref

NOUN = r"(?:deviation|event|batch|lot|recall|complaint|CAPA|action|OOS|record|change)"
PREPOSITION = r"(?:of|for|to|on|in|under|after|with|from|by|during|at|before|as|besides?|except|unlike|like|than|since|among|including|excluding)"
_BEHIND = re.compile(
    rf"(?:(?<![\w{GAP}])(?P<noun>[\w{GAP}]+)\s+|^\s*){PREPOSITION}\s+(?:the\s+)?(?:{NOUN}\s+)*$", re.IGNORECASE
)
JOIN = re.compile(
    r"\s*(?:\([^)]*\))?\s*(?:,|and|or|,\s*and|as well as|,\s*as well as)\s+(?:(?:the\s+)?(?:batch|lot|deviation|event|CAPA|complaint)\s+)?",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """A record that a clause names: where it is named, and whether another noun governs it."""

    record: Evidence
    start: int
    end: int
    noun: str | None  # before its preposition; None where the record stands free
    place: int = 0  # in a list of records
    many: int = 1


def writers_words(sentence: Sentence) -> str:
    """Return the text of the same length, without what references print."""
    text = sentence.text
    for span in sentence.spans:
        text = text[: span.start] + GAP * (span.end - span.start) + text[span.end :]
    return text


def named_in(sentence: Sentence, text: str, cuts: list[int], pack: EvidencePack) -> list[Named]:
    """Return the records that references name, in order; a batch stands for its disposition too."""
    found: list[Named] = []
    for span in (*sentence.spans, *_by_identifier(sentence, pack)):
        key = record_of(span.ref)
        record = held(span.ref, pack) if key and known(span.ref, pack) else None
        if not isinstance(record, Evidence):
            continue
        clause = max(cut for cut in cuts if cut <= span.start)
        behind = _BEHIND.search(text[clause : span.start])
        noun = (behind["noun"] or "") if behind else None
        shown, name = sentence.text[span.start : span.end], split_ref(span.ref)[2]
        if record.kind == "batch" or name == "batch":
            record = pack.records.get(f"batch_disposition/{shown}")
        elif name and name != f"{record.kind}_id" and (other := _identifiers(pack).get(shown)):
            record = pack.records[record_of(other)]  # a cell that names another record
        if record is not None:
            found.append(Named(record, span.start, span.end, noun))
    return sorted(found, key=lambda named: named.start)


@lru_cache(maxsize=64)
def widened(pack: EvidencePack, whole: EvidencePack) -> EvidencePack:
    """Return the evidence of a section with the records of its report that it lacks."""
    return replace(pack, records={**whole.records, **pack.records})


def _by_identifier(sentence: Sentence, pack: EvidencePack) -> Iterator[Span]:
    """Yield the records of the evidence that the text names without a reference."""
    by_name = _identifiers(pack)
    for token in enumerate_tokens(sentence.text):
        covered = any(s.start < token.end and token.start < s.end for s in sentence.spans)
        if token.kind is Token.IDENTIFIER and not covered and token.text in by_name:
            yield Span(token.start, token.end, by_name[token.text])


@lru_cache(maxsize=64)
def _identifiers(pack: EvidencePack) -> dict[str, str]:
    return {record.identifier: record.ref for record in pack.records.values()}


def listed(every: list[Named], text: str) -> list[Named]:
    """Return the records with those that are listed together speaking to the same words: "X, Y and Z were rejected"."""
    found: list[Named] = []
    group: list[Named] = []
    for named in [*every, None]:
        joined = (
            named
            and group
            and named.record.kind == group[-1].record.kind
            and JOIN.fullmatch(text[group[-1].end : named.start])
        )
        if group and not joined:
            found += [
                one._replace(end=group[-1].end, noun=group[0].noun, place=i, many=len(group)) for i, one in enumerate(group)
            ]
            group = []
        if named:
            group.append(named)
    return found
