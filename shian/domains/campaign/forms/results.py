"""Forms around results: verdicts, reasons, evaluations, standards, scoring, catalogues."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import VerdictWord

WORKBOOK_LIMIT = 20 * 1024 * 1024


class VerdictForm(forms.Form):
    """A reviewer's verdict on one item for one area."""

    verdict = forms.ChoiceField(label=gettext_lazy("结论"), choices=VerdictWord.choices, widget=forms.RadioSelect)
    ratio = forms.DecimalField(
        label=gettext_lazy("得分率"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(1),
        max_digits=5,
        decimal_places=4,
        help_text=gettext_lazy("只在部分达标时填写，0 和 1 之间，例如 0.6。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不是达标的结论须写明理由。"),
    )
    reviewer = forms.CharField(label=gettext_lazy("评审人"), max_length=60)
    reviewed_on = forms.DateField(
        label=gettext_lazy("评审日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verdict = data.get("verdict")
        if verdict == VerdictWord.PARTLY and not data.get("ratio"):
            self.add_error("ratio", _("部分达标须填写 0 和 1 之间的得分率。"))
        if verdict and verdict != VerdictWord.MET and not data.get("reason", "").strip():
            self.add_error("reason", _("不是达标的结论须写明理由。"))
        return data


class ReasonForm(forms.Form):
    """Why an item is left without a score."""

    reason = forms.CharField(
        label=gettext_lazy("未计分的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class EvaluationForm(forms.Form):
    """Which area is evaluated for which day."""

    as_of = forms.DateField(
        label=gettext_lazy("截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("各登记簿按这一天的状态取数。"),
    )

    def clean_as_of(self) -> date:
        """A day to come has no registers yet, and its evaluation would stand before every real one."""
        as_of: date = self.cleaned_data["as_of"]
        if as_of > timezone.localdate():
            raise forms.ValidationError(_("截止日期不能晚于今天。"))
        return as_of


class StandardForm(forms.Form):
    """An edition of the standard as a file."""

    file = forms.FileField(
        label=gettext_lazy("评价细则文件"),
        help_text=gettext_lazy(
            "XLSX（工作表：评价内容、量化指标、部门、说明）或 YAML；文件名即版本号，例如 2021.xlsx。"
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > WORKBOOK_LIMIT:
            raise forms.ValidationError(_("文件超过 20 MB，不像是评价细则。"))
        return file


class WeightsForm(forms.Form):
    """A city's own points: one number per section of the standard and, where stated, per item; a day and a source."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    effective_from = forms.DateField(
        label=gettext_lazy("生效日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("这一天及以后的评价按新分值计算。"),
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("规定这些分值的文件名称和文号。"),
    )
    own = forms.CharField(
        label=gettext_lazy("单独给分的评价内容"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一项：编号和分值，例如 1.1.1 2.5。没有列出的评价内容平均分所在大项剩下的分值。"),
    )

    def __init__(self, *given: Any, sections: Mapping[int, str], **options: Any) -> None:
        super().__init__(*given, **options)
        self.numbers = {f"section_{number}": number for number in sections}
        for name, number in self.numbers.items():
            self.fields[name] = forms.DecimalField(
                label=f"{sections[number]}（{_('分')}）", min_value=Decimal(0), max_digits=6, decimal_places=2
            )

    @property
    def sections(self) -> dict[int, Decimal]:
        """Section number → points, of a valid form."""
        return {number: self.cleaned_data[name] for name, number in self.numbers.items()}

    def clean_own(self) -> dict[str, Decimal]:
        """Item code → points."""
        found: dict[str, Decimal] = {}
        for number, line in enumerate(self.cleaned_data["own"].splitlines(), 1):
            words = line.replace("，", " ").replace(",", " ").split()
            if not words:
                continue
            points = _points(words[1]) if len(words) == 2 else None
            if points is None or words[0] in found:
                raise forms.ValidationError(
                    _("第 %(number)s 行“%(line)s”应为编号和分值，每个编号一行。")
                    % {"number": number, "line": line.strip()}
                )
            found[words[0]] = points
        return found


def _points(text: str) -> Decimal | None:
    """Points as people type them, at most four decimals; None for anything else."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -4 and 0 <= number < 10_000 else None


class PlanForm(forms.Form):
    """A published plan of tasks as a file."""

    file = forms.FileField(
        label=gettext_lazy("任务分工文件"),
        help_text=gettext_lazy("YAML：每条有序号、标题、评价内容编号、牵头和责任单位的部门代码。"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("完成期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > WORKBOOK_LIMIT:
            raise forms.ValidationError(_("文件超过 20 MB，不像是任务分工。"))
        return file


class CatalogueForm(forms.Form):
    """When the duties of newly drafted catalogues are due."""

    due_on = forms.DateField(
        label=gettext_lazy("完成期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
