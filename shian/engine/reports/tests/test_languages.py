"""A document is Chinese, in whichever language its writer reads the pages."""

import io
from datetime import datetime

from django.utils import timezone
from django.utils.translation import override
from docx import Document as read_docx
from python_calamine import CalamineWorkbook

from shian.engine.reports import actions
from shian.engine.reports.models import Document
from shian.engine.reports.queries import document_bytes, figures_of
from shian.engine.reports.tests.factories import AS_OF
from shian.engine.reports.workbook import workbook_of

AT = datetime(2022, 11, 24, 9, 0, tzinfo=timezone.get_current_timezone())


def writing() -> actions.Writing:
    return actions.write_document(kind="brief", area="131000", as_of=AS_OF, by="alice", at=AT)


def write() -> Document:
    return writing().document


def printed(document: Document) -> list[str]:
    docx = read_docx(io.BytesIO(document_bytes(document)))
    cells = [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in docx.paragraphs), *cells]


def test_writing_in_english_prints_the_same_document(brief):
    document = write()
    told = "title", "shown", "source", "window"
    chinese, figures = printed(document), list(figures_of(document).values_list(*told))
    with override("en"):
        assert writing().outcome == actions.Outcome.SAME
        actions.rewrite_document(document=document, by="alice", at=AT)

    assert printed(document) == chinese
    assert list(figures_of(document).values_list(*told)) == figures
    assert document.versions.get().changes == []


def test_checking_in_english_finds_no_change(brief):
    document = write()
    with override("en"):
        assert actions.check_document(document=document, by="alice", at=AT) == []


def test_workbook_is_chinese(brief):
    document = write()
    with override("en"):
        content = workbook_of(document, list(figures_of(document)), "alice")

    facts = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("说明").to_python()
    assert ["状态", "草稿"] in [row[:2] for row in facts]
