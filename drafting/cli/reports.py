"""`reports`, `draft`, `redraft`, `facts`, `check`, `check-text`, `export`: reports from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from drafting.cli.shared import FOUND, OPTIONS, acting, emit, opened, opened_where_there, progress_bar

if TYPE_CHECKING:
    from audit.chain import Actor
    from drafting.beside import Cell
    from drafting.context import Context, Settings
    from drafting.foreign import ForeignText
    from drafting.generate import DraftOutcome

Json = Annotated[bool, OPTIONS]
Report = Annotated[str, typer.Argument(help="Report id or number.", metavar="REPORT")]
REVIEWS = {"apr": ("apr_us", "combined"), "pqr": ("pqr_eu", "pqr_api_q7", "combined")}  # the first where no variant is named


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(reports)
    app.command()(draft)
    app.command()(redraft)
    app.command()(amend)
    app.command()(facts)
    app.command()(check)
    app.command(name="check-text")(check_text)
    app.command()(export)


def reports(as_json: Json = False) -> None:  # noqa: FBT002
    """List the reports of the home with their state."""
    from drafting.inbox import every_report  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        found = every_report(ctx)
    listed = [{"id": r.id, "number": r.number, "kind": r.kind, "state": r.state, "title": r.title} for r in found]
    text = "\n".join(f"{r['number']:<22} {r['state']:<12} {r['title']}" for r in listed)
    emit({"reports": listed}, as_json=as_json, text=text or "No reports; `verascribe draft` makes one.")


def draft(
    kind: Annotated[str, typer.Argument(help="apr, pqr or deviation.")],
    identifier: Annotated[str | None, typer.Argument(help="The deviation's identifier.", metavar="[ID]")] = None,
    product: Annotated[str, typer.Option(help="Product code.")] = "",
    since: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    strength: Annotated[str | None, typer.Option(help="Strength, as 20M.")] = None,
    variant: Annotated[
        str, typer.Option(help=f"Of a review: {', '.join(dict.fromkeys(v for vs in REVIEWS.values() for v in vs))}.")
    ] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Draft a review of a product and period, or a deviation report."""
    from audit.errors import Invalid  # noqa: PLC0415
    from corpus.extracts import statements  # noqa: PLC0415
    from drafting.generate import draft_report  # noqa: PLC0415

    chosen = _variant(kind, variant)
    if kind == "deviation" and not identifier:
        raise Invalid(
            "A deviation report needs the deviation's identifier.", remedy="As in: verascribe draft deviation DEV-2020-014"
        )
    with opened() as ctx, progress_bar() as tell:
        _, actor = acting(ctx)
        made = draft_report(
            ctx, kind=chosen, actor=actor, product=product, period_from=since, period_to=until, strength=strength,
            subject=identifier if kind == "deviation" else None, progress=tell,
        )  # fmt: skip
        with ctx.database.read() as conn:
            relative_to = statements(conn, [line.kind for line in made.ledger])
    tree = _drafted(made)
    for held, statement in relative_to.items():
        tree["completeness"][held]["relative_to"] = statement.text
    emit(tree, as_json=as_json, text=_drafted_text(made))


def _variant(kind: str, variant: str) -> str:
    """Return the kind of outline that a kind of report and a variant name."""
    from audit.errors import Invalid  # noqa: PLC0415

    if kind == "deviation":
        if variant:
            raise Invalid("A deviation report has no variants.", remedy="Leave --variant out.")
        return kind
    if kind not in REVIEWS:
        raise Invalid(f"'{kind}' is no kind of report.", remedy="Use apr, pqr or deviation.")
    if variant and variant not in REVIEWS[kind]:
        raise Invalid(f"'{variant}' is no variant of {kind}.", remedy=f"Use {', '.join(REVIEWS[kind])}.")
    return variant or REVIEWS[kind][0]


def _drafted(made: "DraftOutcome") -> dict[str, Any]:
    return {
        "report": made.report_id,
        "number": made.number,
        "title": made.title,
        "sections": [
            {
                "id": s.id, "key": s.key, "outcome": s.outcome, "detail": s.detail, "sentences": s.sentences,
                "findings": [f.tree() for f in s.findings],
            }
            for s in made.sections
        ],
        "completeness": {line.kind: line.counts() for line in made.ledger},
        "seconds": round(made.seconds, 3),
        "drafter": made.drafter,
        "fingerprint": made.fingerprint,
    }  # fmt: skip


def _drafted_text(made: "DraftOutcome") -> str:
    lines = [f"{made.number}: {made.title}", f"drafted by the {made.drafter}, configuration {made.fingerprint[7:19]}"]
    for section in made.sections:
        blocking = sum(1 for f in section.findings if f.severity == "blocks")
        note = f", {blocking} block signing" if blocking else ""
        why = f": {section.detail}" if section.detail else ""
        lines.append(f"  {section.key}: {section.outcome}, {section.sentences} sentence(s){note}{why}")
    lines += [
        f"  {len(line.unaccounted)} {line.kind} record(s) neither included nor excluded"
        for line in made.ledger
        if line.unaccounted
    ]
    return "\n".join(lines)


def redraft(
    report: Report,
    section: Annotated[str, typer.Option(help="One section, by its key; every stale one otherwise.")] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Draft the sections again whose evidence changed; decisions that still hold are kept."""
    from drafting.generate import report_named  # noqa: PLC0415
    from drafting.queries import section_id_of  # noqa: PLC0415
    from drafting.redraft import redraft_section, stale_sections  # noqa: PLC0415

    with opened() as ctx, progress_bar() as tell:
        _, actor = acting(ctx)
        with ctx.database.read() as conn:
            report_id = report_named(conn, report)
            chosen = [section_id_of(conn, report_id, section)] if section else []
        due = chosen or list(stale_sections(ctx, report_id))
        made = []
        for number, section_id in enumerate(due, start=1):
            made.append(redraft_section(ctx, section_id=section_id, actor=actor))
            tell(made[-1].key, number, len(due))
    listed = [
        {
            "id": m.section_id, "key": m.key, "outcome": m.outcome, "why": m.why, "changed": len(m.changed), "kept": len(m.kept),
            "withdrawn": len(m.withdrawn), "added": len(m.added),
        }
        for m in made
    ]  # fmt: skip
    lines = [
        f"{s['key']}: {s['changed']} changed, {s['added']} new, {s['withdrawn']} withdrawn, {s['kept']} as they were ({s['why']})"
        for s in listed
    ]
    emit({"report": report_id, "sections": listed}, as_json=as_json, text="\n".join(lines) or "No section is stale.")


def amend(
    report: Report,
    reason: Annotated[str, typer.Option(help="Why it is amended, in your own words.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Open a new version of an approved report; the approved one is kept as it was."""
    from drafting.amending import amend as open_amendment  # noqa: PLC0415
    from drafting.generate import report_named  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        with ctx.database.read() as conn:
            report_id = report_named(conn, report)
        made = open_amendment(ctx, report_id=report_id, reason=reason, actor=actor)
    tree = {"report": made.report_id, "number": made.number, "version": made.version, "stale": made.stale}
    lines = [f"{made.number}: version {made.version} is open.", *(f"  {key}: {why}" for key, why in made.stale.items())]
    emit(tree, as_json=as_json, text="\n".join(lines))


def facts(report: Report, as_json: Json = False) -> None:  # noqa: FBT002
    """List the computed facts of a report."""
    from drafting.examine import evidence_for  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        packs = evidence_for(ctx, report, actor=actor)
    listed: dict[str, dict[str, Any]] = {}
    for _, key, pack in packs:
        for fact in pack.facts.values():
            shown = {
                "id": fact.id, "name": fact.id, "value": fact.value, "exact": fact.exact, "unit": fact.unit, "n": fact.n,
                "method": fact.method, "inputs": dict(fact.inputs), "section": key,
            }  # fmt: skip
            listed.setdefault(fact.id, shown)
    text = "\n".join(f"{f['id']:<44} {f['value']} {f['unit']}  (n = {f['n']})" for f in listed.values())
    emit({"facts": list(listed.values())}, as_json=as_json, text=text)


def check(report: Report, as_json: Json = False) -> None:  # noqa: FBT002
    """Run every check on a report as it stands now."""
    from drafting.examine import examine  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        result = examine(ctx, report, actor=actor)
    told = [(f, result.cell_of(f)) for f in result.findings]
    tree = {
        "findings": [f.tree() | {"cell": cell.tree() if cell else None} for f, cell in told],
        "numbers": {"found": result.numbers_found, "resolved": result.numbers_resolved},
    }
    lines = [
        f"{f.severity}: {f.section}: {f.rule}: {f.message}{_where(result.sentences.get(f.sentence))}{_says(cell)}"
        for f, cell in told
    ]
    lines.append(f"{result.numbers_resolved} of {result.numbers_found} quantities, dates and identifiers tied to evidence")
    emit(tree, as_json=as_json, text="\n".join(lines))
    if any(f.severity == "blocks" for f in result.findings):
        raise typer.Exit(FOUND)


def _where(sentence: str | None) -> str:
    return f' In: "{sentence if len(sentence) <= SHOWN else sentence[: SHOWN - 3] + "..."}"' if sentence else ""


def _says(cell: "Cell | None") -> str:
    """Say on a line of its own what the evidence says, and where."""
    return f"\n  {cell.place}: {cell.value}" if cell else ""


SHOWN = 120  # characters of a sentence beside its finding


def check_text(
    text: Annotated[Path, typer.Option(help="The text: .txt, .md or .docx.")],
    evidence: Annotated[list[Path], typer.Option(help="File or folder given as evidence; repeat for several.")],
    profile: Annotated[str | None, typer.Option(help="Import profile of the evidence.")] = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Check a text that was not written here against files given as evidence."""
    with opened_where_there() as held:
        result = _checked(held, text, evidence, profile)
    tree = {
        "findings": [f.tree() for f in result.findings],
        "numbers": {"found": result.numbers_found, "resolved": result.numbers_resolved},
        **result.counts,
        "claims": [c.tree() for c in result.claims],
        "sentences": [s.tree() for s in result.sentences],
    }
    lines = [f"{f.severity}: {f.start}-{f.end} '{f.quote}': {f.message}" for f in result.findings]
    if not result.claims:
        lines.append("The text holds nothing to check: no number, date, name or conclusion.")
    lines.append(", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in result.counts.items()))
    lines.append(
        "sentences: " + ", ".join(f"{n} {outcome.replace('_', ' ')}" for outcome, n in result.outcomes.items() if n)
    )
    emit(tree, as_json=as_json, text="\n".join(lines))
    if any(f.severity == "blocks" for f in result.findings):
        raise typer.Exit(FOUND)


def _checked(held: "Context | Settings", text: Path, evidence: list[Path], profile: str | None) -> "ForeignText":
    from drafting.bootstrap import shipped_profiles, workers_of  # noqa: PLC0415 - keeps --help light
    from drafting.context import Settings  # noqa: PLC0415 - as above
    from drafting.foreign import check_foreign_text, checked  # noqa: PLC0415 - as above

    if isinstance(held, Settings):
        return checked(text=text, evidence=evidence, profile=profile, profiles=shipped_profiles(), workers=workers_of(held))
    _, actor = acting(held)
    return check_foreign_text(held, text=text, evidence=evidence, profile=profile, actor=actor)


def export(
    report: Report,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    fmt: Annotated[str, typer.Option("--format", help="docx or json.")] = "docx",
    version: Annotated[int | None, typer.Option(help="An earlier version, as it was approved.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Write a report as a document; it says on its face whether it is signed."""
    from audit.canonical import digest  # noqa: PLC0415
    from audit.errors import Invalid  # noqa: PLC0415

    if fmt not in ("docx", "json"):
        raise Invalid(f"There is no export format '{fmt}'.", remedy="Use docx or json.")
    if output.suffix.lower() not in ("", f".{fmt}"):
        raise Invalid(
            f"A file named {output.name} does not hold {fmt}.",
            remedy=f"Name it {output.with_suffix('').name}.{fmt}, or choose another --format: docx or json.",
        )
    if not output.parent.is_dir():
        raise Invalid(f"There is no folder {output.parent}.", remedy="Make it, or name another file with -o.")
    if output.is_dir() or (output.exists() and not force):
        raise Invalid(f"{output} is there already.", remedy="Name another file, or overwrite a file with --force.")
    with opened() as ctx:
        _, actor = acting(ctx)
        data, signed = _exported(ctx, report, fmt, version, actor)
    output.write_bytes(data)
    tree = {"path": str(output), "sha256": digest(data), "signed": signed}
    emit(tree, as_json=as_json, text=f"{output} ({'signed' if signed else 'NOT SIGNED'})")


def _exported(ctx: "Context", report: str, fmt: str, version: int | None, actor: "Actor") -> tuple[bytes, bool]:
    from drafting.exporting import export_report  # noqa: PLC0415

    return export_report(ctx, report, fmt=fmt, actor=actor, version=version)
