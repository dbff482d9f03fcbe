"""`oversight expire|forget|pseudonyms|unmask`: activity summaries leave, and the name behind a pseudonym by two persons."""

from typing import Annotated

import typer

from drafting.cli.shared import OPTIONS, acting, emit, opened

Json = Annotated[bool, OPTIONS]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the trail.")]
unmask = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group `oversight`."""
    app.command()(expire)
    app.command()(forget)
    app.command()(pseudonyms)
    app.add_typer(unmask, name="unmask", help="The name behind a pseudonym: ask, withdraw, decide, show.")


def expire(as_json: Json = False) -> None:  # noqa: FBT002
    """Delete activity summaries that are older than ninety days; the screens do so at their start."""
    from drafting.overseeing.activity import expire as expired  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        count = expired(ctx, actor=actor)
    emit({"deleted": count}, as_json=as_json, text=f"{count} activity summaries deleted.")


def forget(
    reason: Reason,
    person: Annotated[str, typer.Option("--person", help="Of this user id; else everybody's.")] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Delete activity summaries before their time, as the training lead."""
    from drafting.overseeing import activity  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        count = activity.forget(ctx, user_id=person, reason=reason, actor=actor)
    emit({"deleted": count}, as_json=as_json, text=f"{count} activity summaries deleted.")


def pseudonyms(as_json: Json = False) -> None:  # noqa: FBT002
    """List the pseudonyms of those who stand behind the site's figures; fewer than five people are not listed."""
    from drafting.overseeing.reading import behind  # noqa: PLC0415

    with opened() as ctx:
        account, _ = acting(ctx)
        found = behind(ctx, account)
    emit({"pseudonyms": list(found)}, as_json=as_json, text="\n".join(found) or "None: fewer than five reviewers.")


@unmask.command()
def ask(
    pseudonym: Annotated[str, typer.Argument(help="One of `oversight pseudonyms`.", metavar="PSEUDONYM")],
    reason: Reason,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Ask for a name, as the training lead; only somebody about whom an alarm was raised by name has one."""
    from drafting.overseeing import pseudonyms as names  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        request = names.ask(ctx, wanted=pseudonym, reason=reason, actor=actor)
    emit({"request": request}, as_json=as_json, text=f"Asked: an approver decides on request {request}.")


@unmask.command()
def withdraw(
    request: Annotated[str, typer.Argument(help="Id of the request.", metavar="REQUEST")],
    reason: Reason,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Take back a request that nobody decided yet, as the person who asked."""
    from drafting.overseeing import pseudonyms as names  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        names.withdraw(ctx, request_id=request, reason=reason, actor=actor)
    emit({"request": request, "withdrawn": True}, as_json=as_json, text="Withdrawn.")


@unmask.command()
def decide(
    request: Annotated[str, typer.Argument(help="Id of the request.", metavar="REQUEST")],
    reason: Reason,
    grant: Annotated[bool, typer.Option("--grant/--refuse", help="The decision.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Grant a name or refuse it, as an approver who did not ask."""
    from drafting.overseeing import pseudonyms as names  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        names.decide(ctx, request_id=request, grant=grant, reason=reason, actor=actor)
    emit({"request": request, "granted": grant}, as_json=as_json, text="Granted." if grant else "Refused.")


@unmask.command()
def show(
    request: Annotated[str, typer.Argument(help="Id of the request.", metavar="REQUEST")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Show a granted name, once, to the person who asked."""
    from drafting.overseeing import pseudonyms as names  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        account = names.name(ctx, request_id=request, actor=actor)
    tree = {"user_id": account.user_id, "name": account.printed_name}
    emit(tree, as_json=as_json, text=f"{account.printed_name} ({account.user_id}); it is shown this once.")
