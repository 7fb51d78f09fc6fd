from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "shian.registers.areas"
    label = "areas"
    verbose_name = "区划"

    def ready(self) -> None:
        from shian.registers.areas import imports

        imports.register()
