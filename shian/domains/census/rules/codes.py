"""The text in an operator's QR code: a random serial and a signature over it.

A serial is 80 random bits in the 32 letters of Crockford's alphabet, which leaves out I, L, O and U. The signature
(Ed25519, RFC 8032) covers a fixed prefix and the serial; only texts that we signed ourselves lead to the database.
"""

import base64
import binascii
import re
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shian.kernel.notary.notes import SignerKey, VerifierKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_BYTES, SERIAL_LENGTH = 10, 16
SIGNED_PREFIX = b"shian operator code v1\n"
_TOKEN = re.compile(rf"([{ALPHABET}]{{{SERIAL_LENGTH}}})([A-Za-z0-9_-]{{86}})")


# From which state which may follow; a revoked code stays revoked.
FOLLOWS = {
    "active": frozenset({"suspended", "revoked"}),
    "suspended": frozenset({"active", "revoked"}),
    "revoked": frozenset[str](),
}


def serial_of(random: bytes) -> str:
    """Ten random bytes as sixteen letters."""
    number = int.from_bytes(random, "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -5, -5))


def spaced(serial: str) -> str:
    """A serial as people read it out: four groups of four."""
    return " ".join(serial[start : start + 4] for start in range(0, len(serial), 4))


def signed_token(serial: str, key: SignerKey) -> str:
    """The 102 characters that stand in the address of a code; the same for the same key."""
    signature = key.private.sign(SIGNED_PREFIX + serial.encode("ascii"))
    return serial + base64.urlsafe_b64encode(signature).decode("ascii").rstrip("=")


def serial_in(token: str, keys: Iterable[VerifierKey]) -> str:
    """The serial of a token that one of the keys has signed; "" for any other text."""
    found = _TOKEN.fullmatch(token)
    signature = _decoded(found[2]) if found else None
    if found is None or signature is None:
        return ""
    message = SIGNED_PREFIX + found[1].encode("ascii")
    return found[1] if any(_is_signed(key, signature, message) for key in keys) else ""


def _decoded(text: str) -> bytes | None:
    """The signature, written as the encoder would; a second spelling of the same bytes is none."""
    try:
        data = base64.urlsafe_b64decode(f"{text}==")
    except binascii.Error:
        return None
    return data if base64.urlsafe_b64encode(data).decode("ascii").rstrip("=") == text else None


def _is_signed(key: VerifierKey, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
