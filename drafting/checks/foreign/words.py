"""Cut a text into sentences and words, each with its place, its stem and, where it says one, its value. Pure, and of no field."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(
    r"(?P<date>\d{4}-\d{2}(?:-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)?(?![\d-]))"
    r"|(?P<code>(?<!°)(?<!° )[A-Z][A-Za-z]{0,7}\d*(?:[-/][A-Z0-9]+)*[-/]\d\w*(?:[-/]\w+)*)"
    r"|(?P<time>\d{1,2}:\d{2}(?::\d{2})?)"
    r"|(?P<number>[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?(?![\w.,/-]*\d)"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?(?!\d|[^\W\d_]|\.\d)|\d+(?:\.\d+)?(?=(?:mg|kg|g|ml|mL|mm|kN|N|h|min)\b))"
    r"|(?P<word>[^\W_]+(?:['’][^\W\d_]+)?)"
    r"|(?P<mark>\S)"
)
_PARTED = re.compile(r"[,\s]")  # thousands, by a comma or a space
_VERBS = frozenset(("was", "were", "is", "are", "has", "have", "had", "be", "been", "showed", "met"))  # no title has these
_GOES_ON = frozenset((",", ";", "-", "–", "(", "|", "/", "&"))
_ENDS = re.compile(
    r"[.!?](?=[\"')\]]*(?:\s+[\"'(\[]?[A-Z0-9#|*>-]|\s*$))|\n\s*\n|\n(?=\s*(?:[|#*>-]|\d+[.)]\s))"
    r"|\n(?=[^\n]* \| )|(?<=\|)[^\n|]*\n|(?:(?<=\n)|\A)[^\n]{1,60}(?<![,;])\n(?=[A-Z0-9])"  # around rows and behind headings
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:Jr|Sr|No|Nos|Dr|Mr|Mrs|Ms|vs|approx|ca|Fig|Ref|St|resp|e\.g|i\.e)|(?<!°)\b[A-Z]|\b[A-Z]\.[A-Z] )\.$"
)
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "pair": 2, "dozen": 12,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
STATISTICS = {
    "mean": ("mean", "average", "averaged", "averages", "averaging", "avg", "av"),
    "min": ("min", "minimum", "lowest", "smallest", "least"),
    "max": ("max", "maximum", "highest", "largest", "greatest"),
    "sum": ("sum", "total", "totals", "totalled", "totaling", "combined", "altogether", "overall"),
    "sd": ("sd", "stdev"),
    "n": ("n",),
}
TENS, TWENTY = 10, 20
LONGEST_LINE = 400  # words
_STATISTIC_OF = {word: name for name, words in STATISTICS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number, code, date or mark, and its place in the text; `value` where it says a number."""

    start: int
    end: int
    text: str
    kind: str
    stem: str
    value: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """A sentence or a row of a table in the text."""

    start: int
    end: int
    words: tuple[Word, ...]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the form under which a word is compared: lower case, singular, a statistic by one name."""
    low = word.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")
    if low in _STATISTIC_OF:
        return _STATISTIC_OF[low]
    for ending, instead, least in (("ies", "y", 4), ("sses", "ss", 5), ("ches", "ch", 5), ("xes", "x", 4), ("s", "", 4)):
        if low.endswith(ending) and len(low) >= least and not low.endswith(("ss", "us", "is")):
            return low[: len(low) - len(ending)] + instead
    return low


def cut(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order."""
    found = [_word(match) for match in _WORD.finditer(text)]
    return tuple(_compounds(found))


def _word(match: re.Match[str]) -> Word:
    kind, text = str(match.lastgroup), match[0]
    if kind == "number":
        return Word(match.start(), match.end(), text, kind, text, Decimal(_PARTED.sub("", text)))
    value = _UNITS.get(text.casefold()) if kind == "word" else None
    return Word(
        match.start(),
        match.end(),
        text,
        kind,
        stem(text) if kind == "word" else text,
        None if value is None else Decimal(value),
    )


def _compounds(words: list[Word]) -> list[Word]:
    """Join "thirty - four" and "thirty four" to one number."""
    out: list[Word] = []
    for word in words:
        last = out[-1] if out else None
        before = out[-2] if len(out) > 1 else None
        if word.kind == "word" and word.value is not None and 0 < word.value < TENS:
            tens = last if _tens(last) else before if last is not None and last.text == "-" and _tens(before) else None
            if tens is not None and tens.value is not None:
                del out[out.index(tens) :]
                out.append(
                    Word(tens.start, word.end, f"{tens.text}-{word.text}", "word", word.stem, tens.value + word.value)
                )
                continue
        out.append(word)
    return out


def _tens(word: Word | None) -> bool:
    return word is not None and word.kind == "word" and word.value is not None and word.value >= TWENTY


def _headings(text: str) -> Iterator[int]:
    """Return where a line ends that is no wrapped one: the title of the text, or a line to which the next word would have been added."""
    at, titled = 0, True
    paragraph: list[tuple[int, str]] = []
    for line in (*text.split("\n"), ""):
        if line.strip():
            paragraph.append((at + len(line), line.rstrip()))
        elif paragraph:
            yield from _unwrapped(paragraph, titled=titled)
            paragraph, titled = [], False
        at += len(line) + 1


def _unwrapped(paragraph: Sequence[tuple[int, str]], *, titled: bool) -> Iterator[int]:
    """Return where lines of a paragraph end (end, line) behind which the next one begins anew; the first one may be the title."""
    widest = max(len(line) for _, line in paragraph)
    for number, ((end, line), (_, then)) in enumerate(pairwise(paragraph)):
        word = then.split(maxsplit=1)[0]
        room = len(line) + 1 + len(word) <= widest
        title = titled and number == 0 and not _VERBS & {w.casefold() for w in line.split()}
        if word[:1].isupper() and line[-1] not in _GOES_ON and (room or title):
            yield end


def lines(text: str) -> tuple[Line, ...]:
    """Return the sentences of a text in order; a row of a table is one of its own."""
    words = cut(text)
    ends, first = [], 0
    for match in _ENDS.finditer(text):
        if match[0] == "." and _ABBREVIATED.search(text, max(first, match.start() - 8), match.end()):
            continue
        ends.append(match.end())
        first = match.end()
    out, at = [], 0
    for end in sorted({*ends, *_headings(text), len(text)}):
        inside = []
        while at < len(words) and words[at].start < end:
            inside.append(words[at])
            at += 1
        for first in range(0, len(inside), LONGEST_LINE):  # a sentence without an end is read in pieces
            piece = inside[first : first + LONGEST_LINE]
            out.append(Line(piece[0].start, piece[-1].end, tuple(piece)))
    return tuple(out)
