from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "shian.portals.public"
    label = "public"
    verbose_name = "公众"
