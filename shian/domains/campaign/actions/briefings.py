"""Sending an item in, editing it, adopting or declining it, issuing a numbered briefing, noting a reprint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import Briefing, Dispatch, DispatchState, Reprint, Series
from shian.domains.campaign.permissions import BRIEFING_EDIT, DISPATCH_SEND
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation


class BriefingRefused(ValueError):
    """This cannot be done now; the text says why."""


@dataclass(frozen=True)
class Again:
    """Who printed an item, on which day."""

    medium: str
    level: str
    on: date
    url: str = ""


@transaction.atomic
def send_dispatch(*, unit: Organisation, title: str, text: str, by: Any, at: datetime) -> Dispatch:
    """A unit sends an item in. Raises PermissionDenied, OutOfReach for a unit that is not the sender's."""
    name = acting(DISPATCH_SEND, by)
    if not isinstance(by, str) and unit.code not in reach_of(by).organisations and not reach_of(by).everything:
        raise OutOfReach(f"people.organisation:{unit.code}")
    made = Dispatch.objects.create(
        unit=unit, title=title.strip(), text=text.strip(), submitted_at=at, submitted_by=name,
        **columns_of_key(unit.area),
    )  # fmt: skip
    _seal("campaign.dispatch_sent", made, name, at, text=made.text)
    return made


@transaction.atomic
def edit_dispatch(*, dispatch: Dispatch, title: str, text: str, by: Any, at: datetime) -> Dispatch:
    """Write down how it will be printed; what the unit wrote stays. Raises BriefingRefused."""
    locked, name = _mine(dispatch, by)
    if locked.briefing_id:
        raise BriefingRefused(_("已印发的信息不能再改。"))
    locked.edited_title, locked.edited_text = title.strip(), text.strip()
    if locked.state != DispatchState.ADOPTED:
        locked.state, locked.reason, locked.decided_at = DispatchState.EDITED, "", None
    locked.save(update_fields=["edited_title", "edited_text", "state", "reason", "decided_at"])
    _seal("campaign.dispatch_edited", locked, name, at, edited_title=locked.edited_title,
          edited_text=locked.edited_text)  # fmt: skip
    return locked


@transaction.atomic
def adopt_dispatch(*, dispatch: Dispatch, by: Any, at: datetime) -> Dispatch:
    """It will be printed. Raises BriefingRefused before anybody has edited it."""
    locked, name = _mine(dispatch, by)
    if locked.state != DispatchState.EDITED:
        raise BriefingRefused(_("请先编辑，再决定是否采用。"))
    locked.state, locked.decided_at = DispatchState.ADOPTED, at
    locked.save(update_fields=["state", "decided_at"])
    _seal("campaign.dispatch_adopted", locked, name, at)
    return locked


@transaction.atomic
def decline_dispatch(*, dispatch: Dispatch, reason: str, by: Any, at: datetime) -> Dispatch:
    """It will not be printed, and why. Raises BriefingRefused."""
    locked, name = _mine(dispatch, by)
    if locked.briefing_id:
        raise BriefingRefused(_("已印发的信息不能改为不采用。"))
    if not reason.strip():
        raise BriefingRefused(_("请说明不采用的原因。"))
    locked.state, locked.reason, locked.decided_at = DispatchState.DECLINED, reason.strip(), at
    locked.save(update_fields=["state", "reason", "decided_at"])
    _seal("campaign.dispatch_declined", locked, name, at, reason=locked.reason)
    return locked


@transaction.atomic
def issue_briefing(
    *, area_key: str, series: Series, title: str, dispatches: Sequence[int], by: Any, at: datetime
) -> Briefing:
    """The next issue of the series with these items in this order. The database gives the number: of two who issue at
    the same moment the second waits and gets the next one; one that fails leaves no gap.

    Raises BriefingRefused when an item is not adopted, or stands in another issue by now.
    """
    name, day = acting(BRIEFING_EDIT, by, area_key), timezone.localdate(at)
    if not dispatches:
        raise BriefingRefused(_("请选择要刊登的信息。"))
    locked = {each.pk: each for each in Dispatch.objects.select_for_update().filter(pk__in=dispatches).order_by("pk")}
    ready = [locked.get(pk) for pk in dispatches]
    if any(each is None or not each.area.startswith(area_key) for each in ready):
        raise OutOfReach("campaign.dispatch")
    if any(each and (each.state != DispatchState.ADOPTED or each.briefing_id) for each in ready):
        raise BriefingRefused(_("所选信息中有的尚未采用，或已被另一期刊登。请刷新后重选。"))
    made = Briefing.objects.create(
        series=series, year=day.year, number=1, title=title.strip(), issued_on=day, issued_at=at, issued_by=name,
        **columns_of_key(area_key),
    )  # fmt: skip
    made.refresh_from_db(fields=["number"])
    for place, pk in enumerate(dispatches, 1):
        Dispatch.objects.filter(pk=pk).update(briefing=made, place=place)
    said = {"series": series, "year": made.year, "number": made.number, "items": list(dispatches)}
    seal(action="campaign.briefing_issued", by=name, subject=f"campaign.briefing:{made.pk}", data=said, at=at)
    return made


@transaction.atomic
def note_reprint(*, dispatch: Dispatch, again: Again, by: Any, at: datetime) -> Reprint:
    """A medium printed an issued item. Raises BriefingRefused for one that is in no issue, or noted already."""
    locked, name = _mine(dispatch, by)
    if not locked.briefing_id:
        raise BriefingRefused(_("印发后才能登记转载。"))
    if again.on > timezone.localdate(at):
        raise BriefingRefused(_("转载日期不能晚于今天。"))
    if Reprint.objects.filter(dispatch=locked, medium=again.medium).exists():
        raise BriefingRefused(_("%(medium)s的转载已经登记。") % {"medium": again.medium})
    made = Reprint.objects.create(
        dispatch=locked, medium=again.medium, level=again.level, reprinted_on=again.on, url=again.url, noted_by=name
    )
    _seal("campaign.reprint_noted", locked, name, at, medium=again.medium, on=again.on.isoformat())
    return made


def _mine(dispatch: Dispatch, by: Any) -> tuple[Dispatch, str]:
    """The item, locked, for who edits briefings of its area."""
    locked = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
    return locked, acting(BRIEFING_EDIT, by, locked.area)


def _seal(action: str, dispatch: Dispatch, by: str, at: datetime, **said: Any) -> None:
    data = {"unit": dispatch.unit_id, "title": dispatch.title, "state": str(dispatch.state), **said}
    seal(action=action, by=by, subject=f"campaign.dispatch:{dispatch.pk}", data=data, at=at)
