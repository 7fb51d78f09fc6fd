"""Standing still and going on, merging, noting: verbs that every type has."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, go_on, pause, running
from shian.engine.cases.actions.moving import drop_request, has_open_parts
from shian.engine.cases.actions.requests import acting_for, record_request
from shian.engine.cases.actions.sealing import CaseRefused, show, write
from shian.engine.cases.declarations import CaseType
from shian.engine.cases.events import CaseMoved
from shian.engine.cases.models import Case, CaseClock
from shian.engine.cases.rules import Side
from shian.kernel.events.bus import publish


@transaction.atomic
def suspend_case(*, case: Case, seen: int, reason: str, by: Any, at: datetime) -> None:
    """The clocks stand still from today on; the issuer says why. Raises CaseChanged, CaseRefused."""
    _need(reason)
    name, unit = acting_for(case, by, Side.ISSUER)
    clocks = [each for each in running(case) if not each.paused_on]
    if not clocks:
        raise CaseRefused(_("此事项没有正在走的期限。"))
    write(case, seen, {}, at)
    for clock in clocks:
        pause(clock, timezone.localdate(at))
    show(case, due_of(case, running(case)))
    record_request(case, "suspend", name, unit, reason.strip(), {}, at)


@transaction.atomic
def resume_case(*, case: Case, seen: int, by: Any, at: datetime) -> None:
    """The clocks go on from today; the days since the suspension do not count. Raises CaseChanged, CaseRefused."""
    name, unit = acting_for(case, by, Side.ISSUER)
    clocks = list(CaseClock.objects.filter(case=case, stopped_at__isnull=True, paused_on__isnull=False))
    if not clocks:
        raise CaseRefused(_("此事项的期限没有中止。"))
    write(case, seen, {}, at)
    for clock in clocks:
        go_on(clock, timezone.localdate(at))
    show(case, due_of(case, running(case)))
    record_request(case, "resume", name, unit, "", {}, at)


@transaction.atomic
def merge_case(*, declared: CaseType, case: Case, seen: int, into: Case, reason: str, by: Any, at: datetime) -> None:
    """The case ends in another open one of its type and area, which names it. Raises CaseChanged, CaseRefused."""
    _need(reason)
    name, unit = acting_for(case, by, Side.ISSUER)
    # both at once and in one order, so that two merges of the same two never wait for each other
    list(Case.objects.select_for_update().filter(pk__in=[case.pk, into.pk]).order_by("pk").values_list("pk"))
    if into.pk == case.pk or into.type != case.type or not into.is_open or into.merged_into_id:
        raise CaseRefused("", into=_("只能并入另一件同类的未办结事项。"))
    if has_open_parts(case):
        raise CaseRefused(_("还有未办结的下级事项，不能并案。"))
    ended = next(each.key for each in declared.states if not each.is_open)
    changes = {
        "merged_into_id": into.pk,
        "is_open": False,
        "closed_at": at,
        "state": ended,
        "turn": "",
        "asked_unit": "",
    }
    write(case, seen, {**changes, "next_rung_on": None}, at)
    CaseClock.objects.filter(case=case, stopped_at__isnull=True).update(stopped_at=at)
    drop_request(case, name, at)
    record_request(case, "merge", name, unit, reason.strip(), {"into": into.number}, at)
    publish(CaseMoved(case.pk, case.type, "merge", case.state, False, True, name, at))
    write(into, into.version, {}, at)
    record_request(into, "absorb", name, unit, reason.strip(), {"merged": case.number}, at)


@transaction.atomic
def note_case(*, case: Case, seen: int, text: str, by: Any, at: datetime) -> None:
    """Write something down on the timeline. Raises CaseChanged, CaseRefused."""
    if not text.strip():
        raise CaseRefused("", note=_("请写明情况。"))
    name, unit = acting_for(case, by, Side.UNIT, Side.ISSUER, Side.VERIFIER)
    write(case, seen, {}, at)
    record_request(case, "note", name, unit, text.strip(), {}, at)


def _need(reason: str) -> None:
    if not reason.strip():
        raise CaseRefused("", reason=_("请写明理由。"))
