"""Import profiles: those in force with their versions, and the way to a new one: proposed from a file, corrected, tried, confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from audit.identity import Role
from corpus import profile_toml
from corpus.importprofile import GROUPS, TYPES, ColumnRule, ImportProfile
from corpus.proposing import Proposal
from drafting import profile_admin
from drafting.importing import laid_out
from drafting.profile_admin import ProfileLine, Tried, TriedPart
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import moment, plain
from review_ui.screens import attribute_names

NEW, IN_FORCE, ATTRIBUTES = "New profile", "Profiles in force", "Attribute names"
FIELD, MEASUREMENT = "field of the record", "measurement of the batch"
TABLE, TEXT = "As a table", "As text"


def show(visit: Visit) -> None:
    """Show the parts of the page."""
    st.subheader("Import profiles")
    confirms = visit.account.has(Role.WRITER, Role.APPROVER)
    names = [*([NEW] if confirms else []), IN_FORCE, ATTRIBUTES]
    parts = {NEW: _new, IN_FORCE: _in_force, ATTRIBUTES: attribute_names.show}
    made = st.tabs(names, key=session.tab_key("profiles", first=names[0]), on_change="rerun")
    for tab, name in zip(made, names, strict=True):
        if tab.open:
            with tab:
                parts[name](visit)


def _in_force(visit: Visit) -> None:
    lines = profile_admin.listed(visit.ctx)
    st.caption(
        f"{len(lines)} profiles. A file is read by the profile whose header it has, letter for letter; where several have it, by their names of files."
    )
    picked = st.dataframe(
        [_line(line) for line in lines], hide_index=True, on_select="rerun", selection_mode="single-row", key="profiles.rows", height=300
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    if rows:
        chosen = lines[rows[0]]
        for version in profile_admin.history(visit.ctx, chosen.profile.name):
            word = "withdrawn" if version.withdrawn else "confirmed"
            st.caption(
                f"Version {version.version} {word} by {plain(version.user_id)}, {moment(version.at)}: {plain(version.reason)}"
            )
        st.code(profile_toml.written(chosen.profile), language="toml", height=360)


def _line(line: ProfileLine) -> dict[str, object]:
    profile = line.profile
    return {
        "profile": profile.name,
        "version": profile.version,
        "title": profile.title,
        "makes": profile.kind,
        "columns": len(profile.columns),
        "files": ", ".join(profile.files) or "any name",
        "origin": f"confirmed by {line.confirmed.user_id}" if line.confirmed else "ships with Verascribe",
    }


def _new(visit: Visit) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        given = st.file_uploader("A file to propose a profile from", key=session.widget_key("profiles.file"))
        if given is not None and st.button("Propose", icon=":material/auto_awesome_motion:", key="profiles.propose"):
            with widgets.guarded():
                propose_from(visit, given.name, given.getvalue())
                st.rerun()
    kept = session.proposal()
    if kept is None:
        with right:
            widgets.empty(
                "Proposes how a file is read.",
                "Give a file. Each guess says how it was reached; what cannot be told apart is asked. Nothing applies until you confirm it.",
            )
        return
    name, data, proposals = kept
    with right:
        st.markdown(f"**{plain(name)}**")
        number = 0
        if len(proposals) > 1:
            parts = [p.part or p.profile.name for p in proposals]
            number = st.selectbox("Table", range(len(parts)), format_func=lambda n: parts[n], key="profiles.part") or 0
        for question in proposals[number].questions:
            st.warning(plain(question), icon=":material/help:")
    _correct(visit, name, data, proposals[number], key=f"{name}.{number}")


def propose_from(visit: Visit, name: str, data: bytes) -> None:
    """Propose profiles from a file's bytes and keep them for this page."""
    with laid_out([(name, data)]) as folder:
        path = next(p for p in folder.rglob("*") if p.is_file())
        session.keep_proposal(name, data, profile_admin.propose(visit.ctx, path=path))


def _correct(visit: Visit, name: str, data: bytes, proposal: Proposal, *, key: str) -> None:
    how = st.segmented_control("Correct it", [TABLE, TEXT], default=TABLE, required=True, key=f"profiles.how.{key}")
    if how == TABLE:
        text = profile_toml.written(_edited(proposal.profile, proposal.notes, key=key))
    else:
        text = st.text_area("Profile", proposal.text, height=420, key=f"profiles.text.{key}", max_chars=200_000)
    if st.button("Try on the file", icon=":material/play_arrow:", key=f"profiles.try.{key}"):
        with widgets.guarded(), laid_out([(name, data)]) as folder:
            path = next(p for p in folder.rglob("*") if p.is_file())
            session.keep_trial(text, profile_admin.try_out(visit.ctx, path=path, text=text))
    trial = session.trial()
    if trial is not None and trial[0] == text:
        _tried(trial[1])
        for missing in filter(None, (profile_admin.ungrouped(trial[1].profile), profile_admin.unread(trial[1].profile))):
            st.warning(plain(missing), icon=":material/warning:")
        _confirm(visit, text, key=key)
    else:
        st.caption("Try it before you confirm it: nothing of the trial is stored.")


def _edited(profile: ImportProfile, notes: Mapping[str, Sequence[str]], *, key: str) -> ImportProfile:
    one, two, three, other = st.columns(4)
    name = one.text_input("Name of the profile", profile.name, key=f"profiles.name.{key}", max_chars=80)
    title = two.text_input("Title", profile.title, key=f"profiles.title.{key}", max_chars=200)
    kind = three.text_input("Kind of record", profile.kind, key=f"profiles.kind.{key}", max_chars=80)
    globs = other.text_input(
        "Files of these names only", ", ".join(profile.files), key=f"profiles.files.{key}", max_chars=200, placeholder="lab2_*.csv",
        help="Where several profiles know one header. * stands for any letters; several names with commas between them.",
    )  # fmt: skip
    rows = st.data_editor(
        [_row(rule, notes) for rule in profile.columns], hide_index=True, key=f"profiles.columns.{key}", disabled=["column", "why"],
        column_config={
            "is": st.column_config.SelectboxColumn(options=[FIELD, MEASUREMENT], required=True),
            "type": st.column_config.SelectboxColumn(options=list(TYPES), required=True),
            "group": st.column_config.SelectboxColumn(
                options=sorted({*GROUPS, *(rule.group for rule in profile.columns if rule.group)}),
                help="The stage at which a measurement is made. A review speaks only of measurements that have one.",
            ),
            "why": st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
    rules = tuple(_rule(rule, row) for rule, row in zip(profile.columns, rows, strict=True))
    fields = [rule.field for rule in rules if rule.field]
    four, five, six, seven = st.columns(4)
    given = four.multiselect("Identifies a row", fields, [f for f in profile.key if f in fields], key=f"profiles.key.{key}")
    product = five.selectbox(
        "Product", fields, _at(fields, profile.product), placeholder="None", key=f"profiles.product.{key}"
    )
    strength = six.selectbox(
        "Strength", fields, _at(fields, profile.strength), placeholder="None", key=f"profiles.strength.{key}"
    )
    first = profile.date[0] if profile.date else None
    day = seven.selectbox(
        "Date that decides the period", fields, _at(fields, first), placeholder="None", key=f"profiles.date.{key}"
    )
    return replace(
        profile, name=name.strip(), title=title.strip(), kind=kind.strip(), columns=rules, key=tuple(given), product=product,
        strength=strength, date=(day,) if day else (), files=tuple(glob.strip() for glob in globs.split(",") if glob.strip()),
    )  # fmt: skip


def _at(fields: list[str], wanted: str | None) -> int | None:
    return fields.index(wanted) if wanted in fields else None


def _row(rule: ColumnRule, notes: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {
        "column": rule.header,
        "is": MEASUREMENT if rule.attribute else FIELD,
        "name": rule.target,
        "type": rule.type,
        "unit": rule.unit,
        "label": rule.label,
        "group": rule.group or None,
        "why": "; ".join(notes.get(rule.header, ())),
    }


def _rule(rule: ColumnRule, row: Mapping[str, Any]) -> ColumnRule:
    name = str(row["name"] or "").strip()
    measured = row["is"] == MEASUREMENT
    return replace(
        rule, field=None if measured else name, attribute=name if measured else None, type=str(row["type"]),
        unit=str(row["unit"] or "").strip(), label=str(row["label"] or "").strip(), group=str(row["group"] or ""),
        format=rule.format if row["type"] in ("date", "month", "datetime") else None,
    )  # fmt: skip


def _tried(tried: Tried) -> None:
    for said in tried.told:
        st.warning(plain(said), icon=":material/warning:")
    for part in tried.parts:
        _part(part)


def _part(part: TriedPart) -> None:
    cells = part.balance
    where = f"{plain(part.part)}: " if part.part else ""
    st.markdown(
        f"**{where}{part.rows:,} rows make {plain(part.kind.replace('_', ' '))} records, {part.measurements:,} measurements**"
    )
    st.caption(
        f"Cells in {cells.cells_in:,} = imported {cells.imported:,} + refused {cells.refused:,} + declared missing {cells.missing:,}"
    )
    for why, numbers in part.skipped.items():
        st.caption(f"Rows {', '.join(map(str, numbers[:20]))} are no records: {plain(why)}")
    if part.records:
        st.dataframe(
            [{"record": r.identifier, "product": r.product or "", "date": r.date or "", **r.fields} for r in part.records], hide_index=True
        )  # fmt: skip
    if part.refusals:
        st.dataframe(
            [{"place": r.place, "as written": r.literal, "reason": r.reason} for r in part.refusals], hide_index=True
        )


def _confirm(visit: Visit, text: str, *, key: str) -> None:
    profile = profile_toml.parse(text.encode(), file="profile")
    line = next((x for x in profile_admin.listed(visit.ctx) if x.profile.name == profile.name), None)
    with st.form(f"profiles.confirm.{key}"):
        st.markdown(
            f"**Confirm {plain(profile.name)}** as "
            + (f"the version after {line.profile.version}" if line else "a new profile")
        )
        st.caption(
            "It is in force for later imports and concerns new drafts only; documents keep the profile they were read with."
        )
        reason = st.text_input("Reason", max_chars=500)
        if st.form_submit_button("Confirm the profile", type="primary", icon=":material/verified:"):
            with widgets.guarded():
                made = profile_admin.confirm(
                    visit.ctx, text=text, reason=reason, replaces=line.sha256 if line else "", actor=visit.actor
                )
                session.drop_proposal()
                session.notice(f"{made.name} version {made.version} is in force: import the file now")
                st.rerun()
