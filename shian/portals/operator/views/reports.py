"""What a business reports and signs: its self-examination of the year, commitments."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.selfcontrol.actions.commitments import sign_text
from shian.domains.selfcontrol.actions.selfexams import Told, report_selfexam
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.commitments import texts_to_sign
from shian.domains.selfcontrol.queries.selfexams import owed_classes, report_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.states import DONE, DUE, OVERDUE, WAITING
from shian.portals.operator.views.frame import May, crumbs, step_page, to
from shian.portals.operator.views.marks import Mark
from shian.registers.operators.models import Operator


class ReportForm(forms.Form):
    """What was found, what is put right, whether the own products on sale were tested."""

    problems = forms.IntegerField(label=gettext_lazy("发现问题数"), min_value=0, max_value=9999, initial=0)
    rectified = forms.IntegerField(label=gettext_lazy("已整改数"), min_value=0, max_value=9999, initial=0)
    is_monitored = forms.BooleanField(label=gettext_lazy("开展了在售产品质量监测"), required=False)
    summary = forms.CharField(label=gettext_lazy("自查情况"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


def owed_reports(operator: Operator, today: date, may: May) -> list[Mark]:
    """The year's self-examinations, and texts that wait for a signature; links for who may report and sign."""
    marks = []
    for each in owed_classes(operator, today):
        report, due_on = report_of(operator, each.key, today.year), each.due_on(today.year)
        title = _("%(year)s年自查报告（%(title)s）") % {"year": today.year, "title": each.title}
        url = to("self_exam_submit", operator, each.key) if may.manage else ""
        if report is not None:
            is_open = report.rectified < report.problems
            marks.append(Mark(title, DUE if is_open else DONE, _("整改中") if is_open else _("已报告"), url, due_on))
        else:
            late = today > due_on
            marks.append(Mark(title, OVERDUE if late else WAITING, _("逾期") if late else _("待报告"), url, due_on))
    waiting = texts_to_sign(operator, today)
    return marks + [
        Mark(each.title, DUE, _("待签署"), to("commitment_text_sign", operator, each.pk) if may.sign_for_it else "")
        for each in waiting
    ]


@requires(own_portal)
def self_exam_submit(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """The report on this year; again to say that more is put right."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    found = next((each for each in owed_classes(operator, today) if each.key == key), None)
    if found is None:
        raise Http404(key)
    report, desk = report_of(operator, key, today.year), to("desk_detail", operator)
    names = ("problems", "rectified", "is_monitored", "summary")
    form = ReportForm(request.POST or None, initial={name: getattr(report, name) for name in names} if report else None)

    def step() -> str:
        told = Told(**form.cleaned_data)
        report_selfexam(
            operator=operator, duty_class=key, year=today.year, told=told, by=request.user, at=timezone.now()
        )
        return _("自查报告已提交。")

    intro = _("%(title)s，%(due)s 前报告") % {"title": found.title, "due": found.due_on(today.year).isoformat()}
    page = FormPage(
        _("%(year)s年企业自查报告") % {"year": today.year}, form, _("提交报告"), intro=intro, cancel_url=desk,
        crumbs=crumbs(operator), draft="selfexam",
    )  # fmt: skip
    return step_page(request, page, step, desk)


@requires(own_portal)
def commitment_text_sign(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Read and sign a text."""
    operator, today = own_operator(request.user, code), timezone.localdate()
    text = next((each for each in texts_to_sign(operator, today) if each.pk == pk), None)
    if text is None:
        raise Http404(pk)
    desk = to("desk_detail", operator)

    def step() -> str:
        sign_text(operator=operator, text=text, by=request.user, at=timezone.now())
        return _("已签署。")

    form = forms.Form(request.POST if request.method == "POST" else None)
    page = FormPage(
        text.title, form, _("签署"), intro=text.text, cancel_url=desk,
        crumbs=crumbs(operator), consequence=_("以主要负责人名义签署，签署后存证。"),
    )  # fmt: skip
    return step_page(request, page, step, desk)
