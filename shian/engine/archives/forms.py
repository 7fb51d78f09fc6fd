"""The form that asks for a set."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.engine.archives.sets import set_kinds


class SetForm(forms.Form):
    """Which set, of which area, on which day."""

    kind = forms.ChoiceField(label=_("档案"))
    area = forms.ChoiceField(label=_("区划"))
    as_of = forms.DateField(
        label=_("数据时点"),
        help_text=_("须是已有评价结果的日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("as_of", timezone.localdate())
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.key, each.title) for each in set_kinds()]  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
