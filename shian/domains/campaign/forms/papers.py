"""Forms of papers and of the notice to liaison officers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import PAPER_KINDS

Choices = Sequence[tuple[str, str]]
NOTHING = ("", "—")


class PaperForm(forms.Form):
    """A new paper. The number is given; the version follows the paper that it replaces."""

    doc_no = forms.CharField(label=gettext_lazy("文号"), max_length=60, help_text=gettext_lazy("如 廊创办〔2023〕5号"))
    title = forms.CharField(label=gettext_lazy("文件名称"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("文件类别"), choices=[(each, each) for each in PAPER_KINDS])
    applies_to = forms.CharField(label=gettext_lazy("适用范围"), max_length=200, required=False)
    upload = forms.FileField(
        label=gettext_lazy("文件"), required=False, help_text=gettext_lazy("PDF、Word、Excel 或图片")
    )

    def __init__(self, *given: Any, issuers: Choices, replaced: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["issuer"] = forms.ChoiceField(label=_("印发单位"), choices=issuers)
        self.fields["supersedes"] = forms.ChoiceField(
            label=_("替代的文件"), choices=[NOTHING, *replaced], required=False,
            help_text=_("印发后原文件自动失效，本文件为其下一版本。"),
        )  # fmt: skip
        self.order_fields(["doc_no", "title", "kind", "issuer", "supersedes", "applies_to", "upload"])


class ApprovalForm(forms.Form):
    meeting = forms.CharField(
        label=gettext_lazy("审定会议"), max_length=100, help_text=gettext_lazy("如 市政府第 12 次常务会议")
    )
    on = forms.DateField(
        label=gettext_lazy("审定日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class IssueForm(forms.Form):
    def __init__(self, *given: Any, units: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["units"] = forms.MultipleChoiceField(
            label=_("收文单位"), choices=units, widget=forms.CheckboxSelectMultiple
        )


class LiaisonNoticeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("标题"), max_length=100)
    text = forms.CharField(label=gettext_lazy("内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
