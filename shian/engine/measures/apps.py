from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "shian.engine.measures"
    label = "measures"
    verbose_name = "统计口径"

    def ready(self) -> None:
        from shian.engine.measures import definitions

        definitions.register()
