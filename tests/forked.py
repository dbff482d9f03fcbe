"""Commands as processes of their own that need not load the libraries: each is forked from a process that did nothing but load them.

Loading takes two seconds, and hundreds of commands are run. What a test says of two processes that share nothing, of the order in which
libraries are loaded or of hashes that differ, it says with processes that are started alone.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from fcntl import F_DUPFD, fcntl
from functools import lru_cache
from pathlib import Path

LOADED = (
    "drafting.cli.app", "drafting.bootstrap", "drafting.demo", "drafting.generate", "drafting.exporting", "drafting.documents.report",
    "drafting.redraft", "drafting.amending", "drafting.alarms", "drafting.accounts", "corpus.ingest", "altair", "statsmodels.api", "vl_convert", "docx",
)  # fmt: skip
MOST, FREE = 1 << 17, 200  # bytes of a request; descriptors from here on are nobody's


@lru_cache(maxsize=1)
def _loaded() -> socket.socket:
    """Start the process that loads them; it ends when this one does."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, __file__, str(there.fileno())]
    with there:
        process = subprocess.Popen(command, pass_fds=(there.fileno(),), stdin=subprocess.DEVNULL)

    def end() -> None:
        here.close()
        process.wait()

    atexit.register(end)
    return here


def run(arguments: Sequence[str], environ: dict[str, str], pass_fds: Sequence[int] = ()) -> subprocess.CompletedProcess[str]:
    """Run the command line and return its status and what it printed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        asked = {
            "arguments": list(arguments), "environ": environ, "folder": str(Path.cwd()), "mask": _mask(), "descriptors": [1, 2, *pass_fds],
        }  # fmt: skip
        socket.send_fds(_loaded(), [json.dumps(asked).encode()], [out.fileno(), err.fileno(), *pass_fds])
        status = int(_loaded().recv(MOST))
        for printed in (out, err):
            printed.seek(0)
        return subprocess.CompletedProcess(list(arguments), status, out.read(), err.read())


def _mask() -> int:
    before = os.umask(0o077)
    os.umask(before)
    return before


def _serve(requests: socket.socket) -> None:
    for name in LOADED:
        __import__(name)
    while True:
        request, given, _, _ = socket.recv_fds(requests, MOST, FREE)
        if not request:
            return
        child = os.fork()
        if child == 0:
            requests.close()
            _become(json.loads(request), given)
        for descriptor in given:
            os.close(descriptor)
        requests.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _become(asked: dict, given: list[int]) -> None:  # type: ignore[type-arg] # of JSON
    """Be the command: its descriptors under their numbers, its environment, folder and arguments."""
    from drafting.cli import main

    kept = [fcntl(descriptor, F_DUPFD, FREE) for descriptor in given]
    for descriptor in given:
        os.close(descriptor)
    for descriptor, number in zip(kept, asked["descriptors"], strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(asked["environ"])
    os.chdir(asked["folder"])
    os.umask(asked["mask"])
    sys.argv = ["drafting", *asked["arguments"]]
    main()
    sys.exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
