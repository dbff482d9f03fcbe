"""What the author adds to the evidence of a section where the records do not hold it: a file, a record from elsewhere, a declared fact.

Each is one row with one entry and never changed; it is withdrawn with a reason. A sentence rests on it only by its reference, and the
reviewer's confirmation of that sentence is the second person's. Nothing here decides a sentence, so it may be done without a view of
the section (`seen` is None), as on the command line.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from audit import trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound
from audit.identity import Role, permit
from corpus import records, storable
from corpus.formats import FORMATS, suffix_of
from corpus.texts import TextJob, text_of
from drafting import tables
from drafting.added import Added, link_tree, ref_of, standing
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.model import Attached, Source
from drafting.render import held
from drafting.review_store import Act, Note, act, person, words
from drafting.store import load_evidence, load_report, report_of_section, section_of_added

T = TypeVar("T")
MOST_ADDED = 100  # to one section, withdrawn ones included
LARGEST_FILE = 20 * 1024 * 1024
LONGEST_TEXT = 200_000  # characters read from a file: more is kept in the file only
LONGEST_VALUE, LONGEST_WORDS, LONGEST_NAME = 300, 1000, 200
MOST_FOUND = 20
OTHER = "application/octet-stream"


@dataclass(frozen=True)
class Found:
    """A record of the corpus that a person may link."""

    kind: str
    identifier: str
    place: str
    product: str
    known: bool  # the section's evidence holds it already


def search_records(ctx: Context, *, section_id: str, identifier: str, actor: Actor) -> tuple[Found, ...]:
    """Return the current records of exactly this identifier, of any kind and product."""
    from drafting.evidence.scope import evidence  # noqa: PLC0415 - heavy, and only asked for here

    wanted = _bounded(identifier, "The identifier", LONGEST_NAME)
    with ctx.database.read() as conn:
        permit(person(conn, actor), Role.WRITER)
        pack = load_evidence(conn, load_report(conn, report_of_section(conn, section_id)).section(section_id)).records
        found = records.current_records(conn, identifiers=[wanted])[:MOST_FOUND]
    return tuple(
        Found(r.kind, r.identifier, evidence(r).place(), r.product or "", f"{r.kind}/{r.identifier}" in pack) for r in found
    )


def link(ctx: Context, *, section_id: str, kind: str, identifier: str, reason: str, seen: str | None, actor: Actor) -> str:
    """Link a record of the corpus to a section as its author; return its reference."""
    from drafting.evidence.scope import evidence  # noqa: PLC0415 - heavy, and only asked for here

    def work(step: Act) -> str:
        said = _bounded(reason, "A reason in your own words", LONGEST_WORDS)
        record = records.record(step.conn, kind, identifier)
        if record is None:
            raise NotFound(f"There is no {kind.replace('_', ' ')} {identifier}.", remedy="Search by its whole identifier.")
        if f"{kind}/{identifier}" in step.loaded.packs[section_id].records:
            raise Conflict(f"{identifier} is in this section's evidence already.", remedy="Cite it.")
        held = evidence(record)
        body = link_tree(held, reason=said, by=step.account.printed_name, as_of=records.sequence(step.conn))
        _put(step, Added.LINKED, body, Action.RECORD_LINKED, said, {"record": f"{kind}/{identifier}", "file": held.document})
        return held.ref

    return _act(ctx, section_id, seen, actor, work)


def declare(
    ctx: Context, *, section_id: str, value: str, about: str, source: Source, reason: str, seen: str | None, actor: Actor
) -> str:
    """Declare a fact that stands in no record as the author; return its reference."""

    def work(step: Act) -> str:
        said = _bounded(reason, "The reason why no record holds it", LONGEST_WORDS)
        body = {
            "value": _bounded(value, "The value or quotation", LONGEST_VALUE),
            "about": _bounded(about, "What it is about", LONGEST_WORDS),
            "source": _source(source), "reason": said, "by": step.account.printed_name,
        }  # fmt: skip
        return f"manual:{_put(step, Added.DECLARED, body, Action.FACT_DECLARED, said, body)}"

    return _act(ctx, section_id, seen, actor, work)


def attach(
    ctx: Context, *, section_id: str, name: str, data: bytes, about: str, source: Source, reason: str, seen: str | None, actor: Actor
) -> str:  # fmt: skip
    """Attach a file as evidence as the author, kept byte for byte; return its reference."""
    check_file(name, len(data))
    with ctx.database.read() as conn:
        permit(person(conn, actor), Role.WRITER)
    text, unread = _read(ctx, name, data)

    def work(step: Act) -> str:
        said = _bounded(reason, "The reason", LONGEST_WORDS)
        kind = FORMATS.get(suffix_of(name))
        body: dict[str, Any] = {
            "name": name, "size": len(data), "about": _bounded(about, "What it is", LONGEST_WORDS), "source": _source(source),
            "reason": said, "by": step.account.printed_name, "unread": unread,
            "sha256": trail.put_content(step.conn, data, media_type=kind.media_type if kind else OTHER),
            "text": trail.put_content(step.conn, text, media_type="text/plain") if text else "",
        }  # fmt: skip
        return f"attachment:{_put(step, Added.ATTACHED, body, Action.FILE_ATTACHED, said, body)}"

    return _act(ctx, section_id, seen, actor, work)


def withdraw(ctx: Context, *, added_id: str, reason: str, seen: str | None, actor: Actor) -> None:
    """Withdraw what was added, as the author: it stays readable, and what rests on it is no longer supported."""

    def work(step: Act) -> None:
        row = next((r for r in standing(step.section.added) if r.id == added_id), None)
        if row is None:
            raise Conflict("It was withdrawn already.", remedy="Load the section again.")
        said = _bounded(reason, "A reason in your own words", LONGEST_WORDS)
        note = step.note(Action.EVIDENCE_WITHDRAWN, field=ref_of(row), old={"id": row.id, "hash": row.hash}, reason=said)
        put_withdrawal(step, note, row.id, said)

    with ctx.database.read() as conn:
        section_id = section_of_added(conn, added_id)
    _act(ctx, section_id, seen, actor, work)


def file_of(ctx: Context, section_id: str, ref: str) -> bytes:
    """Return the bytes of an attached file as they were given; raise Tampered where they no longer match its hash."""
    with ctx.database.read() as conn:
        pack = load_evidence(conn, load_report(conn, report_of_section(conn, section_id)).section(section_id))
        found = held(ref, pack)
        if not isinstance(found, Attached):
            raise NotFound("There is no such attached file.", remedy="Load the section again.")
        return trail.get_content(conn, found.sha256)


def put_withdrawal(step: Act, note: Note, added_id: str, reason: str) -> None:
    """Put the withdrawal of what was added to an entry."""
    note.put(tables.evidence_withdrawals, id=added_id, section_id=step.section.id, reason=reason, **_by(step))


def put_added(step: Act, note: Note, added_id: str, kind: Added, body: Mapping[str, Any]) -> None:
    """Put what is added to an entry."""
    text = canonical(dict(body))
    note.put(
        tables.added_evidence, id=added_id, section_id=step.section.id, kind=str(kind), body=text, hash=digest(text), **_by(step)
    )  # fmt: skip


def _put(step: Act, kind: Added, body: Mapping[str, Any], action: Action, reason: str, told: Mapping[str, Any]) -> str:
    if len(step.section.added) >= MOST_ADDED:
        raise Invalid(f"This section holds {MOST_ADDED} added pieces of evidence.", remedy="Import the records as a file.")
    added_id = step.ctx.new_id()
    put_added(step, step.note(action, field=str(kind), new={"id": added_id, **told}, reason=reason), added_id, kind, body)
    return added_id


def _by(step: Act) -> dict[str, str]:
    return {"account_id": step.account.id, "user_id": step.account.user_id, "at": utc_text(step.at)}


def _act(ctx: Context, section_id: str, seen: str | None, actor: Actor, work: Callable[[Act], T]) -> T:
    return act(ctx, section_of=lambda _: section_id, actor=actor, capacity=Capacity.AUTHOR, work=work, seen=seen)


def _source(source: Source) -> dict[str, str]:
    asked = {"who": "Who said or saw it", "when": "When", "how": "How it is known"}
    return {name: _bounded(said, asked[name], LONGEST_WORDS) for name, said in asdict(source).items()}


def _bounded(text: str, what: str, longest: int) -> str:
    """Return words that a person typed, in one line; raise Invalid where they are missing, too long or cannot be kept."""
    said = " ".join(words(text, what).split())
    if len(said) > longest or storable.writable(said) != said:
        raise Invalid(f"{what}: at most {longest} characters of text.", remedy="Nothing was stored; say it shorter.")
    return said


def check_file(name: str, size: int) -> None:
    """Raise Invalid where a file of this name and size cannot be attached."""
    storable.check_name(name)
    if not name.strip() or len(name) > LONGEST_NAME or "/" in name or "\\" in name:
        raise Invalid("The file needs a plain name.", remedy=f"At most {LONGEST_NAME} characters, without a folder.")
    if not 0 < size <= LARGEST_FILE:
        raise Invalid(
            f"{name}: {size:,} bytes.",
            remedy=f"A file that is attached has 1 to {LARGEST_FILE:,} bytes; import it instead.",
        )


def _read(ctx: Context, name: str, data: bytes) -> tuple[str, str]:
    """Return the text of a file, or why there is none: a photograph has none, and is evidence all the same."""
    if suffix_of(name) not in FORMATS:
        return "", "no reader reads this kind of file"
    done = next(iter(ctx.workers.run(text_of, [TextJob(name, data)])))
    if done.value is None:
        return "", done.reason[:LONGEST_WORDS]
    cut = len(done.value) > LONGEST_TEXT
    return done.value[:LONGEST_TEXT], f"only its first {LONGEST_TEXT:,} characters were read" if cut else ""
