"""Hold a value that a sentence calls within a limit against that limit: "83 %, within the limit of NLT 83.5 %" contradicts itself. Pure."""

from collections.abc import Iterator

from drafting.checks.foreign.attributes import relation_before
from drafting.checks.foreign.conclusions import WITHIN
from drafting.checks.foreign.reading import Reading, value_of
from drafting.checks.foreign.values import holds
from drafting.checks.foreign.verdicts import Judged, Verdict
from drafting.checks.units import read_unit

_NEGATED = frozenset(("not", "never", "neither", "nor", "no"))


def judge_within(reading: Reading) -> Iterator[Judged]:
    """Return a contradiction for each value that does not keep the limit within which the sentence says it lies."""
    words = reading.words
    for before, at in zip(reading.numbers, reading.numbers[1:], strict=False):
        relation = relation_before(words, at)
        said = next((k for k in range(before + 1, at) if words[k].text.casefold() in WITHIN), None)
        if said is None or _NEGATED & {w.text.casefold() for w in words[before + 1 : said]}:
            continue
        if relation not in ("<=", ">=") or relation_before(words, before):
            continue
        if not _alike(reading, before, at) or holds(value_of(words[at]), value_of(words[before]), relation):
            continue
        quote = " ".join(w.text for w in words[said : at + 1])
        message = f"'{quote}' is contradicted: {words[before].text} does not keep this limit."
        yield Judged(
            words[said].start, words[at].end, quote, "word", Verdict.CONTRADICTED, "limit", message, "the text itself"
        )


def _alike(reading: Reading, one: int, other: int) -> bool:
    """Tell whether two numbers have the same unit behind them."""
    behind = [reading.words[k + 1] if k + 1 < len(reading.words) else None for k in (one, other)]
    units = [read_unit(w.text) if w is not None and w.text not in (",", ".", ")") else None for w in behind]
    return units[0] is not None and units[0] == units[1]
