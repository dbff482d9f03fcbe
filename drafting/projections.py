"""Compare what the store holds with what the trail says was stored: every governed row, every content, every trigger.

Each entry carries, table by table, the hash of the rows written with it (`audit.governed`). A row is looked for under its own
entry: one that was altered, taken away, added or moved does not give that hash. Entries written before they carried hashes are
counted and said: of their rows nothing can be told but that they are there, of the right person and on the right object.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Table, select, text

from audit import governed, trail
from audit import tables as audit_tables
from audit.actions import Action
from audit.chain import Entry
from audit.errors import Tampered
from audit.verify import Finding, State, Verdict, verify_database
from corpus import extracts, keeping, preferences
from corpus import tables as corpus_tables
from drafting import configuration, tables

UNTOLD = "cannot tell"  # the check of what was written before entries carried hashes: no fault
PROTECTED = (*audit_tables.APPEND_ONLY, *corpus_tables.APPEND_ONLY, *tables.APPEND_ONLY)
_OF_SOURCES = (corpus_tables.notes, corpus_tables.withdrawals, corpus_tables.extracts, corpus_tables.extract_confirmations)
_NOT_GOVERNED = (tables.working_texts, tables.activity_summaries, tables.home)
GOVERNED = (*(t for t in tables.metadata.sorted_tables if t not in _NOT_GOVERNED), *_OF_SOURCES)

_DRAFTED = frozenset({"sections", "generations", "sentences", "sentence_versions"})
_ADDED = frozenset({"added_evidence"})
_CHART = frozenset({"chart_decisions"})
_CHECKED = frozenset({"check_events"})
_DECIDED, _EVENT, _EXCLUDED = frozenset({"decisions"}), frozenset({"report_events"}), frozenset({"exclusions"})
WRITES: Mapping[Action, frozenset[str]] = {
    Action.REPORT_CREATED: frozenset({"reports"}),
    Action.DRAFT_GENERATED: _DRAFTED,
    Action.DRAFT_REFUSED: _DRAFTED,
    Action.SECTION_REDRAFTED: frozenset(
        {"generations", "sentences", "sentence_versions", "decisions", "added_evidence", "evidence_withdrawals"}
    ),
    Action.SENTENCE_ACCEPTED: _DECIDED,
    Action.SENTENCE_EDITED: frozenset({"decisions", "sentence_versions"}),
    Action.SENTENCE_REJECTED: _DECIDED,
    Action.SENTENCE_ADDED: frozenset({"decisions", "sentences", "sentence_versions"}),
    Action.SENTENCE_CONFIRMED: _DECIDED,
    Action.SENTENCE_QUESTIONED: _DECIDED,
    Action.QUESTION_ANSWERED: _DECIDED,
    Action.EDIT_PROPOSED: _DECIDED,
    Action.DECISION_UNDONE: frozenset({"decisions", "sentence_versions"}),
    Action.FILE_ATTACHED: _ADDED,
    Action.RECORD_LINKED: _ADDED,
    Action.FACT_DECLARED: _ADDED,
    Action.EVIDENCE_WITHDRAWN: frozenset({"evidence_withdrawals"}),
    Action.TABLE_CONFIRMED: _DECIDED,
    Action.SECTION_RETURNED: _DECIDED,
    Action.FIELD_ENTERED: frozenset({"field_versions"}),
    Action.OWN_VIEW_RECORDED: frozenset({"own_views"}),
    Action.SECTION_OPENED: frozenset({"views"}),
    Action.SOURCE_VIEWED: frozenset({"openings"}),
    Action.RECORD_EXCLUDED: _EXCLUDED,
    Action.RECORD_INCLUDED: _EXCLUDED,
    Action.REPORT_SUBMITTED: _EVENT,
    Action.REPORT_APPROVED: _EVENT,
    Action.REPORT_AMENDED: _EVENT,
    Action.AMENDMENT_WITHDRAWN: _EVENT,
    Action.CONFIG_ACTIVATED: frozenset({"configuration_versions"}),
    Action.BASELINE_APPROVED: _CHART,
    Action.BASELINE_WITHDRAWN: _CHART,
    Action.PRACTICAL_LIMIT_SET: _CHART,
    Action.PRACTICAL_LIMIT_WITHDRAWN: _CHART,
    Action.RUN_RULES_CHOSEN: _CHART,
    Action.RUN_RULES_WITHDRAWN: _CHART,
    Action.SIGNALS_DISPOSED: frozenset({"signal_dispositions"}),
    Action.OVERSIGHT_ASSIGNED: frozenset({"oversight_checks"}),
    Action.OVERSIGHT_SHOWN: _CHECKED,
    Action.OVERSIGHT_NOTED: _CHECKED,
    Action.OVERSIGHT_REVEALED: _CHECKED,
    Action.OVERSIGHT_RESTORED: _CHECKED,
    Action.OVERSIGHT_VOID: _CHECKED,
    Action.OVERSIGHT_DISPUTED: _CHECKED,
    Action.OVERSIGHT_DISPUTE_DECIDED: _CHECKED,
    Action.SOURCE_IMPORTED: frozenset({"document_notes"}),
    Action.SOURCE_WITHDRAWN: frozenset({"document_withdrawals"}),
    Action.EXTRACT_STATED: frozenset({"extracts"}),
    Action.EXTRACT_CONFIRMED: frozenset({"extract_confirmations"}),
}
_OPTIONAL = {Action.DECISION_UNDONE: "sentence_versions"}  # an undone edit alone brings a text back

Stored = Mapping[str, Sequence[Mapping[str, Any]]]


def verify_home(conn: Connection) -> Verdict:
    """Verify trail, accounts, keys and signatures, and everything else that the store holds against the trail."""
    verdict = verify_database(conn)
    try:
        entries = trail.entries(conn)
    except (ValueError, KeyError, TypeError):  # told by the verdict: with an unreadable entry nothing can be compared
        return verdict
    found = [*verdict.findings, *_corpus(conn), *_contents(conn, entries), *_seals(conn, entries), *_triggers(conn)]
    compared = list(compare(entries, _stored(conn), _home(conn)))
    found += [finding for finding in compared if finding.check != UNTOLD]
    untold = tuple(finding for finding in compared if finding.check == UNTOLD)
    return replace(verdict, integrity=State.BROKEN if found else verdict.integrity, findings=(*found, *untold))


def compare(entries: Sequence[Entry], stored: Stored, marks: Mapping[str, str]) -> Iterator[Finding]:
    """Hold the rows of the store against the entries that vouch for them. Pure."""
    by_seq, named = {entry.seq: entry for entry in entries}, _named(entries)
    claimed: dict[int, list[tuple[Table, Mapping[str, Any]]]] = defaultdict(list)
    for table in GOVERNED:
        for row in stored.get(table.name, ()):
            seq = row["seq"] if "seq" in row else named.get((table.name, row["id"]))
            entry = by_seq.get(seq) if seq is not None else None
            if entry is not None and table.name in WRITES.get(entry.action, ()):
                claimed[entry.seq].append((table, row))
            elif table.name != "openings" or seq is not None:
                yield Finding("rows", None, f"{_told(table, row)} was not written with any entry of the trail")
    untold = 0
    for entry in entries:
        rows = claimed.get(entry.seq, [])
        untold += entry.rows is None and _wrote(entry)
        yield from _old(entry, rows) if entry.rows is None else _differences(entry, rows)
    yield from _openings(entries, stored.get("openings", ()))
    if {e.object_id: e.new for e in entries if e.action is Action.HOME_CREATED} != marks:
        yield Finding("rows", None, "the marks of the home are not those of its entries")
    if untold:
        what = f"{untold} entries were written before entries carried the hash of their rows"
        yield Finding(UNTOLD, None, f"{what}: whether those rows still read as written cannot be told in full")


def _differences(entry: Entry, rows: Sequence[tuple[Table, Mapping[str, Any]]]) -> Iterator[Finding]:
    said, found = entry.rows or {}, governed.hashes(rows)
    for name in sorted({*said, *found} - {audit_tables.key_seals.name}):  # replaced in time: see `_seals`
        if said.get(name) != found.get(name):
            here = "; ".join(_told(table, row) for table, row in rows if table.name == name)[:300] or "none is left"
            message = f"{name} of {entry.action} by {entry.actor.user_id} are not what was written (here: {here})"
            yield Finding("rows", entry.seq, message)


def _old(entry: Entry, rows: Sequence[tuple[Table, Mapping[str, Any]]]) -> Iterator[Finding]:
    """Compare what an entry without hashes says as well: rows are there, by that person, on that object."""
    if not _wrote(entry):
        late = rows if entry.action is Action.SOURCE_IMPORTED else ()  # notes were not kept then
        yield from (Finding("rows", entry.seq, f"{_told(table, row)} was not written with its entry") for table, row in late)
        return
    have = {table.name for table, _ in rows}
    needed = {"sections", "generations"} if WRITES[entry.action] == _DRAFTED else WRITES[entry.action] - {"openings"}
    if entry.action is Action.SECTION_REDRAFTED:
        needed = {"generations"}
    for name in sorted(needed - have - {_OPTIONAL.get(entry.action, "")}):
        yield Finding("rows", entry.seq, f"{name} of {entry.action} are missing")
    for table, row in rows:
        person = (row.get("account_id", entry.actor.id), row.get("user_id", entry.actor.user_id))
        place = row.get("section_id", row.get("report_id", entry.object_id))
        if table.name != "sections" and place != entry.object_id:
            yield Finding("rows", entry.seq, f"{_told(table, row)} stands on another object")
        if person != (entry.actor.id, entry.actor.user_id):
            yield Finding("rows", entry.seq, f"{_told(table, row)} stands under another person")


def _wrote(entry: Entry) -> bool:
    if entry.action is Action.DRAFT_REFUSED:
        return "generation" in (entry.origin or {})  # else the section stayed as it was
    return entry.action in WRITES and entry.action is not Action.SOURCE_IMPORTED  # its document: `keeping.altered`


def _named(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Return the entry of each row that carries no number of its entry."""
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.action is Action.SECTION_OPENED:
            found["views", entry.new["view"]] = entry.seq
        elif entry.action is Action.SOURCE_VIEWED and "opening" in entry.new:
            found["openings", entry.new["opening"]] = entry.seq
        elif entry.action in (Action.DRAFT_GENERATED, Action.DRAFT_REFUSED) and "report" in entry.new:
            found["sections", entry.object_id] = entry.seq
    return found


def _openings(entries: Iterable[Entry], rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Count the openings whose entries do not name them: written before entries carried hashes."""
    named = {e.new["opening"] for e in entries if e.action is Action.SOURCE_VIEWED and "opening" in e.new}
    said = sorted(
        (e.object_id, e.field or "", e.new["ref"], e.actor.id, e.new["demanded"])
        for e in entries
        if e.action is Action.SOURCE_VIEWED and "opening" not in e.new
    )
    here = sorted(
        (r["section_id"], r["subject"], r["ref"], r["account_id"], r["demanded"]) for r in rows if r["id"] not in named
    )
    if said != here:
        yield Finding("rows", None, "the openings of sources are not those of their entries")


def _told(table: Table, row: Mapping[str, Any]) -> str:
    key = ", ".join(f"{column.name} {row[column.name]}" for column in table.primary_key)
    return f"{table.name} {key}"


def _stored(conn: Connection) -> dict[str, list[Mapping[str, Any]]]:
    return {table.name: [row._asdict() for row in conn.execute(select(table))] for table in GOVERNED}


def _home(conn: Connection) -> dict[str, str]:
    return {row.key: row.value for row in conn.execute(select(tables.home))}


def _corpus(conn: Connection) -> Iterator[Finding]:
    """Compare sources, extracts and configuration."""
    for check, altered in (
        ("sources", keeping.altered),
        ("extracts", extracts.altered),
        ("clashes", preferences.altered),
        ("configuration", configuration.altered),
    ):
        try:
            yield from (Finding(check, None, message) for message in altered(conn))
        except Tampered as problem:
            yield Finding(check, None, problem.message)
    said = {(e.action, e.seq) for e in trail.entries(conn, object_kind=extracts.EXTRACT)}
    here = {(Action.EXTRACT_STATED, seq) for seq in conn.scalars(select(corpus_tables.extracts.c.seq))}
    here |= {(Action.EXTRACT_CONFIRMED, seq) for seq in conn.scalars(select(corpus_tables.extract_confirmations.c.seq))}
    yield from (Finding("extracts", seq, f"the row of {action} is missing") for action, seq in sorted(said - here))


def _contents(conn: Connection, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Look for each content that an entry names: what was asked, answered, cited, imported and configured."""
    kept = set(conn.scalars(select(audit_tables.contents.c.sha256)))
    for entry in entries:
        for name, key in _keys(entry):
            if key not in kept:
                yield Finding("content", entry.seq, f"the {name} of this entry ({key}) is missing")


def _keys(entry: Entry) -> Iterator[tuple[str, str]]:
    said = entry.new if isinstance(entry.new, dict) else {}
    if entry.action in (Action.SOURCE_IMPORTED, Action.CONFIG_ACTIVATED):
        yield "text" if entry.action is Action.CONFIG_ACTIVATED else "source file", said["sha256"]
    elif entry.action is Action.FILE_ATTACHED:
        yield from ((name, said[key]) for name, key in (("attached file", "sha256"), ("text of it", "text")) if said[key])
    elif entry.action in (Action.DRAFT_GENERATED, Action.DRAFT_REFUSED, Action.SECTION_REDRAFTED, Action.DRAFT_ABANDONED):
        for exchange in (said, *said.get("exchanges", {}).values()):
            yield from ((name, exchange[name]) for name in ("pack", "request", "reply") if exchange.get(name))


def _seals(conn: Connection, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Compare the sealed keys with those that are enrolled or wait: the newest of each person, as last sealed, and nothing else."""
    wanted: dict[str, set[str]] = defaultdict(set)
    sealed: dict[str, str | None] = {}  # of each key, the hash of its row where the last entry that sealed it says one
    for entry in entries:
        if entry.action is Action.PASSPHRASE_CHANGED or audit_tables.key_seals.name in (entry.rows or {}):
            sealed[entry.new["key_id"]] = (entry.rows or {}).get(audit_tables.key_seals.name)
        if entry.action is Action.KEY_ENROLLED:
            wanted[entry.object_id] = {entry.new["key_id"]}
        elif entry.action is Action.KEY_REQUESTED:
            wanted[entry.object_id] -= {(entry.old or {}).get("key_id", "")}
            wanted[entry.object_id].add(entry.new["key_id"])
        elif entry.action is Action.KEY_REFUSED:
            wanted[entry.object_id].discard(entry.old["key_id"])
    said = {(account, key) for account, keys in wanted.items() for key in keys}
    rows = conn.execute(select(audit_tables.key_seals)).all()
    here = {(row.account_id, row.key_id) for row in rows}
    for row in rows:
        hashed = governed.hashes([(audit_tables.key_seals, row._asdict())])[audit_tables.key_seals.name]
        if sealed.get(row.key_id) not in (None, hashed):
            yield Finding("seal", None, f"the sealed key {row.key_id} of {row.account_id} is not as its owner sealed it")
    yield from (Finding("seal", None, f"the sealed key {key} of {account} is missing") for account, key in said - here)
    yield from (Finding("seal", None, f"the sealed key {key} of {account} has no entry") for account, key in here - said)


def _triggers(conn: Connection) -> Iterator[Finding]:
    """Look for the triggers that keep tables from being changed, as they were made."""
    sqlite = conn.dialect.name == "sqlite"
    present = _on_sqlite(conn) if sqlite else _on_postgresql(conn)
    for table in PROTECTED:
        made = audit_tables.append_only_ddl(conn.dialect.name, table)
        if sqlite:
            lost = [ddl for ddl in made if _plain(ddl) not in present]
        else:
            lost = [name for name in (f"{table}_no_change", f"{table}_no_truncate") if (table, name) not in present]
        if lost:
            yield Finding("trigger", None, f"the protection of {table} against changes was taken away or altered")


def _on_sqlite(conn: Connection) -> set[str]:
    return {_plain(sql) for sql in conn.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))}


def _plain(ddl: str) -> str:
    return " ".join(ddl.split()).replace('"', "").casefold()


def _on_postgresql(conn: Connection) -> set[tuple[str, str]]:
    """Return tables and names of the triggers that always fire and refuse."""
    query = (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgenabled = 'A' AND p.proname = c.relname || '_refuse' AND p.prosrc LIKE ' BEGIN RAISE EXCEPTION %'"
    )
    found: Sequence[Row[Any]] = conn.execute(text(query)).all()
    return {(row.relname, row.tgname) for row in found}
