"""Signing: the official, then the head of the same level; both with a drawn signature, sealed with its hash."""

from datetime import datetime
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Letter, LetterState
from shian.domains.duties.permissions import DUTY_KEEP
from shian.domains.duties.queries.letters import is_own, may_countersign
from shian.kernel.accounts.permissions import acting
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal

PICTURES = ("png", "jpg")


@transaction.atomic
def sign_letter(*, letter: Letter, signature: BinaryIO | None, by: Any, at: datetime) -> Letter:
    """The official signs; for one without an account whoever keeps the roster records the signature on paper.

    Raises PermissionDenied, OutOfReach, DutyRefused, FileRefused.
    """
    name = str(by.get_username()) if is_own(by, letter) else acting(DUTY_KEEP, by, letter.area)
    locked = _locked(letter, LetterState.DUE)
    stored = _stored(signature, f"letter-{locked.pk}.png", name, at)
    locked.state, locked.signed_at, locked.signed_by, locked.signature = LetterState.SIGNED, at, name, stored
    locked.save()
    _seal("duties.letter_signed", locked, stored, (name, at))
    return locked


@transaction.atomic
def countersign_letter(
    *, letter: Letter, signature: BinaryIO | None, counter_name: str, by: Any, at: datetime
) -> Letter:
    """The other side signs: a head of the same level, or whoever keeps the roster records it from paper. The letter is
    in force. Raises PermissionDenied, OutOfReach, DutyRefused, FileRefused."""
    if not may_countersign(by, letter):
        raise PermissionDenied(_("对签由同级党委、政府主要负责人办理，纸面对签由县级以上登记。"))
    name = str(by.get_username())
    locked = _locked(letter, LetterState.SIGNED)
    if locked.signed_by == name:
        raise DutyRefused(_("须由另一人对签。"))
    if not counter_name.strip():
        raise DutyRefused(_("请填写对签人姓名。"), "counter_name")
    stored = _stored(signature, f"letter-{locked.pk}-counter.png", name, at)
    locked.state, locked.countersigned_at, locked.countersigned_by = LetterState.IN_FORCE, at, name
    locked.counter_signature, locked.counter_name = stored, counter_name.strip()
    locked.save()
    _seal("duties.letter_countersigned", locked, stored, (name, at))
    return locked


def _locked(letter: Letter, wanted: LetterState) -> Letter:
    found = Letter.objects.select_for_update().get(pk=letter.pk)
    if found.state != wanted:
        raise DutyRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    return found


def _stored(signature: BinaryIO | None, name: str, by: str, at: datetime) -> StoredFile:
    if signature is None:
        raise DutyRefused(_("请手写签名，或上传签名照片。"))
    return store_file(name=name, stream=signature, kinds=PICTURES, by=by, at=at)


def _seal(action: str, letter: Letter, stored: StoredFile, who: tuple[str, datetime]) -> None:
    told = {"official": letter.official.code, "number": letter.number, "subjects": letter.subjects,
            "sha256": stored.sha256}  # fmt: skip
    seal(action=action, by=who[0], subject=letter.subject, data=told, at=who[1])
