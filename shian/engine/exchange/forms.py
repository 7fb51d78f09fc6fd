"""Forms of exchange."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.engine.exchange.declarations import all_reports


class ReportForm(forms.Form):
    """Which report, of which area, on which day."""

    report = forms.ChoiceField(label=_("报送"))
    area = forms.ChoiceField(label=_("区划"))
    as_of = forms.DateField(label=_("数据时点"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("as_of", timezone.localdate())
        super().__init__(*args, **kwargs)
        self.fields["report"].choices = [(each.key, each.title) for each in all_reports().values()]  # type: ignore[attr-defined]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """One text: the reason for gaps, the number of a receipt, why it was returned."""

    text = forms.CharField(label=_("内容"), required=False, max_length=300)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
