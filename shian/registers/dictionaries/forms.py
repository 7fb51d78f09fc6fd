"""Input of dictionary pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.registers.areas.queries import areas_valid_at
from shian.registers.dictionaries.queries import Dictionary

CODE = r"[A-Za-z0-9_-]+"
DETAILS = {
    "kind": _("主体类别"),
    "stage": _("环节"),
    "control": _("管理措施"),
    "source": _("公告"),
    "checked": _("核对"),
}
PREFIX = "details_"
ABOVE_TOWNSHIP = ("city", "county")


def _day(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text)


class _InArea(forms.Form):
    """Which area, and on what ground."""

    area_code = forms.ChoiceField(label=_("适用区划"))
    reason = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("例如文件名称和文号。"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *given: Any, user: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        rows = areas_valid_at(timezone.localdate()).visible_to(user).filter(level__in=ABOVE_TOWNSHIP).order_by("code")
        self.fields["area_code"].choices = list(rows.values_list("code", "name"))  # type: ignore[attr-defined]


class EntryForm(_InArea):
    """A new word, or the next name of a code."""

    code = forms.RegexField(
        CODE, label=_("编码"), max_length=20, help_text=_("填已有编码即为改名：原名称到启用日期为止。")
    )
    name = forms.CharField(label=_("名称"), max_length=30)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    valid_from = _day(_("启用日期"), _("这一天起的导入按新名称检查，此前的记录仍显示原名称。"))
    field_order = ("code", "name", "name_en", "details_kind", "details_stage", "area_code", "valid_from", "reason")

    def __init__(self, *given: Any, dictionary: Dictionary, user: Any, **options: Any) -> None:
        super().__init__(*given, user=user, **options)
        for name, words in dictionary.details.items():
            choices = [("", "—"), *((word, word) for word in words)]
            self.fields[f"{PREFIX}{name}"] = forms.ChoiceField(label=DETAILS.get(name, name), choices=choices)
        self.order_fields(self.field_order)

    @property
    def entry(self) -> dict[str, Any]:
        """What `draft_entry` takes, of a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)}
        names = [name for name in self.cleaned_data if name.startswith(PREFIX)]
        return {**given, "details": {name.removeprefix(PREFIX): self.cleaned_data[name] for name in names}}


class EndForm(_InArea):
    """The last day of a word, in an area."""

    on = _day(_("停用日期"), _("这一天起不再接受该名称，此前的记录不变。"))
    field_order = ("area_code", "on", "reason")
