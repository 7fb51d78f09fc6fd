"""The three records as files; every copy that leaves is listed."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from shian.domains.selfcontrol.definitions.papers import DAY, MONTH, WEEK, day_paper, month_paper, week_paper
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator, signer_name
from shian.domains.selfcontrol.queries.controls import record_of
from shian.domains.selfcontrol.queries.periods import meeting_of, week_of
from shian.engine.reports.paper import paper
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.portals.operator.views.frame import day_in, month_in
from shian.registers.operators.models import Operator


@requires(own_portal)
def daily_control_download(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """每日食品安全检查记录."""
    operator = own_operator(request.user, code)
    record: Any = _there(record_of(operator, day_in(day)))
    content = day_paper(record, signer_name(operator, record.recorded_by))
    return _let_out(request, Door.of_page(request), operator, content, f"{DAY} {operator.name} {day}")


@requires(own_portal)
def own_week_download(request: HttpRequest, code: str, monday: str) -> HttpResponseBase:
    """每周食品安全排查治理报告."""
    operator = own_operator(request.user, code)
    report: Any = _there(week_of(operator, day_in(monday)))
    content = week_paper(report, operator, signer_name(operator, report.signed_by))
    return _let_out(request, Door.of_page(request), operator, content, f"{WEEK} {operator.name} {monday}")


@requires(own_portal)
def own_month_download(request: HttpRequest, code: str, month: str) -> HttpResponseBase:
    """每月食品安全调度会议纪要."""
    operator = own_operator(request.user, code)
    meeting: Any = _there(meeting_of(operator, month_in(month)))
    content = month_paper(meeting, operator, signer_name(operator, meeting.signed_by))
    return _let_out(request, Door.of_page(request), operator, content, f"{MONTH} {operator.name} {month}")


def _there(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


def _let_out(request: HttpRequest, door: Door, operator: Operator, content: bytes, title: str) -> HttpResponseBase:
    answer, subject = paper(content, title, request), f"selfcontrol.operator:{operator.code}"
    return door.let_out(answer, subject=subject, title=title, at=timezone.now())
