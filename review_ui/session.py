"""The only place that names session-state keys. Nothing of record lives here: views, choices and typed text of one browser tab."""

from collections.abc import MutableMapping
from typing import Any

import streamlit as st

_VIEWS, _CHOSEN, _SOURCE, _MODE, _NOTICE = "views", "chosen_sentence", "chosen_source", "open_form", "notice"


def _kept(name: str) -> MutableMapping[str, Any]:
    kept: MutableMapping[str, Any] = st.session_state.setdefault(f"verascribe.{name}", {})
    return kept


def view_of(section_id: str) -> tuple[str, str] | None:
    """Return the view id and hash under which a section was shown here."""
    found: tuple[str, str] | None = _kept(_VIEWS).get(section_id)
    return found


def keep_view(section_id: str, view_id: str, canonical_hash: str) -> None:
    """Remember under which view a section is shown."""
    _kept(_VIEWS)[section_id] = (view_id, canonical_hash)


def forget_view(section_id: str) -> None:
    """Have the section shown anew at the next run."""
    _kept(_VIEWS).pop(section_id, None)


def views() -> dict[str, str]:
    """Return the view of every section shown here."""
    return {section: view for section, (view, _) in _kept(_VIEWS).items()}


def chosen(section_id: str) -> str:
    """Return the chosen sentence of a section."""
    return str(_kept(_CHOSEN).get(section_id, ""))


def choose(section_id: str, sentence_id: str) -> None:
    """Choose a sentence."""
    if chosen(section_id) != sentence_id:
        _kept(_CHOSEN)[section_id] = sentence_id
        _kept(_SOURCE).pop(section_id, None)
        _kept(_MODE).pop(section_id, None)


def source(section_id: str) -> Any:
    """Return the evidence that stands open beside the sentences."""
    return _kept(_SOURCE).get(section_id)


def keep_source(section_id: str, evidence: Any) -> None:
    """Keep the evidence open beside the sentences."""
    _kept(_SOURCE)[section_id] = evidence


def form(section_id: str) -> tuple[str, str]:
    """Return which form stands open on which sentence."""
    found: tuple[str, str] = _kept(_MODE).get(section_id, ("", ""))
    return found


def open_form(section_id: str, sentence_id: str, mode: str) -> None:
    """Open a form on a sentence ("" closes it); text typed so far stays."""
    _kept(_MODE)[section_id] = (sentence_id, mode)


def notice(text: str) -> None:
    """Say something once, on the next run."""
    _kept(_NOTICE)["text"] = text


def take_notice() -> str:
    """Return what is to be said once."""
    return str(_kept(_NOTICE).pop("text", ""))
