"""Trail: who did what to which object, when and why, with the values before and after; verify it, take a copy."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from audit import trail
from audit.actions import Action
from audit.chain import Entry
from audit.verify import State, Verdict
from drafting import alarms
from drafting.overseeing.sight import counted, not_shown, withheld
from drafting.trail_reading import Chosen, Copy, chosen_entries, copy_trail, object_names, users
from review_ui import session, widgets
from review_ui.frame import Visit
from review_ui.presenters import plain, short_hash

MOST = 500
KINDS = ("report", "section", "source_document", "account", "alarm", "trail", "home", "text")
MEDIA = {Copy.JSONL: "application/x-ndjson", Copy.CSV: "text/csv"}
Names = Mapping[tuple[str, str], str]


def show(visit: Visit) -> None:
    """Filter the trail, read one entry, verify the chain, take a copy."""
    st.subheader("Trail")
    with visit.ctx.database.read() as conn:
        names, people, out = object_names(conn), users(conn), withheld(conn, visit.account, visit.ctx.clock.now())
        total = trail.count(conn) - (len(out) if counted(visit.account, out) is None else 0)
    chosen = _filters(people, names)
    with visit.ctx.database.read() as conn:
        found = chosen_entries(conn, chosen, limit=MOST, hidden=out)
    if found:
        more = ", the newest first; narrow the filter to see older ones" if len(found) == MOST else ", newest first"
        st.caption(f"{len(found):,} of {total:,} entries{more}. Choose a row to read it.")
        picked = st.dataframe(
            [_line(entry, names) for entry in found],
            hide_index=True,
            height=300,
            on_select="rerun",
            selection_mode="single-row",
            key="trail.rows",
            column_config={
                "entry": st.column_config.NumberColumn(width=60),
                "why": st.column_config.TextColumn(width="medium"),
            },
        )
        rows = picked["selection"]["rows"]
        if rows and rows[0] < len(found):
            _entry(found[rows[0]], names)
    else:
        widgets.empty("Shows every act in this home, newest first.", f"No entry of {total:,} matches: widen the filter.")
    if out:
        st.caption(not_shown(visit.account, out))
    _copies(visit, chosen)


def _filters(people: list[str], names: Names) -> Chosen:
    who, what, since, until = st.columns([3, 4, 2, 2])
    user = who.selectbox("Who", people, index=None, placeholder="Anybody", key="trail.who")
    action = what.selectbox(
        "What", [str(a) for a in Action], index=None, placeholder="Any act", format_func=act, key="trail.what"
    )
    first = since.date_input("From (UTC day)", value=None, key="trail.from")
    last = until.date_input("Until, this day included", value=None, key="trail.until")
    kind, item, why, words = st.columns([2, 4, 3, 3])
    object_kind = kind.selectbox("About", KINDS, index=None, placeholder="Anything", format_func=_words, key="trail.kind")
    of_kind = sorted((key for key in names if key[0] == object_kind), key=lambda key: names[key])
    one = item.selectbox(
        "Which", of_kind, index=None, format_func=lambda key: names[key], placeholder="Choose what it is about first",
        disabled=not of_kind, key=f"trail.object.{object_kind}",
    )  # fmt: skip
    reason = why.text_input("Why (words of the reason)", key="trail.why")
    containing = words.text_input("Containing, anywhere", key="trail.words")
    return Chosen(
        user or "", action or "", first.isoformat() if first else "", last.isoformat() if last else "", object_kind or "",
        one[1] if one else "", reason.strip(), containing.strip(),
    )  # fmt: skip


def act(action: str) -> str:
    """Return an act as people read it, with its family."""
    family, _, what = action.partition(".")
    return f"{'Sign-in' if family == 'auth' else _words(family)}: {what.replace('_', ' ')}"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _line(entry: Entry, names: Names) -> dict[str, str | int]:
    return {
        "entry": entry.seq,
        "when (UTC)": entry.at[:19].replace("T", " "),
        "who": entry.actor.user_id,
        "as": entry.actor.role.replace("_", " "),
        "what": act(str(entry.action)),
        "about": _about(entry, names),
        "why": entry.reason or "",
    }


def _about(entry: Entry, names: Names) -> str:
    if entry.object_id == entry.object_kind:
        return f"the {entry.object_kind}"
    name = names.get((entry.object_kind, entry.object_id), entry.object_id[:12])
    field = f", {entry.field}" if entry.field else ""
    return f"{_words(entry.object_kind).lower()} {name}{field}"


def _entry(entry: Entry, names: Names) -> None:
    with st.container(border=True):
        st.markdown(f"**Entry {entry.seq}: {plain(act(str(entry.action)))}**")
        told = {
            "When": f"{entry.at} (zone of the site: {entry.zone})",
            "Who": f"{entry.actor.printed_name} ({entry.actor.user_id}), as {entry.actor.role.replace('_', ' ')}",
            "About": f"{_about(entry, names)}; id {entry.object_id}"
            + (f", version {entry.object_version}" if entry.object_version else ""),
            "Why": entry.reason or "no reason given, none asked",
            "Origin": _text(entry.origin) if entry.origin else "no machine text",
            "Entry before": short_hash(entry.previous),
        }
        widgets.facts(told)
        rows = changes(entry.old, entry.new)
        if rows:
            st.table(
                {
                    "": [plain(r[0]) for r in rows],
                    "Before": [plain(r[1]) for r in rows],
                    "After": [plain(r[2]) for r in rows],
                }
            )
        else:
            st.caption("This act holds no values before or after.")


def changes(old: Any, new: Any) -> list[tuple[str, str, str]]:
    """Return what an entry holds before and after, field by field."""
    if old is None and new is None:
        return []
    before = old if isinstance(old, dict) else {"value": old} if old is not None else {}
    after = new if isinstance(new, dict) else {"value": new} if new is not None else {}
    return [(_words(key), _text(before.get(key)), _text(after.get(key))) for key in dict.fromkeys([*before, *after])]


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _copies(visit: Visit, chosen: Chosen) -> None:
    """Offer verification and copies; each leaves its own entry."""
    told = chosen.told()
    verify, whole, part, _ = st.columns([2, 3, 3, 3])
    if verify.button("Verify the trail", icon=":material/verified:", key="trail.verify"):
        session.forget_copy()
        with widgets.guarded():
            _verdict(alarms.verify_trail(visit.ctx, actor=visit.actor))
    label = "Copy the entries shown (CSV)" if told else "Copy as a table (CSV)"
    for column, form, said in ((whole, Copy.JSONL, "Copy the whole trail (JSONL)"), (part, Copy.CSV, label)):
        if column.button(said, icon=":material/content_copy:", key=f"trail.copy.{form}"):
            with widgets.guarded():
                session.keep_copy(f"trail.{form}", copy_trail(visit.ctx, form, chosen, actor=visit.actor), MEDIA[form])
    ready = session.copy()
    if ready:
        name, data, media = ready
        st.download_button(
            f"Download {name} ({len(data) / 1024:,.0f} KiB)", data, file_name=name, mime=media, icon=":material/download:"
        )
    st.caption(
        "The JSONL copy is the whole trail and verifies on any computer: python -m audit verify trail.jsonl. "
        "The table is for reading. Verifying and copying are acts, and stand in the trail."
    )


def _verdict(verdict: Verdict) -> None:
    said = (
        f"Integrity: {verdict.integrity}. Completeness: {verdict.completeness}. {verdict.entries:,} entries, "
        f"{len(verdict.findings)} findings. "
    )
    anchored = (
        f"A checkpoint that left this home covers entries up to {verdict.anchored_to:,}."
        if verdict.anchored_to is not None
        else "No checkpoint has left this home, so nobody can tell whether its end was cut off."
    )
    verdicts = {verdict.integrity, verdict.completeness}
    show_it = st.error if State.BROKEN in verdicts else st.success if verdicts == {State.INTACT} else st.info
    show_it(said + anchored, icon=":material/verified:")
    if verdict.findings:
        lines = [{"check": f.check, "entry": str(f.entry or ""), "finding": f.message} for f in verdict.findings]
        st.dataframe(lines, hide_index=True)
