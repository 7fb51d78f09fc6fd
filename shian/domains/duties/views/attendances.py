"""Who was at a training, with which points, what was asked, and the paper of the test."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.trainings import MOST, add_attendances, ask_at_training, enter_scores
from shian.domains.duties.filters import filters_of, read_choice
from shian.domains.duties.forms.trainings import AskedForm, ScoresForm
from shian.domains.duties.models import Training, TrainingState
from shian.domains.duties.permissions import TRAINING_KEEP
from shian.domains.duties.queries.trainings import UNTRAINED as ONLY_UNTRAINED
from shian.domains.duties.queries.trainings import absent, attendances_of, paper_of, tested_officials, training_for
from shian.domains.duties.rules.trainings import letters_of
from shian.domains.duties.tables.trainings import UNTRAINED, training_url, untrained_row
from shian.domains.duties.views.shown import names, paged, step_button, step_page, today
from shian.domains.duties.views.trainings import crumbs
from shian.engine.forms.question_banks import percent_right
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Option
from shian.kernel.ui.tables import Empty

AT_ONCE = 100  # fields of the form of points
LETTERS = "ABCDEFGH"


@requires(TRAINING_KEEP)
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it is for and who is not written down: by area, level, name; ticked or all at once."""
    training, user = _held(request, pk), request.user
    choice, named = read_choice(request.GET, user), names()
    rows = absent(training, choice)
    table = paged(
        request, rows, UNTRAINED, lambda items: [untrained_row(each, named) for each in items],
        Empty(_("没有要登记的干部"), _("对象都已登记，或筛选没有结果。")), has_ticks=True,
    )  # fmt: skip
    count, to = rows.count(), reverse("duties:attendance_add", args=[training.pk])
    told = {"count": count}
    everybody = Action(
        _("全部到场（%(count)s 人）") % told, f"{to}?{request.GET.urlencode()}", icon="users", method="post",
        name="everybody", value="1", consequence=_("筛选出的 %(count)s 人都登记为到场。") % told,
    )  # fmt: skip
    page = ListPage(
        _("登记到场"), table, unit=_("人"), crumbs=crumbs(training), actions=[everybody] if 0 < count <= MOST else [],
        bulk_actions=[Action(_("登记所选"), to, icon="check", kind="primary", method="post")],
        filters=filters_of(choice, user, named, today(), with_level=not training.level,
                           states=[Option(ONLY_UNTRAINED, _("未培训"))], placeholder=_("姓名、单位或编号")),
        summary=_("勾选到场的干部；已登记的不再列出。"),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(TRAINING_KEEP)
@require_POST
def attendance_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticked ones were there, or everybody whom the filters chose."""
    training = _held(request, pk)
    keys = [int(key) for key in request.POST.getlist("key") if key.isdecimal()]
    if request.POST.get("everybody"):
        keys = list(absent(training, read_choice(request.GET, request.user)).values_list("pk", flat=True)[: MOST + 1])

    def step() -> None:
        add_attendances(training=training, officials=keys, by=request.user, at=timezone.now())

    return step_button(request, step, _("已登记到场人员。"), training_url(training))


@requires(TRAINING_KEEP)
def score_enter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Right answers of the papers; those without points, while there are any."""
    training = _held(request, pk)
    written = attendances_of(training).exclude(official__in=tested_officials(training))
    rows = list(written.filter(score=None)[:AT_ONCE]) or list(written[:AT_ONCE])
    asked = len(paper_of(training))
    form = ScoresForm(request.POST or None, rows=rows, asked=asked)

    def step() -> str:
        enter_scores(training=training, scores=form.scores(percent_right), by=request.user, at=timezone.now())
        return _("得分已录入。")

    page = FormPage(
        _("录入得分"), form, _("保存"), cancel_url=training_url(training), crumbs=crumbs(training),
        intro=_("填写每人答对的题数，试卷共 %(count)s 题；没有参加测试的留空；手机测试的不列出。") % {"count": asked},
    )  # fmt: skip
    return step_page(request, page, step, training_url(training))


@requires(TRAINING_KEEP)
def training_question_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What somebody asked."""
    training, form = _held(request, pk), AskedForm(request.POST or None)

    def step() -> str:
        ask_at_training(training=training, **form.cleaned_data, by=request.user, at=timezone.now())
        return _("问答已登记。")

    page = FormPage(_("登记问答"), form, _("登记"), cancel_url=training_url(training), crumbs=crumbs(training))
    return step_page(request, page, step, training_url(training))


@requires(TRAINING_KEEP)
def paper_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of the test, and on a page of its own the answers."""
    training = training_for(request.user, pk)
    questions = paper_of(training)
    lines = [(each, list(zip(LETTERS, each.options, strict=False)), letters_of(each.right)) for each in questions]
    context: dict[str, Any] = {
        "training": training, "lines": lines, "crumbs": crumbs(training),
        "actions": [Action(_("打印"), "#print", icon="printer", kind="primary")],
    }  # fmt: skip
    return render(request, "duties/paper_print.html", context)


def _held(request: HttpRequest, pk: int) -> Training:
    """One whose record is still written. Raises Http404, OutOfReach."""
    training = training_for(request.user, pk)
    if training.state != TrainingState.HELD:
        raise Http404(pk)
    return training
