"""Figures over the point register: how many there are, and how many have a check record."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models import FieldPoint, Mode, PointState
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField
from shian.kernel.scope.rules import LEVELS
from shian.kernel.ui.tables import Column, Row

REGISTER = "R04"
BASIS = "《国家食品安全示范城市评价与管理办法》"
LEVELS_SHOWN = LEVELS[:4]
COLUMNS = (
    Column("name", _("点位名称"), is_fixed=True, is_wide=True),
    Column("code", _("点位编号"), kind="code"),
    Column("mode", _("检查方式")),
    Column("format", _("业态代码")),
    Column("state", _("状态")),
    Column("checked_on", _("检查日期"), kind="date"),
    Column("listed_on", _("列入日期"), kind="date", is_default=False),
)


def _row(point: Any) -> Row:
    cells = {
        "name": point.name,
        "code": point.code,
        "mode": point.get_mode_display(),
        "format": point.format,
        "state": point.get_state_display(),
        "checked_on": point.checked_on,
        "listed_on": point.listed_on,
    }
    return Row(cells, url=reverse("fieldchecks:field_point_detail", args=[point.pk]), key=point.code)


SOURCES = (
    Source(
        key="check_points",
        title=_("检查点位"),
        register=REGISTER,
        model=FieldPoint,
        fields={
            "mode": SourceField(_("检查方式"), "t.mode"),
            "format": SourceField(_("业态代码"), "t.format"),
            "checked": SourceField(_("有检查记录"), "COALESCE(t.checked_on <= {as_of}, FALSE)"),
            "ready": SourceField(_("已就绪"), "COALESCE(t.ready_on <= {as_of}, FALSE)"),
        },
        columns=COLUMNS,
        row_of=_row,
        valid_from="listed_on",
        valid_to="withdrawn_on",
        words={**dict(Mode.choices), **dict(PointState.choices)},
    ),
)


def _measure(key: str, title: Any, title_en: str, where: dict[str, Any], **more: Any) -> Measure:
    part = Part("check_points", where=parse_conditions(where))
    unit = more.pop("unit", _("个"))
    return Measure(
        f"check_points.{key}", title, unit, LEVELS_SHOWN, part,
        title_en=title_en, register=REGISTER, legal_basis=BASIS, **more,
    )  # fmt: skip


RATE: dict[str, Any] = {"unit": "%", "whole": "check_points.total", "scale": Decimal(100), "decimals": 1}
MEASURES = (
    _measure(
        "total", _("检查点位"), "Points to be checked", {},
        opens_into=("check_points.overt", "check_points.covert"),
    ),
    _measure("overt", _("明查点位"), "Points checked overtly", {"mode": Mode.OVERT.value}),
    _measure("covert", _("暗访点位"), "Points checked covertly", {"mode": Mode.COVERT.value}),
    _measure(
        "coverage", _("点位检查覆盖率"), "Points with a check record", {"checked": True}, **RATE,
        note=_("有检查记录的点位占全部点位；退出的点位不计。"),
    ),
    _measure("ready", _("点位就绪率"), "Points that are ready", {"ready": True}, **RATE),
)  # fmt: skip
