"""Points as rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.models import FieldPoint, PointState
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {
    PointState.LISTED: WAITING,
    PointState.PREPARED: DUE,
    PointState.CHECKED: DUE,
    PointState.READY: DONE,
    PointState.WITHDRAWN: NEUTRAL,
}
POINTS = (
    Column("name", gettext_lazy("点位名称"), is_fixed=True, is_wide=True),
    Column("code", gettext_lazy("点位编号"), kind="code", sort="code"),
    Column("mode", gettext_lazy("检查方式")),
    Column("format", gettext_lazy("业态")),
    Column("state", gettext_lazy("状态")),
    Column("county", gettext_lazy("县（市、区）")),
    Column("township", gettext_lazy("乡镇（街道）"), is_default=False),
    Column("department", gettext_lazy("主管部门")),
    Column("checked_on", gettext_lazy("检查日期"), kind="date"),
    Column("operator", gettext_lazy("主体编号"), kind="code", is_default=False),
    Column("address", gettext_lazy("地址"), is_wide=True, is_default=False),
    Column("listed_on", gettext_lazy("列入日期"), kind="date", is_default=False),
    Column("prepared_on", gettext_lazy("整备日期"), kind="date", is_default=False),
    Column("ready_on", gettext_lazy("就绪日期"), kind="date", is_default=False),
    Column("withdrawn_on", gettext_lazy("退出日期"), kind="date", is_default=False),
)
OF_OPERATOR = tuple(
    each for each in POINTS if each.key in {"code", "mode", "format", "state", "checked_on", "listed_on"}
)


def point_url(point: FieldPoint) -> str:
    return reverse("fieldchecks:field_point_detail", args=[point.pk])


def state_cell(point: FieldPoint) -> Cell:
    """The state as a badge; a benchmark says so beneath."""
    label = PointState(point.state).label
    return Cell(label, state=TONES[PointState(point.state)], note=_("标杆") if point.is_benchmark else "")


def point_rows(
    points: Iterable[FieldPoint], areas: Mapping[str, str], formats: Mapping[tuple[str, str], str]
) -> Iterator[Row]:
    """Points in a list; `areas` names keys, `formats` names (mode, code)."""
    for point in points:
        yield Row(
            {
                "name": point.name,
                "code": point.code,
                "mode": point.get_mode_display(),
                "format": formats.get((point.mode, point.format), point.format),
                "state": state_cell(point),
                "county": areas.get(point.county, point.county),
                "township": areas.get(point.township, point.township),
                "department": point.department,
                "checked_on": point.checked_on,
                "operator": point.operator.code if point.operator else None,
                "address": point.address,
                "listed_on": point.listed_on,
                "prepared_on": point.prepared_on,
                "ready_on": point.ready_on,
                "withdrawn_on": point.withdrawn_on,
            },
            url=point_url(point),
            key=point.code,
        )
