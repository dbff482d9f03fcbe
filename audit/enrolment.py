"""How a person comes to a signing key: they ask for it, a second person who verified the identity attests it.

The person chooses a passphrase; the key is made and sealed with it, and the request waits without any right to sign. An administrator who
verified the identity then signs the enrolment with their own key. Only the first administrator of a home attests their own key, and the
enrolment says so. A new passphrase re-seals the same key; a lost one means a new key, and the seal of the old one is destroyed.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, insert, select, update

from audit import governed, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import utc_text
from audit.errors import Conflict, NotFound, NotPermitted
from audit.identity import Account, fold, said
from audit.passwords import KeyCost, check_password
from audit.signatures import SigningKey, encoded, seal
from audit.tables import key_seals, signing_keys

FIRST = "self (first key of this home)"
SHOWN = 32  # hexadecimal digits of a fingerprint: two people compare it by eye


@dataclass(frozen=True)
class NewKey:
    """A key pair made for an account; the private half is sealed and is nowhere else."""

    key_id: str
    account_id: str
    public_key: str
    sealed: str


@dataclass(frozen=True)
class Request:
    """A key that its owner asked for and nobody attested yet; it signs nothing."""

    key_id: str
    account_id: str
    public_key: str
    at: str


@dataclass(frozen=True)
class Enrolled:
    """A key with its days; `until` is when a newer key replaced it ("" while it is the current one)."""

    key_id: str
    public_key: str
    at: str
    until: str
    attested_by: str


def fingerprint(public_key: str) -> str:
    """Return a short form of a public key that two people can compare."""
    digits = hashlib.sha256(public_key.encode()).hexdigest()[:SHOWN]
    return " ".join(digits[at : at + 4] for at in range(0, SHOWN, 4))


def make_key(account: Account, *, key_id: str, passphrase: str, cost: KeyCost) -> NewKey:
    """Make a key and seal it with the owner's passphrase: slow by intent, done before the write."""
    return _made(account, key_id=key_id, passphrase=passphrase, cost=cost)[0]


def _made(account: Account, *, key_id: str, passphrase: str, cost: KeyCost) -> tuple[NewKey, Ed25519PrivateKey]:
    check_password(passphrase, account.user_id, what="signing passphrase")
    private = Ed25519PrivateKey.generate()
    public = encoded(private.public_key().public_bytes_raw())
    return NewKey(key_id, account.id, public, seal(private, passphrase, cost, account.id)), private


def is_first(conn: Connection) -> bool:
    """Tell whether this home has no key yet."""
    return conn.scalar(select(signing_keys.c.key_id).limit(1)) is None


def keys_of(conn: Connection, account_id: str) -> list[Enrolled]:
    """Return the keys of an account, the current one first."""
    query = select(signing_keys).where(signing_keys.c.account_id == account_id).order_by(signing_keys.c.enrolled_at.desc())
    until, found = "", []
    for row in conn.execute(query):
        attested_by = str(json.loads(row.enrolment)["attested_by"])
        found.append(Enrolled(row.key_id, row.public_key, row.enrolled_at, until, attested_by))
        until = row.enrolled_at
    return found


def requests(conn: Connection) -> dict[str, Request]:
    """Return the waiting requests by account id: sealed keys that are not enrolled."""
    enrolled = select(signing_keys.c.key_id)
    waiting = set(conn.scalars(select(key_seals.c.key_id).where(key_seals.c.key_id.not_in(enrolled))))
    if not waiting:
        return {}
    asked = trail.entries(conn, action=str(Action.KEY_REQUESTED))
    return {
        e.object_id: Request(e.new["key_id"], e.object_id, e.new["public_key"], e.at)
        for e in asked
        if e.new["key_id"] in waiting
    }


def request_key(conn: Connection, account: Account, key: NewKey, *, by: Actor, at: datetime, zone: str) -> None:
    """Keep a key that its owner asked for; a later request replaces a waiting one."""
    waiting = requests(conn).get(account.id)
    if waiting is not None:
        conn.execute(delete(key_seals).where(key_seals.c.key_id == waiting.key_id))
    governed.record(
        conn, _row(key.key_id, account.id, key.sealed), at=at, zone=zone, actor=by, action=Action.KEY_REQUESTED,
        object_kind="account", object_id=account.id, old={"key_id": waiting.key_id} if waiting else None,
        new={"key_id": key.key_id, "public_key": key.public_key},
    )  # fmt: skip


def refuse_request(
    conn: Connection, account: Account, key_id: str, *, by: Actor, at: datetime, zone: str, reason: str
) -> None:
    """Refuse a waiting request and destroy its sealed key."""
    _waiting(conn, account, key_id)
    reason = said(reason, "A reason for refusing the key")
    conn.execute(delete(key_seals).where(key_seals.c.key_id == key_id))
    trail.append(
        conn, at=at, zone=zone, actor=by, action=Action.KEY_REFUSED, object_kind="account", object_id=account.id,
        old={"key_id": key_id}, reason=reason,
    )  # fmt: skip


def attest(
    conn: Connection, account: Account, key_id: str, *, attested_by: SigningKey, by: Actor, at: datetime, zone: str
) -> None:
    """Enrol a waiting key: the second person signs the enrolment with the own key."""
    request = _waiting(conn, account, key_id)
    _admit(conn, account, request.key_id, request.public_key, attested_by=attested_by, by=by, at=at, zone=zone)


def enrol_key(
    conn: Connection,
    *,
    key_id: str,
    account: Account,
    passphrase: str,
    attested_by: SigningKey | None,
    at: datetime,
    zone: str,
    cost: KeyCost,
) -> None:
    """Make and enrol a key in one act; `attested_by=None` only for the first key of a home, whose owner attests it."""
    if attested_by is None and not is_first(conn):
        raise NotPermitted("A key is enrolled by a second person.", remedy="An administrator with an own key attests it.")
    key, private = _made(account, key_id=key_id, passphrase=passphrase, cost=cost)
    attester = attested_by or SigningKey(key_id, account, private)
    _admit(
        conn, account, key_id, key.public_key, attested_by=attester, by=attester.account.actor(), at=at, zone=zone, new=key
    )


def change_passphrase(conn: Connection, key: SigningKey, sealed: str, *, by: Actor, at: datetime, zone: str) -> None:
    """Replace the seal of a released key, so that the old passphrase opens nothing any more; the key stays the same."""
    done = conn.execute(update(key_seals).where(key_seals.c.key_id == key.key_id).values(sealed=sealed))
    if done.rowcount != 1 or keys_of(conn, key.account.id)[0].key_id != key.key_id:
        raise Conflict("Your signing key was replaced meanwhile.", remedy="Load the page again.")
    trail.append(
        conn, at=at, zone=zone, actor=by, action=Action.PASSPHRASE_CHANGED, object_kind="account",
        object_id=key.account.id, new={"key_id": key.key_id}, rows=governed.hashes(_row(key.key_id, key.account.id, sealed)),
    )  # fmt: skip


def _admit(
    conn: Connection,
    account: Account,
    key_id: str,
    public_key: str,
    *,
    attested_by: SigningKey,
    by: Actor,
    at: datetime,
    zone: str,
    new: NewKey | None = None,
) -> None:
    """Store an attested key, and its seal where it is new; destroy the seals of the keys that it replaces."""
    verified = _attestable(account, attested_by, own=attested_by.key_id == key_id)
    enrolment = canonical(
        {
            "key_id": key_id,
            "account": account.id,
            "user_id": account.user_id,
            "printed_name": account.printed_name,
            "public_key": public_key,
            "identity_verified": verified,
            "attested_by": FIRST if attested_by.key_id == key_id else attested_by.account.user_id,
            "at": utc_text(at),
        }
    )
    conn.execute(
        insert(signing_keys).values(
            key_id=key_id, account_id=account.id, public_key=public_key, enrolled_at=utc_text(at), enrolment=enrolment,
            attested_by_key=attested_by.key_id, attestation=attested_by.sign(enrolment),
        )
    )  # fmt: skip
    conn.execute(delete(key_seals).where(key_seals.c.account_id == account.id, key_seals.c.key_id != key_id))
    governed.record(
        conn, _row(key_id, account.id, new.sealed) if new else (), at=at, zone=zone, actor=by, action=Action.KEY_ENROLLED,
        object_kind="account", object_id=account.id,
        new={"enrolment": digest(enrolment), "key_id": key_id, "public_key": public_key},
    )  # fmt: skip


def _row(key_id: str, account_id: str, sealed: str) -> governed.Rows:
    return [(key_seals, {"key_id": key_id, "account_id": account_id, "sealed": sealed})]


def _attestable(account: Account, attester: SigningKey, *, own: bool) -> list[str]:
    """Return by whom, when and how the owner's identity was verified; raise NotPermitted where this key may not be attested."""
    if not account.active:
        raise NotPermitted(f"The account {account.user_id} is not active.", remedy="Nothing was enrolled.")
    if account.identity_verified is None:
        raise NotPermitted(
            f"The identity of {account.printed_name} was not verified.",
            remedy="Record by whom, on which day and how.",
        )
    if own:
        return list(account.identity_verified)
    if attester.account.id == account.id:
        raise NotPermitted("Nobody attests their own key.", remedy="Another administrator attests it.")
    if fold(account.identity_verified[0]) != fold(attester.account.user_id):
        raise NotPermitted(
            f"The identity of {account.printed_name} was verified by {account.identity_verified[0]}, not by you.",
            remedy="Verify it yourself and record that, or ask them to attest the key.",
        )
    return list(account.identity_verified)


def _waiting(conn: Connection, account: Account, key_id: str) -> Request:
    request = requests(conn).get(account.id)
    if request is None or request.key_id != key_id:
        raise NotFound("This key does not wait for attestation any more.", remedy="Load the page again.")
    return request
