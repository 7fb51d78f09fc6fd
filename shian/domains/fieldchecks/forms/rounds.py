"""Forms of rounds: the plan, who is sent, what is replaced."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.rules.rounds import RoundNumbers

Choices = Sequence[tuple[str, Any]]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
HUNDRED = Decimal(100)


class RoundForm(forms.Form):
    """What a round is to be; shares in per cent, as the dated numbers have them unless changed."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    area = forms.ChoiceField(label=gettext_lazy("区划"))
    starts_on = forms.DateField(label=gettext_lazy("开始日期"), widget=DAY)
    ends_on = forms.DateField(label=gettext_lazy("结束日期"), widget=DAY)
    formats = forms.MultipleChoiceField(label=gettext_lazy("业态"), widget=forms.CheckboxSelectMultiple)
    ratio = forms.DecimalField(
        label=gettext_lazy("抽取比例（%）"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
        help_text=gettext_lazy("每个县、每种业态、每种检查方式各自抽取，向上取整，不少于这个比例。"),
    )
    least = forms.IntegerField(label=gettext_lazy("每层至少"), min_value=1, max_value=100)
    reserves = forms.DecimalField(label=gettext_lazy("备选占样本（%）"), min_value=0, max_value=1000, decimal_places=2)
    quiet_days = forms.IntegerField(label=gettext_lazy("近期检查过的不抽（天）"), min_value=0, max_value=366)
    teams = forms.MultipleChoiceField(
        label=gettext_lazy("检查队伍"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, *given: Any, areas: Choices, formats: Choices, teams: Choices, numbers: RoundNumbers, **options: Any
    ) -> None:
        usual = {
            "ratio": numbers.ratio * HUNDRED, "least": numbers.least, "reserves": numbers.reserves * HUNDRED,
            "quiet_days": numbers.quiet_days, "formats": [key for key, _label in formats],
        }  # fmt: skip
        options["initial"] = {**usual, **options.get("initial", {})}
        super().__init__(*given, **options)
        for name, choices in (("area", areas), ("formats", formats), ("teams", teams)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class SampleForm(forms.Form):
    """Which part of the sample a team is sent to; overt visits need two people."""

    kind = forms.ChoiceField(label=gettext_lazy("业态"), required=False)
    county = forms.ChoiceField(label=gettext_lazy("县（市、区）"))
    issuer = forms.ChoiceField(label=gettext_lazy("组织单位"))
    lead = forms.ChoiceField(label=gettext_lazy("检查人员"))
    second = forms.ChoiceField(
        label=gettext_lazy("同行人员"), required=False, help_text=gettext_lazy("明查须两人以上；暗访可以一人。")
    )
    most = forms.IntegerField(
        label=gettext_lazy("最多安排"),
        min_value=1,
        max_value=2000,
        initial=20,
        help_text=gettext_lazy("按点位编号的次序，从还没有安排的点位中取。"),
    )
    due_on = forms.DateField(label=gettext_lazy("期限"), widget=DAY, required=False)

    def __init__(
        self, *given: Any, kinds: Choices, counties: Choices, issuers: Choices, people: Choices, **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*given, **options)
        any_kind, nobody = ("", _("全部业态")), ("", "—")
        offered = {"kind": [any_kind, *kinds], "county": counties, "issuer": issuers, "lead": [nobody, *people],
                   "second": [nobody, *people]}  # fmt: skip
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class ReplacementForm(forms.Form):
    """Why a drawn point cannot be visited."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("如停业、拆迁、拒绝；由同一层的下一个备选递补。"),
    )
