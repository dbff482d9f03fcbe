"""Read one sentence against the index: which entities, attributes, values, nouns, periods and numbers it mentions, and where. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal

from drafting.checks.foreign.headers import stems_of
from drafting.checks.foreign.index import NAMING, Index
from drafting.checks.foreign.kinds import kinds_at
from drafting.checks.foreign.labels import STOP
from drafting.checks.foreign.periods import Period, periods_in
from drafting.checks.foreign.words import STATISTICS, Line, Word
from drafting.checks.units import read_unit

LONGEST_NAME = 6
LONGEST_VALUE = 10  # words of one, marks among them: "25 °C / 60 % RH"
GAP = 4  # words between two that say one attribute
UNITS = frozenset(("tablets", "units", "capsules", "vials", "mg", "g", "kg", "mm", "kN", "N", "ml", "mL", "h", "min"))
LEAST_INITIALS = 3
_MULTIPLIES = frozenset(("x", "×", "*", "·"))
_SHORT = frozenset(("shy", "short", "away"))  # "a rebound shy of ten" counts what is missing
_COMPARES = frozenset(("as", "than"))  # "pulled as planned" says no value of "planned"
_BREAKS = frozenset(
    (",", ";", "(", ")", "and", "while", "whereas", "but", ":", "|", "was", "were", "is", "are", "before", "who", "which")
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words (first to last, both counted) that name entities or say values."""

    first: int
    last: int
    what: tuple[tuple[str, str], ...] = ()  # entities: (noun, name)
    values: tuple[tuple[int, int, str], ...] = ()  # (table, column, value)


@dataclass(frozen=True, slots=True)
class Said:
    """Words that say an attribute: the stems of labels that they are."""

    first: int
    last: int
    stems: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """One sentence with everything that it mentions."""

    line: Line
    entities: tuple[Mention, ...] = ()
    values: tuple[Mention, ...] = ()
    said: tuple[Said, ...] = ()
    periods: tuple[Period, ...] = ()
    numbers: tuple[int, ...] = ()  # words that say a quantity
    nouns: tuple[tuple[int, str], ...] = ()
    taken: frozenset[int] = field(default_factory=frozenset)  # words of names, dates, vocabulary
    excepted: tuple[tuple[str, str], ...] = ()  # entities that the sentence leaves out, whose words are not among these
    differing: bool = False  # of what is excepted the sentence says that it is not so

    @property
    def words(self) -> tuple[Word, ...]:
        """Return the words of the sentence."""
        return self.line.words


def read(line: Line, index: Index) -> Reading:
    """Return what a sentence mentions."""
    words = line.words
    periods = periods_in(words)
    dated = {at for p in periods for at in range(p.first, p.last + 1)}
    entities = tuple(m for m in _entities(words, index, dated) if not _measured(words, m, index))
    taken = dated | {at for m in entities for at in range(m.first, m.last + 1)}
    taken |= {
        m.first - 1
        for m in entities
        if m.first and words[m.first - 1].stem in {part for n, _ in m.what for part in n.split()}
    }
    labelled = within_labels(words, index) | _powers(words) | _below(words)
    taken |= {
        at
        for at, w in enumerate(words[1:], start=1)
        if words[at - 1].value is not None and w.kind == "word" and w.text in UNITS
    }
    values = _values(words, index, taken)
    numbers = tuple(at for at, w in enumerate(words) if w.value is not None and at not in taken and at not in labelled)
    numbers = (*numbers, *_articles(words, index, taken))
    said = _said(words, index, taken, frozenset(numbers))
    named = {m.first for m in entities if words[m.first].kind == "number"}
    nouns = tuple(
        (at, noun) for at in range(len(words)) if at + 1 not in named for noun in [_noun(words, at, index)] if noun
    )
    return Reading(line, entities, values, said, periods, tuple(sorted(numbers)), nouns, frozenset(taken))


def _entities(words: tuple[Word, ...], index: Index, dated: set[int]) -> tuple[Mention, ...]:
    found: list[Mention] = []
    at = 0
    while at < len(words):
        mention = None if at in dated else _named(words, at, index) or _numbered(words, at, index, found)
        if mention:
            found.append(mention)
        at = mention.last + 1 if mention else at + 1
    return tuple(found)


def _measured(words: tuple[Word, ...], mention: Mention, index: Index) -> bool:
    """Tell whether a name is that of a row of limits for what is a column elsewhere: it says the attribute."""
    stems = tuple(w.stem for w in words[mention.first : mention.last + 1] if w.kind != "mark")
    said = tuple(s for s in stems if s not in STOP)  # as labels are kept: "Impurity A"
    return all(noun in NAMING for noun, _ in mention.what) and (stems in index.columns or said in index.columns)


def _named(words: tuple[Word, ...], at: int, index: Index) -> Mention | None:
    if not (words[at].text[:1].isupper() or words[at].text[:1].isdigit() or words[at].kind == "code"):
        return None
    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        run = words[at : at + length]
        phrase = tuple(w.text.casefold().removesuffix("'s").removesuffix("’s") for w in run if w.kind != "mark")
        if run[-1].kind == "mark" or not phrase or (length > 1 and run[0].kind == "mark"):
            continue
        owners = index.names.get(phrase)
        if owners:
            return Mention(at, _suffixed(words, at + length - 1), owners)
    return None


def _suffixed(words: tuple[Word, ...], last: int) -> int:
    """Return the last word of a name, "Jr." behind it included."""
    behind = [w.text.casefold() for w in words[last + 1 : last + 4]]
    if words[last].text.casefold() in ("jr", "sr"):
        return last + (behind[:1] == ["."])
    if behind[:2] == [",", "jr"]:
        return last + (3 if behind[2:] == ["."] else 2)
    return last + (2 if behind[:2] == ["jr", "."] else 1 if behind[:1] == ["jr"] else 0)


def _numbered(words: tuple[Word, ...], at: int, index: Index, before: list[Mention]) -> Mention | None:
    """Return the entity of a purely numeric name: its noun stands before it, or a list of such names does."""
    if words[at].kind != "number" or not words[at].text.isdigit():
        return None
    last = before[-1] if before else None
    listed = (
        last is not None
        and all(words[k].text in (",", "and", "&", "/", "or", "to", "-", "–", "through") for k in range(last.last + 1, at))
        and last.last + 1 < at
    )
    nouns = {noun for noun, _ in last.what} if listed and last and words[last.last].kind == "number" else set()
    for back in (1, 2):
        if at >= back and words[at - back].kind == "word":
            nouns |= {n for n in index.evidence.nouns if words[at - back].stem == n or words[at - back].stem in n.split()}
            break
        if at < back or words[at - back].text not in (".", "#", ":", "no"):
            break
    if listed and at + 1 < len(words) and words[at + 1].text in ("%", "mg", "kg"):
        return None
    owners = tuple(sorted((noun, words[at].text) for noun in nouns if (noun, words[at].text) in index.evidence.entities))
    return Mention(at, at, owners) if owners else None


def _values(words: tuple[Word, ...], index: Index, taken: set[int]) -> tuple[Mention, ...]:
    found = []
    at = 0
    while at < len(words):
        step = 1
        for length in range(min(LONGEST_VALUE, len(words) - at), 0, -1):
            run = words[at : at + length]
            if any(k in taken for k in range(at, at + length)) or run[0].kind == "mark" or run[-1].kind == "mark":
                continue
            places = index.values.get(tuple(w.stem for w in run if w.kind != "mark"))
            if not places and length == 1:
                places = kinds_at(words, at, index)
            if places and at and words[at - 1].text.casefold() in _COMPARES:
                places = tuple(p for p in places if not _heads(run, p, index))
            if places:
                found.append(Mention(at, at + length - 1, (), places))
                step = length
                break
        at += step
    return tuple(found)


def _heads(run: tuple[Word, ...], place: tuple[int, int, str], index: Index) -> bool:
    """Tell whether words are the header of a column, not its value."""
    return stems_of(index.evidence.tables[place[0]].columns[place[1]].header) == tuple(w.stem for w in run)


def within_labels(words: tuple[Word, ...], index: Index) -> set[int]:
    """Return the number words that are part of a label, as "three" in "three - point range"."""
    found = set()
    for at, word in enumerate(words):
        after = next((w for w in words[at + 1 : at + 3] if w.text != "-"), None)
        said = next((w for w in reversed(words[max(0, at - 2) : at]) if w.stem not in STOP and w.text != "-"), None)
        behind = said is not None and word.kind == "word" and (words[at - 1].stem in STOP or words[at - 1] is said)
        if word.value is not None and after is not None and (word.stem, after.stem) in index.joined:
            found.add(at)
        elif word.value is not None and behind and said is not None and (said.stem, word.stem) in index.ends:
            found.add(at)  # "percent from three"
    return found


def _powers(words: tuple[Word, ...]) -> set[int]:
    """Return the number words of powers of ten: "21.3 x 10^6"."""
    texts = [w.text.casefold() for w in words]
    tens = {k for k in range(1, len(texts)) if texts[k] == "10" and texts[k - 1] in _MULTIPLIES}
    return tens | {k + 2 for k in tens if texts[k + 1 : k + 2] == ["^"]}


def _below(words: tuple[Word, ...]) -> set[int]:
    """Return the numbers that are part of the unit of the one before: "12.6 µg per 25 cm²"."""
    return {
        k
        for k in range(3, len(words) - 1)
        if words[k].value is not None
        and words[k - 1].text.casefold() == "per"
        and read_unit(words[k - 2].text) is not None
        and words[k - 3].value is not None
        and read_unit(words[k + 1].text) is not None
    }


def _articles(words: tuple[Word, ...], index: Index, taken: set[int]) -> tuple[int, ...]:
    """Return "a" and "an" that count something in a list of counts: "six assists and a steal"."""
    found = []
    counted = any(w.value is not None for w in words)
    for at, word in enumerate(words[:-1]):
        if word.stem not in ("a", "an") or not counted or at in taken or words[at + 1].value is not None:
            continue
        noun = words[at + 1]
        before = words[at - 1].text if at else ""
        follows = before in (",", "and", "with", "also") or before.endswith(("ing", "ed"))
        short = {w.text for w in words[at + 2 : at + 3]} & _SHORT or {w.text for w in words[max(0, at - 2) : at]} & {
            "without"
        }
        if follows and not short and noun.kind == "word" and noun.stem in index.evidence.lexicon.countable:
            found.append(at)
    return tuple(found)


def _said(words: tuple[Word, ...], index: Index, taken: set[int], numbers: frozenset[int]) -> tuple[Said, ...]:
    """Return the attributes that are said, one for each stretch without a comma, number or "and"."""
    initials = _initials(words, index)
    found: list[Said] = []
    first, stems, last = -1, set[str](), -1
    for at, word in enumerate(words):
        breaks = at in numbers or word.text in _BREAKS or (stems and at - last > GAP)
        if breaks and stems:
            found.append(Said(first, last, frozenset(stems)))
            stems = set()
        meant: frozenset[str] = frozenset()
        if at not in taken and at not in numbers:
            meant = initials.get(at, frozenset()) | (
                index.meant("percent" if word.text == "%" else word.stem)
                if word.stem not in STOP or word.text == "%"
                else frozenset()
            )
            if len(word.text) == 1 and word.text.isupper():
                meant |= {word.text.casefold()} & index.tokens
        if meant:
            first, last = (at if not stems else first), at
            stems |= meant
    if stems:
        found.append(Said(first, last, frozenset(stems)))
    return tuple(s for s in found if not s.stems <= {"percent"})


def _initials(words: tuple[Word, ...], index: Index) -> dict[int, frozenset[str]]:
    """Return the labels' tokens that the first letters of words make: "relative standard deviation" is "rsd"."""
    found: dict[int, frozenset[str]] = {}
    plain = [(at, w.text[0].casefold()) for at, w in enumerate(words) if w.kind == "word" and w.value is None]
    for length in (2, 3, 4):
        for k in range(len(plain) - length + 1):
            token = "".join(letter for _, letter in plain[k : k + length])
            if (
                plain[k + length - 1][0] - plain[k][0] > length + 1
                or token not in index.tokens
                or (len(token) < LEAST_INITIALS and token not in STATISTICS)
                or token in STOP
            ):
                continue
            for at, _ in plain[k : k + length]:
                found[at] = found.get(at, frozenset()) | {token}
    return found


def _noun(words: tuple[Word, ...], at: int, index: Index) -> str:
    """Return what rows are called by a word, or by it and the one before: "change controls"."""
    if words[at].kind != "word":
        return ""
    both = f"{words[at - 1].stem} {words[at].stem}" if at and words[at - 1].kind == "word" else ""
    if both in index.row_nouns or words[at].stem in index.row_nouns:
        return both if both in index.row_nouns else words[at].stem
    return index.run_on.get(words[at - 1].stem, "") if at and words[at].stem == "run" else ""


def value_of(word: Word) -> Decimal:
    """Return what a number word says; an article says one."""
    return Decimal(1) if word.value is None else word.value
