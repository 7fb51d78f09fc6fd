"""A training on the phone of an official: read the handout, take the test, see the score."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.duties.actions.training_tests import begin_test, finish_test
from shian.domains.duties.models import Training, TrainingAttendance
from shian.domains.duties.permissions import OFFICIAL_WORK
from shian.domains.duties.queries.trainings import bank, own_training, tests_of
from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.domains.duties.views.shown import step_button, today
from shian.engine.forms.question_papers import answers_in
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pieces import Crumb


@requires(OFFICIAL_WORK)
def training_test_take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Before: what to read. Meanwhile: the questions. After: the score, right and wrong with the rule asked about."""
    training, official = own_training(request.user, pk, today())
    tries, now = tests_of(training, official), timezone.now()
    if request.method == "POST":
        keys: list[str] = next((each.questions for each in tries if not each.is_judged), [])
        return _finished(request, training, answers_in(dict(request.POST.lists()), keys))
    current = next((each for each in tries if each.is_open(now)), None)
    judged = [each for each in tries if each.is_judged]
    shown, numbers = current or (judged[-1] if judged else None), numbers_at(today())
    has_passed = any(each.passed for each in judged)
    attended = TrainingAttendance.objects.filter(training=training, official=official).first()
    context: dict[str, Any] = {
        "training": training, "crumbs": [Crumb(_("我的包保"), reverse("duties:mine_detail"))], "terms": numbers.paper,
        "current": current, "last": judged[-1] if judged else None, "has_passed": has_passed, "attended": attended,
        "asked": shown.asked(bank()) if shown else [], "tries": judged,
        "left": 0 if has_passed or (attended and attended.score is not None and not tries)
        else max(0, numbers.paper_tries - len(tries)),
    }  # fmt: skip
    return render(request, "duties/training_test.html", context)


def _finished(request: HttpRequest, training: Training, answers: Any) -> HttpResponse:
    def step() -> None:
        finish_test(training=training, answers=answers, by=request.user, at=timezone.now())

    return step_button(request, step, _("已交卷。"), reverse("duties:training_test_take", args=[training.pk]))


@requires(OFFICIAL_WORK)
@require_POST
def training_test_start(request: HttpRequest, pk: int) -> HttpResponse:
    """The clock runs from now."""
    training, _official = own_training(request.user, pk, today())

    def step() -> None:
        begin_test(training=training, by=request.user, at=timezone.now())

    return step_button(request, step, _("测试已开始，请在规定时间内交卷。"),
                       reverse("duties:training_test_take", args=[training.pk]))  # fmt: skip
