"""Categories and varieties in one tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

PRODUCT_SCOPES = ("食用农产品", "食品", "保健食品", "食品添加剂", "食品相关产品")


class Product(models.Model):
    """A category (with children) or a variety."""

    code = models.CharField(_("品类编码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_pinyin = models.CharField(max_length=200, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    scope = models.CharField(_("产品范围"), max_length=10)

    def __str__(self) -> str:
        return self.name
