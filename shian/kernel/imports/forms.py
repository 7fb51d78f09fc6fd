"""Forms of imports."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.imports.actions import Stated
from shian.kernel.imports.actions.batches import field_sums
from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.specs import ImportSpec

_LINE = re.compile(r"\s*(.+?)\s*[=＝:：]\s*(.+?)\s*")


class UploadForm(forms.Form):
    """A file, what it holds, and what its sender states about it."""

    importer = forms.ChoiceField(label=gettext_lazy("导入类型"))
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("可用 .xlsx、.csv（UTF-8 或 GB18030），或含 datapackage.json 的 .zip 数据包"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.zip,.txt"}),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("生效日期"),
        help_text=gettext_lazy("变更从哪一天起算；历史报表按此日期取数"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    expected_rows = forms.IntegerField(
        label=gettext_lazy("应有行数"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("来文注明的总数；不符时停止导入，须写明理由才能继续"),
    )
    expected_sums = forms.CharField(
        label=gettext_lazy("应有合计"),
        required=False,
        help_text=gettext_lazy("每行一个，如：从业人数=417682"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, specs: list[ImportSpec], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("effective_on", timezone.localdate())
        super().__init__(*args, **kwargs)
        self.specs = {spec.key: spec for spec in specs}
        self.fields["importer"].choices = [(spec.key, spec.title) for spec in specs]  # type: ignore[attr-defined]

    def clean_expected_sums(self) -> dict[str, str]:
        sums = {}
        for line in self.cleaned_data["expected_sums"].splitlines():
            if not line.strip():
                continue
            found = _LINE.fullmatch(line)
            if not found:
                raise forms.ValidationError(_("“%(line)s”看不懂，请写成 列名=合计。") % {"line": line})
            sums[found[1]] = found[2]
        return sums

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        spec = self.specs.get(self.cleaned_data.get("importer", ""))
        if spec is not None and (sums := self.cleaned_data.get("expected_sums")):
            try:
                field_sums(spec, sums)
            except FileUnusable as error:
                self.add_error("expected_sums", str(error))
        return cleaned

    def stated(self) -> Stated:
        """What the sender states; only after is_valid()."""
        data = self.cleaned_data
        return Stated(data["effective_on"], data["expected_rows"], data["expected_sums"])


class DifferenceForm(forms.Form):
    """The reason for accepting totals that do not add up."""

    reason = forms.CharField(
        label=gettext_lazy("接受差额的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("将与您的姓名一起存证"),
    )
