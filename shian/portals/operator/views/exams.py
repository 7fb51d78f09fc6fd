"""Taking a random test: begun by a button, one page of questions, sixty minutes."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.exams import begin_exam, finish_exam
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.exams import own_exam
from shian.domains.selfcontrol.queries.numbers import TRAINING, bank
from shian.engine.forms.question_papers import answers_in
from shian.kernel.accounts.permissions import requires
from shian.portals.operator.views.frame import crumbs, framed, step_button, to


@requires(own_portal)
def exam_answer(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Before: what it is. Meanwhile: the questions. After: the score, right and wrong with the rule asked about."""
    operator, exam = own_operator(request.user, code), own_exam(request.user, pk)
    here = to("exam_answer", operator, pk)
    if request.method == "POST":
        answers = answers_in(dict(request.POST.lists()), exam.questions)

        def step() -> None:
            finish_exam(exam=exam, answers=answers, by=request.user, at=timezone.now())

        return step_button(request, step, _("已交卷。"), here)
    context = framed(
        operator, "", exam=exam, asked=exam.asked(bank()), numbers=TRAINING.at(timezone.localdate()),
        crumbs=crumbs(operator), is_over=exam.is_judged,
    )  # fmt: skip
    return render(request, "operator/exam.html", context)


@requires(own_portal)
@require_POST
def exam_start(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The clock runs from now."""
    operator, exam = own_operator(request.user, code), own_exam(request.user, pk)

    def step() -> None:
        begin_exam(exam=exam, by=request.user, at=timezone.now())

    return step_button(request, step, _("抽考已开始，请在规定时间内交卷。"), to("exam_answer", operator, pk))
