"""Texts that operators sign, and the list of signers by class and area."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.selfcontrol.actions.commitments import issue_text
from shian.domains.selfcontrol.permissions import COMMITMENT_ISSUE, DUTY_READ
from shian.domains.selfcontrol.queries.commitments import signers_by_class, signers_of, text_for, texts_for
from shian.domains.selfcontrol.views.forms import step_page
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import Level
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb
from shian.kernel.ui.tables import Column, Empty, Row, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_choices
from shian.registers.operators.models import OPERATOR_KINDS

TEXTS = (
    Column("title", gettext_lazy("承诺书"), is_fixed=True, is_wide=True),
    Column("number", gettext_lazy("编号"), kind="code"),
    Column("area", gettext_lazy("区划")),
    Column("issued_on", gettext_lazy("发布日期"), kind="date"),
    Column("signed", gettext_lazy("已签署"), kind="number", unit=gettext_lazy("家")),
)
SIGNERS = (
    Column("area", gettext_lazy("区划"), is_fixed=True),
    Column("kind", gettext_lazy("主体类别")),
    Column("signed", gettext_lazy("已签署"), kind="number", unit=gettext_lazy("家")),
)


class TextForm(forms.Form):
    """What is signed, by whom."""

    number = forms.CharField(label=gettext_lazy("编号"), max_length=40)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=80)
    text = forms.CharField(label=gettext_lazy("承诺内容"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("适用类别"), choices=[(each, each) for each in OPERATOR_KINDS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("不选表示全部。"),
    )  # fmt: skip
    area_code = forms.ChoiceField(label=gettext_lazy("适用区划"))

    def __init__(self, *given: Any, areas: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["area_code"].choices = areas  # type: ignore[attr-defined]


@requires(DUTY_READ)
def text_list(request: HttpRequest) -> HttpResponse:
    """Texts, with how many signed each."""
    names, texts, rows = area_names(timezone.localdate()), list(texts_for(request.user)), []
    signed = signers_of(texts, request.user)
    for each in texts:
        cells = {
            "title": each.title, "number": each.number, "area": names.get(each.area, each.area_code),
            "issued_on": each.issued_on, "signed": signed.get(each.pk, 0),
        }  # fmt: skip
        rows.append(Row(cells, url=reverse("selfcontrol:commitment_text_detail", args=[each.pk]), key=each.number))
    issue = Action(_("发布承诺书"), reverse("selfcontrol:commitment_text_create"), icon="plus", kind="primary")
    empty = Empty(_("还没有发布承诺书"), _("发布后由主要负责人在企业端签署。"))
    page = ListPage(
        _("经营者承诺书"), Table(TEXTS, rows, empty=empty),
        unit=_("份"), actions=[issue] if COMMITMENT_ISSUE(request.user).allowed else [],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(DUTY_READ)
def text_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Signers of a text by area and class."""
    text, names = text_for(request.user, pk), area_names(timezone.localdate())
    rows = [
        Row({"area": names.get(area, area), "kind": kind, "signed": count}, key=f"{area}{kind}")
        for area, kind, count in signers_by_class(text, request.user)
    ]
    page = ListPage(
        text.title, Table(SIGNERS, rows, empty=Empty(_("还没有主体签署"))), count=len(rows), unit=_("行"),
        summary=text.text, crumbs=[Crumb(_("经营者承诺书"), reverse("selfcontrol:commitment_text_list"))],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


@requires(COMMITMENT_ISSUE)
def text_create(request: HttpRequest) -> HttpResponseBase:
    """Issue a text."""
    places = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)
    areas = area_choices(request.user, places, timezone.localdate())
    form, back = TextForm(request.POST or None, areas=areas), reverse("selfcontrol:commitment_text_list")

    def step() -> str:
        issue_text(**form.cleaned_data, by=request.user, at=timezone.now())
        return _("已发布，适用的主体在企业端签署。")

    page = FormPage(_("发布承诺书"), form, _("发布"), cancel_url=back, crumbs=[Crumb(_("经营者承诺书"), back)])
    return step_page(request, page, step, back)
