from django.apps import AppConfig


class NotaryConfig(AppConfig):
    name = "shian.kernel.notary"
    label = "notary"
    verbose_name = "存证"
