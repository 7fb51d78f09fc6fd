"""Forms of evidence and of review rounds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
Choices = Sequence[tuple[str, str]]


class EvidenceForm(forms.Form):
    """A document: what it is, its dates, the items that it serves, the file."""

    title = forms.CharField(label=gettext_lazy("材料名称"), max_length=200)
    doc_no = forms.CharField(label=gettext_lazy("文号"), max_length=60, required=False)
    issued_on = forms.DateField(label=gettext_lazy("印发日期"), widget=DATE)
    period_from = forms.DateField(label=gettext_lazy("覆盖期间起"), widget=DATE, required=False)
    period_to = forms.DateField(label=gettext_lazy("覆盖期间止"), widget=DATE, required=False)
    expires_on = forms.DateField(
        label=gettext_lazy("有效期至"), widget=DATE, required=False, help_text=gettext_lazy("到期前会提醒更换。")
    )

    def __init__(self, *given: Any, units: Choices, items: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["unit"] = forms.ChoiceField(label=_("提交单位"), choices=units)
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("证明的评价内容"), choices=items, widget=forms.CheckboxSelectMultiple,
            help_text=_("同一份材料可以证明几项内容。"),
        )  # fmt: skip
        self.fields["file"] = forms.FileField(label=_("文件"), help_text=_("PDF、Word、Excel、图片。"))


class VersionForm(forms.Form):
    """A newer content of a document."""

    note = forms.CharField(label=gettext_lazy("修改说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=gettext_lazy("文件"), help_text=gettext_lazy("PDF、Word、Excel、图片。"))


class RoundForm(forms.Form):
    """A new round of review."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    due_on = forms.DateField(label=gettext_lazy("审核截止"), widget=DATE)
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("审核哪几级"),
        choices=[
            ("city", gettext_lazy("市级")), ("county", gettext_lazy("县级")), ("township", gettext_lazy("乡级")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
