"""How a user wants to hear of notices."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shian.kernel.accounts.models import User
from shian.kernel.notary.actions import seal
from shian.kernel.notices.models import MailMode, Preference


@transaction.atomic
def choose_mail(*, user: Any, mode: MailMode, address: str, at: datetime) -> None:
    """The user's own address (may be empty) and when letters go to it. The address itself is not sealed."""
    User.objects.filter(pk=user.pk).update(email=address)
    Preference.objects.update_or_create(user=user, defaults={"mail_mode": mode})
    seal(
        action="notices.mail_chosen",
        by=user.get_username(),
        subject=f"accounts.user:{user.get_username()}",
        data={"mode": str(mode), "has_address": bool(address)},
        at=at,
    )
