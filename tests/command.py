"""The command line, run by a person or the service account."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from drafting.bootstrap import close_context, open_context, settings_from
from drafting.cli import main
from drafting.context import Context
from drafting.demo import PASSWORD


@contextmanager
def opened(home: Path) -> Iterator[Context]:
    """Open a home beside the command line."""
    ctx = open_context(settings_from({}, home=str(home)))
    try:
        yield ctx
    finally:
        close_context(ctx)


def process(
    home: Path, *arguments: str, environ: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    """Run a command on a home in a process of its own, without the settings of whoever runs the tests."""
    line = [sys.executable, "-m", "drafting", "--home", str(home), *arguments]
    return subprocess.run(line, capture_output=True, text=True, env=_clean(environ), check=False, pass_fds=pass_fds)


def done(
    home: Path, *arguments: str, environ: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    """Run a command on a home in this process, which has loaded already what most commands spend their time loading.

    What it says is what it says in a process of its own: `test_cli` holds the two against each other.
    """
    printed, wrong = _captured(), _captured()
    given = {str(number): os.dup(number) for number in pass_fds}  # the command closes what it reads
    places = {number: os.fstat(number) for number in given.values()}
    line = ["verascribe", "--home", str(home)]
    line += [
        str(given[a]) if a in given and b.endswith("-fd") else a for b, a in zip(("", *arguments), arguments, strict=False)
    ]
    kept, before = sys.argv, dict(os.environ)
    sys.argv = line
    _set(_clean(environ))
    try:
        with redirect_stdout(printed), redirect_stderr(wrong):
            main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.argv = kept
        _set(before)
        for number, place in places.items():
            with suppress(OSError):
                if os.path.samestat(os.fstat(number), place):
                    os.close(number)
    return subprocess.CompletedProcess(line, status, _text(printed), _text(wrong))


def _captured() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def _clean(environ: dict[str, str] | None) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")} | (environ or {})


def _set(environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


def said(ended: "subprocess.CompletedProcess[str]", status: int = 0) -> str:
    """Return what a command said, on the stream that its status asks for."""
    assert ended.returncode == status, (ended.returncode, ended.stdout[-500:], ended.stderr[-800:])
    assert "Traceback" not in ended.stdout + ended.stderr
    if status in (2, 3):
        assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
        return ended.stderr
    return ended.stdout


def answer(home: Path, *arguments: str, status: int = 0, pass_fds: tuple[int, ...] = ()) -> str:
    return said(done(home, *arguments, pass_fds=pass_fds), status)


def tree(home: Path, *arguments: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer(home, *arguments, "--json", status=status))
    return found


def run(home: Path, *arguments: str, user: str = "", status: int = 0) -> Any:
    read, write = os.pipe()
    os.write(write, f"{PASSWORD}\n".encode())
    os.close(write)
    acting = ("--user", user, "--passphrase-fd", str(read)) if user else ()
    ended = done(home, *acting, *arguments, pass_fds=(read,))
    os.close(read)
    assert ended.returncode == status, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    return json.loads(ended.stdout) if ended.stdout.startswith("{") else ended.stdout + ended.stderr
