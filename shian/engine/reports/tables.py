"""Columns and rows of document pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shian.engine.reports.binding import figure_url
from shian.engine.reports.kinds import UnknownReportKind, report_kind
from shian.engine.reports.models import Document, DocumentFigure, DocumentState, DocumentVersion, FigureStatus
from shian.kernel.ui.actors import actor
from shian.kernel.ui.figures import figure_number
from shian.kernel.ui.formats import DASH
from shian.kernel.ui.tables import Cell, Column, Row

STATE_COLOURS = {
    DocumentState.DRAFT: "waiting",
    DocumentState.CHECKED: "due",
    DocumentState.SIGNED: "due",
    DocumentState.PUBLISHED: "done",
}
DOCUMENTS = (
    Column("title", _("标题"), is_fixed=True, is_wide=True),
    Column("kind", _("种类")),
    Column("area", _("地区")),
    Column("as_of", _("数据时点"), kind="date", sort="as_of"),
    Column("state", _("状态")),
    Column("created", pgettext_lazy("step", "起草"), kind="moment", sort="created_at"),
    Column("by", _("起草人")),
)
FIGURES = (
    Column("order", _("序号"), kind="number"),
    Column("title", _("指标"), is_fixed=True),
    Column("shown", _("文中写法"), align="end"),
    Column("status", _("核对结果")),
    Column("now", _("现在的值"), align="end"),
    Column("made_of", _("分子 / 分母"), align="end"),
    Column("window", _("统计期间")),
    Column("source", _("来源"), is_wide=True),
    Column("area", _("地区"), kind="code"),
    Column("as_of", _("数据时点"), kind="date"),
)
VERSIONS = (
    Column("number", _("稿次"), is_fixed=True),
    Column("written", _("成稿时间"), kind="moment"),
    Column("written_by", _("成稿人")),
    Column("replaced", _("替换时间"), kind="moment"),
    Column("replaced_by", _("替换人")),
    Column("changes", _("下一稿的改动"), is_wide=True),
)
NAMED = 6


def document_rows(documents: Iterable[Document]) -> list[Row]:
    """One row per document."""
    return [
        Row(
            {
                "title": document.title,
                "kind": kind_title(document.kind),
                "area": document.area_name,
                "as_of": document.as_of,
                "state": Cell(document.get_state_display(), state=STATE_COLOURS[DocumentState(document.state)]),
                "created": document.created_at,
                "by": actor(document.created_by),
            },
            url=reverse("reports:document_detail", args=[document.pk]),
            key=str(document.pk),
        )
        for document in documents
    ]


def figure_rows(figures: Iterable[DocumentFigure], *, is_checked: bool) -> list[Row]:
    """One row per figure; a change colours the edge and names the reason once accepted."""
    return [
        Row(
            {
                "order": figure.order,
                "title": Cell(figure.title, url=figure_url(figure), note=figure.measure),
                "shown": figure.shown if figure.value is not None else None,
                "made_of": _made_of(figure),
                "area": figure.area,
                "as_of": figure.as_of,
                "window": figure.window,
                "source": figure.source,
                "status": _status(figure, is_checked=is_checked),
                "now": figure.now_shown,
            },
            state="overdue" if figure.is_open else "",
        )
        for figure in figures
    ]


def version_rows(versions: Iterable[DocumentVersion]) -> list[Row]:
    """One row per former text, which opens as a file; with what the next text printed otherwise."""
    return [
        Row(
            {
                "number": Cell(
                    gettext("第 %(number)s 稿") % {"number": version.number},
                    url=f"{reverse('reports:document_download', args=[version.document_id])}?version={version.number}",
                ),
                "written": version.written_at,
                "written_by": actor(version.written_by),
                "replaced": version.replaced_at,
                "replaced_by": actor(version.replaced_by),
                "changes": _changes_text(version.changes),
            },
            key=str(version.number),
        )
        for version in versions
    ]


def _changes_text(changes: list[dict[str, str]]) -> str:
    """在册主体 20家 → 21家；… 等 9 个数据; what is not in one of the texts reads as a dash."""
    if not changes:
        return gettext("文中数据没有变化")
    named = [f"{each['title']} {each['before'] or DASH} → {each['after'] or DASH}" for each in changes[:NAMED]]
    text = gettext("；").join(named)
    return (
        gettext("%(named)s 等 %(count)s 个数据") % {"named": text, "count": len(changes)} if changes[NAMED:] else text
    )


def kind_title(key: str) -> str:
    """The kind's title; its key when the domain that made it is gone."""
    try:
        return str(report_kind(key).title)
    except UnknownReportKind:
        return key


def _made_of(figure: DocumentFigure) -> str:
    if figure.part is None or figure.whole is None:
        return ""
    return f"{figure_number(figure.part)} / {figure_number(figure.whole)}"


def _status(figure: DocumentFigure, *, is_checked: bool) -> Cell:
    if figure.status == FigureStatus.CHANGED:
        if figure.is_open:
            return Cell(_("有变化"), state="overdue")
        return Cell(_("有变化，采用写稿值"), state="due", note=figure.accepted_reason)
    if figure.status == FigureStatus.MISSING:
        return Cell(_("待补充"), state="waiting")
    return Cell(_("一致"), state="done") if is_checked else Cell(_("未核对"), state="neutral")
