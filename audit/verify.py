"""Re-derive the whole trail and report every finding, with three-valued verdicts.

*Integrity*: nothing that is here was altered. *Completeness*: nothing is missing. A trail whose head never left the
machine can be cut off at its end by someone who owns the machine, so completeness of such a trail is "cannot tell" - the
verifier never calls it intact. Exit statuses: 0 nothing broken, 1 broken, 4 nothing can be told.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from audit import chain, signatures, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.identity import fold
from audit.merkle import tree_head
from audit.tables import account_versions, contents, signing_keys, trail_entries
from audit.tables import signatures as signature_table


class State(StrEnum):
    """A verdict."""

    INTACT = "intact"
    BROKEN = "broken"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Finding:
    """One fault: which check found it, at which entry (None: outside the trail), and what is wrong."""

    check: str
    entry: int | None
    message: str


@dataclass(frozen=True)
class Verdict:
    """What the verifier can say."""

    integrity: State
    completeness: State
    entries: int
    head: str
    findings: tuple[Finding, ...] = field(default=())
    anchored_to: int | None = None

    @property
    def exit_status(self) -> int:
        """Return 1 where anything is broken, 4 where nothing can be told, else 0."""
        if State.BROKEN in (self.integrity, self.completeness):
            return 1
        return 4 if self.integrity is State.CANNOT_TELL else 0

    def tree(self) -> dict[str, Any]:
        """Return the verdict for JSON."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]


def check_chain(texts: Sequence[str]) -> tuple[list[Finding], list[chain.Entry | None], list[str]]:
    """Check the canonical texts of a trail in order: form, numbering, links and times."""
    findings: list[Finding] = []
    entries: list[chain.Entry | None] = []
    leaves: list[str] = []
    previous, moment = chain.GENESIS, ""
    for number, text in enumerate(texts, start=1):
        leaf = chain.leaf_of(text)
        leaves.append(leaf)
        try:
            entry = chain.entry_of(text)
            written = entry.text()
        except (ValueError, KeyError, TypeError) as error:
            findings.append(Finding("form", number, f"not an entry: {type(error).__name__}"))
            entries.append(None)
            previous = leaf
            continue
        entries.append(entry)
        if written != text:
            findings.append(Finding("form", number, "the text is not in canonical form"))
        if entry.seq != number:
            findings.append(Finding("sequence", number, f"numbered {entry.seq}, stands at {number}"))
        if entry.previous != previous:
            findings.append(Finding("chain", number, "does not follow from the entry before it"))
        if entry.id != chain.entry_id(entry):
            findings.append(Finding("identity", number, "the id does not follow from its fields"))
        if entry.at < moment:
            findings.append(Finding("time", number, f"at {entry.at}, before the entry above it"))
        previous, moment = leaf, max(moment, entry.at)
    return findings, entries, leaves


def _verdict(findings: list[Finding], leaves: list[str], completeness: State = State.CANNOT_TELL) -> Verdict:
    head = "sha256:" + tree_head([bytes.fromhex(leaf.removeprefix("sha256:")) for leaf in leaves]).hex()
    integrity = State.BROKEN if findings else State.INTACT if leaves else State.CANNOT_TELL
    return Verdict(integrity, completeness, len(leaves), head, tuple(findings))


def verify_database(conn: Connection) -> Verdict:
    """Check trail, projections, contents, accounts, keys and signatures of a live database."""
    rows = conn.execute(select(trail_entries).order_by(trail_entries.c.seq)).all()
    findings, entries, leaves = check_chain([row.body for row in rows])
    for number, (row, entry, leaf) in enumerate(zip(rows, entries, leaves, strict=True), start=1):
        columns = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        if columns["leaf"] != leaf:
            findings.append(Finding("leaf", number, "the stored hash is not that of the text"))
        if entry is None:
            continue
        wrong = [k for k, v in trail.projection(entry).items() if columns[k] != v]
        if entry.previous != columns["previous"]:
            wrong.append("previous")
        findings += [Finding("projection", number, f"column {name} differs from the text") for name in wrong]
    known = [entry for entry in entries if entry is not None]
    findings += _contents(conn)
    findings += _accounts(conn, known)
    findings += _keys(conn, known)
    findings += _signatures(conn, known)
    return _verdict(findings, leaves)


def _contents(conn: Connection) -> Iterable[Finding]:
    for row in conn.execute(select(contents.c.sha256, contents.c.body)).yield_per(200):
        if digest(bytes(row.body)) != row.sha256:
            yield Finding("content", None, f"the content kept under {row.sha256} was altered")


def _accounts(conn: Connection, known: list[chain.Entry]) -> Iterable[Finding]:
    vouched = {e.new["hash"] for e in known if e.object_kind == "account" and isinstance(e.new, dict) and "hash" in e.new}
    stored = set()
    for row in conn.execute(select(account_versions)):
        stored.add(row.hash)
        if digest(row.body) != row.hash:
            yield Finding("account", None, f"version {row.version} of {row.folded} was altered")
        elif row.hash not in vouched:
            yield Finding("account", None, f"version {row.version} of {row.folded} has no entry")
        elif not _describes(row):
            yield Finding("account", None, f"the columns of version {row.version} of {row.account_id} are not its own")
    for missing in vouched - stored:
        yield Finding("account", None, f"the account version {missing} of an entry is missing")


def _describes(row: Row[Any]) -> bool:
    """Tell whether the columns by which an account is found are those of its text."""
    body = json.loads(row.body)
    return bool((body["id"], body["version"], fold(body["user_id"])) == (row.account_id, row.version, row.folded))


def _keys(conn: Connection, known: list[chain.Entry]) -> Iterable[Finding]:
    enrolled = [e for e in known if e.action is Action.KEY_ENROLLED]
    vouched = {e.new["key_id"]: e for e in enrolled}
    keys = {row.key_id: row for row in conn.execute(select(signing_keys))}
    for missing in set(vouched) - set(keys):
        yield Finding("key", vouched[missing].seq, f"the key {missing} of this entry is missing")
    for row in keys.values():
        entry = vouched.get(row.key_id)
        if entry is None or entry.new["enrolment"] != digest(row.enrolment):
            yield Finding("key", entry.seq if entry else None, f"the enrolment of key {row.key_id} has no entry")
        elif row.attested_by_key == row.key_id and entry is not enrolled[0]:
            yield Finding("key", entry.seq, f"key {row.key_id} is attested by its owner and is not the first of this home")
        attester = keys.get(row.attested_by_key)
        if attester is None or not signatures.check(attester.public_key, row.enrolment, row.attestation):
            yield Finding("key", None, f"the enrolment of key {row.key_id} is not attested by its attester's key")
        if json.loads(row.enrolment)["public_key"] != row.public_key:
            yield Finding("key", None, f"key {row.key_id} is not the enrolled one")


def _signatures(conn: Connection, known: list[chain.Entry]) -> Iterable[Finding]:
    applied = [e for e in known if e.action is Action.SIGNATURE_APPLIED]
    vouched = {(e.new["signature"], e.object_id): e for e in applied}
    keys = {row.key_id: row for row in conn.execute(select(signing_keys))}
    seen = set()
    for row in conn.execute(select(signature_table)):
        key = keys.get(row.key_id)
        if key is None or not signatures.check(key.public_key, row.payload, row.signature):
            yield Finding("signature", None, f"signature {row.id} does not fit its payload and key")
            continue
        payload = json.loads(row.payload)
        if key.account_id != row.account_id or payload["account"] != row.account_id:
            yield Finding("signature", None, f"signature {row.id} stands under another account")
        said = (payload["id"], payload["key_id"], payload["report"], payload["meaning"], payload["at"])
        if said != (row.id, row.key_id, row.report_id, row.meaning, row.at):
            yield Finding("signature", None, f"the columns of signature {row.id} are not what was signed")
        for item in payload["items"]:
            seen.add((row.id, item["id"]))
            entry = vouched.get((row.id, item["id"]))
            if entry is None:
                yield Finding("signature", None, f"signature {row.id} over {item['id']} has no entry")
            elif entry.new["payload"] != digest(row.payload):
                yield Finding("signature", entry.seq, f"signature {row.id} is not the one of its entry")
    for pair in set(vouched) - seen:
        yield Finding("signature", vouched[pair].seq, f"signature {pair[0]} of this entry is missing")


def verify_lines(lines: Sequence[str]) -> Verdict:
    """Check an exported trail, a line an entry; the last line may be the export's own head statement."""
    stated: dict[str, Any] | None = None
    texts = [line for line in lines if line]
    if texts and texts[-1].startswith('{"entries":'):
        statement = texts.pop()
        try:
            stated = json.loads(statement)
        except ValueError:
            stated = {}
        if stated is not None and canonical(stated) != statement:
            stated = {}
    findings, _, leaves = check_chain(texts)
    verdict = _verdict(findings, leaves)
    if stated is None:
        findings.append(Finding("statement", None, "the export's closing statement is missing"))
    elif stated.get("entries") != len(leaves) or stated.get("head") != verdict.head:
        findings.append(Finding("statement", None, "the closing statement names another number of entries or another head"))
    return _verdict(findings, leaves)
