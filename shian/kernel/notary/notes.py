"""Signed notes, checkpoints, cosignatures as C2SP `signed-note`, `tlog-checkpoint`, `tlog-cosignature` write them.

Pure but for the signatures themselves (Ed25519). A key's text form is the specification's: name+id+base64.
"""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04
DASH = "—"
PRIVATE = "PRIVATE+KEY+"
MAX_NOTE = 64 * 1024
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(rf"{DASH} (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={{0,2}})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadKey(ValueError):
    """The text is no key of the kind that is wanted."""


class BadNote(ValueError):
    """The note is malformed, or nobody who is known has signed it."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key under the name that signs with it."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Raises BadKey for a text that is malformed, of an unknown kind or with an id that is not its own."""
        name, _, rest = text.strip().partition("+")
        claimed, _, encoded = rest.partition("+")
        data = _decoded(encoded, BadKey)
        if not _NAME.fullmatch(name) or len(data) != 33 or data[0] not in {ED25519, COSIGNATURE}:
            raise BadKey(text)
        key = cls(name, data[1:], data[0])
        if key.id.hex() != claimed:
            raise BadKey(text)
        return key


@dataclass(frozen=True)
class SignerKey:
    """A private key; only its folder ever holds the text form."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def text(self) -> str:
        """The form that other tools for signed notes read as well."""
        data = base64.b64encode(bytes([ED25519]) + self.private.private_bytes_raw()).decode()
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{data}"

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """Raises BadKey."""
        name, _, rest = text.strip().removeprefix(PRIVATE).partition("+")
        claimed, _, encoded = rest.partition("+")
        data = _decoded(encoded, BadKey)
        if not text.startswith(PRIVATE) or not _NAME.fullmatch(name) or len(data) != 33 or data[0] != ED25519:
            raise BadKey("not a private key for signed notes")
        key = cls(name, Ed25519PrivateKey.from_private_bytes(data[1:]))
        if key.verifier.id.hex() != claimed:
            raise BadKey("not a private key for signed notes")
        return key

    def sign(self, text: str) -> str:
        """A signature line over the note text."""
        return signature_line(self.verifier, self.private.sign(text.encode()))


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """The line of a note that carries a signature of this key."""
    return f"{DASH} {key.name} {base64.b64encode(key.id + signature).decode()}\n"


@dataclass(frozen=True)
class Signature:
    """One signature line, not verified."""

    name: str
    key_id: bytes
    data: bytes

    def is_by(self, key: VerifierKey) -> bool:
        return self.name == key.name and self.key_id == key.id


@dataclass(frozen=True)
class Note:
    """The text of a note (with its last newline) and its signature lines, not verified."""

    text: str
    signatures: tuple[Signature, ...]


def signed_note(text: str, keys: Iterable[SignerKey]) -> str:
    """The note: its text, an empty line, one signature per key."""
    return f"{text}\n" + "".join(key.sign(text) for key in keys)


def parse_note(note: str) -> Note:
    """Raises BadNote for what is not of the form of a note."""
    if len(note) > MAX_NOTE or any(char < " " and char != "\n" for char in note):
        raise BadNote("not the text of a note")
    place = note.rfind("\n\n")
    if place < 0 or not note.endswith("\n"):
        raise BadNote("a note has a text, an empty line and signatures")
    signatures = parse_signatures(note[place + 2 :])
    if not signatures:
        raise BadNote("nobody has signed")
    return Note(note[: place + 1], signatures)


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines. Raises BadNote."""
    found = []
    for line in lines.splitlines():
        match = _LINE.fullmatch(line)
        data = _decoded(match["signature"], BadNote) if match else b""
        if match is None or len(data) < 5:
            raise BadNote("not a signature line")
        found.append(Signature(match["name"], data[:4], data[4:]))
    return tuple(found)


def open_note(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text, once a known key has signed it. Raises BadNote; a bad signature of a known key spoils the note."""
    parsed = parse_note(note)
    is_signed = False
    for key in keys:
        for signature in parsed.signatures:
            if signature.is_by(key):
                verify_signature(key, signature, parsed.text)
                is_signed = True
    if not is_signed:
        raise BadNote("no known key has signed")
    return parsed.text


def verify_signature(key: VerifierKey, signature: Signature, text: str) -> int | None:
    """Raises BadNote unless the key signed the text; the time of a cosignature in POSIX seconds, else None."""
    message, data, moment = text.encode(), signature.data, None
    if key.kind == COSIGNATURE:
        if len(data) != 72:
            raise BadNote("not a cosignature")
        moment, data = struct.unpack(">Q", data[:8])[0], data[8:]
        message = cosigned_message(text, moment)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(data, message)
    except InvalidSignature:
        raise BadNote(f"the signature of {key.name} is wrong") from None
    return moment


def cosigned_message(text: str, moment: int) -> bytes:
    """What a witness signs: a header line, its time in POSIX seconds, the checkpoint's text."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


@dataclass(frozen=True)
class CheckpointText:
    """The three lines of a checkpoint that mean something."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "CheckpointText":
        """Raises BadNote. Further lines are extensions, which mean nothing here."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise BadNote("not the text of a checkpoint")
        root = _decoded(lines[2], BadNote)
        if len(root) != 32:
            raise BadNote("the root of a checkpoint has 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def _decoded(text: str, error: type[ValueError]) -> bytes:
    """Standard base64, written as the encoder would; anything else is `error`."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise error("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise error("not base64")
    return data
