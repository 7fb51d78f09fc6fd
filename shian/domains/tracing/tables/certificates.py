"""Certificates and producers as rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.tracing.models import Certificate, Producer
from shian.domains.tracing.queries.certificates import state_of_producer
from shian.domains.tracing.rules.certificates import Standing, standing_of
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import DONE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

STANDINGS = {
    Standing.VALID: (gettext_lazy("有效"), DONE),
    Standing.USED_UP: (gettext_lazy("已用完"), NEUTRAL),
    Standing.REVOKED: (gettext_lazy("已作废"), OVERDUE),
    Standing.UNKNOWN: (gettext_lazy("查无此证"), OVERDUE),
}
PRODUCER_STATES = {
    "listed": (gettext_lazy("已列入"), WAITING),
    "guided": (gettext_lazy("已指导"), WAITING),
    "uploading": (gettext_lazy("正常上传"), DONE),
    "silent": (gettext_lazy("停止上传"), OVERDUE),
}
CERTIFICATES = (
    Column("variety", gettext_lazy("品种"), is_fixed=True, is_wide=True),
    Column("issued_on", gettext_lazy("开具日期"), kind="date", sort="issued_on"),
    Column("quantity", gettext_lazy("数量"), kind="number", unit=gettext_lazy("千克")),
    Column("used", gettext_lazy("已用"), kind="progress"),
    Column("issuer", gettext_lazy("开具者")),
    Column("kind", gettext_lazy("凭证种类")),
    Column("standing", gettext_lazy("状态")),
    Column("number", gettext_lazy("合格证编号"), kind="code"),
)
PRODUCERS = (
    Column("name", gettext_lazy("生产主体"), is_fixed=True, is_wide=True, sort="name"),
    Column("category", gettext_lazy("类别")),
    Column("issued", gettext_lazy("开具合格证"), kind="number", unit=pgettext_lazy("lot", "批次")),
    Column("state", gettext_lazy("状态")),
    Column("connected_on", gettext_lazy("接入日期"), kind="date"),
    Column("last_upload_on", gettext_lazy("最近上传"), kind="date"),
    Column("contact", gettext_lazy("联系人"), personal=Personal.NAME, is_default=False),
    Column("phone", gettext_lazy("联系电话"), personal=Personal.PHONE, is_default=False),
    Column("county", gettext_lazy("县（市、区）")),
    Column("code", gettext_lazy("编号"), kind="code"),
)


def certificate_url(certificate: Certificate) -> str:
    return reverse("tracing:certificate_detail", args=[certificate.number])


def standing_cell(certificate: Certificate) -> Cell:
    """Valid, used up or revoked."""
    is_revoked = certificate.revoked_at is not None
    word, tone = STANDINGS[standing_of(certificate.quantity, certificate.used, is_revoked=is_revoked)]
    return Cell(word, state=tone)


def issuer_name(certificate: Certificate) -> str:
    """Who promised."""
    issuer = certificate.producer or certificate.merchant
    return issuer.name if issuer else ""


def certificate_rows(certificates: Iterable[Certificate]) -> Iterator[Row]:
    """Certificates in a list."""
    for each in certificates:
        cells = {
            "variety": Cell(each.variety.name, note=each.origin),
            "issued_on": each.issued_on,
            "quantity": each.quantity,
            "used": (each.used, each.quantity),
            "issuer": issuer_name(each),
            "kind": each.get_kind_display(),
            "standing": standing_cell(each),
            "number": each.number,
        }
        yield Row(cells, url=certificate_url(each), key=each.number)


def producer_rows(producers: Iterable[Any], areas: Mapping[str, str], day: date) -> Iterator[Row]:
    """Producers with how many certificates each issued (`issued`)."""
    for each in producers:
        word, tone = PRODUCER_STATES[state_of_producer(each, day)]
        url = f"{reverse('tracing:certificate_list')}?producer={each.pk}"
        yield Row(_producer_cells(each, areas) | {"state": Cell(word, state=tone)}, url=url, key=each.code)


def _producer_cells(each: Producer, areas: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": Cell(each.name, note=each.address),
        "category": each.get_category_display(),
        "issued": getattr(each, "issued", None),
        "connected_on": each.connected_on,
        "last_upload_on": each.last_upload_on,
        "contact": each.contact,
        "phone": each.phone,
        "county": areas.get(each.county, each.county),
        "code": each.code,
    }
