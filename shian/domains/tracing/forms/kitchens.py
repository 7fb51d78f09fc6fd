"""What is asked of a dish, of its inputs, of a delivery."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.tracing.forms.trade import KILOS, PADS, kilos_field
from shian.domains.tracing.models import ColdStock, OutOrder
from shian.domains.tracing.rules.quantities import kilos

FREE = 3  # inputs that were bought elsewhere
HEAT: dict[str, Any] = {"min_value": Decimal(-30), "max_value": Decimal(300), "max_digits": 4, "decimal_places": 1}


def heat_field(label: Any) -> forms.DecimalField:
    """°C, typed on a number pad."""
    return forms.DecimalField(label=label, widget=forms.NumberInput(**PADS), **HEAT)


class MealForm(forms.Form):
    """What was cooked, and of what: of each purchase and stock how much, else the supplier's name and lot."""

    dish = forms.CharField(label=gettext_lazy("品名"), max_length=60)
    quantity = kilos_field(gettext_lazy("产出（千克）"))
    portions = forms.IntegerField(label=gettext_lazy("份数"), min_value=1, max_value=1_000_000)
    cooked_at = forms.DateTimeField(
        label=gettext_lazy("烧熟时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    core = heat_field(gettext_lazy("中心温度（℃）"))
    sample = forms.IntegerField(
        label=gettext_lazy("留样量（克）"), min_value=0, max_value=10_000, initial=125,
        help_text=gettext_lazy("没有留样填 0。"),
    )  # fmt: skip

    def __init__(
        self, *given: Any, purchases: list[tuple[OutOrder, Decimal]], stocks: list[ColdStock], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.offered: dict[str, OutOrder | ColdStock] = {}
        for order, left in purchases:
            self._offer(f"bought_{order.pk}", order, f"{order.variety.name} · {order.number}", left)
        for stock in stocks:
            batch = stock.cold_batch
            self._offer(f"cold_{stock.pk}", stock, f"{batch.name} · {batch.code}", stock.received - stock.sent)
        for place in range(1, FREE + 1):
            word = {"place": place}
            self.fields[f"name_{place}"] = forms.CharField(
                label=_("其他原料 %(place)s") % word, max_length=60, required=False
            )
            self.fields[f"kilos_{place}"] = forms.DecimalField(
                label=_("数量 %(place)s（千克）") % word, required=False, widget=forms.NumberInput(**PADS), **KILOS
            )
            self.fields[f"supplier_{place}"] = forms.CharField(
                label=_("供货者 %(place)s") % word, max_length=120, required=False
            )
            self.fields[f"lot_{place}"] = forms.CharField(
                label=_("批号或生产日期 %(place)s") % word, max_length=60, required=False
            )

    def _offer(self, name: str, source: OutOrder | ColdStock, label: str, left: Decimal) -> None:
        self.offered[name] = source
        self.fields[name] = forms.DecimalField(
            label=label, required=False, max_value=left, help_text=_("剩 %(left)s 千克") % {"left": kilos(left)},
            widget=forms.NumberInput(**PADS), **KILOS,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for place in range(1, FREE + 1):
            if told.get(f"name_{place}") and not told.get(f"kilos_{place}"):
                self.add_error(f"kilos_{place}", _("请填写数量。"))
        return told

    def used(self) -> list[dict[str, Any]]:
        """The inputs of which something was taken, as actions.kitchens.Used takes them."""
        told = self.cleaned_data
        found: list[dict[str, Any]] = []
        for name, source in self.offered.items():
            if quantity := told.get(name):
                word = source.cold_batch.name if isinstance(source, ColdStock) else source.variety.name
                found.append({"name": word, "quantity": quantity, "source": source})
        for place in range(1, FREE + 1):
            if told.get(f"name_{place}"):
                words = {"name": f"name_{place}", "quantity": f"kilos_{place}", "supplier": f"supplier_{place}"}
                found.append({key: told[field] for key, field in words.items()} | {"lot_no": told[f"lot_{place}"]})
        return found


class DeliveryForm(forms.Form):
    """How many portions leave, for whom, how hot."""

    receiver = forms.ChoiceField(label=gettext_lazy("收餐单位"), required=False)
    receiver_code = forms.CharField(
        label=gettext_lazy("其他收餐单位主体编号"), max_length=40, required=False,
        help_text=gettext_lazy("第一次配送的单位填编号。"),
    )  # fmt: skip
    portions = forms.IntegerField(label=gettext_lazy("份数"), min_value=1, max_value=1_000_000)
    celsius = heat_field(gettext_lazy("发出温度（℃）"))

    def __init__(self, *given: Any, known: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        field: Any = self.fields["receiver"]
        field.choices = [("", _("请选择")), *known]


class ReceiptForm(forms.Form):
    """How hot the meal came, and whether a sample was kept."""

    celsius = heat_field(gettext_lazy("送达温度（℃）"))
    is_sample_kept = forms.BooleanField(label=gettext_lazy("已按要求留样"), required=False)
