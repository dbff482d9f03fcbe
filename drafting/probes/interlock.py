"""What keeps a signature from resting on planted text: the signer's checks are settled, then the signature is refused or goes on.

Only the signer's own views and decisions are held against their checks: whoever never saw a picture decided on the text. A refusal must not tell
of a check. So a look of the signer's that is not decided keeps the report from being signed whether or not it holds a fault, for as long as a check
could stand open in it, and in the same words; approval waits in that way for the looks of others too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict
from drafting import demands, lifecycle, tables
from drafting.context import Context
from drafting.lifecycle import Capacity
from drafting.model import EvidencePack
from drafting.overseeing.switches import Switch, excluded, is_on
from drafting.probes.live import settled
from drafting.probes.store import Stored, checks_of
from drafting.probes.typed import standing
from drafting.probes.workflow import LONGEST, Check, Signing, refusals, timed_out
from drafting.queries import Loaded
from drafting.report_rows import SectionRow
from drafting.review_store import rounds

SHOWN = 120  # characters of what is quoted in a refusal


def guard(
    conn: Connection, ctx: Context, loaded: Loaded, seen: Mapping[str, str], capacity: Capacity, actor: Actor, at: datetime
) -> dict[str, dict[str, int]]:
    """Raise Conflict unless what is signed was shown as it reads, decided on such a view, and holds nothing planted.

    Returns what is signed of it, where the report had any: its checks, how many of them are open (0), and planted stretches found (0).
    """
    columns = tables.oversight_checks.c
    found = checks_of(conn, ctx, columns.report_id == loaded.report.id, columns.run_id == "")
    planted: dict[str, list[str]] = {}
    for one in found:
        planted.setdefault(one.section, []).extend(one.content["planted"])
    whole = (
        capacity is Capacity.APPROVER
    )  # what closes a report waits for everybody; what else is signed rests on its signer's views
    found = tuple(
        settled(conn, ctx, one, loaded.report.section(one.section), actor, at)
        for one in found
        if whole or one.account == actor.id
    )
    _refuse_undecided(conn, loaded, found, actor, at)
    if not any(planted.values()) and not any(one.probe or one.lost for one in found):
        return {}
    mine: dict[str, list[Check]] = {}
    for one in found:
        if (one.probe is not None or one.lost) and one.account == actor.id:
            mine.setdefault(one.section, []).append(one.check)
    signing = [_signing(conn, loaded, loaded.report.section(s), view, capacity, actor) for s, view in seen.items()]
    refused = refusals(signing, mine, planted)
    if refused:
        raise Conflict(
            f"This cannot be signed: {refused[0]}", remedy="Open the section, read it as it stands, and decide anew."
        )
    _refuse_quoted(loaded, [one for one in found if one.probe is not None and one.account == actor.id], seen)
    held = sum(1 for one in found if one.probe is not None)
    return {"oversight": {"checks": held, "open": 0, "planted": 0}} if held else {}


def _refuse_quoted(loaded: Loaded, ended: Sequence[Stored], sections: Mapping[str, str]) -> None:
    """Raise Conflict where a question or proposal of the signer says planted words of a check that is over, in what is signed."""
    keys = {loaded.report.section(section).key for section in sections}
    for one in (one for stored in ended for one in standing(loaded.report, stored) if one.section in keys):
        raise Conflict(
            f"Your {'proposal' if one.what == 'propose' else one.what} in section {one.section} says words that an oversight check had planted: "
            f"“{one.text[:SHOWN]}”.",
            remedy="Undo what you decided there, back to that, and decide anew as the section reads.",
        )


def _refuse_undecided(conn: Connection, loaded: Loaded, found: Sequence[Stored], actor: Actor, at: datetime) -> None:
    drawn = is_on(conn, Switch.LIVE) and not excluded(conn, loaded.report.id)
    going = {one.section for one in found if one.probe is not None and one.check.open}
    own = [one for one in found if one.account == actor.id and one.probe is None]
    going |= {one.section for one in own if drawn and _undecided(loaded, one, actor, at)}
    others = {one.section for one in found if drawn and one.account != actor.id and _looked(loaded, one, at)}
    going |= others
    if going:
        outlines = [loaded.outline_of(section) for section in loaded.report.sections if section.id in going]
        named = ", ".join(f"{outline.number} {outline.title}" for outline in outlines)
        raise Conflict(
            f"Nothing of this report is signed while a section that was opened for review is not decided: {named}.",
            remedy=f"{'Its reviewer signs it' if others else 'Decide it or return it'}; otherwise sign half an hour after it was opened.",
        )


def _looked(loaded: Loaded, stored: Stored, at: datetime) -> bool:
    """Tell whether another person began a look at a section of late and has not signed its review: as long as a check could stand in it.

    It goes by the look alone, whatever it held and whether that is over, so that nobody learns of a check by signing.
    """
    section, began = loaded.report.section(stored.section), stored.check.shown_at
    if began is None or at - began > LONGEST or lifecycle.canonical_hash(section) != stored.shown_as:
        return False
    reviewed = lifecycle.MEANING_OF[Capacity.REVIEWER]
    signed = [s for s in section.signatures if (s.account_id, s.meaning) == (stored.account, reviewed)]
    return not any(s.at >= utc_text(began) and lifecycle.is_valid(section, s) for s in signed)


def _undecided(loaded: Loaded, stored: Stored, actor: Actor, at: datetime) -> bool:
    """Tell whether a look that holds no fault would be an open check if it held one: shown of late as it reads, and not all decided."""
    section, capacity = loaded.report.section(stored.section), Capacity.REVIEWER
    changed = lifecycle.canonical_hash(section) != stored.shown_as
    gone = stored.account == actor.id and stored.session != actor.session
    if stored.round != rounds(loaded) or changed or gone or not stored.check.open or timed_out(stored.check, at):
        return False
    undone = lifecycle.undone(section)
    made = [d for d in section.decisions if (d.account_id, d.capacity) == (stored.account, str(capacity))]
    decided = {d.subject for d in made if d.id not in undone and d.decision != "undo"}
    return "section" not in decided and not set(demands.subjects(section, loaded.packs[section.id])) <= decided


def _signing(
    conn: Connection, loaded: Loaded, section: SectionRow, view_id: str, capacity: Capacity, actor: Actor
) -> Signing:
    view = conn.execute(select(tables.views).where(tables.views.c.id == view_id)).one()
    gone = lifecycle.undone(section)
    mine = (actor.id, str(capacity))
    decided = [
        d.at for d in section.decisions if (d.account_id, d.capacity) == mine and d.id not in gone and d.decision != "undo"
    ]
    standing = _standing(section, decided)
    return Signing(
        section.id, lifecycle.canonical_hash(section), view_id, view.canonical_hash, datetime.fromisoformat(view.at), standing,
        text_of(section, loaded.packs[section.id]),
    )  # fmt: skip


def _standing(section: SectionRow, decided: Sequence[str]) -> datetime | None:
    """Return the moment of the first decision that the signature rests on: of those that came before a return nothing stands."""
    returned = max((d.at for d in section.decisions if d.decision == "return"), default="")
    after = [at for at in decided if at > returned]
    return datetime.fromisoformat(min(after)) if after else None


def text_of(section: SectionRow, pack: EvidencePack) -> str:
    """Return everything that a section says, line by line: sentences, fields and the rows of its tables."""
    lines = [sentence.sentence.text for sentence in lifecycle.current(section)]
    lines += [field.value for field in section.fields]
    lines += [" | ".join(row) for table in pack.tables for row in table.rows]
    return "\n".join(lines)
