"""`demo`, `ui`, `migrate`, `doctor`: open a home and serve it, bring it up to date, look after it."""

import sys
from typing import Annotated

import typer

from drafting.cli.shared import FOUND, OPTIONS, emit, opened, options, progress_bar

Port = Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)]
Json = Annotated[bool, OPTIONS]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(demo)
    app.command()(ui)
    app.command()(migrate)
    app.command()(doctor)


def demo(
    port: Port = 8501,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Fill the home and stop.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
) -> None:
    """Open the demo home, fill it where it is empty, and serve the screens."""
    from drafting.demo import PASSWORD, open_demo  # noqa: PLC0415

    if not no_ui:
        _refuse_taken(port)
    with opened(create=True) as ctx, progress_bar() as tell:
        home = open_demo(ctx, tell)
        settings = ctx.settings
    url = f"http://127.0.0.1:{port}"
    tree = {
        "home": str(settings.home),
        "reports": list(home.reports),
        "accounts": list(home.accounts),
        "password": PASSWORD,
        "created": home.created,
        "url": url,
    }
    lines = [f"Demo home {settings.home} (synthetic quality events on real batches)"]
    lines += [f"  {r['number']}: {r['title']}" for r in home.reports]
    lines += [f"  sign in as {a['user']} ({a['role']})" for a in home.accounts] + [
        f"  password of every demo account: {PASSWORD}"
    ]
    if not no_ui:
        lines.append(f"Open {url}")
    emit(tree, as_json=as_json, text="\n".join(lines))
    if not no_ui:
        _serve(port)


def ui(port: Port = 8501) -> None:
    """Serve the screens."""
    _refuse_taken(port)
    with opened(create=True):
        pass  # migrates, and says what is wrong before a server starts
    _serve(port)


def _refuse_taken(port: int) -> None:
    """Raise Invalid where something else is served on the port, before anybody is told to open it."""
    import socket  # noqa: PLC0415 - only where screens are served

    from audit.errors import Invalid  # noqa: PLC0415

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Invalid(
                f"Port {port} cannot be served: {error.strerror}.", remedy="Choose another: --port N, or `make demo PORT=N`."
            ) from error


def _serve(port: int) -> None:
    import os  # noqa: PLC0415
    import runpy  # noqa: PLC0415

    # the screens stand above this package, so they are started by name
    if options().home:
        os.environ["VERASCRIBE_HOME"] = str(options().home)
    sys.argv = ["review_ui", "--port", str(port)]
    runpy.run_module("review_ui", run_name="__main__")


def migrate(as_json: Json = False) -> None:  # noqa: FBT002
    """Bring the database to this version."""
    from drafting.migrations.runner import version  # noqa: PLC0415

    with opened(create=True) as ctx, ctx.database.read() as conn:
        at = version(conn)
    emit({"version": at}, as_json=as_json, text=f"The database is at version {at}.")


def doctor(as_json: Json = False) -> None:  # noqa: FBT002
    """Check versions, database, rights of the home, clock, trail, configuration, and that a model's endpoint answers."""
    from drafting.doctor import examine  # noqa: PLC0415

    with opened() as ctx:
        checks = examine(ctx)
    text = "\n".join(f"{'ok  ' if c.ok else 'FAIL'} {c.name}: {c.says}" for c in checks)
    emit({"ok": all(c.ok for c in checks), "checks": [c.tree() for c in checks]}, as_json=as_json, text=text)
    if not all(c.ok for c in checks):
        raise typer.Exit(FOUND)
