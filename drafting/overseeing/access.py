"""Who sees what of oversight: the one table that screens, command line, trail and copies of it ask. Pure.

A person sees everything of their own first. A name reaches the training lead, and an auditor after that, through an alarm that missed checks
raised, and through nothing else; the site's figures name nobody. What a check holds before it is revealed, nobody sees.
"""

from collections.abc import Mapping
from enum import StrEnum

from audit.identity import Account, Role


class Thing(StrEnum):
    """What there is to see of a person, or of the site."""

    UNREVEALED = "what a check does before it is revealed"
    ASSIGNED = "that a check was assigned and sealed, which tells nothing"
    OUTCOMES = "outcomes of a person's checks"
    CATCH_RATE = "a person's catch rate"
    STATED = "what a person stated before a draft showed, and their reliance on it"
    ACTIVITY = "how a person looked at sections"
    BURST = "that a person's checks are denser for a while"
    ALARM_SELF = "a notice to a person"
    ALARM_NAMED = "an alarm that names a person"
    ALARM_SITE = "an alarm of the site"
    DISPUTES = "a person's disputes"
    QUALIFICATIONS = "results of a person's qualification runs"
    UNMASKING = "that a pseudonym's name was asked for"
    SITE = "figures of the site"
    IN_FORCE = "what of oversight is turned on"


class Reader(StrEnum):
    """As what somebody sees a thing: the person whose it is, or by a role."""

    SELF = "the person"
    REVIEWER = "another reviewer"
    LEAD = "training lead"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


class When(StrEnum):
    """When a reader sees a thing of a person; what is not in the table is never seen."""

    ALWAYS = "always"
    ALARMED = "after an alarm that names the person"


READER = {
    Role.REVIEWER: Reader.REVIEWER,
    Role.TRAINING_LEAD: Reader.LEAD,
    Role.APPROVER: Reader.APPROVER,
    Role.AUDITOR: Reader.AUDITOR,
    Role.ADMINISTRATOR: Reader.ADMINISTRATOR,
    Role.SERVICE: Reader.SERVICE,
}
_NAMED = {Reader.SELF: When.ALWAYS, Reader.LEAD: When.ALARMED, Reader.AUDITOR: When.ALARMED}
TABLE: Mapping[Thing, Mapping[Reader, When]] = {
    Thing.UNREVEALED: {},
    Thing.ASSIGNED: {Reader.LEAD: When.ALWAYS, Reader.AUDITOR: When.ALWAYS},
    Thing.OUTCOMES: _NAMED,
    Thing.CATCH_RATE: _NAMED,
    Thing.STATED: _NAMED,
    Thing.ACTIVITY: {Reader.SELF: When.ALWAYS},
    Thing.BURST: {Reader.AUDITOR: When.ALARMED},  # who knows it foresees checks; alone it is a statement from behaviour
    Thing.ALARM_SELF: {Reader.SELF: When.ALWAYS},
    Thing.ALARM_NAMED: _NAMED,
    Thing.ALARM_SITE: {
        Reader.LEAD: When.ALWAYS, Reader.APPROVER: When.ALWAYS, Reader.AUDITOR: When.ALWAYS, Reader.ADMINISTRATOR: When.ALWAYS,
    },
    Thing.DISPUTES: {
        Reader.SELF: When.ALWAYS, Reader.LEAD: When.ALWAYS, Reader.APPROVER: When.ALWAYS, Reader.AUDITOR: When.ALARMED,
    },
    Thing.QUALIFICATIONS: {Reader.SELF: When.ALWAYS, Reader.LEAD: When.ALWAYS, Reader.AUDITOR: When.ALWAYS},  # a training record
    Thing.UNMASKING: {Reader.LEAD: When.ALWAYS, Reader.APPROVER: When.ALWAYS, Reader.AUDITOR: When.ALWAYS},
    Thing.SITE: {
        Reader.LEAD: When.ALWAYS, Reader.APPROVER: When.ALWAYS, Reader.AUDITOR: When.ALWAYS, Reader.SERVICE: When.ALWAYS,
    },
    Thing.IN_FORCE: {reader: When.ALWAYS for reader in Reader if reader is not Reader.SELF},
}  # fmt: skip


def may(account: Account, thing: Thing, of_account: str = "", *, alarmed: bool = False) -> bool:
    """Tell whether an account sees a thing of a person ("" for the site), about whom a named alarm was raised or not."""
    readers = {READER[role] for role in READER if account.has(role)}
    if of_account and of_account == account.id:
        readers = {Reader.SELF}  # who also holds another role gains nothing about themselves by it
    found = {TABLE[thing].get(reader) for reader in readers}
    return When.ALWAYS in found or (alarmed and When.ALARMED in found)
