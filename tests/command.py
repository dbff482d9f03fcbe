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


def run(home: Path, *arguments: str, user: str = "", status: int = 0) -> Any:
    read, write = os.pipe()
    os.write(write, f"{PASSWORD}\n".encode())
    os.close(write)
    acting = ("--user", user, "--passphrase-fd", str(read)) if user else ()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("VERASCRIBE_")}
    done = subprocess.run(
        [sys.executable, "-m", "drafting", "--home", str(home), *acting, *arguments], capture_output=True, text=True, env=clean,
        check=False, pass_fds=(read,),
    )  # fmt: skip
    os.close(read)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout + done.stderr
