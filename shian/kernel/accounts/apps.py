from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shian.kernel.accounts"
    label = "accounts"
    verbose_name = "用户"
