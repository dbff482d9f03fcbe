"""`user add|list|deactivate|qualify|reset|release|password`: accounts. Passwords come from a prompt or a file descriptor, never from an argument."""

from typing import Annotated, Any

import typer

from drafting.cli.shared import OPTIONS, acting, emit, opened, options, secret

Json = Annotated[bool, OPTIONS]
User = Annotated[str, typer.Argument(help="User id.", metavar="USER")]
Reason = Annotated[str, typer.Option(help="Why, in your own words.")]
Descriptor = Annotated[int | None, typer.Option("--new-password-fd", help="File descriptor to read the new password from.")]
app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def _secret(descriptor: int | None, prompt: str = "New password: ") -> str:
    return secret(descriptor, prompt)


@app.command()
def add(
    user: User,
    name: Annotated[str, typer.Option(help="Printed name.")],
    role: Annotated[list[str], typer.Option(help="Role; repeat for several.")],
    verified_how: Annotated[
        str | None, typer.Option(help="How you verified the identity today; a signing key needs it.")
    ] = None,
    new_password_fd: Descriptor = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Create an account with a first password; the first one of a home is an administrator's and needs no --user."""
    from drafting.accounts import add_person, people  # noqa: PLC0415

    with opened(create=True) as ctx:
        _, actor = acting(ctx)
        with ctx.database.read() as conn:
            first = not people(conn) and options().user is None
        today = ctx.clock.now().date().isoformat()
        made = add_person(
            ctx, user_id=user, printed_name=name, roles=tuple(role), password=_secret(new_password_fd),
            actor=None if first else actor, verified=(today, verified_how) if verified_how else None,
        )  # fmt: skip
    emit(
        {"id": made.id, "user": made.user_id, "roles": list(made.roles)},
        as_json=as_json,
        text=f"{made.user_id} was created; the first password must be changed at the first sign-in.",
    )


@app.command(name="list")
def list_all(as_json: Json = False) -> None:  # noqa: FBT002
    """List accounts and their state."""
    from audit.identity import accounts  # noqa: PLC0415
    from drafting.accounts import states  # noqa: PLC0415

    with opened() as ctx:
        acting(ctx)
        with ctx.database.read() as conn:
            found, state = accounts(conn), states(conn)
    listed: list[dict[str, Any]] = [
        {"user": a.user_id, "name": a.printed_name, "roles": list(a.roles), "active": a.active, "state": str(state[a.id]),
         "qualifications": [f"{q.section_kind}: {q.meaning} until {q.valid_until}" for q in a.qualifications]}
        for a in found
    ]  # fmt: skip
    text = "\n".join(f"{a['user']:<20} {a['name']:<28} {a['state']:<15} {', '.join(a['roles'])}" for a in listed)
    emit({"accounts": listed}, as_json=as_json, text=text)


@app.command()
def deactivate(
    user: User,
    reason: Reason,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Deactivate an account; its user id is never issued again."""
    from drafting.accounts import deactivate as end  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        end(ctx, _id_of(ctx, user), reason=reason, actor=actor)
    emit({"user": user, "active": False}, as_json=as_json, text=f"{user} was deactivated.")


@app.command()
def qualify(
    user: User,
    meaning: Annotated[str, typer.Option(help="authorship, review, approval or responsibility.")],
    basis: Annotated[str, typer.Option(help="Training record or certificate.")],
    until: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD.")],
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD; today if not given.")] = None,
    section: Annotated[str, typer.Option(help="Section key, or * for all.")] = "*",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Give an account the right to sign, and say what it rests on."""
    from audit.identity import Qualification  # noqa: PLC0415
    from drafting.accounts import qualify as give  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        first = since or ctx.clock.now().date().isoformat()
        give(ctx, _id_of(ctx, user), Qualification(section, meaning, first, until, basis), actor=actor)
    emit(
        {"user": user, "meaning": meaning, "until": until}, as_json=as_json, text=f"{user} may sign {meaning} until {until}."
    )


@app.command()
def reset(
    user: User,
    reason: Reason = "password reset",
    new_password_fd: Descriptor = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Set a first password, which its owner must change, and release the account where it is locked."""
    from drafting.accounts import reset_password  # noqa: PLC0415

    password = _secret(new_password_fd)
    with opened() as ctx:
        _, actor = acting(ctx)
        reset_password(ctx, _id_of(ctx, user), password=password, reason=reason, actor=actor)
    emit(
        {"user": user, "reset": True},
        as_json=as_json,
        text=f"{user} was reset; the password must be changed at the next sign-in.",
    )


@app.command()
def release(
    user: User,
    reason: Annotated[str, typer.Option(help="Why, in your own words; with --user.")] = "",
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Release a locked account; its password stays. Without --user: an administrator's, where no other one can release it."""
    from drafting.accounts import release_lock, release_on_machine  # noqa: PLC0415

    with opened() as ctx:
        _, actor = acting(ctx)
        if options().user is None:
            release_on_machine(ctx, user)
        else:
            release_lock(ctx, _id_of(ctx, user), reason=reason, actor=actor)
    emit(
        {"user": user, "released": True}, as_json=as_json, text=f"{user} was released; the alarm of the lock-out stays open."
    )


@app.command()
def password(
    user: User,
    present_password_fd: Annotated[
        int | None, typer.Option(help="File descriptor to read the present password from.")
    ] = None,
    new_password_fd: Descriptor = None,
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Change your own password, a first one too."""
    from audit.identity import required  # noqa: PLC0415
    from drafting.own_account import change_password  # noqa: PLC0415

    present, new = _secret(present_password_fd, "Present password: "), _secret(new_password_fd)
    again = new if new_password_fd is not None else _secret(None, "New password again: ")
    with opened() as ctx:
        with ctx.database.read() as conn:
            account = required(conn, user)
        change_password(ctx, current=present, new=new, again=again, actor=account.actor())
    emit({"user": user, "changed": True}, as_json=as_json, text=f"The password of {user} was changed.")


def _id_of(ctx: Any, user: str) -> str:
    from audit.identity import required  # noqa: PLC0415

    with ctx.database.read() as conn:
        return required(conn, user).id
