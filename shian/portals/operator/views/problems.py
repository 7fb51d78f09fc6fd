"""What was found, put right; what was decided, done."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.controls import finish_decision, handle_problem
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator
from shian.domains.selfcontrol.queries.controls import own_decision, own_problem
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import FormPage
from shian.portals.operator.views.frame import crumbs, step_button, step_page, to


class MeasureForm(forms.Form):
    """What was done."""

    measure = forms.CharField(
        label=gettext_lazy("处置措施"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写明怎样处置、由谁处置，例如：下架并登记销毁。"),
    )  # fmt: skip


@requires(own_portal)
def own_problem_resolve(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Put a problem right."""
    operator, problem = own_operator(request.user, code), own_problem(request.user, pk)
    form, desk = MeasureForm(request.POST or None), to("desk_detail", operator)

    def step() -> str:
        handle_problem(problem=problem, measure=form.cleaned_data["measure"], by=request.user, at=timezone.now())
        return _("已处置。")

    intro = _("%(day)s 发现：%(text)s") % {"day": problem.found_on.isoformat(), "text": problem.description}
    page = FormPage(problem.risk, form, _("完成处置"), intro=intro, cancel_url=desk, crumbs=crumbs(operator))
    return step_page(request, page, step, desk)


@requires(own_portal)
@require_POST
def decision_close(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A decision is done."""
    operator, decision = own_operator(request.user, code), own_decision(request.user, pk)

    def step() -> None:
        finish_decision(decision=decision, by=request.user, at=timezone.now())

    return step_button(request, step, _("已完成。"), to("desk_detail", operator))
