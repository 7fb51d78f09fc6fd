"""What is asked at the gate, at a sale and of a certificate."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.tracing.models import Basis, Merchant, Proof
from shian.domains.tracing.rules.naming import scanned
from shian.domains.tracing.rules.quantities import kilos

KILOS: dict[str, Any] = {"min_value": Decimal("0.01"), "max_digits": 12, "decimal_places": 2}
PADS: dict[str, Any] = {"attrs": {"inputmode": "decimal", "autocomplete": "off"}}


def kilos_field(label: Any) -> forms.DecimalField:
    """Kilograms, typed on a number pad."""
    return forms.DecimalField(label=label, widget=forms.NumberInput(**PADS), **KILOS)


class ScanField(forms.CharField):
    """A number or a code, typed or scanned: of a label's address what it ends with."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(max_length=200, **options)
        self.longest = longest

    def clean(self, value: Any) -> str:
        told = scanned(str(super().clean(value)))
        if len(told) > self.longest:
            raise forms.ValidationError(_("最多 %(longest)s 个字符。") % {"longest": self.longest})
        return told


class CertificateForm(forms.Form):
    """A batch with its promise: three answers on a phone."""

    variety = forms.CharField(label=gettext_lazy("产品名称"), max_length=60)
    quantity = kilos_field(gettext_lazy("数量（千克）"))
    origin = forms.CharField(
        label=gettext_lazy("产地"), max_length=120, required=False, help_text=gettext_lazy("留空时取登记的产地。")
    )
    basis = forms.MultipleChoiceField(
        label=gettext_lazy("承诺依据"), choices=Basis.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Basis.PROMISE.value],
    )  # fmt: skip


class SharesForm(forms.Form):
    """How a batch is split: one number a share."""

    shares = forms.CharField(
        label=gettext_lazy("每份数量（千克）"),
        max_length=200,
        help_text=gettext_lazy("用空格或顿号隔开，如 100 100 50。"),
    )

    def clean_shares(self) -> list[Decimal]:
        share = kilos_field("")
        return [share.clean(each) for each in re.split(r"[\s、，,;；]+", self.cleaned_data["shares"].strip())]


class SaleForm(forms.Form):
    """How much, and to whom: a tap on somebody who bought before is enough."""

    quantity = kilos_field(gettext_lazy("数量（千克）"))
    buyer = forms.ChoiceField(label=gettext_lazy("购货者"), required=False, widget=forms.RadioSelect)
    buyer_code = forms.CharField(
        label=gettext_lazy("其他购货主体编号"), max_length=40, required=False,
        help_text=gettext_lazy("有编号的新客户填编号，没有编号的只填名称。"),
    )  # fmt: skip
    buyer_name = forms.CharField(label=gettext_lazy("购货者名称"), max_length=120, required=False)

    def __init__(self, *given: Any, known: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        field: Any = self.fields["buyer"]
        field.choices = [*known, ("", _("散客或新客户"))]


class MixForm(forms.Form):
    """What is mixed, how much of each, under which name."""

    variety = forms.CharField(label=gettext_lazy("产品名称"), max_length=60)
    basis = forms.MultipleChoiceField(
        label=gettext_lazy("承诺依据"), choices=Basis.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Basis.PROMISE.value],
    )  # fmt: skip

    def __init__(self, *given: Any, stock: list[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.stock = stock
        for order in stock:
            left = order.quantity - order.sold
            self.fields[f"part_{order.pk}"] = forms.DecimalField(
                label=f"{order.variety.name} · {order.number}", required=False, max_value=left,
                help_text=_("剩 %(left)s 千克") % {"left": kilos(left)}, widget=forms.NumberInput(**PADS), **KILOS,
            )  # fmt: skip

    def parts(self) -> list[tuple[Any, Decimal]]:
        """The lots that something is taken of, with how much."""
        told = [(order, self.cleaned_data.get(f"part_{order.pk}")) for order in self.stock]
        return [(order, share) for order, share in told if share]


class ArrivalForm(forms.Form):
    """Goods at the gate: admitted with a proof, or refused with a reason."""

    merchant = forms.ModelChoiceField(label=gettext_lazy("商户"), queryset=Merchant.objects.none())
    variety = forms.CharField(label=gettext_lazy("品种"), max_length=60)
    quantity = kilos_field(gettext_lazy("数量（千克）"))
    proof = forms.ChoiceField(label=gettext_lazy("凭证"), choices=Proof.choices)
    proof_no = ScanField(
        label=gettext_lazy("凭证编号"), longest=60, required=False,
        help_text=gettext_lazy("扫描合格证的二维码，或者输入合格证、报告的编号；批发市场的销售凭证填出库单号，来源自动关联。"),
    )  # fmt: skip
    origin = forms.CharField(label=gettext_lazy("产地"), max_length=120, required=False)
    supplier = forms.CharField(label=gettext_lazy("供货者"), max_length=120, required=False)
    reason = forms.CharField(
        label=gettext_lazy("拒入原因"), max_length=200, required=False,
        help_text=gettext_lazy("填写后登记为拒入；准入的留空。"),
    )  # fmt: skip

    def __init__(self, *given: Any, merchants: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        field: Any = self.fields["merchant"]
        field.queryset = merchants
        field.label_from_instance = lambda each: f"{each.booth or each.number} {each.name}"


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("作废原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
