"""Values to canonical JSON text, and text to hashes that carry their algorithm.

The form is a subset of RFC 8785: sorted keys, no white space, no floats (decimals are text). Equal values
give equal bytes on every machine, so that a hash of the text can stand for the value.
"""

import hashlib
import json
from typing import Any

from audit.errors import Invalid

_LARGEST = 2**53 - 1  # RFC 8785 numbers are IEEE doubles: larger integers would not survive another reader


def canonical(value: Any) -> str:
    """Write a tree of dicts, lists, text, integers, booleans and None as canonical JSON text."""
    _refuse_foreign(value, "$")
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))


def digest(data: str | bytes) -> str:
    """Return `sha256:` and the hash of the bytes (text is taken as UTF-8)."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def _sorted(value: Any) -> Any:
    """Order keys by UTF-16 code units, as RFC 8785 section 3.2.3 does."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda k: k.encode("utf-16-be"))}
    if isinstance(value, (list, tuple)):
        return [_sorted(item) for item in value]
    return value


def _refuse_foreign(value: Any, place: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise Invalid(f"{place}: integer {value} is too large for canonical JSON", remedy="Store it as text.")
    elif isinstance(value, str):
        _refuse_bad_text(value, place)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _refuse_foreign(item, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise Invalid(f"{place}: key {key!r} is not text", remedy="Use text keys.")
            _refuse_bad_text(key, place)
            _refuse_foreign(item, f"{place}.{key}")
    else:
        raise Invalid(f"{place}: {type(value).__name__} has no canonical form", remedy="Store decimals and times as text.")


def _refuse_bad_text(value: str, place: str) -> None:
    if "\x00" in value:
        raise Invalid(f"{place}: text holds a NUL character", remedy="Take it out: PostgreSQL cannot keep it.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid(f"{place}: text holds half of a character pair", remedy="Check the file's encoding.") from error
