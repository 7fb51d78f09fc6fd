"""Input of document pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.engine.reports.kinds import report_kind, report_kinds
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import key_of_code, level_of_code
from shian.registers.areas.queries import area_at
from shian.registers.areas.tables import area_choices


class DocumentForm(forms.Form):
    """Which document, about which area, at which date."""

    kind = forms.ChoiceField(label=_("报告种类"))
    area = forms.ChoiceField(label=_("地区"))
    as_of = forms.DateField(
        label=_("数据时点"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("文中所有数据按这一天的登记情况计算，不能晚于今天。"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        levels = {level for kind in report_kinds() for level in kind.levels}
        self.fields["area"].choices = area_choices(user, levels, timezone.localdate())  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.key, kind.title) for kind in report_kinds()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        as_of, area = cleaned.get("as_of"), cleaned.get("area")
        if as_of and as_of > timezone.localdate():
            self.add_error("as_of", _("数据时点不能晚于今天。"))
        elif as_of and area and area_at(area, as_of) is None:
            self.add_error("area", _("这一天还没有（或已经撤销）这个地区，请更换地区或时点。"))
        elif area and cleaned.get("kind") and level_of_code(area) not in report_kind(cleaned["kind"]).levels:
            self.add_error("area", _("这种报告不在这一级编写，请更换地区。"))
        elif area and not reach_of(self.user).covers(key_of_code(area)):
            self.add_error("area", _("这个地区不在您的管辖范围内。"))
        return cleaned


class AcceptForm(forms.Form):
    """Keeping printed values although the registers say something else today."""

    reason = forms.CharField(
        label=_("采用写稿值的理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("理由会印在附件“文中数据一览”里，例如：以自评时点已对外报送的数据为准。"),
    )
    order = forms.MultipleChoiceField(label=_("指标"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = choices  # type: ignore[attr-defined]
