"""The site's attribute map: names that may be one are proposed, a person joins them with a reason, and what cannot be joined is refused."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from audit.chain import Actor
from audit.errors import Invalid, NotFound
from corpus import attributemap, likenames, records
from corpus.attributemap import EVERY, AttributeMap, SiteAttribute
from corpus.likenames import Likeness, NameInUse
from drafting import configuration
from drafting.configuration import ConfigurationVersion, Configured
from drafting.context import Context
from drafting.evidence.harmonised import harmonise
from drafting.evidence.scope import NAMING

NAME = str(Configured.ATTRIBUTES)
TITLE = "Attribute names of our site"


def in_force(ctx: Context) -> tuple[AttributeMap, ConfigurationVersion | None]:
    """Return the map in force and who confirmed it; an empty one where nobody did."""
    with ctx.database.read() as conn:
        return configuration.attribute_map_in(conn), configuration.in_force(conn, Configured.ATTRIBUTES).get(NAME)


def history(ctx: Context) -> list[ConfigurationVersion]:
    """List the versions that were confirmed, the oldest first."""
    with ctx.database.read() as conn:
        return configuration.versions(conn, Configured.ATTRIBUTES)


def names(ctx: Context) -> list[NameInUse]:
    """List the names that current files measure under."""
    with ctx.database.read() as conn:
        return likenames.in_use(conn)


def propose(ctx: Context) -> list[Likeness]:
    """Return pairs of names that may be one attribute and that the map does not join; nothing is joined."""
    with ctx.database.read() as conn:
        return likenames.proposed(likenames.in_use(conn), configuration.attribute_map_in(conn))


def with_proposals(known: AttributeMap, chosen: Sequence[Likeness]) -> AttributeMap:
    """Return a map with the proposals that a person chose, each joined to what the map says of one of its names. Pure."""
    attributes = list(known.attributes)
    for likeness in chosen:
        pair = (likeness.one.attribute, likeness.other.attribute)
        at = next((i for i, a in enumerate(attributes) if {*a.names, a.attribute} & {*pair}), None)
        if at is None:
            attributes.append(SiteAttribute(pair[0], pair, EVERY, likeness.unit))
        else:
            attributes[at] = replace(attributes[at], names=tuple(dict.fromkeys((*attributes[at].names, *pair))))
    return replace(known, title=known.title or TITLE, attributes=tuple(attributes))


def confirm(ctx: Context, *, text: str, reason: str, replaces: str, actor: Actor) -> ConfigurationVersion:
    """Confirm a map as the next version; refuse names that the files on record do not let be one series.

    `replaces` is the hash of the version that the person saw in force ("" for none).
    """
    given = attributemap.parse(text.encode(), file="attribute map")

    def write(conn: Connection) -> ConfigurationVersion:
        account = configuration.confirmer(conn, actor)
        refused = conflicts(conn, given)
        if refused:
            told = "; ".join(f"{name}: {reason}" for name, reason in refused.items())
            raise Invalid(
                f"These names cannot be one series: {told}.", remedy="Leave them apart, or correct their files first."
            )
        before = configuration.versions(conn, Configured.ATTRIBUTES)
        version = max((v.version for v in before), default=0) + 1
        made = attributemap.written(replace(given, version=version))
        if before and not before[-1].withdrawn and _same(before[-1].text, given):
            raise Invalid("The attribute map is in force just so.", remedy="Change it, or leave it.")
        return configuration.activate(
            conn, ctx, kind=Configured.ATTRIBUTES, name=NAME, version=version, text=made, replaces=replaces, reason=reason,
            account=account, actor=actor,
        )  # fmt: skip

    return ctx.database.write(write)


def _same(text: str, given: AttributeMap) -> bool:
    last = attributemap.parse(text.encode(), file="attribute map")
    return attributemap.written(replace(last, version=0)) == attributemap.written(replace(given, version=0))


def conflicts(conn: Connection, given: AttributeMap) -> dict[str, str]:
    """Return why names of a map cannot be one series in any product on record, by the site's name."""
    named = {name for one in given.attributes for name in (*one.names, one.attribute)}
    used = {name.attribute for name in likenames.in_use(conn) if named & {name.attribute, *name.headers}}
    found: dict[str, str] = {}
    for product in records.products(conn):
        measured = records.every_measurement(conn, product=product, attributes=used, primary_only=False)
        stated = records.current_records(conn, product=product, kinds=NAMING)
        for name, reason in harmonise(given, product, measured, stated).refused.items():
            found.setdefault(name, f"product {product}, {reason}")
    return found


def withdraw(ctx: Context, *, reason: str, replaces: str, actor: Actor) -> ConfigurationVersion:
    """End the map: every name stands for itself again."""

    def write(conn: Connection) -> ConfigurationVersion:
        account = configuration.confirmer(conn, actor)
        last = configuration.in_force(conn, Configured.ATTRIBUTES).get(NAME)
        if last is None:
            raise NotFound("No attribute map is in force.", remedy="`verascribe attributes show` prints the one in force.")
        return configuration.activate(
            conn, ctx, kind=Configured.ATTRIBUTES, name=NAME, version=last.version + 1, text=last.text, replaces=replaces,
            reason=reason, account=account, actor=actor, withdrawn=True,
        )  # fmt: skip

    return ctx.database.write(write)
