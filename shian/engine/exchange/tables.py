"""Exchange in tables."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.engine.exchange.declarations import System, all_reports
from shian.engine.exchange.models import ReportBatch, ReportRow, ReportState
from shian.engine.exchange.queries import Difference, SystemState, Total
from shian.kernel.imports.models import ImportBatch
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row

DIRECTIONS: dict[str, Text] = {"in": _("导入"), "out": _("报送"), "both": _("导入和报送")}
WAYS: dict[str, tuple[Text, str]] = {
    "file": (_("仅文件"), "waiting"),
    "url": (_("定时取文件"), "done"),
    "api": (_("接口"), "done"),
}
STATES = {
    ReportState.ASKED: "waiting",
    ReportState.FAILED: "overdue",
    ReportState.TAKEN: "waiting",
    ReportState.CHECKED: "due",
    ReportState.SENT: "due",
    ReportState.ACCEPTED: "done",
    ReportState.RETURNED: "overdue",
}
KINDS: dict[str, tuple[Text, str]] = {
    "added": (_("报送后新增"), "due"),
    "gone": (_("现已没有"), "overdue"),
    "changed": (_("内容已变"), "due"),
}
SYSTEMS = (
    Column("title", _("系统"), is_fixed=True, is_wide=True),
    Column("unit", _("主管单位")),
    Column("direction", _("方向")),
    Column("how", _("方式")),
    Column("batches", _("批次"), kind="number"),
    Column("at", _("最近一批"), kind="moment"),
    Column("rows", _("行数"), kind="number"),
    Column("errors", _("有误"), kind="number"),
    Column("state", _("结果")),
)
IMPORTS = (
    Column("name", _("文件"), is_fixed=True, is_wide=True),
    Column("rows", _("行数"), kind="number"),
    Column("bad", _("有误"), kind="number"),
    Column("new", _("新增"), kind="number"),
    Column("state", _("状态")),
    Column("at", _("上传时间"), kind="moment"),
)
BATCHES = (
    Column("report", _("报送"), is_fixed=True, is_wide=True),
    Column("area", _("区划")),
    Column("as_of", _("数据时点"), kind="date", sort="as_of"),
    Column("state", _("状态")),
    Column("rows", _("行数"), kind="number"),
    Column("problems", _("有缺项的行"), kind="number"),
    Column("receipt", _("回执编号"), kind="code"),
    Column("taken_by", _("取数人")),
    Column("taken_at", _("取数时间"), kind="moment", sort="taken_at"),
)
TOTALS = (
    Column("title", _("合计"), is_fixed=True),
    Column("then", _("报送时"), kind="number"),
    Column("again", _("现在按当日重新统计"), kind="number"),
    Column("today", _("今天"), kind="number"),
    Column("state", _("核对")),
)
PROBLEMS = (
    Column("key", _("编号"), kind="code", is_fixed=True),
    Column("column", _("列")),
    Column("reason", _("问题")),
    Column("remedy", _("处理办法"), is_wide=True),
)
DIFFERENCES = (
    Column("key", _("编号"), kind="code", is_fixed=True),
    Column("kind", _("差异")),
    Column("before", _("报送时"), is_wide=True),
    Column("now", _("现在"), is_wide=True),
)


def system_row(found: SystemState) -> Row:
    """A system with its last batch."""
    system = found.system
    word, state = WAYS[system.how]
    cells = {
        "title": Cell(system.title, note=system.content),
        "unit": system.unit,
        "direction": DIRECTIONS[system.direction],
        "how": Cell(word, state=state),
        "batches": found.batches,
        "at": found.at,
        "rows": found.rows,
        "errors": found.errors,
        "state": found.word,
    }
    return Row(cells, url=reverse("exchange:system_detail", args=[system.key]), key=system.key)


def import_row(batch: ImportBatch) -> Row:
    """A batch that came from a system."""
    cells = {
        "name": batch.name,
        "rows": batch.rows_total,
        "bad": batch.rows_bad,
        "new": batch.rows_new,
        "state": batch.get_state_display(),
        "at": batch.created_at,
    }
    return Row(cells, url=reverse("imports:batch_detail", args=[batch.pk]), key=str(batch.pk))


def batch_row(batch: ReportBatch, names: dict[str, str]) -> Row:
    """A reported batch."""
    cells = {
        "report": report_title(batch.report),
        "area": names.get(batch.area_key, batch.area_key),
        "as_of": batch.as_of,
        "state": Cell(batch.get_state_display(), state=STATES[ReportState(batch.state)]),
        "rows": batch.rows_count,
        "problems": batch.problem_rows,
        "receipt": batch.receipt_no,
        "taken_by": actor(batch.taken_by),
        "taken_at": batch.taken_at,
    }
    return Row(cells, url=reverse("exchange:batch_detail", args=[batch.pk]), key=str(batch.pk))


def report_title(key: str) -> Text:
    """What a report is called; its key when nobody declares it any more."""
    found = all_reports().get(key)
    return found.title if found else key


def total_rows(totals: Iterable[Total]) -> list[Row]:
    """Then, again, today."""
    rows = []
    for each in totals:
        state = Cell(gettext("登记数据已变"), state="due") if each.is_changed else Cell(gettext("一致"), state="done")
        rows.append(
            Row({"title": each.title, "then": each.then, "again": each.again, "today": each.today, "state": state})
        )
    return rows


def problem_rows(rows: Iterable[ReportRow]) -> list[Row]:
    """One line for each thing that is missing."""
    return [Row({"key": row.key, **problem}) for row in rows for problem in row.problems]


def difference_row(found: Difference) -> Row:
    """A row then and now."""
    word, state = KINDS[found.kind]
    before, now = " · ".join(filter(None, found.before)), " · ".join(filter(None, found.now))
    return Row({"key": found.key, "kind": Cell(word, state=state), "before": before, "now": now}, key=found.key)


def way_text(system: System) -> str:
    """What the system's page says about its connection."""
    if system.how != "file":
        return str(WAYS[system.how][0])
    return gettext("没有与该系统联网：数据以文件导入或导出，回执由人工登记。平台的全部功能不受影响。")
