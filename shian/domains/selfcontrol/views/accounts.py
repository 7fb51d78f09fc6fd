"""The station opens and ends accounts of operators' people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shian.domains.selfcontrol.actions.accounts import bind_account, end_operator_account, open_operator_account
from shian.domains.selfcontrol.forms.accounts import AccountForm
from shian.domains.selfcontrol.models import Duty, OperatorAccount
from shian.domains.selfcontrol.permissions import ACCOUNT_OPEN
from shian.domains.selfcontrol.views.forms import step_button, step_page
from shian.kernel.accounts.permissions import confirms, requires
from shian.kernel.ui.pages import FormPage
from shian.kernel.ui.pieces import Crumb
from shian.registers.operators.models import Operator


def panel_url(code: str) -> str:
    """The tab of the operator's record."""
    return f"{reverse('census:operator_detail', args=[code])}?tab=selfcontrol"


@requires(ACCOUNT_OPEN)
@confirms
def account_open(request: HttpRequest, code: str) -> HttpResponseBase:
    """A new account with its one-time code, or another business for an account that exists."""
    operator = Operator.objects.defer("search").get_visible(request.user, code=code)
    form = AccountForm(request.POST or None, initial={"duty": Duty.OFFICER})

    def step() -> str:
        told, now = form.cleaned_data, timezone.now()
        duty = Duty(told["duty"])
        if told["username"]:
            bind_account(operator=operator, username=told["username"], duty=duty, by=request.user, at=now)
            return _("账号已绑定本主体。")
        user, secret = open_operator_account(operator=operator, name=told["name"], duty=duty, by=request.user, at=now)
        address = f"{reverse('accounts:account_activate')}?username={user.username}"
        messages.info(request, _("激活地址：%(url)s") % {"url": request.build_absolute_uri(address)})
        day = timezone.localtime(user.activation_expires_at).date() if user.activation_expires_at else ""
        told_once = _("%(name)s 的激活码：%(code)s（%(day)s前有效，只显示这一次）")
        return told_once % {"name": user.username, "code": secret, "day": day}

    page = FormPage(
        _("开通企业账号"), form, _("开通"), intro=operator.name, cancel_url=panel_url(code), draft="operator-account",
        crumbs=[Crumb(_("经营主体"), reverse("census:operator_list")), Crumb(operator.name, panel_url(code))],
    )  # fmt: skip
    return step_page(request, page, step, panel_url(code))


@requires(ACCOUNT_OPEN)
@require_POST
@confirms
def account_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The person no longer acts for this operator."""
    rows = OperatorAccount.objects.visible_to(request.user).select_related("user", "operator")
    account = get_object_or_404(rows, pk=pk, valid_to__isnull=True)

    def step() -> None:
        end_operator_account(account=account, by=request.user, at=timezone.now())

    return step_button(request, step, _("账号已停用。"), panel_url(account.operator.code))
