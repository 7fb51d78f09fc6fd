"""Duties: registers its definitions when Django is ready."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "shian.domains.duties"
    label = "duties"
    verbose_name = "包保责任"

    def ready(self) -> None:
        from shian.domains.duties import imports

        imports.register()
