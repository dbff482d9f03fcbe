"""Attribute names: what the site's map joins, names that may be one, and the confirmation of another version with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from audit.identity import Role
from corpus import attributemap
from corpus.attributemap import EVERY, AttributeMap, SiteAttribute
from corpus.likenames import Likeness
from drafting import attribute_admin
from drafting.configuration import ConfigurationVersion
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain

COLUMNS = {
    "attribute": "Attribute of the site", "name": "Name in a file", "product": "Product", "unit": "Unit", "label": "Printed as",
}  # fmt: skip
SUBJECT = "attributes.map"


def show(visit: Visit) -> None:
    """Show the map in force and, to who confirms, the way to another version."""
    known, said = attribute_admin.in_force(visit.ctx)
    _in_force(visit, known, said)
    if not visit.account.has(Role.WRITER, Role.APPROVER):
        _table(known)
        return
    chosen = _proposals(visit)
    edited = _edited(attribute_admin.with_proposals(known, chosen), subject=_subject(known, chosen))
    with st.form("attributes.confirm", border=False):
        reason = st.text_input("Reason", max_chars=500)
        if st.form_submit_button("Confirm the map", type="primary", icon=":material/verified:"):
            with widgets.guarded():
                made = attribute_admin.confirm(
                    visit.ctx, text=attributemap.written(edited), reason=reason, replaces=said.sha256 if said else "", actor=visit.actor
                )  # fmt: skip
                session.spend(SUBJECT)
                session.notice(f"Version {made.version} of the attribute map is in force")
                st.rerun()


def _subject(known: AttributeMap, chosen: Sequence[Likeness]) -> str:
    """Return the name of what is being edited: another version, or another choice, is another text."""
    return "|".join((SUBJECT, str(known.version), *(f"{p.one.attribute}={p.other.attribute}" for p in chosen)))


def _in_force(visit: Visit, known: AttributeMap, said: ConfigurationVersion | None) -> None:
    if said is None:
        widgets.empty(
            "Joins the names that one attribute has in several files.",
            "No map is in force: every name stands for itself. Choose from what is alike, or write rows of your own.",
        )
        return
    st.caption(
        f"Version {known.version} confirmed by {plain(said.user_id)}, {moment(said.at)}: {plain(said.reason)}. "
        "A change concerns new drafts; open sections that it bears on are marked as changed."
    )
    with st.expander("Versions"):
        for version in reversed(attribute_admin.history(visit.ctx)):
            word = "withdrawn" if version.withdrawn else "confirmed"
            st.caption(
                f"Version {version.version} {word} by {plain(version.user_id)}, {moment(version.at)}: {plain(version.reason)}"
            )


def _proposals(visit: Visit) -> list[Likeness]:
    found = attribute_admin.propose(visit.ctx)
    if not found:
        st.caption("No names of different files are alike beyond what the map joins.")
        return []
    st.markdown("**Alike, and not joined:** tick what is one attribute")
    picked = st.dataframe(
        [_line(p) for p in found], hide_index=True, on_select="rerun", selection_mode="multi-row",
        key=session.widget_key(f"{SUBJECT}.alike"), height=min(35 * (len(found) + 1) + 3, 250),
    )  # fmt: skip
    return [found[row] for row in picked["selection"]["rows"]]


def _line(made: Likeness) -> dict[str, object]:
    return {
        "one name": made.one.attribute,
        "in": ", ".join(made.one.files),
        "other name": made.other.attribute,
        "in ": ", ".join(made.other.files),
        "unit": made.unit or "none",
        "alike, of 100": made.score,
    }


def _rows(known: AttributeMap) -> list[dict[str, str]]:
    return [
        {"attribute": a.attribute, "name": name, "product": a.product, "unit": a.unit, "label": a.label}
        for a in known.attributes
        for name in a.names
    ]


def _table(known: AttributeMap) -> None:
    if known.attributes:
        st.dataframe(_rows(known), hide_index=True, column_config=COLUMNS)


def _edited(known: AttributeMap, *, subject: str) -> AttributeMap:
    st.markdown("**The map:** a row for each name in a file")
    columns = {
        key: st.column_config.TextColumn(
            label, max_chars=attributemap.LONGEST_NAME, default=EVERY if key == "product" else ""
        )
        for key, label in COLUMNS.items()
    }
    empty = dict.fromkeys(COLUMNS, "") | {"product": EVERY}
    rows = st.data_editor(
        _rows(known) or [empty], hide_index=True, num_rows="dynamic", column_config=columns, key=session.widget_key(subject), width="stretch"
    )  # fmt: skip
    return replace(known, title=known.title or attribute_admin.TITLE, attributes=joined(rows))


def joined(rows: Sequence[Mapping[str, Any]]) -> tuple[SiteAttribute, ...]:
    """Return the attributes that rows of names make: rows of one attribute and product are one; an empty row is none. Pure."""
    found: dict[tuple[str, str], SiteAttribute] = {}
    for row in rows:
        texts = {key: str(row.get(key) or "").strip() for key in COLUMNS}
        if not texts["attribute"] or not texts["name"]:
            continue
        product = texts["product"] or EVERY
        first = SiteAttribute(texts["attribute"], (), product, texts["unit"], texts["label"])
        one = found.setdefault((texts["attribute"], product), first)
        names = tuple(dict.fromkeys((*one.names, texts["name"])))
        found[texts["attribute"], product] = replace(
            one, names=names, unit=one.unit or texts["unit"], label=one.label or texts["label"]
        )
    return tuple(found.values())
