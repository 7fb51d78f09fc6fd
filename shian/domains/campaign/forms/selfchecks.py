"""The form that asks units for their self-check reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.forms import DATE, CaseForm, Choices


class AskForm(CaseForm):
    """Period and days; in whose name, where the user acts for several units."""

    period = forms.CharField(label=_("自查期间"), max_length=60, help_text=_("如 2026 年第四季度。"))
    due_on = forms.DateField(label=_("各单位报送期限"), widget=DATE)
    merged_due_on = forms.DateField(label=_("汇总期限"), widget=DATE)

    def __init__(self, *given: Any, issuers: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["issuer"] = forms.ChoiceField(label=_("布置单位"), choices=issuers)
        self.order_fields(["issuer", "period", "due_on", "merged_due_on"])
