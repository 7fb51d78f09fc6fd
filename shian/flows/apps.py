from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "shian.flows"
    label = "flows"
    verbose_name = "联动"

    def ready(self) -> None:
        from shian.flows import duty_holders, recall_receivers, reminders, seal_readers, subscriptions

        subscriptions.connect()
        reminders.connect()
        seal_readers.connect()
        duty_holders.connect()
        recall_receivers.connect()
