from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "shian.kernel.events"
    label = "events"
