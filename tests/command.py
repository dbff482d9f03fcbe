"""The command line, run as a process of its own by a person or the service account."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drafting.bootstrap import close_context, open_context, settings_from
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


def done(
    home: Path, *arguments: str, environ: dict[str, str] | None = None, pass_fds: tuple[int, ...] = ()
) -> "subprocess.CompletedProcess[str]":
    """Run a command on a home, without the settings of whoever runs the tests."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")} | (environ or {})
    command = [sys.executable, "-m", "drafting", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=clean, check=False, pass_fds=pass_fds)


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
