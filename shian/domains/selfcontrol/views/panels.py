"""Operators' own duty on the operator's record."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shian.domains.selfcontrol.permissions import ACCOUNT_OPEN
from shian.domains.selfcontrol.queries.accounts import accounts_of
from shian.domains.selfcontrol.tables.accounts import ACCOUNTS, account_row
from shian.kernel.ui.pieces import Action
from shian.kernel.ui.tables import Empty, Table


def operator_panel(request: HttpRequest, operator: Any) -> SafeString:
    """Who may sign in for the operator."""
    may_open = ACCOUNT_OPEN(request.user).allowed
    accounts = accounts_of(operator, request.user)
    empty = Empty(_("没有企业账号"), _("由监管所开通，本人用激活码设定密码后登录企业端。"))
    opening = reverse("selfcontrol:account_open", args=[operator.code])
    context = {
        "accounts": Table(ACCOUNTS, [account_row(each) for each in accounts], empty=empty, id="accounts"),
        "actions": [Action(_("开通企业账号"), opening, icon="plus")] if may_open else [],
    }
    return render_to_string("selfcontrol/operator_panel.html", context, request)
