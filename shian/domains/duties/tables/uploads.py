"""What areas report as rows."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import AreaUpload, UploadState
from shian.domains.duties.queries.uploads import Gap, Quality, Standing, line_url
from shian.domains.duties.rules.uploads import is_met
from shian.domains.duties.rules.visits import Quarter
from shian.engine.measures.declarations import measure
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

STATE_TONES = {
    UploadState.SENT: WAITING, UploadState.RETURNED: OVERDUE, UploadState.ACCEPTED: DONE, UploadState.REPORTED: DONE,
}  # fmt: skip
AREAS = (
    Column("area", gettext_lazy("区划"), is_fixed=True),
    Column("state", gettext_lazy("状态")),
    Column("missing", gettext_lazy("必填项为空"), kind="number"),
    Column("unmet", gettext_lazy("未达目标"), kind="number"),
    Column("note", gettext_lazy("审核意见"), is_wide=True),
    Column("sent_at", gettext_lazy("上报时间"), kind="moment"),
)
GAPS = (
    Column("name", gettext_lazy("名称"), is_fixed=True, is_wide=True),
    Column("column", gettext_lazy("列")),
    Column("reason", gettext_lazy("问题")),
    Column("remedy", gettext_lazy("处理办法"), is_wide=True),
    Column("register", gettext_lazy("登记簿")),
    Column("code", gettext_lazy("编号"), kind="code"),
)
LINES = (
    Column("title", gettext_lazy("指标"), is_fixed=True, is_wide=True),
    Column("actual", gettext_lazy("实际"), kind="rate"),
    Column("target", gettext_lazy("目标"), kind="percent"),
    Column("state", gettext_lazy("是否达到")),
)


def check_url(area: str, quarter: Quarter) -> str:
    return f"{reverse('duties:filing_check')}?area={area}&quarter={quarter.key}"


def upload_url(upload: AreaUpload) -> str:
    return reverse("duties:filing_detail", args=[upload.pk])


def area_row(
    area: str, name: str, upload: AreaUpload | None, standing: Standing, quarter: Quarter
) -> Row:  # fmt: skip
    """A county with its return, or with what stands in the way of one."""
    cells: dict[str, Any] = {"area": name}
    if upload is not None:
        state = UploadState(upload.state)
        unmet = [line for line in upload.lines if not _met(line)]
        cells |= {
            "state": Cell(state.label, state=STATE_TONES[state]), "unmet": len(unmet) or None, "note": upload.note,
            "sent_at": upload.sent_at,
        }  # fmt: skip
        return Row(cells, url=upload_url(upload), key=area)
    word, tone = (_("不能上报"), OVERDUE) if standing.missing else (_("可以上报"), DUE)
    cells |= {
        "state": Cell(word, state=tone), "missing": standing.missing or None, "unmet": standing.unmet or None,
    }  # fmt: skip
    return Row(cells, url=check_url(area, quarter), key=area)


def gap_rows(gaps: Iterable[Gap]) -> list[Row]:
    """Empty required fields, in the words of the importers."""
    rows = []
    for each in gaps:
        cells = {
            "name": each.name, "column": each.column, "reason": Cell(each.reason, state=OVERDUE),
            "remedy": each.remedy, "register": each.register, "code": each.code,
        }  # fmt: skip
        rows.append(Row(cells, url=each.url, key=f"{each.code}.{each.column}"))
    return rows


def _met(line: Mapping[str, Any]) -> bool:
    actual = line["actual"]
    return is_met(None if actual is None else Decimal(actual), Decimal(line["target"]))


def line_rows(lines: Iterable[Mapping[str, Any]], area: str, quarter: Quarter) -> list[Row]:
    """Targets and what was reached; each opens its figure."""
    rows = []
    for line in lines:
        is_good = _met(line)
        cells = {
            "title": measure(line["key"]).title,
            "actual": (line["part"], line["whole"]) if line["actual"] is not None else None,
            "target": Decimal(line["target"]),
            "state": Cell(_("达到") if is_good else _("未达到"), state=DONE if is_good else OVERDUE)
            if line["actual"] is not None
            else Cell(_("没有应计的"), state=NEUTRAL),
        }
        rows.append(Row(cells, url=line_url(line["key"], area, quarter), key=line["key"]))
    return rows


def told_lines(quality: Quality) -> list[dict[str, Any]]:
    """Lines as they are kept."""
    return [
        {"key": each.key, "target": each.target, "actual": each.actual, "part": each.part, "whole": each.whole}
        for each in quality.lines
    ]
