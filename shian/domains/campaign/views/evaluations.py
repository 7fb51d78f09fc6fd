"""Running an evaluation from the page."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions import DayToCome, evaluate_area
from shian.domains.campaign.forms.results import EvaluationForm
from shian.domains.campaign.permissions import EVALUATION_RUN
from shian.domains.campaign.queries.inputs import NothingInForce
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pages import FormPage
from shian.registers.areas.queries import home_key


@requires(EVALUATION_RUN)
def evaluation_run(request: HttpRequest) -> HttpResponseBase:
    """Evaluate the user's city (or county) for a day."""
    today = timezone.localdate()
    key = home_key(request.user, today)
    form = EvaluationForm(request.POST or None, initial={"as_of": today})
    if request.method == "POST" and form.is_valid():
        as_of = form.cleaned_data["as_of"]
        now = timezone.now()
        try:
            if not key:
                raise LookupError(_("您的岗位不属于任何一个市或县，不能运行评价。"))
            made = evaluate_area(area=code_of_key(key), as_of=as_of, by=request.user, at=now)
        except (DayToCome, NothingInForce, LookupError) as error:
            form.add_error(None, str(error))
        else:
            is_new = made.created_at == now
            messages.success(request, _("评价完成。") if is_new else _("各登记簿没有变化，结果与上次相同。"))
            return redirect(f"{reverse('campaign:item_list')}?area={key}&as_of={as_of}")
    page = FormPage(
        _("运行评价"),
        form,
        _("开始评价"),
        intro=_("按登记簿、评审结论和外部结果，重新核算本市、各县和各乡镇的全部评价内容。"),
        consequence=_("结果有变化时替换同一日期的评价，原结果保留可查。"),
        cancel_url=reverse("campaign:item_list"),
        crumbs=crumbs(),
    )
    return render(request, "ui/page_form.html", {"page": page})
