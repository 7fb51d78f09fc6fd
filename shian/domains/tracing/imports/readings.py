"""Temperatures from loggers that are read out by hand, as files. What is known already stays as it was."""

from itertools import groupby
from operator import itemgetter

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.actions.coldchain.readings import COLDEST, WARMEST, take_readings
from shian.domains.tracing.imports.orders import ROLES, import_parameters, in_reach, moment, time_field
from shian.domains.tracing.models import ColdDevice
from shian.domains.tracing.rules.coldchain import Reading
from shian.kernel.imports.specs import Counts, ImportField, ImportSpec, Reference, SetCheck, Staged, register_importer
from shian.kernel.retention.schedule import purged_before, schedule_at

_DEVICE = "JOIN tracing_colddevice d ON d.number = s.number JOIN tracing_coldstore m ON m.id = d.store_id"
READINGS_KEPT = "tracing.coldreading"  # in the schedule of retention
_AT = moment("day", "time")


def _apply(staged: Staged) -> Counts:
    """Device by device, by the verb that also takes what devices send: one seal for each, excursions become alerts."""
    rows = staged.rows(
        f"SELECT DISTINCT ON (d.id, r.at) d.id, r.at, round(s.celsius, 2), round(s.humidity, 2) FROM {{staging}} s "
        f"{_DEVICE} CROSS JOIN LATERAL (SELECT {_AT} AS at) r WHERE s.is_good ORDER BY d.id, r.at, s.row_no"
    )
    by, at = staged.parameters["by"], staged.parameters["at"]
    new = known = 0
    for key, own in groupby(rows, itemgetter(0)):
        device = ColdDevice.objects.get(pk=key)
        taken = take_readings(device=device, readings=[Reading(*row[1:]) for row in own], by=by, at=at)
        new, known = new + taken.new, known + taken.known
    return Counts(new=new, same=known)


def _parameters() -> dict[str, object]:
    """Temperatures of a month that is dropped again at night are not taken in."""
    today = timezone.localdate()
    years = schedule_at(today).kinds[READINGS_KEPT].rule.years
    return {**import_parameters(), "oldest": purged_before(today, years) if years else None}


READINGS = ImportSpec(
    key="cold_readings",
    title=_("温湿度读数"),
    description=_("记录仪导出的温湿度：每行一个读数；已有的读数保持不变，超限的照常报警"),
    order=271,
    natural_key=("number", "day", "time"),
    roles=ROLES,
    fields=(
        ImportField("number", _("设备编号"), required=True, max_length=40,
                    references=Reference("tracing_colddevice", "number")),
        ImportField("day", _("日期"), "date", required=True),
        time_field("time", _("时间")),
        ImportField("celsius", _("温度"), "number", required=True, minimum=COLDEST, maximum=WARMEST, unit=_("℃")),
        ImportField("humidity", _("相对湿度"), "number", minimum=0, maximum=100, unit="%"),
    ),
    checks=(
        SetCheck("number", f"NOT {in_reach('m')}", _("该设备所在的冷藏点不在您的管辖范围内"),
                 _("请删除该行，由所属地区导入"), joins=_DEVICE),
        SetCheck("time", "s.time IS NULL", _("每个读数都要有时间"), _("请填写时:分")),
        SetCheck("day", f"{_AT} > %(at)s", _("时间在现在以后"), _("请核对记录仪的时钟")),
        SetCheck("day", "s.day < d.connected_on OR s.day >= d.retired_on", _("设备当天没有接入"),
                 _("请核对日期，或者先改设备的接入日期"), joins=_DEVICE),
        SetCheck("day", "s.day < %(oldest)s", _("早于保存期限"), _("不用再导入")),
    ),
    apply=_apply,
    parameters=_parameters,
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(READINGS)
