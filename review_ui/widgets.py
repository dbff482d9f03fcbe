"""Pieces that several screens share: badges, problems, empty states, the reason part of a form. Text from records goes through `plain`."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape

import streamlit as st

from audit.errors import Invalid, Problem
from drafting.model import Finding, Severity
from drafting.readmodel import Said
from review_ui.presenters import Badge, plain, reason_label, severity_word

OWN_WORDS = "In your own words"
IF_CHANGED = "In your own words (needed where the meaning changed)"


def badge(shown: Badge) -> None:
    """Show a state as colour, icon and word."""
    st.badge(shown.word, icon=shown.icon, color=shown.color)


def problem(found: Problem) -> None:
    """Show what happened and what to do; nothing was changed."""
    st.error(f"{plain(found.message)}  \n{plain(found.remedy)}", icon=":material/error:")


@contextmanager
def guarded() -> Iterator[None]:
    """Show a problem in place of a traceback."""
    try:
        yield
    except Problem as found:
        problem(found)


def empty(purpose: str, first: str) -> None:
    """Say what a screen is for and what to do first."""
    with st.container(border=True):
        st.markdown(f"**{purpose}**")
        st.caption(first)


def findings(listed: Iterable[Finding], said: Iterable[Said], *, key: str) -> str:
    """Show findings, what blocks in red, what warns in amber, each with its rule and what the evidence says there.

    Return the reference whose source was asked for, "" where none was.
    """
    by_ref = {one.ref: one for one in said}
    asked = ""
    for number, finding in enumerate(listed):
        text = f"**{severity_word(finding.severity)}** · {plain(finding.rule)}: {plain(finding.message)}"
        if finding.severity is Severity.BLOCKS:
            st.error(text, icon=":material/block:")
        else:
            st.warning(text, icon=":material/warning:")
        one = by_ref.get(finding.evidence)
        if one is not None and source_button(one.place, one.value, key=f"said.{key}.{number}"):
            asked = one.ref
    return asked


def source_button(place: str, value: str, *, key: str) -> bool:
    """Show what the evidence says at a place, as a button that opens it; tell whether it was pressed."""
    label = f"{plain(place)}: **{plain(value)}**" if value and value != place else plain(place)
    return st.button(label, icon=":material/table_view:", type="tertiary", key=key)


def reason(categories: Iterable[str], *, key: str, own: str = OWN_WORDS) -> tuple[str, str]:
    """Ask for a reason category (none preselected) and own words."""
    category = st.selectbox(
        "Reason",
        [str(c) for c in categories],
        index=None,
        format_func=reason_label,
        placeholder="Choose a reason",
        key=f"{key}.cat",
    )
    words = st.text_input(own, key=f"{key}.words")
    return category or "", words


def verdict(name: str, of: str, yes: str, no: str) -> tuple[bool | None, str]:
    """Ask for a reason and one of two answers; return the answer, None until one is given, and the reason."""
    with st.form(f"{name}.{of}", border=False):
        words = st.text_input("Reason", key=f"{name}.words.{of}", max_chars=2000)
        with st.container(horizontal=True):
            agreed = st.form_submit_button(yes, icon=":material/check:")
            refused = st.form_submit_button(no, icon=":material/close:")
    return (agreed if agreed or refused else None), words


def facts(lines: Mapping[str, str]) -> None:
    """Show named values, a line each."""
    rows = "".join(
        f'<dt style="color:#52626b;font-weight:400">{escape(name)}</dt><dd style="margin:0">{escape(value)}</dd>'
        for name, value in lines.items()
    )
    st.html(f'<dl style="display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0;padding:0">{rows}</dl>')


def asked(what: str) -> Invalid:
    """Return the problem of a form in which something is missing."""
    return Invalid(what, remedy="Nothing was stored; complete the form.")


def whole(text: str, what: str) -> int | None:
    """Read a whole number that may be left out; raise Invalid for anything else."""
    said = text.strip()
    if not said:
        return None
    if not (said.isdecimal() and said.isascii()):
        raise Invalid(f"{what}: '{said}' is no whole number.", remedy="Write digits only, or leave it out.")
    return int(said)
