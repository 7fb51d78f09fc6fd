from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "shian.registers.products"
    label = "products"
    verbose_name = "品类"

    def ready(self) -> None:
        from shian.registers.products import imports

        imports.register()
