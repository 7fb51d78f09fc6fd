"""The deeds on accounts, as a reader of the log knows them."""

from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.states import Text

WORDS: dict[str, Text] = {
    "user_created": _("建立账号"),
    "user_activated": _("本人激活"),
    "user_invited": _("重发激活码"),
    "user_deactivated": _("停用"),
    "user_reactivated": _("重新启用"),
    "user_locked": _("连续输错密码，锁定"),
    "user_unlocked": _("解锁"),
    "role_changed": _("更改角色"),
    "validity_set": _("设定使用期限"),
    "password_generated": _("生成密码"),
    "password_changed": _("本人修改密码"),
    "signed_in": _("登录"),
    "signed_out": _("退出"),
    "session_ended": _("结束会话"),
    "session_expired": _("会话到期"),
    "factor_added": _("添加第二因素"),
    "factor_removed": _("移除第二因素"),
    "factor_refused": _("第二因素未通过"),
    "factors_reset": _("重置第二因素"),
    "recovery_code_used": _("使用恢复码"),
    "identity_linked": _("关联统一身份"),
    "preferences_saved": _("保存偏好"),
}


def deed_word(action: str) -> Text:
    """The word for `accounts.<deed>`; the bare name for one that has none."""
    return WORDS.get(action.removeprefix("accounts."), action)
