from django.apps import AppConfig


class CensusConfig(AppConfig):
    name = "shian.domains.census"
    label = "census"
    verbose_name = "主体档案"

    def ready(self) -> None:
        from shian.domains.census import definitions

        definitions.register()
