from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "shian.domains.campaign"
    label = "campaign"
    verbose_name = "创建"
