"""What areas report: the counties of a quarter, the quality list before it is sent, the return, the city's paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.uploads import counties_due, decide_upload, report_uploads, send_upload
from shian.domains.duties.definitions.upload_papers import upload_paper
from shian.domains.duties.forms.roster import ReasonForm
from shian.domains.duties.forms.uploads import SendForm
from shian.domains.duties.models import AreaUpload, UploadState
from shian.domains.duties.permissions import DUTY_READ, UPLOAD_DECIDE, UPLOAD_SEND
from shian.domains.duties.queries.uploads import (
    Quality,
    Standing,
    quality_of,
    running_upload,
    standings,
    upload_for,
    uploads_of,
)
from shian.domains.duties.queries.visit_numbers import earliest_quarter
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tables.uploads import (
    AREAS,
    GAPS,
    LINES,
    STATE_TONES,
    area_row,
    check_url,
    gap_rows,
    line_rows,
    told_lines,
    upload_url,
)
from shian.domains.duties.views.shown import names, step_button, step_page, today
from shian.engine.reports.paper import paper, paper_actions
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level, level_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, picked_area
from shian.kernel.ui.states import DONE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import home_key
from shian.registers.areas.tables import area_picker, in_reach

OFFERED = 8


def _listed(quarter: Quarter) -> Crumb:
    return Crumb(_("数据上报"), f"{reverse('duties:filing_list')}?quarter={quarter.key}")


def _quarters() -> list[Quarter]:
    """Those that are over, the newest first."""
    found: list[Quarter] = []
    quarter = Quarter.of(today()).former
    while quarter >= earliest_quarter() and len(found) < OFFERED:
        found.append(quarter)
        quarter = quarter.former
    return found


def _read(request: HttpRequest) -> Quarter:
    offered = _quarters()
    return next((each for each in offered if each.key == request.GET.get("quarter")), offered[0])


def _bar(quarter: Quarter, area: Any = None) -> FilterBar:
    offered = _quarters()
    options = [Option(each.key, each.key) for each in offered]
    return FilterBar([Filter("quarter", _("季度"), options=options, value=quarter.key, default=offered[0].key)], area)


@requires(DUTY_READ)
def filing_list(request: HttpRequest) -> HttpResponse:
    """Every county of the reader with its return of the quarter, or what stands in the way of one."""
    user, quarter, named = request.user, _read(request), names()
    reach, home = reach_of(user), home_key(user, today())
    city = home[: KEY_WIDTH[Level.CITY]]
    sent: dict[str, AreaUpload] = {}
    for each in uploads_of(user, quarter):
        sent.setdefault(each.county, each)
    told = standings(city, quarter, today()) if city else {}
    rows = [
        area_row(area, named.get(area, area), sent.get(area), told.get(area, Standing(0, 0)), quarter)
        for area in counties_due(city, quarter)
        if reach.covers(area)
    ]
    empty = Empty(_("这里没有要上报的县（市、区）"), _("有包保对接的县（市、区）按季度上报。"))
    page = ListPage(
        _("数据上报"), Table(AREAS, rows, empty=empty), unit=_("个县（市、区）"), filters=_bar(quarter),
        actions=_list_actions(user, city, quarter, list(sent.values())),
        summary=_("必填项齐全才能上报；上级审核接收后，市级汇总上报。"),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


def _list_actions(user: Any, city: str, quarter: Quarter, sent: list[AreaUpload]) -> list[Action]:
    good = [each for each in sent if each.state in {UploadState.ACCEPTED, UploadState.REPORTED}]
    told = f"?quarter={quarter.key}"
    found = paper_actions(_("下载汇总报告"), reverse("duties:filing_download") + told) if good else []
    if not (city and UPLOAD_DECIDE(user).allowed and reach_of(user).covers(city)):
        return found
    if any(each.state == UploadState.ACCEPTED for each in sent):
        asked = _("各县（市、区）都已接收才能上报；上报后不再退回。")
        found.append(Action(_("汇总上报"), reverse("duties:filing_report") + told, icon="arrow-up", kind="primary",
                            method="post", consequence=asked))  # fmt: skip
    return found


def _county(request: HttpRequest) -> str:
    """The county that the address tells, else the own one; "" for none. Raises OutOfReach."""
    area = in_reach(request.user, picked_area(request.GET.getlist("area"))) or home_key(request.user, today())
    return area if area and level_of_key(area) == Level.COUNTY and reach_of(request.user).covers(area) else ""


@requires(UPLOAD_SEND)
def filing_check(request: HttpRequest) -> HttpResponse:
    """What is empty, row by row and field by field, before anything is sent; and targets against what was reached."""
    quarter, area = _read(request), _county(request)
    found = quality_of(area, quarter, today()) if area else None
    running = running_upload(area, quarter) if area else None
    empty = Empty(_("必填项都已填写"), _("可以上报。")) if area else Empty(_("请选择县（市、区）"))
    bar = _bar(quarter, area_picker(request.user, area, today()))
    page = ListPage(
        _("上报前检查"), Table(GAPS, gap_rows(found.gaps) if found else [], empty=empty),
        count=found.missing if found else 0, unit=_("处为空"), filters=bar,
        crumbs=[_listed(quarter)], actions=_check_actions(found, running, area, quarter),
        summary=_("逐行逐列列出为空的必填项，填好以后才能上报。"),
    )  # fmt: skip
    tables = [(_("目标和实际"), Table(LINES, line_rows(told_lines(found), area, quarter), id="lines"))] if found else []
    context = {"list": page, "stats": _stats(found) if found else [], "notes": _check_notes(found, running),
               "tables": tables}  # fmt: skip
    return render(request, "ui/page_overview.html", context)


def _stats(found: Quality) -> list[Stat]:
    return [
        Stat(_("必填项为空"), found.missing, unit=_("处"), state=OVERDUE if found.missing else DONE,
             state_label=_("不能上报") if found.missing else _("齐全")),
        Stat(_("未达目标"), len(found.unmet), unit=_("项"), state=OVERDUE if found.unmet else DONE,
             state_label=_("须写明原因") if found.unmet else _("都已达到")),
    ]  # fmt: skip


def _check_notes(found: Quality | None, running: AreaUpload | None) -> list[Callout]:
    if running is not None:
        url = Action(_("查看上报"), upload_url(running))
        return [
            Callout(
                _("这个季度已经上报：%(state)s") % {"state": running.get_state_display()}, state=DONE, actions=[url]
            )
        ]
    if found and found.missing > len(found.gaps):
        told = _("只列出前 %(shown)s 处，共 %(count)s 处。")
        return [Callout(told % {"shown": len(found.gaps), "count": found.missing})]
    return []


def _check_actions(found: Quality | None, running: AreaUpload | None, area: str, quarter: Quarter) -> list[Action]:
    if found is None or found.missing or running is not None:
        return []
    url = f"{reverse('duties:filing_send')}?area={area}&quarter={quarter.key}"
    return [Action(_("上报"), url, icon="arrow-up", kind="primary")]


@requires(UPLOAD_SEND)
def filing_send(request: HttpRequest) -> HttpResponseBase:
    """Send the return of a county."""
    quarter, area = _read(request), _county(request)
    if not area:
        raise Http404("no county")
    form = SendForm(request.POST or None)
    made: list[AreaUpload] = []

    def step() -> str:
        remark = form.cleaned_data["remark"]
        made.append(send_upload(area=area, quarter=quarter, remark=remark, by=request.user, at=timezone.now()))
        return _("已上报，待上级审核。")

    back = check_url(area, quarter)
    page = FormPage(
        _("上报"), form, _("上报"), cancel_url=back, crumbs=[_listed(quarter), Crumb(_("上报前检查"), back)],
        intro=_("%(area)s %(quarter)s") % {"area": names().get(area, area), "quarter": quarter.key},
        consequence=_("上报的数字即时固定；要改，由上级退回后重报。"),
    )  # fmt: skip
    answer = step_page(request, page, step, back)
    return redirect(upload_url(made[0])) if made else answer


@requires(DUTY_READ)
def filing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One return as it was sent, and what became of it."""
    upload, named = upload_for(request.user, pk), names()
    state, quarter = UploadState(upload.state), Quarter.read(upload.quarter)
    facts = [
        Fact(_("区划"), named.get(upload.county, upload.county)), Fact(_("季度"), upload.quarter),
        Fact(_("未达目标的说明"), upload.remark), Fact(_("上报人"), actor(upload.sent_by)),
        Fact(_("上报时间"), upload.sent_at, kind="moment"),
        Fact(_("审核人"), actor(upload.decided_by) if upload.decided_by else None),
        Fact(_("审核时间"), upload.decided_at, kind="moment"), Fact(_("审核意见"), upload.note),
        Fact(_("汇总上报时间"), upload.reported_at, kind="moment"),
    ]  # fmt: skip
    page = RecordPage(
        _("%(area)s %(quarter)s 数据上报") % {"area": named.get(upload.county, ""), "quarter": upload.quarter},
        kind=_("数据上报"), state=STATE_TONES[state], state_label=state.label, crumbs=[_listed(quarter)],
        actions=_actions(request.user, upload), timeline=timeline_of(upload.subject),
        sections=[Section(_("上报"), [fact for fact in facts if fact.value not in (None, "")])],
    )  # fmt: skip
    rows = line_rows(upload.lines, upload.county, quarter)
    tables = [(_("目标和实际（上报时）"), Table(LINES, rows, id="lines", empty=Empty(_("没有指标"))))]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": [], "tables": tables})


def _actions(user: Any, upload: AreaUpload) -> list[Action]:
    if upload.state == UploadState.RETURNED and UPLOAD_SEND(user).allowed and reach_of(user).covers(upload.county):
        return [Action(_("重新检查"), check_url(upload.county, Quarter.read(upload.quarter)), icon="list-check")]
    may = UPLOAD_DECIDE(user).allowed and reach_of(user).covers(upload.city)
    if upload.state != UploadState.SENT or not may or upload.sent_by == user.get_username():
        return []
    accept, back = (reverse(f"duties:filing_{name}", args=[upload.pk]) for name in ("accept", "return"))
    return [Action(_("接收"), accept, icon="check", kind="primary", method="post"),
            Action(_("退回"), back, icon="arrow-left", kind="danger-quiet")]  # fmt: skip


@requires(UPLOAD_DECIDE)
@require_POST
def filing_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """It is good."""
    upload = upload_for(request.user, pk)

    def step() -> None:
        decide_upload(upload=upload, is_good=True, note="", by=request.user, at=timezone.now())

    return step_button(request, step, _("已接收。"), upload_url(upload))


@requires(UPLOAD_DECIDE)
def filing_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to the county, with the reason."""
    upload = upload_for(request.user, pk)
    if upload.state != UploadState.SENT:
        raise Http404(str(pk))
    form = ReasonForm(request.POST or None)

    def step() -> str:
        reason = form.cleaned_data["reason"]
        decide_upload(upload=upload, is_good=False, note=reason, by=request.user, at=timezone.now())
        return _("已退回。")

    crumbs = [_listed(Quarter.read(upload.quarter))]
    page = FormPage(_("退回上报"), form, _("退回"), cancel_url=upload_url(upload), crumbs=crumbs)
    return step_page(request, page, step, upload_url(upload))


@requires(UPLOAD_DECIDE)
@require_POST
def filing_report(request: HttpRequest) -> HttpResponse:
    """The city's return goes upward."""
    quarter, city = _read(request), home_key(request.user, today())[: KEY_WIDTH[Level.CITY]]

    def step() -> None:
        report_uploads(city=city, quarter=quarter, by=request.user, at=timezone.now())

    return step_button(request, step, _("已汇总上报。"), f"{reverse('duties:filing_list')}?quarter={quarter.key}")


@requires(DUTY_READ)
def filing_download(request: HttpRequest) -> HttpResponseBase:
    """The paper over the accepted returns that the reader sees; every copy that leaves is listed."""
    quarter, city = _read(request), home_key(request.user, today())[: KEY_WIDTH[Level.CITY]]
    good = [UploadState.ACCEPTED, UploadState.REPORTED]
    uploads = list(uploads_of(request.user, quarter).filter(state__in=good).order_by("county"))
    title = f"{_('两个责任落实情况报告')}-{quarter.key}"
    answer = paper(upload_paper(uploads, quarter, city, names()), title, request)
    subject = f"duties.upload:{quarter.key}"
    return Door.of_page(request).let_out(answer, subject=subject, title=title, rows=len(uploads), at=timezone.now())
