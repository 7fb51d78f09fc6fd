"""Forms of imports."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.imports.actions import Stated
from shian.kernel.imports.actions.batches import field_sums
from shian.kernel.imports.actions.sources import LEAST_MINUTES, Wanted
from shian.kernel.imports.headings import FileUnusable
from shian.kernel.imports.models import SourceKind
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


class UndoForm(forms.Form):
    """Why an accepted batch is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("撤销的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("将与您的姓名一起存证"),
    )


class SourceForm(forms.Form):
    """A place to look into at an interval."""

    importer = forms.ChoiceField(label=gettext_lazy("导入类型"))
    kind = forms.ChoiceField(label=gettext_lazy("来源类型"), choices=SourceKind.choices)
    place = forms.CharField(
        label=gettext_lazy("位置"),
        max_length=500,
        help_text=gettext_lazy("取件文件夹（SHIAN_HOME/pickup）之内的文件夹名，或以 http、https 开头的外部网址"),
    )
    every_minutes = forms.IntegerField(
        label=gettext_lazy("间隔（分钟）"), min_value=LEAST_MINUTES, max_value=60 * 24 * 31, initial=60
    )
    valid_from = forms.DateField(
        label=gettext_lazy("启用日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=gettext_lazy("停用日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    accepts = forms.BooleanField(
        label=gettext_lazy("没有错误、合计相符时自动接收"),
        required=False,
    )

    def __init__(self, *args: Any, specs: list[ImportSpec], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("valid_from", timezone.localdate())
        super().__init__(*args, **kwargs)
        self.fields["importer"].choices = [(spec.key, spec.title) for spec in specs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        start, end = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("停用日期早于启用日期。"))
        return cleaned

    def wanted(self) -> Wanted:
        """What is asked for; only after is_valid()."""
        return Wanted(**self.cleaned_data)


class MatchForm(forms.Form):
    """One choice per heading of the file: the field that it feeds, or none."""

    def __init__(self, *args: Any, headings: Sequence[Mapping[str, str]], spec: ImportSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = [each["heading"] for each in headings]
        choices = [("", _("（不导入）"))]
        for each in spec.fields:
            choices.append((each.name, f"{each.title} *" if each.required else str(each.title)))
        for index, told in enumerate(headings):
            self.fields[f"heading_{index}"] = forms.ChoiceField(
                label=told["heading"], choices=choices, required=False, initial=told["field"]
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = [name for name in self.cleaned_data.values() if name]
        twice = {name for name in chosen if chosen.count(name) > 1}
        for index in range(len(self.headings)):
            if self.cleaned_data.get(f"heading_{index}") in twice:
                self.add_error(f"heading_{index}", _("同一项目只能对应一列。"))
        return cleaned

    def chosen(self) -> dict[str, str]:
        """Heading → field name; only after is_valid()."""
        return {heading: self.cleaned_data[f"heading_{index}"] for index, heading in enumerate(self.headings)}


class DifferenceForm(forms.Form):
    """The reason for accepting totals that do not add up."""

    reason = forms.CharField(
        label=gettext_lazy("接受差额的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("将与您的姓名一起存证"),
    )
