from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "shian.engine.exchange"
    label = "exchange"
    verbose_name = "对接与报送"

    def ready(self) -> None:
        from shian.kernel.ui.navigation import register_nav

        register_nav(group="system", label=_("外部系统"), url_name="exchange:system_list", icon="link", order=40)
        register_nav(group="system", label=_("数据报送"), url_name="exchange:batch_list", icon="file-export", order=50)
