"""Who answers for food safety: appointments, hours, tests; licences of the business beside them."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.staff import Named, appoint, end_appointment
from shian.domains.selfcontrol.permissions import POSTS, own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.numbers import TRAINING
from shian.domains.selfcontrol.queries.staff import (
    appointments_of,
    exams_of,
    hours_by_staff,
    missing_duties,
    own_appointment,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.portals.operator.views.days import DAY
from shian.portals.operator.views.frame import crumbs, framed, may_of, step_button, step_page, to


class AppointForm(forms.Form):
    """Person, post, document, days."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=30)
    person_no = forms.CharField(
        label=gettext_lazy("人员编号"),
        max_length=40,
        help_text=gettext_lazy("工号或健康证编号，同一人在各主体用同一编号。"),
    )
    phone = forms.RegexField(
        r"^1\d{10}$",
        label=gettext_lazy("手机"),
        required=False,
        error_messages={"invalid": gettext_lazy("请填写 11 位手机号。")},
    )
    duty = forms.ChoiceField(label=gettext_lazy("职责"), choices=POSTS)
    document_no = forms.CharField(label=gettext_lazy("任命文件"), max_length=60)
    appointed_on = forms.DateField(label=gettext_lazy("任命日期"), widget=DAY)
    trained_on = forms.DateField(label=gettext_lazy("岗前培训日期"), widget=DAY, required=False)
    assessed_on = forms.DateField(label=gettext_lazy("上岗考核日期"), widget=DAY, required=False)


@requires(own_portal)
def safety_staff_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Posts held and missing, hours of the year, tests."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    appointments = appointments_of(operator, request.user)
    hours = hours_by_staff([each.staff_id for each in appointments], today.year)
    numbers = TRAINING.at(today)
    rows: list[dict[str, Any]] = [
        {"row": each, "hours": hours[each.staff_id], "is_enough": hours[each.staff_id] >= numbers.hours}
        for each in appointments
    ]
    context = framed(
        operator, "safety_staff_detail", rows=rows, missing=missing_duties(operator, today),
        exams=exams_of(operator, request.user), may=may_of(request.user, operator), numbers=numbers,
        year=today.year, today=today,
    )  # fmt: skip
    return render(request, "operator/staff.html", context)


@requires(own_portal)
def appointment_create(request: HttpRequest, code: str) -> HttpResponseBase:
    """Appoint a director or an officer."""
    operator, back = own_operator(request.user, code), to("safety_staff_detail", own_operator(request.user, code))
    form = AppointForm(request.POST or None, initial={"appointed_on": timezone.localdate(), "duty": POSTS[1][0]})

    def step() -> str:
        appoint(operator=operator, named=Named(**form.cleaned_data), by=request.user, at=timezone.now())
        return _("已任命。")

    page = FormPage(_("任命"), form, _("任命"), cancel_url=back, crumbs=crumbs(operator), draft="appointment")
    return step_page(request, page, step, back)


@requires(own_portal)
@require_POST
def appointment_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Somebody leaves a post."""
    operator, appointment = own_operator(request.user, code), own_appointment(request.user, pk)

    def step() -> None:
        end_appointment(appointment=appointment, by=request.user, at=timezone.now())

    return step_button(request, step, _("已登记离任。"), to("safety_staff_detail", operator))
