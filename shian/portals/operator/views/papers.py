"""The three records as files; every copy that leaves is listed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from shian.domains.selfcontrol.definitions.papers import DAY, MONTH, WEEK, day_paper, month_paper, week_paper
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator, signer_name
from shian.domains.selfcontrol.queries.controls import record_of
from shian.domains.selfcontrol.queries.periods import meeting_of, week_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.portals.operator.views.frame import day_in, month_in
from shian.registers.operators.models import Operator

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@requires(own_portal)
def daily_control_download(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """每日食品安全检查记录."""
    operator = own_operator(request.user, code)
    record: Any = _there(record_of(operator, day_in(day)))
    paper = day_paper(record, signer_name(operator, record.recorded_by))
    return _let_out(Door.of_page(request), operator, paper, f"{DAY} {operator.name} {day}")


@requires(own_portal)
def own_week_download(request: HttpRequest, code: str, monday: str) -> HttpResponseBase:
    """每周食品安全排查治理报告."""
    operator = own_operator(request.user, code)
    report: Any = _there(week_of(operator, day_in(monday)))
    paper = week_paper(report, operator, signer_name(operator, report.signed_by))
    return _let_out(Door.of_page(request), operator, paper, f"{WEEK} {operator.name} {monday}")


@requires(own_portal)
def own_month_download(request: HttpRequest, code: str, month: str) -> HttpResponseBase:
    """每月食品安全调度会议纪要."""
    operator = own_operator(request.user, code)
    meeting: Any = _there(meeting_of(operator, month_in(month)))
    paper = month_paper(meeting, operator, signer_name(operator, meeting.signed_by))
    return _let_out(Door.of_page(request), operator, paper, f"{MONTH} {operator.name} {month}")


def _there(found: Any) -> Any:
    if found is None:
        raise Http404
    return found


def _let_out(door: Door, operator: Operator, content: bytes, title: str) -> HttpResponseBase:
    answer = HttpResponse(content, content_type=DOCX)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.docx")
    subject = f"selfcontrol.operator:{operator.code}"
    return door.let_out(answer, subject=subject, title=title, at=timezone.now())
