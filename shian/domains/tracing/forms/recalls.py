"""What is asked of a recall or drill: by who proposes it, who decides, who holds the goods."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from shian.domains.tracing.forms.trade import PADS
from shian.domains.tracing.models import AnomalyResult, Cause, RecallLevel, Treatment
from shian.domains.tracing.queries.recall_letters import HOLDER, SOURCE
from shian.domains.tracing.queries.recalls import NUMBERS
from shian.engine.trace.models import Ring

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
LONG = forms.Textarea(attrs={"rows": 3})
RINGS = (
    (str(int(Ring.CONFIRMED)), gettext_lazy("只通知确认的持有者")),
    (str(int(Ring.POSSIBLE)), gettext_lazy("确认的和可能的都通知")),
)
HARMS = {
    RecallLevel.FIRST: gettext_lazy("一级：严重健康损害或者死亡，%(hours)s 小时内启动，%(days)s 个工作日完成"),
    RecallLevel.SECOND: gettext_lazy("二级：一般健康损害，%(hours)s 小时，%(days)s 个工作日"),
    RecallLevel.THIRD: gettext_lazy("三级：标签标识等，%(hours)s 小时，%(days)s 个工作日"),
}


class RecallForm(forms.Form):
    """A recall or a drill; the roots come with the address."""

    title = forms.CharField(label=gettext_lazy("产品"), max_length=120)
    level = forms.TypedChoiceField(
        label=gettext_lazy("级别"), choices=RecallLevel.choices, coerce=int, widget=forms.RadioSelect
    )  # fmt: skip
    cause = forms.ChoiceField(
        label=gettext_lazy("来源"), choices=[each for each in Cause.choices if each[0] != Cause.DRILL]
    )
    cause_no = forms.CharField(label=gettext_lazy("来源编号"), max_length=60, required=False)
    known_at = forms.DateTimeField(
        label=gettext_lazy("知悉时间"), widget=MOMENT, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=gettext_lazy("启动时限从这时起算。"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("原因和危害"), max_length=500, widget=LONG)
    treatment = forms.ChoiceField(label=gettext_lazy("处理方式"), choices=Treatment.choices)
    advice = forms.CharField(
        label=gettext_lazy("告知内容"), max_length=500, widget=LONG,
        help_text=gettext_lazy("持有者和公告的读者看到的话：怎样停售、退回、联系谁。"),
    )  # fmt: skip
    contact = forms.CharField(label=gettext_lazy("联系电话"), max_length=60, required=False)
    ring = forms.TypedChoiceField(label=gettext_lazy("通知范围"), choices=RINGS, coerce=int, widget=forms.RadioSelect)

    def __init__(self, data: Any, *, is_drill: bool, initial: dict[str, Any]) -> None:
        usual = {"ring": int(Ring.CONFIRMED), "known_at": timezone.localtime(), "level": int(RecallLevel.SECOND)}
        super().__init__(data, initial={**usual, **initial})
        clocks = NUMBERS.at(timezone.localdate()).levels
        self.fields["level"].help_text = "；".join(
            HARMS[level] % {"hours": clock.start_hours, "days": clock.finish_wd} for level, clock in clocks.items()
        )
        if is_drill:
            for name in ("cause", "cause_no", "known_at"):
                del self.fields[name]


class DecisionForm(forms.Form):
    """Order or refuse."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("决定"), widget=forms.RadioSelect,
        choices=[("order", gettext_lazy("同意，立即通知持有者")), ("refuse", gettext_lazy("不予召回"))],
    )  # fmt: skip
    decision = forms.CharField(
        label=gettext_lazy("意见"), max_length=300, required=False, widget=LONG,
        help_text=gettext_lazy("不予召回的必须写明理由。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What a holder has, and what became of it."""

    on_hand = forms.DecimalField(
        label=gettext_lazy("现存数量（千克）"), min_value=Decimal(0), max_digits=12, decimal_places=2,
        widget=forms.NumberInput(**PADS),
        help_text=gettext_lazy("停售并封存的自有库存；没有了填 0。别人退给您的由别人填。"),
    )  # fmt: skip
    returned = forms.DecimalField(
        label=gettext_lazy("其中已退回（千克）"), min_value=Decimal(0), max_digits=12, decimal_places=2, required=False,
        widget=forms.NumberInput(**PADS),
    )  # fmt: skip
    destroyed = forms.DecimalField(
        label=gettext_lazy("其中已销毁（千克）"), min_value=Decimal(0), max_digits=12, decimal_places=2, required=False,
        widget=forms.NumberInput(**PADS),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, required=False, help_text=gettext_lazy("卖给了谁、怎样处理的。")
    )

    def __init__(self, *given: Any, is_drill: bool, **options: Any) -> None:
        super().__init__(*given, **options)
        if is_drill:
            del self.fields["returned"], self.fields["destroyed"]

    def clean_returned(self) -> Decimal:
        return self.cleaned_data["returned"] or Decimal(0)

    def clean_destroyed(self) -> Decimal:
        return self.cleaned_data["destroyed"] or Decimal(0)


class SummaryForm(forms.Form):
    """How a recall or drill ended."""

    summary = forms.CharField(label=gettext_lazy("总结"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class SourceForm(forms.Form):
    """Where the goods of a drill came from."""

    source = forms.CharField(
        label=gettext_lazy("查到的来源"), max_length=60,
        help_text=gettext_lazy("生产主体编号、主体编号，或者“市场编号-商户编号”。只能报告一次。"),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """What was done about goods that were sold although they are recalled."""

    outcome = forms.CharField(label=gettext_lazy("处置结果"), max_length=300, widget=LONG)


class AnomalyForm(forms.Form):
    """What came of a broken chain."""

    result = forms.ChoiceField(label=gettext_lazy("处理结果"), choices=AnomalyResult.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("核查情况"), max_length=300, widget=LONG)


class LetterForm(forms.Form):
    """A letter to the authority of another area."""

    receiver = forms.CharField(
        label=gettext_lazy("收函单位"), max_length=80, help_text=gettext_lazy("对方所在地的市场监督管理局全称。")
    )  # fmt: skip
    side = forms.ChoiceField(
        label=gettext_lazy("协查对象"), widget=forms.RadioSelect,
        choices=[(SOURCE, gettext_lazy("来源：核查生产、供货者")), (HOLDER, gettext_lazy("持有者：督促停售、召回"))],
    )  # fmt: skip
    party = forms.CharField(label=gettext_lazy("对方主体"), max_length=120)
    due_on = forms.DateField(
        label=gettext_lazy("反馈期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(
        label=gettext_lazy("补充说明"), max_length=500, required=False, widget=LONG,
        help_text=gettext_lazy("批次、数量和要求由系统写入函件，这里写其他需要对方核查的内容。"),
    )  # fmt: skip
