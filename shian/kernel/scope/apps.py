from django.apps import AppConfig


class ScopeConfig(AppConfig):
    name = "shian.kernel.scope"
    label = "scope"
