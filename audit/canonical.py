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
    try:
        ordered = _ordered(value)
    except _ForeignError:
        _refuse_foreign(value, "$")  # says which, and where
        raise
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


def digest(data: str | bytes) -> str:
    """Return `sha256:` and the hash of the bytes (text is taken as UTF-8)."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return "sha256:" + hashlib.sha256(raw).hexdigest()


class _ForeignError(Exception):
    """Something in a tree has no canonical form."""


def _ordered(value: Any) -> Any:
    """Order keys by UTF-16 code units, as RFC 8785 section 3.2.3 does; raise where something has no canonical form."""
    if isinstance(value, str):
        return _writable(value)
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= _LARGEST):
        return value
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _ForeignError
    return {_writable(key): _ordered(value[key]) for key in sorted(value, key=_utf16)}


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def _writable(text: str) -> str:
    if "\x00" in text:
        raise _ForeignError
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise _ForeignError from error
    return text


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
