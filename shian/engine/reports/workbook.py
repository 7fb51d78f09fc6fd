"""The document's figures and tables as a workbook: one sheet of facts, one of figures, one per table."""

import io
from typing import Any

from django.conf import settings
from django.utils.translation import override

from shian.engine.reports.models import Document, DocumentFigure
from shian.engine.reports.rules import date_in_prose
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import moment_text

FIGURE_HEADINGS = (
    "序号", "指标", "统计口径", "地区", "数据时点", "统计期间", "值", "单位", "分子", "分母", "文中写法", "来源",
    "核对结果", "现在的值", "采用写稿值的理由",
)  # fmt: skip


def workbook_of(document: Document, figures: list[DocumentFigure], user: str) -> bytes:
    """The xlsx, Chinese as the document; numbers are numbers, texts are texts: nothing in a cell runs as a formula."""
    with override(settings.LANGUAGE_CODE):
        return _written(document, figures, user)


def _written(document: Document, figures: list[DocumentFigure], user: str) -> bytes:
    import xlsxwriter  # by who writes a workbook only: it takes long to load

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#E6EEEE", "border": 1, "text_wrap": True, "valign": "vcenter"})
    _facts(book, document, user)
    _sheet(book, "指标清单", FIGURE_HEADINGS, [_figure_row(figure) for figure in figures], head)
    for number, table in enumerate(document.tables, start=1):
        _sheet(book, f"{number}.{table['title']}"[:28], table["headings"], table["rows"], head)
    book.close()
    return out.getvalue()


def _facts(book: Any, document: Document, user: str) -> None:
    """What every export carries: what it is, at which date, for whom, and the checksum of the document."""
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    facts = (
        ("标题", document.title),
        ("地区", f"{document.area_name}（{document.area_code}）"),
        ("数据时点", date_in_prose(document.as_of)),
        ("状态", str(document.get_state_display())),
        ("起草", f"{actor(document.created_by)}，{moment_text(document.created_at)}"),
        ("导出", str(actor(user))),
        ("文稿校验值 SHA-256", document.file.sha256),
    )
    for row, (name, value) in enumerate(facts):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)


def _figure_row(figure: DocumentFigure) -> list[Any]:
    return [
        figure.order,
        figure.title,
        figure.measure,
        figure.area,
        figure.as_of.isoformat(),
        figure.window,
        figure.value,
        figure.unit,
        figure.part,
        figure.whole,
        figure.shown,
        figure.source,
        str(figure.get_status_display()),
        figure.now_shown,
        figure.accepted_reason,
    ]


def _sheet(book: Any, name: str, headings: Any, rows: list[list[Any]], head: Any) -> None:
    sheet = book.add_worksheet("".join("·" if char in "[]:*?/\\" else char for char in name))
    for column, heading in enumerate(headings):
        longest = max([len(str(heading)) * 2, *(_width(row[column]) for row in rows)])
        sheet.set_column(column, column, min(longest + 2, 48))
        sheet.write_string(0, column, heading, head)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            else:
                sheet.write_number(line, column, float(value))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)


def _width(value: Any) -> int:
    return sum(2 if ord(char) > 255 else 1 for char in str(value))
