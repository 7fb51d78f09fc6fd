"""The importer of categories and varieties."""

from django.utils.translation import gettext_lazy as _

from shian.kernel.imports.pinyin import pinyin
from shian.kernel.imports.specs import (
    Derived,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    register_importer,
    text,
)
from shian.registers.products.models import PRODUCT_SCOPES

_SET_PARENT = (
    "UPDATE products_product t SET parent_id = o.id FROM {staging} s JOIN {plan} p ON p.row_no = s.row_no "
    "LEFT JOIN products_product o ON o.code = s.parent_code "
    "WHERE t.id = p.target_id AND t.parent_id IS DISTINCT FROM o.id"
)

PRODUCTS = ImportSpec(
    key="products",
    title=_("产品品类"),
    description=_("品类和品种，一棵树"),
    order=60,
    natural_key=("code",),
    fields=(
        ImportField("code", _("品类编码"), required=True, max_length=30),
        ImportField("name", _("名称"), required=True, max_length=80),
        ImportField("parent_code", _("上级编码"), references=Reference("products_product", "code", "code")),
        ImportField("scope", _("产品范围"), required=True, choices=PRODUCT_SCOPES),
    ),
    derived=(Derived(("name_pinyin",), "name", lambda name: (pinyin(name, 200),)),),
    checks=(SetCheck("parent_code", "s.parent_code = s.code", _("上级编码是它自己"), _("请填写上一级品类的编码")),),
    target=Target(
        table="products_product",
        key=("code",),
        columns={"code": "s.code", "name": "s.name", "scope": "s.scope"},
        stamps={"name_pinyin": text("name_pinyin")},
        differs="s.parent_code IS DISTINCT FROM (SELECT o.code FROM products_product o WHERE o.id = t.parent_id)",
        after=(_SET_PARENT,),
        is_area_scoped=False,
    ),
)


def register() -> None:
    """Registers the importers of this app."""
    register_importer(PRODUCTS)
