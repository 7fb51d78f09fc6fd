"""One-click reports: what this week still lacks, one press, the receipt; the office accepts or returns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.submissions import (
    SubmissionIncomplete,
    SubmissionRefused,
    accept_submission,
    return_submission,
    send_submission,
)
from shian.domains.campaign.forms.weeks import WeekReturnForm
from shian.domains.campaign.models import Submission, SubmissionState
from shian.domains.campaign.permissions import SUBMISSION_DECIDE, SUBMISSION_SEND, SUBMISSION_VIEW
from shian.domains.campaign.queries.contents import contents_of
from shian.domains.campaign.queries.submissions import own_units, standing_submission, submissions_for
from shian.domains.campaign.rules.weeks import monday_of
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import week_text
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.states import DONE, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Empty, ListQuery, Row, Table
from shian.registers.people.models import Organisation

TONES = {SubmissionState.SUBMITTED: WAITING, SubmissionState.ACCEPTED: DONE, SubmissionState.RETURNED: OVERDUE}
SUBMISSIONS = (
    Column("receipt_no", gettext_lazy("回执编号"), kind="code", is_fixed=True),
    Column("unit", gettext_lazy("单位"), is_wide=True),
    Column("week", gettext_lazy("周"), kind="week"),
    Column("state", gettext_lazy("状态")),
    Column("lines", gettext_lazy("内容"), kind="number", unit=gettext_lazy("条")),
    Column("sent_at", gettext_lazy("提报时间"), kind="moment"),
)
GAPS = (Column("kind", gettext_lazy("内容")), Column("text", gettext_lazy("缺少"), is_wide=True, is_fixed=True))
DUE = (
    Column("kind", gettext_lazy("内容"), is_fixed=True),
    Column("state", gettext_lazy("检查")),
    Column("lines", gettext_lazy("已备"), kind="number", unit=gettext_lazy("条")),
    Column("missing", gettext_lazy("缺少"), kind="number", unit=gettext_lazy("项")),
)
STEPS = frozenset({"campaign.submission_sent", "campaign.submission_accepted", "campaign.submission_returned"})


@requires(SUBMISSION_VIEW)
def submission_list(request: HttpRequest) -> HttpResponse:
    """The reports that the reader may see, the newest first; for a unit, the way to this week's."""
    query = ListQuery.read(request.GET, SUBMISSIONS)
    rows = submissions_for(request.user)
    if asked := request.GET.get("state", ""):
        rows = rows.filter(state=asked)
    newest = ListQuery("-sent", ("sent_at", "pk"), query.shown, query.after, query.before, query.is_last)
    page = keyset_page(rows.order_by(), newest)
    actions = []
    if SUBMISSION_SEND(request.user).allowed and own_units(request.user):
        actions.append(Action(_("一键提报"), reverse("campaign:submission_send"), icon="upload", kind="primary"))
    listed = ListPage(
        _("一键提报"),
        Table(SUBMISSIONS, [_row(each) for each in page.items], query=query, page=page,
              empty=Empty(_("还没有提报"), _("各单位每周把应报内容一次提报。"))),
        unit=_("份"), summary=_("本周应报的台账、佐证、进度和回复一次检查、一次提报，得到回执编号。"), actions=actions,
        crumbs=crumbs(),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": listed})


def _row(each: Submission) -> Row:
    return Row(
        {
            "receipt_no": each.receipt_no,
            "unit": each.unit.name,
            "week": each.monday,
            "state": Cell(each.get_state_display(), state=TONES[SubmissionState(each.state)], note=each.return_reason),
            "lines": sum(len(part["lines"]) for part in each.contents),
            "sent_at": each.sent_at,
        },
        url=reverse("campaign:submission_detail", args=[each.pk]),
        key=str(each.pk),
    )


@requires(SUBMISSION_SEND)
def submission_send(request: HttpRequest) -> HttpResponseBase:
    """This week's contents, checked; one press sends all of it or says what is missing and sends nothing."""
    unit = _unit(request)
    monday, now = monday_of(timezone.localdate()), timezone.now()
    if request.method == "POST":
        try:
            sent = send_submission(unit=unit, monday=monday, by=request.user, at=now)
        except SubmissionIncomplete as lacking:
            messages.error(request, str(lacking))
        except SubmissionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已提报，回执编号 %(number)s。") % {"number": sent.receipt_no})
            return redirect("campaign:submission_detail", sent.pk)
    return _checked(request, unit)


def _unit(request: HttpRequest) -> Organisation:
    """The user's own unit, or the one named among several. Raises PermissionDenied, Http404, OutOfReach."""
    units, asked = own_units(request.user), request.GET.get("unit", "")
    if not units:
        raise PermissionDenied(_("您不在任何要提报的单位，不能提报。"))
    found = next((each for each in units if each.code == asked), None) if asked else next(iter(units), None)
    if found is not None:
        return found
    if Organisation.objects.filter(code=asked).exists():
        raise OutOfReach(f"people.organisation:{asked}")
    raise Http404(asked)


def _checked(request: HttpRequest, unit: Organisation) -> HttpResponse:
    monday = monday_of(timezone.localdate())
    found, before = contents_of(unit, monday), standing_submission(unit, monday)
    gaps = [
        Row({"kind": content.title, "text": Cell(gap.text, url=gap.url)}) for content, state in found
        for gap in state.missing
    ]  # fmt: skip
    is_sent = before is not None and before.state != SubmissionState.RETURNED
    actions = []
    if before is not None:
        url = reverse("campaign:submission_detail", args=[before.pk])
        actions.append(Action(before.receipt_no, url, icon="file-text"))
    if not is_sent:
        url = f"{reverse('campaign:submission_send')}?unit={unit.code}"
        actions.append(Action(_("一键提报"), url, icon="upload", kind="primary", method="post"))
    lacking = _("还缺 %(count)s 项") % {"count": len(gaps)} if gaps else ""
    record = RecordPage(
        _("一键提报"), code=unit.name, badges=[week_text(monday)], actions=actions,
        state=DONE if is_sent else (OVERDUE if gaps else WAITING),
        state_label=_("本周已提报") if is_sent else lacking or _("可以提报"),
        crumbs=crumbs(Crumb(_("一键提报"), reverse("campaign:submission_list"))),
    )  # fmt: skip
    due = [
        Row({
            "kind": content.title, "lines": len(state.lines), "missing": len(state.missing) or None,
            "state": Cell(_("不齐"), state=OVERDUE) if state.missing else Cell(_("齐全"), state=DONE),
        }) for content, state in found
    ]  # fmt: skip
    tables = [(_("应报内容"), Table(DUE, due, id="due"))]
    if gaps:
        tables.append((_("缺少"), Table(GAPS, gaps, id="gaps")))
    return render(request, "campaign/evidence_record.html", {"record": record, "tables": tables})


def _submission(user: Any, pk: int) -> Submission:
    found = submissions_for(user).filter(pk=pk).first()
    if found is None and Submission.objects.filter(pk=pk).exists():
        raise OutOfReach(f"campaign.submission:{pk}")
    if found is None:
        raise Http404(pk)
    return found


@requires(SUBMISSION_VIEW)
def submission_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A report with its receipt: what it held, and what the office answered."""
    found = _submission(request.user, pk)
    state = SubmissionState(found.state)
    facts = [
        Fact(_("单位"), found.unit.name),
        Fact(_("周"), week_text(found.monday)),
        Fact(_("回执编号"), found.receipt_no, is_copied=True),
        Fact(_("提报时间"), found.sent_at, kind="moment", note=str(actor(found.sent_by))),
        Fact(_("接收时间"), found.decided_at, kind="moment"),
        Fact(_("退回理由"), found.return_reason),
    ]
    parts = [
        Section(part["title"], [Fact(str(number), line) for number, line in enumerate(part["lines"], 1)])
        for part in found.contents
        if part["lines"]
    ]
    record = RecordPage(
        found.receipt_no, kind=_("一键提报"), state=TONES[state], state_label=state.label,
        badges=[_("第 %(count)s 次") % {"count": found.attempt}] if found.attempt > 1 else [],
        crumbs=crumbs(Crumb(_("一键提报"), reverse("campaign:submission_list"))),
        actions=_decisions(request.user, found),
        sections=[Section(_("提报"), [each for each in facts if each.value not in (None, "")]), *parts],
        timeline=[
            TimelineEntry(deed_text(entry.action), entry.at, by=actor(entry.actor), body=entry.data.get("reason", ""),
                          seal=entry.seal, seal_url=reverse("notary:entry_detail", args=[entry.uid]))
            for entry in entries_of(f"campaign.submission:{pk}") if entry.action in STEPS
        ],
    )  # fmt: skip
    return render(request, "ui/page_record.html", {"record": record})


def _decisions(user: Any, found: Submission) -> list[Action]:
    is_keeper = SUBMISSION_DECIDE(user).allowed and reach_of(user).covers(found.area)
    if found.state == SubmissionState.SUBMITTED and is_keeper:
        accept = reverse("campaign:submission_accept", args=[found.pk])
        back = reverse("campaign:submission_return", args=[found.pk])
        return [Action(_("接收"), accept, icon="check", kind="primary", method="post"),
                Action(_("退回"), back, icon="arrow-left")]  # fmt: skip
    if found.state == SubmissionState.RETURNED and found.unit_id in reach_of(user).organisations:
        url = f"{reverse('campaign:submission_send')}?unit={found.unit_id}"
        return [Action(_("重新提报"), url, icon="upload", kind="primary")]
    return []


@requires(SUBMISSION_DECIDE)
@require_POST
def submission_accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The office accepts."""
    try:
        accept_submission(submission=_submission(request.user, pk), by=request.user, at=timezone.now())
    except SubmissionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已接收。"))
    return redirect("campaign:submission_detail", pk)


@requires(SUBMISSION_DECIDE)
def submission_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The office returns, with a reason."""
    found = _submission(request.user, pk)
    form = WeekReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return_submission(submission=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except SubmissionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已退回。"))
            return redirect("campaign:submission_detail", pk)
    url = reverse("campaign:submission_detail", args=[pk])
    page = FormPage(_("退回提报"), form, _("退回"), intro=f"{found.receipt_no} · {found.unit.name}", cancel_url=url,
                    crumbs=crumbs(Crumb(found.receipt_no, url)))  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
