"""Tokens, endpoints and errors as tables."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.api.models import Token
from shian.kernel.api.problems import ProblemType
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row

TOKENS = (
    Column("name", gettext_lazy("名称"), is_fixed=True),
    Column("hint", gettext_lazy("开头"), kind="code"),
    Column("state", gettext_lazy("状态")),
    Column("scopes", gettext_lazy("权限范围"), is_wide=True),
    Column("created_at", gettext_lazy("建立时间"), kind="moment"),
    Column("expires_at", gettext_lazy("到期时间"), kind="moment"),
    Column("last_used_at", gettext_lazy("最近使用"), kind="moment"),
    Column("revoke", ""),
)
ENDPOINTS = (
    Column("method", gettext_lazy("方法"), kind="code"),
    Column("path", gettext_lazy("地址"), kind="code", is_fixed=True),
    Column("title", gettext_lazy("说明"), is_wide=True),
    Column("scope", gettext_lazy("权限范围"), kind="code"),
)
PROBLEM_TYPES = (
    Column("key", gettext_lazy("类型"), kind="code", is_fixed=True),
    Column("status", gettext_lazy("状态码"), kind="code"),
    Column("title", gettext_lazy("含义")),
    Column("advice", gettext_lazy("处理办法"), is_wide=True),
)


def state_of(token: Token, at: datetime) -> tuple[str, Text]:
    """The state of a token as a badge."""
    if token.revoked_at:
        return "neutral", _("已撤销")
    if token.expires_at <= at:
        return "neutral", _("已到期")
    return "done", _("在用")


def token_row(token: Token, at: datetime) -> Row:
    """A token in its owner's list."""
    state, word = state_of(token, at)
    is_live = state == "done"
    cells = {
        "name": token.name,
        "hint": f"{token.hint}…",
        "state": Cell(word, state=state),
        "scopes": "、".join(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoke": Cell(_("撤销"), url=reverse("api:token_revoke", args=[token.pk])) if is_live else None,
    }
    return Row(cells, key=str(token.pk))


def problem_row(found: ProblemType) -> Row:
    """A kind of error."""
    cells = {"key": found.key, "status": str(found.status), "title": found.title, "advice": found.advice}
    return Row(cells, key=found.key)
