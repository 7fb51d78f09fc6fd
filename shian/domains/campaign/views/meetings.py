"""Meetings and circulars: the list with counts per mechanism, agenda, decisions, minutes, receipts."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.meetings import (
    MeetingRefused,
    Plan,
    acknowledge_minutes,
    add_topic,
    decide,
    freeze_agenda,
    issue_minutes,
    schedule_meeting,
)
from shian.domains.campaign.forms.meetings import DecisionForm, MeetingForm, MinutesForm, TopicForm
from shian.domains.campaign.models import Mechanism, Meeting, MeetingState
from shian.domains.campaign.permissions import MEETING_HOLD, MEETING_READ
from shian.domains.campaign.queries.meetings import (
    agenda_items,
    attendance_of,
    counts_by_mechanism,
    decisions_of,
    meetings_for,
    opened_by,
    own_attendance,
    would_be_agenda,
)
from shian.domains.campaign.queries.weeks import reporting_units
from shian.domains.campaign.tables.meetings import (
    AGENDA,
    DECISIONS,
    MEETINGS,
    RECEIPTS,
    agenda_row,
    decision_row,
    meeting_row,
    meeting_state,
    preview_row,
    receipt_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.choices import owner_choices, unit_choices
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import (
    Action,
    Crumb,
    Fact,
    Filter,
    FilterBar,
    Option,
    Section,
    Stat,
    TimelineEntry,
    picked_year,
)
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import home_key
from shian.registers.people.models import Organisation, Person

DEEDS = frozenset(
    {
        "campaign.meeting_scheduled",
        "campaign.topic_added",
        "campaign.agenda_frozen",
        "campaign.decided",
        "campaign.minutes_issued",
        "campaign.minutes_acknowledged",
    }
)


@requires(MEETING_READ)
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings and circulars of a year, with how many each mechanism has had."""
    today = timezone.localdate()
    asked, year = request.GET.get("mechanism", ""), picked_year(request.GET.get("year", "")) or today.year
    mechanism = asked if asked in Mechanism.values else ""
    rows = meetings_for(request.user).filter(held_on__range=(date(year, 1, 1), date(year, 12, 31)))
    rows = rows.filter(mechanism=mechanism) if mechanism else rows
    read = Count("attendance", filter=Q(attendance__read_at__isnull=False))
    query = ListQuery.read(request.GET, MEETINGS, default_sort="-held_on")
    page = keyset_page(rows.annotate(members=Count("attendance"), read=read), query)
    listed = ListPage(
        _("会议和通报"),
        Table(MEETINGS, [meeting_row(each) for each in page.items], query=query, page=page,
              empty=Empty(_("这一年没有会议"), _("周五调度会由系统按周安排，其他会议由创建办安排。"))),
        unit=pgettext("list", "次"),
        summary=_("议程来自逾期事项、督办卡和未办结的决定；决定即为任务，纪要由参加单位签收。"),
        crumbs=crumbs(),
        filters=_filters(mechanism, year, today),
        actions=[Action(_("安排会议"), reverse("campaign:meeting_create"), icon="plus", kind="primary")]
        if MEETING_HOLD(request.user).allowed else [],
    )  # fmt: skip
    counts = counts_by_mechanism(request.user, year)
    stats = [Stat(each.label, counts[each.value], unit=pgettext("list", "次")) for each in Mechanism]
    return render(request, "campaign/week_detail.html", {"list": listed, "stats": stats})


def _filters(mechanism: str, year: int, today: date) -> FilterBar:
    kinds = [Option(each.value, each.label) for each in Mechanism]
    years = [Option(str(each), str(each)) for each in range(today.year, today.year - 6, -1)]
    return FilterBar([
        Filter("mechanism", _("机制"), options=kinds, value=mechanism),
        Filter("year", _("年份"), options=years, value=str(year), default=str(today.year)),
    ])  # fmt: skip


def _meeting(user: Any, pk: int) -> Meeting:
    found = meetings_for(user).filter(pk=pk).first()
    if found is None:
        if Meeting.objects.filter(pk=pk).exists():
            raise OutOfReach(f"campaign.meeting:{pk}")
        raise Http404(pk)
    return found


@requires(MEETING_READ)
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: its agenda (or what it would be now), decisions, minutes and receipts; printable."""
    meeting, today = _meeting(request.user, pk), timezone.localdate()
    label, tone = meeting_state(meeting)
    page = RecordPage(
        meeting.title, kind=meeting.get_mechanism_display(), state=tone, state_label=label,
        crumbs=crumbs(Crumb(_("会议和通报"), reverse("campaign:meeting_list"))),
        actions=_actions(request.user, meeting), sections=[_facts(meeting)], timeline=_timeline(meeting),
    )  # fmt: skip
    is_issued = meeting.state == MeetingState.ISSUED
    receipts = [receipt_row(each, is_issued=is_issued) for each in attendance_of(meeting)]
    context = {
        "record": page,
        "meeting": meeting,
        "agenda": _agenda(request.user, meeting, today),
        "decisions": _decisions(request.user, meeting, today),
        "receipts": Table(RECEIPTS, receipts, id="receipts"),
    }  # fmt: skip
    return render(request, "campaign/meeting_detail.html", context)


def _decisions(user: Any, meeting: Meeting, today: date) -> Table:
    found = decisions_of(meeting)
    opened = opened_by(user, [each.case_id for each in found])
    rows = [decision_row(each, today, opened) for each in found]
    return Table(DECISIONS, rows, id="decisions", empty=Empty(_("还没有决定")))


def _agenda(user: Any, meeting: Meeting, today: date) -> Table | None:
    """The frozen agenda; before that, what it would hold now and the topics that were added."""
    if meeting.mechanism == Mechanism.EXCHANGE:
        return None
    items, points = agenda_items(meeting), []
    if meeting.state == MeetingState.SCHEDULED:
        points = would_be_agenda(meeting)
    opened = opened_by(user, [*(each.case_id for each in items), *(case.pk for _reason, case in points)])
    rows = [preview_row(number, *point, today, opened) for number, point in enumerate(points, 1)]
    rows += [agenda_row(each, today, opened) for each in items]
    return Table(AGENDA, rows, empty=Empty(_("没有逾期事项和未办结的决定")), id="agenda")


def _facts(meeting: Meeting) -> Section:
    facts = [
        Fact(_("日期"), meeting.held_on, kind="date"), Fact(_("地点"), meeting.place), Fact(_("主持"), meeting.chair),
        Fact(_("印发时间"), meeting.issued_at, kind="moment"),
    ]  # fmt: skip
    return Section(_("会议"), [each for each in facts if each.value])


def _timeline(meeting: Meeting) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            deed_text(entry.action), entry.at, by=actor(entry.actor),
            body=entry.data.get("text") or entry.data.get("task") or "", seal=entry.seal,
            seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(f"campaign.meeting:{meeting.pk}")
        if entry.action in DEEDS
    ]  # fmt: skip


def _actions(user: Any, meeting: Meeting) -> list[Action]:
    found = [Action(_("打印"), "#print", icon="printer")]
    if MEETING_HOLD(user).allowed and reach_of(user).covers(meeting.area):
        found += _keepers(meeting)
    if meeting.state == MeetingState.ISSUED and own_attendance(user, meeting).filter(read_at__isnull=True).exists():
        url = reverse("campaign:meeting_acknowledge", args=[meeting.pk])
        found.append(Action(_("签收"), url, icon="check", kind="primary", method="post"))
    return found


def _keepers(meeting: Meeting) -> list[Action]:
    url = {name: reverse(f"campaign:{name}", args=[meeting.pk])
           for name in ("topic_add", "agenda_close", "decision_add", "minutes_publish")}  # fmt: skip
    minutes = Action(_("印发纪要"), url["minutes_publish"], icon="file-text", kind="primary")
    if meeting.mechanism == Mechanism.EXCHANGE:
        return [] if meeting.state == MeetingState.ISSUED else [minutes]
    if meeting.state == MeetingState.SCHEDULED:
        text = _("议程确定后不再随事项变化。")
        freeze = Action(
            _("确定议程"), url["agenda_close"], icon="lock", kind="primary", method="post", consequence=text
        )
        return [Action(_("增加议题"), url["topic_add"], icon="plus"), freeze]
    decision = Action(_("记录决定"), url["decision_add"], icon="plus", kind="primary")
    return [decision] if meeting.state == MeetingState.ISSUED else [decision, minutes]


@requires(MEETING_HOLD)
def meeting_create(request: HttpRequest) -> HttpResponseBase:
    """A meeting or circular with its member units; all of the campaign's units are ticked to begin with."""
    today, key = timezone.localdate(), home_key(request.user, timezone.localdate())
    members = [each.code for each in reporting_units(key, today)] if key else []
    form = MeetingForm(request.POST or None, units=unit_choices(request.user, today),
                       initial={"units": members, "held_on": today})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        plan = Plan(Mechanism(told["mechanism"]), told["title"], told["held_on"], told["place"], told["chair"],
                    told["minutes"])  # fmt: skip
        units = list(Organisation.objects.filter(code__in=told["units"]))
        try:
            made = schedule_meeting(area_key=key, plan=plan, units=units, by=request.user, at=timezone.now())
        except MeetingRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("campaign:meeting_detail", made.pk)
    return _form_page(request, None, form, _("安排会议"), "")


@requires(MEETING_HOLD)
def topic_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A topic beside what comes by itself."""
    meeting, form = _meeting(request.user, pk), TopicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, who = form.cleaned_data, {"by": request.user, "at": timezone.now()}
        if _done(form, add_topic, meeting=meeting, title=told["title"], unit_name=told["unit_name"], **who):
            return redirect("campaign:meeting_detail", pk)
    return _form_page(request, meeting, form, _("增加议题"), "")


@requires(MEETING_HOLD)
@require_POST
def agenda_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The agenda stays as it is now."""
    try:
        freeze_agenda(meeting=_meeting(request.user, pk), by=request.user, at=timezone.now())
    except MeetingRefused as refused:
        messages.error(request, str(refused))
    return redirect("campaign:meeting_detail", pk)


@requires(MEETING_HOLD)
def decision_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A decision, which is a task at once. The owner is one of the unit's people, once the unit is chosen."""
    meeting, today = _meeting(request.user, pk), timezone.localdate()
    unit_code = request.POST.get("unit", "") or request.GET.get("unit", "")
    form = DecisionForm(
        request.POST or None, units=unit_choices(request.user, today),
        owners=owner_choices(unit_code, today) if unit_code else [], initial={"unit": unit_code},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told, who = form.cleaned_data, {"by": request.user, "at": timezone.now()}
        unit = Organisation.objects.get(code=told["unit"])
        owner = Person.objects.filter(person_no=told["owner"]).first() if told.get("owner") else None
        if _done(
            form, decide, meeting=meeting, text=told["text"], unit=unit, owner=owner, due_on=told["due_on"], **who
        ):
            messages.success(request, _("决定已记录，并作为任务交办。"))
            return redirect("campaign:meeting_detail", pk)
    return _form_page(request, meeting, form, _("记录决定"), _("保存后即为任务，到办结前每次调度会都会列出。"))


@requires(MEETING_HOLD)
def minutes_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The minutes go to the member units."""
    meeting = _meeting(request.user, pk)
    form = MinutesForm(request.POST or None, initial={"minutes": meeting.minutes})
    if request.method == "POST" and form.is_valid():
        told, who = form.cleaned_data, {"by": request.user, "at": timezone.now()}
        if _done(form, issue_minutes, meeting=meeting, minutes=told["minutes"], **who):
            return redirect("campaign:meeting_detail", pk)
    return _form_page(request, meeting, form, _("印发纪要"), _("印发后不能再改，由参加单位签收。"))


@requires(MEETING_READ)
@require_POST
def meeting_acknowledge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The reader's units have read it."""
    try:
        count = acknowledge_minutes(meeting=_meeting(request.user, pk), by=request.user, at=timezone.now())
    except MeetingRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已签收（%(count)s 家单位）。") % {"count": count})
    return redirect("campaign:meeting_detail", pk)


def _done(form: Any, act: Any, **given: Any) -> bool:
    """Act; a refusal is shown in the form."""
    try:
        act(**given)
    except (MeetingRefused, CaseRefused) as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _form_page(
    request: HttpRequest, meeting: Meeting | None, form: Any, title: str, consequence: str
) -> HttpResponseBase:
    back = reverse("campaign:meeting_detail", args=[meeting.pk]) if meeting else reverse("campaign:meeting_list")
    page = FormPage(
        title, form, _("保存"), intro=meeting.title if meeting else "", consequence=consequence, cancel_url=back,
        crumbs=crumbs(Crumb(_("会议和通报"), reverse("campaign:meeting_list"))), draft=f"meeting-{title}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
