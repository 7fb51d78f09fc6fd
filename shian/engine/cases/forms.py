"""Forms of cases, made from the declaration: opening one, taking a step, asking for more time."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.actions import CaseChanged, CaseRefused
from shian.engine.cases.actions.opening import is_due_given
from shian.engine.cases.checks import lack_of
from shian.engine.cases.declarations import CaseType, Need, Transition
from shian.engine.cases.rules import Side
from shian.engine.cases.wording import changes_told
from shian.engine.ledgers.forms import field_of

Choices = Sequence[tuple[str, str]]
NOTHING = ("", "—")
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_FILES = 20


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=ManyFiles(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given:
            super().clean(None, initial)
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("一次最多上传 %(most)s 个文件。") % {"most": MOST_FILES})
        return [super(FilesField, self).clean(each, initial) for each in given]


class CaseForm(forms.Form):
    """What every form of a case can do: put a refusal beside the fields that it is about."""

    def refuse(self, refused: CaseRefused, declared: CaseType) -> None:
        """Show why; texts about fields that the form has stand beside them; who was first, by name and time."""
        for name, text in refused.fields.items():
            self.add_error(name if name in self.fields else None, text)
        if not refused.fields:
            self.add_error(None, str(refused))
        if self.files:
            self.add_error("files", _("文件没有随之保留，请重新选择。"))
        for line in changes_told(declared, refused) if isinstance(refused, CaseChanged) else ():
            self.add_error(None, line)

    def add_declared(self, declared: CaseType, names: Sequence[str], demanded: Sequence[str] = ()) -> None:
        """The type's own fields of these names."""
        for name in names:
            each = declared.by_field[name]
            self.fields[name] = field_of(each, is_required=name in demanded)

    def declared_values(self, declared: CaseType) -> dict[str, Any]:
        """Name → plain value of the type's own fields, as they are stored."""
        given = {name: self.cleaned_data.get(name) for name in declared.by_field if name in self.fields}
        return {name: _plain(value) for name, value in given.items() if value not in (None, "")}

    def add_evidence(self, declared: CaseType, *, is_required: bool) -> None:
        self.fields["files"] = FilesField(
            label=_("佐证材料"), required=is_required, help_text=_("PDF、Word、Excel、图片；可以多选。")
        )
        if declared.evidence_kinds:
            kinds = [NOTHING, *((key, str(title)) for key, title in declared.evidence_kinds)]
            self.fields["file_kind"] = forms.ChoiceField(label=_("材料种类"), choices=kinds, required=False)


class OpeningForm(CaseForm):
    """A new case of a type."""

    title = forms.CharField(label=gettext_lazy("事项"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("内容和要求"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(
        self, *given: Any, declared: CaseType, areas: Choices, issuers: Choices, units: Choices, **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.fields["area"] = forms.ChoiceField(label=_("区划"), choices=areas)
        self.fields["issuer"] = forms.ChoiceField(label=_("交办单位"), choices=issuers)
        offered = [NOTHING, *units]
        is_units = declared.states[0].turn is Side.UNIT
        self.fields["unit"] = forms.ChoiceField(label=_("承办单位"), choices=offered, required=is_units)
        self.fields["verifier"] = forms.ChoiceField(
            label=_("核实单位"), choices=offered, required=False, help_text=_("不选则由交办单位核实。")
        )
        if is_due_given(declared):
            self.fields["due_on"] = forms.DateField(label=_("期限"), widget=DATE)
        if declared.sources:
            words = [NOTHING, *((key, str(title)) for key, title in declared.sources)]
            self.fields["source"] = forms.ChoiceField(label=_("来源"), choices=words)
        if declared.asks_item:
            self.fields["item_code"] = forms.CharField(
                label=_("评价内容编号"), required=False, max_length=12, help_text=_("如 1.8.1，可不填。")
            )
        if declared.asks_operator:
            self.fields["operator_code"] = forms.CharField(label=_("主体编号"), required=False, max_length=40)
        required = [each.name for each in declared.fields if each.is_required]
        later = {name for step in declared.transitions for name in step.asks} - set(required)
        self.add_declared(declared, [name for name in declared.by_field if name not in later], required)
        self.fields["is_urgent"] = forms.BooleanField(label=_("加急"), required=False)
        self.add_evidence(declared, is_required=False)


class StepForm(CaseForm):
    """What a step needs and offers."""

    def __init__(
        self, *given: Any, declared: CaseType, step: Transition, units: Choices, owners: Choices, **options: Any
    ) -> None:
        super().__init__(*given, **options)
        asked = step.needs | step.offers
        if Need.UNIT in asked:
            chosen = units if Need.UNIT in step.needs else [NOTHING, *units]
            self.fields["unit"] = forms.ChoiceField(
                label=_("承办单位"), choices=chosen, required=Need.UNIT in step.needs
            )
        if Need.OWNER in asked:
            self.fields["owner"] = forms.ChoiceField(
                label=_("责任人"), choices=[NOTHING, *owners], required=Need.OWNER in step.needs
            )
        if Need.DUE in asked:
            self.fields["due_on"] = forms.DateField(label=_("期限"), widget=DATE, required=Need.DUE in step.needs)
        self.add_declared(declared, step.asks, step.demands)
        for name in step.demands:
            self.fields[name].error_messages["required"] = lack_of(declared, step, name)
        self.fields["note"] = forms.CharField(
            label=_("办理情况"), required=Need.NOTE in step.needs, max_length=4000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )  # fmt: skip
        if asked & {Need.EVIDENCE, Need.HELD}:
            self.add_evidence(declared, is_required=Need.EVIDENCE in step.needs)


class ExtensionForm(CaseForm):
    days = forms.IntegerField(label=gettext_lazy("延长天数"), min_value=1, max_value=365)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class TransferForm(CaseForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, units: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["to_unit"] = forms.ChoiceField(label=_("移送至"), choices=[NOTHING, *units])
        self.order_fields(["to_unit", "reason"])


class AnswerForm(CaseForm):
    is_granted = forms.ChoiceField(
        label=gettext_lazy("答复"), choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))]
    )
    answer = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(CaseForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class MergeForm(ReasonForm):
    into = forms.CharField(label=gettext_lazy("并入事项的编号"), max_length=60)
    field_order = ("into", "reason")


class NoteForm(CaseForm):
    note = forms.CharField(label=gettext_lazy("情况"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else str(value)
