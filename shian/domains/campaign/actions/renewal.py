"""Asking for evaluations to be made anew; the worker makes them."""

from datetime import date

from django.db import transaction

from shian.domains.campaign.models import Evaluation
from shian.domains.campaign.queries.evaluations import current_evaluations
from shian.kernel.jobs.queue import defer
from shian.kernel.scope.rules import code_of_key, level_of_key

RENEW, EVALUATE = "campaign.renew", "campaign.evaluate_again"


@transaction.atomic
def ask_renewal(*, by: str, area_key: str = "", inside: str = "", since: date | None = None) -> bool:
    """Defer one job that renews what `renew_evaluations` names; False while the same one waits already."""
    day = str(since or "")
    lock = f"campaign-renew-{area_key}-{inside}-{day}"
    return defer(RENEW, lock=lock, by=by, area_key=area_key, inside=inside, since=day)


@transaction.atomic
def renew_evaluations(*, by: str, area_key: str = "", inside: str = "", since: date | None = None) -> int:
    """Defer one job for each current evaluation that may answer otherwise now; how many were not waiting already.

    `area_key` leaves those that contain the area, `inside` those of areas inside that one, itself too, `since` those of
    this day and later. A job that finds nothing changed keeps the evaluation, so that asking too often does no harm.
    """
    rows = current_evaluations(area_key) if area_key else Evaluation.objects.filter(is_current=True)
    if inside:
        rows = rows.filter(**{level_of_key(inside).value: inside})
    if since:
        rows = rows.filter(as_of__gte=since)
    asked = 0
    for key, as_of in rows.order_by("-as_of", "area_key").values_list("area_key", "as_of"):
        area = code_of_key(key)
        asked += defer(EVALUATE, lock=f"campaign-{area}-{as_of}", area=area, as_of=str(as_of), by=by)
    return asked
