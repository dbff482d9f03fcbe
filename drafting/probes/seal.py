"""What a check holds is sealed until it is revealed: encrypted under the home's oversight key, which the database does not hold.

The trail carries a commitment, the SHA-256 of what is sealed; the plain text is written to the trail at the reveal, so that anybody can
then compare the two. The draw uses a key of its own, derived from the same file (HKDF, RFC 5869), and stays reproducible for an
inspector who is given it. AES-256-GCM (NIST SP 800-38D) with the check's id as additional data: a sealed text belongs to its check.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.canonical import canonical, digest
from audit.errors import Failed, Tampered

KEY_FILE, KEY_BYTES, NONCE_BYTES = "oversight.key", 32, 12
BLOCK = 16_384  # bytes to which what is sealed is filled up


@dataclass(frozen=True)
class SiteKeys:
    """The keys derived from a home's oversight key: one seals, one draws, one gives people pseudonyms, one hashes views.

    `known_as` (hexadecimal) is the key's name in the trail; nothing of the key follows from it.
    """

    sealing: bytes
    drawing: bytes
    naming: bytes
    showing: bytes
    known_as: str


def site_keys(home: Path) -> SiteKeys:
    """Return the home's keys; the key file is made at first need, readable by its owner only."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - keeps --help light
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    def derived(what: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"verascribe oversight {what}".encode()).derive(secret)

    secret = _secret(home / KEY_FILE)
    return SiteKeys(derived("sealing"), derived("drawing"), derived("naming"), derived("showing"), derived("known as").hex())


def renew(home: Path) -> SiteKeys:
    """Replace the home's oversight key, present or lost, by a new one; return the keys derived from it. Raise Failed where the file cannot be removed."""
    try:
        (home / KEY_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise Failed(
            f"{KEY_FILE} cannot be replaced: {error.strerror}.", remedy="Check who may write in the home's folder."
        ) from error
    return site_keys(home)


def _secret(path: Path) -> bytes:
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        held = path.read_bytes()
        if len(held) != KEY_BYTES:
            raise Failed(f"{path.name} is not an oversight key.", remedy="Restore it from the home's backup.") from None
        return held
    except OSError as error:
        raise Failed(
            f"{path.name} cannot be written: {error.strerror}.", remedy="Check the home's rights and space."
        ) from error
    secret = secrets.token_bytes(KEY_BYTES)
    with os.fdopen(made, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret


def seal(keys: SiteKeys, check_id: str, content: Mapping[str, Any]) -> tuple[str, str]:
    """Return the sealed text and its commitment; a random salt keeps the content from being guessed out of the commitment."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - keeps --help light

    plain, nonce = _padded({**content, "salt": secrets.token_hex(16)}), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(keys.sealing).encrypt(nonce, plain.encode(), check_id.encode())
    return base64.b64encode(nonce + sealed).decode(), digest(plain)


def _padded(content: Mapping[str, Any]) -> str:
    """Return canonical JSON of a length that does not tell whether anything is planted."""
    bare = len(canonical({**content, "pad": ""}).encode())
    return canonical({**content, "pad": " " * (-bare % BLOCK)})


def keyed(keys: SiteKeys, one: str, held: str) -> str:
    """Return the hash of what one view showed, or one entry holds, which only the key's holder can compare: of the same in another it differs."""
    made = hmac.new(keys.showing, f"{one}|{held}".encode(), hashlib.sha256).hexdigest()
    return f"hmac-sha256:{made}"


def unseal(keys: SiteKeys, check_id: str, sealed: str, commitment: str) -> dict[str, Any]:
    """Return what was sealed; raise Tampered where it was altered, or another key sealed it."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - keeps --help light
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    try:
        raw = base64.b64decode(sealed, validate=True)
        plain = AESGCM(keys.sealing).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], check_id.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Tampered(
            "A sealed oversight check cannot be opened.",
            remedy=f"Restore {KEY_FILE} of this home from its backup. If it is lost, turn live checks off, which ends the open ones, and "
            "have an administrator begin a new key: `verascribe oversight new-key`.",
        ) from error
    if digest(plain) != commitment:
        raise Tampered(
            "A sealed oversight check is not what the trail says was sealed.", remedy="Verify the trail and tell QA."
        )
    opened: dict[str, Any] = json.loads(plain)
    return opened
