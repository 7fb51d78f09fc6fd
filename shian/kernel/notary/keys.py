"""The keys of the log. Private ones lie in SHIAN_HOME/notary, mode 0600, never in the database.

The first is made at the first start. With several, every checkpoint is signed by each: that is how a key is changed
(docs/notary.md). `last` beside them holds the largest checkpoint that was signed here, so that a database which was
set back to an older state cannot make the log sign a second history.
"""

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from shian.kernel.notary.notes import BadKey, BadNote, CheckpointText, SignerKey, VerifierKey, parse_note

WITNESSES = "witnesses"
LAST = "last"


def folder() -> Path:
    return Path(settings.SHIAN_HOME) / "notary"


def signer_keys() -> Sequence[SignerKey]:
    """Every key of this log, the oldest first; the first one is made when there is none. Raises BadKey."""
    keys = kept_keys(folder()) or [add_key()]
    if len({key.name for key in keys}) > 1:
        raise BadKey(f"the keys in {folder()} belong to different logs")
    return keys


def add_key() -> SignerKey:
    """A further key for the same log; the first names the log (SHIAN_LOG_ORIGIN, else a name of its own)."""
    known = kept_keys(folder())
    private = Ed25519PrivateKey.generate()
    tag = hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()[:8]
    origin = os.environ.get("SHIAN_LOG_ORIGIN") or f"localhost/log/{tag}"
    return keep_key(folder(), SignerKey(known[0].name if known else origin, private), number=len(known) + 1)


def kept_keys(place: Path) -> list[SignerKey]:
    """The private keys of a folder, the oldest first; none when there is no such folder. Raises BadKey."""
    return [SignerKey.parse(path.read_text(encoding="ascii")) for path in sorted(place.glob("*.key"))]


def keep_key(place: Path, key: SignerKey, *, number: int) -> SignerKey:
    """Write the key as `<number>.key`, mode 0600; the newest of the folder, should that number be taken by now.

    Complete before it is visible, and of several processes that make the first key at once one wins.
    """
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.chmod(0o700)
    draft = place / f"draft-{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(key.text() + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, place / f"{number:03d}.key")
    except FileExistsError:
        return kept_keys(place)[-1]
    finally:
        draft.unlink()
    return key


def retire(at: datetime) -> None:
    """Put all keys aside: a database without a log has nothing in common with what they signed."""
    place = folder() / f"retired-{at:%Y%m%d-%H%M%S-%f}"
    place.mkdir(mode=0o700)
    for path in [*folder().glob("*.key"), folder() / LAST]:
        if path.exists():
            path.rename(place / path.name)


def last_signed() -> CheckpointText | None:
    """The largest checkpoint that was signed in this home."""
    try:
        return CheckpointText.parse(parse_note((folder() / LAST).read_text(encoding="utf-8")).text)
    except (FileNotFoundError, BadNote):
        return None


def remember_signed(note: str) -> None:
    """Keep the checkpoint as the last one, once it is committed."""
    draft = folder() / f"{LAST}-{os.getpid()}"
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(note)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(folder() / LAST)


def witness_keys() -> list[VerifierKey]:
    """Keys of the witnesses whose cosignatures are taken: one a line in SHIAN_HOME/notary/witnesses. Raises BadKey."""
    try:
        lines = (folder() / WITNESSES).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [VerifierKey.parse(line) for line in lines if line.strip() and not line.startswith("#")]
