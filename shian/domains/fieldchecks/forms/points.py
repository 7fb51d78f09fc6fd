"""Forms of points."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Choices = Sequence[tuple[str, Any]]


class PointForm(forms.Form):
    """A point to list. `kind` is mode:code; an operator's code, or a place with name and division."""

    kind = forms.ChoiceField(label=gettext_lazy("检查方式和业态"))
    operator = forms.CharField(
        label=gettext_lazy("主体编号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("登记在册的填编号，名称、地址和区划取自主体档案"),
    )
    name = forms.CharField(label=gettext_lazy("点位名称"), max_length=120, required=False)
    area = forms.ChoiceField(label=gettext_lazy("所在区划"), required=False)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    lon = forms.DecimalField(
        label=gettext_lazy("经度"), min_value=-180, max_value=180, decimal_places=6, required=False
    )
    lat = forms.DecimalField(label=gettext_lazy("纬度"), min_value=-90, max_value=90, decimal_places=6, required=False)

    def __init__(self, *given: Any, kinds: Choices, areas: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        for name, choices in (("kind", kinds), ("area", areas)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *choices]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("operator"):
            return told
        for name in ("name", "area"):
            if not told.get(name):
                self.add_error(name, _("没有主体编号的，请填写名称和区划。"))
        if (told.get("lon") is None) != (told.get("lat") is None):
            self.add_error("lat", _("经度和纬度须同时填写。"))
        return told


class StepForm(forms.Form):
    """The day on which a point reached a state."""

    on = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ReasonForm(StepForm):
    """A day with the reason."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
