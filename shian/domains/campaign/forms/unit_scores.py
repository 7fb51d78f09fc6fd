"""Forms of the dynamic evaluation: an appeal of a unit, a correction by the office."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.forms import FilesField


class AppealForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("申诉理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("请写明哪一项失分有异议、依据是什么。"),
    )  # fmt: skip

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["files"] = FilesField(
            label=_("佐证材料"), required=False, help_text=_("PDF、Word、Excel、图片；可以多选。")
        )


class CorrectionForm(forms.Form):
    """One dimension's points after an appeal that was upheld."""

    def __init__(self, *given: Any, parts: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["part"] = forms.ChoiceField(label=_("维度"), choices=parts)
        self.fields["after"] = forms.DecimalField(label=_("更正后得分"), min_value=0, max_digits=8, decimal_places=2)
        self.fields["reason"] = forms.CharField(
            label=_("更正理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
        )
