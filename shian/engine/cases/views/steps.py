"""Opening a case, taking a step, and taking one step in many cases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.engine.cases.actions import (
    CaseRefused,
    Evidence,
    Given,
    Opening,
    move_case,
    move_cases,
    open_case,
)
from shian.engine.cases.actions.opening import EVIDENCE_KINDS
from shian.engine.cases.choices import own_unit_choices, owner_choices, unit_choices
from shian.engine.cases.declarations import CaseType, Need, Transition, case_type
from shian.engine.cases.forms import CaseForm, OpeningForm, StepForm
from shian.engine.cases.models import Case
from shian.engine.cases.permissions import CASE_WORK, may_take
from shian.engine.cases.queries import case_for, visible_cases
from shian.engine.cases.views.lists import type_or_404
from shian.kernel.accounts.permissions import check, requires
from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.scope.rules import code_of_key, key_of_code
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.queries import home_key
from shian.registers.areas.tables import area_choices
from shian.registers.people.models import Organisation, Person

AREA_LEVELS = ("city", "county", "township")
MOST = 500  # cases in one press


@requires(CASE_WORK)
def case_create(request: HttpRequest, key: str) -> HttpResponseBase:
    """A new case of the type."""
    declared, today = type_or_404(key, request.user), timezone.localdate()
    check(declared.create, request.user)
    form = OpeningForm(
        *_sent(request), declared=declared, areas=area_choices(request.user, AREA_LEVELS, today),
        issuers=own_unit_choices(request.user, today), units=unit_choices(request.user, today),
        initial=_usual(request, declared, today),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            case = open_case(declared=declared, opening=_opening(declared, form, request, now), by=request.user, at=now)
        except CaseRefused as refused:
            form.refuse(refused, declared)
        else:
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": case.number})
            return redirect("cases:case_detail", case.pk)
    page = FormPage(
        _("新建%(type)s") % {"type": declared.title}, form, _("提交"),
        intro=str(declared.description), consequence=_("提交后即编号、计时并留存证。"),
        cancel_url=reverse("cases:type_list", args=[key]),
        crumbs=[Crumb(declared.title, reverse("cases:type_list", args=[key]))],
        has_files=True, draft=f"case-{key}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _usual(request: HttpRequest, declared: CaseType, today: date) -> dict[str, Any]:
    """What the address proposes (?unit=, item=, subject= …), else the own area and the own unit."""
    proposed = {name: request.GET[name] for name in ("title", "unit", "item_code", "operator_code", "source", "area")
                if name in request.GET}  # fmt: skip
    own = own_unit_choices(request.user, today)
    return {"area": code_of_key(home_key(request.user, today)), **({"issuer": own[0][0]} if own else {}), **proposed}


def _opening(declared: CaseType, form: OpeningForm, request: HttpRequest, at: datetime) -> Opening:
    told = form.cleaned_data
    units = Organisation.objects.in_bulk(
        [each for name in ("issuer", "unit", "verifier") if (each := told.get(name))], field_name="code"
    )
    return Opening(
        title=told["title"], area_key=key_of_code(told["area"]), issuer=units[told["issuer"]],
        unit=units.get(told["unit"]),
        verifier=units.get(told["verifier"]), body=told["body"], source=told.get("source", ""),
        item_code=told.get("item_code", ""), operator_code=told.get("operator_code", ""), due_on=told.get("due_on"),
        is_urgent=told["is_urgent"], data=form.declared_values(declared), files=evidence_in(form, request, at),
        parent=_parent(request), subject=request.GET.get("subject", "")[:200],
    )  # fmt: skip


def _parent(request: HttpRequest) -> Case | None:
    number = request.GET.get("parent", "")
    return case_for(request.user, int(number)) if number.isdecimal() else None


def evidence_in(form: CaseForm, request: HttpRequest, at: datetime) -> list[Evidence]:
    """The form's files, stored. Raises CaseRefused with the reason that the store gives."""
    kind, found = form.cleaned_data.get("file_kind", ""), []
    for each in form.cleaned_data.get("files") or []:
        try:
            stored = store_file(
                name=each.name, stream=each.file, kinds=EVIDENCE_KINDS, by=request.user.get_username(), at=at
            )  # fmt: skip
        except FileRefused as refused:
            raise CaseRefused("", files=str(refused)) from refused
        found.append(Evidence(stored, each.name, kind))
    return found


@requires(CASE_WORK)
def step_take(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """The form of a step; what was seen is sent with it, so that nobody overwrites what came between."""
    case = case_for(request.user, pk)
    declared = case_type(case.type)
    taken = step_or_404(declared, step)
    verdict = may_take(request.user, declared, case, taken)
    is_open = case.state in taken.sources and verdict.allowed
    if request.method != "POST" and not is_open:
        messages.error(request, verdict.reason or _("此事项现在的状态不能办理这一步。"))
        return redirect("cases:case_detail", pk)
    form = _step_form(request, declared, case, taken)
    if request.method == "POST" and form.is_valid() and _moved(request, declared, case, taken, form):
        messages.success(request, _("%(step)s：已办理并留存证。") % {"step": taken.title})
        return redirect("cases:case_detail", pk)
    page = FormPage(
        taken.title, form, str(taken.title), intro=f"{case.number} {case.title}", consequence=taken.consequence,
        cancel_url=reverse("cases:case_detail", args=[pk]),
        crumbs=[Crumb(declared.title, reverse("cases:type_list", args=[declared.key])),
                Crumb(case.number, reverse("cases:case_detail", args=[pk]))],
        has_files=True, draft=f"step-{pk}-{step}", hidden={"seen": str(case.version)},
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


def step_or_404(declared: CaseType, key: str) -> Transition:
    """The step of the type. Raises Http404."""
    try:
        return declared.step(key)
    except LookupError:
        raise Http404(key) from None


def _step_form(request: HttpRequest, declared: CaseType, case: Case, step: Transition) -> StepForm:
    today, asked = timezone.localdate(), step.needs | step.offers
    return StepForm(
        *_sent(request), declared=declared, step=step,
        units=unit_choices(request.user, today) if Need.UNIT in asked else [],
        owners=owner_choices(case.unit_id or "", today) if Need.OWNER in asked else [],
        initial={"unit": case.unit_id, **case.data},
    )  # fmt: skip


def _moved(request: HttpRequest, declared: CaseType, case: Case, step: Transition, form: StepForm) -> bool:
    """Take the step as the form says; a refusal is shown in the form, which keeps what was typed."""
    seen, now = request.POST.get("seen", ""), timezone.now()
    try:
        move_case(
            declared=declared, case=case, step=step, seen=int(seen) if seen.isdecimal() else case.version,
            given=_given(declared, form, request, now), by=request.user, at=now,
        )  # fmt: skip
    except CaseRefused as refused:
        form.refuse(refused, declared)
        return False
    return True


def _given(declared: CaseType, form: StepForm, request: HttpRequest, at: datetime) -> Given:
    told = form.cleaned_data
    unit = Organisation.objects.filter(code=told["unit"]).first() if told.get("unit") else None
    owner = Person.objects.filter(person_no=told["owner"]).first() if told.get("owner") else None
    return Given(
        note=told["note"], files=evidence_in(form, request, at), data=form.declared_values(declared), unit=unit,
        owner=owner, due_on=told.get("due_on"),
    )  # fmt: skip


@requires(CASE_WORK)
@require_POST
def cases_move(request: HttpRequest, key: str) -> HttpResponseBase:
    """The ticked cases: first the form of the step, then the step in each; what was refused is told by number."""
    declared = type_or_404(key, request.user)
    step = step_or_404(declared, request.POST.get("step", ""))
    if not step.is_bulk:
        raise Http404(step.key)
    keys = [int(each) for each in request.POST.getlist("key") if each.isdecimal()][:MOST]
    cases = list(visible_cases(request.user).filter(type=key, pk__in=keys).order_by("pk"))
    back = redirect("cases:type_list", key)
    if not cases:
        messages.error(request, _("请先选择事项。"))
        return back
    is_answer = "note" in request.POST
    form = StepForm(*(_sent(request) if is_answer else ()), declared=declared, step=step,
                    units=unit_choices(request.user, timezone.localdate()), owners=[])  # fmt: skip
    if is_answer and form.is_valid():
        _tell(request, step, declared, cases, form)
        return back
    page = FormPage(
        step.title, form, _("对所选 %(count)s 件办理") % {"count": len(cases)},
        intro="、".join(each.number for each in cases[:10]), consequence=step.consequence,
        cancel_url=reverse("cases:type_list", args=[key]),
        crumbs=[Crumb(declared.title, reverse("cases:type_list", args=[key]))], has_files=True,
        hidden={"step": step.key},
    )  # fmt: skip
    return render(request, "cases/cases_move.html", {"page": page, "cases": cases})


def _tell(request: HttpRequest, step: Transition, declared: CaseType, cases: Sequence[Case], form: StepForm) -> None:
    now = timezone.now()
    given = _given(declared, form, request, now)
    outcome = move_cases(declared=declared, cases=cases, step=step, given=given, by=request.user, at=now)
    if outcome.moved:
        told = {"step": step.title, "count": len(outcome.moved)}
        messages.success(request, _("%(step)s：已办理 %(count)s 件。") % told)
    for number, reason in outcome.refused.items():
        messages.error(request, _("%(number)s 未办理：%(reason)s") % {"number": number, "reason": reason})
