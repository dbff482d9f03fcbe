"""What an ended qualification run held, item by item: for its reviewer to read again, and for the training lead to talk through."""

from dataclasses import dataclass

from audit.errors import NotPermitted
from audit.identity import Account
from audit.oversight.model import Outcome
from drafting.context import Context
from drafting.evidence_first.challenges import STATE
from drafting.overseeing.access import Thing, may
from drafting.overseeing.pages import places
from drafting.probes.model import Probe
from drafting.probes.qualification import Run
from drafting.probes.store import Stored


@dataclass(frozen=True)
class RunItem:
    """One decided item: where its excerpt came from, what was planted in it, and how it was decided."""

    number: int
    section: str
    place: str
    probe: Probe | None
    found: bool  # the fault located, or a correct excerpt left as it was
    said: str  # the reviewer's words, told to nobody else; "" where nothing was objected to
    counted: bool  # by the rule
    check_id: str
    dispute: str  # how far it is, "" where there is none

    @property
    def disputable(self) -> bool:
        """Tell whether its reviewer may dispute it: what the rule counts against them."""
        return self.counted and not self.found and not self.dispute


def run_items(ctx: Context, account: Account, run: Run) -> tuple[RunItem, ...]:
    """Return the items of an ended run in their order; nothing of one that is going on."""
    if not may(account, Thing.QUALIFICATIONS, run.account_id):
        raise NotPermitted("This run is another person's.", remedy="Its reviewer and the training lead see it.")
    if not run.ended:
        return ()
    with ctx.database.read() as conn:
        where = places(conn, ctx, {item.section for item in run.items})
    return tuple(
        RunItem(
            number=item.round,
            section=item.section,
            place=where[item.section],
            probe=item.probe,
            found=item.check.outcome is Outcome.CAUGHT,
            said=_said(item) if account.id == run.account_id else "",
            counted=item.asked is None,
            check_id=item.id,
            dispute=_dispute(item),
        )
        for item in run.items
    )


def _said(item: Stored) -> str:
    return next((note.text for note in item.check.noted if note.decision not in (STATE, "confirm")), "")


def _dispute(item: Stored) -> str:
    if not item.check.disputed:
        return ""
    if not item.check.settled:
        return "disputed: another person decides"
    return "disputed, and taken out of the rule" if item.check.outcome is Outcome.VOID else "disputed, and not upheld"
