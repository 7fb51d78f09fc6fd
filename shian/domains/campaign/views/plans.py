"""Taking over a published plan of tasks."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions import LoadedPlan, load_plan
from shian.domains.campaign.forms.results import PlanForm
from shian.domains.campaign.permissions import CATALOGUE_ISSUE
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.plans import PlanInvalid
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.queries import home_key


@requires(CATALOGUE_ISSUE)
def plan_upload(request: HttpRequest) -> HttpResponseBase:
    """Draft the department catalogue of the user's area from a plan; what it leaves open is told by name."""
    today = timezone.localdate()
    standard = standard_in_force()
    if standard is None:
        raise Http404("No standard is in force.")
    form = PlanForm(request.POST or None, request.FILES or None, initial={"due_on": today.replace(month=12, day=31)})
    if request.method == "POST" and form.is_valid():
        try:
            loaded = load_plan(
                content=form.cleaned_data["file"].read(),
                standard=standard,
                area=code_of_key(home_key(request.user, today)),
                due_on=form.cleaned_data["due_on"],
                by=request.user,
                at=timezone.now(),
            )
        except PlanInvalid as refused:
            for problem in problem_texts(refused):
                form.add_error("file", problem)
        else:
            _say(request, loaded)
            return redirect("campaign:catalogue_detail", pk=loaded.catalogue.pk)
    url = reverse("campaign:catalogue_list")
    page = FormPage(
        _("导入任务分工"),
        form,
        _("导入"),
        intro=_("把已印发的任务分工方案作为本地的部门分解目录；未下发的旧稿会被替换。"),
        cancel_url=url,
        crumbs=crumbs(Crumb(_("分解目录"), url)),
        has_files=True,
    )
    return render(request, "ui/page_form.html", {"page": page})


def _say(request: HttpRequest, loaded: LoadedPlan) -> None:
    messages.success(request, _("已导入 %(count)s 条任务，请核对后下发。") % {"count": len(loaded.clauses)})
    for text, clauses in (
        (_("没有牵头单位的条款：%(names)s"), loaded.without_lead),
        (_("没有责任单位的条款：%(names)s"), loaded.without_responsible),
    ):
        if clauses:
            messages.warning(request, text % {"names": "、".join(clause.title for clause in clauses)})
