from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class AreasConfig(AppConfig):
    name = "shian.registers.areas"
    label = "areas"
    verbose_name = "区划"

    def ready(self) -> None:
        from shian.kernel.ui.navigation import register_nav
        from shian.registers.areas import imports

        imports.register()
        register_nav(
            group="operators",
            label=pgettext_lazy("list", "区划"),
            url_name="areas:area_list",
            icon="map-2",
            order=30,
            key="a",
        )
