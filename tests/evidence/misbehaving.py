"""Readers that misbehave, each in its own way: in a module that a new process loads at once."""

import os
import re
import signal
import time
from typing import Any


def hang(_job: str) -> str:
    while True:
        time.sleep(1)


def hang_in_native_code(_job: str) -> str:
    return str(re.fullmatch(r"(a+)+b", "a" * 64))


def eat_memory(_job: str) -> str:
    kept = []
    while True:
        kept.append(bytes(64 * 1024 * 1024))


def segfault(_job: str) -> str:
    os.kill(os.getpid(), signal.SIGSEGV)
    return "not reached"


def leave(_job: str) -> str:
    os._exit(3)


def abort_in_native_code(_job: str) -> str:
    import io

    import python_calamine
    from evidence.torture_office import FAR
    from office_files import raw_xlsx

    far = io.BytesIO(raw_xlsx(FAR.format(1_048_576, "XFD")))  # what sheetxml refuses before calamine sees it
    return str(python_calamine.CalamineWorkbook.from_filelike(far).get_sheet_by_index(0))


def fail(_job: str) -> str:
    raise LookupError("secret detail of a library")


def give_what_cannot_travel(_job: str) -> Any:
    return lambda: None


def read(job: str) -> str:
    return f"read {job}"
