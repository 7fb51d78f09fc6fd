"""Interviews of leaders: the facts for a position, and the pack that is made of them in one action (A-28)."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.interviews import prepare_interview
from shian.domains.campaign.definitions.interviews import interview_paper
from shian.domains.campaign.forms.interviews import InterviewForm
from shian.domains.campaign.permissions import INTERVIEW_PREPARE
from shian.domains.campaign.queries.interviews import INTERVIEW, pack_of
from shian.domains.campaign.tables.interviews import KNOWN, OWED, known_row, owed_row
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.permissions import may_take
from shian.engine.cases.queries import case_for
from shian.engine.cases.tables import case_url
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Action, Crumb
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names

PREPARE = "prepare"


def facts_panel(request: HttpRequest, case: Case) -> SafeString:
    """The tab of an interview: what the pack would say today."""
    pack = pack_of(case, request.user, timezone.localdate())
    actions = []
    declared = case_type(INTERVIEW)
    step = declared.step(PREPARE)
    if case.state in step.sources and may_take(request.user, declared, case, step).allowed:
        label = _("重新生成访谈资料") if case.state == "prepared" else _("生成访谈资料")
        url = reverse("campaign:interview_draft", args=[case.pk])
        actions.append(Action(label, url, icon="file-text", kind="primary"))
    nothing = Empty(_("没有该职务的职责记录"), _("请在履职台账、包联分工表中使用同一职务名称。"))
    tables = [
        (_("岗位职责"), Table(OWED, [owed_row(each) for each in pack.owed], empty=nothing, id="owed")),
        (_("关键数据"), Table(KNOWN, [known_row(each) for each in pack.known], empty=Empty(_("没有数据")), id="known")),
    ]
    return render_to_string("campaign/case_panel.html", {"actions": actions, "tables": tables}, request=request)


@requires(INTERVIEW_PREPARE)
def interview_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One press: read the registers, write the paper, keep it with the interview."""
    case, now = case_for(request.user, pk), timezone.now()
    if case.type != INTERVIEW:
        raise Http404(pk)
    usual = {"question_set": case.data.get("question_set", ""), "seen": case.version}
    form = InterviewForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid() and _prepared(request, case, form):
        messages.success(request, _("访谈资料已生成，附在事项的佐证材料中。"))
        return redirect(case_url(case))
    page = FormPage(
        _("生成访谈资料"), form, _("生成"), intro=f"{case.number} {case.data.get('position', '')}",
        consequence=_("按 %(day)s 的登记簿生成 Word 文件，每个数据注明时点和来源，存入本事项并留存证。")
        % {"day": timezone.localdate(now)},
        cancel_url=case_url(case), crumbs=[Crumb(case.number, case_url(case))], draft=f"interview-{pk}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page}, status=422 if form.errors else 200)


def _prepared(request: HttpRequest, case: Case, form: InterviewForm) -> bool:
    now = timezone.now()
    day, told = timezone.localdate(now), form.cleaned_data
    case.data = {**case.data, "question_set": told["question_set"]}
    pack = pack_of(case, request.user, day)
    paper = interview_paper(case, pack, area_names(day).get(case.area, ""), day)
    questions, seen = told["question_set"], told["seen"]
    try:
        prepare_interview(
            case=case, pack=pack, paper=paper, questions=questions, seen=seen, by=request.user, at=now
        )  # fmt: skip
    except CaseRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True
