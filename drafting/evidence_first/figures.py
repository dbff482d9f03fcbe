"""Key figures of a section: which can be asked before its draft shows, from what sources, and how an answer is read. Pure.

Asked is what a person can find without the machine's text: a count whose records a table of the section lists, as many as it was counted
over, or a statistic of an attribute whose values a chart of the section holds. A figure whose own description gives it away is not asked.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from audit.errors import Invalid
from drafting.evidence.kinds import LISTINGS, kind_title
from drafting.model import Chart, EvidencePack, Fact, Span, Table
from drafting.render import split_ref

MOST = 3
CANNOT_TELL = "cannot tell"
PART = "of these"  # begins what is described by another figure
LARGEST = Decimal(10) ** 15
PREFERRED = {"n": "number of values", "mean": "mean", "outside": "values outside the specification"}
STATISTICS = {**PREFERRED, "min": "lowest value", "max": "highest value", "median": "median"}
COUNTED = {"count": "number", "hits": "number found"}
NUMBER = re.compile(r"[-\u2212]?\d+(?:\.\d+)?")
ANSWER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,9})?")  # other digits than these ten read alike and compare otherwise
Text = tuple[str, str, Sequence[Span]]  # id, text and spans of a sentence


@dataclass(frozen=True)
class Figure:
    """A key figure that a sentence states: where, how it is called, and the tables or the chart of the section that it is found in."""

    ref: str
    subject: str  # id of the first sentence that states it
    label: str
    unit: str
    places: int
    about: str = ""  # what was counted, in the words of its query
    tables: tuple[str, ...] = ()
    chart: str = ""
    preferred: bool = True


@dataclass(frozen=True)
class Stated:
    """What a person stated of a figure before the draft showed, what the draft says, and what the evidence held then."""

    ref: str
    subject: str
    label: str
    unit: str
    answer: str  # CANNOT_TELL, or a decimal
    advice: str
    truth: str  # "" where the evidence had changed since the draft: nothing is made of it

    @property
    def own(self) -> Decimal | None:
        """Return the own answer; None where the person could not tell."""
        return None if self.answer == CANNOT_TELL else Decimal(self.answer)

    def tree(self) -> dict[str, str]:
        """Return it for canonical JSON."""
        return asdict(self)

    @staticmethod
    def of(tree: Mapping[str, Any]) -> "Stated":
        """Read it back from its tree."""
        return Stated(**tree)


def askable(sentences: Iterable[Text], pack: EvidencePack) -> tuple[Figure, ...]:
    """Return the figures of sentences that can be asked, each once, in the order of the text."""
    found: dict[str, Figure] = {}
    for subject, text, spans in sentences:
        for ref in (span.ref for span in spans if span.ref.startswith("fact:")):
            fact = pack.facts.get(split_ref(ref)[1])
            if fact is not None and ref not in found and printed_in(text, spans, ref) is not None:
                found |= {figure.ref: figure for figure in _figures(fact, ref, subject, pack)}
    return tuple(found.values())


def asked(sentences: Iterable[Text], pack: EvidencePack, proof: str) -> tuple[Figure, ...]:
    """Return the figures that a draw chooses: counts and means before others, no two that read alike in one source, in the order of the text."""
    possible = askable(sentences, pack)
    rng = random.Random(f"figures {proof}")  # noqa: S311 - reproducible; the proof is the secret
    ranked = sorted(rng.sample(possible, len(possible)), key=lambda figure: not figure.preferred)
    alike = {(f.tables, f.chart, pack.facts[split_ref(f.ref)[1]].value): f for f in reversed(ranked)}
    chosen = [f for f in ranked if f in alike.values()][:MOST]
    return tuple(f for f in possible if f in chosen)


def _figures(fact: Fact, ref: str, subject: str, pack: EvidencePack) -> Iterator[Figure]:
    if not NUMBER.fullmatch(fact.value):
        return
    about = str(fact.inputs.get("query", ""))
    if fact.value in NUMBER.findall(about) or about.startswith(PART):
        return
    of, _, statistic = fact.id.rpartition(".")
    made = Figure(ref, subject, "", fact.unit, len(fact.value.partition(".")[2]), about)
    name = pack.facts.get(f"{of}.attribute")
    if name is not None:
        chart = _chart(fact, of, pack.charts)
        if chart is not None and statistic in STATISTICS:
            label = f"{name.value}: {STATISTICS[statistic]}"
            yield replace(made, label=label, chart=chart.id, preferred=statistic in PREFERRED)
        return
    counted = fact.method.startswith("count") and Decimal(fact.value) <= fact.n
    listing = _listing(fact, pack.tables) if counted else ()
    if listing:
        yield replace(made, label=_counted(fact.id), tables=tuple(table.id for table in listing))


def _chart(fact: Fact, attribute: str, charts: Iterable[Chart]) -> Chart | None:
    held = (c for c in charts if c.attribute == attribute and not c.kind and not c.points_are)
    return next((c for c in held if len(c.points) == fact.n), None)


def _listing(fact: Fact, tables: Iterable[Table]) -> tuple[Table, ...]:
    """Return the tables of records that list what a count was made over: those of its kind, where there are such."""
    whole = [t for t in tables if t.rows and len(t.rows) == len(t.refs) == fact.n and _kinds(t)]
    own = [t for t in whole if fact.id.partition(".")[0] in _kinds(t)]
    return tuple(own or whole)


def _kinds(table: Table) -> frozenset[str]:
    """Return the kinds of records that a table lists; none where a row is computed."""
    if not all(ref.startswith("record:") for ref in table.refs):
        return frozenset()
    return frozenset(split_ref(ref)[1].partition("/")[0] for ref in table.refs)


def _counted(fact_id: str) -> str:
    kind, *rest = fact_id.split(".")
    words = COUNTED.get(".".join(rest)) or " ".join(kind_title(r).lower() if r in LISTINGS else r for r in rest).replace(
        "_", " "
    )
    return f"{kind_title(kind)}: {words}"


def printed_in(text: str, spans: Iterable[Span], ref: str) -> Decimal | None:
    """Return the number that a text prints for a reference; None where it prints none."""
    places = (text[span.start : span.end] for span in spans if span.ref == ref)
    found = next((number for place in places if (number := NUMBER.match(place))), None)
    return Decimal(found[0].replace("\u2212", "-")) if found else None


def read(figure: Figure, answer: str) -> str:
    """Return an answer as it is kept; raise Invalid where it is neither a decimal of the asked precision nor "cannot tell"."""
    typed = answer.strip().replace("\u2212", "-")
    if typed == CANNOT_TELL:
        return CANNOT_TELL
    if not typed:
        raise Invalid(f"Nothing is stated for {figure.label}.", remedy="Type your figure, or say that you cannot tell.")
    if not ANSWER.fullmatch(typed) or abs(Decimal(typed)) >= LARGEST:
        raise Invalid(
            f"'{typed[:40]}' is no figure for {figure.label}.",
            remedy="Type a number with a point before its decimals, or say that you cannot tell.",
        )
    if len(typed.partition(".")[2]) > figure.places:
        raise Invalid(
            f"{figure.label} is asked with {figure.places} decimal place(s).", remedy="Round your figure to as many."
        )
    return typed.lstrip("+-") if not Decimal(typed) else typed.removeprefix("+")
