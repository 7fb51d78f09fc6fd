"""Forms of the yearly appraisal: issuing it, a unit's self-score, the verification."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import AppraisalLine
from shian.domains.campaign.rules.appraisals import Said


class AppraisalForm(forms.Form):
    """Which year, and until when units score themselves."""

    year = forms.IntegerField(label=gettext_lazy("考核年度"), min_value=2000, max_value=2100)
    due_on = forms.DateField(
        label=gettext_lazy("自评期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class LinesForm(forms.Form):
    """Points and words for every line; what is wrong with a line stands beside it."""

    words: Any = ""

    def __init__(self, *given: Any, lines: Sequence[AppraisalLine], **options: Any) -> None:
        super().__init__(*given, **options)
        self.lines = lines
        for line in lines:
            self._add(line)

    def _add(self, line: AppraisalLine) -> None:
        self.fields[f"score_{line.number}"] = forms.DecimalField(
            label=_("%(number)s. 得分（满分 %(maximum)s）") % {
                "number": line.number, "maximum": format(line.maximum.normalize(), "f")},
            max_digits=6, decimal_places=2,
            error_messages={"required": _("第 %(number)s 条“%(title)s”没有填写得分。") % {
                "number": line.number, "title": line.title}},
        )  # fmt: skip
        self.fields[f"words_{line.number}"] = forms.CharField(
            label=f"{line.number}. {self.words}", required=False, max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip

    def names(self, line: AppraisalLine) -> list[str]:
        """The fields of a line, in order."""
        return [f"score_{line.number}", f"words_{line.number}"]

    @property
    def said(self) -> dict[int, Said]:
        """Line → what was typed."""
        told = self.cleaned_data
        return {
            each.number: Said(
                told.get(f"score_{each.number}"), told.get(f"words_{each.number}", ""), self._proofs(each)
            )
            for each in self.lines
        }

    def _proofs(self, line: AppraisalLine) -> tuple[int, ...]:
        return ()

    def refuse(self, text: str, lines: Mapping[int, str]) -> None:
        """Each text beside the points of its line; one about no line at the top."""
        for number, said in lines.items():
            self.add_error(f"score_{number}", said)
        if not lines:
            self.add_error(None, text)


class SelfScoreForm(LinesForm):
    """What a unit says of itself, with its own documents."""

    words = gettext_lazy("自评说明")

    def __init__(self, *given: Any, documents: Sequence[tuple[int, str]], **options: Any) -> None:
        self.documents = documents
        super().__init__(*given, **options)

    def _add(self, line: AppraisalLine) -> None:
        super()._add(line)
        if self.documents:
            self.fields[f"proofs_{line.number}"] = forms.TypedMultipleChoiceField(
                label=_("%(number)s. 佐证材料") % {"number": line.number}, choices=self.documents, coerce=int,
                required=False, widget=forms.SelectMultiple(attrs={"size": min(4, len(self.documents))}),
            )  # fmt: skip

    def names(self, line: AppraisalLine) -> list[str]:
        own = super().names(line)
        return [*own, f"proofs_{line.number}"] if self.documents else own

    def _proofs(self, line: AppraisalLine) -> tuple[int, ...]:
        return tuple(self.cleaned_data.get(f"proofs_{line.number}") or ())


class VerifyForm(LinesForm):
    """What the office finds."""

    words = gettext_lazy("差异理由")
