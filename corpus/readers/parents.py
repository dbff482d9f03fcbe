"""What the rows of a nested list say of what they stand in: the identifiers of their parents, each a column of its own. Pure.

Promise: nothing is worked out. A name that ends as names of identifiers do (id, no, number, code, key), that is `batch` or `lot`, or that is the
parent's own name, is taken; which of them is the key a profile says, and a person confirms that.
"""

import re
from collections.abc import Mapping

_ENDS = frozenset(("id", "identifier", "no", "nr", "number", "num", "nummer", "code", "key"))
_WHOLE = frozenset(("batch", "lot"))
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
LONGEST = 200  # characters of an identifier; a longer text is none
MOST = 16  # identifiers that a row carries, the nearest ones: it could stand deeper in a file that is made to grow
MOST_REPEATED = 16 * 1024 * 1024  # characters of them in one file
BETWEEN = "/"  # a parent and its identifier: "batch/@id"


def identifiers(cells: Mapping[str, str], parent: str) -> dict[str, str]:
    """Return the cells of a parent that identify it, by the names of the columns that its children get."""
    return {
        f"{parent}{BETWEEN}{name}": text
        for name, text in cells.items()
        if 0 < len(text) <= LONGEST and identifies(name, parent)
    }


def carried(around: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return what children carry: what identifies their parent, and what it stands in."""
    return dict(list({**around, **own}.items())[-MOST:])


def identifies(name: str, parent: str) -> bool:
    """Tell whether a name reads as that of an identifier."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return bool(words) and (
        words[-1] in _ENDS or "".join(words) in _WHOLE or words == [w.lower() for w in _WORDS.findall(parent)]
    )
