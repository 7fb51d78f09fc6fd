from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TraceConfig(AppConfig):
    name = "shian.engine.trace"
    label = "trace"
    verbose_name = "追溯"

    def ready(self) -> None:
        from shian.kernel.notary.deeds import register_deeds

        register_deeds(
            {
                "trace.sent": _("发送追溯事件"),
                "trace.taken": _("接收追溯事件"),
                "trace.distributed": _("分布追溯表"),
                "trace.query_kept": _("保存追溯查询"),
                "trace.query_dropped": _("删除追溯查询"),
                "trace.subscribed": _("订阅追溯事件"),
                "trace.unsubscribed": _("退订追溯事件"),
                "trace.delivery_made": _("生成订阅投递"),
                "trace.delivery_ended": _("订阅投递结束"),
            }
        )
