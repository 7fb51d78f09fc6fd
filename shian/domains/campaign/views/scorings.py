"""Entering a city's own weights."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions import enter_weights
from shian.domains.campaign.forms.results import WeightsForm
from shian.domains.campaign.permissions import WEIGHTS_ENTER
from shian.domains.campaign.queries.standards import section_titles, standard_in_force
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.weights import ScoringInvalid
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FieldGroup, FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.queries import home_key


@requires(WEIGHTS_ENTER)
def scoring_enter(request: HttpRequest) -> HttpResponseBase:
    """Points of the six sections for the user's own area, their day and source; illustrative ones give way to them."""
    standard = standard_in_force()
    key = home_key(request.user, timezone.localdate())
    if standard is None or not key:
        raise Http404("No standard is in force, or no area is the user's own.")
    start = {"title": _("本市分值"), "effective_from": standard.in_force_from}
    form = WeightsForm(request.POST or None, sections=section_titles(standard.pk), initial=start)
    if request.method == "POST" and form.is_valid():
        kept = {name: form.cleaned_data[name] for name in ("title", "effective_from", "source", "own")}
        try:
            enter_weights(
                standard=standard, area=code_of_key(key), sections=form.sections, by=request.user, at=timezone.now(),
                **kept,
            )  # fmt: skip
        except ScoringInvalid as refused:
            for problem in problem_texts(refused):
                form.add_error(None, problem)
        else:
            messages.success(request, _("分值已录入，已有评价正在后台按新分值重新核算。"))
            return redirect("campaign:standard_detail")
    url = reverse("campaign:standard_detail")
    page = FormPage(
        _("录入本市分值"),
        form,
        _("保存分值"),
        groups=[
            FieldGroup(_("各大项分值"), list(form.numbers), _("大项内平均分到每项评价内容；否决项一般不计分，填 0。")),
            FieldGroup(_("个别评价内容"), ["own"]),
            FieldGroup(_("依据"), ["title", "effective_from", "source"]),
        ],
        intro=standard.title,
        consequence=_("保存后，生效日期及以后的评价改按这些分值计算，不再标“示例权重”；原有评价保留可查，并留存证。"),
        cancel_url=url,
        crumbs=crumbs(Crumb(_("评价细则"), url)),
    )
    return render(request, "ui/page_form.html", {"page": page})
