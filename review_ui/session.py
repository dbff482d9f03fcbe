"""The only place that names session-state keys. Nothing of record lives here: views, choices and typed text of one browser tab."""

from collections.abc import MutableMapping
from typing import Any

import streamlit as st

_VIEWS, _CHOSEN, _SOURCE, _MODE, _NOTICE = "views", "chosen_sentence", "chosen_source", "open_form", "notice"
_TAB, _PICKS, _SPENT = "wanted_tab", "picks", "spent"
_OPENED, _TURNS = "opened_reference", "turns_of_citations"
_FIRST = "first_password"
_COPY = "copy_of_the_trail"
_REVEALED, _ITEM, _FEEDBACK = "revealed_checks", "qualification_item", "qualification_feedback"
_IMPORT, _PROPOSAL, _TRIAL = "last_import", "proposal", "trial_of_a_profile"


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


def keep_reveal(section_id: str, reveal: Any) -> None:
    """Keep what an oversight check revealed until the person has read it."""
    _kept(_REVEALED)[section_id] = reveal


def reveal(section_id: str) -> Any:
    """Return what an oversight check revealed; None where there is nothing to read."""
    return _kept(_REVEALED).get(section_id)


def drop_reveal(section_id: str) -> None:
    """Put the reveal away."""
    _kept(_REVEALED).pop(section_id, None)


def keep_item(run_id: str, item: Any) -> None:
    """Keep the item of a qualification run that is before the person."""
    _kept(_ITEM)[run_id] = item


def item(run_id: str) -> Any:
    """Return the item that is before the person; None where the next one is to be shown."""
    return _kept(_ITEM).get(run_id)


def keep_feedback(run_id: str, feedback: Any) -> None:
    """Put the item away and keep what the person is told of it until they go on."""
    _kept(_ITEM).pop(run_id, None)
    _kept(_FEEDBACK)[run_id] = feedback


def feedback(run_id: str) -> Any:
    """Return what the person is to be told of the item they decided; None where they went on."""
    return _kept(_FEEDBACK).get(run_id)


def go_on(run_id: str) -> None:
    """Have the next item of a run shown."""
    _kept(_ITEM).pop(run_id, None)
    _kept(_FEEDBACK).pop(run_id, None)


def chosen(section_id: str) -> str:
    """Return the chosen sentence of a section."""
    return str(_kept(_CHOSEN).get(section_id, ""))


def choose(section_id: str, sentence_id: str) -> None:
    """Choose a sentence."""
    if chosen(section_id) != sentence_id:
        _kept(_CHOSEN)[section_id] = sentence_id
        close_source(section_id)
        _kept(_MODE).pop(section_id, None)


def source(section_id: str) -> Any:
    """Return the evidence that stands open beside the sentences."""
    return _kept(_SOURCE).get(section_id)


def opened(section_id: str) -> tuple[str, str]:
    """Return the subject and reference whose source stands open."""
    found: tuple[str, str] = _kept(_OPENED).get(section_id, ("", ""))
    return found


def keep_source(section_id: str, subject: str, ref: str, evidence: Any) -> None:
    """Keep the source of one reference open beside the sentences."""
    close_source(section_id)
    _turn(subject)
    _kept(_SOURCE)[section_id] = evidence
    _kept(_OPENED)[section_id] = (subject, ref)


def close_source(section_id: str) -> None:
    """Close the source that stands open."""
    _kept(_SOURCE).pop(section_id, None)
    _turn(_kept(_OPENED).pop(section_id, ("", ""))[0])


def _turn(subject: str) -> None:
    _kept(_TURNS)[subject] = _kept(_TURNS).get(subject, 0) + 1


def citations_key(subject: str) -> str:
    """Return the key of a subject's citations; a new one where another source was opened or closed, so that none stays marked."""
    return f"cite.{subject}.{_kept(_TURNS).get(subject, 0)}"


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


def keep_proposal(name: str, data: bytes, proposals: Any) -> None:
    """Keep what was proposed from a file, with its bytes, to be corrected and tried."""
    drop_proposal()
    _kept(_PROPOSAL)["file"] = (name, data, proposals)


def proposal() -> Any:
    """Return the file and the proposals being corrected; None where there are none."""
    return _kept(_PROPOSAL).get("file")


def drop_proposal() -> None:
    """Forget the proposals and their trial."""
    _kept(_PROPOSAL).clear()
    _kept(_TRIAL).clear()


def keep_trial(text: str, tried: Any) -> None:
    """Keep what a profile's text made of the file."""
    _kept(_TRIAL)["tried"] = (text, tried)


def trial() -> Any:
    """Return the text that was tried and what it made; None before a trial."""
    return _kept(_TRIAL).get("tried")


def keep_import(result: Any, refused: dict[str, bytes]) -> None:
    """Keep what the last import did, to be shown, and the files that were refused as a whole."""
    _kept(_IMPORT).update(result=result, refused=refused)


def refused_files() -> dict[str, bytes]:
    """Return the files that the last import of this tab refused as a whole."""
    found: dict[str, bytes] = _kept(_IMPORT).get("refused", {})
    return found


def last_import() -> Any:
    """Return what the last import of this tab did; None before one."""
    return _kept(_IMPORT).get("result")


def want_tab(place: str, label: str) -> None:
    """Have a tab opened at the next run."""
    _kept(_TAB)[place] = label


def tab_key(place: str, *, first: str) -> str:
    """Return the key of a row of tabs, after opening the tab that was wanted, or at the beginning the first one."""
    key, wanted = f"tab.{place}", _kept(_TAB).pop(place, None)
    if wanted is not None or key not in st.session_state:
        st.session_state[key] = wanted or first
    return key


def picks(subject: str) -> dict[str, str]:
    """Return the references that a person picked for quantities of a text being edited."""
    found: dict[str, str] = _kept(_PICKS).setdefault(subject, {})
    return found


def typed(key: str) -> str:
    """Return what stands in a widget."""
    return str(st.session_state.get(key) or "")


def widget_key(subject: str) -> str:
    """Return the key of a text being typed; a saved or dropped text gets a new one, so that the next starts afresh."""
    return f"typed.{subject}.{_kept(_SPENT).get(subject, 0)}"


def spend(subject: str) -> None:
    """Forget a text being typed, and its picks: it was saved or dropped."""
    _kept(_SPENT)[subject] = _kept(_SPENT).get(subject, 0) + 1
    _kept(_PICKS).pop(subject, None)


def keep_first_password(user_id: str, password: str) -> None:
    """Keep a first password to be shown once, until it is put away; it is nowhere else in readable form."""
    _kept(_FIRST).update(user_id=user_id, password=password)


def first_password() -> tuple[str, str] | None:
    """Return whose first password is to be shown, and the password."""
    kept = _kept(_FIRST)
    return (kept["user_id"], kept["password"]) if kept else None


def forget_first_password() -> None:
    """Put the first password away."""
    _kept(_FIRST).clear()


def keep_copy(name: str, data: bytes, media_type: str) -> None:
    """Keep a copy of the trail until it is taken away or another is made."""
    _kept(_COPY).update(name=name, data=data, media_type=media_type)


def copy() -> tuple[str, bytes, str] | None:
    """Return the name, bytes and media type of the copy that stands ready."""
    kept = _kept(_COPY)
    return (kept["name"], kept["data"], kept["media_type"]) if kept else None


def forget_copy() -> None:
    """Put the copy away."""
    _kept(_COPY).clear()
