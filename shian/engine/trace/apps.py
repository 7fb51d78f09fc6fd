from django.apps import AppConfig


class TraceConfig(AppConfig):
    name = "shian.engine.trace"
    label = "trace"
    verbose_name = "追溯"
