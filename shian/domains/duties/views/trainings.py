"""Training of officials: planned, held, recorded, and who still has none that counts."""

from typing import Any

from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.trainings import drop_training, hold_training, plan_training, record_training
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.roster import ReasonForm
from shian.domains.duties.forms.trainings import HeldForm, TrainingForm
from shian.domains.duties.models import Attending, OfficialLevel, Training, TrainingState
from shian.domains.duties.permissions import DUTY_READ, TRAINING_KEEP
from shian.domains.duties.queries.lists import officials_chosen
from shian.domains.duties.queries.trainings import attendances_of, invited, packed_handout, pass_mark_of, training_for
from shian.domains.duties.queries.visits import untrained
from shian.domains.duties.tables.trainings import (
    ASKED,
    ATTENDED,
    TONES,
    TRAININGS,
    UNTRAINED,
    asked_row,
    attendance_row,
    training_rows,
    training_url,
    untrained_row,
)
from shian.domains.duties.views.shown import names, paged, step_button, step_page, today
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.timelines import timeline_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.tables import area_choices

LEVELS = ("city", "county", "township")  # whose officials come together


@requires(DUTY_READ)
def training_list(request: HttpRequest) -> HttpResponse:
    """Sessions in the reader's reach, newest first."""
    rows = Training.objects.visible_to(request.user)
    empty = Empty(_("还没有培训"), _("在这里计划培训；以前举办的可以导入。"))
    table = paged(request, rows, TRAININGS, lambda items: training_rows(items, names()), empty, sort="-held_on")
    actions = [Action(_("未培训干部"), reverse("duties:untrained_list"), icon="users")]
    if TRAINING_KEEP(request.user).allowed:
        actions.append(Action(_("计划培训"), reverse("duties:training_create"), icon="plus", kind="primary"))
    found = ListPage(
        _("包保培训"), table, unit=_("场"), actions=actions,
        summary=_("没有参加培训的包保干部不能单独督导；是否要求、多久有效见参数。"),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})


@requires(TRAINING_KEEP)
def training_create(request: HttpRequest) -> HttpResponseBase:
    """Plan one for the officials of an area of the reach."""
    areas = area_choices(request.user, LEVELS, today())
    form = TrainingForm(request.POST or None, areas=areas, initial={"planned_on": today(), "handout": packed_handout()})
    made: list[Training] = []

    def step() -> str:
        made.append(plan_training(**form.cleaned_data, by=request.user, at=timezone.now()))
        return _("已计划：%(number)s。") % {"number": made[0].number}

    page = FormPage(_("计划培训"), form, _("计划"), cancel_url=reverse("duties:training_list"), crumbs=[listed()])
    return step_page(request, page, step, reverse("duties:training_list"))


@requires(DUTY_READ)
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: for whom, who was there with which points, what was asked."""
    training, named = training_for(request.user, pk), names()
    state = TrainingState(training.state)
    page = RecordPage(
        training.topic, code=training.number, kind=_("包保培训"), state=TONES[state], state_label=state.label,
        crumbs=[listed()], actions=_actions(request.user, training), sections=[_facts(training, named)],
        timeline=timeline_of(training.subject),
    )  # fmt: skip
    here = [attendance_row(each, named, pass_mark_of(training)) for each in attendances_of(training)]
    asked = [asked_row(each) for each in training.questions.all()]
    tables = [
        (_("参加人员"), Table(ATTENDED, here, empty=Empty(_("还没有登记参加人员")), id="attended")),
        (_("现场问答"), Table(ASKED, asked, empty=Empty(_("没有登记问答")), id="asked")),
    ]
    return render(request, "ui/page_record_tables.html", {"record": page, "notes": (), "tables": tables})


def _facts(training: Training, named: Any) -> Section:
    mark = pass_mark_of(training)
    told = attendances_of(training).order_by().aggregate(
        here=Count("pk"), by_phone=Count("pk", filter=Q(way=Attending.PHONE)), tested=Count("score"),
        passed=Count("pk", filter=Q(score__gte=mark)), mean=Avg("score"),
    )  # fmt: skip
    level = OfficialLevel(training.level).label if training.level else _("各级干部")
    return Section(_("培训"), [
        Fact(_("区划"), named.get(training.area, training.area)), Fact(_("培训对象"), level),
        Fact(_("地点"), training.place), Fact(_("授课单位"), training.trainer),
        Fact(_("计划日期"), training.planned_on, kind="date"), Fact(_("举办日期"), training.held_on, kind="date"),
        Fact(_("应参加"), invited(training).count(), kind="number", unit=_("人")),
        Fact(_("参加"), told["here"], kind="number", unit=_("人")),
        Fact(_("其中手机学习"), told["by_phone"], kind="number", unit=_("人")),
        Fact(_("参加测试"), told["tested"], kind="number", unit=_("人")),
        Fact(_("测试合格（%(mark)s 分）") % {"mark": mark}, told["passed"], kind="number", unit=_("人")),
        Fact(_("平均得分"), None if told["mean"] is None else round(told["mean"], 1), kind="number"),
    ])  # fmt: skip


def _actions(user: Any, training: Training) -> list[Action]:
    def to(name: str) -> str:
        return reverse(f"duties:{name}", args=[training.pk])

    gaps = reverse("duties:untrained_list") + f"?area={training.area}&level={training.level}"
    found = [Action(_("未培训干部"), gaps, icon="users")]
    if not TRAINING_KEEP(user).allowed or not reach_of(user).covers(training.area):
        return found
    if training.state == TrainingState.PLANNED:
        found += [
            Action(_("打印试卷"), to("paper_print"), icon="printer"),
            Action(_("登记举办"), to("training_confirm"), icon="check", kind="primary"),
            Action(_("取消培训"), to("training_cancel"), icon="ban", kind="danger-quiet"),
        ]
    if training.state == TrainingState.HELD:
        told = _("归档后计入培训，参加人员、得分和问答不能再改。")
        found += [
            Action(_("打印试卷"), to("paper_print"), icon="printer"),
            Action(_("登记问答"), to("training_question_add"), icon="notebook"),
            Action(_("录入得分"), to("score_enter"), icon="edit"),
            Action(_("登记到场"), to("attendance_list"), icon="users", kind="primary"),
            Action(_("归档"), to("training_close"), icon="archive", method="post", consequence=told),
        ]
    return found


@requires(TRAINING_KEEP)
def training_confirm(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It took place."""
    training = training_for(request.user, pk)
    form = HeldForm(request.POST or None, initial={"held_on": min(training.planned_on, today())})

    def step() -> str:
        hold_training(training=training, **form.cleaned_data, by=request.user, at=timezone.now())
        return _("已登记举办，请登记到场人员。")

    page = FormPage(
        _("登记举办"), form, _("登记"), intro=training.topic, cancel_url=training_url(training), crumbs=crumbs(training)
    )
    return step_page(request, page, step, training_url(training))


@requires(TRAINING_KEEP)
def training_cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """It does not take place."""
    training, form = training_for(request.user, pk), ReasonForm(request.POST or None)

    def step() -> str:
        drop_training(training=training, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _("培训已取消。")

    page = FormPage(
        _("取消培训"), form, _("取消培训"), intro=training.topic, cancel_url=training_url(training),
        crumbs=crumbs(training),
    )  # fmt: skip
    return step_page(request, page, step, training_url(training))


@requires(TRAINING_KEEP)
@require_POST
def training_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Recorded: it counts."""
    training = training_for(request.user, pk)

    def step() -> None:
        record_training(training=training, by=request.user, at=timezone.now())

    return step_button(request, step, _("已归档，参加人员可以单独督导。"), training_url(training))


@requires(DUTY_READ)
def untrained_list(request: HttpRequest) -> HttpResponse:
    """Officials of today without a training that counts: exactly those who may not visit alone."""
    user: Any = request.user
    choice, named = read_choice(request.GET, user), names()
    rows = untrained(officials_chosen(user, choice), today())
    table = paged(
        request, rows, UNTRAINED, lambda items: [untrained_row(each, named) for each in items],
        Empty(_("都已参加培训")),
    )  # fmt: skip
    found = ListPage(
        _("未培训包保干部"),
        table,
        unit=_("人"),
        crumbs=[listed()],
        filters=filters_of(choice, user, named, today(), with_level=True, placeholder=_("姓名、单位或编号")),
    )
    return render(request, "ui/page_list.html", {"list": found})


def listed() -> Crumb:
    """The list of trainings."""
    return Crumb(_("包保培训"), reverse("duties:training_list"))


def crumbs(training: Training) -> list[Crumb]:
    """The list, and the training."""
    return [listed(), Crumb(training.topic, training_url(training))]
