"""The digest of what was imported is that of one form, however it is computed: entries of earlier releases must still match."""

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from corpus.keeping import result_digest

SIGNS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["]\n[", '"],["', "\n", "\\n", "\u2028", "[", ","]
)
CELLS = SIGNS | st.none() | st.booleans() | st.integers(-(2**40), 2**40)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5).map(tuple), max_size=5)


def row_by_row(rows: dict[str, list[tuple[Any, ...]]]) -> str:
    """Hash as the first release did: a JSON text a row, sorted within its table."""
    lines = [
        f"{name} {line}"
        for name in sorted(rows)
        for line in sorted(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows[name])
    ]
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


@given(st.dictionaries(st.sampled_from(["records", "measurements", "refusals", "passages"]), ROWS))
def test_all_rows_in_one_pass_have_the_digest_of_each_row_by_itself(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    assert result_digest(rows) == row_by_row(rows)


def test_a_row_that_is_changed_in_one_cell_has_another_digest() -> None:
    assert result_digest({"records": [("a", "1", None)]}) != result_digest({"records": [("a", "1", "")]})
