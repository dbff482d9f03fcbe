"""`charts`: groups of signals and what persons found of them, approved baselines, practical limits, run rules."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.errors import Invalid
from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened, options, period, secret

if TYPE_CHECKING:
    from drafting.chart_decisions import ChartVersion
    from drafting.charting import Period
    from drafting.deciding_charts import Place, Proposed, Secret
    from drafting.evidence.control import Together

Json = Annotated[bool, OPTIONS]
Product = Annotated[str, typer.Option(help="Product code.")]
Attribute = Annotated[str, typer.Option(help="The attribute, as its source column is named.")]
First = Annotated[str, typer.Option("--from", help="First day.", metavar="D")]
Last = Annotated[str, typer.Option("--to", help="Last day.", metavar="D")]
Strength = Annotated[str, typer.Option(help="Strength; every one together where none is given.")]
Reason = Annotated[str, typer.Option(help="Why, in your own words.")]
LeaveOut = Annotated[
    list[str] | None, typer.Option(help="A batch to leave out with its reason; may be repeated.", metavar="BATCH=REASON")
]
SigningFd = Annotated[
    int | None, typer.Option(help="File descriptor to read the signing passphrase from; else it is asked for.")
]
MOST = 20  # groups listed at a time
MOST_NAMED = 3  # attributes of one
SETS = {"one": "rule 1", "western-electric": "Western Electric rules 1 to 4", "nelson": "Nelson rules 1 to 8"}
OUTCOMES = {
    "cause": "cause known", "no-cause": "no assignable cause found", "change": "process change", "measurement": "measurement",
    "investigate": "to be investigated",
}  # fmt: skip
KINDS = {"baseline": "baseline", "limit": "practical_limit", "rules": "run_rules"}
app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command()
def groups(
    product: Product,
    first: First,
    last: Last,
    strength: Strength = "",
    skip: Annotated[int, typer.Option(help="Leave out so many.", min=0)] = 0,
    limit: Annotated[int, typer.Option("-k", help="List at most so many.", min=1, max=1000)] = MOST,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List groups of signals, those that wait for a person first; exit 1 where one waits."""
    from drafting import charting  # noqa: PLC0415 - keeps --help light

    with opened() as ctx:
        acting(ctx)
        found = charting.groups(charting.loaded_of(ctx, _period(product, first, last, strength)))
    waiting = sum(bool(g.open) for g in found)
    shown = found[skip : skip + limit]
    tree = {
        "groups": [_group(g) for g in shown],
        "total": len(found),
        "open": waiting,
        "signals": sum(g.shared.signals for g in found),
    }
    lines = [f"{len(found):,} group(s) of {tree['signals']:,} signal(s); {waiting:,} wait for a person."]
    lines += [_line(g) for g in shown]
    rest = len(found) - skip - len(shown)
    emit(
        tree,
        as_json=as_json,
        text="\n".join([*lines, *([f"{rest:,} more: --skip {skip + len(shown)}"] if rest > 0 else [])]),
    )
    if waiting:
        raise typer.Exit(FOUND)


@app.command()
def dispose(
    group: Annotated[str, typer.Argument(help="The group, as the list names it.", metavar="GROUP")],
    product: Product,
    first: First,
    last: Last,
    outcome: Annotated[str, typer.Option(help=f"What was found: {', '.join(OUTCOMES)}.")],
    reason: Reason,
    record: Annotated[str, typer.Option(help="The record that it refers to.", metavar="KIND/IDENTIFIER")] = "",
    strength: Strength = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Dispose of a group of signals, as a writer, reviewer or approver."""
    from drafting import disposing  # noqa: PLC0415
    from drafting.chart_decisions import Outcome  # noqa: PLC0415

    found = Outcome(_named(outcome, OUTCOMES, "outcome"))
    with opened() as ctx:
        _, actor = acting(ctx)
        made = disposing.dispose(
            ctx,
            chosen=_period(product, first, last, strength),
            key=group,
            outcome=found,
            record=record,
            reason=reason,
            actor=actor,
        )
    tree = {"group": group, "outcome": str(found), "record": record, "reason": reason.strip(), "before": made.told}
    emit(tree, as_json=as_json, text=f"{group}: {found} {record}".rstrip())


@app.command()
def baseline(
    product: Product,
    attribute: Attribute,
    first: First,
    last: Last,
    strength: Strength = "",
    leave_out: LeaveOut = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show what a baseline of a period would freeze; nothing is stored."""
    from drafting import deciding_charts  # noqa: PLC0415

    start, end = period(first, last)
    with opened() as ctx:
        acting(ctx)
        found = deciding_charts.propose_baseline(
            ctx,
            place=_place(product, attribute, strength),
            period_from=start or "",
            period_to=end or "",
            excluded=_left_out(leave_out),
        )
    emit(_proposed(found), as_json=as_json, text=_frozen(found))


@app.command(name="approve-baseline")
def approve_baseline(
    product: Product,
    attribute: Attribute,
    first: First,
    last: Last,
    reason: Reason,
    strength: Strength = "",
    leave_out: LeaveOut = None,
    signing_fd: SigningFd = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Approve the baseline of a period, as a qualified approver with the own signing passphrase; later charts are held against it."""
    from drafting import deciding_charts  # noqa: PLC0415

    start, end = period(first, last)
    with opened() as ctx:
        _, actor = acting(ctx)
        made = deciding_charts.approve_baseline(
            ctx, place=_place(product, attribute, strength), period_from=start or "", period_to=end or "", reason=reason,
            secret=_secret(signing_fd), actor=actor, excluded=_left_out(leave_out),
        )  # fmt: skip
    _told(made, as_json=as_json)


@app.command()
def limit(
    product: Product,
    attribute: Attribute,
    reason: Reason,
    difference: Annotated[str, typer.Option(help="The smallest difference of means that matters.")] = "",
    alert_lower: Annotated[str, typer.Option(help="Values below it are an alert.")] = "",
    alert_upper: Annotated[str, typer.Option(help="Values above it are an alert.")] = "",
    strength: Strength = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Set what matters in practice for an attribute, as an approver."""
    from drafting import deciding_charts  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        made = deciding_charts.set_limit(
            ctx, place=_place(product, attribute, strength), difference=difference, alert_lower=alert_lower, alert_upper=alert_upper,
            reason=reason, actor=actor,
        )  # fmt: skip
    _told(made, as_json=as_json)


@app.command()
def rules(
    chosen: Annotated[str, typer.Argument(help=f"One of: {', '.join(SETS)}.", metavar="SET")],
    reason: Reason,
    product: Annotated[str, typer.Option(help="Product code, for one attribute alone.")] = "",
    attribute: Annotated[str, typer.Option(help="The attribute; without it the choice is the site's.")] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Choose the run rules of the site or of one attribute, as an administrator or approver."""
    from drafting import deciding_charts  # noqa: PLC0415
    from drafting.statistics.rules import RuleSet  # noqa: PLC0415

    if bool(product) != bool(attribute):
        raise Invalid("An attribute is named with its product.", remedy="Give both, or neither for the site.")
    found = RuleSet(_named(chosen, SETS, "set of rules"))
    with opened() as ctx:
        _, actor = acting(ctx)
        made = deciding_charts.choose_rules(ctx, rules=found, place=_place(product, attribute), reason=reason, actor=actor)
    _told(made, as_json=as_json)


@app.command()
def withdraw(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(KINDS)}.", metavar="KIND")],
    reason: Reason,
    product: Annotated[str, typer.Option(help="Product code; none for the rules of the site.")] = "",
    attribute: Annotated[str, typer.Option(help="The attribute; none for the rules of the site.")] = "",
    strength: Strength = "",
    signing_fd: SigningFd = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Withdraw a baseline, a practical limit or a choice of rules by a new version."""
    from drafting import deciding_charts  # noqa: PLC0415
    from drafting.chart_decisions import ChartKind  # noqa: PLC0415

    what = ChartKind(_named(kind, KINDS, "kind"))
    with opened() as ctx:
        _, actor = acting(ctx)
        made = deciding_charts.withdraw(
            ctx, kind=what, place=_place(product, attribute, strength), reason=reason, actor=actor,
            secret=_secret(signing_fd) if what is ChartKind.BASELINE else None,
        )  # fmt: skip
    _told(made, as_json=as_json)


@app.command()
def decisions(
    product: Annotated[str | None, typer.Option(help="Product code; the choices of the site are listed with it.")] = None,
    every: Annotated[bool, typer.Option("--every", help="Earlier and withdrawn versions too.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """List the baselines, practical limits and run rules that persons decided."""
    from drafting import chart_decisions  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        with ctx.database.read() as conn:
            found = chart_decisions.versions(conn, product=product)
            found = found if every else chart_decisions.in_force(found)
    lines = (
        "\n".join(map(_decided, found))
        or "Nothing was decided: rule 1, limits of the 12 months before, no practical limits."
    )
    emit({"decisions": [_version(v) for v in found]}, as_json=as_json, text=lines)


def _period(product: str, first: str, last: str, strength: str) -> "Period":
    from drafting.charting import Period  # noqa: PLC0415

    start, end = period(first, last)
    return Period(product, start or "", end or "", strength)


def _place(product: str, attribute: str, strength: str = "") -> "Place":
    from drafting.deciding_charts import Place  # noqa: PLC0415

    return Place(product, attribute, strength)


def _secret(descriptor: int | None) -> "Secret":
    from drafting.deciding_charts import Secret  # noqa: PLC0415

    return Secret(options().user or "", secret(descriptor, "Signing passphrase: "))


def _named(text: str, known: dict[str, str], what: str) -> str:
    if text not in known:
        raise Invalid(f"'{text[:40]}' is no {what}.", remedy=f"Choose among: {', '.join(known)}.")
    return known[text]


def _left_out(given: list[str] | None) -> dict[str, str]:
    found = {}
    for text in given or ():
        batch, equals, reason = text.partition("=")
        if not equals:
            raise Invalid(f"'{text[:80]}' names no reason.", remedy="Write BATCH=REASON.")
        found[batch.strip()] = reason
    return found


def _group(one: "Together") -> dict[str, Any]:
    return {
        "id": one.key, "first": one.shared.first, "last": one.shared.last, "signals": one.shared.signals, "open": bool(one.open),
        "disposition": one.told,
        "attributes": [
            {
                "attribute": r.group.attribute, "first": r.group.first, "last": r.group.last, "signals": r.group.signals,
                "rules": [str(rule) for rule in r.group.rules], "disposition": r.disposition.told if r.disposition else None,
                "reason": r.disposition.reason if r.disposition else None, "record": r.disposition.record if r.disposition else None,
            }
            for r in one.runs
        ],
    }  # fmt: skip


def _line(one: "Together") -> str:
    names = one.shared.attributes
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    where = (
        f"batch {one.shared.first}"
        if one.shared.first == one.shared.last
        else f"batches {one.shared.first} to {one.shared.last}"
    )
    return f"{one.key}  {where}, {one.shared.signals} signal(s), {', '.join(names[:MOST_NAMED])}{rest}: {one.told}"


def _proposed(found: "Proposed") -> dict[str, Any]:
    limits = found.limits
    return {
        "n": len(found.batches), "first_batch": found.batches[0], "last_batch": found.batches[-1], "centre": str(limits.centre),
        "sigma": str(limits.sigma), "lower": str(limits.lower), "upper": str(limits.upper), "signalling": list(found.signalling),
        "data": found.data,
    }  # fmt: skip


def _frozen(found: "Proposed") -> str:
    limits = found.limits
    inside = (
        f"{len(found.signalling)} of its own batches signal: {', '.join(found.signalling[:20])}"
        if found.signalling
        else "none of its own batches signals"
    )
    return (
        f"{len(found.batches)} batches, {found.batches[0]} to {found.batches[-1]}: centre {limits.centre:.6g}, sigma {limits.sigma:.6g}, "
        f"limits {limits.lower:.6g} to {limits.upper:.6g}; {inside}"
    )


def _version(one: "ChartVersion") -> dict[str, Any]:
    return {
        "kind": str(one.kind), "product": one.product, "strength": one.strength, "attribute": one.attribute, "version": one.version,
        "withdrawn": one.withdrawn, "decided": dict(one.body), "reason": one.reason, "by": one.user_id, "at": one.at,
    }  # fmt: skip


def _decided(one: "ChartVersion") -> str:
    from drafting.chart_decisions import shown  # noqa: PLC0415

    where = "/".join(part for part in (one.product, one.strength, one.attribute) if part) or "site"
    ended = "withdrawn, " if one.withdrawn else ""
    return f"{one.kind.replace('_', ' ')} of {where}, version {one.version}: {shown(one)} ({ended}{one.user_id}, {one.on}: {one.reason})"


def _told(made: "ChartVersion", *, as_json: bool) -> None:
    emit(_version(made), as_json=as_json, text=_decided(made))
