"""Tables and annexes of a rendered docx: bordered, heading row repeated on each page, annexes on new pages.

Tables are written as XML at once: a row of python-docx costs a hundred times more. The styles (表题, 表格, 附件 …)
come from the template (tools/templates).
"""

import io
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import docx as word
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from markupsafe import escape

from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.prose import TABLE_MARK
from shian.engine.reports.rules import annex_label, signs_in_prose

PAGE_WIDTH, LANDSCAPE_WIDTH = 8845, 12643  # twentieths of a point between the margins of A4
LANDSCAPE_FOOTER = "850"  # 15 mm: the foot of a turned page is only 26 mm high
FIGURES_TABLE = "figures"
STATUS_COLUMN = -1


@dataclass(frozen=True)
class Sheet:
    """A table as printed, kept with the document: what workbook and preview show is what the docx shows."""

    key: str
    title: str
    headings: list[str]
    rows: list[list[str]]
    note: str
    is_annex: bool


def sheet_of(table: ReportTable) -> Sheet:
    """The table as plain text."""
    rows = [[signs_in_prose(str(cell)) for cell in row] for row in table.rows]
    return Sheet(table.key, table.title, [c.title for c in table.columns], rows, table.note, table.is_annex)


def with_tables(docx: bytes, tables: Sequence[ReportTable]) -> bytes:
    """Put the tables where the text marks them, then the annexes in order. Raises LookupError for an unknown mark."""
    document = word.Document(io.BytesIO(docx))
    by_key = {table.key: table for table in tables}
    for paragraph in [p for p in document.paragraphs if p.text.startswith(TABLE_MARK.split("{", maxsplit=1)[0])]:
        _replace(paragraph, by_key[paragraph.text.strip()[len("⟦table:") : -1]])
    annexes = [table for table in tables if table.is_annex]
    for number, table in enumerate(annexes, start=1):
        _append_annex(document, table, annex_label(number, len(annexes)))
    _restart_body_section(document, annexes)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def texts_of(docx: bytes) -> list[str]:
    """The paragraphs of a docx as plain text."""
    return [paragraph.text for paragraph in word.Document(io.BytesIO(docx)).paragraphs]


def with_statuses(docx: bytes, statuses: Sequence[str]) -> bytes:
    """The docx with new words in the last column of its figure list, row by row."""
    document = word.Document(io.BytesIO(docx))
    for table in document.element.body.iter(qn("w:tbl")):
        caption = table.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
        if caption is None or caption.get(qn("w:val")) != FIGURES_TABLE:
            continue
        rows = table.findall(qn("w:tr"))[1:]
        for row, status in zip(rows, statuses, strict=True):
            cell = row.findall(qn("w:tc"))[STATUS_COLUMN]
            cell.find(f".//{qn('w:t')}").text = status
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _replace(mark: Paragraph, table: ReportTable) -> None:
    anchor = mark._p
    anchor.addprevious(paragraph_xml(table.title, "表题"))
    anchor.addprevious(table_xml(table, PAGE_WIDTH))
    if table.note:
        anchor.addprevious(paragraph_xml(table.note, "表注"))
    anchor.addprevious(paragraph_xml("", "表后"))
    parent = anchor.getparent()
    assert parent is not None
    parent.remove(anchor)


def _append_annex(document: Docx, table: ReportTable, label: str) -> None:
    """An annex opens a page; a landscape one is a section of its own."""
    body = document.element.body
    last = body.find(qn("w:sectPr"))
    assert last is not None
    head = paragraph_xml(label, "附件")
    parts = [head, paragraph_xml(table.title, "附件标题")]
    if table.note:
        parts.append(paragraph_xml(table.note, "表注"))
    parts += [table_xml(table, LANDSCAPE_WIDTH if table.is_landscape else PAGE_WIDTH), paragraph_xml("", "表后")]
    if table.is_landscape:
        parts[-1].get_or_add_pPr().append(_section_like(last, is_landscape=True))
    for part in parts:
        last.addprevious(part)


def _restart_body_section(document: Docx, annexes: Sequence[ReportTable]) -> None:
    """Before a landscape annex the upright section ends; a page break of its own would leave an empty page."""
    body = document.element.body
    last = body.find(qn("w:sectPr"))
    heads = [p for p in body.iterchildren(qn("w:p")) if p.style == _style_id(document, "附件")]
    for position, (table, head) in enumerate(zip(annexes, heads, strict=True)):
        follows_landscape = position > 0 and annexes[position - 1].is_landscape
        if table.is_landscape and not follows_landscape:
            closing = paragraph_xml("", "表后")
            closing.get_or_add_pPr().append(_section_like(last, is_landscape=False))
            head.addprevious(closing)
        if not table.is_landscape and not follows_landscape:
            head.get_or_add_pPr().insert_element_before(
                parse_xml(f"<w:pageBreakBefore {nsdecls('w')}/>"), "w:rPr", "w:sectPr"
            )


def _style_id(document: Docx, name: str) -> str:
    return str(document.styles[name].style_id)


def _section_like(section: BaseOxmlElement, *, is_landscape: bool) -> BaseOxmlElement:
    """A copy of the body's section, turned if asked: margins turn with the page."""
    copied = deepcopy(section)
    size, margin = copied.find(qn("w:pgSz")), copied.find(qn("w:pgMar"))
    if is_landscape and size is not None and margin is not None:
        width, height = size.get(qn("w:w")), size.get(qn("w:h"))
        size.set(qn("w:w"), height)
        size.set(qn("w:h"), width)
        size.set(qn("w:orient"), "landscape")
        turned = {side: margin.get(qn(f"w:{side}")) for side in ("top", "right", "bottom", "left")}
        for side, former in {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}.items():
            margin.set(qn(f"w:{side}"), turned[former])
        margin.set(qn("w:footer"), LANDSCAPE_FOOTER)
    return copied


def paragraph_xml(text: str, style: str) -> BaseOxmlElement:
    """A paragraph in a style of the template; style ids equal their names there."""
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def table_xml(table: ReportTable, width: int) -> BaseOxmlElement:
    total = sum(column.width for column in table.columns)
    widths = [round(width * column.width / total) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    heading = _row([column.title for column in table.columns], table.columns, widths, is_heading=True)
    rows = "".join(_row([signs_in_prose(str(cell)) for cell in row], table.columns, widths) for row in table.rows)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblCaption w:val="{escape(table.key)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{heading}{rows}</w:tbl>'
    )


def _row(cells: Sequence[str], columns: Sequence[ReportColumn], widths: Sequence[int], is_heading: bool = False) -> str:
    repeat = "<w:tblHeader/>" if is_heading else ""
    drawn = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{"表头" if is_heading else "表格"}"/>'
        f'<w:jc w:val="{"center" if is_heading else column.align}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(cell)}</w:t></w:r></w:p></w:tc>'
        for cell, column, width in zip(cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{drawn}</w:tr>"
