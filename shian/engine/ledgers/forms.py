"""A form for one row of any ledger, made from its declaration."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.engine.ledgers.declarations import Ledger, LedgerField

YES_NO = (("是", _("是")), ("否", _("否")))


class RowForm(forms.Form):
    """The fields of a ledger that are not `settled` otherwise; what it answers are texts as a file would hold them."""

    def __init__(self, *given: Any, ledger: Ledger, settled: Collection[str] = (), **options: Any) -> None:
        super().__init__(*given, **options)
        self.ledger = ledger
        for each in ledger.fields:
            if each.name not in settled:
                self.fields[each.name] = field_of(each, is_required=each.is_required or each.name in ledger.key_fields)

    @property
    def texts(self) -> dict[str, str]:
        """Field name → text, of a valid form."""
        return {name: _text(value) for name, value in self.cleaned_data.items()}

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
    return forms.CharField(max_length=declared.max_length or 200, **common)


def _label(declared: LedgerField) -> str:
    if not declared.shown_unit:
        return str(declared.title)
    return gettext("%(label)s（%(unit)s）") % {"label": declared.title, "unit": declared.shown_unit}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
