from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "shian.engine.ledgers"
    label = "ledgers"
    verbose_name = "台账"
