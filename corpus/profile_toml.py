"""Import profiles as TOML text, both ways. Pure.

Promise: whatever is wrong with a text is told by file and key; `written` has one canonical form, and reading it back gives
an equal profile.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from audit.errors import Invalid
from corpus.dates import date_reader
from corpus.importprofile import NUMBERS, TYPES, ColumnRule, ImportProfile, Layout

LARGEST_PROFILE = 1024 * 1024
LONGEST_LABEL = 60
LABEL = re.compile(
    rf"(?=.{{1,{LONGEST_LABEL}}}$)[^\W\d_](?:[\w ,.()/%+-]*[\w)%])?"
)  # stands in sentences, so no braces and no line ends
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LISTS = {"key", "missing", "skip_rows_starting", "files", "attribute"}
_INTEGERS, _FLAGS, _TABLES = {"version", "header_row"}, {"synthetic", "units_row"}, {"months", "numbers"}
_LONG = ("attribute", "value", "unit", "numbers")
_RULE_TYPES: Mapping[str, type] = {"values": list, "exponent": bool, "primary": bool, "passage": bool, "optional": bool}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def parse(raw: bytes, *, file: str) -> ImportProfile:
    """Read one profile; name the file and the key of whatever is wrong with it."""
    if len(raw) > LARGEST_PROFILE:
        raise Invalid(f"{file}: larger than {LARGEST_PROFILE} bytes.", remedy="Correct the profile.")
    try:
        tree = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{file}: not a readable TOML file: {error}", remedy="Correct the profile.") from error
    columns = tree.pop("columns", None)
    if not isinstance(columns, dict) or not columns:
        raise Invalid(f"{file}: [columns.…] is missing.", remedy="Describe each column of the file.")
    rules = tuple(_rule(file, header, rule) for header, rule in columns.items())
    _check_keys(file, "", tree, {f.name for f in fields(ImportProfile)} - {"columns", "sha256"})
    _check_types(file, tree)
    dates = tree.get("date", [])
    dates = (dates,) if isinstance(dates, str) else tuple(dates)
    _check_fields(file, tree, rules, dates)
    _check_labels(file, rules)
    _check_patterns(file, rules, tree.get("months", {}))
    _check_layout(file, tree, rules)
    _check_long(file, tree, rules)
    listed = {name: tuple(tree[name]) for name in _LISTS if name in tree}
    listed["date"] = dates
    numbers = {name: tuple(words) for name, words in tree.get("numbers", {}).items()}
    layout = Layout(tree.get("layout", "rows"))
    return ImportProfile(
        **{**tree, **listed, "layout": layout, "numbers": numbers}, columns=rules, sha256=hashlib.sha256(raw).hexdigest()
    )  # fmt: skip


def written(profile: ImportProfile, notes: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return a profile as text in its canonical form; `notes` become comments above the column they are about ("" above all)."""
    told = notes or {}
    lines = [f"# {note}" for note in _one_line(told.get("", ()))]
    lines += _pairs(profile, leave_out={"columns", "sha256"})
    for rule in profile.columns:
        lines += ["", *(f"# {note}" for note in _one_line(told.get(rule.header, ())))]
        lines += [f"[columns.{_key(rule.header)}]", *_pairs(rule, leave_out={"header"})]
    return "\n".join(lines) + "\n"


def _one_line(notes: Sequence[str]) -> list[str]:
    return ["".join(c if c.isprintable() else " " for c in note) for note in notes]


def _pairs(item: ImportProfile | ColumnRule, *, leave_out: set[str]) -> list[str]:
    """Return `key = value` for each field that is not at its default, in the order of the class."""
    made = []
    for f in fields(item):
        value = getattr(item, f.name)
        default = f.default if f.default_factory is MISSING else f.default_factory()
        if f.name not in leave_out and (default is MISSING or value != default):
            made.append(f"{f.name} = {_value(value)}")
    return made


def _value(value: Any) -> str:  # of a closed set of types: a field of another type has no text here
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(held)}" for name, held in value.items()) + " }"
    items: Sequence[Any] = value
    return "[" + ", ".join(_value(held) for held in items) + "]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _check_fields(file: str, tree: Mapping[str, Any], rules: Sequence[ColumnRule], dates: tuple[str, ...]) -> None:
    for name in ("name", "version", "title", "kind", "key"):
        if name not in tree:
            raise Invalid(f"{file}: key '{name}' is missing.", remedy="See the format in the documentation.")
    if not tree["key"]:
        raise Invalid(f"{file}: key 'key' names no field.", remedy="Say which fields make the record's identifier.")
    if not NAME.fullmatch(tree["name"]) or not NAME.fullmatch(tree["kind"]):
        raise Invalid(f"{file}: 'name' and 'kind' are words of small letters, digits and '_'.", remedy="Correct them.")
    made = {rule.field for rule in rules}
    batch = ("batch",) if any(rule.attribute for rule in rules) else ()  # a measurement belongs to the row's batch
    for name in (*tree["key"], *dates, *batch, *(tree[k] for k in ("product", "strength") if k in tree)):
        if name not in made:
            raise Invalid(f"{file}: field '{name}' is used but no column makes it.", remedy="Add the column.")
    targets = [rule.target for rule in rules]
    twice = [target for target in targets if targets.count(target) > 1]
    if twice:
        raise Invalid(f"{file}: two columns make '{twice[0]}'.", remedy="Give each column a name of its own.")


def _check_types(file: str, tree: Mapping[str, Any]) -> None:
    for key, value in tree.items():
        if key == "date" and isinstance(value, list):
            wanted: type = list
        elif key in _LISTS:
            wanted = list
        else:
            wanted = int if key in _INTEGERS else bool if key in _FLAGS else dict if key in _TABLES else str
        listed = not isinstance(value, list) or all(isinstance(item, str) for item in value)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)) or not listed:
            raise Invalid(f"{file}: key '{key}' must be a {wanted.__name__}.", remedy="Correct the profile.")
    if any(not isinstance(number, int) or not 1 <= number <= 12 for number in tree.get("months", {}).values()):  # noqa: PLR2004
        raise Invalid(f"{file}: key 'months' names numbers from 1 to 12.", remedy="Correct the profile.")
    lists = tree.get("numbers", {}).values()
    if any(not isinstance(words, list) or not all(isinstance(word, str) for word in words) for words in lists):
        raise Invalid(f"{file}: key 'numbers' names fields with lists of texts.", remedy="Correct the profile.")


def _check_labels(file: str, rules: Sequence[ColumnRule]) -> None:
    labels = [rule.label for rule in rules if rule.label]
    for rule in rules:
        where = f"{file}: columns.{rule.header}: the label"
        if rule.label and rule.attribute is None:
            raise Invalid(f"{where} is of no measurement.", remedy="Only attributes have a label.")
        if rule.label and not LABEL.fullmatch(rule.label):
            raise Invalid(
                f"{where} {rule.label[:LONGEST_LABEL]!r} cannot be printed.",
                remedy=f"Use letters, digits, spaces and , . ( ) / % + - only, at most {LONGEST_LABEL}, beginning with a letter.",
            )
        if labels.count(rule.label) > 1:
            raise Invalid(f"{where} {rule.label!r} is given twice.", remedy="Give each attribute a label of its own.")


def _check_patterns(file: str, rules: Sequence[ColumnRule], months: Mapping[str, int]) -> None:
    for rule in rules:
        try:
            re.compile(rule.pattern or "")
            if rule.format is not None:
                date_reader(rule.format, months=months)
        except (re.error, ValueError) as error:
            raise Invalid(f"{file}: columns.{rule.header}: {error}.", remedy="Correct the pattern.") from error
        if rule.format is not None and rule.type not in ("date", "month", "datetime"):
            raise Invalid(f"{file}: columns.{rule.header}: only dates have a format.", remedy="Remove 'format'.")
        if rule.type == "enum" and not rule.values:
            raise Invalid(f"{file}: columns.{rule.header}: an enum needs 'values'.", remedy="List them.")


def _check_layout(file: str, tree: Mapping[str, Any], rules: Sequence[ColumnRule]) -> None:
    layout = tree.get("layout", "rows")
    if layout not in tuple(Layout):
        raise Invalid(f"{file}: unknown layout {layout!r}.", remedy=f"Layouts: {', '.join(Layout)}.")
    if layout != Layout.FORM and any(rule.optional for rule in rules):
        raise Invalid(f"{file}: only labels of a form are optional.", remedy="Remove 'optional'.")
    keyed = [rule.header for rule in rules if rule.optional and rule.field in tree["key"]]
    if keyed:
        raise Invalid(f"{file}: columns.{keyed[0]}: the key is not optional.", remedy="Remove 'optional'.")
    if layout == Layout.FORM and any(tree.get(name) for name in ("header_row", "units_row", "skip_rows_starting")):
        raise Invalid(f"{file}: a form has no header, units or totals rows.", remedy="Remove them.")
    if any(not glob.strip() or "/" in glob for glob in tree.get("files", ())):
        raise Invalid(f"{file}: 'files' names patterns of file names, as lab2_*.csv.", remedy="Leave folders out.")
    if any(not start.strip() for start in tree.get("skip_rows_starting", ())):
        raise Invalid(f"{file}: 'skip_rows_starting' holds an empty text.", remedy="Say how such rows begin.")


def _check_long(file: str, tree: Mapping[str, Any], rules: Sequence[ColumnRule]) -> None:
    given = [name for name in _LONG if name in tree]
    if tree.get("layout") != Layout.LONG:
        if given:
            raise Invalid(f"{file}: key '{given[0]}' is of a long table.", remedy='Give layout = "long", or remove it.')
        return
    fields_made = {rule.field: rule for rule in rules if rule.field}
    value = tree.get("value")
    if not tree.get("attribute") or value is None:
        raise Invalid(
            f"{file}: a long table needs 'attribute' and 'value'.", remedy="Say which fields name and hold a value."
        )
    unit = [tree["unit"]] if "unit" in tree else []
    for name in ("batch", *tree["attribute"], value, *unit, *tree.get("numbers", {})):
        if name not in fields_made:
            raise Invalid(f"{file}: field '{name}' is used but no column makes it.", remedy="Add the column.")
    measured = [rule.header for rule in rules if rule.attribute]
    if measured:
        raise Invalid(
            f"{file}: columns.{measured[0]}: the rows of a long table name the attribute.", remedy="Make it a field."
        )
    if fields_made[value].type not in ("text", *NUMBERS):
        raise Invalid(
            f"{file}: columns.{fields_made[value].header}: a value is text or a number.", remedy="Correct the type."
        )


def _check_keys(file: str, where: str, tree: Mapping[str, Any], known: set[str]) -> None:
    for key in tree:
        if key not in known:
            raise Invalid(f"{file}: unknown key '{where}{key}'.", remedy=f"Known keys: {', '.join(sorted(known))}.")


def _rule(file: str, header: str, rule: Any) -> ColumnRule:
    if not isinstance(rule, dict):
        raise Invalid(f"{file}: columns.{header} must be a table.", remedy="See the format in the documentation.")
    _check_keys(file, f"columns.{header}.", rule, {f.name for f in fields(ColumnRule)} - {"header"})
    if ("field" in rule) == ("attribute" in rule):
        raise Invalid(f"{file}: columns.{header} needs either 'field' or 'attribute'.", remedy="Give one of them.")
    if rule.get("type", "text") not in TYPES:
        raise Invalid(f"{file}: columns.{header}: unknown type {rule['type']!r}.", remedy=f"Types: {', '.join(TYPES)}.")
    if "attribute" in rule and rule.get("type") not in NUMBERS:
        raise Invalid(f"{file}: columns.{header}: a measurement is a number.", remedy="Use type decimal or integer.")
    for key, value in rule.items():
        wanted = _RULE_TYPES.get(key, str)
        if not isinstance(value, wanted) or (isinstance(value, list) and not all(isinstance(item, str) for item in value)):
            shown = {"str": "text"}.get(wanted.__name__, wanted.__name__)
            raise Invalid(f"{file}: columns.{header}: the {key} must be a {shown}.", remedy="Correct the profile.")
    return ColumnRule(header=header, **{**rule, "values": tuple(rule.get("values", ()))})
