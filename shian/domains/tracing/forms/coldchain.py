"""What is asked of imported food: its papers, its place, what its check found, how much leaves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shian.domains.tracing.forms.trade import ScanField, kilos_field
from shian.domains.tracing.models import ColdStore

DAY: dict[str, Any] = {"required": False, "widget": forms.DateInput(attrs={"type": "date"})}


def _text(label: Any, length: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required, help_text=hint)


def offer_stores(form: forms.Form, stores: Any) -> None:
    """The warehouses to choose from; an only one is chosen already."""
    field: Any = form.fields["store"]
    field.queryset = stores
    found = list(stores[:2])
    if len(found) == 1:
        field.initial = found[0]


class ImportForm(forms.Form):
    """What the first station announces of a batch, from its papers."""

    name = _text(gettext_lazy("品名"), 80, required=True)
    quantity = kilos_field(gettext_lazy("数量（千克）"))
    country = _text(gettext_lazy("原产国（地区）"), 40, required=True)
    lot_no = _text(gettext_lazy("生产批号"), 60, required=True)
    declaration_no = _text(gettext_lazy("报关单号"), 40, required=True)
    quarantine_no = _text(gettext_lazy("入境货物检验检疫证明号"), 40, required=True)
    importer = _text(gettext_lazy("进口商"), 120, required=True)
    expires_on = forms.DateField(label=gettext_lazy("保质期至"), **DAY)
    made_on = forms.DateField(label=gettext_lazy("生产日期"), **DAY)
    boxes = forms.IntegerField(label=gettext_lazy("箱数"), min_value=1, max_value=1_000_000, required=False)
    hs_code = forms.RegexField(
        r"^\d{8,10}$", label=gettext_lazy("HS 编码"), required=False, help_text=gettext_lazy("8 至 10 位数字")
    )
    spec = _text(gettext_lazy("规格"), 60)
    brand = _text(gettext_lazy("品牌"), 60)
    producer_no = _text(gettext_lazy("境外生产企业注册号"), 60)
    port = _text(gettext_lazy("入境口岸"), 60)
    plate = _text(gettext_lazy("运输车牌"), 20)


class TakeInForm(forms.Form):
    """Where the batch stands."""

    store = forms.ModelChoiceField(label=gettext_lazy("集中监管仓"), queryset=ColdStore.objects.none())
    position = _text(gettext_lazy("库位"), 40)

    def __init__(self, *given: Any, stores: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        offer_stores(self, stores)


class CheckForm(forms.Form):
    """What the check found: released, or held with a reason."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("查验结论"), widget=forms.RadioSelect,
        choices=[("release", gettext_lazy("放行：单证、货物、抽样均符合")), ("hold", gettext_lazy("暂扣"))],
    )  # fmt: skip
    samples = forms.IntegerField(label=gettext_lazy("抽样份数"), min_value=0, max_value=999, initial=0)
    reason = forms.CharField(
        label=gettext_lazy("暂扣原因"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class SendForm(forms.Form):
    """How much leaves, and to whom."""

    quantity = kilos_field(gettext_lazy("数量（千克）"))
    buyer_code = _text(gettext_lazy("购货主体编号"), 40, hint=gettext_lazy("零售或者自用时留空。"))
    plate = _text(gettext_lazy("运输车牌"), 20)


class CodeForm(forms.Form):
    """The code on what is offered."""

    code = ScanField(label=gettext_lazy("追溯码"), longest=60, help_text=gettext_lazy("扫描或者输入外箱上的追溯码。"))


class ArrivalAtWarehouseForm(forms.Form):
    """The warehouse's own people know the batch by its code."""

    code = ScanField(label=gettext_lazy("追溯码"), longest=40, help_text=gettext_lazy("扫描或者输入外箱上的追溯码。"))
    store = forms.ModelChoiceField(label=gettext_lazy("集中监管仓"), queryset=ColdStore.objects.none())
    position = _text(gettext_lazy("库位"), 40)

    def __init__(self, *given: Any, stores: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        offer_stores(self, stores)
