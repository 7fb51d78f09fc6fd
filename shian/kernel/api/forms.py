"""The form of a new token."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.api.registry import all_scopes
from shian.kernel.api.rules import LIFETIMES


class TokenForm(forms.Form):
    """Name, scopes, lifetime."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("用它的系统或程序，便于日后辨认。")
    )
    days = forms.TypedChoiceField(label=gettext_lazy("有效期"), coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限范围"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只选需要的。令牌看到的内容不会超过您本人的辖区和角色。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [(each, _("%(days)s 天") % {"days": each}) for each in LIFETIMES]
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope, f"{words}（{scope}）") for scope, words in all_scopes().items()]
