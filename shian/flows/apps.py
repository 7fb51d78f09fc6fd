from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "shian.flows"
    label = "flows"
    verbose_name = "联动"

    def ready(self) -> None:
        from shian.flows import reminders, subscriptions

        subscriptions.connect()
        reminders.connect()
