"""The campaign office writes to all liaison officers at once (A-15)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.permissions import LIAISON_NOTIFY
from shian.domains.campaign.queries.liaisons import liaison_units, officers_of
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.notices.actions import Draft, send_notices
from shian.kernel.notices.ladders import Wording
from shian.kernel.notices.models import NoticeLevel

RULE = "campaign.liaisons"
WORDING = Wording("%(title)s", "%(text)s")


@dataclass(frozen=True)
class Told:
    """How many officers were written to, for how many units, and the units that nobody could be told for."""

    officers: int
    units: int
    unreached: int


@transaction.atomic
def notify_liaisons(*, area_key: str, title: str, text: str, by: Any, at: datetime) -> Told:
    """One notice to every officer and deputy of the area's units that has an account.

    Raises PermissionDenied, OutOfReach.
    """
    name, today = acting(LIAISON_NOTIFY, by, area_key), timezone.localdate(at)
    units = [each.code for each in liaison_units(area_key, today)]
    officers = officers_of(units, today)
    users = sorted({user for found in officers.values() for user in found})
    link = reverse("campaign:liaison_list")
    params = {"title": title.strip(), "text": text.strip()}
    count = send_notices(
        drafts=[Draft(users, RULE, f"campaign.liaisons:{area_key}", NoticeLevel.INFO, WORDING, params, link)],
        by=name, at=at,
    )  # fmt: skip
    unreached = sorted(set(units) - set(officers))
    data = {**params, "officers": count, "units": sorted(officers), "unreached": unreached}
    seal(action="campaign.liaisons_notified", by=name, subject=f"campaign.liaisons:{area_key}", data=data, at=at)
    return Told(count, len(officers), len(unreached))
