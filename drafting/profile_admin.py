"""Import profiles of a site: proposed from a file, corrected by a person, tried on the file, confirmed as a new version.

Nothing that is proposed or tried is stored. What is confirmed is in force for later imports, is part of the configuration
fingerprint, and concerns new drafts only; documents keep the profile that they were read with.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from audit.chain import Actor
from audit.errors import Invalid, NotFound
from corpus import identifiers, profile_toml
from corpus.importprofile import GROUPS_TOLD, ImportProfile
from corpus.model import Balance
from corpus.newdocument import NewDocument
from corpus.prepare import Job, prepare
from corpus.profiles import ProfileSet, header_of
from corpus.proposing import Proposal
from corpus.reading import ReadRecord, ReadRefusal
from corpus.sampling import SampleJob, sample
from drafting import configuration
from drafting.configuration import IDENTIFIERS, ConfigurationVersion, Configured
from drafting.context import Context
from drafting.evidence.kinds import KINDS, LISTINGS, read_of

SHOWN_RECORDS, SHOWN_REFUSALS = 20, 50
J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True)
class TriedPart:
    """What a profile would make of one table or form of a file; records and refusals are the first ones."""

    part: str
    kind: str
    balance: Balance
    rows: int
    records: tuple[ReadRecord, ...]
    refusals: tuple[ReadRefusal, ...]
    measurements: int
    skipped: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Tried:
    """What a profile would make of a file; nothing of it is stored. `told` says of parts that were not taken why."""

    profile: ImportProfile
    parts: tuple[TriedPart, ...]
    told: tuple[str, ...]


@dataclass(frozen=True)
class ProfileLine:
    """One import profile in force: what ships (`confirmed` is None), or what the site confirmed last."""

    profile: ImportProfile
    confirmed: ConfigurationVersion | None

    @property
    def sha256(self) -> str:
        """Return the hash that a new version says it replaces; "" of a profile that ships."""
        return self.confirmed.sha256 if self.confirmed else ""


def propose(ctx: Context, *, path: Path) -> tuple[Proposal, ...]:
    """Propose a profile for each table of a file, from what stands in it; nothing is applied."""
    with ctx.database.read() as conn:
        site = configuration.identifiers_in(conn)
    return _in_worker(ctx, sample, SampleJob(path, site))


def try_out(ctx: Context, *, path: Path, text: str, product: str | None = None) -> Tried:
    """Read a file by a profile's text and say what would be imported; raise Invalid with what is wrong with either."""
    profile = profile_toml.parse(text.encode(), file="profile")
    made = _in_worker(ctx, prepare, Job(path, ProfileSet((profile,)), profile, product))
    parts = tuple(_part(document) for document in made.documents if document.profile is not None)
    told = tuple(f"{part}: {reason}" if part else reason for part, reason in made.passed_over)
    if not parts:
        told = (*told, f"The profile '{profile.name}' reads no table or form of {path.name}.")
    shared = shares_header(ctx, profile)
    told = (*told, shared) if shared else told
    return Tried(profile, parts, told)


def _part(document: NewDocument) -> TriedPart:
    read = document.read
    return TriedPart(
        document.part, document.kind, read.balance, read.rows, tuple(read.records[:SHOWN_RECORDS]),
        tuple(read.refusals[:SHOWN_REFUSALS]), len(read.measurements),
        {why: tuple(numbers) for why, numbers in document.skipped.items()},
    )  # fmt: skip


def _in_worker(ctx: Context, function: Callable[[J], R], job: J) -> R:
    """Read one file in a process that can be killed."""
    done = next(iter(ctx.workers.run(function, [job])))
    if done.value is None:
        raise Invalid(done.reason, remedy=done.remedy)
    return done.value


def listed(ctx: Context) -> list[ProfileLine]:
    """List the import profiles in force by name."""
    with ctx.database.read() as conn:
        site = configuration.in_force(conn, Configured.PROFILE)
        effective = configuration.profiles_in(conn, ctx.profiles)
    return sorted((ProfileLine(p, site.get(p.name)) for p in effective.profiles), key=lambda line: line.profile.name)


def history(ctx: Context, name: str) -> list[ConfigurationVersion]:
    """List the versions of a profile that the site confirmed, the oldest first."""
    with ctx.database.read() as conn:
        return configuration.versions(conn, Configured.PROFILE, name)


def confirm(ctx: Context, *, text: str, reason: str, replaces: str, actor: Actor) -> ConfigurationVersion:
    """Confirm a profile's text as the next version of its name.

    `replaces` is the hash of the version that the person saw in force ("" for none or one that ships). The version's number is
    given here, the text is kept in its canonical form.
    """
    profile = profile_toml.parse(text.encode(), file="profile")

    def write(conn: Connection) -> ConfigurationVersion:
        account = configuration.confirmer(conn, actor)
        before = configuration.versions(conn, Configured.PROFILE, profile.name)
        ships = [p for p in ctx.profiles.profiles if p.name == profile.name]
        version = max([*(v.version for v in before), *(p.version for p in ships)], default=0) + 1
        made = profile_toml.written(replace(profile, version=version))
        if made == _last_text(before, version):
            raise Invalid(f"'{profile.name}' is in force just so.", remedy="Change it, or leave it.")
        return configuration.activate(
            conn, ctx, kind=Configured.PROFILE, name=profile.name, version=version, text=made, replaces=replaces,
            reason=reason, account=account, actor=actor,
        )  # fmt: skip

    return ctx.database.write(write)


def _last_text(before: list[ConfigurationVersion], version: int) -> str:
    """Return the text of the last version as it would read under another number; "" where none is in force."""
    if not before or before[-1].withdrawn:
        return ""
    last = profile_toml.parse(before[-1].text.encode(), file="profile")
    return profile_toml.written(replace(last, version=version))


def shares_header(ctx: Context, profile: ImportProfile) -> str:
    """Say what the others in force that know a profile's header mean for its files; "" where every file goes to one of them by itself."""
    with ctx.database.read() as conn:
        effective = configuration.profiles_in(conn, ctx.profiles)
        site = configuration.in_force(conn, Configured.PROFILE)
    alike = [
        p
        for p in effective.profiles
        if p.name != profile.name and header_of(p) == header_of(profile) and p.files == profile.files
    ]
    if not alike:
        return ""
    named = ", ".join(f"'{p.name}'" for p in alike)
    if not profile.files and not any(p.name in site for p in alike):
        return f"Its header is that of {named}, which ships: once confirmed, '{profile.name}' reads such files in its place."
    return (
        f"{named} reads this header too, and nothing tells their files apart: such a file is refused until a person names the profile, "
        "or `files` in each says which file names it reads."
    )


def ungrouped(profile: ImportProfile) -> str:
    """Say of which measurements of a profile no section of a review will speak; "" where each has a group."""
    if not profile.ungrouped:
        return ""
    named = ", ".join(f"'{header}'" for header in profile.ungrouped)
    return f"No section of a review speaks of {named} while the profile gives no group: {GROUPS_TOLD}."


def unmapped(profile: ImportProfile) -> tuple[str, ...]:
    """Return the fields of a profile's kind that sections of a report read and that no column is mapped to."""
    mapped = {rule.field for rule in profile.fielded}
    return tuple(name for name in read_of(profile.kind) if name not in mapped)


def unread(profile: ImportProfile) -> str:
    """Say which fields that sections read a profile does not map, or that no section lists records of its kind; "" where neither is so."""
    kind = profile.kind.replace("_", " ")
    if profile.kind not in (*LISTINGS, *KINDS) and not profile.measured:
        return f"No section of a report lists records of the kind '{profile.kind}'; kinds that sections list: {', '.join(sorted(LISTINGS))}."
    missing = unmapped(profile)
    if not missing:
        return ""
    return f"Sections read these fields of {kind} records, which no column is mapped to: {', '.join(missing)}. What they hold is told as not on record."


def withdraw(ctx: Context, *, name: str, reason: str, replaces: str, actor: Actor) -> ConfigurationVersion:
    """End a profile of the site; one of that name that ships is in force again."""

    def write(conn: Connection) -> ConfigurationVersion:
        account = configuration.confirmer(conn, actor)
        last = configuration.in_force(conn, Configured.PROFILE).get(name)
        if last is None:
            raise NotFound(f"The site has no profile '{name}' in force.", remedy="`verascribe profile list` names them.")
        return configuration.activate(
            conn, ctx, kind=Configured.PROFILE, name=name, version=last.version + 1, text=last.text, replaces=replaces,
            reason=reason, account=account, actor=actor, withdrawn=True,
        )  # fmt: skip

    return ctx.database.write(write)


def confirm_identifiers(ctx: Context, *, text: str, reason: str, replaces: str, actor: Actor) -> ConfigurationVersion:
    """Confirm how the site's identifiers look, as the next version."""
    identifiers.parse(text.encode(), file="identifiers")

    def write(conn: Connection) -> ConfigurationVersion:
        account = configuration.confirmer(conn, actor)
        before = configuration.versions(conn, Configured.IDENTIFIERS, IDENTIFIERS)
        version = max([identifiers.shipped().version, *(v.version for v in before)]) + 1
        return configuration.activate(
            conn, ctx, kind=Configured.IDENTIFIERS, name=IDENTIFIERS, version=version, text=text, replaces=replaces,
            reason=reason, account=account, actor=actor,
        )  # fmt: skip

    return ctx.database.write(write)
