"""An official's own work on the phone: what is due, my businesses on a list and a map, what I have to confirm."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.problems import answer_problem, ask_support
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.forms.own import AnswerForm, SupportForm
from shian.domains.duties.models import Match
from shian.domains.duties.permissions import OFFICIAL_WORK
from shian.domains.duties.queries.boards import own_boards
from shian.domains.duties.queries.cards import tips_at
from shian.domains.duties.queries.problems import own_problems
from shian.domains.duties.queries.spotchecks import own_untrue
from shian.domains.duties.queries.trainings import to_learn
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.queries.visits import (
    assignment_key,
    businesses_of,
    due_day,
    due_of,
    last_visits,
    own_officials,
    sheet_of,
    trained_on,
)
from shian.domains.duties.tables.own import (
    BOARDS,
    MINE,
    PROBLEMS,
    UNTRUE,
    board_row,
    map_of,
    mine_row,
    missing_board_row,
    point_of,
    problem_row,
    untrue_row,
)
from shian.engine.cases.actions import CaseRefused
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.acting import acted
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, Stat
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.operators.models import Operator


def sheet_url(match: Match, sheet: str) -> str:
    """One tap to visit: the sheet of the app, with what is known beforehand."""
    return f"{reverse('field:home')}#/new/{sheet}?assignment={assignment_key(match)}&operator={match.operator.code}"


@requires(OFFICIAL_WORK)
def mine_detail(request: HttpRequest) -> HttpResponse:
    """What the signed-in official answers for: due first, then confirmed; problems that wait for a word."""
    user, today = request.user, timezone.localdate()
    numbers, officials = numbers_at(today), list(own_officials(user, today))
    mine, due = businesses_of(user, today), {each.pk for each in due_of(user, today)}
    seen = last_visits(mine, today)
    rows = [
        mine_row(each, seen.get(each.operator_id), due_day(each, today, numbers), is_due=each.pk in due,
                 url=sheet_url(each, sheet_of(each, numbers)))
        for each in sorted(mine, key=lambda match: match.pk not in due)
    ]  # fmt: skip
    with system_scope():
        waiting = list(own_problems(user).filter(state="handled").order_by("due_on", "pk"))
        untrue = list(own_untrue(user))
    missing, made = own_boards(user)
    is_map = "map" in request.GET
    page = ListPage(
        _("我的包保"), Table(MINE, rows, empty=Empty(_("您名下没有包保主体"), _("对接批准以后会出现在这里。"))),
        unit=_("家"), actions=_actions(mine, is_map=is_map),
    )  # fmt: skip
    tables = [
        (_("待我说明的督导"), Table(UNTRUE, [untrue_row(each) for each in untrue], id="untrue")),
        (_("待我确认的整改"), Table(PROBLEMS, [problem_row(each) for each in waiting], id="problems")),
        (_("公示板"), Table(BOARDS, [*map(board_row, made), *map(missing_board_row, missing)], id="boards")),
    ]
    return render(
        request, "duties/mine.html",
        {"list": page, "stats": _stats(len(mine), len(due), len(waiting)), "map": map_of(mine) if is_map else None,
         "notes": [*_told(len(untrue)), *_notes(officials, today), *_lessons(user, today)],
         "tables": [each for each in tables if each[1].rows]},
    )  # fmt: skip


@requires(OFFICIAL_WORK)
def mine_points(request: HttpRequest) -> JsonResponse:
    """The own businesses as GeoJSON points, coloured by whether they are due; each opens its sheet."""
    user, today = request.user, timezone.localdate()
    numbers, due = numbers_at(today), {each.pk for each in due_of(user, today)}
    features = [
        point_of(each, is_due=each.pk in due, url=sheet_url(each, sheet_of(each, numbers)))
        for each in businesses_of(user, today)
        if each.operator.lat is not None
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _actions(mine: list[Match], *, is_map: bool) -> list[Action]:
    found = [Action(_("现场督导"), reverse("field:home"), icon="clipboard-check", kind="primary")]
    if not mine:
        return found
    page = reverse("duties:mine_detail")
    map_link = (
        Action(_("只看名单"), page, icon="list-check") if is_map else Action(_("看地图"), f"{page}?map", icon="map-pin")
    )
    return [*found, map_link, Action(_("请监管所支持"), reverse("duties:support_create"), icon="users")]


def _stats(mine: int, due: int, waiting: int) -> list[Stat]:
    return [
        Stat(_("待督导"), due, unit=_("家"), state=DUE if due else DONE, part=mine - due, whole=mine),
        Stat(_("待我确认"), waiting, unit=_("项"), state=DUE if waiting else DONE),
    ]


def _told(untrue: int) -> list[Callout]:
    """What a spot check found comes first."""
    if not untrue:
        return []
    told = _("%(count)s 次督导经核查认定不属实，不计入完成率：请说明情况，并重新督导。") % {"count": untrue}
    return [Callout(told, state=OVERDUE)]


def _lessons(user: Any, today: Any) -> list[Callout]:
    """Trainings that may be read and tested on the phone; not those that the user has passed."""
    return [
        Callout(_("培训：%(topic)s") % {"topic": training.topic}, _("在手机上看讲义并测试，合格后记入培训。"),
                actions=[Action(_("学习并测试"), reverse("duties:training_test_take", args=[training.pk]),
                                icon="school", kind="primary")])
        for training in to_learn(user, today)
    ]  # fmt: skip


def _notes(officials: list[Any], today: Any) -> list[Callout]:
    """The process card of the step before one sets out; and what an official without training has to know."""
    trained, numbers = trained_on(officials, today), numbers_at(today)
    notes = []
    if officials and numbers.needs_training and len(trained) < len(officials):
        notes.append(Callout(_("您还没有参加包保培训，督导时须有人陪同，并在督导表里填写同行人员。"), state=DUE))
    tips = tips_at(today)
    for each in officials[:1]:
        if tip := tips.get((each.level, "prepare")):
            notes.append(Callout(tip))
    return notes


@requires(OFFICIAL_WORK)
def problem_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say whether what one reported is put right."""
    with system_scope():
        problem = own_problems(request.user).filter(pk=pk).first()
    if problem is None:
        raise Http404(str(pk))
    form = AnswerForm(request.POST or None)

    def act() -> None:
        told = form.cleaned_data
        answer_problem(problem=problem, is_right=told["answer"] == "yes", note=told["note"], by=request.user,
                       at=timezone.now())  # fmt: skip

    page = FormPage(
        problem.title, form, _("提交"), intro=problem.body, cancel_url=reverse("duties:mine_detail"), crumbs=_crumbs()
    )
    return _finished(request, page, act, _("已提交。"))


@requires(OFFICIAL_WORK)
def support_create(request: HttpRequest) -> HttpResponseBase:
    """Ask the station that stands for one's own area."""
    user, today = request.user, timezone.localdate()
    mine = businesses_of(user, today)
    officials = list(own_officials(user, today))
    if not officials:
        raise Http404("no official")
    form = SupportForm(request.POST or None, businesses=[(each.operator.code, each.operator.name) for each in mine])

    def act() -> None:
        told = form.cleaned_data
        operator = Operator.objects.filter(code=told["operator"]).first() if told["operator"] else None
        wanted = told["wanted_on"].isoformat() if told["wanted_on"] else ""
        data = {"kind": told["kind"], "wanted_on": wanted, "asker": officials[0].name}
        ask_support(operator=operator, area=officials[0].area, data=data, note=told["note"], by=user,
                    at=timezone.now())  # fmt: skip

    page = FormPage(_("请监管所支持"), form, _("提交"), cancel_url=reverse("duties:mine_detail"), crumbs=_crumbs(),
                    intro=_("交给您所在乡镇（街道）对接的监管所。"))  # fmt: skip
    return _finished(request, page, act, _("已交给对接的监管所。"))


def _crumbs() -> list[Crumb]:
    return [Crumb(_("我的包保"), reverse("duties:mine_detail"))]


def _finished(request: HttpRequest, page: FormPage, act: Any, said: str) -> HttpResponseBase:
    if request.method == "POST" and page.form.is_valid() and acted(page.form, act, (DutyRefused, CaseRefused)):
        messages.success(request, said)
        return redirect("duties:mine_detail")
    return render(request, "ui/page_form.html", {"page": page})
