"""What mean, deviation and index of an attribute leave out: results given as less or more than a number, and batches without a result. Pure.

A censored result that surely lies on one side of its limit is judged like any other; one that may lie on both sides is in no count of either.
"""

from collections.abc import Sequence

from drafting.evidence import measured
from drafting.evidence.collected import Collected, count_fact
from drafting.evidence.measured import CENSORED
from drafting.evidence.scope import Loaded
from drafting.model import Fact, Table

COLUMNS = (
    "Attribute", "Batches", "With a number", "Less or more than a number", "of these within the limit", "of these outside", "Without a result",
)  # fmt: skip


def censored_only(loaded: Loaded, attribute: str) -> bool:
    """Tell whether every result of an attribute is given as less or more than a number."""
    found = loaded.measurements[attribute]
    return any(m.state == CENSORED for m in found) and all(m.value is None for m in found)


def facts(loaded: Loaded, attribute: str) -> list[Fact]:
    """Count what is in none of the attribute's figures; what is not there is no fact."""
    found = loaded.measurements[attribute]
    judged = [outside for m, _, outside in measured.verdicts(loaded, attribute) if m.state == CENSORED]
    censored = sum(m.state == CENSORED for m in found)
    with_result = {m.batch for m in found if m.state == CENSORED or m.value is not None}
    counted = {
        "censored": (censored, "results given as less or more than a number"),
        "censored_within": (judged.count(False), "of these, surely within the specification in force at manufacture"),
        "censored_outside": (sum(judged), "of these, surely outside the specification in force at manufacture"),
        "without_result": (len(loaded.batches) - len(with_result), "batches of the period without a result taken in"),
    }
    n = len(loaded.batches)
    made = [count_fact(f"{attribute}.{name}", number, n, query) for name, (number, query) in counted.items() if number]
    if censored and censored_only(loaded, attribute):
        made += measured.conformity(loaded, attribute, {"attribute": attribute})
        made.append(measured.name_fact(loaded, attribute))
    return made


def tabled(loaded: Loaded, group: str, attributes: Sequence[str], into: Collected) -> None:
    """Count per attribute what its figures leave out, and say where cells were refused."""
    made = {a: facts(loaded, a) for a in attributes}
    shown = [a for a in attributes if made[a]]
    for a in shown:
        into.add_facts(made[a])
    if not shown:
        return
    rows = tuple(_row(loaded, a, {f.id.rpartition(".")[2]: f.value for f in made[a]}) for a in shown)
    refs = tuple(f"fact:{made[a][0].id}" for a in shown)
    note = "Mean, deviation and index rest on the results with a number. What may lie on both sides of its limit counts neither as within nor as outside."
    if refused := _refused(loaded, shown):
        note += f" A batch is without a result where its source states none or its cell was refused at import: {refused}."
    into.tables.append(
        Table(f"left_out.{group}", "Results left out of mean, deviation and index", COLUMNS, rows, refs, note)
    )


def _row(loaded: Loaded, attribute: str, values: dict[str, str]) -> tuple[str, ...]:
    numbers = sum(m.value is not None for m in loaded.measurements[attribute])
    names = ("censored", "censored_within", "censored_outside", "without_result")
    return (loaded.title(attribute), str(len(loaded.batches)), str(numbers), *(values.get(name, "0") for name in names))


def _refused(loaded: Loaded, attributes: Sequence[str]) -> str:
    """Return how many cells of the files behind some attributes were refused."""
    files = {m.document_id: m.document_name for a in attributes for m in loaded.measurements[a]}
    told = [
        f"{number} of {name}" for d, name in sorted(files.items(), key=lambda f: f[1]) if (number := loaded.refused.get(d))
    ]
    return ", ".join(told)
