"""Passwords and passphrases: the length rule, the common ones, argon2id hashes, and first passwords.

A password is compared only as an argon2id hash. A first password is made by the machine, shown once, and must be changed by its owner.
"""

import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from audit.errors import Invalid

SHORTEST, LONGEST = 12, 500
COMMON = frozenset({"password1234", "123456789012", "qwertyuiopas", "letmein12345", "administrator", "changeme1234"})
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another: first passwords are told and typed
GROUPS, GROUP = 5, 4  # 20 of 31 letters: 99 bits


@dataclass(frozen=True)
class KeyCost:
    """How much work a password guess costs (argon2id); tests use the cheapest."""

    time: int = 3
    memory_kib: int = 65536
    lanes: int = 4


CHEAPEST = KeyCost(time=1, memory_kib=8, lanes=1)


def check_password(password: str, user_id: str, *, what: str = "password") -> None:
    """Raise Invalid unless the password (or signing passphrase) is long enough, not common and not the user id."""
    if len(password) < SHORTEST:
        raise Invalid(f"The {what} is too short.", remedy=f"Use at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise Invalid(f"The {what} is too long.", remedy=f"Use at most {LONGEST} characters.")
    if password.casefold() in COMMON or password.casefold() == user_id.strip().casefold():
        raise Invalid(f"The {what} is too easy to guess.", remedy="Use a passphrase of several words.")


def hash_password(password: str, cost: KeyCost) -> str:
    """Hash a password with argon2id."""
    return PasswordHasher(time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.lanes).hash(password)


def matches(stored: str, password: str) -> bool:
    """Tell whether a password is the one of an argon2id hash."""
    try:
        return PasswordHasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def first_password() -> str:
    """Make an unguessable password that a person can read aloud and type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
