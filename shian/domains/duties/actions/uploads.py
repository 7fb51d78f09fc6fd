"""What an area reports: sent when nothing required is empty, returned or accepted above, reported upward (C-13)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.locking import locked_in
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import AreaUpload, Match, UploadState
from shian.domains.duties.permissions import UPLOAD_DECIDE, UPLOAD_SEND
from shian.domains.duties.queries.coverage import in_force
from shian.domains.duties.queries.spotchecks import level_of
from shian.domains.duties.queries.uploads import quality_of, running_upload
from shian.domains.duties.rules.visits import Quarter
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import Level, code_of_key, columns_of_key
from shian.kernel.scope.walls import system_scope


@transaction.atomic
def send_upload(*, area: str, quarter: Quarter, remark: str, by: Any, at: datetime) -> AreaUpload:
    """The quarter of a county as it stands. Refused while a required field is empty, and without a word on a target
    that is missed. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name, today = acting(UPLOAD_SEND, by, area), timezone.localdate(at)
    if level_of(area) != Level.COUNTY:
        raise DutyRefused(_("由县（市、区）上报。"))
    if quarter.last >= today:
        raise DutyRefused(_("%(quarter)s还没有结束。") % {"quarter": quarter.key})
    if running_upload(area, quarter) is not None:
        raise DutyRefused(_("%(quarter)s已经上报；要重报，先由上级退回。") % {"quarter": quarter.key})
    with system_scope():
        found = quality_of(area, quarter, today)
    if found.missing:
        raise DutyRefused(_("还有 %(count)s 处必填项为空，不能上报。") % {"count": found.missing})
    if found.unmet and not remark.strip():
        raise DutyRefused(_("有 %(count)s 项没有达到目标，请写明原因和措施。") % {"count": len(found.unmet)}, "remark")
    lines = [
        {"key": each.key, "target": str(each.target), "part": each.part, "whole": each.whole,
         "actual": None if each.actual is None else str(each.actual)}
        for each in found.lines
    ]  # fmt: skip
    made = AreaUpload.objects.create(
        area_code=code_of_key(area), quarter=quarter.key, counts=found.counts, lines=lines, remark=remark.strip(),
        sent_at=at, sent_by=name, **columns_of_key(area),
    )  # fmt: skip
    told = {"quarter": made.quarter, "counts": made.counts, "lines": lines, "remark": made.remark}
    seal(action="duties.upload_sent", by=name, subject=made.subject, data=told, at=at)
    return made


@transaction.atomic
def decide_upload(*, upload: AreaUpload, is_good: bool, note: str, by: Any, at: datetime) -> AreaUpload:
    """Accepted, or returned with the reason, by the level above and not by who sent it. Raises PermissionDenied,
    OutOfReach, DutyRefused."""
    name = acting(UPLOAD_DECIDE, by, upload.city)
    locked = locked_in(upload, UploadState.SENT)
    if locked.sent_by == name:
        raise DutyRefused(_("上报人不能审核自己的上报，请由另一人审核。"))
    if not is_good and not note.strip():
        raise DutyRefused(_("请写明退回的理由。"), "reason")
    locked.state = UploadState.ACCEPTED if is_good else UploadState.RETURNED
    locked.decided_at, locked.decided_by, locked.note = at, name, note.strip()[:300]
    locked.save(update_fields=["state", "decided_at", "decided_by", "note"])
    told = {"quarter": locked.quarter, "state": str(locked.state), "note": locked.note}
    seal(action="duties.upload_decided", by=name, subject=locked.subject, data=told, at=at)
    return locked


def counties_due(city: str, quarter: Quarter) -> list[str]:
    """Counties of the city with matches on the quarter's last day: whose return is asked for. Keys."""
    rows = Match.objects.filter(in_force(quarter.last), city=city).exclude(county="").order_by("county")
    return list(rows.values_list("county", flat=True).distinct())


@transaction.atomic
def report_uploads(*, city: str, quarter: Quarter, by: Any, at: datetime) -> int:
    """The city's return goes upward once each county's was accepted. How many. Raises PermissionDenied, OutOfReach,
    DutyRefused."""
    name = acting(UPLOAD_DECIDE, by, city)
    rows = AreaUpload.objects.select_for_update().filter(city=city, quarter=quarter.key, state=UploadState.ACCEPTED)
    accepted = {each.county: each for each in rows.order_by("county")}
    with system_scope():
        left = [key for key in counties_due(city, quarter) if key not in accepted]
    if not accepted or left:
        told = {"count": len(left), "quarter": quarter.key}
        raise DutyRefused(_("%(quarter)s还有 %(count)s 个县（市、区）没有接收，不能汇总上报。") % told)
    for each in accepted.values():
        each.state, each.reported_at, each.reported_by = UploadState.REPORTED, at, name
        each.save(update_fields=["state", "reported_at", "reported_by"])
        data = {"quarter": quarter.key, "city": city}
        seal(action="duties.upload_reported", by=name, subject=each.subject, data=data, at=at)
    return len(accepted)
