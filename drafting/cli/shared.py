"""What every command shares: the home, the account it acts as, printing for people or as JSON, exit statuses."""

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from audit.errors import Failed, Problem, Refused

if TYPE_CHECKING:
    from audit.chain import Actor
    from audit.identity import Account
    from drafting.context import Context

DONE, FOUND, WRONG, MACHINE, CANNOT_TELL = 0, 1, 2, 3, 4


@dataclass
class Options:
    """The options that stand before or behind every command."""

    home: str | None = None
    user: str | None = None
    passphrase_fd: int | None = None
    debug: bool = False


OPTIONS = typer.Option("--json", help="Print one JSON object instead of text.")
_CHOSEN: ContextVar[Options] = ContextVar("options")


def choose(chosen: Options) -> None:
    """Keep the options for the running command."""
    _CHOSEN.set(chosen)


def options() -> Options:
    """Return the options of the running command."""
    return _CHOSEN.get(Options())


def emit(tree: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print the result."""
    sys.stdout.write((json.dumps(tree, ensure_ascii=False, indent=2) if as_json else text) + "\n")
    sys.stdout.flush()


@contextmanager
def opened() -> "Iterator[Context]":
    """Open the home for one command."""
    from drafting.bootstrap import close_context, open_context, settings_from  # noqa: PLC0415 - keeps --help light

    ctx = open_context(settings_from(os.environ, home=options().home))
    try:
        yield ctx
    finally:
        close_context(ctx)


def acting(ctx: "Context") -> "tuple[Account, Actor]":
    """Return the account a command acts as: `--user NAME` authenticates, else the home's service account."""
    from audit.identity import check_usable  # noqa: PLC0415
    from audit.sessions import authenticate  # noqa: PLC0415
    from drafting.accounts import service_account  # noqa: PLC0415

    chosen = options()
    if chosen.user is None:
        account = service_account(ctx)
    else:
        password = _passphrase(chosen.passphrase_fd)
        account = check_usable(authenticate(ctx.database, ctx.clock, user_id=chosen.user, password=password, zone=ctx.zone))
    return account, account.actor()


def _passphrase(descriptor: int | None) -> str:
    if descriptor is None:
        return getpass.getpass("Password: ")
    with os.fdopen(descriptor, encoding="utf-8", closefd=True) as stream:
        return stream.readline().rstrip("\n")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show progress on standard error: a bar where it is a terminal, nothing in a pipe."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what[:40], completed=done, total=total)

        yield tell


def guarded(command: Callable[[], None]) -> None:
    """Run the command line; turn every problem into one line and an exit status."""
    try:
        command()
    except Problem as problem:
        _tell(str(problem), problem)
        raise SystemExit(WRONG if isinstance(problem, Refused) else MACHINE) from None
    except (OSError, MemoryError) as error:
        failure = Failed(f"The machine failed: {error}", remedy="Check disk, rights and memory; nothing half done was kept.")
        _tell(str(failure), error)
        raise SystemExit(MACHINE) from None
    except KeyboardInterrupt:
        sys.stderr.write("Cancelled; nothing half done was kept.\n")
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user without --debug
        _tell(f"Unexpected fault ({type(error).__name__}). Run again with --debug and report what it prints.", error)
        raise SystemExit(MACHINE) from None


def _tell(line: str, error: BaseException) -> None:
    if "--debug" in sys.argv:
        import traceback  # noqa: PLC0415

        traceback.print_exception(error)
    sys.stderr.write(line.replace("\n", " ") + "\n")
