"""Accounts, their protection and their sessions as tables and facts."""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.queries import has_second_factor, second_factors
from shian.kernel.accounts.rules import Standing
from shian.kernel.ui.pieces import Action, Callout, Fact, Section
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table

USERS = (
    Column("username", gettext_lazy("用户名"), kind="code", sort="username", is_fixed=True),
    Column("display_name", gettext_lazy("姓名"), sort="display_name"),
    Column("role", gettext_lazy("角色"), sort="role"),
    Column("state", gettext_lazy("状态")),
    Column("last_login", gettext_lazy("最近登录"), kind="moment"),
    Column("valid_to", gettext_lazy("停用时间"), kind="moment"),
)
PASSKEYS = (
    Column("name", gettext_lazy("名称"), is_fixed=True),
    Column("kind", gettext_lazy("用途")),
    Column("created_at", gettext_lazy("添加时间"), kind="moment"),
    Column("last_used_at", gettext_lazy("最近使用"), kind="moment"),
    Column("remove", ""),
)


def user_url(username: str) -> str:
    """The administrators' page of the account."""
    return reverse("accounts:user_detail", args=[username])


def state_of_user(user: User, locked: datetime | None, at: datetime) -> tuple[str, Text]:
    """The state of an account as a badge: key of states.py and word."""
    standing = user.standing_at(at)
    if standing == Standing.INACTIVE:
        return "neutral", _("已停用")
    if standing == Standing.ENDED:
        return "neutral", _("已到期")
    if locked:
        return "overdue", _("已锁定")
    if standing == Standing.NOT_YET:
        return "waiting", _("未到启用日期")
    if user.activation_digest:
        return "waiting", _("待激活") if (user.activation_expires_at or at) > at else _("激活码已过期")
    return "done", _("在用")


def user_row(user: User, locked: datetime | None, at: datetime) -> Row:
    """An account in the administrators' list."""
    state, word = state_of_user(user, locked, at)
    cells = {
        "username": user.username,
        "display_name": user.display_name,
        "role": Role(user.role).label,
        "state": Cell(word, state=state),
        "last_login": user.last_login,
        "valid_to": user.valid_to,
    }
    return Row(cells, url=user_url(user.username), key=user.username)


def own_facts(user: User) -> Section:
    """Who one is to the system."""
    facts = [
        Fact(_("用户名"), user.username, kind="code"),
        Fact(_("姓名"), user.display_name),
        Fact(_("角色"), Role(user.role).label),
    ]
    if user.valid_to:
        facts.append(Fact(_("停用时间"), user.valid_to, note=_("到时自动停用，会话同时结束")))
    return Section(_("基本信息"), facts)


def factor_facts(user: User) -> Section:
    """Password and second factors."""
    held: dict[str, list[Authenticator]] = {}
    for factor in second_factors(user):
        held.setdefault(factor.type, []).append(factor)
    app = held.get(Authenticator.Type.TOTP)
    keys, codes = held.get(Authenticator.Type.WEBAUTHN, []), held.get(Authenticator.Type.RECOVERY_CODES)
    unused = len(codes[0].wrap().get_unused_codes()) if codes else 0
    policy = policy_for(user)
    age = _("每 %(days)s 天须修改一次") % {"days": policy.max_age_days} if policy.max_age_days else ""
    facts = [
        Fact(_("密码修改时间"), user.password_changed_at, note=age if user.has_usable_password() else _("未设密码")),
        Fact(_("通行密钥"), _("%(count)s 个") % {"count": len(keys)} if keys else _("未添加")),
        Fact(_("验证器"), _("已启用") if app else _("未启用")),
        Fact(_("恢复码"), _("剩 %(count)s 个") % {"count": unused} if codes else _("未生成")),
    ]
    return Section(_("登录保护"), facts)


def account_notes(user: User) -> list[Callout]:
    """What the owner should know about the account's protection."""
    if user.is_demo:
        told = _("这是演示城市生成的账号，未强制第二因素和首次改密；正式账号没有这些例外。")
        return [Callout(_("演示账号"), told, state="waiting")]
    if user.role in policy_for(user).second_factor_roles and not has_second_factor(user):
        told = _("您的角色须使用第二因素登录。请先添加通行密钥或验证器。")
        return [Callout(_("请添加第二因素"), told, state="due", actions=[Action(_("去添加"), reverse("mfa_index"))])]
    return []


def passkey_table(authenticators: Iterable[Authenticator]) -> Table:
    """The user's passkeys; the name opens its form."""
    rows = []
    for factor in authenticators:
        key = factor.wrap()
        cells = {
            "name": key.name,
            "kind": _("单独登录") if key.is_passwordless else _("第二因素"),
            "created_at": factor.created_at,
            "last_used_at": factor.last_used_at,
            "remove": Cell(_("移除"), url=reverse("mfa_remove_webauthn", args=[factor.pk])),
        }
        rows.append(Row(cells, url=reverse("mfa_edit_webauthn", args=[factor.pk]), key=str(factor.pk)))
    return Table(PASSKEYS, rows, empty=Empty(_("还没有通行密钥"), _("添加后可以用指纹、人脸或 PIN 登录。")))


def user_sections(user: User, locked: datetime | None) -> list[Section]:
    """The facts of an account for administrators; how it is protected, never with what."""
    facts = [
        *own_facts(user).facts[:3],
        Fact(_("建立时间"), user.date_joined),
        Fact(_("最近登录"), user.last_login),
        Fact(_("启用时间"), user.valid_from),
        Fact(_("停用时间"), user.valid_to),
    ]
    if user.activation_digest:
        facts.append(Fact(_("激活码有效至"), user.activation_expires_at))
    if locked:
        facts.append(Fact(_("锁定至"), locked, note=_("连续输错密码")))
    return [Section(_("账号"), facts), factor_facts(user)]
