"""Reported batches: the list, taking one, one with its steps, then compared with now."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.exchange import actions
from shian.engine.exchange.declarations import all_reports
from shian.engine.exchange.forms import ReasonForm, ReportForm
from shian.engine.exchange.models import ReportBatch, ReportState
from shian.engine.exchange.permissions import EXCHANGE_READ, REPORT_SEND
from shian.engine.exchange.queries import batches_of, compare, personal_of, problems_of
from shian.engine.exchange.tables import (
    BATCHES,
    DIFFERENCES,
    PROBLEMS,
    STATES,
    TOTALS,
    batch_row,
    difference_row,
    problem_rows,
    report_title,
    total_rows,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_choices

LEVELS = ("city", "county")
SHOWN_PROBLEMS = 100
SHOWN_DIFFERENCES = 500
UNTAKEN = {ReportState.ASKED, ReportState.FAILED}
VERBS: dict[str, tuple[Callable[..., ReportBatch], str]] = {
    "check": (actions.check_report, "reason"),
    "send": (actions.send_report, ""),
    "accept": (actions.accept_report, "receipt_no"),
    "return": (actions.return_report, "errors"),
}


@requires(EXCHANGE_READ)
def batch_list(request: HttpRequest) -> HttpResponse:
    query = ListQuery.read(request.GET, BATCHES, default_sort="-taken_at")
    page = keyset_page(batches_of(request.user).order_by(), query)
    names = area_names(timezone.localdate())
    new = Action(_("取数"), reverse("exchange:batch_create"), icon="database", kind="primary")
    empty = Empty(_("还没有报送过"), _("选定报送、区划和日期取数，核对后报送并登记回执。"))
    listed = ListPage(
        _("数据报送"),
        Table(BATCHES, [batch_row(each, names) for each in page.items], query=query, page=page, empty=empty),
        unit=_("批"),
        summary=_("取数即冻结；报送后随时可与现在的登记数据核对。"),
        actions=[new] if REPORT_SEND(request.user).allowed else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(REPORT_SEND)
def batch_create(request: HttpRequest) -> HttpResponse:
    corrected = _corrected(request)
    initial = {"report": corrected.report, "area": code_of_key(corrected.area_key)} if corrected else {}
    form = ReportForm(
        request.POST or None, areas=area_choices(request.user, LEVELS, timezone.localdate()), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            batch = actions.ask_report(
                key=told["report"], area=told["area"], as_of=told["as_of"], by=request.user, at=timezone.now(),
                corrects=corrected,
            )  # fmt: skip
        except actions.BatchRefused as refusal:
            form.add_error("as_of", str(refusal))
        else:
            return redirect("exchange:batch_detail", batch.pk)
    page = FormPage(
        _("取数"),
        form,
        _("取数并检查"),
        intro=_("由后台按数据时点从登记簿取数并冻结，列出缺项；此后登记数据变动不影响这一批。"),
        cancel_url=reverse("exchange:batch_list"),
        crumbs=[Crumb(_("数据报送"), reverse("exchange:batch_list"))],
        hidden={"corrects": str(corrected.pk)} if corrected else {},
    )
    return render(request, "ui/page_form.html", {"page": page})


def _corrected(request: HttpRequest) -> ReportBatch | None:
    number = request.POST.get("corrects") or request.GET.get("corrects") or ""
    return batches_of(request.user).filter(pk=number).first() if number.isdecimal() else None


def _batch(request: HttpRequest, number: int) -> ReportBatch:
    found: ReportBatch = ReportBatch.objects.select_related("file").get_visible(request.user, pk=number)
    return found


@requires(EXCHANGE_READ)
def batch_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: what was counted, what is missing, what comes next."""
    batch = _batch(request, number)
    if getattr(request, "htmx", False):
        answer = render(request, "exchange/batch_detail.html#progress", {"batch": batch})
        if not batch.work:
            answer["HX-Refresh"] = "true"
        return answer
    names = area_names(batch.as_of)
    page = RecordPage(
        report_title(batch.report),
        code=code_of_key(batch.area_key),
        kind=_("数据报送"),
        state=STATES[ReportState(batch.state)],
        state_label=batch.get_state_display(),
        badges=[names.get(batch.area_key, batch.area_key), str(batch.as_of)],
        crumbs=[Crumb(_("数据报送"), reverse("exchange:batch_list"))],
        actions=_actions(request.user, batch),
        sections=[_facts(batch), _totals(batch)],
        timeline=_timeline(batch),
    )
    problems = Table(PROBLEMS, problem_rows(problems_of(batch, SHOWN_PROBLEMS)), id="problems")
    context = {"record": page, "batch": batch, "problems": problems, "steps": _steps(request.user, batch)}
    return render(request, "exchange/batch_detail.html", context)


def _actions(user: Any, batch: ReportBatch) -> list[Action]:
    found = []
    if batch.state not in UNTAKEN:
        found.append(Action(_("与现在核对"), reverse("exchange:batch_rows", args=[batch.pk]), icon="scale"))
    if batch.file is not None:
        found.append(Action(_("下载"), reverse("exchange:batch_download", args=[batch.pk]), icon="download"))
    if not REPORT_SEND(user).allowed or batch.work:
        return found
    if batch.state == ReportState.CHECKED:
        text = _("报送后这一批不能再改动；收到的回执或退回意见另行登记。")
        url = reverse("exchange:batch_send", args=[batch.pk])
        found.insert(0, Action(_("报送"), url, icon="file-export", kind="primary", method="post", consequence=text))
    if batch.state in {ReportState.RETURNED, ReportState.FAILED} or (
        batch.state == ReportState.TAKEN and batch.problem_rows
    ):
        url = f"{reverse('exchange:batch_create')}?corrects={batch.pk}"
        found.insert(0, Action(_("重新取数"), url, icon="refresh", kind="primary"))
    return found


def _steps(user: Any, batch: ReportBatch) -> list[dict[str, Any]]:
    """The forms of the next steps: address, field, button."""
    if not REPORT_SEND(user).allowed:
        return []
    if batch.state == ReportState.TAKEN:
        label = _("带缺项报送的理由") if batch.problem_rows else ""
        return [_step("batch_check", batch, label, _("核对通过"))]
    if batch.state == ReportState.SENT:
        accepted = _step("batch_accept", batch, _("回执编号"), _("登记回执"))
        return [accepted, _step("batch_return", batch, _("退回原因"), _("登记退回"))]
    return []


def _step(name: str, batch: ReportBatch, label: str, button: str) -> dict[str, Any]:
    form = ReasonForm(label=label, auto_id=f"{name}-%s") if label else None
    return {"url": reverse(f"exchange:{name}", args=[batch.pk]), "form": form, "button": button}


def _facts(batch: ReportBatch) -> Section:
    declared = all_reports().get(batch.report)
    facts = [
        Fact(_("数据时点"), batch.as_of, kind="date"),
        Fact(_("行数"), batch.rows_count, kind="number"),
        Fact(_("有缺项的行"), batch.problem_rows, kind="number"),
        Fact(_("带缺项报送的理由"), batch.gaps_reason),
        Fact(_("更正"), _("第 %(number)s 批") % {"number": batch.corrects_id} if batch.corrects_id else "",
             url=reverse("exchange:batch_detail", args=[batch.corrects_id]) if batch.corrects_id else ""),
        Fact(_("报送时间"), batch.sent_at, kind="moment"),
        Fact(_("报送人"), actor(batch.sent_by)),
        Fact(_("回执编号"), batch.receipt_no, kind="code"),
        Fact(_("退回原因"), batch.errors),
        Fact(_("文件校验值（SHA-256）"), batch.file.sha256 if batch.file else "", kind="code", is_copied=True),
    ]  # fmt: skip
    return Section(
        _("概况"), [fact for fact in facts if fact.value not in (None, "")], note=declared.note if declared else ""
    )


def _totals(batch: ReportBatch) -> Section:
    return Section(_("合计"), [Fact(each["title"], each["value"], kind="number") for each in batch.totals])


def _timeline(batch: ReportBatch) -> list[TimelineEntry]:
    words = {
        "exchange.asked": _("申请取数"), "exchange.failed": _("没有完成"), "exchange.taken": _("取数并冻结"),
        "exchange.checked": _("核对通过"), "exchange.send_asked": _("申请报送"), "exchange.sent": _("报送"),
        "exchange.accepted": _("登记回执"), "exchange.returned": _("登记退回"),
    }  # fmt: skip
    return [
        TimelineEntry(words[entry.action], entry.at, by=actor(entry.actor), seal=entry.seal)
        for entry in entries_of(f"exchange.reportbatch:{batch.pk}")
        if entry.action in words
    ]


@requires(EXCHANGE_READ)
def batch_rows(request: HttpRequest, number: int) -> HttpResponse:
    """The totals then and now, and the rows that make the difference."""
    batch = _batch(request, number)
    if batch.state in UNTAKEN:
        raise Http404(str(batch))
    try:
        found = compare(batch, timezone.localdate())
    except LookupError:
        raise Http404(batch.report) from None
    rows = [difference_row(each) for each in found.differences[:SHOWN_DIFFERENCES]]
    empty = Empty(_("没有差异"), _("按同一数据时点重新统计，每一行都与报送时一致。"))
    page = ListPage(
        _("%(report)s · 与现在核对") % {"report": report_title(batch.report)},
        Table(DIFFERENCES, rows, empty=empty),
        count=len(found.differences),
        unit=_("处差异"),
        summary=_("数据时点 %(day)s；只列出前 %(shown)s 处。") % {"day": batch.as_of, "shown": SHOWN_DIFFERENCES},
        crumbs=[
            Crumb(_("数据报送"), reverse("exchange:batch_list")),
            Crumb(report_title(batch.report), reverse("exchange:batch_detail", args=[batch.pk])),
        ],
    )
    totals = Table(TOTALS, total_rows(found.totals), caption=_("合计"), id="totals")
    return render(request, "exchange/batch_rows.html", {"list": page, "totals": totals})


@requires(REPORT_SEND)
@require_POST
def batch_step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """The next step of a batch; a refusal is told on its page."""
    verb, argument = VERBS[step]
    told = {argument: request.POST.get("text", "")} if argument else {}
    try:
        verb(batch=_batch(request, number), by=request.user, at=timezone.now(), **told)
    except actions.BatchRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("exchange:batch_detail", number)


@requires(EXCHANGE_READ)
def batch_download(request: HttpRequest, number: int) -> HttpResponseBase:
    batch = _batch(request, number)
    if batch.file is None:
        raise Http404(str(batch))
    return Door.of_page(request).let_out_stored(
        batch.file,
        batch.file.name,
        subject=f"exchange.reportbatch:{batch.pk}",
        title=str(report_title(batch.report)),
        rows=batch.rows_count,
        personal=personal_of(batch.report),
        is_masked=False,
        at=timezone.now(),
    )
