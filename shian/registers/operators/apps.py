from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "shian.registers.operators"
    label = "operators"
    verbose_name = "主体"

    def ready(self) -> None:
        from shian.registers.operators import imports

        imports.register()
