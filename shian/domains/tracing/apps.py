"""Tracing: registers its definitions, importers and entries when Django is ready."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.navigation import register_nav

READERS = ("admin", "office", "department", "county", "station", "reviewer", "assessor")
PAGES = ((_("农批市场"), "tracing:market_list", "building-store", 80),)


class TracingConfig(AppConfig):
    name = "shian.domains.tracing"
    label = "tracing"
    verbose_name = "追溯"

    def ready(self) -> None:
        from shian.domains.tracing import imports
        from shian.kernel.scope.walls import register_guarded

        register_guarded("tracing_merchant", "tracing_producer")
        imports.register()
        for label, url_name, icon, order in PAGES:
            register_nav(group="supervision", label=label, url_name=url_name, icon=icon, order=order, roles=READERS)
