"""More days, another unit, standing still, merging, a note: what every type of case has."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.cases import actions
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.choices import unit_choices
from shian.engine.cases.declarations import case_type
from shian.engine.cases.forms import (
    AnswerForm,
    CaseForm,
    ExtensionForm,
    MergeForm,
    NoteForm,
    ReasonForm,
    TransferForm,
)
from shian.engine.cases.models import Case, CaseRequest
from shian.engine.cases.permissions import CASE_WORK
from shian.engine.cases.queries import case_for, visible_cases
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.states import Text
from shian.registers.people.models import Organisation


@requires(CASE_WORK)
def extension_create(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The unit asks for more days."""
    case = case_for(request.user, pk)

    def act(form: CaseForm, **who: Any) -> None:
        told = form.cleaned_data
        actions.ask_extension(declared=case_type(case.type), case=case, days=told["days"], reason=told["reason"], **who)

    return _form(request, case, _("申请延期"), ExtensionForm(request.POST or None), act, _("由交办单位答复。"))


@requires(CASE_WORK)
def transfer_create(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another unit is asked to take the case over."""
    case = case_for(request.user, pk)
    others = [each for each in unit_choices(request.user, timezone.localdate()) if each[0] != case.unit_id]
    form = TransferForm(request.POST or None, units=others)

    def act(form: CaseForm, **who: Any) -> None:
        told = form.cleaned_data
        unit = Organisation.objects.get(code=told["to_unit"])
        actions.ask_transfer(case=case, to_unit=unit, reason=told["reason"], **who)

    return _form(request, case, _("移送"), form, act, _("接收单位同意后，由其承办；期限继续计算。"))


@requires(CASE_WORK)
def request_answer(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The other side grants or refuses."""
    case = case_for(request.user, pk)
    asked = CaseRequest.objects.filter(case=case, pk=number, decided_at__isnull=True).first()
    if asked is None:
        raise Http404(number)

    def act(form: CaseForm, *, seen: int, **who: Any) -> None:
        told = form.cleaned_data
        is_granted, declared = told["is_granted"] == "yes", case_type(case.type)
        actions.decide_request(declared=declared, request=asked, is_granted=is_granted, answer=told["answer"], **who)

    title = _("答复%(kind)s申请") % {"kind": asked.get_kind_display()}
    return _form(request, case, title, AnswerForm(request.POST or None), act, asked.reason)


@requires(CASE_WORK)
def case_suspend(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The clocks stand still."""
    case = case_for(request.user, pk)

    def act(form: CaseForm, **who: Any) -> None:
        actions.suspend_case(case=case, reason=form.cleaned_data["reason"], **who)

    return _form(request, case, _("中止期限"), ReasonForm(request.POST or None), act, _("恢复前的日子不计入期限。"))


@requires(CASE_WORK)
@require_POST
def case_resume(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The clocks go on."""
    case = case_for(request.user, pk)
    try:
        actions.resume_case(case=case, seen=case.version, by=request.user, at=timezone.now())
    except CaseRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("期限已恢复计算。"))
    return redirect("cases:case_detail", pk)


@requires(CASE_WORK)
def case_merge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The case ends in another one of its type."""
    case = case_for(request.user, pk)

    def act(form: CaseForm, **who: Any) -> None:
        into = visible_cases(request.user).filter(type=case.type, number=form.cleaned_data["into"].strip()).first()
        if into is None:
            raise CaseRefused("", into=_("没有这个编号的同类事项。"))
        reason = form.cleaned_data["reason"]
        actions.merge_case(declared=case_type(case.type), case=case, into=into, reason=reason, **who)

    return _form(request, case, _("并案"), MergeForm(request.POST or None), act, _("本事项即办结，经过保留。"))


@requires(CASE_WORK)
def note_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Something for the timeline."""
    case = case_for(request.user, pk)

    def act(form: CaseForm, **who: Any) -> None:
        actions.note_case(case=case, text=form.cleaned_data["note"], **who)

    return _form(request, case, _("记录情况"), NoteForm(request.POST or None), act, "")


def _intro(case: Case) -> str:
    due = _("现期限 %(day)s。") % {"day": case.due_on} if case.due_on else ""
    return f"{case.number} {case.title} {due}".strip()


def _form(
    request: HttpRequest, case: Case, title: str, form: CaseForm, act: Callable[..., None], consequence: Text
) -> HttpResponseBase:
    """Ask, act on what was seen, come back to the case; a refusal is shown in the form."""
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        version = int(seen) if seen.isdecimal() else case.version
        try:
            act(form, seen=version, by=request.user, at=timezone.now())
        except CaseRefused as refused:
            form.refuse(refused, case_type(case.type))
        else:
            messages.success(request, _("%(step)s：已办理并留存证。") % {"step": title})
            return redirect("cases:case_detail", case.pk)
    page = FormPage(
        title, form, _("提交"), intro=_intro(case), consequence=consequence,
        cancel_url=reverse("cases:case_detail", args=[case.pk]),
        crumbs=[Crumb(case.number, reverse("cases:case_detail", args=[case.pk]))],
        draft=f"request-{case.pk}-{title}", hidden={"seen": str(case.version)},
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
