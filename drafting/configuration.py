"""Configuration that a site confirmed, as versions in the store: import profiles, how its identifiers look, its attribute map.

A version is text, kept under its hash; who confirmed it, when and why stands in the row and in the trail. What is in force is read
from the store at each use, so that no process goes on with what another one replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, func, select

from audit import governed, trail
from audit.actions import Action
from audit.canonical import digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, Invalid
from audit.identity import Account, Role, account_by_id, check_usable, permit
from corpus import attributemap, identifiers, profile_toml
from corpus.attributemap import AttributeMap
from corpus.identifiers import Identifiers
from corpus.importprofile import ImportProfile
from corpus.profiles import ProfileSet, header_of
from drafting import tables
from drafting.context import Context

LONGEST_REASON = 2000
_table = tables.configuration_versions


class Configured(StrEnum):
    """What a site confirms."""

    PROFILE = "import_profile"
    IDENTIFIERS = "identifiers"
    ATTRIBUTES = "attribute_map"
    OVERSIGHT = "oversight"


@dataclass(frozen=True)
class ConfigurationVersion:
    """One confirmed version, with its text; `withdrawn` ends the configuration of this name."""

    kind: str
    name: str
    version: int
    sha256: str
    withdrawn: bool
    reason: str
    user_id: str
    at: str
    text: str


def versions(conn: Connection, kind: Configured, name: str | None = None) -> list[ConfigurationVersion]:
    """List the versions that were confirmed, by name, the oldest first."""
    query = select(_table).where(_table.c.kind == str(kind)).order_by(_table.c.name, _table.c.version)
    rows = conn.execute(query if name is None else query.where(_table.c.name == name))
    return [_version(conn, row) for row in rows.all()]


def in_force(conn: Connection, kind: Configured) -> dict[str, ConfigurationVersion]:
    """Return the last version of each name that was not withdrawn."""
    last = {version.name: version for version in versions(conn, kind)}
    return {name: version for name, version in last.items() if not version.withdrawn}


def _version(conn: Connection, row: Row[Any]) -> ConfigurationVersion:
    text = trail.get_content(conn, row.sha256).decode()
    return ConfigurationVersion(
        row.kind, row.name, row.version, row.sha256, row.withdrawn, row.reason, row.user_id, row.at, text
    )


def activate(
    conn: Connection,
    ctx: Context,
    *,
    kind: Configured,
    name: str,
    version: int,
    text: str,
    replaces: str,
    reason: str,
    account: Account,
    actor: Actor,
    withdrawn: bool = False,
) -> ConfigurationVersion:
    """Store a version and its entry; raise Conflict where the one that it replaces is not the last one any more."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(
            "A configuration is confirmed with a reason.", remedy=f"Say why, in at most {LONGEST_REASON} characters."
        )
    old = in_force(conn, kind).get(name)
    if (old.sha256 if old else "") != replaces:
        raise Conflict(f"Another version of '{name}' was confirmed since.", remedy="Load it, and confirm on top of it.")
    at, sha256 = ctx.clock.now(), digest(text)
    trail.put_content(conn, text, media_type="application/toml")
    values = {
        "kind": str(kind), "name": name, "version": version, "sha256": sha256, "withdrawn": withdrawn, "reason": said,
        "account_id": account.id, "user_id": account.user_id, "at": utc_text(at),
    }  # fmt: skip
    governed.record(
        conn, [(_table, values)], at=at, zone=ctx.zone, actor=actor, action=Action.CONFIG_ACTIVATED, object_kind=str(kind), object_id=name,
        object_version=str(version), old={"sha256": old.sha256, "version": old.version} if old else None,
        new={"sha256": sha256, "version": version, "withdrawn": withdrawn}, reason=said,
    )  # fmt: skip
    return ConfigurationVersion(str(kind), name, version, sha256, withdrawn, said, account.user_id, utc_text(at), text)


def profiles_in(conn: Connection, shipped: ProfileSet) -> ProfileSet:
    """Return the import profiles in force: those of the site, and those that ship of any other name and header.

    A profile of the site that reads `files` of some names only stands beside the one that ships and reads the others.
    """
    site = [_profile(version.text) for version in in_force(conn, Configured.PROFILE).values()]
    names, headers = {p.name for p in site}, {header_of(p) for p in site if not p.files}
    rest = [p for p in shipped.profiles if p.name not in names and header_of(p) not in headers]
    return ProfileSet((*site, *rest))


def profiles_of(ctx: Context) -> ProfileSet:
    """Return the import profiles in force now."""
    with ctx.database.read() as conn:
        return profiles_in(conn, ctx.profiles)


@lru_cache(maxsize=512)
def _profile(text: str) -> ImportProfile:
    return profile_toml.parse(text.encode(), file="profile of the site")


def identifiers_in(conn: Connection) -> Identifiers:
    """Return how identifiers look: as the site confirmed, else as in the samples."""
    found = in_force(conn, Configured.IDENTIFIERS).get(IDENTIFIERS)
    return _identifiers(found.text) if found else identifiers.shipped()


IDENTIFIERS = "identifiers"


def attribute_map_in(conn: Connection) -> AttributeMap:
    """Return the attribute map in force; one that joins nothing where the site confirmed none."""
    found = in_force(conn, Configured.ATTRIBUTES).get(Configured.ATTRIBUTES)
    return _attribute_map(found.text, found.version) if found else AttributeMap()


def map_changes(conn: Connection) -> int:
    """Return how often an attribute map was confirmed or withdrawn; what was built at another number may be out of date."""
    query = select(func.count()).select_from(_table).where(_table.c.kind == str(Configured.ATTRIBUTES))
    return conn.scalar(query) or 0


def map_digest(ctx: Context) -> str:
    """Return the hash of the attribute map in force."""
    with ctx.database.read() as conn:
        return attributemap.digest_of(attribute_map_in(conn))


@lru_cache(maxsize=8)
def _attribute_map(text: str, version: int) -> AttributeMap:
    return replace(attributemap.parse(text.encode(), file="attribute map of the site"), version=version)


def confirmer(conn: Connection, actor: Actor) -> Account:
    """Return the account of the person who confirms: a writer, or an approver of the quality unit; never the home's own account."""
    account = check_usable(account_by_id(conn, actor.id))
    permit(account, Role.WRITER, Role.APPROVER)
    return account


@lru_cache(maxsize=8)
def _identifiers(text: str) -> Identifiers:
    return identifiers.parse(text.encode(), file="identifiers of the site")


def altered(conn: Connection) -> list[str]:
    """Return a sentence for each version that is not what its entry in the trail says was confirmed."""
    told = {entry.seq: entry for entry in trail.entries(conn, action=str(Action.CONFIG_ACTIVATED))}
    rows: Sequence[Row[Any]] = conn.execute(select(_table)).all()
    findings = []
    for row in rows:
        entry = told.get(row.seq)
        said = {"sha256": row.sha256, "version": row.version, "withdrawn": row.withdrawn}
        about = (row.kind, row.name, row.user_id, row.reason)
        if (
            entry is None
            or entry.new != said
            or about != (entry.object_kind, entry.object_id, entry.actor.user_id, entry.reason)
        ):
            findings.append(f"{row.kind} {row.name} version {row.version} is not what was confirmed")
    return findings
