"""A form for one row of any ledger, made from its declaration."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.declarations import Ledger
from shian.engine.ledgers.fields import LedgerField

LONGEST, USUAL = 8000, 300
YES_NO = (("是", _("是")), ("否", _("否")))


class RowForm(forms.Form):
    """The fields of a ledger that are not `settled` otherwise; what it answers are texts as a file would hold them."""

    def __init__(self, *given: Any, ledger: Ledger, settled: Collection[str] = (), **options: Any) -> None:
        super().__init__(*given, **options)
        self.ledger = ledger
        for each in ledger.given:
            if each.name not in settled:
                self.fields[each.name] = field_of(each, is_required=each.is_required or each.name in ledger.key_fields)

    @property
    def texts(self) -> dict[str, str]:
        """Field name → text, of a valid form, without the files."""
        return {name: _text(value) for name, value in self.cleaned_data.items() if name not in self._file_names}

    @property
    def uploads(self) -> dict[str, Any]:
        """Field name → uploaded file, of those that were given."""
        return {name: self.cleaned_data[name] for name in self._file_names if self.cleaned_data.get(name)}

    @property
    def _file_names(self) -> set[str]:
        return {each.name for each in self.ledger.fields if each.is_file and each.name in self.fields}

    def offer_areas(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let the area be chosen by name: pairs of code and name."""
        name = self.ledger.area
        if name in self.fields:
            asked = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                choices=[("", "—"), *choices], label=asked.label, required=asked.required, help_text=asked.help_text
            )

    def keep(self, held: Iterable[str]) -> None:
        """What the row holds and the form does not show, files and what tells of persons, need not be given again."""
        for name in held:
            if name in self.fields:
                self.fields[name].required = False
                self.fields[name].help_text = _("已有内容，此处不显示；留空则保留原内容。")

    def refuse(self, problems: list[tuple[str, str]]) -> None:
        """Put the importer's findings beside the fields they are about."""
        names = {str(each.title): each.name for each in self.ledger.fields}
        for column, text in problems:
            name = names.get(column, "")
            self.add_error(name if name in self.fields else None, text if name in self.fields else f"{column} {text}")


def field_of(declared: LedgerField, *, is_required: bool) -> forms.Field:
    """The form field of a declared field, with its limits and its unit."""
    common: dict[str, Any] = {
        "label": _label(declared),
        "required": is_required,
        "help_text": declared.description,
    }
    limits = {"min_value": declared.minimum, "max_value": declared.maximum}
    if declared.enum:
        return forms.ChoiceField(choices=[("", "—"), *((word, word) for word in declared.enum)], **common)
    match declared.type:
        case "boolean":
            return forms.ChoiceField(choices=[("", "—"), *YES_NO], **common)
        case "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case "number":
            return forms.DecimalField(**limits, **common)
        case "integer" | "year":
            return forms.IntegerField(**limits, **common)
        case "image" | "file":
            return forms.FileField(**common)
        case "text":
            rows = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(max_length=declared.max_length or LONGEST, widget=rows, **common)
    if declared.type == "geopoint" and not declared.description:
        common["help_text"] = _("经度,纬度，如 116.70,39.52")
    return forms.CharField(max_length=declared.max_length or USUAL, **common)


def _label(declared: LedgerField) -> str:
    if not declared.shown_unit:
        return str(declared.title)
    return gettext("%(label)s（%(unit)s）") % {"label": declared.title, "unit": declared.shown_unit}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
