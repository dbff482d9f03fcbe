"""Read a previous report into what this one is compared with: one that was approved here, or one that was imported as a text. Pure.

Of an imported report only what is certain is read as a figure: a table whose first column names an attribute and whose other columns name
statistics, and the count of batches. Everything else of it is text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from corpus.readers.narrative import Block, Narrative
from drafting.checks.reuse import Previous, Recommended, Said, Then, pieces, words_of
from drafting.model import Evidence, EvidencePack, Span

STATISTICS = {
    "n": "n", "mean": "mean", "average": "mean", "sd": "sd", "standard deviation": "sd", "rsd": "rsd", "min": "min", "minimum": "min",
    "lowest": "min", "max": "max", "maximum": "max", "highest": "max", "median": "median", "ppk": "ppk", "cpk": "cpk", "outside": "outside",
    "signals": "signals",
}  # fmt: skip
COUNTED = (
    ("census.made", r"(\d+) batches (?:of \w+ \w+ )?were (?:started|made|manufactured|produced)"),
    ("census.released", r"(\d+)(?: batches)? were released"),
    ("census.rejected", r"(\d+)(?: batch| batches)? (?:was|were) rejected"),
)
_RECOMMENDS = re.compile(
    r"\brecommend|\baction plan\b|\bactions? (?:to be taken|agreed|proposed)|\bfollow[- ]?up\b|\bnext steps\b", re.IGNORECASE
)
_LABELLED = re.compile(
    r"(?:recommendations?|recommended(?: actions?)?|actions? (?:agreed|proposed|to be taken))\s*:\s*(?=\S)", re.IGNORECASE
)
_NUMBER = r"[A-Z]{1,8}(?:-[A-Z0-9]+)*-\d[\w-]*"
_OWN = re.compile(rf"\W*({_NUMBER})|.*\(({_NUMBER})\)")  # of an action: it begins with its number, or has it in parentheses
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:/|to|until|through|–|-)\s*(\d{4}-\d{2}-\d{2})")
ACTION_FIELDS = {"action_plan": "actions"}
FEWEST = 3  # words of a recommendation
FRONT = 60  # blocks in which an imported report says what it is
WRAPPED = 60  # characters of a line from which on it may go on in the next one
UNSIGNED = "NOT SIGNED"  # as an export of this program says it
ENTERED, EMPTY = ["Field", "Entry", "Who", "When"], "(not entered)"  # and what a person entered there


def approved(tree: Mapping[str, Any], mark: str) -> Previous:
    """Read the kept JSON of an approved report; `mark` is its hash."""
    said: list[Said] = []
    facts: dict[str, Then] = {}
    records: dict[str, Evidence] = {}
    recommended: list[Recommended] = []
    for section in tree["sections"]:
        key, title = section["summary"]["key"], f"{section['summary']['number']} {section['summary']['title']}"
        pack = EvidencePack.of(section["evidence"])
        facts = {**{name: Then(fact.printed, title) for name, fact in pack.facts.items()}, **facts}
        records |= pack.records
        said += [
            Said(sentence["text"], title, key, tuple(Span(**span) for span in sentence["spans"]))
            for sentence in section["sentences"]
            if sentence["state"] != "rejected"
        ]
        for entered in section["fields"]:
            name, value = entered["outline"]["key"], entered["value"]
            if value and not entered["outline"]["choices"]:
                said.append(Said(value, f"{title}, {entered['outline']['label']}", key))
            if ACTION_FIELDS.get(key) == name:
                recommended += _told(value, title)
    return Previous(
        mark, tree["number"], tree["title"], tree["period_from"], tree["period_to"], report_id=tree["id"], said=tuple(said),
        facts=facts, records=records, recommended=tuple(recommended),
    )  # fmt: skip


def imported(read: Narrative, *, mark: str, document_id: str, name: str) -> Previous:
    """Read the text of a report that was written elsewhere, or exported here; `mark` is the hash of its file, `name` its number."""
    about = read.about
    body = [line for b in read.blocks if not _describes(b, about) for line in _lines(b)]
    placed = list(_placed(body))
    period = _PERIOD.search(about.get("period", "")) or _PERIOD.search(" ".join(b.text for b in body[:FRONT]))
    grids: dict[str, list[tuple[str, str, list[str]]]] = {}
    for heading, block in placed:
        if block.grid:
            grids.setdefault(block.grid, []).append((heading, block.place, _cells(block)))
    facts = {name: then for rows in grids.values() for name, then in _figures(rows)}
    for heading, block in placed:
        for fact, words in COUNTED if not block.grid else ():
            match = re.search(words, block.text)
            if match:
                facts.setdefault(fact, Then(match[1], _place(heading, block.place)))
    return Previous(
        mark, about.get("id") or name, about.get("title", ""), period[1] if period else "", period[2] if period else "",
        document_id=document_id,
        said=tuple(Said(b.text, _place(heading, b.place), row=bool(b.grid)) for heading, b in placed if not b.heading),
        facts=facts,
        named=frozenset(row[2][0] for rows in grids.values() for row in rows if _is_identifier(row[2][0])),
        recommended=tuple(_recommended(placed, grids)), unsigned=any(UNSIGNED in b.text for b in body[:FRONT]),
    )  # fmt: skip


def is_of(stated: str | None, product: str) -> bool:
    """Tell whether what a report states as its product is this one: its code, or a name with the code behind it, as "Name (17)"."""
    return stated in (product, "*") or bool(stated and stated.endswith(f"({product})"))


def names_product(read: Narrative, product: str) -> bool:
    """Tell whether an imported report says at its beginning that it is of a product."""
    front = " ".join(block.text for block in read.blocks[:FRONT])
    return re.search(rf"\bproduct\W{{0,3}}{re.escape(product)}(?!\w)", front, re.IGNORECASE) is not None


def _describes(block: Block, about: Mapping[str, str]) -> bool:
    """Tell whether a row only describes the document ("period | 2019-05-01/2020-04-30")."""
    cells = _cells(block)
    return bool(block.grid) and len(cells) == 2 and about.get(cells[0].lower()) == cells[1]  # noqa: PLR2004 - key and value


def _lines(block: Block) -> Iterator[Block]:
    """Yield the lines of a plain text's paragraph that stand for themselves, each with its own number; wrapped ones stay together."""
    number, start = block.place.removeprefix("line "), 0
    if not block.breaks or not number.isdigit():
        yield block
        return
    first = int(number)
    ends = [*block.breaks, len(block.text) + 1]
    for line, (begin, end) in enumerate(pairwise([0, *ends])):
        text = block.text[begin : end - 1]
        goes_on = block.text[end : end + 1].islower() or (
            len(text) >= WRAPPED and not text.endswith((".", "!", "?", ":", ";"))
        )
        if not goes_on or end == ends[-1]:
            yield replace(block, place=f"line {first}", text=block.text[start : end - 1], breaks=())
            start, first = end, int(number) + line + 1


def _placed(body: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    heading = ""
    for block in body:
        heading = block.text if block.heading else heading
        yield heading, block


def _place(heading: str, place: str) -> str:
    return f"{heading}, {place}" if heading else place


def _cells(block: Block) -> list[str]:
    return [cell.strip() for cell in block.text.split(" | ")]


def _figures(rows: Sequence[tuple[str, str, list[str]]]) -> Iterator[tuple[str, Then]]:
    """Yield the statistics of a table: each by the attribute as its row names it, and by each half of "label · column"."""
    head = [re.sub(r"[^a-z ].*", "", cell.lower()).strip() for cell in rows[0][2]]
    columns = {position: STATISTICS[name] for position, name in enumerate(head) if position and name in STATISTICS}
    if len(columns) < 2:  # noqa: PLR2004 - one column of that name may be anything
        return
    for heading, place, cells in rows[1:]:
        for name in {cells[0].lower(), *(part.strip() for part in cells[0].lower().split("·"))}:
            for position, statistic in columns.items():
                if position < len(cells) and re.search(r"\d", cells[position]):
                    yield f"{name}.{statistic}", Then(cells[position], _place(heading, place))


def _recommended(
    placed: Sequence[tuple[str, Block]], grids: Mapping[str, list[tuple[str, str, list[str]]]]
) -> Iterator[Recommended]:
    entered = {rows[0][0] for rows in grids.values() if rows[0][2] == ENTERED}
    for rows in grids.values():
        if _RECOMMENDS.search(rows[0][0]):
            for heading, place, cells in rows[1:]:
                if heading in entered:
                    yield from _told(cells[1], _place(heading, place)) if cells[1] != EMPTY else ()
                    continue
                due = next((cell for cell in cells if _DAY.fullmatch(cell)), "")
                identifier = cells[0] if _is_identifier(cells[0]) else ""
                yield Recommended(max(cells, key=len), _place(heading, place), identifier, due)
    for heading, block in placed:
        if block.grid or block.heading or heading in entered:
            continue
        label = _LABELLED.match(block.text)
        if label or _RECOMMENDS.search(heading):
            yield from _told(block.text[label.end() if label else 0 :], _place(heading, block.place))


def _told(text: str, place: str) -> list[Recommended]:
    """Return each sentence of a text as a recommendation, with its own number and the date that it names first."""
    found = []
    for _, piece in pieces(text):
        own, day = _OWN.match(piece), _DAY.search(piece)
        if words_of(piece) >= FEWEST:
            found.append(Recommended(piece.strip(), place, (own[1] or own[2]) if own else "", day[0] if day else ""))
    return found


def _is_identifier(cell: str) -> bool:
    return re.fullmatch(_NUMBER, cell) is not None
