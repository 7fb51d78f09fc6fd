"""Accounts of operators' people as rows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.selfcontrol.models import Duty, OperatorAccount
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import DONE, NEUTRAL, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

ACCOUNTS = (
    Column("username", gettext_lazy("用户名"), kind="code", is_fixed=True),
    Column("name", gettext_lazy("姓名"), personal=Personal.NAME),
    Column("duty", gettext_lazy("职责")),
    Column("state", gettext_lazy("状态")),
    Column("valid_from", gettext_lazy("启用日期"), kind="date"),
    Column("valid_to", gettext_lazy("停用日期"), kind="date"),
)


def account_row(account: OperatorAccount) -> Row:
    """Who may sign in for the operator, and whether the code was used."""
    state = Cell(_("在用"), state=DONE)
    if account.valid_to is not None or not account.user.is_active:
        state = Cell(_("已停用"), state=NEUTRAL)
    elif account.user.activation_digest:
        state = Cell(_("待激活"), state=WAITING)
    cells = {
        "username": account.user.username, "name": account.user.display_name, "duty": Duty(account.duty).label,
        "state": state, "valid_from": account.valid_from, "valid_to": account.valid_to,
    }  # fmt: skip
    return Row(cells, key=str(account.pk))
