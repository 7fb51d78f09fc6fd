from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "shian.domains.campaign"
    label = "campaign"
    verbose_name = "创建"

    def ready(self) -> None:
        from shian.domains.campaign import definitions, imports

        definitions.register()
        imports.register()
