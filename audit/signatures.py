"""Electronic signatures: a key per person, sealed by the person's own signing passphrase.

Re-authentication and release of the key are one act, so nobody, the administrator included, can sign for another; how a
person comes to a key stands in `audit.enrolment`. What is signed is canonical JSON that names report, section, version,
the hash of the text as shown, of the evidence and of every decision, the meaning, and the signer as printed.
"""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import Connection, insert, select

from audit import identity, sessions, trail
from audit.actions import Action
from audit.canonical import canonical, digest
from audit.chain import Actor
from audit.clock import Clock, utc_text
from audit.database import Database
from audit.errors import Conflict, Invalid, LockedOut, NotPermitted, Tampered, WrongCredentials
from audit.identity import Account
from audit.passwords import KeyCost
from audit.tables import key_seals, signatures, signing_keys


class Meaning(StrEnum):
    """Why a person signs (21 CFR 11.50(a)(3))."""

    AUTHORSHIP = "authorship"
    REVIEW = "review"
    APPROVAL = "approval"
    RESPONSIBILITY = "responsibility"


@dataclass(frozen=True)
class SigningKey:
    """A released key; it lives only for the one signing that released it."""

    key_id: str
    account: Account
    private: Ed25519PrivateKey

    def sign(self, text: str) -> str:
        """Sign canonical text; return base64."""
        return base64.b64encode(self.private.sign(text.encode("utf-8"))).decode()


@dataclass(frozen=True)
class Signature:
    """A stored signature: the payload as signed, and what is needed to check it."""

    id: str
    key_id: str
    public_key: str
    account_id: str
    meaning: str
    at: str
    payload: str
    signature: str

    def tree(self) -> dict[str, Any]:
        """Return the payload as a tree."""
        tree: dict[str, Any] = json.loads(self.payload)
        return tree


def manifestation(payload: dict[str, Any]) -> str:
    """Return the line that stands wherever the signature shows (21 CFR 11.50)."""
    when = payload["at"][:16].replace("T", " ")
    return f"{payload['printed_name']} ({payload['user_id']}), {payload['role']}: {payload['meaning']}, {when} UTC ({payload['zone']})"


def _derive(passphrase: str, salt: bytes, cost: KeyCost) -> bytes:
    return hash_secret_raw(
        passphrase.encode("utf-8"), salt, time_cost=cost.time, memory_cost=cost.memory_kib, parallelism=cost.lanes,
        hash_len=32, type=Type.ID,
    )  # fmt: skip


def encoded(raw: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(raw).decode()


def seal(private: Ed25519PrivateKey, passphrase: str, cost: KeyCost, account_id: str) -> str:
    """Seal a private key with a passphrase: slow by intent."""
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = ChaCha20Poly1305(_derive(passphrase, salt, cost)).encrypt(
        nonce, private.private_bytes_raw(), account_id.encode()
    )
    return canonical(
        {
            "salt": encoded(salt), "nonce": encoded(nonce), "sealed": encoded(sealed), "time": cost.time,
            "memory_kib": cost.memory_kib, "lanes": cost.lanes,
        }
    )  # fmt: skip


def release(database: Database, clock: Clock, *, actor: Actor, user_id: str, passphrase: str, zone: str) -> SigningKey:
    """Authenticate a signer and release their key: slow by intent, done before the write of the signing.

    A wrong user id or passphrase is logged, counts to the lock-out, and releases nothing.
    """
    with database.read() as conn:
        account = identity.account_by_id(conn, actor.id)
        tries = sessions.failures(conn, actor.user_id)
        row = conn.execute(
            select(signing_keys, key_seals.c.sealed)
            .join_from(signing_keys, key_seals, signing_keys.c.key_id == key_seals.c.key_id)
            .where(signing_keys.c.account_id == actor.id)
            .order_by(signing_keys.c.enrolled_at.desc())
            .limit(1)
        ).first()
    account = identity.check_usable(account)
    if row is None:
        raise NotPermitted(f"{account.printed_name} has no signing key.", remedy="Ask for one under My account.")
    if tries < sessions.FAILURES_TO_LOCK and identity.fold(user_id) == identity.fold(account.user_id):
        private = _unseal(row.sealed, passphrase, account.id)
        if private is not None:
            if encoded(private.public_key().public_bytes_raw()) != row.public_key:
                raise Tampered("The sealed key is not the enrolled one.", remedy="Verify the trail and tell QA.")
            return SigningKey(row.key_id, account, private)
    database.write(
        lambda conn: sessions.note_attempt(
            conn,
            account.user_id,
            succeeded=False,
            at=clock.now(),
            zone=zone,
            actor=actor,
            action=Action.SIGNATURE_FAILED,
        )
    )
    if tries + 1 > sessions.FAILURES_TO_LOCK:
        raise LockedOut(
            "Signing is locked after five failed attempts.",
            remedy="Ask an administrator to release the account.",
        )
    raise WrongCredentials("User id or passphrase is wrong.", remedy="Nothing was signed; five failures lock the account.")


def _unseal(sealed: str, passphrase: str, account_id: str) -> Ed25519PrivateKey | None:
    tree = json.loads(sealed)
    cost = KeyCost(tree["time"], tree["memory_kib"], tree["lanes"])
    key = _derive(passphrase, base64.b64decode(tree["salt"]), cost)
    try:
        raw = ChaCha20Poly1305(key).decrypt(
            base64.b64decode(tree["nonce"]), base64.b64decode(tree["sealed"]), account_id.encode()
        )
    except InvalidTag:
        return None
    return Ed25519PrivateKey.from_private_bytes(raw)


def sign(
    conn: Connection,
    *,
    signature_id: str,
    key: SigningKey,
    meaning: Meaning,
    report: str,
    items: list[dict[str, Any]],
    config_fingerprint: str,
    qualification: str,
    role: str,
    session: str,
    at: datetime,
    zone: str,
) -> Signature:
    """Sign a displayed list of sections in one act; each item names id, version and the three hashes.

    Runs inside the write that decided that every item may be signed, and leaves one entry per item.
    """
    if not items:
        raise Invalid("There is nothing to sign.", remedy="Choose at least one complete section.")
    account = key.account
    payload = canonical(
        {
            "id": signature_id, "report": report, "items": items, "meaning": str(meaning), "user_id": account.user_id,
            "printed_name": account.printed_name, "account": account.id, "role": role, "qualification": qualification,
            "config_fingerprint": config_fingerprint, "at": utc_text(at), "zone": zone, "key_id": key.key_id,
        }
    )  # fmt: skip
    if conn.scalar(select(signatures.c.id).where(signatures.c.id == signature_id)) is not None:
        raise Conflict("This signature exists.", remedy="Load the page again.")
    signed = key.sign(payload)
    conn.execute(
        insert(signatures).values(
            id=signature_id, key_id=key.key_id, account_id=account.id, report_id=report, meaning=str(meaning),
            at=utc_text(at), payload=payload, signature=signed,
        )
    )  # fmt: skip
    for item in items:
        trail.append(
            conn, at=at, zone=zone, actor=account.actor(role=role, session=session), action=Action.SIGNATURE_APPLIED,
            object_kind="section", object_id=item["id"], object_version=item.get("version"),
            new={"signature": signature_id, "payload": digest(payload), "meaning": str(meaning)},
        )  # fmt: skip
    public = encoded(key.private.public_key().public_bytes_raw())
    return Signature(signature_id, key.key_id, public, account.id, str(meaning), utc_text(at), payload, signed)


def of_report(conn: Connection, report: str) -> list[Signature]:
    """Return the signatures of a report, oldest first."""
    query = (
        select(signatures, signing_keys.c.public_key)
        .join_from(signatures, signing_keys, signatures.c.key_id == signing_keys.c.key_id)
        .where(signatures.c.report_id == report)
        .order_by(signatures.c.at, signatures.c.id)
    )
    return [
        Signature(r.id, r.key_id, r.public_key, r.account_id, r.meaning, r.at, r.payload, r.signature)
        for r in conn.execute(query)
    ]


def check(public_key: str, text: str, signature: str) -> bool:
    """Tell whether base64 `signature` over `text` was made by the owner of base64 `public_key`."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key)).verify(
            base64.b64decode(signature), text.encode("utf-8")
        )
    except (InvalidSignature, ValueError):
        return False
    return True
