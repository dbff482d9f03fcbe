"""Last year's annual product review of product 17, and the traps in it for a writer who carries text over.

Promise: each figure is computed exactly from the real batches of May 2019 to April 2020 and the synthetic records, but
for two digits that are mistyped on purpose. Each trap is listed in TRAPS.md with its sentence.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import PurePosixPath

from corpus.samples.quality_events.kinds import ORIGIN, SYNTHETIC
from corpus.samples.quality_events.limits import Limits, Specifications
from corpus.samples.quality_events.real import PREVIOUS, Batch, Plant, rounded
from corpus.samples.quality_events.told import AUTHORED, Row, authored_rows
from corpus.samples.quality_events.word import document_bytes

NUMBER = "APR-2019-017"
PRODUCT = "17"
SINCE, UNTIL = "2019-05-01", "2020-04-30"
LABEL = (
    "Synthetic: a review as it might have been signed last year, computed from published real batch data with invented "
    "specifications and events. It is not the manufacturer's, and it holds planted mistakes (see TRAPS.md)."
)
ATTRIBUTES = (
    "dissolution_av",
    "dissolution_min",
    "impurities_total",
    "impurity_o",
    "impurity_l",
    "residual_solvent",
    "tbl_rsd_weight",
    "fct_rsd_weight",
    "tbl_yield",
    "batch_yield",
)
MORE_PLACES = 2  # mean and standard deviation are written with two places more than the results
DIGITS = 60


@dataclass(frozen=True)
class Summary:
    """What the report says of one attribute: each figure as it is written."""

    limits: Limits
    n: int
    mean: str
    sd: str
    low: str
    high: str


@dataclass(frozen=True)
class Trap:
    """A sentence of the report that must not be carried over, or that is wrong already, and why."""

    kind: str
    sentence: str
    why: str


def summarise(batches: Sequence[Batch], limits: Limits, decimals: int) -> Summary:
    """Compute number, mean, standard deviation and extremes of an attribute from exact fractions."""
    literals = [x for b in batches if (x := b.literal(limits.attribute)) is not None]
    values = [Fraction(x) for x in literals]
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((v - mean) ** 2 for v in values), Fraction(0)) / (len(values) - 1)
    with localcontext() as context:
        context.prec = DIGITS
        mean_decimal = Decimal(mean.numerator) / Decimal(mean.denominator)
        sd = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        places = decimals + MORE_PLACES
        return Summary(
            limits,
            len(values),
            rounded(mean_decimal, places),
            rounded(sd, places),
            min(literals, key=Decimal),
            max(literals, key=Decimal),
        )


def summaries(plant: Plant, specifications: Specifications) -> dict[str, Summary]:
    """Compute every attribute that the report shows."""
    batches = plant.of(PRODUCT, PREVIOUS)
    limits = {r.attribute: r for r in specifications.for_batch(batches[0])}
    decimals = {row["attribute"]: int(row["decimals"]) for row in authored_rows("limits")}
    return {name: summarise(batches, limits[name], decimals[name]) for name in ATTRIBUTES}


def report_files(
    plant: Plant, specifications: Specifications, tables: Mapping[str, Sequence[Row]]
) -> list[tuple[PurePosixPath, bytes]]:
    """Make the Word file and the list of its traps."""
    text, traps = _text(plant, specifications, tables)
    about = [
        ("id", NUMBER),
        ("title", "Annual product review, Product 17, film-coated tablets, 20 mg"),
        ("kind", "previous_report"),
        ("product", PRODUCT),
        ("version", "1"),
        ("effective", "2020-07-14"),
        ("period", f"{SINCE}/{UNTIL}"),
        (ORIGIN, SYNTHETIC),
    ]
    word = document_bytes(title=f"{NUMBER}: Annual product review", about=about, label=LABEL, body=text)
    return [
        (PurePosixPath("previous", f"{NUMBER}.docx"), word),
        (PurePosixPath("previous", "TRAPS.md"), _traps_text(traps).encode()),
    ]


def mistyped(figure: str, position: int) -> str:
    """Return a figure with one digit changed, as a typist might."""
    digit = figure[position]
    return f"{figure[:position]}{(int(digit) + 5) % 10}{figure[position + 1 :]}"


def _text(plant: Plant, specifications: Specifications, tables: Mapping[str, Sequence[Row]]) -> tuple[str, list[Trap]]:
    batches = plant.of(PRODUCT, PREVIOUS)
    numbers = {b.number for b in batches}
    found = summaries(plant, specifications)
    disposed = Counter(r["disposition"] for r in tables["batch_disposition"] if r["batch"] in numbers)
    oos = [r for r in tables["oos"] if r["batch"] in numbers]
    wrong_mean = mistyped(found["dissolution_av"].mean, 3)
    confirmed = next(r for r in oos if r["invalidated"] == "no")
    wrong_result = mistyped(confirmed["result"], 3)
    slots = {
        "n": str(len(batches)),
        "first": batches[0].number,
        "last": max(numbers, key=int),
        "released": str(disposed["released"]),
        "rejected": str(disposed["rejected"]),
        "lots": str(len({b.lots()[0] for b in batches})),
        "wrong_mean": wrong_mean,
        "low_dissolution": found["dissolution_min"].low,
        "high_impurities": found["impurities_total"].high,
        "impurity_o_limit": found["impurity_o"].limits.upper,
        "statistics": _statistics(found),
        "oos": _oos(oos, confirmed["oos_id"], wrong_result),
        "oos_count": _counted(len(oos)),
        "deviations": _listed(
            _period(tables["deviation"], "occurred_at"), ("deviation_id", "title", "batch", "class", "status")
        ),
        "capas": _listed(_period(tables["capa"], "opened_on"), ("capa_id", "deviation_id", "title", "due_on")),
        "changes": _listed(_period(tables["change_control"], "effective_on"), ("change_id", "title", "effective_on")),
        "complaints": _listed(
            _period(tables["complaint"], "received_on"), ("complaint_id", "batch", "category", "confirmed", "outcome")
        ),
        "complaint_count": _counted(len(_period(tables["complaint"], "received_on"))),
        "actions": _listed(list(tables["previous_action"]), ("action_id", "action", "owner_function", "due_on")),
    }
    text = (AUTHORED / "previous_report.body").read_text(encoding="utf-8")
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", value)
    traps = [_trap(row, slots) for row in authored_rows("traps")]
    traps.append(
        Trap(
            "mistyped digit", f"Mean dissolution was {wrong_mean} %", f"The exact mean is {found['dissolution_av'].mean} %."
        )
    )
    traps.append(
        Trap("mistyped digit", f"| {wrong_result} |", f"The result of {confirmed['oos_id']} is {confirmed['result']} %.")
    )
    for trap in traps:
        if trap.sentence not in text:
            message = f"the report does not hold the trap: {trap.sentence}"
            raise ValueError(message)
    return text, traps


def _trap(row: Row, slots: Mapping[str, str]) -> Trap:
    sentence = row["sentence"]
    for name, value in slots.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return Trap(row["kind"], sentence, row["why"])


def _period(rows: Sequence[Row], field: str) -> list[Row]:
    return [r for r in rows if r["product_code"] == PRODUCT and SINCE <= r[field][:10] <= UNTIL]


def _counted(number: int) -> str:
    return ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[number]


def _listed(rows: Sequence[Row], columns: tuple[str, ...]) -> str:
    names = [c.replace("_id", "").replace("_", " ") for c in columns]
    lines = [" | ".join(row[c] or "none" for c in columns) for row in rows]
    return "\n".join(f"| {line} |" for line in (" | ".join(names), " | ".join("---" for _ in columns), *lines))


def _statistics(found: Mapping[str, Summary]) -> str:
    head = ["| attribute | limit | n | mean | sd | min | max |", "|---|---|---|---|---|---|---|"]
    return "\n".join(
        [*head]
        + [f"| {name} | {s.limits.text} | {s.n} | {s.mean} | {s.sd} | {s.low} | {s.high} |" for name, s in found.items()]
    )


def _oos(rows: Sequence[Row], wrong_id: str, wrong_result: str) -> str:
    shown = [{**r, "result": wrong_result if r["oos_id"] == wrong_id else r["result"]} for r in rows]
    return _listed(shown, ("oos_id", "batch", "attribute", "result", "limit_text", "outcome"))


def _traps_text(traps: Sequence[Trap]) -> str:
    lines = [
        f"# Planted traps in {NUMBER}.docx",
        "",
        "The report is synthetic. Carried over to the review of May 2020 to April 2021, these sentences are wrong;",
        "the two mistyped digits were wrong from the start.",
        "",
        "| No. | Kind | Text in the report | Why it is a trap |",
        "|---|---|---|---|",
    ]
    for number, trap in enumerate(traps, start=1):
        sentence = trap.sentence.replace("|", "").strip()
        lines.append(f"| {number} | {trap.kind} | {sentence} | {trap.why} |")
    return "\n".join(lines) + "\n"
