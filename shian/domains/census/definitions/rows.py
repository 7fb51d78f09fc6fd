"""The rows that figures over registers open: columns and cells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.addresses import record_addresses
from shian.kernel.ui.tables import Column, Row


@dataclass(frozen=True)
class RowStyle:
    """How the rows of a source are drawn."""

    columns: tuple[Column, ...]
    row_of: Callable[[Any], Row]


def operator_url(code: str) -> str:
    return operator_urls()(code)


def operator_urls() -> Callable[[str], str]:
    """The addresses of many operators: a function of the code."""
    return record_addresses("census:operator_detail")


def _version_row(version: Any) -> Row:
    operator = version.operator
    cells = {
        "name": operator.name,
        "code": operator.code,
        "kind": version.kind,
        "small_kind": version.small_kind,
        "format": version.format,
        "stage": version.stage,
        "size": version.size,
        "address": operator.address,
        "valid_from": version.valid_from,
    }
    return Row(cells, url=operator_url(operator.code), key=operator.code)


def _area_row(area: Any) -> Row:
    cells = {
        "name": area.name,
        "code": area.code,
        "level": area.get_level_display(),
        "kind": area.kind,
        "is_pseudo": gettext("是") if area.is_pseudo else gettext("否"),
        "area_km2": area.area_km2,
        "campaign_batch": area.campaign_batch,
        "valid_from": area.valid_from,
    }
    return Row(cells, url=reverse("areas:area_detail", args=[code_of_key(area.key)]), key=area.code)


def _population_row(count: Any) -> Row:
    return Row(
        {"area_code": count.area_code, "counted_on": count.counted_on, "residents": count.residents},
        url=reverse("areas:area_detail", args=[count.area_code]),
        key=str(count.pk),
    )


def _organisation_row(organisation: Any) -> Row:
    cells = {
        "name": organisation.name,
        "code": organisation.code,
        "kind": organisation.kind,
        "department_code": organisation.department_code,
        "is_campaign_department": gettext("是") if organisation.is_campaign_department else gettext("否"),
        "township": organisation.township,
        "area_code": organisation.area_code,
        "valid_from": organisation.valid_from,
    }
    return Row(cells, url=reverse("people:organisation_detail", args=[organisation.code]), key=organisation.code)


OPERATOR_ROWS = RowStyle(
    (
        Column("name", _("名称"), is_fixed=True, is_wide=True),
        Column("code", _("主体编号"), kind="code"),
        Column("kind", _("主体类别")),
        Column("small_kind", _("三小类别")),
        Column("format", _("业态")),
        Column("stage", _("环节")),
        Column("size", _("规模"), is_default=False),
        Column("address", _("地址"), is_wide=True),
        Column("valid_from", _("登记自"), kind="date"),
    ),
    _version_row,
)
AREA_ROWS = RowStyle(
    (
        Column("name", _("名称"), is_fixed=True),
        Column("code", _("区划代码"), kind="code"),
        Column("level", _("级别")),
        Column("kind", _("类型")),
        Column("is_pseudo", _("虚拟区划"), is_default=False),
        Column("area_km2", _("面积"), kind="number", unit=_("平方公里")),
        Column("campaign_batch", _("创建批次"), kind="number"),
        Column("valid_from", _("启用日期"), kind="date"),
    ),
    _area_row,
)
POPULATION_ROWS = RowStyle(
    (
        Column("area_code", _("区划代码"), kind="code", is_fixed=True),
        Column("counted_on", _("统计日期"), kind="date"),
        Column("residents", _("常住人口"), kind="number", unit=_("人")),
    ),
    _population_row,
)
ORGANISATION_ROWS = RowStyle(
    (
        Column("name", _("单位名称"), is_fixed=True, is_wide=True),
        Column("code", _("单位编码"), kind="code"),
        Column("kind", _("单位类别")),
        Column("department_code", _("部门代码")),
        Column("is_campaign_department", _("创建部门")),
        Column("township", _("所在乡镇"), is_default=False),
        Column("area_code", _("所在区划"), kind="code"),
        Column("valid_from", _("成立日期"), kind="date"),
    ),
    _organisation_row,
)
