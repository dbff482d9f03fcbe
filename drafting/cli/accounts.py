"""`user add|list|deactivate|qualify|reset`: accounts. Passwords come from a prompt or a file descriptor, never from an argument."""

import datetime as dt
import getpass
import os
from typing import Annotated, Any

import typer

from drafting.cli.shared import OPTIONS, acting, emit, opened, options

Json = Annotated[bool, OPTIONS]
User = Annotated[str, typer.Argument(help="User id.", metavar="USER")]
Descriptor = Annotated[int | None, typer.Option("--new-password-fd", help="File descriptor to read the new password from.")]
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def _new_password(descriptor: int | None) -> str:
    if descriptor is None:
        return getpass.getpass("New password: ")
    with os.fdopen(descriptor, encoding="utf-8") as stream:
        return stream.readline().rstrip("\n")


@app.command()
def add(
    user: User,
    name: Annotated[str, typer.Option(help="Printed name.")],
    role: Annotated[list[str], typer.Option(help="Role; repeat for several.")],
    verified_how: Annotated[
        str | None, typer.Option(help="How the identity was verified, before a signing key is made.")
    ] = None,
    new_password_fd: Descriptor = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Create an account; the first one of a home is an administrator's and needs no --user."""
    from audit.errors import NotPermitted  # noqa: PLC0415
    from audit.identity import Role, accounts  # noqa: PLC0415
    from drafting.accounts import SERVICE, add_person  # noqa: PLC0415

    with opened() as ctx:
        by, _ = acting(ctx)
        with ctx.database.read() as conn:
            first = all(a.user_id == SERVICE for a in accounts(conn))
        if first and role != [str(Role.ADMINISTRATOR)]:
            raise NotPermitted("The first account of a home is an administrator's.", remedy="Use --role administrator.")
        verified = (by.user_id, ctx.clock.now().date().isoformat(), verified_how) if verified_how else None
        made = add_person(
            ctx, user_id=user, printed_name=name, roles=tuple(role), password=_new_password(new_password_fd),
            by=None if first and options().user is None else by, verified=verified,
        )  # fmt: skip
    emit(
        {"id": made.id, "user": made.user_id, "roles": list(made.roles)},
        as_json=as_json,
        text=f"{made.user_id} was created.",
    )


@app.command(name="list")
def list_all(as_json: Json = False) -> None:  # noqa: FBT002
    """List accounts."""
    from audit.identity import accounts  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        with ctx.database.read() as conn:
            found = accounts(conn)
    listed: list[dict[str, Any]] = [
        {"user": a.user_id, "name": a.printed_name, "roles": list(a.roles), "active": a.active,
         "qualifications": [f"{q.section_kind}: {q.meaning} until {q.valid_until}" for q in a.qualifications]}
        for a in found
    ]  # fmt: skip
    text = "\n".join(
        f"{a['user']:<20} {a['name']:<28} {', '.join(a['roles'])}{'' if a['active'] else ' (inactive)'}" for a in listed
    )
    emit({"accounts": listed}, as_json=as_json, text=text)


@app.command()
def deactivate(
    user: User,
    reason: Annotated[str, typer.Option(help="Why, in your own words.")],
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Deactivate an account; its user id is never issued again."""
    from audit import identity  # noqa: PLC0415

    with opened() as ctx:
        by, actor = acting(ctx)
        identity.permit(by, identity.Role.ADMINISTRATOR)
        ctx.database.write(
            lambda conn: identity.deactivate(
                conn, identity.required(conn, user), by=actor, at=ctx.clock.now(), zone=ctx.zone, reason=reason
            )
        )
    emit({"user": user, "active": False}, as_json=as_json, text=f"{user} was deactivated.")


@app.command()
def qualify(
    user: User,
    meaning: Annotated[str, typer.Option(help="authorship, review, approval or responsibility.")],
    basis: Annotated[str, typer.Option(help="Training record or certificate.")],
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD.")],
    section: Annotated[str, typer.Option(help="Section key, or * for all.")] = "*",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Give an account the right to sign, and say what it rests on."""
    from audit import identity  # noqa: PLC0415
    from audit.errors import Invalid  # noqa: PLC0415
    from audit.signatures import Meaning  # noqa: PLC0415
    from drafting.accounts import qualify as give  # noqa: PLC0415

    if meaning not in set(Meaning):
        raise Invalid(f"'{meaning}' is no meaning of a signature.", remedy=f"One of {', '.join(Meaning)}.")
    try:
        dt.date.fromisoformat(until)
    except ValueError as error:
        raise Invalid(f"'{until}' is not a day.", remedy="Write YYYY-MM-DD.") from error
    with opened() as ctx:
        by, _ = acting(ctx)
        with ctx.database.read() as conn:
            account = identity.required(conn, user)
        today = ctx.clock.now().date().isoformat()
        give(ctx, account, identity.Qualification(section, meaning, today, until, basis), by=by)
    emit(
        {"user": user, "meaning": meaning, "until": until}, as_json=as_json, text=f"{user} may sign {meaning} until {until}."
    )


@app.command()
def reset(user: User, new_password_fd: Descriptor = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Release a locked account and set a first password, which its owner must change."""
    from audit import identity, sessions  # noqa: PLC0415

    password = _new_password(new_password_fd)
    with opened() as ctx:
        by, actor = acting(ctx)
        identity.permit(by, identity.Role.ADMINISTRATOR)

        def work(conn: object) -> None:
            account = identity.required(conn, user)  # type: ignore[arg-type]
            at = ctx.clock.now()
            sessions.unlock(conn, account, by=actor, at=at, zone=ctx.zone, reason="password reset")  # type: ignore[arg-type]
            identity.set_password(conn, account, password, by=actor, at=at, zone=ctx.zone, cost=ctx.settings.key_cost)  # type: ignore[arg-type]

        ctx.database.write(work)
    emit(
        {"user": user, "reset": True},
        as_json=as_json,
        text=f"{user} was reset; the password must be changed at the next sign-in.",
    )
