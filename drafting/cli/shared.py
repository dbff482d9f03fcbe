"""What every command shares: the home, the account it acts as, printing for people or as JSON, exit statuses."""

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import typer

from audit.errors import Failed, Invalid, NotFound, Problem, Refused

if TYPE_CHECKING:
    from audit.chain import Actor
    from audit.identity import Account
    from drafting.context import Context, Settings

DONE, FOUND, WRONG, MACHINE, CANNOT_TELL = 0, 1, 2, 3, 4


@dataclass
class Options:
    """The options that stand before or behind every command."""

    home: str | None = None
    user: str | None = None
    passphrase_fd: int | None = None
    debug: bool = False


BEFORE = ("--home", "--user", "--passphrase-fd", "--debug")  # options of the whole program
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
def opened(*, create: bool = False) -> "Iterator[Context]":
    """Open the home for one command; only some commands make one where there is none, so that a mistyped --home is told."""
    from drafting.bootstrap import close_context, home_exists, open_context, settings_from  # noqa: PLC0415 - keeps --help light

    settings = settings_from(os.environ, home=options().home)
    if not create and not home_exists(settings):
        raise NotFound(
            f"There is no home at {settings.home}.",
            remedy="Name another with --home; `demo`, `ingest`, `ui`, `user add` and `migrate` make one.",
        )
    ctx = open_context(settings)
    try:
        _tell_mismatch(ctx)
        yield ctx
    finally:
        close_context(ctx)


@contextmanager
def opened_where_there() -> "Iterator[Context | Settings]":
    """Open the home for a command that needs none: where there is none and no account is named, only its settings, and that is told."""
    from drafting.bootstrap import home_exists, settings_from  # noqa: PLC0415 - keeps --help light

    settings = settings_from(os.environ, home=options().home)
    if options().user is None and not home_exists(settings):
        yield settings
        sys.stderr.write(f"warning: there is no home at {settings.home}, so that no trail records this\n")
        return
    with opened() as ctx:
        yield ctx


def _tell_mismatch(ctx: "Context") -> None:
    """Say on standard error where configuration in force is not what was confirmed; the command goes on, and an alarm is raised."""
    from drafting.alarms import check_configuration  # noqa: PLC0415 - keeps --help light

    for said in check_configuration(ctx):
        sys.stderr.write(f"warning: {said}; tell an administrator\n")


def acting(ctx: "Context") -> "tuple[Account, Actor]":
    """Return the account a command acts as: `--user NAME` authenticates, else the home's service account."""
    from audit.identity import check_usable  # noqa: PLC0415
    from audit.sessions import authenticate  # noqa: PLC0415
    from drafting.accounts import service_account  # noqa: PLC0415

    chosen = options()
    if chosen.user is None:
        account = service_account(ctx)
    else:
        password = secret(chosen.passphrase_fd, "Password: ")
        account = check_usable(authenticate(ctx.database, ctx.clock, user_id=chosen.user, password=password, zone=ctx.zone))
    return account, account.actor()


def secret(descriptor: int | None, prompt: str) -> str:
    """Read a secret from a file descriptor, or ask for it; it is never an argument."""
    if descriptor is None:
        return getpass.getpass(prompt)
    try:
        with os.fdopen(descriptor, encoding="utf-8") as stream:
            return stream.readline().rstrip("\n")
    except (OSError, ValueError, OverflowError) as error:
        raise Invalid(
            f"File descriptor {descriptor} cannot be read: {error}.",
            remedy="Open it for reading in the shell, as in: 3< FILE",
        ) from error


def moment(text: str | None, option: str) -> str | None:
    """Return a day or time as typed; raise Invalid where it is none."""
    if text is not None:
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid(
                f"{option} is no day or time: '{text[:40]}'.", remedy="Write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS."
            ) from error
    return text


def day(text: str | None, option: str) -> str | None:
    """Return a day as typed; raise Invalid where it is none."""
    if text is not None:
        try:
            if date.fromisoformat(text).isoformat() == text:
                return text
        except ValueError:
            pass
        raise Invalid(f"{option} is no day: '{text[:40]}'.", remedy="Write it as YYYY-MM-DD.")
    return text


def period(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Return the first and last day as typed; raise Invalid where one is no day, or the first comes after the last."""
    first, last = day(since, "--from"), day(until, "--to")
    if first and last and first > last:
        raise Invalid(f"The period ends before it begins: --from {first}, --to {last}.", remedy="Exchange the two days.")
    return first, last


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


def strict(app: typer.Typer) -> Callable[[], None]:
    """Return a command line whose wrong usage is a problem like any other where JSON is asked for, and Typer's text elsewhere.

    An option of the whole program that stands behind a command is told where it belongs: Typer would say that there is none.
    """

    def command() -> None:
        try:
            status = app(standalone_mode=False)
        except typer.TyperException as wrong:
            option = getattr(wrong, "option_name", "")
            if option in BEFORE:
                raise Invalid(
                    f"{option} stands before the command.", remedy=f"Write: verascribe {option} ... COMMAND."
                ) from wrong
            show: Callable[[], None] | None = getattr(wrong, "show", None)  # of wrong usage
            if "--json" in sys.argv or show is None:
                raise Invalid(wrong.format_message(), remedy="See the command's --help.") from wrong
            show()
            raise SystemExit(wrong.exit_code) from None
        except typer.Abort:
            raise Invalid("Nothing was typed where something was asked for.", remedy="Give it and run it again.") from None
        raise SystemExit(status or 0)  # what a command ends with by typer.Exit

    return command


def guarded(command: Callable[[], None]) -> None:
    """Run the command line; turn every problem into one line on standard error and an exit status.

    With --json the line is one object: `error`, `remedy` and `status`.
    """
    try:
        command()
    except Problem as problem:
        raise SystemExit(_tell(problem, problem)) from None
    except (OSError, MemoryError) as error:
        failure = Failed(f"The machine failed: {error}", remedy="Check disk, rights and memory; nothing half done was kept.")
        raise SystemExit(_tell(failure, error)) from None
    except KeyboardInterrupt:
        sys.stderr.write("Cancelled; nothing half done was kept.\n")
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user without --debug
        fault = Failed(
            f"Unexpected fault ({type(error).__name__}).", remedy="Run again with --debug and report what it prints."
        )
        raise SystemExit(_tell(fault, error)) from None


def _tell(problem: Problem, error: BaseException) -> int:
    """Print a problem and return its exit status."""
    if "--debug" in sys.argv:
        import traceback  # noqa: PLC0415

        traceback.print_exception(error)
    status = WRONG if isinstance(problem, Refused) else MACHINE
    line = str(problem).replace("\n", " ")
    if "--json" in sys.argv:
        line = json.dumps({"error": problem.message, "remedy": problem.remedy, "status": status}, ensure_ascii=False)
    sys.stderr.write(line + "\n")
    return status
