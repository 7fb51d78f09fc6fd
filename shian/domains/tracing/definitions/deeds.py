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
    "tracing.recall_proposed": _("提出召回"),
    "tracing.recall_decided": _("决定召回"),
    "tracing.recall_told": _("召回通知发出"),
    "tracing.recall_answered": _("持有者答复召回"),
    "tracing.recall_published": _("发布召回公告"),
    "tracing.recall_widened": _("召回范围更新"),
    "tracing.recall_closed": _("召回办结"),
    "tracing.letter_sent": _("发出协查函"),
    "tracing.anomalies_found": _("断链核查"),
    "tracing.anomaly_handled": _("处理断链异常"),
    "tracing.alert_handled": _("处置违规流出"),
    "tracing.drill_proposed": _("提出演练"),
    "tracing.drill_decided": _("决定演练"),
    "tracing.drill_told": _("演练通知发出"),
    "tracing.drill_answered": _("持有者答复演练"),
    "tracing.drill_source_found": _("演练报告来源"),
    "tracing.drill_ended": _("演练评分"),
    "tracing.cold_announced": _("首站赋码报备"),
    "tracing.cold_arrived": _("到集中监管仓"),
    "tracing.cold_released": _("放行"),
    "tracing.cold_held": _("暂扣"),
    "tracing.cold_sent": _("冷链出库"),
    "tracing.cold_repacked": _("分装赋码"),
    "tracing.cold_keyed": _("发放设备密钥"),
    "tracing.cold_read": _("上报温度"),
    "tracing.cold_alerted": _("冷链报警"),
    "tracing.cold_shown_again": _("再次查验到同一异常码"),
    "tracing.cold_heard": _("设备恢复读数"),
    "tracing.readings_dropped": _("到期温度记录按月移除"),
    "tracing.meal_cooked": _("登记加工批次"),
    "tracing.meal_sent": _("配送"),
    "tracing.meal_received": _("收餐"),
}


def register() -> None:
    """Tell the notary."""
    register_deeds(DEEDS)
