"""Read a percentage between commas as one in brackets: "ten of the 23, corresponding to 43.5 %, were late". Pure."""

from dataclasses import replace

from drafting.checks.foreign.words import Line, Word

_LEADS = tuple(
    (",", *words)
    for words in (
        ("corresponding", "to"), ("equivalent", "to"), ("equal", "to"), ("that", "is"), ("which", "is"), ("i", ".", "e", "."), ("i.e", "."), ("i.e.",),
        ("or",), ("a", "share", "of"),
    )
)  # fmt: skip
_PERCENT = frozenset(("%", "percent"))


def bracketed(line: Line) -> Line:
    """Return a sentence in which a percentage that only restates the numbers before it stands in brackets."""
    words = list(line.words)
    for at in range(len(words) - 1, 0, -1):
        percent = at + 1 < len(words) and words[at].value is not None and words[at + 1].text.casefold() in _PERCENT
        lead = next((n for n in map(len, _LEADS) if percent and _said(words[max(0, at - n) : at])), 0)
        ends = [w.text for w in words[at + 2 : at + 3]]
        if lead and ends in ([","], ["."]) and any(w.value is not None for w in words[: at - lead]):
            opened = replace(words[at - lead], end=words[at - 1].end, text="(", kind="mark", stem="(")
            closing = words[at + 2]
            closed = replace(closing, text=")", kind="mark", stem=")")
            words[at + 2 : at + 3] = [closed] if ends == [","] else [replace(closed, end=closed.start), closing]
            words[at - lead : at] = [opened]
    return replace(line, words=tuple(words)) if len(words) != len(line.words) else line


def _said(words: list[Word]) -> bool:
    return tuple(w.text.casefold() for w in words) in _LEADS
