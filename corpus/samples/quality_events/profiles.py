"""Import profiles of the synthetic files, written from the same table as the files themselves."""

from corpus.samples.quality_events.kinds import Column, Kind

_TABLETS = ("quantity_distributed", "quantity_recovered", "units", "units_inspected", "units_rejected", "false_rejects")
UNITS = dict.fromkeys(_TABLETS, "tablets")


def profile_text(kind: Kind) -> str:
    """Write the profile of a kind."""
    lines = [
        f"# Made by corpus/samples/make_quality_events.py: the synthetic file {kind.name}.csv",
        f'name = "{kind.name}"',
        "version = 1",
        f'title = "{kind.title} (synthetic)"',
        f'kind = "{kind.name}"',
        'delimiter = ";"',
        'encoding = "utf-8"',
        'decimal_mark = "."',
        'missing = [""]',
        f"key = {_listed(kind.key)}",
        "synthetic = true",
    ]
    lines += [f'product = "{kind.product}"'] if kind.product else []
    lines += [f'strength = "{kind.strength}"'] if kind.strength else []
    lines += [f"date = {_listed(kind.date)}"] if kind.date else []
    return "\n".join(lines) + "\n" + "".join(_column_text(column) for column in kind.columns)


def _column_text(column: Column) -> str:
    lines = ["", f"[columns.{column.name}]", f'field = "{column.name}"']
    kind = "enum" if column.type == "flag" else column.type
    allowed = ("yes", "no") if column.type == "flag" else column.allowed
    lines += [f'type = "{kind}"'] if kind != "text" else []
    lines += [f"values = {_listed(allowed)}"] if allowed else []
    lines += [f'unit = "{UNITS[column.name]}"'] if column.name in UNITS else []
    lines += ["passage = true"] if column.passage else []
    return "\n".join(lines) + "\n"


def _listed(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
