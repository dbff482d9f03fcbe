"""What every act of the review shares: who acts, on which text, as what; the row, its entry, and what a change takes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from audit import governed
from audit.actions import Action
from audit.canonical import canonical
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted, Stale
from audit.identity import Account, account_by_id, permit
from drafting import lifecycle, tables
from drafting.context import Context
from drafting.draft_store import version_row
from drafting.lifecycle import Capacity
from drafting.model import Sentence
from drafting.probes.store import checks_of, of_view
from drafting.queries import Loaded, load
from drafting.report_rows import DecisionRow, SectionRow, SentenceRow
from drafting.store import load_report, report_of_section, section_of_sentence

T = TypeVar("T")
LONGEST = 20_000


@dataclass(frozen=True)
class Note:
    """An entry in the making: what it says, and the rows that are written with it."""

    said: dict[str, Any]
    rows: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)

    def put(self, table: Table, **values: Any) -> None:
        """Put a row to the entry."""
        self.rows.append((table, values))


@dataclass(frozen=True)
class Act:
    """One act inside its write: the connection, the moment, the person and the section as it stood before."""

    ctx: Context
    conn: Connection
    at: datetime
    actor: Actor
    account: Account
    capacity: Capacity
    loaded: Loaded
    section: SectionRow
    view_id: str = ""
    notes: list["Note"] = field(default_factory=list)  # entries to write at the end of the act

    def sentence(self, sentence_id: str, version: int) -> SentenceRow:
        """Return a sentence of the section at the version shown; raise NotFound or Conflict."""
        found = next((s for s in self.section.sentences if s.id == sentence_id), None)
        if found is None or lifecycle.is_withdrawn(self.section, found):
            raise NotFound("There is no such sentence here.", remedy="Load the section again.")
        if found.version != version:
            raise Conflict(
                f"This sentence was changed meanwhile: you decided on version {version}, it is at version {found.version}.",
                remedy="Nothing was changed and your text is kept; load the section again and decide on what it says now.",
            )
        return found

    def hash_of(self, sentence: Sentence) -> str:
        """Return the hash that a decision on a sentence carries."""
        return lifecycle.decided_hash(sentence, self.loaded.packs[self.section.id])

    def note(self, action: Action, *, reason: str = "", **said: Any) -> "Note":
        """Begin an entry of the act; the rows that belong to it are put to it, and both are written at the act's end."""
        made = Note({"action": action, "reason": reason or None, **said})
        self.notes.append(made)
        return made

    def write(self) -> None:
        """Write the entries of the act with their rows."""
        for made in self.notes:
            governed.record(
                self.conn, made.rows, at=self.at, zone=self.ctx.zone, actor=self.actor, object_kind="section",
                object_id=self.section.id, **made.said,
            )  # fmt: skip
        self.notes.clear()

    def origin(self, sentence: SentenceRow) -> dict[str, str] | None:
        """Return where a machine's text came from."""
        if sentence.origin == "person":
            return None
        return {
            "generation": self.section.generation_id,
            "fingerprint": self.section.fingerprint,
            "drafter": self.section.drafter,
        }

    def decide(
        self,
        subject: str,
        decision: str,
        note: "Note",
        *,
        version: int = 1,
        hash_: str = "",
        category: str = "",
        reason: str = "",
        proposal: str = "",
        undoes: str = "",
    ) -> str:
        """Put a decision to an entry and return its id."""
        decision_id = self.ctx.new_id()
        note.put(
            tables.decisions, id=decision_id, section_id=self.section.id, subject=subject, version=version, hash=hash_,
            capacity=str(self.capacity), decision=decision, category=category or None, reason=reason or None,
            proposal=proposal or None, undoes=undoes or None, view_id=self.view_id or None,
            account_id=self.account.id, user_id=self.account.user_id, at=utc_text(self.at),
        )  # fmt: skip
        return decision_id

    def put_version(self, sentence_id: str, version: int, sentence: Sentence, note: "Note") -> None:
        """Put the actor's version of a sentence to an entry."""
        note.rows.append(version_row(sentence_id, version, sentence, by=self.account.id, at=self.at))


def person(conn: Connection, actor: Actor) -> Account:
    """Return the actor's account as it is now; raise NotPermitted where it is gone or not active."""
    account = account_by_id(conn, actor.id)
    if account is None or not account.active:
        raise NotPermitted("This account is not active.", remedy="Sign in again or ask an administrator.")
    return account


def independent(section: SectionRow, account: Account, capacity: Capacity) -> None:
    """Raise NotPermitted where the person acted on the section in another capacity: three different people."""
    for other in Capacity:
        if other is not capacity and account.id in lifecycle.people(section, other):
            raise NotPermitted(
                f"{account.printed_name} already acted on this section as {other} and cannot be its {capacity}.",
                remedy="Author, reviewer and approver of a section are three different people: ask another person.",
            )


def act(
    ctx: Context,
    *,
    section_of: Callable[[Connection], str],
    actor: Actor,
    capacity: Capacity,
    work: Callable[[Act], T],
    seen: str | None = None,
    with_own_view: bool = True,
) -> T:
    """Run one act in one write: permit, compare with what was shown, do it, and take back signatures that no longer hold."""

    def write(conn: Connection) -> T:
        account = person(conn, actor)
        permit(account, lifecycle.ROLE_OF[capacity])
        section_id = section_of(conn)
        loaded = load(conn, ctx, report_of_section(conn, section_id), only=section_id)
        section = loaded.report.section(section_id)
        refuse_closed(loaded)
        independent(section, account, capacity)
        if capacity is Capacity.REVIEWER and "submitted" not in loaded.report.events:
            raise Conflict("The report was not submitted for review.", remedy="Its author submits it first.")
        if seen is not None:
            check_view(conn, ctx, loaded, section, account, seen)
        elif capacity is Capacity.REVIEWER:
            refuse_earlier(conn, ctx, loaded, section, account)
        if capacity is Capacity.REVIEWER and loaded.asked(section.id, account.id):
            raise Conflict("State the key figures of this section first.", remedy="The draft is shown after that.")
        if with_own_view and lifecycle.own_view_missing(section, loaded.outline_of(section), capacity, account.id):
            raise Conflict("Record your own view first.", remedy="The draft is shown after that.")
        step = Act(ctx, conn, ctx.clock.now(), actor, account, capacity, loaded, section, seen or "")
        result = work(step)
        step.write()
        _take_back(step)
        step.write()
        return result

    return ctx.database.write(write)


def refuse_rejected(section: SectionRow, sentence_id: str) -> None:
    """Raise Conflict where a reviewer would decide on a sentence that the author rejected."""
    if sentence_id not in {s.id for s in lifecycle.current(section)}:
        raise Conflict("The author rejected this sentence.", remedy="Return the section if it belongs there.")


def refuse_closed(loaded: Loaded) -> None:
    """Raise Conflict where the report is approved or superseded."""
    state = lifecycle.report_state(loaded.report)
    if state in lifecycle.CLOSED:
        raise Conflict(
            f"The report is {state}.",
            remedy="A change after approval is an amendment: a writer opens one on the report's page.",
        )


def check_view(conn: Connection, ctx: Context, loaded: Loaded, section: SectionRow, account: Account, view_id: str) -> None:
    """Raise Stale unless the view was issued to this person for this section as it now reads: nothing held back, nothing planted."""
    row = conn.execute(select(tables.views).where(tables.views.c.id == view_id)).first()
    if row is None or row.section_id != section.id or row.account_id != account.id:
        raise Stale("This section was not shown to you in this view.", remedy="Open the section and try again.")
    if of_view(conn, ctx, view_id) is not None:
        raise _stands_no_longer()
    refuse_earlier(conn, ctx, loaded, section, account, view_id, row.at)
    recorded = max((v.at for v in section.own_views if v.account_id == account.id), default="")
    if row.at < recorded:
        raise Stale("This view was shown before your own view was recorded.", remedy="Open the section again.")
    asking = loaded.askings.get((section.id, account.id))
    if asking is not None and (loaded.asked(section.id, account.id) or row.at < asking.stated_at):
        raise Stale("This view was shown before you stated the key figures.", remedy="State them, and read the section.")
    if row.canonical_hash != lifecycle.canonical_hash(section):
        raise Stale(
            "The section changed since it was shown to you.",
            remedy="Nothing was changed and your text is kept; load the section again and look at what changed.",
        )


def refuse_earlier(
    conn: Connection, ctx: Context, loaded: Loaded, section: SectionRow, account: Account, view_id: str = "", at: str = ""
) -> None:
    """Raise Stale where the person's look at the section under review began after the view on which an act rests.

    Whether that look holds an oversight check plays no part: where it does, nobody decides past it in a tab of before.
    """
    columns = tables.oversight_checks.c
    mine = (columns.section_id == section.id, columns.account_id == account.id, columns.round == rounds(loaded))
    for one in checks_of(conn, ctx, *mine, columns.run_id == ""):
        check = one.check
        other = bool(check.views) and not check.ended and view_id not in check.views
        if other or (at and check.shown_at is not None and at < utc_text(check.shown_at)):
            raise _stands_no_longer()


def _stands_no_longer() -> Stale:
    return Stale("This view of the section stands no longer.", remedy="Load the section again, read it and decide.")


def rounds(loaded: Loaded) -> int:
    """Return how often the report was submitted."""
    return sum(1 for event in loaded.report.history if event.event == "submitted")


def _take_back(step: Act) -> None:
    """Write an entry for each signature that held before the act and no longer does."""
    held = [s for s in step.section.signatures if lifecycle.is_valid(step.section, s)]
    if not held:
        return
    after = load_report(step.conn, step.section.report_id).section(step.section.id)
    for signed in held:
        if not lifecycle.is_valid(after, signed):
            step.note(
                Action.SIGNATURE_INVALIDATED,
                old={"signature": signed.id, "meaning": signed.meaning, "signer": signed.user_id, "text": signed.text_hash},
                new={"text": lifecycle.canonical_hash(after)},
                reason=lifecycle.since(after, signed),
            )


def chosen(category: str, allowed: type[Any]) -> str:
    """Return a category of a closed list; raise Invalid for any other."""
    known = [str(item) for item in allowed]
    if category not in known:
        raise Invalid("Choose a reason category.", remedy=f"One of: {', '.join(known)}.")
    return category


def kept(*typed: str) -> None:
    """Raise Invalid where text that a person typed holds what cannot be kept, in the same words on every way."""
    try:
        canonical(list(typed))
    except Invalid as error:
        raise Invalid(
            "The text holds a character that cannot be kept.", remedy="Type it anew; it came with what was pasted."
        ) from error


def words(text: str, what: str) -> str:
    """Return text that a person typed; raise Invalid where it is empty, far too long or holds what cannot be kept."""
    kept(text)
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Invalid(f"{what} is needed.", remedy=f"Write it in your own words, at most {LONGEST} characters.")
    return said


def own_words(category: str, reason: str) -> str:
    """Return the reason; raise Invalid where the meaning changed and no own words say why."""
    if category == lifecycle.SAME_MEANING:
        kept(reason)
        return reason.strip()
    return words(reason, "A reason in your own words")


def of_sentence(sentence_id: str) -> Callable[[Connection], str]:
    """Return the look-up of the section that a sentence stands in."""
    return lambda conn: section_of_sentence(conn, sentence_id)


def decision_of(step: Act, decision_id: str) -> DecisionRow:
    """Return a decision of the section."""
    return next(d for d in step.section.decisions if d.id == decision_id)
