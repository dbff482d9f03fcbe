"""Sign complete sections: the key is released first, then one write checks everything again and signs.

Each section was shown to the signer as it now reads; nothing is signed that was not opened.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from audit import governed, signatures
from audit.actions import Action
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted, Problem, Stale
from audit.identity import Account, Qualification, permit
from audit.signatures import Meaning, Signature, SigningKey
from drafting import lifecycle, tables
from drafting.accounts import CERTIFICATE
from drafting.context import Context
from drafting.exporting import keep_approved
from drafting.lately import as_seen, load_for
from drafting.lifecycle import Capacity
from drafting.overseeing.switches import Switch, is_on
from drafting.probes.interlock import guard
from drafting.queries import Loaded, load, missing_of
from drafting.readmodel import Missing
from drafting.report_rows import ReportRow, SectionRow
from drafting.review_store import check_view, independent, person, refuse_closed
from drafting.shown import pictures
from drafting.store import load_report

SHORT = 16


def sign_sections(
    ctx: Context, *, report_id: str, seen: Mapping[str, str], user_id: str, passphrase: str, meaning: Meaning, actor: Actor
) -> Signature:
    """Sign the sections of `seen` (section id -> view id) in one act; everything is checked again in the write."""
    if meaning not in lifecycle.CAPACITY_OF:
        raise Invalid(f"Sections are not signed for {meaning}.", remedy="Sign authorship, review or approval.")
    if not user_id.strip() or not passphrase:
        raise Invalid("User id and signing passphrase are needed.", remedy="Type both; nothing was signed.")
    if not seen:
        raise Invalid("There is nothing to sign.", remedy="Choose at least one complete section.")
    capacity = lifecycle.CAPACITY_OF[meaning]
    with ctx.database.read() as conn:
        permit(person(conn, actor), lifecycle.ROLE_OF[capacity])
    key = signatures.release(
        ctx.database, ctx.clock, actor=actor, user_id=user_id, passphrase=passphrase, zone=ctx.zone
    )  # fmt: skip
    signed = ctx.database.write(lambda conn: _sign(conn, ctx, report_id, seen, key, meaning, actor))
    if meaning is Meaning.APPROVAL:
        with ctx.database.read() as conn:
            closed = lifecycle.report_state(load_report(conn, report_id)) == "approved"
        if closed:
            keep_approved(ctx, report_id, actor)
    return signed


def _sign(
    conn: Connection, ctx: Context, report_id: str, seen: Mapping[str, str], key: SigningKey, meaning: Meaning, actor: Actor
) -> Signature:
    capacity, at = lifecycle.CAPACITY_OF[meaning], ctx.clock.now()
    account = person(conn, actor)
    permit(account, lifecycle.ROLE_OF[capacity])
    loaded = load(conn, ctx, report_id)
    refuse_closed(loaded)
    known = {s.id for s in loaded.report.sections}
    if not set(seen) <= known:
        raise NotFound("A section to sign is not in this report.", remedy="Load the report again.")
    chosen = [s for s in loaded.report.sections if s.id in seen]
    bases, certified = [], _certified(conn, meaning)
    by_now = as_seen(conn, loaded, account, at)
    seen_otherwise = pictures(conn, ctx, by_now, account)
    for section in chosen:
        bases.append(_qualified(account, section, meaning, utc_text(at)[:10], certified=certified))
        independent(section, account, capacity)
        if section.id in seen_otherwise:  # refused below in any case; here in the words of any section that is not reviewed
            _complete(loaded, section, capacity, seen_otherwise[section.id].missing)
        else:
            check_view(conn, ctx, loaded, section, account, seen[section.id])
            shown = missing_of(by_now, by_now.report.section(section.id), capacity, account.id)  # in the words of the page
            _complete(loaded, section, capacity, shown or missing_of(loaded, section, capacity, account.id))
    told = guard(conn, ctx, loaded, seen, capacity, actor, at)
    for section in chosen:
        check_view(conn, ctx, loaded, section, account, seen[section.id])
    signed = signatures.sign(
        conn,
        signature_id=ctx.new_id(),
        key=key,
        meaning=meaning,
        report=report_id,
        items=[{**item_of(section), **told} for section in chosen],
        config_fingerprint=chosen[0].fingerprint,
        qualification="; ".join(dict.fromkeys(bases)),
        role=str(lifecycle.ROLE_OF[capacity]),
        session=actor.session,
        at=at,
        zone=ctx.zone,
    )
    if meaning is Meaning.APPROVAL:
        _refuse_stale(loaded, frozenset(seen))
        _approve(conn, ctx, load_report(conn, report_id), account, actor)
    return signed


@dataclass(frozen=True)
class Signable:
    """One section in the list that a person signs: the view under which it was shown as it now reads, and what is missing."""

    section_id: str
    capacity: Capacity
    view_id: str  # "" where it was not shown to this person as it now reads
    missing: tuple[Missing, ...]
    signed: bool
    unqualified: Problem | None = None  # what the person's right to sign it lacks, and where to gain it

    @property
    def complete(self) -> bool:
        """Tell whether it may be signed now."""
        return bool(self.view_id) and not self.missing and not self.signed


def signable(ctx: Context, report_id: str, account: Account) -> tuple[Signable, ...]:
    """Return the sections on which an account acts, in order, each with what it still needs before it is signed."""
    with ctx.database.read() as conn:
        loaded = load_for(conn, ctx, report_id, account)
        seen = pictures(conn, ctx, loaded, account)
        shown = _shown(conn, ctx, loaded, account) | {section: view.view_id for section, view in seen.items()}
        certified = {meaning: _certified(conn, meaning) for meaning in Meaning}
    found, today = [], utc_text(ctx.clock.now())[:10]
    for section in loaded.report.sections:
        capacity = lifecycle.capacity_of(section, account)
        if capacity is None:
            continue
        if lifecycle.signed_as(section, capacity) is not None:
            found.append(Signable(section.id, capacity, shown.get(section.id, ""), (), signed=True))
            continue
        missing = seen[section.id].missing if section.id in seen else missing_of(loaded, section, capacity, account.id)
        meaning = lifecycle.MEANING_OF[capacity]
        lacks = _lacking(account, section, meaning, today, certified=certified[meaning])
        found.append(Signable(section.id, capacity, shown.get(section.id, ""), missing, signed=False, unqualified=lacks))
    return tuple(found)


def _shown(conn: Connection, ctx: Context, loaded: Loaded, account: Account) -> dict[str, str]:
    """Return the last view of each section that was issued to a person and still is what the section reads."""
    sections = {s.id: s for s in loaded.report.sections}
    columns = tables.views.c
    query = (
        select(tables.views).where(columns.account_id == account.id, columns.section_id.in_(sections)).order_by(columns.at)
    )
    last = {row.section_id: row for row in conn.execute(query)}
    found = {}
    for section_id, row in last.items():
        with suppress(Stale):
            check_view(conn, ctx, loaded, sections[section_id], account, row.id)
            found[section_id] = row.id
    return found


def item_of(section: SectionRow) -> dict[str, Any]:
    """Return what a signature says of a section: the hashes of text, evidence and decisions. Pure."""
    text = lifecycle.canonical_hash(section)
    return {
        "kind": "section",
        "id": section.id,
        "version": text.removeprefix("sha256:")[:SHORT],
        "text_hash": text,
        "evidence_hash": section.pack_hash,
        "decisions_hash": lifecycle.decisions_hash(section),
    }


def _certified(conn: Connection, meaning: Meaning) -> bool:
    """Tell whether the site asks for a certificate of a qualification run before a signature of this meaning."""
    return meaning is Meaning.REVIEW and is_on(conn, Switch.QUALIFIED)


def _qualified(account: Account, section: SectionRow, meaning: Meaning, today: str, *, certified: bool) -> str:
    """Return what the right to sign rests on; where the site demands it, that is a certificate of a qualification run."""
    found = _held(account, section, meaning, today, certified=certified)
    if isinstance(found, NotPermitted):
        raise found
    return found.basis


def _lacking(account: Account, section: SectionRow, meaning: Meaning, today: str, *, certified: bool) -> Problem | None:
    """Return what the right to sign lacks; None where it stands."""
    found = _held(account, section, meaning, today, certified=certified)
    return found if isinstance(found, NotPermitted) else None


def _held(
    account: Account, section: SectionRow, meaning: Meaning, today: str, *, certified: bool
) -> Qualification | NotPermitted:
    held = lifecycle.qualification_for(account, section.key, meaning, today, basis=CERTIFICATE if certified else "")
    if held is None and certified:
        return NotPermitted(
            f"{account.printed_name} holds no current certificate of a qualification run, which this site asks for before a review is signed.",
            remedy="Begin a run on the page Oversight; the training lead certifies it.",
        )
    if held is None:
        return NotPermitted(
            f"{account.printed_name} holds no current qualification for {meaning} of {section.key.replace('_', ' ')}.",
            remedy="An administrator records it, with what it rests on.",
        )
    return held


def _complete(loaded: Loaded, section: SectionRow, capacity: Capacity, missing: Sequence[Missing]) -> None:
    if lifecycle.signed_as(section, capacity) is not None:
        raise Conflict("A section is already signed with this meaning.", remedy="Load the report again.")
    if missing:
        title = loaded.outline_of(section).title
        raise Conflict(
            f"{title} cannot be signed yet: {missing[0].message}",
            remedy=f"{len(missing)} thing(s) are missing; the section's page lists them.",
        )


def _refuse_stale(loaded: Loaded, chosen: frozenset[str]) -> None:
    """Raise Conflict where the last approval would close a report of which another section rests on evidence that changed."""
    rest = [s for s in loaded.report.sections if s.id not in chosen]
    if all(lifecycle.state(s) == "approved" for s in rest) and any(loaded.stale[s.id] for s in rest):
        named = ", ".join(loaded.outline_of(s).title for s in rest if loaded.stale[s.id])
        raise Conflict(f"The evidence of other sections changed: {named}.", remedy="Their author drafts them again first.")


def _approve(conn: Connection, ctx: Context, report: ReportRow, account: Account, actor: Actor) -> None:
    """Note the report's approval once its last section is approved."""
    if any(lifecycle.state(s) != "approved" for s in report.sections) or "approved" in report.events:
        return
    at = ctx.clock.now()
    event = {
        "report_id": report.id, "number": len(report.history) + 1, "event": "approved", "account_id": account.id,
        "user_id": account.user_id, "at": utc_text(at),
    }  # fmt: skip
    governed.record(
        conn, [(tables.report_events, event)], at=at, zone=ctx.zone, actor=actor, action=Action.REPORT_APPROVED,
        object_kind="report", object_id=report.id,
    )  # fmt: skip
