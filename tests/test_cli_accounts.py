"""`verascribe user` from an empty home: the same acts, rules and states as on the administration screen."""

import json
import os
from pathlib import Path
from typing import Any

from command import answer, tree

ROOT, ANN, LATER = "seven grey geese fly", "quiet rivers bend slowly", "four white swans sail"


def descriptor(secret: str) -> int:
    read, write = os.pipe()
    os.write(write, f"{secret}\n".encode())
    os.close(write)
    return read


def act(home: Path, *arguments: str, user: str = "", by: str = ROOT, status: int = 0, **secrets: str) -> str:
    """Run a command as a user; `secrets` go through file descriptors as `--NAME-fd`."""
    passed = {name.replace("_", "-"): descriptor(secret) for name, secret in secrets.items()}
    fds = [part for name, number in passed.items() for part in (f"--{name}-fd", str(number))]
    before: list[str] = []
    if user:
        passed[""] = descriptor(by)
        before = ["--user", user, "--passphrase-fd", str(passed[""])]
    try:
        return answer(home, *before, *arguments, *fds, status=status, pass_fds=tuple(passed.values()))
    finally:
        for number in passed.values():
            os.close(number)


def states(home: Path) -> dict[str, Any]:
    return {a["user"]: a["state"] for a in tree(home, "user", "list")["accounts"]}


def test_the_only_administrator_is_released_on_the_machine_itself(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def lock(user: str) -> None:
        for _ in range(5):
            act(home, "records", "--kind", "batch", user=user, by="wrong words here", status=2)

    new = ("user", "add", "root", "--name", "Root", "--role", "administrator", "--verified-how", "set-up of the home")
    act(home, *new, new_password=LATER)
    act(home, "user", "password", "root", present_password=LATER, new_password=ROOT)
    ann = ("user", "add", "ann", "--name", "Ann", "--role", "writer", "--verified-how", "passport seen")
    act(home, *ann, user="root", new_password=ANN)
    assert "not locked" in act(home, "user", "release", "root", status=2)
    lock("ann")
    assert "Only an administrator's" in act(home, "user", "release", "ann", status=2)
    lock("root")
    assert "locked after five" in act(home, "user", "list", user="root", status=2)
    act(home, "user", "release", "root")
    assert states(home)["root"] == "active"
    assert "reason" in act(home, "user", "release", "ann", user="root", status=2)
    act(home, "user", "release", "ann", "--reason", "identity checked", user="root")
    bob = ("user", "add", "bob", "--name", "Bob", "--role", "administrator", "--verified-how", "passport seen")
    act(home, *bob, user="root", new_password=LATER)
    act(home, "user", "password", "bob", present_password=LATER, new_password=ANN)
    lock("root")
    assert "Bob is an administrator" in act(home, "user", "release", "root", status=2)
    listed = tree(home, "audit", "log")["entries"]
    released = [(e["actor"]["user_id"], e["reason"]) for e in listed if e["action"] == "auth.unlocked"]
    assert released == [("service", "released on the machine itself"), ("root", "identity checked")]
    assert sum(e["action"] == "alarm.raised" for e in listed) == 3
    assert not any(e["action"] == "alarm.acknowledged" for e in listed)


def test_accounts_from_an_empty_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    new = ("user", "add", "root", "--name", "Root", "--verified-how", "set-up of the home")
    assert "administrator's" in act(home, *new, "--role", "writer", new_password=LATER, status=2)
    act(home, *new, "--role", "administrator", new_password=LATER)
    ann = ("user", "add", "ann", "--name", "Ann Writer", "--role", "writer", "--verified-how", "passport seen")
    assert "first password" in act(home, *ann, user="root", by=LATER, new_password=ANN, status=2)
    assert "present password is wrong" in act(
        home, "user", "password", "root", present_password="wrong words", new_password=ROOT, status=2
    )
    act(home, "user", "password", "root", present_password=LATER, new_password=ROOT)
    assert "role administrator" in act(home, *ann, new_password=ANN, status=2)  # the service account
    act(home, *ann, user="root", new_password=ANN)
    assert states(home) == {"ann": "first password", "root": "active", "service": "active"}
    act(home, "user", "password", "ann", present_password=ANN, new_password=LATER)
    give = ("user", "qualify", "ann", "--meaning", "authorship", "--basis", "training 4", "--until", "2099-12-31")
    assert "no section nowhere" in act(home, *give, "--section", "nowhere", user="root", status=2)
    assert "role administrator" in act(home, *give, user="ann", by=LATER, status=2)
    act(home, *give, "--from", "2026-01-01", user="root")
    reset = ("user", "reset", "ann", "--reason", "forgotten")
    act(home, *reset, user="root", new_password=ANN)
    assert states(home)["ann"] == "first password"
    assert "own account" in act(home, "user", "deactivate", "root", "--reason", "x", user="root", status=2)
    act(home, "user", "deactivate", "ann", "--reason", "left", user="root")
    assert states(home)["ann"] == "deactivated"
    assert "never reissued" in act(home, *ann, user="root", new_password=ANN, status=2)
    assert "no account nobody" in act(home, "user", "deactivate", "nobody", "--reason", "x", user="root", status=2)
    acts = [
        e["action"]
        for e in json.loads(answer(home, "audit", "log", "--json"))["entries"]
        if e["object"]["kind"] == "account"
    ]
    assert [a for a in acts if a.startswith(("access", "auth.p"))] == [
        "access.account_created", "access.account_created", "auth.password_changed", "access.account_created",
        "auth.password_changed", "access.qualified", "auth.password_changed", "access.account_deactivated",
    ]  # fmt: skip
    assert tree(home, "audit", "verify")["integrity"] == "intact"
