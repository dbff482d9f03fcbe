"""Every error that a person may see, grouped by what the caller can do about it.

Problem                what happened, and what to do
├── Refused            the request was wrong: ask differently (exit status 2)
│   ├── Invalid            the input cannot be used as it is
│   ├── NotFound           what was named does not exist here
│   ├── NotPermitted       the account may not do this
│   ├── WrongCredentials   user id or passphrase was wrong (never says which)
│   ├── LockedOut          too many failures: an administrator releases the account
│   ├── Stale              the page shown is not the current text any more
│   └── Conflict           another act came first
└── Failed             the machine failed: try again or call the administrator (exit status 3)
    ├── StoreFailed        the database could not keep the act, so the act did not happen
    ├── EndpointFailed     a configured model endpoint did not answer usefully
    └── Tampered           stored bytes do not match their hash
"""


class Problem(Exception):  # noqa: N818 - the word a person reads
    """Say what happened and what to do; the base of all errors shown to people."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        ended = self.message.endswith((".", "!", "?")) or not self.remedy
        return f"{self.message}{'' if ended else '.'} {self.remedy}".strip()


class Refused(Problem):
    """The request was wrong; nothing was changed."""


class Invalid(Refused):
    """The input cannot be used as it is."""


class NotFound(Refused):
    """What was named does not exist here."""


class NotPermitted(Refused):
    """The account may not do this."""


class WrongCredentials(Refused):
    """User id or passphrase was wrong; the message never says which."""


class LockedOut(Refused):
    """Too many failures: an administrator releases the account."""


class Stale(Refused):
    """The page shown is not the current text any more."""


class Conflict(Refused):
    """Another act came first."""


class Failed(Problem):
    """The machine failed; the act did not happen."""


class StoreFailed(Failed):
    """The database could not keep the act."""


class EndpointFailed(Failed):
    """A configured model endpoint did not answer usefully."""


class Tampered(Failed):
    """Stored bytes do not match their hash."""
