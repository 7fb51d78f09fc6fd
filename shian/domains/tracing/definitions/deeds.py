"""What seals of tracing are called."""

from django.utils.translation import gettext_lazy as _

from shian.kernel.notary.deeds import register_deeds

DEEDS = {
    "tracing.goods_admitted": _("准入"),
    "tracing.goods_refused": _("拒入"),
    "tracing.goods_sold": _("出库"),
    "tracing.certificate_issued": _("开具合格证"),
    "tracing.certificate_split": _("拆分合格证"),
    "tracing.certificate_reissued": _("混装重开合格证"),
    "tracing.certificate_revoked": _("作废合格证"),
}


def register() -> None:
    """Tell the notary."""
    register_deeds(DEEDS)
