"""Categories and varieties for programs."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Query, Schema

from shian.kernel.accounts.permissions import any_user
from shian.kernel.api.paging import PageOut, PageQuery, page_of
from shian.kernel.api.registry import register_router
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Code
from shian.registers.products.models import Product

router = ApiRouter("products")


class ProductOut(Schema):
    """A category, or a variety under `parent`."""

    code: str
    name: str
    scope: str
    parent: str | None


class ProductQuery(Schema):
    scope: str = Field("", max_length=10)
    parent: str = Field("", max_length=30, description="Code of the category above.")


@router.read("", policy=any_user, response=PageOut[ProductOut])
def products(request: HttpRequest, page: Query[PageQuery], chosen: Query[ProductQuery]) -> dict[str, Any]:
    """Categories and varieties, by code. A dictionary, the same for everybody."""
    rows = Product.objects.select_related("parent")
    if chosen.scope:
        rows = rows.filter(scope=chosen.scope)
    if chosen.parent:
        rows = rows.filter(parent__code=chosen.parent)
    return page_of(request, page, rows, ("code",), _drawn)


@router.read("/{code}", policy=any_user, response=ProductOut)
def product(request: HttpRequest, code: Path[Code]) -> dict[str, Any]:
    """One category or variety."""
    found = Product.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return _drawn(found)


def _drawn(found: Product) -> dict[str, Any]:
    parent = found.parent.code if found.parent else None
    return {"code": found.code, "name": found.name, "scope": found.scope, "parent": parent}


register_router(_("产品品类"), router)
