"""Phones: admitted by their owner, shut out again. The secret is shown once."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404

from shian.engine.forms.models import Phone
from shian.engine.forms.permissions import FORM_FILL
from shian.kernel.accounts.permissions import check
from shian.kernel.accounts.rules import Standing
from shian.kernel.api.rules import token_digest
from shian.kernel.notary.actions import seal

DAYS = 180
NOTED_EVERY = timedelta(minutes=5)  # how exactly the use of a phone is known


@transaction.atomic
def admit_phone(*, name: str, by: Any, at: datetime) -> tuple[Phone, str]:
    """A new phone of the user's and its secret. Raises PermissionDenied."""
    check(FORM_FILL, by)
    secret = secrets.token_urlsafe(32)
    phone = Phone.objects.create(
        owner=by, name=name, digest=token_digest(secret), made_at=at, expires_at=at + timedelta(days=DAYS)
    )
    _seal(phone, "forms.phone_admitted", by.get_username(), at)
    return phone, secret


@transaction.atomic
def revoke_phone(*, number: int, by: Any, at: datetime) -> Phone:
    """Shut one of the user's own phones out; a second time changes nothing. Raises PermissionDenied, Http404."""
    check(FORM_FILL, by)
    phone = Phone.objects.visible_to(by).select_for_update().filter(pk=number).first()
    if phone is None:
        raise Http404(str(number))
    if phone.revoked_at is None:
        phone.revoked_at = at
        phone.save(update_fields=["revoked_at"])
        _seal(phone, "forms.phone_revoked", by.get_username(), at)
    return phone


def enter_by_phone(*, secret: str, at: datetime) -> Phone | None:
    """The phone with this secret, while it and its owner's account may be used; its use is noted now and then."""
    phone = Phone.objects.select_related("owner").filter(digest=token_digest(secret)).first()
    if phone is None or phone.revoked_at is not None or phone.expires_at <= at:
        return None
    if phone.owner.standing_at(at) != Standing.OPEN:
        return None
    if phone.used_at is None or at - phone.used_at > NOTED_EVERY:
        Phone.objects.filter(pk=phone.pk).update(used_at=at)
    return phone


def _seal(phone: Phone, action: str, by: str, at: datetime) -> None:
    seal(action=action, by=by, subject=f"forms.phone:{phone.pk}", data={"name": phone.name}, at=at)
