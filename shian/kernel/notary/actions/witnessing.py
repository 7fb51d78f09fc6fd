"""Taking the cosignature of a witness under a checkpoint of ours."""

from datetime import UTC, datetime

from django.db import transaction

from shian.kernel.notary import keys
from shian.kernel.notary.models import Checkpoint, Cosignature
from shian.kernel.notary.notes import BadNote, Signature, VerifierKey, parse_note, signature_line, verify_signature

LATEST = 253_402_300_799  # the last second of the year 9999


class CosignatureRefused(ValueError):
    """The note is none of our checkpoints, or no witness that is known here has signed it rightly."""


@transaction.atomic
def cosign(*, note: str, at: datetime) -> list[Cosignature]:
    """Keep the cosignatures of known witnesses in `note`, a checkpoint of ours with their lines. Raises
    CosignatureRefused.

    Nothing is sealed: what seals grows the log, and a grown log asks for the next cosignature.
    """
    try:
        parsed = parse_note(note)
        size = int(parsed.text.split("\n")[1])
    except (BadNote, IndexError, ValueError) as error:
        raise CosignatureRefused(str(error)) from None
    ours = Checkpoint.objects.filter(size=size).first()
    if ours is None or parse_note(ours.note).text != parsed.text:
        raise CosignatureRefused("not a checkpoint of this log")
    known = {(key.name, key.id): key for key in keys.witness_keys()}
    kept = []
    for signature in parsed.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            kept.append(_kept(size, key, _moment(key, signature, parsed.text), signature.data, at))
    if not kept:
        raise CosignatureRefused("no witness that is known here has signed")
    return kept


def _moment(key: VerifierKey, signature: Signature, text: str) -> datetime:
    try:
        moment = verify_signature(key, signature, text)
    except BadNote as error:
        raise CosignatureRefused(str(error)) from None
    if moment is None or moment > LATEST:
        raise CosignatureRefused("not a cosignature")
    return datetime.fromtimestamp(moment, UTC)


def _kept(size: int, key: VerifierKey, moment: datetime, data: bytes, at: datetime) -> Cosignature:
    """The first one of a witness for this size stays."""
    row, _is_new = Cosignature.objects.get_or_create(
        size=size,
        witness=key.name,
        key_id=key.id.hex(),
        defaults={"line": signature_line(key, data), "cosigned_at": moment, "received_at": at},
    )
    return row
