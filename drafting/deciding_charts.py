"""What a person decides about control charts: approve a baseline, say what matters in practice, choose run rules.

Each is one write with one entry. Baselines and practical limits are of the quality unit: a baseline is approved by an approver who is
qualified to approve, with the own passphrase. Run rules are configuration of the site, of an administrator or approver.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from audit import governed, signatures
from audit.actions import Action
from audit.canonical import canonical
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid, NotFound, NotPermitted, Stale
from audit.identity import Account, Role, account_by_id, check_usable, permit, said
from audit.signatures import Meaning
from corpus import records, standing
from drafting import chart_decisions, charting, tables
from drafting.chart_decisions import ChartKind, ChartVersion
from drafting.context import Context
from drafting.evidence.control import (
    SMALLEST_BASELINE,
    baseline_values,
    by_lot,
    data_hash,
    fired,
    known,
    positions,
)
from drafting.evidence.measured import contradicted
from drafting.evidence.scope import within
from drafting.present import last_document
from drafting.statistics.exact import summarise
from drafting.statistics.individuals import ControlLimits, individuals
from drafting.statistics.rules import RuleSet

APPROVING = (Role.APPROVER,)
CONFIGURING = (Role.ADMINISTRATOR, Role.APPROVER)
MOST_EXCLUDED = 200
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
_SET = {
    ChartKind.BASELINE: (Action.BASELINE_APPROVED, Action.BASELINE_WITHDRAWN, APPROVING),
    ChartKind.LIMIT: (Action.PRACTICAL_LIMIT_SET, Action.PRACTICAL_LIMIT_WITHDRAWN, APPROVING),
    ChartKind.RULES: (Action.RUN_RULES_CHOSEN, Action.RUN_RULES_WITHDRAWN, CONFIGURING),
}


@dataclass(frozen=True)
class Place:
    """Which charts a decision is on: those of an attribute of a product and strength ("": every strength together)."""

    product: str
    attribute: str
    strength: str = ""

    @property
    def told(self) -> str:
        """Return how entries name it."""
        return "/".join(part for part in (self.product, self.strength, self.attribute) if part) or "site"


SITE = Place("", "")


@dataclass(frozen=True)
class Proposed:
    """What a baseline would freeze: the limits of the values left, the batches, and those that signal by the rules in force."""

    limits: ControlLimits
    batches: tuple[str, ...]
    signalling: tuple[str, ...]
    data: str


@dataclass(frozen=True)
class Secret:
    """User id and passphrase, as a person typed them to authenticate again."""

    user_id: str
    passphrase: str


def propose_baseline(
    ctx: Context, *, place: Place, period_from: str, period_to: str, excluded: Mapping[str, str] | None = None
) -> Proposed:
    """Compute what a baseline of a period would freeze, without the batches that are left out with a reason."""
    out = {batch: said(reason, f"A reason for leaving out batch {batch}") for batch, reason in (excluded or {}).items()}
    if len(out) > MOST_EXCLUDED:
        raise Invalid(f"More than {MOST_EXCLUDED} batches are left out.", remedy="Choose another period.")
    loaded = charting.loaded_for(
        ctx, product=place.product, period_from=period_from, period_to=period_to, strength=place.strength or None
    )
    inside = {b.identifier for b in loaded.batches if within(b, period_from, period_to)}
    measured = [m for m in loaded.measurements.get(place.attribute, ()) if m.batch in inside]
    used = baseline_values(loaded, place.attribute, measured, out)
    there = {m.batch for m in known(loaded, place.attribute, measured, lots=by_lot(loaded, place.attribute))}
    if strange := sorted(out.keys() - there):
        raise Invalid(
            f"Not in this baseline: batch {', '.join(strange)[:200]}.",
            remedy="Leave out only batches of its period with a value.",
        )
    if place.attribute in contradicted(loaded):
        raise Invalid(
            "The source contradicts itself on this attribute in this period.",
            remedy="Correct the source, or choose another period.",
        )
    if len(used) < SMALLEST_BASELINE:
        raise Invalid(
            f"{len(used)} values are too few for a baseline.", remedy=f"Choose a period with at least {SMALLEST_BASELINE}."
        )
    values = [m.value for m in used if m.value is not None]
    limits = individuals(values, summarise(values))
    if limits is None or not limits.sigma:
        raise Invalid("The values do not vary, so that no limits follow from them.", remedy="Choose another period.")
    batches = tuple(m.batch for m in used)
    beyond = positions(fired(values, limits, loaded.charts.rules_for(place.attribute)))
    return Proposed(limits, batches, tuple(batches[i] for i in beyond), data_hash(used))


def approve_baseline(
    ctx: Context,
    *,
    place: Place,
    period_from: str,
    period_to: str,
    reason: str,
    secret: Secret,
    actor: Actor,
    excluded: Mapping[str, str] | None = None,
    seen: str | None = None,
) -> ChartVersion:
    """Freeze centre and sigma of a period for later ones, as an approver who is qualified to approve, with the own passphrase.

    `seen` is the hash of the values that the person was shown; Stale where the records say something else by now.
    """
    with ctx.database.read() as conn:
        _qualified(_person(conn, actor, APPROVING), utc_text(ctx.clock.now())[:10])
        before = last_document(conn), standing.decisions(conn)
    proposed = propose_baseline(ctx, place=place, period_from=period_from, period_to=period_to, excluded=excluded)
    if seen is not None and seen != proposed.data:
        raise Stale("The records of the baseline say something else by now.", remedy="Look at them again, then approve.")
    key = _authenticated(ctx, secret, actor)
    body = {
        "period_from": period_from, "period_to": period_to, "excluded": sorted([b, r.strip()] for b, r in (excluded or {}).items()),
        "centre": str(proposed.limits.centre), "sigma": str(proposed.limits.sigma), "n": len(proposed.batches),
        "first_batch": proposed.batches[0], "last_batch": proposed.batches[-1], "data": proposed.data,
    }  # fmt: skip

    def work(conn: Connection) -> ChartVersion:
        if before != (last_document(conn), standing.decisions(conn)):
            raise Stale("Records came in meanwhile.", remedy="Look at the baseline again, then approve.")
        return _decide(conn, ctx, ChartKind.BASELINE, place, body, reason, actor, authenticated=key)

    return ctx.database.write(work)


def set_limit(
    ctx: Context, *, place: Place, difference: str, alert_lower: str, alert_upper: str, reason: str, actor: Actor
) -> ChartVersion:
    """Say which difference of means matters in practice, and beyond which values an alert is due, as an approver."""
    body = {
        "difference": _number(difference, "The smallest difference that matters"),
        "alert_lower": _number(alert_lower, "The lower alert limit"),
        "alert_upper": _number(alert_upper, "The upper alert limit"),
    }
    if not any(body.values()):
        raise Invalid("No limit is given.", remedy="Give the smallest difference that matters, or an alert limit.")
    if body["difference"] and Decimal(body["difference"]) <= 0:
        raise Invalid("The smallest difference that matters is above zero.", remedy="Give it without a sign.")
    if body["alert_lower"] and body["alert_upper"] and Decimal(body["alert_lower"]) >= Decimal(body["alert_upper"]):
        raise Invalid("The lower alert limit lies at or above the upper one.", remedy="Exchange the two.")
    _require_attribute(ctx, place)
    return ctx.database.write(lambda conn: _decide(conn, ctx, ChartKind.LIMIT, place, body, reason, actor))


def choose_rules(ctx: Context, *, rules: RuleSet, reason: str, actor: Actor, place: Place = SITE) -> ChartVersion:
    """Choose the run rules of the site, or of one attribute of a product, as an administrator or approver."""
    chosen = replace(place, strength="")
    if chosen != SITE:
        _require_attribute(ctx, chosen)
    return ctx.database.write(lambda conn: _decide(conn, ctx, ChartKind.RULES, chosen, {"rules": str(rules)}, reason, actor))


def withdraw(
    ctx: Context, *, kind: ChartKind, place: Place, reason: str, actor: Actor, secret: Secret | None = None
) -> ChartVersion:
    """End a decision by a new version; to withdraw a baseline takes the passphrase, as to approve it."""
    chosen = replace(place, strength="") if kind is ChartKind.RULES else place
    key = ""
    if kind is ChartKind.BASELINE:
        with ctx.database.read() as conn:
            _qualified(_person(conn, actor, APPROVING), utc_text(ctx.clock.now())[:10])
        key = _authenticated(ctx, secret or Secret("", ""), actor)
    return ctx.database.write(lambda conn: _decide(conn, ctx, kind, chosen, None, reason, actor, authenticated=key))


def _decide(
    conn: Connection, ctx: Context, kind: ChartKind, place: Place, body: Mapping[str, Any] | None, reason: str, actor: Actor, *,
    authenticated: str = "",
) -> ChartVersion:  # fmt: skip
    """Store the next version of a decision with its entry; without a body the last one is withdrawn."""
    set_as, ended_as, roles = _SET[kind]
    _person(conn, actor, roles)
    words, at = said(reason, "A reason"), ctx.clock.now()
    mine = (place.product, place.strength, place.attribute)
    made = [v for v in chart_decisions.versions(conn, kind=kind) if (v.product, v.strength, v.attribute) == mine]
    last = made[-1] if made and not made[-1].withdrawn else None
    if body is None and last is None:
        raise NotFound(
            f"Nothing of this kind is in force for {place.told}.", remedy="`verascribe charts decisions` lists what is."
        )
    if last is not None and body == last.body:
        raise Conflict("This is in force just so.", remedy="Change it, or leave it.")
    number, text = (made[-1].version if made else 0) + 1, canonical(body if body is not None else last.body if last else {})
    values = {
        "kind": str(kind), "product": place.product, "strength": place.strength, "attribute": place.attribute, "version": number,
        "withdrawn": body is None, "body": text, "reason": words, "account_id": actor.id, "user_id": actor.user_id, "at": utc_text(at),
    }  # fmt: skip
    new = {"version": number, **(body or {}), **({"key": authenticated} if authenticated else {})}
    governed.record(
        conn, [(tables.chart_decisions, values)], at=at, zone=ctx.zone, actor=actor, action=ended_as if body is None else set_as,
        object_kind=str(kind), object_id=place.told, object_version=str(number),
        old={"version": last.version, **last.body} if last else None, new=new, reason=words,
    )  # fmt: skip
    found = chart_decisions.versions(conn, kind=kind)
    return next(v for v in reversed(found) if (v.product, v.strength, v.attribute) == mine)


def _person(conn: Connection, actor: Actor, roles: tuple[Role, ...]) -> Account:
    account = check_usable(account_by_id(conn, actor.id))
    permit(account, *roles)
    return account


def _qualified(account: Account, today: str) -> None:
    held = any(q.meaning == Meaning.APPROVAL and q.valid_from <= today <= q.valid_until for q in account.qualifications)
    if not held:
        raise NotPermitted(
            f"{account.printed_name} holds no current qualification to approve.",
            remedy="An administrator records it, with what it rests on.",
        )


def _authenticated(ctx: Context, secret: Secret, actor: Actor) -> str:
    """Return the id of the key that a person's own passphrase released."""
    if not secret.user_id.strip() or not secret.passphrase:
        raise Invalid("User id and signing passphrase are needed.", remedy="Type both; nothing was decided.")
    key = signatures.release(
        ctx.database, ctx.clock, actor=actor, user_id=secret.user_id, passphrase=secret.passphrase, zone=ctx.zone
    )
    return key.key_id


def _number(text: str, what: str) -> str:
    written = text.strip()
    if written and not _NUMBER.fullmatch(written):
        raise Invalid(f"{what} is no number: '{written[:40]}'.", remedy="Write it with a point, as 0.5, or leave it empty.")
    return written


def _require_attribute(ctx: Context, place: Place) -> None:
    with ctx.database.read() as conn:
        records.require_product(conn, place.product)
        measured = {m.attribute for m in records.every_measurement(conn, product=place.product, primary_only=True)}
    if place.attribute not in measured:
        raise NotFound(
            f"'{place.attribute[:80]}' was not measured on product {place.product}.",
            remedy="Name it as its source column does.",
        )
