"""Taking a random test: begun by a button, one page of questions, sixty minutes."""

from dataclasses import dataclass
from typing import Any

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
from shian.domains.selfcontrol.rules.exams import option_order
from shian.engine.forms.question_banks import Question
from shian.kernel.accounts.permissions import requires
from shian.portals.operator.views.frame import crumbs, framed, step_button, to


@dataclass(frozen=True)
class Asked:
    """A question as it is shown: options in the order of the seed; `chosen` and `is_right` once it is judged."""

    question: Question
    options: list[tuple[int, str]]
    chosen: frozenset[int] = frozenset()

    @property
    def is_right(self) -> bool:
        return self.chosen == self.question.right

    @property
    def has_several(self) -> bool:
        return len(self.question.right) > 1


@requires(own_portal)
def exam_answer(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Before: what it is. Meanwhile: the questions. After: the score, right and wrong with the rule asked about."""
    operator, exam = own_operator(request.user, code), own_exam(request.user, pk)
    here = to("exam_answer", operator, pk)
    if request.method == "POST":
        answers = {key: frozenset(map(int, filter(str.isdecimal, request.POST.getlist(key)))) for key in exam.questions}

        def step() -> None:
            finish_exam(exam=exam, answers=answers, by=request.user, at=timezone.now())

        return step_button(request, step, _("已交卷。"), here)
    context = framed(
        operator, "", exam=exam, asked=_asked(exam), numbers=TRAINING.at(timezone.localdate()),
        crumbs=crumbs(operator), is_over=exam.score is not None,
    )  # fmt: skip
    return render(request, "operator/exam.html", context)


def _asked(exam: Any) -> list[Asked]:
    known = bank().questions
    return [
        Asked(
            known[key], [(each, known[key].options[each]) for each in option_order(exam.seed, known[key])],
            frozenset(exam.answers.get(key, ())),
        )
        for key in exam.questions if key in known
    ]  # fmt: skip


@requires(own_portal)
@require_POST
def exam_start(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The clock runs from now."""
    operator, exam = own_operator(request.user, code), own_exam(request.user, pk)

    def step() -> None:
        begin_exam(exam=exam, by=request.user, at=timezone.now())

    return step_button(request, step, _("抽考已开始，请在规定时间内交卷。"), to("exam_answer", operator, pk))
