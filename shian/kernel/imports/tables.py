"""Tables of batches, problems, previews and totals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.kernel.imports.models import BatchState, HeadingMatch, ImportBatch, ImportProblem, ImportSource, Severity
from shian.kernel.imports.specs import ImportSpec, UnknownImporter, importer
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import Page
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Cell, Column, Empty, ListQuery, Row, Table

STATES = {
    BatchState.UPLOADED: WAITING,
    BatchState.CHECKED: DUE,
    BatchState.STOPPED: OVERDUE,
    BatchState.ACCEPTED: DONE,
    BatchState.FAILED: OVERDUE,
    BatchState.CANCELLED: NEUTRAL,
    BatchState.UNDONE: NEUTRAL,
}
WORDS = {"true": _("是"), "false": _("否")}
BATCHES = (
    Column("id", _("批次"), kind="code", sort="id", is_fixed=True),
    Column("name", _("文件"), is_wide=True),
    Column("importer", _("导入类型")),
    Column("state", _("状态")),
    Column("rows_total", _("行数"), kind="number"),
    Column("rows_new", _("新增"), kind="number"),
    Column("rows_changed", _("变更"), kind="number"),
    Column("rows_bad", _("有误"), kind="number"),
    Column("created_by", _("上传人")),
    Column("created_at", _("上传时间"), kind="moment"),
)
PROBLEMS = (
    Column("row", _("行号"), kind="code"),
    Column("severity", _("程度")),
    Column("column", _("列")),
    Column("value", _("值")),
    Column("reason", _("问题"), is_wide=True),
    Column("remedy", _("处理办法"), is_wide=True),
)
MATCHES = (
    Column("heading", _("文件中的列"), sort="heading", is_fixed=True),
    Column("field", _("对应")),
    Column("importer", _("导入类型")),
    Column("organisation", _("单位编码"), kind="code"),
    Column("matched_by", _("对应人")),
    Column("matched_at", _("对应时间"), kind="moment"),
)
SOURCES = (
    Column("place", _("位置"), sort="place", is_fixed=True, is_wide=True),
    Column("importer", _("导入类型")),
    Column("kind", _("来源类型")),
    Column("every_minutes", _("间隔（分钟）"), kind="number"),
    Column("accepts", _("自动接收")),
    Column("valid_from", _("启用日期"), kind="date"),
    Column("valid_to", _("停用日期"), kind="date"),
    Column("last_at", _("上次查看"), kind="moment"),
    Column("last_note", _("上次结果"), is_wide=True),
)
HEADINGS = (Column("heading", _("文件中的列")), Column("title", _("对应")))
TOTALS = (
    Column("title", _("合计项")),
    Column("stated", _("应有"), kind="number"),
    Column("found", _("合格行实有"), kind="number"),
    Column("difference", _("差额"), kind="number"),
)


def title_of(batch: ImportBatch) -> Text:
    """The title of the batch's importer; its key when the importer is gone."""
    try:
        return importer(batch.importer).title
    except UnknownImporter:
        return batch.importer


def batch_words(batch: ImportBatch) -> str:
    """The batch with its importer, file and day, for pages that would show a bare number."""
    day = timezone.localdate(batch.finished_at or batch.created_at)
    told = {"number": batch.pk, "importer": title_of(batch), "file": batch.name, "day": day.isoformat()}
    return gettext("批次 %(number)s · %(importer)s · %(file)s · %(day)s") % told


def state_cell(batch: ImportBatch) -> Cell:
    if not batch.work:
        return Cell(batch.get_state_display(), state=STATES[BatchState(batch.state)])
    return Cell(batch.get_work_display() if batch.percent else batch.step or _("排队等候"), state=WAITING)


@dataclass(frozen=True)
class LineShown:
    """What the worker does: the batches that have begun (the next one where none has), how many wait behind them."""

    begun: Sequence[ImportBatch]
    waiting: int


def line_shown(batches: Sequence[ImportBatch]) -> LineShown:
    """Of the batches at work, those that have begun first."""
    begun = [each for each in batches if each.percent] or list(batches[:1])
    return LineShown(begun, len(batches) - len(begun))


def batch_table(page: Page[ImportBatch], query: ListQuery) -> Table:
    """The list of batches."""
    empty = Empty(
        _("还没有导入记录"), _("上传一个文件，检查无误后再接收。"), reverse("imports:batch_create"), _("上传文件")
    )
    return Table(BATCHES, [_batch_row(batch) for batch in page.items], query=query, page=page, empty=empty)


def _batch_row(batch: ImportBatch) -> Row:
    cells = {column.key: getattr(batch, column.key) for column in BATCHES}
    cells |= {
        "name": Cell(batch.name, note=batch.package),
        "importer": str(title_of(batch)),
        "state": state_cell(batch),
        "created_by": actor(batch.created_by),
    }
    return Row(cells, url=reverse("imports:batch_detail", args=[batch.pk]), key=str(batch.pk))


def problem_table(problems: Iterable[ImportProblem]) -> Table:
    """What is wrong, row by row."""
    rows = [
        Row(
            {
                "row": each.row_no,
                "severity": Cell(
                    each.get_severity_display(), state=OVERDUE if each.severity == Severity.ERROR else DUE
                ),
                "column": each.column,
                "value": each.value,
                "reason": each.reason,
                "remedy": each.remedy,
            }
        )
        for each in problems
    ]
    return Table(PROBLEMS, rows, id="problems")


def heading_table(batch: ImportBatch) -> Table:
    """Which column of the file is taken for which field."""
    ignored = Cell(_("未使用"), state=NEUTRAL)
    rows = [Row({"heading": each["heading"], "title": each["title"] or ignored}) for each in batch.headings]
    return Table(HEADINGS, rows, id="headings")


def preview_table(batch: ImportBatch, spec: ImportSpec) -> Table:
    """The first rows as they were understood."""
    names: Sequence[str] = [each["field"] for each in batch.headings if each["field"]]
    columns = [Column("_row", _("行号"), kind="code"), *(Column(name, spec.field(name).title) for name in names)]
    answers = {each.name for each in spec.fields if each.type == "boolean"}
    rows = []
    for each in batch.preview:
        values = {name: WORDS.get(value, value) if name in answers else value for name, value in each["values"].items()}
        rows.append(Row({"_row": each["row"], **values}, state="" if each["is_good"] else OVERDUE))
    return Table(columns, rows, id="preview")


def match_table(page: Page[HeadingMatch], query: ListQuery) -> Table:
    """Headings remembered, with the field that each feeds."""
    rows = [
        Row(
            {
                "heading": each.heading,
                "field": _field_title(each),
                "importer": _importer_title(each.importer),
                "organisation": each.organisation,
                "matched_by": actor(each.matched_by),
                "matched_at": each.matched_at,
            },
            key=str(each.pk),
        )
        for each in page.items
    ]
    empty = Empty(_("还没有记住的表头"), _("批次页的“手工对应表头”可以为本单位记住列名。"))
    return Table(MATCHES, rows, query=query, page=page, empty=empty, has_ticks=True)


def _importer_title(key: str) -> Text:
    try:
        return importer(key).title
    except UnknownImporter:
        return key


def _field_title(match: HeadingMatch) -> Text:
    try:
        return importer(match.importer).field(match.field).title if match.field else _("（不导入）")
    except (UnknownImporter, KeyError):
        return match.field


def source_table(page: Page[ImportSource], query: ListQuery) -> Table:
    """Places that are looked into, each with what its last look found."""
    rows = [
        Row(
            {
                "importer": _importer_title(each.importer),
                "kind": each.get_kind_display(),
                "place": each.place,
                "every_minutes": each.every_minutes,
                "accepts": WORDS["true" if each.accepts else "false"],
                "valid_from": each.valid_from,
                "valid_to": each.valid_to,
                "last_at": each.last_at,
                "last_note": each.last_note,
            },
            key=str(each.pk),
        )
        for each in page.items
    ]
    empty = Empty(
        _("还没有定时取数"), _("从服务器文件夹或网址按间隔取文件。"), reverse("imports:source_create"), _("添加来源")
    )
    return Table(SOURCES, rows, query=query, page=page, empty=empty, has_ticks=True)


def total_table(batch: ImportBatch, spec: ImportSpec) -> Table:
    """Stated, found, difference."""
    rows = [
        Row(
            {
                "title": str(spec.field(each["field"]).title) if each["field"] else str(_("行数")),
                "stated": _number(each["stated"]),
                "found": _number(each["found"]),
                "difference": _number(each["difference"]),
            },
            state=OVERDUE if each["difference"] != "0" else DONE,
        )
        for each in batch.totals
    ]
    return Table(TOTALS, rows, id="totals")


def _number(value: str) -> int | float:
    return float(value) if "." in value else int(value)
