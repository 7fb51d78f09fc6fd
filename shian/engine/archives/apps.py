from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchivesConfig(AppConfig):
    name = "shian.engine.archives"
    label = "archives"
    verbose_name = "归档"

    def ready(self) -> None:
        from shian.kernel.ui.navigation import register_nav

        register_nav(group="figures", label=_("评价档案"), url_name="archives:archive_list", icon="archive", order=40)
