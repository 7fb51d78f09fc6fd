"""The operator list and the stage report as tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import segno
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.domains.census.definitions.rows import operator_urls
from shian.domains.census.queries.codes import ScanDay
from shian.domains.census.rules.codes import signed_token, spaced
from shian.kernel.notary.notes import SignerKey
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.operators.models import Operator

OPERATORS = (
    Column("name", _("名称"), sort="name_pinyin", is_fixed=True, is_wide=True),
    Column("code", _("主体编号"), kind="code", is_default=False),
    Column("kind", _("主体类别")),
    Column("format", _("业态")),
    Column("county", _("县（市、区）")),
    Column("township", _("乡镇（街道）")),
    Column("address", _("地址"), is_wide=True, is_default=False),
    Column("representative", _("法定代表人（负责人）"), is_default=False, personal=Personal.NAME),
    Column("phone", _("联系电话"), is_default=False, personal=Personal.PHONE),
    Column("licence_no", _("证照编号"), kind="code"),
    Column("uscc", _("统一社会信用代码"), kind="code", is_default=False),
    Column("stage", _("环节"), is_default=False),
    Column("size", _("规模"), is_default=False),
    Column("state", _("状态")),
    Column("opened_on", _("开业日期"), kind="date"),
    Column("closed_on", _("注销日期"), kind="date", is_default=False),
)
STAGES = (
    Column("stage", _("环节"), is_fixed=True),
    Column("count", _("在册主体"), kind="number", unit=_("家")),
    Column("share", _("占比"), kind="progress"),
    Column("formats", _("主要业态"), is_wide=True),
    Column("state", _("登记情况")),
)
FORMATS = (
    Column("kind", _("主体类别"), is_fixed=True),
    Column("format", _("业态")),
    Column("stage", _("环节")),
    Column("count", _("在册主体"), kind="number", unit=_("家")),
)
DIVISIONS = (
    Column("area", _("区划"), is_fixed=True),
    Column("count", _("经营主体"), kind="number", unit=_("家")),
)
SCOPES = (
    Column("scope", _("产品范围"), is_fixed=True),
    Column("count", _("登记品类"), kind="number", unit=_("个")),
    Column("state", _("登记情况")),
)
SCANS = (
    Column("day", _("日期"), kind="date", is_fixed=True),
    Column("visitors", _("公众扫码"), kind="number", unit=_("次")),
    Column("staff", _("监管人员扫码"), kind="number", unit=_("次")),
)
QR_MASK = 3  # fixed, because trying all eight takes five times as long; signed text is as good as random under any


@dataclass(frozen=True)
class Label:
    """What is printed of a code."""

    svg: SafeString
    name: str
    operator: str
    serial: str


def operator_rows(operators: Iterable[Operator], names: Mapping[str, str], as_of: date) -> Iterator[Row]:
    """Operators in a list; their contact is masked for every reader."""
    closed = Cell(gettext("已注销"), state="neutral")
    coming = Cell(gettext("未开业"), state="waiting")
    open_ = Cell(gettext("在营"), state="done")
    url_of = operator_urls()
    for operator in operators:
        is_closed = operator.closed_on is not None and operator.closed_on <= as_of
        state = closed if is_closed else coming if operator.opened_on > as_of else open_
        yield _operator_row(operator, names, state, url_of(operator.code))


def _operator_row(operator: Operator, names: Mapping[str, str], state: Cell, url: str) -> Row:
    cells = {
        "name": operator.name,
        "code": operator.code,
        "kind": operator.small_kind or operator.kind,
        "format": operator.format,
        "county": names.get(operator.county, operator.county),
        "township": names.get(operator.township, operator.township),
        "address": operator.address,
        "representative": operator.representative,
        "phone": operator.phone,
        "licence_no": operator.licence_no,
        "uscc": operator.uscc,
        "stage": operator.stage,
        "size": operator.size,
        "state": state,
        "opened_on": operator.opened_on,
        "closed_on": operator.closed_on,
    }
    return Row(cells, url=url, key=operator.code)


def stage_row(stage: str, figure: Any, total: Any, formats: list[tuple[str, int]], url: str) -> Row:
    """A stage, there even when nothing is registered in it."""
    has_any = bool(figure.value)
    state = Cell(gettext("已登记"), state="done") if has_any else Cell(gettext("尚无登记"), state="waiting")
    cells = {
        "stage": Cell(stage, url=url),
        "count": Cell(figure.value or 0, url=url),
        "share": (figure.value or 0, total) if total else None,
        "formats": "、".join(f"{name} {count:,}" for name, count in formats[:4]),
        "state": state,
    }
    return Row(cells, url=url, key=stage)


def format_row(stage: str, kind: str, name: str, count: int, where: Mapping[str, str]) -> Row:
    """A format with its count; it opens the list of exactly these. `where` gives area and date."""
    query = urlencode({"kind": kind, "trade": name, "stage": stage, **where})
    url = f"{reverse('census:operator_list')}?{query}"
    return Row({"kind": kind, "format": name, "stage": stage, "count": Cell(count, url=url)}, url=url)


def division_row(key: str, name: str, count: int, url: str) -> Row:
    """A division with its operators; it opens the list of exactly these."""
    return Row({"area": name, "count": Cell(count, url=url)}, url=url, key=key)


def scope_row(scope: str, count: int) -> Row:
    """A product group, there even when it has no product yet."""
    state = Cell(gettext("已登记"), state="done") if count else Cell(gettext("尚无登记"), state="waiting")
    return Row({"scope": scope, "count": count, "state": state})


def scan_row(scans: ScanDay) -> Row:
    """A day on which the operator's codes were scanned."""
    return Row({"day": scans.day, "visitors": scans.visitors, "staff": scans.staff})


def code_address(serial: str, key: SignerKey, site: str) -> str:
    """The address in the QR code; `site` has no slash at its end."""
    return site + reverse("public:code_detail", args=[signed_token(serial, key)])


def qr_code(address: str) -> segno.QRCode:
    """Error correction M: a label may lose an eighth of itself and still be read."""
    return segno.make_qr(address, error="m", mask=QR_MASK, boost_error=False)


def qr_svg(address: str) -> SafeString:
    """The code as an <svg> element for a page, as wide as what holds it."""
    return SafeString(qr_code(address).svg_inline(border=4, omitsize=True, svgclass="sh-qr", lineclass="sh-qr-ink"))


def label_of(serial: str, name: str, operator: str, key: SignerKey, site: str) -> Label:
    """The label of a code of this operator."""
    return Label(qr_svg(code_address(serial, key, site)), name, operator, spaced(serial))
